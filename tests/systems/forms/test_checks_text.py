"""What a check of the ledger tells its reader, word for word: where, expected, came, and what to do next."""

from __future__ import annotations

import dataclasses

import pytest

from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.systems.forms import checks
from tests.systems.forms.samples import INTENTION, RAP, entry
from tests.systems.told import told

TRADING = dataclasses.replace(INTENTION, name="Trading form")
WITH_FORMS = dataclasses.replace(RAP, forms=(INTENTION, TRADING))
REGISTER = "next do it and enter it: hkexprt register rap --on DATE --by NAME --proof FILE"


def registered(*entries):
    return told(checks.registered(entries, RAP, "We"))


def test_a_registration_in_time_is_told_with_who_declares_it_and_its_proof():
    proved = entry("2023-04-05T17:30", proof="confirmation.pdf", proof_sha256="ab12")
    assert registered(proved) == "\n".join(
        [
            "forms, CD/OEC/SEOCH/073/2023, We: registration: met",
            "expected in Client Connect, by 2023-04-06 18:00",
            "came on 2023-04-05 17:30, as A. Person declares",
            "  entered 2023-04-05T09:00:00+08:00 by A. Person, on 2023-04-05T17:30, "
            "proof confirmation.pdf (SHA-256 ab12)",
        ]
    )


def test_a_late_registration_is_told_with_what_to_do():
    assert registered(entry("2023-04-07")) == "\n".join(
        [
            "forms, CD/OEC/SEOCH/073/2023, We: registration: not met",
            "expected in Client Connect, by 2023-04-06 18:00",
            "came on 2023-04-07, as A. Person declares",
            "  entered 2023-04-05T09:00:00+08:00 by A. Person, on 2023-04-07, without proof",
            REGISTER,
        ]
    )


def test_a_minute_too_late_on_the_deadlines_day_is_not_told_to_be_undecided():
    (entered,) = checks.registered([entry("2023-04-06T18:01")], RAP, "We").details
    assert entered.startswith("entered ")


def test_a_missing_registration_is_told_with_what_to_do():
    assert registered() == "\n".join(
        [
            "forms, CD/OEC/SEOCH/073/2023, We: registration: not met",
            "expected in Client Connect, by 2023-04-06 18:00",
            "came no entry in the ledger",
            REGISTER,
        ]
    )


def test_registrations_for_others_are_told_each_and_forms_are_not():
    others = [
        entry("2023-04-04", circular="OTHER/1"),
        entry("2023-04-05", participant="They"),
        entry("2023-04-06", what="Intention form"),
    ]
    assert registered(*others) == "\n".join(
        [
            "forms, CD/OEC/SEOCH/073/2023, We: registration: not met",
            "expected in Client Connect, by 2023-04-06 18:00",
            "came no entry for this circular and participant, only for OTHER/1 of We, CD/OEC/SEOCH/073/2023 of They",
            "  there is one of We for OTHER/1, on 2023-04-04",
            "  there is one of They for CD/OEC/SEOCH/073/2023, on 2023-04-05",
            REGISTER,
        ]
    )


def test_a_missing_form_is_told_with_its_own_place_deadline_and_command():
    assert told(checks.returned([], WITH_FORMS, "We", "INTENTION form")) == "\n".join(
        [
            "forms, CD/OEC/SEOCH/073/2023, We: Intention form: not met",
            "expected in the service desk, by 2023-04-14 23:59",
            "came no entry in the ledger",
            'next do it and enter it: hkexprt register rap --form "Intention form" --on DATE --by NAME --proof FILE',
        ]
    )


def test_a_form_of_another_participant_is_not_ours():
    theirs = entry("2023-04-05", what="Intention form", participant="They")
    assert not checks.returned([theirs], WITH_FORMS, "We", "Intention form").met


def test_a_circular_without_registration_is_told_whole():
    with pytest.raises(UsageFault) as caught:
        checks.registered([], dataclasses.replace(RAP, registration=None), "We")
    assert str(caught.value) == "\n".join(
        [
            "rap.toml [registration]",
            "  expected: a channel and a deadline",
            "  came:     no such table",
            "  next:     write it, or take the step out of the feature",
        ]
    )


@pytest.mark.parametrize(
    ("circular", "came"),
    [
        (WITH_FORMS, "intention form, trading form (did you mean intention form?)"),
        (RAP, "no form"),
    ],
    ids=["others", "none"],
)
def test_a_form_the_circular_does_not_have_is_told_whole(circular, came):
    with pytest.raises(UsageFault) as caught:
        checks.returned([], circular, "We", "Intension form")
    assert str(caught.value) == "\n".join(
        ["rap.toml [[form]]", "  expected: a form named 'Intension form'", f"  came:     {came}"]
    )
