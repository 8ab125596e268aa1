"""The tables of the participant file, and a line's stand-in on loopback."""

from __future__ import annotations

import ipaddress
from pathlib import Path

import pytest

from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.model import Participant, Site
from pytest_hkexprt.systems.network import settings
from pytest_hkexprt.systems.network.facts import ParticipantLine
from pytest_hkexprt.systems.network.settings import NetworkSettings

FILE = Path("hkexprt.toml")


def with_rap(**table: object) -> Participant:
    return Participant("A participant", path=FILE, systems={"rap": table})


def test_an_empty_table_has_working_values():
    assert settings.read({}, FILE) == settings.NetworkSettings()


def test_all_mistakes_are_told_at_once():
    with pytest.raises(UsageFault) as caught:
        settings.read({"connects": 2.5, "timeout": 3}, FILE)
    assert "[network] connects: expected a whole number" in str(caught.value)
    assert "timeout: unknown key (did you mean timeout_s?)" in str(caught.value)


def test_a_limit_may_be_set():
    assert settings.read({"slowest_connect_ms": 50}, FILE).slowest_connect_ms == 50


def test_a_greeting_may_be_another():
    assert settings.read({"greetings": {"rap": "220 "}}, FILE).greetings == {"rap": "220 "}


def test_a_participants_own_addresses_are_found_in_its_systems_table():
    assert settings.replaced(with_rap(addresses={"secondary": ["relay:2222"]}), "rap") == {
        Site.SECONDARY: ("relay:2222",)
    }


def test_addresses_of_no_site_are_told():
    with pytest.raises(UsageFault, match=r"secondry: unknown site.*did you mean secondary"):
        settings.replaced(with_rap(addresses={"secondry": ["relay:2222"]}), "rap")


def test_a_participant_without_that_system_replaces_nothing():
    assert settings.replaced(with_rap(), "otp") == {}


def test_a_line_is_mirrored_to_loopback_digit_by_digit():
    line = settings.mirror(ParticipantLine("HSN", "192.0.2.0/24", "192.0.2.77"))
    assert (line.name, line.subnet, line.source_address) == ("HSN", "127.0.2.0/24", "127.0.2.77")


def test_a_line_without_a_subnet_stays_without():
    assert settings.mirror(ParticipantLine("HSN")).subnet == ""


def test_a_line_without_an_address_gets_one_of_its_subnet():
    line = settings.mirror(ParticipantLine("HSN", "10.20.30.0/29"))
    assert ipaddress.ip_address(line.source_address) in ipaddress.ip_network(line.subnet)


@pytest.mark.parametrize("subnet", ["192.0.2.0/24", "10.0.0.0/8", "10.20.30.40/32", "2001:db8::/32", "0.0.0.0/0"])
def test_there_is_always_an_address_outside_the_mirrored_line(subnet):
    line = settings.mirror(ParticipantLine("HSN", subnet))
    outside = ipaddress.ip_address(settings.outside(line))
    assert outside.is_loopback
    assert outside not in ipaddress.ip_network(line.subnet)


def told(data: dict[str, object]) -> str:
    with pytest.raises(UsageFault) as caught:
        settings.read(data, FILE)
    return str(caught.value)


def test_every_key_is_read_into_its_place():
    table = {
        "timeout_s": 1.5,
        "connects": 7,
        "slowest_connect_ms": 50,
        "greetings": {"rap": "220 ", "otp": ""},
        "addresses": {"primary": ["relay:2222"]},
    }
    assert settings.read(table, FILE) == NetworkSettings(1.5, 7, 50.0, {"rap": "220 ", "otp": ""})


@pytest.mark.parametrize("connects", [1, 100])
def test_each_address_may_be_dialled_once_or_a_hundred_times(connects):
    assert settings.read({"connects": connects}, FILE).connects == connects


@pytest.mark.parametrize(
    ("data", "mistake"),
    [
        ({"timeout_s": 0}, "[network] timeout_s: expected a number above zero, came 0"),
        ({"connects": 0.5}, "[network] connects: expected a whole number from 1 to 100, came 0.5"),
        ({"connects": 1.5}, "[network] connects: expected a whole number from 1 to 100, came 1.5"),
        ({"connects": 101}, "[network] connects: expected a whole number from 1 to 100, came 101.0"),
        ({"slowest_connect_ms": 0}, "[network] slowest_connect_ms: expected a number above zero, came 0"),
        ({"greetings": {"rap": 220}}, "[network.greetings] rap: expected a text in quotes, came 220"),
        ({"greetings": "220"}, "[network] greetings: expected a table, came '220'"),
        ({"addresses": []}, "[network] addresses: expected a table, came []"),
        ({"connect": 3}, "[network] connect: unknown key (did you mean connects?)"),
    ],
)
def test_a_mistake_is_told_whole(data, mistake):
    assert told(data) == f"hkexprt.toml: one mistake\n  {mistake}"


