"""The session with a retransmission server, in the client's selector loop: nothing here waits.

The servers of the primary site are tried first, then the backup's; one that refuses the logon ends the matter, since
another server would say the same of the same user.

Source: HKEX OMD-C Developers Guide 1.11, section 5.3.1: logon within five seconds, each heartbeat echoed as an exact
copy within five seconds, one session a user, two servers at each site; OMD-C Binary Interface Specifications v1.45,
section 3.4.2.
"""

from __future__ import annotations

import contextlib
import errno
import math
import os
import socket
from collections.abc import Callable, Sequence
from enum import StrEnum

from pytest_hkexprt.deadline import Deadline
from pytest_hkexprt.errors import RemoteProtocolError
from pytest_hkexprt.model import Endpoint
from pytest_hkexprt.systems.omd import packets
from pytest_hkexprt.systems.omd.codec import Message, build
from pytest_hkexprt.systems.omd.layouts import Type

RETRY_S = 30.0
"""From when no server answered to when they are tried again."""
ACTIVE = 0
LOGON_STATUS = {ACTIVE: "active", 5: "invalid user or IP address", 100: "already connected"}
REQUEST_STATUS = {
    0: "accepted",
    1: "channel unknown or not authorised",
    2: "messages not available",
    100: "range longer than allowed",
    101: "more requests than a day allows",
}
Said = Callable[[Endpoint, str, dict[str, str]], None]


class State(StrEnum):
    """How far the session is."""

    IDLE = "not connected"
    CONNECTING = "connecting"
    LOGGING_ON = "logging on"
    ACTIVE = "active"
    REFUSED = "logon refused"
    UNREACHABLE = "no server answered"

    @property
    def settled(self) -> bool:
        """Whether it is known if there is somebody to ask."""
        return self in (State.ACTIVE, State.REFUSED, State.UNREACHABLE)


