"""One connection of the participant after another: its session, its evidence, and what is waited for on it.

The client's verbs stand on it (:mod:`client`). Everything said and heard is counted, written as evidence and handed to
the participant's book.
"""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from pytest_hkexprt import clock, deadline
from pytest_hkexprt.errors import HkexprtError, LocalProtocolError, Unreachable
from pytest_hkexprt.evidence.journal import Journal
from pytest_hkexprt.model import Endpoint
from pytest_hkexprt.systems.otp import client_store
from pytest_hkexprt.systems.otp.client_day import Kept
from pytest_hkexprt.systems.otp.client_find import Finder
from pytest_hkexprt.systems.otp.client_wire import Wire, Wires
from pytest_hkexprt.systems.otp.facts import Beats, RoundTrips, Transcript, round_trips
from pytest_hkexprt.systems.otp.messages import Kind, Message, Role
from pytest_hkexprt.systems.otp.orders import Orders
from pytest_hkexprt.systems.otp.password import Password
from pytest_hkexprt.systems.otp.permission import Permission
from pytest_hkexprt.systems.otp.session import Session
from pytest_hkexprt.systems.otp.session_events import (
    Arrived,
    Duplicate,
    Ended,
    LoggedOn,
    LoggedOut,
    Refused,
    SessionEvent,
)
from pytest_hkexprt.systems.otp.transcript import shown
from pytest_hkexprt.systems.otp.wire import Codec

SPARE_HEARTBEATS = 3
"""Intervals that may pass without a heartbeat, as many as a session allows, before too few were heard."""
MOST_TIMES = 100_000
"""Round trips that are kept: bounds the memory of a run without end."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who logs on, and with what."""

    comp_id: str
    broker: str
    password: Password
    public_key: bytes
    """The exchange's, PEM."""
    new_password: Password | None = None
    bcan: str = ""


