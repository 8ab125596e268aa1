"""The receiving end of a multicast group: a socket that joined it on one interface, with what the kernel knows of it.

Lost on the wire and lost here are different faults with different cures, so the kernel's own count of what did not fit
into the receive buffer is read beside the packets. Where the kernel stamps arrivals, its stamp is taken: it does not
wait for this process.

Source: ip(7) (IP_ADD_MEMBERSHIP, IP_MULTICAST_ALL), socket(7) (SO_RCVBUF, SO_TIMESTAMP), linux/sock_diag.h
(SK_MEMINFO_DROPS).
"""

from __future__ import annotations

import contextlib
import ipaddress
import os
import socket
import struct
import sys
from types import TracebackType

from pytest_hkexprt.errors import UsageFault

LINUX = sys.platform == "linux"
SO_TIMESTAMPNS = 35
SO_MEMINFO = 55
IP_MULTICAST_ALL = 49
"""Linux's numbers, which the socket module does not name."""
MEMINFO = struct.Struct("9I")
DROPS = 8
"""Position in what SO_MEMINFO answers of the datagrams that did not fit."""
TIMESPEC = struct.Struct("qq")
ANCILLARY_BYTES = socket.CMSG_SPACE(TIMESPEC.size) if hasattr(socket, "CMSG_SPACE") else 0
LARGEST_DATAGRAM_BYTES = 65_535
"""Room for more than any packet may have, so that one that is too large is seen whole and told."""
BUFFER_BYTES = 8 * 1024 * 1024
"""Asked for; the system may grant less, and evidence says what it granted."""


class GroupSocket:
    """A socket that has joined a multicast group, or, for a unicast address, that is bound to it.

    Args:
        group: where the packets are sent to.
        port: likewise.
        interface: the address of this machine on whose interface the group is joined; empty for the system's choice.
        buffer_bytes: the receive buffer asked for.

    Raises:
        UsageFault: the group cannot be joined there.
    """

    def __init__(self, group: str, port: int, interface: str = "", buffer_bytes: int = BUFFER_BYTES) -> None:
        self.group, self.port = group, port
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            self._open(group, port, interface, buffer_bytes)
        except OSError as error:
            self.socket.close()
            raise UsageFault(
                f"group {group}:{port}",
                expected=f"to be joined on interface {interface or 'of the system’s choice'}",
                came=error.strerror or str(error),
                next_step="set [omd] interface in hkexprt.toml to this machine's address on the line",
            ) from error
        granted = self.socket.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF)
        self.buffer_bytes = granted // 2 if LINUX else granted
        """What the system granted; Linux says twice that, its own books included (socket(7))."""

    def __enter__(self) -> GroupSocket:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def fileno(self) -> int:
        """Return the descriptor, for a selector."""
        return self.socket.fileno()

    def close(self) -> None:
        """Leave the group."""
        self.socket.close()

    def receive(self) -> tuple[bytes, int]:
        """Return a datagram that waits, and when the kernel took it in, in ns since the epoch; 0 where it does not say.

        Raises:
            BlockingIOError: none waits.
        """
        if not LINUX:
            return self.socket.recv(LARGEST_DATAGRAM_BYTES), 0
        datagram, ancillary, _, _ = self.socket.recvmsg(LARGEST_DATAGRAM_BYTES, ANCILLARY_BYTES)
        if not ancillary:
            return datagram, 0
        seconds, rest_ns = TIMESPEC.unpack(ancillary[0][2])
        return datagram, seconds * 1_000_000_000 + rest_ns

    @property
    def dropped(self) -> int | None:
        """How many datagrams the kernel dropped here for want of room; None where it does not say."""
        if not LINUX:
            return None
        try:
            told = self.socket.getsockopt(socket.SOL_SOCKET, SO_MEMINFO, MEMINFO.size)
        except OSError:
            return None
        return int(MEMINFO.unpack(told)[DROPS]) if len(told) == MEMINFO.size else None

    def _open(self, group: str, port: int, interface: str, buffer_bytes: int) -> None:
        opened, multicast = self.socket, is_multicast(group)
        opened.setblocking(False)
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer_bytes)
        if multicast:  # several receivers on one machine may each have the feed
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Bound to the group itself a socket hears nothing else that comes to the port; Windows has no such binding.
        opened.bind(("" if multicast and os.name == "nt" else group, port))
        if multicast:
            on = socket.inet_aton(interface or "0.0.0.0")  # noqa: S104  the interface's choice is the system's
            opened.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, socket.inet_aton(group) + on)
        if LINUX:
            with contextlib.suppress(OSError):
                opened.setsockopt(socket.IPPROTO_IP, IP_MULTICAST_ALL, 0)
            with contextlib.suppress(OSError):
                opened.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)


def is_multicast(host: str) -> bool:
    """Return whether an IPv4 address is a group's.

    Source: RFC 5771, section 3: 224.0.0.0 to 239.255.255.255.
    """
    try:
        return ipaddress.IPv4Address(host).is_multicast
    except ValueError:
        return False
