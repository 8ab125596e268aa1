"""The retransmission servers of one site: logon, heartbeats to be echoed, requests, answers; strict on both.

Source: HKEX OMD-C Developers Guide 1.11, section 5.3.1: one session a user, logon within 5 s, a heartbeat every 30 s
that is echoed as an exact copy within 5 s.
"""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from pytest_hkexprt.deadline import Deadline
from pytest_hkexprt.errors import RemoteProtocolError
from pytest_hkexprt.systems.omd import packets
from pytest_hkexprt.systems.omd.codec import Message, build
from pytest_hkexprt.systems.omd.drills import Drill
from pytest_hkexprt.systems.omd.layouts import Type
from pytest_hkexprt.systems.omd.recovery import RetransStatus, SessionStatus
from pytest_hkexprt.systems.omd.settings import Timing
from pytest_hkexprt.systems.omd.simulator_history import Store

MOST_WAITING_BYTES = 16 * 1024 * 1024
"""What a caller who does not read may have outstanding before it is hung up on."""


@dataclass(slots=True)
class Caller:
    """One connection."""

    socket: socket.socket
    logon_by: Deadline
    user: str = ""
    """Empty until the logon was granted."""
    stream: packets.Stream = field(default_factory=packets.Stream)
    waiting: bytearray = field(default_factory=bytearray)
    """What is still to be sent."""
    beat_at: Deadline | None = None
    """When the next heartbeat is due."""
    unechoed: bytes = b""
    echo_by: Deadline | None = None
    hang_up: bool = False
    """Whether the connection ends when all is sent."""


class RetransmissionServers:
    """What one site's retransmission servers do; the sockets' events come from the simulator's thread.

    Args:
        where: for messages.
        users: who may log on.
        store: what was published, shared by both sites.
        connected: who is logged on, at whichever server.
        timing: the published times, scaled.
        sent_ns: gives SendTime.
        drills: faults.
        errors: where rules broken by a caller are told.
    """

    def __init__(
        self,
        where: str,
        *,
        users: Collection[str],
        store: Store,
        connected: set[str],
        timing: Timing,
        sent_ns: Callable[[], int],
        drills: Collection[str],
        errors: list[BaseException],
    ) -> None:
        self.callers: dict[socket.socket, Caller] = {}
        self._where = where
        self._users = frozenset(users)
        self._store = store
        self._connected = connected
        self._timing = timing
        self._sent_ns = sent_ns
        self._drills = frozenset(drills)
        self._errors = errors

    def accept(self, connection: socket.socket) -> None:
        """Take a connection."""
        connection.setblocking(False)
        self.callers[connection] = Caller(connection, Deadline.after(self._timing.logon_s))

    def heard(self, connection: socket.socket) -> bool:
        """Read what came and answer it; return whether the connection goes on."""
        caller = self.callers[connection]
        chunk = b""
        with contextlib.suppress(ConnectionError):
            chunk = connection.recv(65_536)
        if not chunk:
            return False
        try:
            for packet in caller.stream.feed(chunk):
                self._take(caller, packet)
        except RemoteProtocolError as error:
            self._broken(str(error))
            return False
        return self.push(connection)

    def push(self, connection: socket.socket) -> bool:
        """Send what waits, as far as it goes; return whether the connection goes on."""
        caller = self.callers[connection]
        try:
            while caller.waiting:
                sent = connection.send(caller.waiting)
                del caller.waiting[:sent]
        except BlockingIOError:
            return len(caller.waiting) <= MOST_WAITING_BYTES
        except OSError:
            return False
        return not caller.hang_up

    def drop(self, connection: socket.socket) -> None:
        """Forget a connection and close it."""
        caller = self.callers.pop(connection)
        self._connected.discard(caller.user)
        connection.close()

    def due(self) -> list[socket.socket]:
        """Send the heartbeats that are due, and return the connections that have to end."""
        ended = []
        for connection, caller in self.callers.items():
            if not caller.user:
                if caller.logon_by.passed:
                    ended.append(connection)
                continue
            if caller.echo_by is not None and caller.echo_by.passed:
                self._broken(f"{caller.user}: no echo of a heartbeat within {self._timing.echo_s:.3g} s")
                ended.append(connection)
            elif caller.beat_at is not None and caller.beat_at.passed:
                caller.beat_at = Deadline.after(self._timing.rts_heartbeat_s)
                if caller.echo_by is None:
                    caller.unechoed = packets.heartbeat(0, self._sent_ns())
                    caller.echo_by = Deadline.after(self._timing.echo_s)
                    caller.waiting += caller.unechoed
                    if not self.push(connection):
                        ended.append(connection)
        return ended

    def _take(self, caller: Caller, data: bytes) -> None:
        packet = packets.read(data)
        if packet.heartbeat:
            if data != caller.unechoed:
                raise RemoteProtocolError(
                    f"{self._where}: heartbeat", expected=f"an exact copy of {caller.unechoed.hex()}", came=data.hex()
                )
            caller.unechoed, caller.echo_by = b"", None
            return
        for message in packet.messages():
            if message.type == Type.LOGON and not caller.user:
                self._logon(caller, message.text("Username"))
            elif message.type == Type.RETRANSMISSION_REQUEST and caller.user:
                self._request(caller, message)
            else:
                expected = "a request" if caller.user else "a logon"
                raise RemoteProtocolError(f"{self._where}", expected=expected, came=f"message {message.type}")

    def _logon(self, caller: Caller, user: str) -> None:
        status = SessionStatus.ACTIVE
        if user not in self._users or Drill.WRONG_USER in self._drills:
            status = SessionStatus.INVALID
        elif user in self._connected or Drill.ALREADY_CONNECTED in self._drills:
            status = SessionStatus.ALREADY_CONNECTED
        self._say(caller, build(Type.LOGON_RESPONSE, SessionStatus=int(status)))
        if status is not SessionStatus.ACTIVE:
            caller.hang_up = True
            return
        caller.user = user
        caller.beat_at = Deadline.after(self._timing.rts_heartbeat_s)
        self._connected.add(user)

    def _request(self, caller: Caller, request: Message) -> None:
        if Drill.NEVER_ANSWERS in self._drills:
            return
        channel, first, last = (request.number(name) for name in ("ChannelID", "BeginSeqNum", "EndSeqNum"))
        status = self._store.judge(channel, first, last)
        response = build(
            Type.RETRANSMISSION_RESPONSE,
            ChannelID=channel,
            RetransStatus=int(status),
            BeginSeqNum=first,
            EndSeqNum=last,
        )
        self._say(caller, response)
        if status is RetransStatus.ACCEPTED:
            for packet in packets.frames(first, self._store.messages(channel, first, last), self._sent_ns()):
                caller.waiting += packet

    def _say(self, caller: Caller, message: Message) -> None:
        caller.waiting += packets.encode(0, [message], self._sent_ns())

    def _broken(self, told: str) -> None:
        self._errors.append(RemoteProtocolError(self._where, expected="its rules to be kept", came=told))
