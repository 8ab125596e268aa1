"""What a check of the line tells its reader, word for word: where, expected, came, and what to do next."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_hkexprt.model import Endpoint, Site
from pytest_hkexprt.systems.network import checks
from pytest_hkexprt.systems.network.facts import Answer, Service
from tests.systems.network.samples import LINE, probe
from tests.systems.told import told

HERE = "network/secondary"
NAMED = Endpoint("rap", Site.SECONDARY, "reports.example", 10022)
BY_NAME = probe(endpoint=NAMED, address="10.152.14.121:10022")
RELAY = probe(endpoint=replace(NAMED, published="10.152.14.121:10022"), address="192.0.2.9:10022")


@pytest.mark.parametrize(
    ("name", "met", "came"),
    [
        ("HSN", "met", "HSN, says hkexprt.toml"),
        ("SDNET", "met", "SDNET, says hkexprt.toml"),
        ("", "not met", "not said"),
    ],
)
def test_a_lines_name_is_told_with_who_says_it(name, met, came):
    assert told(checks.line_named(replace(LINE, name=name), HERE)) == "\n".join(
        [
            f"network/secondary: line: {met}",
            "expected HSN or SDNET, as the participant declares",
            f"came {came}",
            'next write [line] name = "SDNET" into hkexprt.toml',
        ]
    )


def test_local_addresses_are_told_once_each_and_a_stray_with_what_was_dialled_from_it():
    probes = [probe(), probe(122, local="198.51.100.2"), probe(123), probe(124, local="")]
    assert told(checks.local_addresses(LINE, probes, HERE)) == "\n".join(
        [
            "network/secondary: addresses dialled from: not met",
            "expected addresses of 192.0.2.0/24, the subnet of SDNET",
            "came 192.0.2.10, 198.51.100.2",
            "  10.152.14.122:10022 was dialled from 198.51.100.2",
            "next look at the route: it leaves by another line than SDNET",
        ]
    )


def test_a_stray_from_a_line_without_a_name_is_told_too():
    stray = [probe(local="198.51.100.2")]
    assert told(checks.local_addresses(replace(LINE, name=""), stray, HERE)) == "\n".join(
        [
            "network/secondary: addresses dialled from: not met",
            "expected addresses of 192.0.2.0/24, the subnet of the line",
            "came 198.51.100.2",
            "  10.152.14.121:10022 was dialled from 198.51.100.2",
            "next look at the route: it leaves by another line than the declared one",
        ]
    )


def test_a_subnet_that_is_not_said_is_asked_for():
    assert told(checks.local_addresses(replace(LINE, subnet=""), [probe(local="")], HERE)) == "\n".join(
        [
            "network/secondary: addresses dialled from: not met",
            "expected addresses of the line's subnet, which is not said",
            "came none",
            'next write the line\'s own network into hkexprt.toml: [line] subnet = "192.0.2.0/24"',
        ]
    )


def test_a_subnet_given_by_one_of_its_addresses_is_the_same_subnet():
    assert checks.local_addresses(replace(LINE, subnet="192.0.2.77/24"), [probe()], HERE).met


NAME_SERVER = "next look at the name server: at a change of site it must answer anew, and old answers must be forgotten"


def test_addresses_in_numbers_have_no_name_to_resolve():
    assert told(checks.names([probe()], {"10.152.14.121"}, HERE)) == "\n".join(
        [
            "network/secondary: names of addresses: met",
            "expected addresses in numbers, or names of this site",
            "came addresses in numbers; nothing to resolve",
            NAME_SERVER,
        ]
    )


def test_names_that_lead_to_the_site_are_told_with_where_they_lead():
    second = probe(endpoint=replace(NAMED, host="more.example"), address="10.152.14.122:10022")
    assert told(checks.names([BY_NAME, second], {"10.151.14.121"}, HERE)) == "\n".join(
        [
            "network/secondary: names of addresses: met",
            "expected each name leads to the session's site",
            "came reports.example: 10.152.14.121; more.example: 10.152.14.122",
            "  reports.example: 10.152.14.121",
            "  more.example: 10.152.14.122",
            NAME_SERVER,
        ]
    )


def test_names_that_lead_astray_and_names_unknown_are_told_both():
    unknown = probe(endpoint=replace(NAMED, host="typo.example"), address="", told="no such host")
    assert told(checks.names([BY_NAME, unknown], {"10.152.14.121"}, HERE)) == "\n".join(
        [
            "network/secondary: names of addresses: not met",
            "expected each name leads to the session's site",
            "came reports.example leads to 10.152.14.121, an address of the other site; typo.example: no such host",
            "  reports.example: 10.152.14.121",
            "  typo.example: no such host",
            NAME_SERVER,
        ]
    )


def test_a_name_that_leads_to_an_ipv6_address_is_compared_whole():
    led = probe(endpoint=NAMED, address="2001:db8::1:10022")
    assert not checks.names([led], {"2001:db8::1"}, HERE).met


def test_addresses_are_told_with_what_each_answered():
    refused = [
        probe(last, answer=Answer.REFUSED, told="connection refused", next_step="ask whether it is up")
        for last in (122, 123)
    ]
    silent = probe(124, answer=Answer.NO_ANSWER, told="silence", next_step="look at the packet filter")
    assert told(checks.reachable([BY_NAME, RELAY, *refused, silent], HERE)) == "\n".join(
        [
            "network/secondary: addresses that accept connections: not met",
            "expected all of 5 addresses",
            "came 2 of 5; 10.152.14.122:10022: refused (connection refused); "
            "10.152.14.123:10022: refused (connection refused); 10.152.14.124:10022: no answer (silence)",
            "  reports.example:10022 (10.152.14.121:10022): open",
            "  reports.example:10022 (192.0.2.9:10022) for 10.152.14.121:10022: open",
            "  10.152.14.122:10022: refused",
            "  10.152.14.123:10022: refused",
            "  10.152.14.124:10022: no answer",
            "next ask whether it is up; look at the packet filter",
        ]
    )


def test_one_address_is_told_in_the_singular():
    published = probe(endpoint=replace(probe().endpoint, published="10.152.14.121:10022"))
    assert told(checks.reachable([published], HERE)) == "\n".join(
        [
            "network/secondary: addresses that accept connections: met",
            "expected all of 1 address",
            "came 1 of 1",
            "  10.152.14.121:10022: open",
        ]
    )


def test_a_name_nobody_knows_is_told_by_itself():
    unknown = probe(endpoint=NAMED, address="", answer=Answer.NAME_UNKNOWN, told="no such host")
    assert checks.reachable([unknown], HERE).details == ("reports.example:10022: name unknown",)


ASK_WHOSE = (
    "next ask whose service stands at that address; a relay that greets otherwise belongs into "
    "hkexprt.toml, [network.greetings]"
)


def test_services_are_told_with_what_they_said():
    closed = probe(124, answer=Answer.REFUSED, service=Service.OTHER)
    other = probe(122, service=Service.OTHER, said="HTTP/1.1 400")
    mute = probe(123, service=Service.MUTE, said="")
    assert told(checks.services([probe(), other, mute, closed], HERE)) == "\n".join(
        [
            "network/secondary: services that answer: not met",
            "expected rap greets with SSH-2.0-…",
            "came 10.152.14.122:10022: another service, it said HTTP/1.1 400; 10.152.14.123:10022: says nothing",
            "  10.152.14.121:10022: as expected (SSH-2.0-x)",
            "  10.152.14.122:10022: another service (HTTP/1.1 400)",
            "  10.152.14.123:10022: says nothing",
            ASK_WHOSE,
        ]
    )


def test_services_as_expected_are_counted():
    there = Endpoint("omd", Site.SECONDARY, "10.152.14.122", 9000)
    omd = probe(endpoint=there, address=there.address, expects="220 ")
    assert told(checks.services([probe(), omd], HERE)) == "\n".join(
        [
            "network/secondary: services that answer: met",
            "expected rap greets with SSH-2.0-…; omd greets with 220 …",
            "came 2 as expected",
            "  10.152.14.121:10022: as expected (SSH-2.0-x)",
            "  10.152.14.122:9000: as expected (SSH-2.0-x)",
            ASK_WHOSE,
        ]
    )


def test_no_service_that_answers_proves_nothing():
    assert not checks.services([probe(answer=Answer.REFUSED)], HERE).met


LOSS = "next look at the line for loss or load, and ask whether the service limits connections"


def test_connects_that_all_stood_are_told_with_their_times_and_sizes():
    never = probe(122, times_s=(), attempts=0)
    assert told(checks.steady([probe(), never], 2, HERE)) == "\n".join(
        [
            "network/secondary: repeated connects: met",
            "expected every connect stands, the median within 2 ms",
            "came 3 of 3",
            "  10.152.14.121:10022: 1.00 / 2.00 / 3.00 ms (least / median / greatest); "
            "path MTU 1,500 bytes, segments of 1,448",
            LOSS,
        ]
    )


def test_connects_that_did_not_stand_and_slow_ones_are_told_each():
    lost = probe(122, times_s=(0.001,), later="connection refused")
    never = probe(123, times_s=(), told="silence")
    assert told(checks.steady([probe(mtu_bytes=None), lost, never], 1.5, HERE)) == "\n".join(
        [
            "network/secondary: repeated connects: not met",
            "expected every connect stands, the median within 1.5 ms",
            "came 10.152.14.122:10022: 1 of 3, connection refused; 10.152.14.123:10022: 0 of 3, silence; "
            "10.152.14.121:10022: median 2.00 ms",
            "  10.152.14.121:10022: 1.00 / 2.00 / 3.00 ms (least / median / greatest); "
            "packet size not told by this system",
            "  10.152.14.122:10022: 1.00 / 1.00 / 1.00 ms (least / median / greatest); "
            "path MTU 1,500 bytes, segments of 1,448",
            LOSS,
        ]
    )


def test_a_median_is_told_in_milliseconds():
    check = checks.steady([probe(times_s=(1.5, 1.5, 1.5))], 1000, HERE)
    assert (check.expected, check.came) == (
        "every connect stands, the median within 1000 ms",
        "10.152.14.121:10022: median 1500.00 ms",
    )


def test_without_a_limit_none_is_told():
    check = checks.steady([probe(), probe(122)], 0, HERE)
    assert (check.expected, check.came) == ("every connect stands", "6 of 6")


def test_no_connect_at_all_proves_nothing():
    assert not checks.steady([], 0, HERE).met


def test_a_segment_size_that_is_not_known_is_left_out():
    assert checks.packets(probe(mss_bytes=None)) == "path MTU 1,500 bytes"
