"""The comparisons after a failover, with what the client would have seen before and after it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_hkexprt.model import Site
from pytest_hkexprt.systems.ccass import checks_failover
from pytest_hkexprt.systems.ccass.facts import Failover
from tests.systems.ccass.samples import OURS, TERMINAL, THEIRS, THURSDAY, answered, download, enquiry
from tests.systems.told import told

CCMS = f"{TERMINAL} CCMS"


@pytest.mark.parametrize(
    ("after", "met", "came", "reached"),
    [
        (answered(THEIRS, peer="10.152.1.1:443"), "met", "it does, 10.152.1.1:443, after 4.2 s", "10.152.1.1:443"),
        (None, "not met", "it does not, 4.2 s and 9 tries later", "not reached"),
    ],
    ids=["it came about", "it did not"],
)
def test_a_failover_is_told_with_who_answered_before_and_who_after(after, met, came, reached):
    assert told(checks_failover.failed_over(Failover(answered(), after, 4.2, 9), Site.SECONDARY)) == "\n".join(
        [
            f"ccass/secondary www.ccass.com: failover: {met}",
            "expected the name leads to the secondary site",
            f"came {came}",
            "  before: 10.151.1.1:443",
            f"  after: {reached}",
            "next look at the name server, at old answers kept on this machine, and ask the hotline",
        ]
    )


def test_the_same_data_are_told_by_rows_date_and_digest():
    same = f"1 rows as of 2024-03-22, SHA-256 {enquiry().sha256}"
    assert told(checks_failover.same_data(enquiry(), enquiry())) == "\n".join(
        [
            f"{CCMS}: production data of CCMS after the failover: met",
            f"expected {same}",
            f"came {same}",
            "next compare the two by eye, and tell the hotline which rows differ",
        ]
    )


@pytest.mark.parametrize(
    "after", [enquiry((("SIM01", "101"),)), enquiry(as_of=THURSDAY)], ids=["another value", "another date"]
)
def test_other_data_are_not_the_same(after):
    assert not checks_failover.same_data(enquiry(), after).met


def test_the_same_report_is_told_by_name_size_and_digest():
    before = after = download(size_bytes=1234)
    assert told(checks_failover.same_report(before, after)) == "\n".join(
        [
            f"{CCMS}: report of CCMS after the failover: met",
            f"expected CCMDS01_20240322.txt, 1,234 bytes, SHA-256 {OURS}",
            f"came CCMDS01_20240322.txt, 1,234 bytes, SHA-256 {OURS}",
            "next compare the two files, and tell the hotline which lines differ",
        ]
    )


@pytest.mark.parametrize("changed", [{"sha256": THEIRS}, {"listed": "OTHER.txt"}], ids=["another byte", "another name"])
def test_another_report_is_not_the_same(changed):
    assert not checks_failover.same_report(download(), download(**changed)).met


def test_the_terminal_told_is_the_one_after():
    after = replace(enquiry(), terminal="CCASS Terminal")
    assert "CCASS Terminal" in checks_failover.same_data(enquiry(), after).what
