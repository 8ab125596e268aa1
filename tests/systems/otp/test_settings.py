"""The ``[otp]`` table: what is read, what is told of every mistake, and what a rehearsal puts in an empty place."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path

import pytest

from pytest_hkexprt import shipped
from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.model import Site
from pytest_hkexprt.systems.otp import fixtures_access, fixtures_rehearsal, plan, settings
from pytest_hkexprt.systems.otp.pace import Pace
from pytest_hkexprt.systems.otp.profiles import Gateway
from pytest_hkexprt.systems.otp.words import Side

PATH = Path("/somewhere/hkexprt.toml")


def read(text: str) -> settings.OtpSettings:
    return settings.read(tomllib.loads(text), PATH)


def test_the_documented_example_is_read():
    table = tomllib.loads(shipped.example_participant().read_text("utf-8"))["otp"]
    example = settings.read(table, PATH)
    assert example.access("otp_c").lookup[Site.PRIMARY] == ("192.0.2.41:16001", "192.0.2.41:16002")
    assert plan.plan(example.orders, Gateway.OTP_C).price == Decimal("388.6")


def test_an_agreed_end_of_orders_is_read_and_kept_by_the_simulator_of_a_rehearsal():
    agreed = read('[otp_c]\ncomp_id = "A"\ncancel_on_disconnect = true\ncancel_delay_s = 30\n')
    access = settings.completed(agreed).access("otp_c")
    assert (access.cancel_on_disconnect, access.cancel_delay_s) == (True, 30)
    names, keys = fixtures_access.NAMES[Gateway.OTP_C], fixtures_rehearsal.make_keys()
    simulator = fixtures_rehearsal.simulator_of(
        settings.completed(agreed), Gateway.OTP_C, keys, Pace(), site=Site.PRIMARY, drills=frozenset(), names=names
    )
    member = simulator.exchange.members["A"]
    assert (member.cancel_on_disconnect, member.cancel_delay_s) == (True, 30)


def test_an_order_list_is_read_with_its_limits():
    entry = '[[orders]]\nsecurity = "5"\nside = "sell short"\nquantity = 800\nprice = "60.15"\nlot = 400\n'
    assert read(entry).orders == (
        settings.Allowed("5", Side.SELL_SHORT, Decimal(800), Decimal("60.15"), Decimal(400), Decimal("0.01")),
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('protocol = "fixx"', r"\[otp\] protocol: 'fixx' is not one of binary, fix \(did you mean fix\?\)"),
        ("rehearsal_factor = 2", r"expected a number up to 1"),
        ('[otp_c]\ncomp_id = "MUCHTOOLONGANID"', r"\[otp.otp_c\] comp_id: .* is not of 1 to 11 letters and digits"),
        ("[otp_c]", r"\[otp.otp_c\] comp_id: missing"),
        ('[otp_c]\ncomp_id = "A"\nlookup.primary = ["host"]', r"\[otp.otp_c.lookup\] primary: 'host' is not host:port"),
        ('[otp_d]\ncomp_id = "A"', r"\[otp\] otp_d: unknown key \(did you mean otp_c\?\)"),
        ('[otp_c]\ncomp_id = "A"\ncancel_delay_s = 30', r"says nothing without cancel_on_disconnect = true"),
        (
            '[otp_c]\ncomp_id = "A"\ncancel_on_disconnect = true\ncancel_delay_s = 0',
            r"cancel_delay_s: expected a number above zero",
        ),
        ('[[orders]]\nsecurity = "5"\nside = "bye"\nquantity = 1\nprice = 1', r"side: 'bye' is not one of buy"),
        (
            '[[orders]]\nsecurity = "5"\nside = "buy"\nquantity = -1\nprice = 1',
            r"quantity: expected a number above zero",
        ),
        (
            '[[orders]]\nsecurity = "5"\nside = "buy"\nquantity = 1\nprize = 1',
            r"prize: unknown key \(did you mean price",
        ),
    ],
)
def test_a_mistake_is_told_with_its_place(text, told):
    with pytest.raises(UsageFault, match=told):
        read(text)


def test_a_connection_the_participant_has_not_is_asked_for_by_name():
    with pytest.raises(UsageFault, match=r"write \[otp.second\] into hkexprt.toml"):
        read("").access("second")


def test_a_rehearsal_has_every_connection():
    assert set(settings.completed(read("")).accesses) == set(settings.ACCESSES)


def test_a_rehearsal_keeps_what_the_participant_wrote():
    mine = settings.completed(read('[otp_c]\ncomp_id = "MINE"\nlookup.primary = ["203.0.113.7:1"]'))
    access = mine.access("otp_c")
    assert (access.comp_id, access.lookup[Site.PRIMARY]) == ("MINE", ("203.0.113.7:1",))
    assert access.lookup[Site.SECONDARY] and access.broker


@pytest.mark.parametrize(("gateway", "security"), [(Gateway.OTP_C, "700"), (Gateway.OTP_CSC, "600000")])
def test_each_gateway_trades_a_security_of_its_own(gateway, security):
    assert plan.plan(settings.generated().orders, gateway).security == security


def test_a_list_that_is_too_small_for_a_day_is_told():
    only_buying = read('[[orders]]\nsecurity = "5"\nside = "buy"\nquantity = 1200\nprice = 60\nlot = 400').orders
    with pytest.raises(
        UsageFault, match=r"expected: a security of OTP-C that may be bought and sold.*\n.*came: +buy 5"
    ):
        plan.plan(only_buying, Gateway.OTP_C)
