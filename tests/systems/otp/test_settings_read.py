"""The ``[otp]`` table read whole: every key to its value, every mistake in full, every gap of a rehearsal filled."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from pytest_hkexprt.errors import UsageFault, compose
from pytest_hkexprt.model import Endpoint, Site
from pytest_hkexprt.systems.otp import settings
from pytest_hkexprt.systems.otp.settings import Access, Allowed, OtpSettings
from pytest_hkexprt.systems.otp.words import Side
from tests.systems.otp.test_settings import read

WHOLE = """
protocol = "fix"
version = "2.2"
failover = "recovered"
rehearsal_factor = 0.5
adapter = "ours:Gateway"

[otp_c]
comp_id = "CO12345678X"
broker = "1234"
bcan = "1234.5"
password_env = "PASSWORD"
new_password_env = "NEXT"
public_key = "keys/exchange.pem"
lookup.primary = ["10.1.1.1:16001", "10.1.1.2:65535"]
lookup.secondary = ["10.2.1.1:1"]
gateways.primary = ["10.1.1.1:17001"]
pool.secondary = ["10.2.1.1:18001"]

[[orders]]
security = "700"
side = "buy"
quantity = 300
price = 388.6
lot = "100"
tick = 0.2

[[orders]]
security = "5"
side = "sell"
quantity = "800"
price = "60.15"
"""


def test_every_key_of_the_table_is_read():
    assert read(WHOLE) == OtpSettings(
        accesses={
            "otp_c": Access(
                "otp_c",
                "CO12345678X",
                broker="1234",
                bcan="1234.5",
                password_env="PASSWORD",
                new_password_env="NEXT",
                public_key=Path("/somewhere/keys/exchange.pem"),
                lookup={
                    Site.PRIMARY: ("10.1.1.1:16001", "10.1.1.2:65535"),
                    Site.SECONDARY: ("10.2.1.1:1",),
                },
                gateways={Site.PRIMARY: ("10.1.1.1:17001",)},
                pool={Site.SECONDARY: ("10.2.1.1:18001",)},
            )
        },
        protocol="fix",
        version="2.2",
        failover="recovered",
        factor=0.5,
        orders=(
            Allowed("700", Side.BUY, Decimal(300), Decimal("388.6"), Decimal(100), Decimal("0.2")),
            Allowed("5", Side.SELL, Decimal(800), Decimal("60.15"), Decimal(100), Decimal("0.01")),
        ),
        adapter="ours:Gateway",
    )


def test_an_empty_table_has_the_first_of_each():
    assert read("") == OtpSettings(accesses={})
    assert (read("").protocol, read("").version, read("").failover) == ("binary", "3", "cancelled")


@pytest.mark.parametrize("name", settings.ACCESSES)
def test_every_connection_has_a_table_of_its_name(name):
    found = read(f'[{name}]\ncomp_id = "A"')
    assert found.access(name) == Access(name, "A")


def test_a_key_in_the_home_folder_is_found_there(monkeypatch):
    monkeypatch.setenv("HOME", "/home/somebody")
    found = read('[otp_c]\ncomp_id = "A"\npublic_key = "~/exchange.pem"')
    assert found.access("otp_c").public_key == Path("/home/somebody/exchange.pem")


@pytest.mark.parametrize("factor", ["1", "0.001"])
def test_a_rehearsal_may_be_as_slow_as_a_live_session(factor):
    assert read(f"rehearsal_factor = {factor}").factor == float(factor)


def test_a_connection_that_is_not_there_is_asked_for():
    with pytest.raises(UsageFault) as fault:
        read("").access("second")
    assert str(fault.value) == compose(
        "[otp.second]",
        expected="a table with comp_id, password_env, public_key and the addresses",
        came="none",
        next_step="write [otp.second] into hkexprt.toml",
    )


ORDER = '[[orders]]\nsecurity = "5"\nside = "buy"\nquantity = 1\nprice = 1\n'


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('protocol = "fixx"', ["[otp] protocol: 'fixx' is not one of binary, fix (did you mean fix?)"]),
        ('version = "2"', ["[otp] version: '2' is not one of 3, 2.2"]),
        ('failover = "lost"', ["[otp] failover: 'lost' is not one of cancelled, recovered"]),
        ("rehearsal_factor = 1.5", ["[otp] rehearsal_factor: expected a number up to 1, came 1.5"]),
        (
            '[otp_c]\ncomp_id = "ABCDEFGHIJKL"',
            ["[otp.otp_c] comp_id: 'ABCDEFGHIJKL' is not of 1 to 11 letters and digits"],
        ),
        ('[otp_c]\ncomp_id = "A-B"', ["[otp.otp_c] comp_id: 'A-B' is not of 1 to 11 letters and digits"]),
        ("[otp_c]", ["[otp.otp_c] comp_id: missing; expected a text in quotes"]),
        (
            '[otp_c]\ncomp_id = "A"\nlookup.primary = ["host", "h:0", "h:65536", "a b:1"]',
            [
                "[otp.otp_c.lookup] primary: 'host' is not host:port, such as 192.0.2.11:16001",
                "[otp.otp_c.lookup] primary: 'h:0' is not host:port, such as 192.0.2.11:16001",
                "[otp.otp_c.lookup] primary: 'h:65536' is not host:port, such as 192.0.2.11:16001",
                "[otp.otp_c.lookup] primary: 'a b:1' is not host:port, such as 192.0.2.11:16001",
            ],
        ),
        (
            '[otp_c]\ncomp_id = "A"\npool.third = ["h:1"]',
            ["[otp.otp_c.pool] third: unknown key"],
        ),
        (
            '[otp_c]\ncomp_id = "A"\ngateways.primary = ["h"]',
            ["[otp.otp_c.gateways] primary: 'h' is not host:port, such as 192.0.2.11:16001"],
        ),
        ('[otp_c]\ncomp_id = "A"\nbrokre = "1"', ["[otp.otp_c] brokre: unknown key (did you mean broker?)"]),
        (
            "[[orders]]\nquantity = 1\nprice = 1",
            [f"{key}: missing; expected a text in quotes" for key in ("security", "side")],
        ),
        (
            ORDER.replace('"buy"', '"bye"'),
            ["side: 'bye' is not one of buy, sell, sell short (did you mean buy?)"],
        ),
        (ORDER.replace("quantity = 1", "quantity = 0"), ["quantity: expected a number above zero, came 0"]),
        (ORDER.replace("quantity = 1", "quantity = true"), ["quantity: expected a number above zero, came True"]),
        (ORDER.replace("quantity = 1", 'quantity = "x"'), ["quantity: expected a number above zero, came 'x'"]),
        (ORDER.replace("quantity = 1", "quantity = inf"), ["quantity: expected a number above zero, came inf"]),
        (ORDER.replace("quantity = 1\n", ""), ["quantity: expected a number above zero, came None"]),
        (ORDER.replace("price = 1", "price = -1"), ["price: expected a number above zero, came -1"]),
        (ORDER + "lot = 0", ["lot: expected a number above zero, came 0"]),
        (ORDER + "tick = 0", ["tick: expected a number above zero, came 0"]),
        (ORDER + "tikc = 1", ["tikc: unknown key (did you mean tick?)"]),
    ],
)
def test_a_mistake_is_told_in_full(text, told):
    with pytest.raises(UsageFault) as fault:
        read(text)
    said = str(fault.value)
    assert said.startswith("/somewhere/hkexprt.toml: ")
    for each in told:
        assert f"{each}\n" in f"{said}\n"


# ------------------------------------------------------------------ rehearsals


def test_a_rehearsal_trades_two_securities_both_ways():
    assert [
        (each.security, each.side, each.quantity, each.price, each.lot, each.tick)
        for each in settings.generated().orders
    ] == [
        (security, side, Decimal(1000), Decimal(price), Decimal(100), Decimal(tick))
        for security, price, tick in (("700", "388.6", "0.2"), ("600000", "8.5", "0.01"))
        for side in (Side.BUY, Side.SELL)
    ]


def test_a_rehearsals_connections_are_of_documentations_networks():
    access = settings.generated().access("otp_c")
    assert access == Access(
        "otp_c",
        "CO99999901",
        "1234",
        "1234.5678901234",
        lookup={
            Site.PRIMARY: ("192.0.2.41:16001", "192.0.2.41:16002"),
            Site.SECONDARY: ("198.51.100.41:16001", "198.51.100.41:16002"),
        },
        gateways={
            Site.PRIMARY: ("192.0.2.41:17001", "192.0.2.41:17002"),
            Site.SECONDARY: ("198.51.100.41:17001", "198.51.100.41:17002"),
        },
        pool={
            Site.PRIMARY: ("192.0.2.41:18001", "192.0.2.41:18002"),
            Site.SECONDARY: ("198.51.100.41:18001", "198.51.100.41:18002"),
        },
    )


def test_a_rehearsal_puts_ours_in_the_place_of_what_is_not_written_and_keeps_the_rest():
    mine = read(WHOLE)
    found, ours = settings.completed(mine), settings.generated()
    own = mine.access("otp_c")
    access = found.access("otp_c")
    assert (access.comp_id, access.broker, access.bcan, access.lookup) == (own.comp_id, "1234", "1234.5", own.lookup)
    assert access.gateways[Site.PRIMARY] == own.gateways[Site.PRIMARY]
    assert access.gateways[Site.SECONDARY] == ours.access("otp_c").gateways[Site.SECONDARY]
    assert access.pool[Site.PRIMARY] == ours.access("otp_c").pool[Site.PRIMARY]
    assert access.pool[Site.SECONDARY] == own.pool[Site.SECONDARY]
    assert found.access("second") == ours.access("second")
    assert (found.orders, found.protocol) == (mine.orders, "fix")


def test_a_rehearsal_has_ours_where_nothing_is_written():
    assert settings.completed(read("")) == settings.generated()
    filled = settings.completed(read('[second]\ncomp_id = "A"')).access("second")
    assert (filled.comp_id, filled.broker, filled.bcan) == ("A", "1235", "1235.5678901234")


def test_addresses_of_a_site_are_endpoints_in_their_order():
    addresses = {Site.PRIMARY: ("10.1.1.1:16001", "10.1.1.2:16002")}
    assert settings.endpoints(addresses, Site.PRIMARY) == (
        Endpoint("otp", Site.PRIMARY, "10.1.1.1", 16001, origin="participant file"),
        Endpoint("otp", Site.PRIMARY, "10.1.1.2", 16002, origin="participant file"),
    )
    assert settings.endpoints(addresses, Site.PRIMARY, "simulator")[0].origin == "simulator"
    assert settings.endpoints(addresses, Site.SECONDARY) == ()
