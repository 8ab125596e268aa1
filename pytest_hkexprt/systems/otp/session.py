"""One connection to a trading gateway as either end sees it: logon, numbers, heartbeats, gaps, logout.

Bytes go in, events and bytes come out; there is no socket and no clock in here, and both ends run this same code.
``send`` and the session's own answers (heartbeats, replays, rejects, logouts) gather in one order of sending; whoever
holds the socket writes what :meth:`Session.send` and :meth:`Session.data_to_send` return.

    out = session.send(message, now_s)        # bytes to write
    session.receive_data(data, now_s)         # b"" at the end of the line
    while (event := session.next_event(now_s)) is not None: ...
    session.tick(now_s); sock.sendall(session.data_to_send())

Source: OCG-C Binary 2.2, 4 and 5 (connection and session rules); OCG-C Binary 3.x, 5.3, 5.6, 5.7; CCCG 1.3 (the same).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from pytest_hkexprt.systems.otp.messages import Message, Role
from pytest_hkexprt.systems.otp.session_day import Day
from pytest_hkexprt.systems.otp.session_events import SessionEvent
from pytest_hkexprt.systems.otp.session_table import State
from pytest_hkexprt.systems.otp.wire import Codec


class Session:
    """One side of one connection.

    Args:
        role: which side.
        codec: of the protocol and profile.
        comp_id: the participant's; an acceptor that does not know it yet passes nothing, and takes the Logon's.
        day: the numbers of the day so far; kept by the caller over reconnects. An acceptor that serves several Comp
            IDs leaves it out and gives it with :meth:`adopt` when it knows who calls.
        now_s: the monotonic time at which the connection stood.
        utc: tells the time for SendingTime; never used for waiting.
    """

    def __init__(
        self,
        role: Role,
        codec: Codec,
        *,
        comp_id: str = "",
        day: Day | None = None,
        now_s: float,
        utc: Callable[[], dt.datetime],
    ) -> None:
        self.role, self.codec, self.comp_id = role, codec, comp_id
        self.day = day or Day()
        self.state = State.CONNECTED
        self._utc = utc

    def adopt(self, comp_id: str, day: Day) -> None:
        """Acceptor: say whose day this is, on the first bytes of a Logon; before its numbers are looked at."""
        raise NotImplementedError

    def send(self, message: Message, now_s: float) -> bytes:
        """Frame, number and encode a message; return it and what waited before it.

        Raises:
            LocalProtocolError: it may not be said now, by us.
        """
        raise NotImplementedError

    def receive_data(self, data: bytes, now_s: float) -> None:
        """Take what was received; nothing received means that the line ended."""
        raise NotImplementedError

    def next_event(self, now_s: float) -> SessionEvent | None:
        """Return the next thing that happened; None when there is nothing until more is received or time passes."""
        raise NotImplementedError

    def tick(self, now_s: float) -> None:
        """Do what is due by now: a heartbeat, a test request, giving up; events may follow."""
        raise NotImplementedError

    def due_s(self) -> float:
        """Return when :meth:`tick` has something to do, in the time of ``now_s``."""
        raise NotImplementedError

    def data_to_send(self) -> bytes:
        """Return what the session itself has to say, once."""
        raise NotImplementedError
