"""What a scenario of market data leaves in its evidence."""

from __future__ import annotations

import datetime as dt
from xml.etree import ElementTree as ET

import pytest

from pytest_hkexprt.evidence.record import AttachmentRecord, Check, ExchangeRecord
from pytest_hkexprt.model import Basis
from pytest_hkexprt.systems.omd.facts import ChannelFacts
from pytest_hkexprt.systems.omd.visit_evidence import test_data as marked
from tests.projects import records
from tests.systems.omd.projects import channels_project, failover_project

SATURDAY_NS = 1_704_502_800_000_000_000
"""2024-01-06 09:00 in Hong Kong."""


@pytest.fixture
def project(pytester):
    channels_project(pytester)
    chosen = "lose and again and PRT1"
    pytester.runpytest("features/omd_channels.feature", "-k", chosen).assert_outcomes(passed=1)
    return pytester


def test_each_line_of_each_channel_is_told_with_its_figures(project):
    said = {each.what: each for each in records(project, ExchangeRecord)}
    lines = [what for what in said if what.startswith("channel ") and ", line " in what]
    assert len(lines) == 14
    figures = said["channel 30 securities full tick, line A"].facts
    for name in (
        "packets",
        "messages",
        "sequence",
        "duplicates",
        "refused",
        "dropped by this machine",
        "longest silence",
    ):
        assert name in figures


def test_gaps_are_told_with_how_they_were_filled_and_how_long_it_took(project):
    told = [text for each in records(project, ExchangeRecord) for name, text in each.facts.items() if "gap" in name]
    assert any("missed on A and B, filled by retransmission after" in each for each in told)


def test_every_check_says_that_it_is_test_data_scaled_and_simulated(project):
    checks = records(project, Check)
    assert checks
    for check in checks:
        assert any(line.startswith("TEST DATA: sent on Saturday 2024-01-06") for line in check.details)
        assert any("divided by 60" in line for line in check.details)
        assert check.basis is Basis.SIMULATED


def test_the_picture_is_kept_and_says_what_it_is_of(project):
    (kept,) = (each for each in records(project, AttachmentRecord) if each.name == "OMD-C.svg")
    (stored,) = project.path.glob(f"reports/*/{kept.stored}")
    texts = " ".join(each.text or "" for each in ET.parse(stored).iter())
    assert "SIMULATOR, published times divided by 60" in texts
    assert "TEST DATA: sent on Saturday 2024-01-06" in texts
    assert "filled by retransmission" in texts


def test_an_outage_is_shaded_in_the_picture_of_a_failover(pytester):
    failover_project(pytester)
    pytester.runpytest("features/backbone_ps2.feature", "-k", "goes and not 1").assert_outcomes(passed=1)
    (kept,) = (each for each in records(pytester, AttachmentRecord) if each.name == "OMD-CC.svg")
    (stored,) = pytester.path.glob(f"reports/*/{kept.stored}")
    assert any((each.text or "").startswith("failover: ") for each in ET.parse(stored).iter())


@pytest.mark.parametrize(("business", "mark"), [((), "TEST DATA"), ((dt.date(2024, 1, 6),), "")])
def test_what_is_sent_on_a_business_date_is_not_marked(business, mark):
    channel = ChannelFacts(30, "securities full tick", (), newest_ns=SATURDAY_NS)
    assert marked([channel], business)[:9] == mark


def test_the_date_is_hong_kongs():
    late_on_friday_in_utc = ChannelFacts(30, "", (), newest_ns=SATURDAY_NS - 8 * 3_600_000_000_000)
    assert "Saturday 2024-01-06" in marked([late_on_friday_in_utc], ())