@pytest.mark.parametrize(
    ("roles", "name"),
    [((), "SDNET"), (("HSN",), "HSN"), (("HSN", "EP"), "SDNET")],
    ids=["anybody", "subscribers of the hosting network", "these and others"],
)
def test_a_generated_participant_has_a_rehearsals_line(roles, name):
    line = settings.line_of(Participant("A rehearsal"), roles)
    assert line == ParticipantLine(name, "192.0.2.0/24", "192.0.2.10", "the rehearsal")


def test_a_participants_line_is_what_its_file_says():
    participant = Participant("We", line="HSN", subnet="10.0.0.0/24", source_address="10.0.0.7", path=FILE)
    assert settings.line_of(participant) == ParticipantLine("HSN", "10.0.0.0/24", "10.0.0.7", "hkexprt.toml")


def test_addresses_of_both_sites_are_found_and_an_empty_list_is_none():
    both = with_rap(addresses={"primary": ["a:1", "b:2"], "secondary": ["c:3"]})
    assert settings.replaced(both, "rap") == {Site.PRIMARY: ("a:1", "b:2"), Site.SECONDARY: ("c:3",)}
    assert settings.replaced(with_rap(addresses={"primary": []}), "rap") == {}


@pytest.mark.parametrize(
    ("addresses", "mistake"),
    [
        ([], "[rap] addresses: expected a table, came []"),
        ({"primary": [1]}, "[rap.addresses] primary: expected a list of texts, came [1]"),
        (
            {"secondry": ["a:1"]},
            "[rap.addresses] secondry: unknown site; expected primary or secondary (did you mean secondary?)",
        ),
    ],
    ids=["no table", "no text", "no site"],
)
def test_a_mistake_in_a_systems_addresses_is_told_whole(addresses, mistake):
    with pytest.raises(UsageFault) as caught:
        settings.replaced(with_rap(addresses=addresses), "rap")
    assert str(caught.value) == f"hkexprt.toml: one mistake\n  {mistake}"


@pytest.mark.parametrize(
    ("line", "mirrored"),
    [
        (ParticipantLine("HSN", "192.0.2.0/24"), ParticipantLine("HSN", "127.0.2.0/24", "127.0.2.10")),
        (ParticipantLine("HSN", "10.20.30.0/29"), ParticipantLine("HSN", "127.20.30.0/29", "127.20.30.7")),
        (ParticipantLine("HSN", "10.0.0.0/8", "10.1.2.3"), ParticipantLine("HSN", "127.0.0.0/16", "127.1.2.3")),
        (ParticipantLine("HSN", "10.20.0.0/16"), ParticipantLine("HSN", "127.20.0.0/16", "127.20.0.10")),
        (ParticipantLine("HSN", "10.20.30.40/32"), ParticipantLine("HSN", "127.20.30.40/32", "127.20.30.40")),
        (ParticipantLine("SDNET", said_in="a drill"), ParticipantLine("SDNET", "", "127.0.2.10", "a drill")),
        (ParticipantLine("HSN", "2001:db8::/32"), ParticipantLine("HSN", "127.0.2.0/24", "127.0.2.10")),
        (ParticipantLine("HSN", "10.7.8.77/24"), ParticipantLine("HSN", "127.7.8.0/24", "127.7.8.10")),
        (ParticipantLine("HSN", "10.128.0.0/9"), ParticipantLine("HSN", "127.128.0.0/16", "127.128.0.10")),
    ],
    ids=[
        "a network",
        "a small one",
        "a wide one",
        "the widest",
        "an address",
        "nothing said",
        "IPv6",
        "one of its own",
        "half of a wide one",
    ],
)
def test_a_lines_stand_in_is_on_loopback(line, mirrored):
    assert settings.mirror(line) == mirrored


@pytest.mark.parametrize(
    ("line", "address"),
    [
        (ParticipantLine("HSN", "127.20.30.0/29", "127.20.30.7"), "127.20.30.15"),
        (ParticipantLine("HSN", "127.0.2.0/24", "127.0.2.10"), "127.0.3.10"),
        (ParticipantLine("HSN", "", "127.0.2.10"), "127.0.3.10"),
    ],
)
def test_the_address_outside_a_line_is_that_of_the_network_beside_it(line, address):
    assert settings.outside(line) == address
