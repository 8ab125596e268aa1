"""The comparisons, with what the client would have seen."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_hkexprt.model import Basis, Endpoint, Site
from pytest_hkexprt.systems.network import checks
from pytest_hkexprt.systems.network.facts import Answer, Service
from tests.systems.network.samples import LINE, probe

HERE = "network/secondary"
NAMED = Endpoint("rap", Site.SECONDARY, "reports.example", 10022)


def test_a_lines_name_is_declared_and_the_check_says_so():
    check = checks.line_named(LINE, HERE)
    assert (check.met, check.basis, check.came) == (True, Basis.DECLARED, "SDNET, says hkexprt.toml")


def test_a_line_nobody_declares_is_not_met():
    check = checks.line_named(replace(LINE, name=""), HERE)
    assert (check.met, check.came) == (False, "not said")


def test_local_addresses_within_the_lines_subnet_are_met():
    check = checks.local_addresses(LINE, [probe(), probe(122)], HERE)
    assert (check.met, check.basis, check.came) == (True, Basis.OBSERVED, "192.0.2.10")


def test_a_local_address_of_another_line_is_told_with_what_was_dialled_from_it():
    check = checks.local_addresses(LINE, [probe(), probe(122, local="198.51.100.2")], HERE)
    assert not check.met
    assert check.details == ("10.152.14.122:10022 was dialled from 198.51.100.2",)


def test_without_a_subnet_the_local_address_proves_nothing():
    check = checks.local_addresses(replace(LINE, subnet=""), [probe()], HERE)
    assert not check.met
    assert "subnet" in check.next_step


def test_where_nothing_was_dialled_from_nothing_is_proved():
    assert not checks.local_addresses(LINE, [probe(local="")], HERE).met


def test_an_ipv6_address_with_a_scope_is_compared_without_it():
    line = replace(LINE, subnet="fe80::/10")
    assert checks.local_addresses(line, [probe(local="fe80::1%eth0")], HERE).met


def test_a_name_that_leads_to_the_other_site_is_not_met():
    led = probe(endpoint=NAMED, address="10.151.14.121:10022")
    check = checks.names([led], {"10.151.14.121"}, HERE)
    assert (check.met, check.came) == (
        False,
        "reports.example leads to 10.151.14.121, an address of the other site",
    )


def test_what_a_name_resolved_to_is_evidence():
    check = checks.names([probe(endpoint=NAMED, address="10.152.14.121:10022")], {"10.151.14.121"}, HERE)
    assert check.met
    assert check.details == ("reports.example: 10.152.14.121",)


def test_an_unknown_name_is_not_met():
    unknown = probe(endpoint=NAMED, address="", answer=Answer.NAME_UNKNOWN, told="no such host")
    check = checks.names([unknown], set(), HERE)
    assert (check.met, check.came) == (False, "reports.example: no such host")


@pytest.mark.parametrize("answer", [each for each in Answer if each is not Answer.OPEN])
def test_every_answer_but_an_open_port_is_not_met_and_told_by_name(answer):
    closed = probe(122, answer=answer, told="why", next_step="do this", times_s=(), attempts=1)
    check = checks.reachable([probe(), closed], HERE)
    assert (check.met, check.came) == (False, f"1 of 2; 10.152.14.122:10022: {answer} (why)")
    assert check.next_step == "do this"


def test_no_address_at_all_is_not_met():
    assert not checks.reachable([], HERE).met


def test_another_service_is_told_by_its_words():
    check = checks.services([probe(service=Service.OTHER, said="HTTP/1.1 400")], HERE)
    assert (check.met, check.came) == (False, "10.152.14.121:10022: another service, it said HTTP/1.1 400")


def test_a_service_that_says_nothing_where_it_should_is_not_met():
    assert not checks.services([probe(service=Service.MUTE, said="")], HERE).met


def test_a_service_that_waits_to_be_spoken_to_is_met_without_words():
    check = checks.services([probe(service=Service.UNASKED, expects="", said="")], HERE)
    assert (check.met, check.expected) == (True, "no greeting, from services that wait to be spoken to")


def test_a_connect_that_did_not_stand_is_counted():
    check = checks.steady([probe(times_s=(0.001, 0.002), later="connection refused")], 0, HERE)
    assert (check.met, check.came) == (False, "10.152.14.121:10022: 2 of 3, connection refused")


def test_times_and_packet_sizes_are_recorded():
    (detail,) = checks.steady([probe()], 0, HERE).details
    assert "1.00 / 2.00 / 3.00 ms" in detail
    assert "path MTU 1,500 bytes, segments of 1,448" in detail


def test_a_median_above_the_limit_is_not_met():
    check = checks.steady([probe()], 1.5, HERE)
    assert (check.met, check.came) == (False, "10.152.14.121:10022: median 2.00 ms")


def test_a_median_within_the_limit_is_met():
    assert checks.steady([probe()], 2.5, HERE).met


def test_a_system_that_tells_no_packet_size_is_no_failure():
    check = checks.steady([probe(mtu_bytes=None, mss_bytes=None)], 0, HERE)
    assert check.met
    assert "not told by this system" in check.details[0]
