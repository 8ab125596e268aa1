"""What is said with a program that takes our client's place at a trading gateway: each line with its types.

A request is one verb of :class:`~.seam.OrderEntry`. What the gateway says comes back as messages, each in its turn, so
that what they mean is judged on our side. Names are FIX's, and so is how a value is written, whatever the wire speaks:
a vendor has them already.

To add a verb: a :class:`Request` here, and a line in :class:`~.client_program.ProgramClient`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, TypeAlias

import msgspec

from pytest_hkexprt.model import Endpoint, Site
from pytest_hkexprt.systems.otp.binary_values import Unfit
from pytest_hkexprt.systems.otp.facts import Try
from pytest_hkexprt.systems.otp.fields import FIELDS
from pytest_hkexprt.systems.otp.fix_values import converters
from pytest_hkexprt.systems.otp.messages import Entry, Kind, Message, Value
from pytest_hkexprt.systems.program_lines import VERSION, Failure, Junk, Ready, Request

Written: TypeAlias = str | list[dict[str, Any]]
"""A value as FIX writes it; a repeating group as its entries, whose values are written likewise."""
Port: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=65535)]
Sequence: TypeAlias = Annotated[int, msgspec.Meta(ge=1, lt=2**32)]
"""A sequence number."""


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """Where somebody listens."""

    host: str
    port: Port
    site: Site = Site.PRIMARY

    @classmethod
    def of(cls, endpoint: Endpoint) -> Address:
        """Return an endpoint's."""
        return cls(host=endpoint.host, port=endpoint.port, site=endpoint.site)

    def endpoint(self, origin: str) -> Endpoint:
        """Return it as an endpoint."""
        return Endpoint("otp", self.site, self.host, self.port, origin=origin)


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    """An address that was tried."""

    address: Address
    came: str
    stood: bool = False


