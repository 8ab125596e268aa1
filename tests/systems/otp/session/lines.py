"""A participant's and a gateway's session, joined without a socket."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from decimal import Decimal

from pytest_hkexprt.systems.otp.codecs import codec_of
from pytest_hkexprt.systems.otp.messages import Kind, Message, Role
from pytest_hkexprt.systems.otp.profiles import OCG_22, WireProtocol
from pytest_hkexprt.systems.otp.session import Session
from pytest_hkexprt.systems.otp.session_day import Day
from pytest_hkexprt.systems.otp.session_events import (
    Arrived,
    LogonRequested,
    SessionEvent,
)
from pytest_hkexprt.systems.otp.words import ExecType, OrdStatus, SessionStatus
from tests.systems.otp.samples import COMP_ID

PARTICIPANT, GATEWAY = Role.INITIATOR, Role.ACCEPTOR
LOGON = Message.of(Kind.LOGON, EncryptedPassword="QUJD")
LET_IN = Message.of(Kind.LOGON, SessionStatus=SessionStatus.ACTIVE, TestMessageIndicator=True)
REQUEST = Message.of(Kind.PARTY_REQUEST, EntitlementsRequestID="1")
LOGOUT, HEARTBEAT = Message(Kind.LOGOUT), Message(Kind.HEARTBEAT)
MINUTE_S = 60.0


def utc() -> dt.datetime:
    return dt.datetime(2023, 11, 25, 2, tzinfo=dt.UTC)


def report(number: int) -> Message:
    """Return an execution report that its ExecID tells from others."""
    return Message.of(
        Kind.EXECUTION_REPORT,
        ExecID=str(number),
        OrdStatus=OrdStatus.NEW,
        ExecType=ExecType.NEW,
        CumQty=Decimal(0),
        LeavesQty=Decimal(1),
    )


@dataclass
class Line:
    """A participant and a gateway on one line, in one protocol; numbers last over :meth:`dial`."""

    protocol: WireProtocol
    days: dict[Role, Day] = field(default_factory=lambda: {role: Day() for role in Role})
    lets_in: bool = True
    now_s: float = 0.0
    events: dict[Role, list[SessionEvent]] = field(default_factory=lambda: {role: [] for role in Role})
    heard: list[tuple[Role, Message]] = field(default_factory=list)
    """What the participant's session said and heard, over all connections."""
    overheard: list[tuple[Role, Message]] = field(default_factory=list)
    """What the gateway's said and heard, on this one."""

    def __post_init__(self) -> None:
        self.codec = codec_of(OCG_22, self.protocol)
        self.dial()

    def dial(self, **more: object) -> None:
        """Begin a new connection."""
        days = {COMP_ID: self.days[GATEWAY]}
        self.mine = Session(
            PARTICIPANT,
            self.codec,
            now_s=self.now_s,
            utc=utc,
            comp_id=COMP_ID,
            day=self.days[PARTICIPANT],
            overhear=lambda who, message: self.heard.append((who, message)),
            **more,  # type: ignore[arg-type]
        )
        self.overheard = []
        self.theirs = Session(
            GATEWAY,
            self.codec,
            now_s=self.now_s,
            utc=utc,
            day_of=days.get,
            overhear=lambda who, message: self.overheard.append((who, message)),
        )
        self.ends = {PARTICIPANT: self.mine, GATEWAY: self.theirs}
        self.events = {role: [] for role in Role}

    def pump(self) -> None:
        """Carry what both have to say, until neither has more."""
        for _ in range(20):
            quiet = True
            for role, end in self.ends.items():
                data = self.ends[role.other].data_to_send()
                self.ends[role.other].written()
                if data:
                    quiet = False
                    end.receive_data(data, self.now_s)
                while (event := end.next_event()) is not None:
                    quiet = False
                    self.events[role].append(event)
                    if isinstance(event, LogonRequested) and self.lets_in:
                        end.say(LET_IN)
            if quiet:
                return
        raise AssertionError("the two do not come to rest")

    def say(self, role: Role, message: Message) -> None:
        """Have one say something, and carry it."""
        data = self.ends[role].send(message, self.now_s)
        self.ends[role.other].receive_data(data, self.now_s)
        self.pump()

    def lose(self, role: Role, message: Message) -> None:
        """Have one say something that gets lost on its way."""
        assert self.ends[role].send(message, self.now_s)

    def raw(self, role: Role, message: Message, *, strict: bool = True) -> None:
        """Have one say something past its session."""
        framed = replace(message, comp_id=message.comp_id or COMP_ID, sent="20231125-02:00:00.000")
        self.ends[role.other].receive_data(self.codec.encode(framed, sender=role, strict=strict), self.now_s)
        self.pump()

    def later(self, seconds: float) -> None:
        """Let time pass for both, and carry what they say."""
        self.now_s += seconds
        for end in self.ends.values():
            end.tick(self.now_s)
        self.pump()

    def drop(self) -> None:
        """End the line."""
        for end in self.ends.values():
            end.receive_data(b"", self.now_s)
        self.pump()

    def told(self, role: Role, kind: type[SessionEvent]) -> list[SessionEvent]:
        """Return what one was told, of one kind."""
        return [event for event in self.events[role] if isinstance(event, kind)]

    def reports(self, role: Role = PARTICIPANT) -> list[str]:
        """Return the execution reports that arrived, by number."""
        arrived = [event.message for event in self.events[role] if isinstance(event, Arrived)]
        return [message.text("ExecID") for message in arrived if message.kind is Kind.EXECUTION_REPORT]
