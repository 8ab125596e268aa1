"""One connection to a trading gateway as either end sees it: logon, numbers, heartbeats, gaps, logout.

Bytes go in, events and bytes come out; there is no socket and no clock in here, and both ends run this same code.
``send`` and the session's own answers (heartbeats, replays, rejects, logouts) gather in one order of sending; whoever
holds the socket writes what :meth:`Session.send` and :meth:`Session.data_to_send` return::

    sock.sendall(session.send(message, now_s))
    session.receive_data(data, now_s)                 # b"" at the end of the line
    while (event := session.next_event()) is not None:
        ...
    session.tick(now_s)
    sock.sendall(session.data_to_send())

Misbehaving on purpose is none of its business: a drill changes the bytes, or encodes a message of its own and leaves
the session out.

Source: OCG-C Binary 2.2, 4 and 5 (connection and session rules); OCG-C Binary 3.x, 5.3, 5.6, 5.7; CCCG 1.3 (the same).
"""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Callable
from dataclasses import replace

from pytest_hkexprt.errors import HkexprtError, LocalProtocolError, Unreachable
from pytest_hkexprt.systems.otp.messages import LOOKUP_KINDS, Kind, Message, Role, stamp
from pytest_hkexprt.systems.otp.profiles import WireProtocol
from pytest_hkexprt.systems.otp.session_day import Day
from pytest_hkexprt.systems.otp.session_events import Ended, Resent, SessionEvent, Silence
from pytest_hkexprt.systems.otp.session_hearing import Hearing
from pytest_hkexprt.systems.otp.session_table import State, after, what
from pytest_hkexprt.systems.otp.session_watch import NEVER_S, Due, Watch
from pytest_hkexprt.systems.otp.wire import Codec

LOGOUT_TEXT = 74
"""Characters a Logout's text has room for in the binary protocol."""
GREATEST_TEST_ID = 65_535