class Said(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A message."""

    kind: Kind
    fields: dict[str, Written] = {}
    seq: int = 0
    poss_dup: bool = False
    poss_resend: bool = False
    sent: str = ""
    originally_sent: str = ""

    @classmethod
    def of(cls, message: Message) -> Said:
        """Return a message as it is written on a line."""
        return cls(
            kind=message.kind,
            fields=dict(_written(message.fields)),
            seq=message.seq,
            poss_dup=message.poss_dup,
            poss_resend=message.poss_resend,
            sent=message.sent,
            originally_sent=message.originally_sent,
        )

    def message(self, comp_id: str) -> Message:
        """Return it with values.

        Raises:
            Junk: a field is unknown, or its value is none of its own.
        """
        return Message(
            self.kind,
            {name: _value(self.kind, name, value) for name, value in self.fields.items()},
            comp_id,
            self.seq,
            self.poss_dup,
            self.poss_resend,
            self.sent,
            self.originally_sent,
        )


# ---------------------------------------------------------------------- what is answered


class Numbers(msgspec.Struct, frozen=True, kw_only=True):
    """Both sides' next numbers, where a line has them to tell."""

    next_out: Sequence | None = None
    next_in: Sequence | None = None


class Gateways(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to ``look_up``."""

    gateways: list[Address]
    site: Site
    tries: list[Tried] = []


class LoggedOn(Numbers, frozen=True, kw_only=True):
    """The answer to ``logon`` and ``reconnect``; a refusal is one, too."""

    gateway: Address
    granted: bool
    status: int | None = None
    text: str = ""
    test: bool | None = None
    changed_password: bool = False
    tries: list[Tried] = []


class LoggedOut(Numbers, frozen=True, kw_only=True):
    """The answer to ``logout``."""

    answered: bool
    their_side_closed: bool
    our_side_closed: bool
    status: int | None = None
    text: str = ""


class Sent(Numbers, frozen=True, kw_only=True):
    """The answer to ``say`` and ``drop``."""


# ---------------------------------------------------------------------- what is asked


class Start(Request[Ready], frozen=True, kw_only=True, tag="start"):
    """The first line: everything there is to know; its passwords stand nowhere else."""

    answered_with = Ready

    speaks: int = VERSION
    gateway: str
    """``OTP-C`` or ``OTP-CSC``."""
    interface: str
    """The version of its interface: ``OCG-C 3``."""
    wire: str
    """``binary`` or ``FIX``."""
    target_comp_id: str
    comp_id: str
    broker: str
    password: str
    new_password: str
    """To change to when the gateway asks for it; empty for none."""
    public_key: str
    """The exchange's, PEM."""
    lookups: list[Address]
    """The lookup services in their order; where there are none, the pool is hunted through."""
    pool: list[Address]
    source_address: str
    login_only: bool
    next_out: int
    next_in: int
    waits_factor: float
    """What each documented wait is multiplied by: 1 live, less in a rehearsal."""
    clock_ahead_s: float
    """How far the session's time is ahead of this machine's clock: 0 live."""


class LookUp(Request[Gateways], frozen=True, kw_only=True, tag="look_up"):
    """Find the gateways."""

    answered_with = Gateways


class LogOn(Request[LoggedOn], frozen=True, kw_only=True, tag="logon"):
    """Dial a gateway and log on."""

    answered_with = LoggedOn


class Reconnect(Request[LoggedOn], frozen=True, kw_only=True, tag="reconnect"):
    """Wait as prescribed after a connection that was lost, and log on again by the documented path."""

    answered_with = LoggedOn


class Say(Request[Sent], frozen=True, kw_only=True, tag="say"):
    """Send a message."""

    answered_with = Sent

    message: Said


class LogOut(Request[LoggedOut], frozen=True, kw_only=True, tag="logout"):
    """Log out, wait for the answer, and close the line."""

    answered_with = LoggedOut


class Drop(Request[Sent], frozen=True, kw_only=True, tag="drop"):
    """Close the line without a word."""

    answered_with = Sent


# ---------------------------------------------------------------------- what is told unasked


class SaidEvent(Numbers, frozen=True, kw_only=True, tag_field="event", tag="said"):
    """A message went out."""

    message: Said


class HeardEvent(Numbers, frozen=True, kw_only=True, tag_field="event", tag="heard"):
    """A message came, in the turn of its number."""

    message: Said


class EndedEvent(Numbers, frozen=True, kw_only=True, tag_field="event", tag="ended"):
    """The session is over."""

    reason: str
    failed: Failure | None = None
    """Who broke what; left out of an orderly end."""


AnyEvent = SaidEvent | HeardEvent | EndedEvent


def tries(told: list[Tried]) -> tuple[Try, ...]:
    """Return what was tried, as facts."""
    return tuple(Try(each.address.endpoint("the program"), each.came, each.stood) for each in told)


def _written(fields: Mapping[str, Value]) -> Iterator[tuple[str, Written]]:
    for name, value in fields.items():
        if isinstance(value, tuple):
            yield name, [dict(_written(entry.fields)) for entry in value]
        else:
            yield name, _text(name, value)


def _text(name: str, value: Value) -> str:
    if FIELDS[name].type in (str, Kind):
        return str(value)
    return str(converters(name)[0](value), "ascii")


def _value(kind: Kind, name: str, written: object) -> Value:
    if name not in FIELDS:
        raise Junk(f"a {kind} with a field {name!r}, which no message has")
    wanted = FIELDS[name].type
    if wanted is Entry:
        if not isinstance(written, list) or not all(isinstance(each, dict) for each in written):
            raise Junk(f"a {kind} whose {name} is no list of objects")
        return tuple(Entry({key: _value(kind, key, value) for key, value in each.items()}) for each in written)
    if not isinstance(written, str):
        raise Junk(f"a {kind} whose {name} is no text")
    if wanted is Kind:
        return Kind(written) if written in tuple(Kind) else written
    if wanted is str:
        return written
    try:
        value: Value = converters(name)[1](written.encode("utf-8"))
    except Unfit as unfit:
        raise Junk(f"a {kind} whose {name} is {written[:40]!r}, where {unfit} should be") from None
    except KeyError:
        raise Junk(f"a {kind} whose {name} is {written[:40]!r}, a code no document has") from None
    return value