class Link:
    """One Comp ID at one trading system.

    Args:
        credentials: who logs on.
        journal: where the evidence goes.
        codec: of the protocol and the gateway's profile.
        lookups: the lookup services in their order; for FIX none.
        pool: the gateways to hunt through in their order; for the binary protocol none.
        wires: the participant's connections, which one verb serves all.
        permission: what may be sent.
        kept: the numbers of the day so far.
        orders: the participant's book.
        source_address: the line's own address.
    """

    def __init__(
        self,
        credentials: Credentials,
        journal: Journal,
        *,
        codec: Codec,
        lookups: tuple[Endpoint, ...] = (),
        pool: tuple[Endpoint, ...] = (),
        wires: Wires,
        permission: Permission,
        kept: Kept,
        orders: Orders | None = None,
        source_address: str = "",
    ) -> None:
        self.credentials, self.journal, self.codec = credentials, journal, codec
        self.wires, self.permission, self.kept = wires, permission, kept
        self.orders = orders or Orders(credentials.broker)
        self._take_up(self.kept.recall())
        self.transcript = Transcript()
        self.site = (lookups or pool)[0].site
        self.finder = Finder(
            lookups, pool, self._lookup_session, wires, journal, codec.profile.waits.lookup_pause_s, source_address
        )
        self._wire: Wire | None = None
        self._at: Endpoint = (lookups or pool)[0]
        self._answer: Message | None = None
        self._logout: LoggedOut | None = None
        self._was_connected = False
        self._beats = dict.fromkeys(Role, 0)
        self._asked_at_s: dict[str, float] = {}
        self._times_s: deque[float] = deque(maxlen=MOST_TIMES)

    # ------------------------------------------------------------------ how it stands

    @property
    def endpoint(self) -> Endpoint:
        """The gateway it is, or was last, connected to."""
        return self._at

    @property
    def connected(self) -> bool:
        """Whether it is logged on."""
        return self._wire is not None and self._wire.ended is None and self._answer is not None

    @property
    def ended(self) -> Ended | None:
        """Why the session is over; None while it is not."""
        return self._wire.ended if self._wire else None

    @property
    def round_trips(self) -> RoundTrips | None:
        """The figures of the requests so far; None of none."""
        return round_trips(list(self._times_s))

    @property
    def trip_times_s(self) -> tuple[float, ...]:
        """How long each request waited for the first report on it; the last :data:`MOST_TIMES` of them."""
        return tuple(self._times_s)

    # ------------------------------------------------------------------ saying and waiting

    def say(self, message: Message) -> None:
        """Send a message, if it may be sent.

        Raises:
            UsageFault: it may not; nothing was sent.
            LocalProtocolError: there is no session.
            HkexprtError: the session has ended; the error says why.
        """
        self.permission.require(message, clock.now())
        self._open_wire(str(message.kind))
        self.orders.sent(message)
        self.kept.keep(Role.INITIATOR, message)
        name = message.text("ClOrdID") or message.text("BidID") or message.text("TradeReportID")
        if name:
            self._asked_at_s[name] = deadline.monotonic_s()
        self._send(message)

    def wait_for(self, condition: Callable[[], bool], documented_s: float) -> bool:
        """Serve all connections until something holds or time is up; return whether it holds.

        Raises:
            HkexprtError: the session has ended meanwhile; the error says why.
        """
        wire = self._open_wire("wait")
        held = self.wires.serve(lambda: condition() or wire.ended is not None, documented_s)
        if wire.ended is not None and not condition():
            self._blame(wire.ended)
        return held and condition()

    def await_loss(self, documented_s: float) -> bool:
        """Wait until the connection is lost; return whether it was."""
        wire = self._open_wire("wait")
        return self.wires.serve(lambda: wire.ended is not None, documented_s)

    def keep(self, heartbeats: int) -> Beats:
        """Keep the session for some heartbeat intervals, and return what was heard and said meanwhile."""
        interval_s = self.codec.profile.waits.heartbeat_s
        before = dict(self._beats)

        def since(who: Role) -> int:
            return self._beats[who] - before[who]

        patience_s = (heartbeats + SPARE_HEARTBEATS) * interval_s
        self.wait_for(lambda: min(since(who) for who in Role) >= heartbeats, patience_s)
        return Beats(patience_s, since(Role.INITIATOR), since(Role.ACCEPTOR), heartbeats)

    def drop(self) -> None:
        """Close the line without a word, and keep the day's numbers."""
        if self._wire is not None:
            self.wires.drop(self._wire)
            self._wire, self._answer = None, None
            self.kept.save()

    # ------------------------------------------------------------------ inside

    @property
    def where(self) -> str:
        """What it talks to, in messages."""
        return f"{self.codec.profile.gateway}/{self.site} {self._at.address}"

    @property
    def _patience_s(self) -> float:
        """A little more than the session's own, which ends it."""
        return self.codec.profile.waits.logon_reply_s + 1

    def _session(self, endpoint: Endpoint) -> Session:
        return Session(
            Role.INITIATOR,
            self.codec,
            now_s=self.wires.now_s(),
            utc=utc_now,
            comp_id=self.credentials.comp_id,
            day=self.kept.day,
            session_only=self.permission.login_only,
            # What was allowed when it was said may not be so any more when the gateway asks for it again.
            may_resend=lambda message: self.permission.allows(message, clock.now()),
            overhear=lambda who, message: self._overheard(endpoint, who, message),
        )

    def _lookup_session(self, endpoint: Endpoint) -> Session:
        return Session(
            Role.INITIATOR,
            self.codec,
            now_s=self.wires.now_s(),
            utc=utc_now,
            comp_id=self.credentials.comp_id,
            overhear=lambda who, message: self._overheard(endpoint, who, message),
        )

    def _take_up(self, said: list[tuple[Role, Message]]) -> None:
        client_store.take_up(self.orders, said)
        if said:
            found = f"{len(self.orders.lines())} orders, {len(self.orders.resting())} of them in the market"
            self.journal.notice(f"{self.credentials.comp_id}: the day goes on where an earlier run left it: {found}")

    def _open_wire(self, verb: str) -> Wire:
        if self._wire is None:
            raise LocalProtocolError(f"{self.where}: {verb}", expected="a session", came="none")
        if self._wire.ended is not None and verb != "wait":
            self._blame(self._wire.ended)
        return self._wire

    def _send(self, message: Message) -> None:
        assert self._wire is not None, "asked for just now"
        self._wire.write(self._wire.session.send(message, self.wires.now_s()))

    def _happened(self, event: SessionEvent) -> None:
        match event:
            case LoggedOn(message) | Refused(message):
                self._answer = message
            case LoggedOut():
                self._logout = event
            case Arrived(message) | Duplicate(message) if not message.kind.is_session or message.kind is Kind.REJECT:
                if isinstance(event, Arrived):
                    self.kept.keep(Role.ACCEPTOR, message)
                self.orders.heard(message)
                asked_at_s = self._asked_at_s.pop(self._answered(message), None)
                if asked_at_s is not None:
                    self._times_s.append(deadline.monotonic_s() - asked_at_s)
            case Ended(reason, fault) if fault is not None:
                self.journal.exchange(self._at, f"session ended: {reason}", {"why": fault.came or fault.where})
            case _:
                pass

    def _answered(self, message: Message) -> str:
        """Return the number of the request a message may answer; another party's trade report has one of its own."""
        other = message.kind is Kind.TRADE_CAPTURE and message.text("SubmittingBrokerID") != self.credentials.broker
        return message.text("ClOrdID") or ("" if other else message.text("TradeReportID"))

    def _overheard(self, endpoint: Endpoint, who: Role, message: Message) -> None:
        self.transcript.add(who, message.kind)
        if message.kind is Kind.HEARTBEAT and "TestReqID" not in message:  # one that was asked for is an answer
            self._beats[who] += 1
        if self.journal.path is not None:
            arrow = "→" if who is Role.INITIATOR else "←"
            self.journal.exchange(endpoint, f"{arrow} {message.kind}", dict(shown(message)))

    def _pause(self, documented_s: float, then: str) -> None:
        self.journal.exchange(self._at, f"waited {self.wires.pace.told(documented_s)} before {then}")
        self.wires.wait(documented_s)

    def _numbers(self) -> dict[str, str]:
        day = self.kept.day
        return {"our next number": str(day.next_out), "their next number": str(day.next_in)}

    def _blame(self, ended: Ended) -> None:
        fault: HkexprtError = ended.fault or Unreachable("", expected="a session", came=ended.reason)
        expected, came = fault.expected or "the session to go on", fault.came or ended.reason
        raise type(fault)(
            f"{self.where}: {ended.reason}", expected=expected, came=came, next_step=fault.next_step
        ) from ended.fault


def utc_now() -> dt.datetime:
    """Return the present moment, the rehearsed one in a rehearsal."""
    return clock.now().astimezone(dt.UTC)
