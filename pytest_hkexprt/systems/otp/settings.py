"""The ``[otp]`` table of the participant file, with types, and what stands in its place in a rehearsal.

Where the documents disagree, or leave something open, it is here: the protocol, the version of its layouts, what
becomes of orders at a failover. Passwords are not: each is named by the environment variable that holds it.

Source: the exchange gives addresses and Comp IDs to each participant apart from its documents, and the circulars have
none; those below are of the networks kept for documentation (RFC 5737), ours, and never dialled by a live run.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from pathlib import Path

from pytest_hkexprt import command
from pytest_hkexprt.command import Command
from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.model import Endpoint, Site
from pytest_hkexprt.reading import Table, near, tell
from pytest_hkexprt.systems.otp.pace import REHEARSAL_FACTOR
from pytest_hkexprt.systems.otp.words import Side

PROTOCOLS = ("binary", "fix")
VERSIONS = ("3", "2.2")
FAILOVERS = ("cancelled", "recovered")
ACCESSES = ("otp_c", "drop_copy", "second", "otp_csc")
"""The tables of the participant's connections: trading in OTP-C, its drop copy, another trading session of the same
firm, and OTP-CSC."""
COMP_ID = re.compile(r"[A-Za-z0-9]{1,11}")
ADDRESS = re.compile(r"(?P<host>[^\s:]+):(?P<port>[0-9]{1,5})")
HIGHEST_PORT = 65535
TOLD = ("host", "port", "comp_id", "gateway", "protocol", "site")
"""What a program's words may have in braces."""
LOT, TICK = "100", "0.01"
"""Of a security whose entry does not say."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """What one entry of the order list allows: orders of one security and side, up to a quantity and a price."""

    security: str
    side: Side
    quantity: Decimal
    """The most one order may be for."""
    price: Decimal
    """The most a buyer pays, the least a seller takes."""
    lot: Decimal = Decimal(LOT)
    """Units of the security's board lot."""
    tick: Decimal = Decimal(TICK)
    """The least step of its price."""


@dataclass(frozen=True, slots=True)
class Access:
    """One connection of the participant: who it is there, and where that is."""

    name: str
    """Its table below ``[otp]``."""
    comp_id: str
    broker: str = ""
    bcan: str = ""
    """The client's number an order carries, as ``1234.5678901234``."""
    password_env: str = ""
    new_password_env: str = ""
    """The environment variable of the password to change to when the gateway asks for a change."""
    public_key: Path | None = None
    """The exchange's public key, PEM, by which passwords are encrypted."""
    lookup: Mapping[Site, tuple[str, ...]] = field(default_factory=dict)
    """Addresses of the lookup services, the primary one first, site by site."""
    gateways: Mapping[Site, tuple[str, ...]] = field(default_factory=dict)
    """Addresses of the binary gateways; the lookup service tells them, and these tell whose a gateway is."""
    pool: Mapping[Site, tuple[str, ...]] = field(default_factory=dict)
    """Addresses of the FIX gateways, the primary one first: FIX has no lookup, and hunts through them."""
    cancel_on_disconnect: bool = False
    """Whether the exchange was asked to end the connection's orders when the line is lost."""
    cancel_delay_s: float = 0.0
    """How long after that."""


@dataclass(frozen=True, slots=True)
class OtpSettings:
    """How the participant reaches OTP-C and OTP-CSC."""

    accesses: Mapping[str, Access]
    protocol: str = "binary"
    version: str = "3"
    """Of OCG-C's layouts."""
    failover: str = "cancelled"
    """What becomes of resting orders at a failover: cancelled or recovered."""
    factor: float = REHEARSAL_FACTOR
    """By what a rehearsal shortens the documented waits."""
    orders: tuple[Allowed, ...] = ()
    adapter: str = ""
    """``module:name`` of a Python object in our client's place; see :mod:`.seam`."""
    program: Command | None = None
    """A program in our client's place; see :mod:`.dialogue`."""

    def access(self, name: str) -> Access:
        """Return a connection.

        Raises:
            UsageFault: the participant has none of that name.
        """
        if name not in self.accesses:
            raise UsageFault(
                f"[otp.{name}]",
                expected="a table with comp_id, password_env, public_key and the addresses",
                came="none",
                next_step=f"write [otp.{name}] into hkexprt.toml",
            )
        return self.accesses[name]


