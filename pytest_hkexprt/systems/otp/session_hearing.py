"""What a session makes of each message that comes: numbers first, then the state table, then what it means.

Source: OCG-C Binary 2.2, 4 and 5; OCG-C Binary 3.x, 5.3 (no resend request from a Logon's own number; a second one
while the first is answered), 5.6, 5.7.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_hkexprt.errors import RemoteProtocolError, Unreachable
from pytest_hkexprt.systems.otp.messages import LOOKUP_KINDS, Kind, Message, Role
from pytest_hkexprt.systems.otp.session_events import (
    Arrived,
    Duplicate,
    Gap,
    LoggedOn,
    LoggedOut,
    LogonRequested,
    Refused,
    Rejected,
)
from pytest_hkexprt.systems.otp.session_table import State, after, what
from pytest_hkexprt.systems.otp.wire import BadMessage, BrokenStream
from pytest_hkexprt.systems.otp.words import SessionRejectReason, SessionStatus

if TYPE_CHECKING:
    from pytest_hkexprt.systems.otp.session import Session

REASON_TEXT = 74
"""Characters a Reject's reason has room for in the binary protocol."""


class Hearing:
    """The half of a session that listens."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.decoder = session.codec.decoder(session.role.other)
        self.line_ended = False
        self.awaits = 0
        """The number up to which messages are on their way again; 0 where none are missing."""
        self.asked = False
        """Whether they were asked for; after a Logon they come unasked, or should."""
        self._their_next_expected = 0
        """Acceptor: what the Logon said."""

    def one(self) -> bool:
        """Take the next message, if there is one; return whether something happened."""
        session = self._session
        try:
            message = self.decoder.next_message()
        except BadMessage as fault:
            self._bad(fault)
            return True
        except BrokenStream as fault:
            session.end("the stream is broken", fault)
            return True
        if message is not None:
            session.overhear(session.role.other, message)
            self._take(message)
            return True
        if self.line_ended:
            self._closed()
        return self.line_ended

    def let_in(self) -> None:
        """Acceptor: after our Logon, say again what the other side's says it has missed."""
        last = self._session.day.next_out - 1
        if self._their_next_expected < last:
            self._session.say_again(self._their_next_expected, last)

    # ------------------------------------------------------------------ numbers

    def _take(self, message: Message) -> None:
        session = self._session
        following = after(session.state, session.role.other, what(message.kind))
        if following is None or message.kind not in session.codec.profile.kinds(session.role.other):
            fault = RemoteProtocolError(
                session.where, expected=f"what may be said when {session.state}", came=str(message.kind)
            )
            session.end("a message out of place", fault, logout="" if self._outside() else f"{message.kind} unexpected")
            return
        if message.kind in LOOKUP_KINDS:
            session.comp_id = session.comp_id or message.comp_id
            session.state = following
            session.tell(Arrived(message))
            return
        if session.state is State.CONNECTED and not self._known(message.comp_id):
            return
        if message.comp_id != session.comp_id:
            self._reject(message.seq, message.kind, SessionRejectReason.COMP_ID_PROBLEM, "CompID", "Comp ID")
            fault = RemoteProtocolError(session.where, expected=session.comp_id, came=f"Comp ID {message.comp_id!r}")
            session.end("another Comp ID", fault, logout="Comp ID problem")
            return
        if self._in_turn(message):
            session.state = following
            self._mean(message)

    def _in_turn(self, message: Message) -> bool:
        """Return whether a message is to be served now; a number that is not the expected one has its answer."""
        session, day, seq = self._session, self._session.day, message.seq
        if message.kind is Kind.SEQUENCE_RESET and message.get("GapFillFlag") is not True:
            return True  # a reset's own number is not looked at
        if seq == day.next_in:
            day.next_in += 1
            self._arrived()
            return True
        if seq < day.next_in:
            if message.poss_dup:
                session.tell(Duplicate(message))
                return False
            if message.kind is Kind.LOGOUT and session.state is State.LOGGING_ON:
                return True  # a refusal has its reason, whatever the numbers
            text = f"MsgSeqNum {seq} lower than expected {day.next_in}"
            fault = RemoteProtocolError(session.where, expected=f"number {day.next_in}", came=str(seq))
            if session.state is State.CONNECTED:
                session.state = State.LOGGING_ON
            session.end("a number lower than expected", fault, logout=text)
            return False
        return self._ahead(message)

    def _arrived(self) -> None:
        """Note whether all that was missing is here."""
        if self.awaits < self._session.day.next_in:
            self.awaits, self.asked = 0, False

    def _ahead(self, message: Message) -> bool:
        """Handle a number above the expected one; return whether its message is served all the same."""
        session, day = self._session, self._session.day
        if message.kind is Kind.LOGON:
            first = session.role is Role.ACCEPTOR and day.next_in == 1
            if first and session.codec.profile.logon_gap_closes:
                fault = RemoteProtocolError(session.where, expected="number 1, the day's first", came=str(message.seq))
                session.end("the day's first number is not 1", fault)
                return False
            self.awaits = message.seq  # NextExpectedMsgSeqNum asks for them: no resend request
            session.tell(Gap(day.next_in, message.seq))
            return True
        if not self.asked:
            session.tell(Gap(day.next_in, message.seq))
            if message.kind is not Kind.LOGOUT and after(session.state, session.role, what(Kind.RESEND_REQUEST)):
                session.say(Message.of(Kind.RESEND_REQUEST, BeginSeqNo=day.next_in, EndSeqNo=0))
                self.asked = True
        self.awaits = max(self.awaits, message.seq)
        # The answer brings the message again; only what would make both sides wait for each other is served at once.
        return message.kind in (Kind.RESEND_REQUEST, Kind.LOGOUT)

    # ------------------------------------------------------------------ meaning

    def _mean(self, message: Message) -> None:
        session = self._session
        match message.kind:
            case Kind.LOGON:
                self._logon(message)
            case Kind.LOGOUT:
                self._logout(message)
            case Kind.REJECT if session.state is State.ENDED:
                session.tell(Refused(message))
                session.end("the logon was refused")
            case Kind.TEST_REQUEST:
                session.tell(Arrived(message))
                if session.state is State.ACTIVE:
                    session.say(Message.of(Kind.HEARTBEAT, TestReqID=message.get("TestReqID")))
            case Kind.RESEND_REQUEST:
                session.tell(Arrived(message))
                self._resend(message)
            case Kind.SEQUENCE_RESET:
                session.tell(Arrived(message))
                self._reset(message)
            case _:
                session.tell(Arrived(message))

    def _logon(self, message: Message) -> None:
        session, theirs = self._session, message.number("NextExpectedMsgSeqNum")
        ours = session.day.next_out
        if theirs > ours or theirs < 1:
            fault = RemoteProtocolError(session.where, expected=f"NextExpectedMsgSeqNum up to {ours}", came=str(theirs))
            text = f"NextExpectedMsgSeqNum {theirs} is not from 1 to {ours}"
            session.end("the other side expects what was never said", fault, logout=text)
            return
        self._their_next_expected = theirs
        if session.role is Role.ACCEPTOR:
            session.tell(LogonRequested(message))
            return
        session.tell(LoggedOn(message))
        if theirs < ours:
            session.say_again(theirs, ours - 1)

    def _logout(self, message: Message) -> None:
        session = self._session
        if session.state is not State.ENDED:  # theirs came first: answer it
            session.tell(LoggedOut(message, answered_ours=False))
            status = SessionStatus.LOGOUT_COMPLETE if session.role is Role.ACCEPTOR else None
            session.say(Message.of(Kind.LOGOUT, SessionStatus=status))
            session.end("logged out by the other side")
        elif self._their_next_expected or session.role is Role.ACCEPTOR:
            session.tell(LoggedOut(message, answered_ours=True))
            session.end("logged out")
        else:
            session.tell(Refused(message))
            session.end("the logon was refused")

    def _resend(self, message: Message) -> None:
        session = self._session
        if session.answering:
            fault = RemoteProtocolError(session.where, expected="one resend request at a time", came="a second")
            session.end("a second resend request while the first is answered", fault)
            return
        begin, end, last = message.number("BeginSeqNo"), message.number("EndSeqNo"), session.day.next_out - 1
        if not 1 <= begin <= last or (end and end < begin):
            text = f"no numbers {begin} to {end}; the last is {last}"
            self._reject(message.seq, message.kind, SessionRejectReason.VALUE_INCORRECT, "BeginSeqNo", text)
            return
        session.say_again(begin, min(end or last, last))
        session.answering = session.role is Role.ACCEPTOR

    def _reset(self, message: Message) -> None:
        session, day = self._session, self._session.day
        new, filling = message.number("NewSeqNo"), message.get("GapFillFlag") is True
        if (filling and new < day.next_in) or not (filling or session.role is Role.INITIATOR) or new < 1:
            text = f"NewSeqNo {new}, expected {day.next_in} or more"
            self._reject(message.seq, message.kind, SessionRejectReason.VALUE_INCORRECT, "NewSeqNo", text)
            return
        day.next_in = new
        self._arrived()

    # ------------------------------------------------------------------ faults

    def _bad(self, fault: BadMessage) -> None:
        """Answer a whole message that breaks its layout; its number counts."""
        session = self._session
        heard, kind = fault.message, fault.message.kind if fault.message else None
        if heard is not None:
            session.overhear(session.role.other, heard)
        if self._outside():
            if heard and kind is Kind.LOGON and session.role is Role.ACCEPTOR and self._known(heard.comp_id):
                session.state = State.LOGGING_ON
                session.day.next_in = max(session.day.next_in, fault.seq + 1)
                self._reject(fault.seq, kind, fault.reason, fault.field, fault.expected)
            session.end("a message that breaks its layout", fault)
            return
        counted = Message(Kind.REJECT, seq=fault.seq, poss_dup=heard is not None and heard.poss_dup)
        if not self._in_turn(counted) or session.state is State.ENDED:
            return
        session.tell(Rejected(fault, fault.seq))
        if kind is not Kind.REJECT:
            self._reject(fault.seq, kind or fault.ref_type, fault.reason, fault.field, f"expected {fault.expected}")

    def _reject(self, seq: int, kind: Kind | str, reason: SessionRejectReason, field: str, text: str) -> None:
        session = self._session
        if not after(session.state, session.role, what(Kind.REJECT)):
            return
        session.say(
            Message.of(
                Kind.REJECT,
                SessionRejectReason=reason,
                Reason="".join(each if " " <= each <= "~" else "?" for each in text)[:REASON_TEXT],
                RefMsgType=kind,
                RefFieldName=field or None,
                RefSeqNum=seq,
            )
        )

    def _known(self, comp_id: str) -> bool:
        """Acceptor: find whose day this is; nobody's ends it without a word."""
        session = self._session
        day = session.day if session.day_of is None else session.day_of(comp_id)
        if day is None or not comp_id:
            fault = RemoteProtocolError(session.where, expected="a Comp ID that is known", came=repr(comp_id))
            session.end("an unknown Comp ID", fault)
            return False
        session.comp_id, session.day = comp_id, day
        return True

    def _outside(self) -> bool:
        """Whether nobody is logged on, so that a fault is answered by closing the line without a word."""
        return self._session.state in (State.CONNECTED, State.LOOKING_UP, State.LOOKED_UP, State.LOGGING_ON)

    def _closed(self) -> None:
        session = self._session
        state = session.state
        if state is State.LOOKED_UP or (state is State.CONNECTED and session.role is Role.ACCEPTOR):
            session.end("the other side closed the line")
            return
        if state is State.LOGGING_ON and session.role is Role.INITIATOR and session.day.next_out == 2:  # noqa: PLR2004
            session.day.next_out = 1  # the day's first Logon had no answer; the next must be number 1 again
        fault = Unreachable(session.where, expected=f"more when {state}", came="the other side closed the line")
        session.end("the line ended", fault)
