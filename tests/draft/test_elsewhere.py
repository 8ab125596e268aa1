"""A draft whose circular names no site, beside circulars that know the addresses."""

from __future__ import annotations

from pytest_hkexprt import circular, shipped
from pytest_hkexprt.draft import elsewhere, reader
from pytest_hkexprt.model import Site

RAP = circular.read(shipped.features_folder() / "rap.toml")
TEXT = """\
Ref: EW/1/2031
Date: 3 March 2031

ELSEWHERE CLEARING LIMITED

Subject: Relocation of the secondary data centre

Date\tTime\tStep
6 September 2031\t09:00 - 12:00\tLogon RAP at {address} port 10022
"""
THEIRS = "10.151.14.121"
"""Of the primary site, as CD/OEC/SEOCH/073/2023 has it."""


def drafted(address: str = THEIRS, text: str = TEXT):
    return elsewhere.settle(reader.read(text.format(address=address)), elsewhere.known([RAP]))


def test_a_session_without_a_site_is_where_another_circular_has_its_addresses():
    draft = drafted()
    assert draft.sessions[0].sites == (Site.PRIMARY,)
    assert [each.site for each in draft.addresses] == [Site.PRIMARY]


def test_whose_word_it_is_stands_beside_it_for_review():
    (doubt,) = drafted().sessions[0].doubts
    assert doubt == "its own row names no site; CD/OEC/SEOCH/073/2023 publishes its addresses as the primary site's"


def test_an_address_nobody_knows_leaves_the_subjects_site():
    draft = drafted("10.99.99.99")
    assert draft.sessions[0].sites == (Site.SECONDARY,)


def test_a_site_of_the_rows_own_is_never_moved_but_the_contradiction_told():
    draft = drafted(text=TEXT.replace("09:00 - 12:00", "09:00 - 12:00\tSecondary Data Centre"))
    assert draft.sessions[0].sites == (Site.SECONDARY,)
    (told,) = elsewhere.otherwise(draft, elsewhere.known([RAP]))
    assert told.endswith("drafted as the secondary site's, CD/OEC/SEOCH/073/2023 has it as the primary site's")