def read(data: Mapping[str, object], path: Path) -> OtpSettings:
    """Return the settings an ``[otp]`` table describes; paths in it are relative to the file's folder.

    Raises:
        UsageFault: a key is missing, unknown or of the wrong type; the message has all of them.
    """
    table = Table(dict(data), "otp")
    accesses = {name: access for name in ACCESSES if (access := _access(table, name, path)) is not None}
    settings = OtpSettings(
        accesses=accesses,
        protocol=_among(table, "protocol", PROTOCOLS),
        version=_among(table, "version", VERSIONS),
        failover=_among(table, "failover", FAILOVERS),
        factor=table.number("rehearsal_factor", REHEARSAL_FACTOR),
        orders=tuple(each for entry in table.tables("orders") if (each := _allowed(entry)) is not None),
        adapter=table.text("adapter"),
        program=command.read(table, path, TOLD),
    )
    command.one_alone(table, settings.adapter, settings.program)
    if settings.factor > 1:
        table.wrong("rehearsal_factor", f"expected a number up to 1, came {settings.factor:g}")
    table.unknown()
    tell(path, table.mistakes)
    return settings


def generated() -> OtpSettings:
    """Return the settings of a rehearsal whose participant has none."""
    return OtpSettings(
        accesses={name: _ours(name, *more) for name, more in GENERATED.items()},
        orders=tuple(
            Allowed(security, side, Decimal(1000), Decimal(price), Decimal(100), Decimal(tick))
            for security, price, tick in (("700", "388.6", "0.2"), ("600000", "8.5", "0.01"))
            for side in (Side.BUY, Side.SELL)
        ),
    )


def completed(settings: OtpSettings) -> OtpSettings:
    """Return the settings with what a rehearsal needs and the participant has not written: ours in its place."""
    ours = generated()
    accesses = {}
    for name in ACCESSES:
        own, our = settings.accesses.get(name), ours.accesses[name]
        accesses[name] = our if own is None else _filled(own, our)
    return replace(settings, accesses=accesses, orders=settings.orders or ours.orders)


def endpoints(
    addresses: Mapping[Site, tuple[str, ...]], site: Site, origin: str = "participant file"
) -> tuple[Endpoint, ...]:
    """Return the addresses of a site, in their order."""
    found = []
    for address in addresses.get(site, ()):
        host, _, port = address.rpartition(":")
        found.append(Endpoint("otp", site, host, int(port), origin=origin))
    return tuple(found)


def _filled(own: Access, ours: Access) -> Access:
    return replace(
        own,
        broker=own.broker or ours.broker,
        bcan=own.bcan or ours.bcan,
        lookup={**ours.lookup, **own.lookup},
        gateways={**ours.gateways, **own.gateways},
        pool={**ours.pool, **own.pool},
    )


def _among(table: Table, key: str, words: tuple[str, ...]) -> str:
    word = table.text(key, words[0])
    if word not in words:
        table.wrong(key, f"{word!r} is not one of {', '.join(words)}{near(word, words)}")
        return words[0]
    return word


