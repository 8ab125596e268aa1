"""The tables of the participant file, and a line's stand-in on loopback."""

from __future__ import annotations

import ipaddress
from pathlib import Path

import pytest

from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.model import Participant, Site
from pytest_hkexprt.systems.network import settings
from pytest_hkexprt.systems.network.facts import ParticipantLine

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
