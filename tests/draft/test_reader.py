"""What must hold for any text at all: it is read, written, and loads or says why not."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_hkexprt.draft import reader, writer
from pytest_hkexprt.draft.words import failover, roles, sites, systems
from pytest_hkexprt.model import Site

WORDS = st.sampled_from(
    [
        "15 April 2023", "14:30 - 15:30", "Primary Site", "backup site", "10.1.1.1:22", "Form", "register", "\t", "\n",
        "by", "Subject:", "RAP", '"', "\\", "'", "#", "]", "\x7f", "<li>", "should", "session", "香港", "|",
        "Session 1",
    ]
)  # fmt: skip


@settings(max_examples=150)
@given(st.lists(WORDS | st.text(max_size=6), max_size=40).map(" ".join))
def test_the_data_of_any_text_is_toml(text):
    tomllib.loads(writer.toml(reader.read(text), source="text.txt"))


@pytest.mark.parametrize("word", ["Backup Site", "DR site", "disaster recovery centre", "SDC", "secondary data center"])
def test_every_word_for_the_secondary_is_folded(word):
    assert [named.site for named in sites(f"at the {word}")] == [Site.SECONDARY]


@pytest.mark.parametrize("text", ["Primary network components", "back up the reports", "a drill", "secondary matters"])
def test_a_word_that_names_no_site_is_none(text):
    assert not list(sites(text))


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("failover from primary site to backup site", (Site.PRIMARY, Site.SECONDARY)),
        ("switch from the DR site to the primary site", (Site.SECONDARY, Site.PRIMARY)),
        ("from the primary site to the lift", None),
    ],
)
def test_a_failover_has_an_order(text, pair):
    assert failover(text) == pair


def test_dcass_is_not_ccass():
    assert systems("DCASS hotline, ref. CD/CDCO/CCASS/1/2020") == ()


def test_a_china_connect_exchange_participant_is_no_exchange_participant():
    assert roles("China Connect Exchange Participants (CCEPs)") == ("CCEP",)


def test_an_obligation_beside_the_registration_is_not_lost():
    text = "Subject: A test\n\nCPs register by 3 March 2031. CPs must bring tea."
    assert [each.excerpt for each in reader.read(text).unplaced] == ["CPs must bring tea."]