def _access(table: Table, name: str, path: Path) -> Access | None:
    below = table.table(name)
    if below is None:
        return None
    comp_id, key = below.text("comp_id", required=True), below.text("public_key")
    delayed = below.has("cancel_delay_s")
    if comp_id and not COMP_ID.fullmatch(comp_id):
        below.wrong("comp_id", f"{comp_id!r} is not of 1 to 11 letters and digits")
    access = Access(
        name=name,
        comp_id=comp_id,
        broker=below.text("broker"),
        bcan=below.text("bcan"),
        password_env=below.text("password_env"),
        new_password_env=below.text("new_password_env"),
        public_key=path.parent / Path(key).expanduser() if key else None,
        lookup=_by_site(below, "lookup"),
        gateways=_by_site(below, "gateways"),
        pool=_by_site(below, "pool"),
        cancel_on_disconnect=below.flag("cancel_on_disconnect"),
        cancel_delay_s=below.number("cancel_delay_s", 1.0) if delayed else 0.0,
    )
    if delayed and not access.cancel_on_disconnect:
        below.wrong("cancel_delay_s", "says nothing without cancel_on_disconnect = true")
    below.unknown()
    return access


def _by_site(table: Table, key: str) -> dict[Site, tuple[str, ...]]:
    below = table.table(key)
    if below is None:
        return {}
    found = {site: words for site in Site if (words := below.words(site))}
    for site, words in found.items():
        for word in words:
            match = ADDRESS.fullmatch(word)
            if not match or not 0 < int(match["port"]) <= HIGHEST_PORT:
                below.wrong(site, f"{word!r} is not host:port, such as 192.0.2.11:16001")
    below.unknown()
    return found


def _allowed(entry: Table) -> Allowed | None:
    security, side = entry.text("security", required=True), entry.text("side", required=True)
    data = entry.raw()
    quantity, price = _decimal(entry, data, "quantity"), _decimal(entry, data, "price")
    lot = _decimal(entry, {"lot": LOT, **data}, "lot")
    tick = _decimal(entry, {"tick": TICK, **data}, "tick")
    known = ("security", "side", "quantity", "price", "lot", "tick")
    for key in data:
        if key not in known:
            entry.wrong(key, f"unknown key{near(key, known)}")
    if side and side not in list(Side):
        entry.wrong("side", f"{side!r} is not one of {', '.join(Side)}{near(side, Side)}")
    if side not in list(Side) or quantity is None or price is None or lot is None or tick is None:
        return None
    return Allowed(security, Side(side), quantity, price, lot, tick)


def _decimal(entry: Table, data: Mapping[str, object], key: str) -> Decimal | None:
    """Return a number above zero, written as one or in quotes."""
    value = data.get(key)
    try:
        number = Decimal(str(value)) if type(value) in (int, float, str) else None
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite() or number <= 0:
        entry.wrong(key, f"expected a number above zero, came {value!r}")
        return None
    return number


def _sites(first: str, second: str, ports: tuple[int, ...]) -> dict[Site, tuple[str, ...]]:
    return {
        Site.PRIMARY: tuple(f"{first}:{port}" for port in ports),
        Site.SECONDARY: tuple(f"{second}:{port}" for port in ports),
    }


def _ours(name: str, comp_id: str, broker: str, bcan: str, hosts: tuple[str, str]) -> Access:
    return Access(
        name,
        comp_id,
        broker,
        bcan,
        lookup=_sites(*hosts, (16001, 16002)),
        gateways=_sites(*hosts, (17001, 17002)),
        pool=_sites(*hosts, (18001, 18002)),
    )


OTP_C_HOSTS, OTP_CSC_HOSTS = ("192.0.2.41", "198.51.100.41"), ("192.0.2.51", "198.51.100.51")
GENERATED = {
    "otp_c": ("CO99999901", "1234", "1234.5678901234", OTP_C_HOSTS),
    "drop_copy": ("CO99999902", "1234", "", OTP_C_HOSTS),
    "second": ("CO99999903", "1235", "1235.5678901234", OTP_C_HOSTS),
    "otp_csc": ("CC99999901", "1234", "1234.5678901234", OTP_CSC_HOSTS),
}
"""The connections of a rehearsal whose participant has none: Comp ID, broker, client's number and hosts of each."""