class Session:
    """A session with whichever server answers.

    Args:
        endpoints: in the order to try.
        user: who asks.
        said: is told what was said, for the evidence.
        timeout_s: what a connect or an answer may take.
        stale_s: for how long a server may say nothing at all.
        source_address: the line's own address; empty for the system's choice.
    """

    def __init__(
        self,
        endpoints: Sequence[Endpoint],
        user: str,
        said: Said,
        *,
        timeout_s: float,
        stale_s: float = math.inf,
        source_address: str = "",
    ) -> None:
        self.state = State.IDLE
        self.endpoint: Endpoint | None = None
        """Of the server in use, or tried last."""
        self.socket: socket.socket | None = None
        """To be watched; None where there is no connection."""
        self.logon_status: int | None = None
        self.heartbeats = 0
        """Echoed so far."""
        self.tried: list[str] = []
        """What became of each server that did not answer, in words."""
        self._endpoints = tuple(endpoints)
        self._user = user
        self._said = said
        self._timeout_s = timeout_s
        self._stale_s = stale_s
        self._source_address = source_address
        self._left: list[Endpoint] = []
        self._by = Deadline.after(0)
        self._stream = packets.Stream()
        self._waiting = bytearray()

    @property
    def wants_to_write(self) -> bool:
        """Whether the socket is to be watched for room, too."""
        return self.state is State.CONNECTING or bool(self._waiting)

    def begin(self) -> None:
        """Connect to the first server there is, where there is no connection."""
        if self.socket is None:
            self._left = list(self._endpoints)
            self.tried = []
            self._next()

    def ready(self, *, readable: bool) -> list[Message | packets.Packet]:
        """Serve the socket; return responses, and packets of messages sent again."""
        if self.state is State.CONNECTING:
            self._connected()
            return []
        found: list[Message | packets.Packet] = []
        if readable:
            found = self._read()
        self._push()
        return found

    def tick(self) -> None:
        """Give up what takes too long."""
        if self.state in (State.CONNECTING, State.LOGGING_ON) and self._by.passed:
            self._failed(f"no answer within {self._timeout_s:.3g} s")
        elif self.state is State.ACTIVE and self._by.passed:
            self._lost(f"no heartbeat within {self._stale_s:.3g} s")
        elif self.state is State.UNREACHABLE and self._by.passed:
            self.state = State.IDLE

    def request(self, channel: int, first: int, last: int) -> None:
        """Ask for messages; the session is active."""
        assert self.endpoint is not None and self.state is State.ACTIVE, "a session that is active"
        asked = build(Type.RETRANSMISSION_REQUEST, ChannelID=channel, BeginSeqNum=first, EndSeqNum=last)
        self._waiting += packets.encode(0, [asked])
        self._push()

    def move(self) -> None:
        """End the connection; the other site's servers are tried first from now on."""
        self.close()
        self._endpoints = tuple(sorted(self._endpoints, key=lambda each: each.site == self._endpoints[0].site))

    def close(self) -> None:
        """End the connection."""
        if self.socket is not None:
            self.socket.close()
        self.socket, self.state = None, State.IDLE
        self._stream, self._waiting = packets.Stream(), bytearray()

    def _next(self) -> None:
        """Dial the next server that is left."""
        if not self._left:
            self.state, self._by = State.UNREACHABLE, Deadline.after(RETRY_S)
            return
        self.endpoint = self._left.pop(0)
        self._stream, self._waiting = packets.Stream(), bytearray()
        self._by = Deadline.after(self._timeout_s)
        self.state, self.logon_status = State.CONNECTING, None
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            self.socket.setblocking(False)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._source_address:
                self.socket.bind((self._source_address, 0))
            code = self.socket.connect_ex((self.endpoint.host, self.endpoint.port))
        except OSError as error:
            self._failed(error.strerror or str(error))
            return
        if code and code not in (errno.EINPROGRESS, errno.EWOULDBLOCK):
            self._failed(os.strerror(code))

    def _connected(self) -> None:
        assert self.socket is not None
        if code := self.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            self._failed(os.strerror(code))
            return
        self.state = State.LOGGING_ON
        logon = build(Type.LOGON, Username=self._user)
        self._waiting += packets.encode(0, [logon])
        self._push()

    def _failed(self, why: str) -> None:
        """Give a server up, and try the next one."""
        assert self.endpoint is not None
        where = self.endpoint
        self.close()
        self.endpoint = where
        self.tried.append(f"{where}: {why}")
        self._said(where, "retransmission server not available", {"came": why})
        self._next()

    def _read(self) -> list[Message | packets.Packet]:
        assert self.socket is not None
        try:
            chunk = self.socket.recv(65_536)
        except BlockingIOError:
            return []
        except OSError as error:
            self._lost(error.strerror or str(error))
            return []
        if not chunk:
            self._lost("the server closed the connection")
            return []
        if self.state is State.ACTIVE:
            self._by = Deadline.after(self._stale_s)
        found: list[Message | packets.Packet] = []
        try:
            for data in self._stream.feed(chunk):
                found += self._take(data)
        except RemoteProtocolError as error:
            self._lost(f"{error.where}: expected {error.expected}, came {error.came}")
        return found

    def _take(self, data: bytes) -> list[Message | packets.Packet]:
        packet = packets.read(data)
        if packet.heartbeat:
            self.heartbeats += 1
            self._waiting += data  # an exact copy
            return []
        if Type.LOGON_RESPONSE in packet.types:
            self._logged_on(next(packet.messages()).number("SessionStatus"))
            return []
        if Type.RETRANSMISSION_RESPONSE in packet.types:
            return list(packet.messages())
        return [packet]

    def _logged_on(self, status: int) -> None:
        assert self.endpoint is not None
        self.logon_status = status
        told = LOGON_STATUS.get(status, f"status {status}, which no document lists")
        self._said(self.endpoint, "retransmission logon", {"user": self._user, "status": told})
        if status == ACTIVE:
            self.state, self._by = State.ACTIVE, Deadline.after(self._stale_s)
            return
        where = self.endpoint
        self.close()
        self.endpoint, self.state = where, State.REFUSED
        self.tried.append(f"{where}: {told}")

    def _lost(self, why: str) -> None:
        """Note the end of the connection; the next request looks for a server again."""
        assert self.endpoint is not None
        where, was = self.endpoint, self.state
        if was is State.LOGGING_ON:
            self._failed(why)
            return
        self.close()
        self.endpoint = where
        if was is State.ACTIVE:
            self._said(where, "retransmission connection lost", {"came": why})

    def _push(self) -> None:
        if self.socket is None or not self._waiting:
            return
        with contextlib.suppress(BlockingIOError):
            try:
                del self._waiting[: self.socket.send(self._waiting)]
            except BlockingIOError:
                raise
            except OSError as error:
                self._lost(error.strerror or str(error))