class Session:
    """One side of one connection.

    Args:
        role: which side.
        codec: of the protocol and profile.
        now_s: the monotonic time at which the connection stood.
        utc: tells the time for SendingTime; never used for waiting.
        comp_id: the participant's own; an acceptor leaves it out and takes the Logon's.
        day: the initiator's numbers so far, kept by the caller over reconnects.
        day_of: the acceptor's: Comp ID to its day; None for a Comp ID nobody knows, whose line is closed without a
            word.
        session_only: refuse to say business messages, as for a test that may log in and nothing else.
        may_resend: whether a message is said again when it is asked for; what is not is filled over.
        overhear: is told every message, once said or heard, with who said it; for a transcript.
    """

    def __init__(
        self,
        role: Role,
        codec: Codec,
        *,
        now_s: float,
        utc: Callable[[], dt.datetime],
        comp_id: str = "",
        day: Day | None = None,
        day_of: Callable[[str], Day | None] | None = None,
        session_only: bool = False,
        may_resend: Callable[[Message], bool] = lambda _: True,
        overhear: Callable[[Role, Message], None] = lambda _, __: None,
    ) -> None:
        self.role, self.codec, self.comp_id = role, codec, comp_id
        self.where = f"{codec.profile.name} {codec.protocol}, {role}"
        self.day = day or Day()
        self.day_of = day_of
        self.state = State.CONNECTED
        self.overhear = overhear
        self.answering = False
        """Acceptor: whether the answer to a Resend Request is not wholly on its way; see :meth:`written`."""
        self._utc, self._session_only, self._may_resend = utc, session_only, may_resend
        self.watch = Watch(codec.profile.waits, role, said_s=now_s, heard_s=now_s)
        self._now_s = now_s
        self._tests = 0
        self._ended = False
        self._out = bytearray()
        self._events: deque[SessionEvent] = deque()
        self._hearing = Hearing(self)

    # ------------------------------------------------------------------ saying

    def send(self, message: Message, now_s: float) -> bytes:
        """Frame, number and encode a message; return it and what waited before it.

        A Logon's NextExpectedMsgSeqNum is filled in where it is not said.

        Raises:
            LocalProtocolError: it may not be said now, or never by us.
        """
        self._now_s = now_s
        where = f"{self.where}: send {message.kind}"
        if self._session_only and not message.kind.is_session:
            raise LocalProtocolError(where, expected="session messages only, as this test allows", came="business")
        if message.kind not in self.codec.profile.kinds(self.role):
            raise LocalProtocolError(where, expected=f"a kind {self.codec.profile.name} lets an {self.role} say")
        if message.kind is Kind.SEQUENCE_RESET and not self._may_reset(message):
            raise LocalProtocolError(where, expected="a gap fill", came="a reset", next_step="call the help desk")
        if message.kind is Kind.RESEND_REQUEST and self._hearing.asked:
            raise LocalProtocolError(where, expected="the answer to the last resend request first")
        self.say(message)
        if self.state is State.ENDED:
            self.end(f"{message.kind} said")
        return self.data_to_send()

    def say(self, message: Message) -> None:
        """Number, encode and queue a message, and go to the state after it."""
        following = after(self.state, self.role, what(message.kind))
        if following is None:
            raise LocalProtocolError(
                f"{self.where}: send {message.kind}", expected=f"what may be said when {self.state}", came=message.kind
            )
        if message.kind in LOOKUP_KINDS:
            self._write(replace(message, seq=1))
        else:
            if message.kind is Kind.LOGON and "NextExpectedMsgSeqNum" not in message:
                message = message.with_fields(NextExpectedMsgSeqNum=self.day.next_in)
            framed = self._write(replace(message, seq=self.day.next_out))
            self.day.next_out += 1
            self.day.keep(framed)
        self.state = following
        if message.kind in (Kind.LOGON, Kind.LOGOUT, *LOOKUP_KINDS):
            self.watch.asked_s = self._now_s
        if message.kind is Kind.LOGON and self.role is Role.ACCEPTOR:
            self._hearing.let_in()

    def say_again(self, begin: int, end: int) -> None:
        """Say numbers again, the last included; session messages among them are filled over."""
        count = 0
        for message in self.day.again(begin, end, self._may_resend):
            count += message.kind is not Kind.SEQUENCE_RESET
            self._write(message)
        self.tell(Resent(begin, end, count))

    def end(self, reason: str, fault: HkexprtError | None = None, *, logout: str = "") -> None:
        """End it, after a last Logout where there is something to say; what ended does not end again."""
        if self._ended:
            return
        if logout and after(self.state, self.role, what(Kind.LOGOUT)):
            self.say(Message.of(Kind.LOGOUT, Text=logout[:LOGOUT_TEXT]))
        self.state, self._ended = State.ENDED, True
        self.tell(Ended(reason, fault))

    def tell(self, event: SessionEvent) -> None:
        """Queue an event for the user."""
        self._events.append(event)

    def data_to_send(self) -> bytes:
        """Return what waits to be written, once."""
        data = bytes(self._out)
        self._out.clear()
        return data

    def written(self) -> None:
        """Note that all that was said is on its way: another Resend Request may come now."""
        self.answering = False

    def _write(self, message: Message) -> Message:
        message = replace(message, comp_id=self.comp_id)
        if self.codec.protocol is WireProtocol.FIX:
            message = replace(message, sent=stamp(self._utc(), self.codec.profile.time_digits))
        self._out += self.codec.encode(message, sender=self.role)
        self.watch.said_s = self._now_s
        self.overhear(self.role, message)
        return message

    def _may_reset(self, message: Message) -> bool:
        return self.role is Role.ACCEPTOR or message.get("GapFillFlag") is True

    # ------------------------------------------------------------------ hearing

    def receive_data(self, data: bytes, now_s: float) -> None:
        """Take what was received; nothing received means that the line ended."""
        self._now_s = now_s
        if self.state is State.ENDED:
            return
        if data:
            self.watch.heard(now_s)
        self._hearing.decoder.receive_data(data)
        self._hearing.line_ended = self._hearing.line_ended or not data

    def next_event(self) -> SessionEvent | None:
        """Return the next thing that happened; None when there is nothing until more is received or time passes."""
        while not self._events and self.state is not State.ENDED and self._hearing.one():
            pass
        return self._events.popleft() if self._events else None

    # ------------------------------------------------------------------ time

    def tick(self, now_s: float) -> None:
        """Do what is due by now: a heartbeat, a test request, giving up; events may follow."""
        self._now_s = now_s
        for due in self.watch.due(self.state, now_s):
            if self.state is State.ENDED:
                return
            self._do(due)

    def due_s(self) -> float:
        """Return when :meth:`tick` has something to do, in the time of ``now_s``; infinity where there is nothing."""
        return min(self.watch.times(self.state).values(), default=NEVER_S)

    def _do(self, due: Due) -> None:
        if due is Due.HEARTBEAT:
            if self.watch.said_s + self.watch.waits.heartbeat_s <= self._now_s:  # a test request may have gone before
                self.say(Message(Kind.HEARTBEAT))
        elif due is Due.TEST:
            self._tests = self._tests % GREATEST_TEST_ID + 1
            self.say(Message.of(Kind.TEST_REQUEST, TestReqID=str(self._tests)))
            self.watch.tested_s = self._now_s
            self.tell(Silence(self._now_s - self.watch.heard_s))
        elif due is Due.GIVE_UP_SILENT:
            silent_s = self._now_s - self.watch.heard_s
            fault = Unreachable(self.where, expected="an answer to the test request", came=f"silence, {silent_s:.0f} s")
            self.end("the other side is silent", fault, logout="No answer to the test request")
        else:
            waited_s = self._now_s - self.watch.asked_s
            fault = Unreachable(self.where, expected=f"a reply when {self.state}", came=f"none in {waited_s:.0f} s")
            self.end("no reply", fault)
