"""One line of one channel as it leaves the simulator, with whatever befalls its packets on the way.

Lines lose, double, delay and exchange packets in life, so they do so in a rehearsal, too, a little and always at the
same packets; tests and drills make more of it.
"""

from __future__ import annotations

import struct
from collections import deque
from collections.abc import Callable, Collection
from dataclasses import dataclass

from pytest_hkexprt.deadline import Deadline
from pytest_hkexprt.systems.omd.channels import Address, Line
from pytest_hkexprt.systems.omd.drills import Drill
from pytest_hkexprt.systems.omd.packets import PACKET_HEADER_BYTES

PACKET_SIZE = struct.Struct("<H")
MESSAGE_SIZE = struct.Struct("<H")
SEQUENCE = struct.Struct("<I")
COUNT_AT, SEQUENCE_AT = 2, 4
"""Where MsgCount and SeqNum stand in a packet."""
BROKEN_EVERY = 10
"""Packets from one that a drill breaks to the next."""


@dataclass(frozen=True, slots=True)
class Noise:
    """How often a line does what lines do: every so many packets, and never where 0."""

    lost: int = 0
    doubled: int = 0
    exchanged: int = 0
    """With the packet after it."""


AS_IN_LIFE = {Line.A: Noise(lost=29, exchanged=41), Line.B: Noise(doubled=23, exchanged=31)}
"""Packets are lost on one line alone, so that nothing is missing from both unless it is meant to be."""
QUIET = {Line.A: Noise(), Line.B: Noise()}


class Outlet:
    """Where the packets of one line of one channel leave.

    Args:
        send: takes a datagram, and where it goes.
        line: which it is.
        address: its group.
        noise: what befalls its packets.
        drills: faults that break packets, of this line.
    """

    def __init__(
        self,
        send: Callable[[bytes, Address], None],
        line: Line,
        address: Address,
        noise: Noise = Noise(),
        drills: Collection[str] = (),
    ) -> None:
        self.line = line
        self.addresses = [address]
        """Its group, and, by a drill, another channel's; none where it is dead."""
        self.stopped = False
        """Whether nothing leaves until it is started again."""
        self._send = send
        self._noise = noise
        self._drills = frozenset(drills)
        self._sent = 0
        self._lose = 0
        self._delays: deque[float] = deque()
        self._late: list[tuple[Deadline, bytes]] = []
        self._behind: bytes | None = None

    def lose(self, packets: int) -> None:
        """Lose the next packets with messages."""
        self._lose += packets

    def delay(self, packets: int, seconds: float) -> None:
        """Send the next packets with messages so much later."""
        self._delays.extend([seconds] * packets)

    def send(self, datagram: bytes) -> None:
        """Send a packet, or what becomes of it."""
        if self.stopped or not self.addresses:
            return
        if not datagram[COUNT_AT]:
            self._out(datagram)
            return
        self._sent += 1
        datagram = self._broken(datagram)
        if self._lose:
            self._lose -= 1
        elif _due(self._noise.lost, self._sent):
            pass
        elif self._delays:
            self._late.append((Deadline.after(self._delays.popleft()), datagram))
        elif _due(self._noise.exchanged, self._sent) and self._behind is None:
            self._behind = datagram
            return
        else:
            self._out(datagram)
            if _due(self._noise.doubled, self._sent):
                self._out(datagram)
        self.flush()

    def flush(self) -> None:
        """Send what was held back for its turn, and what is late enough by now."""
        if self._behind is not None:
            datagram, self._behind = self._behind, None
            self._out(datagram)
        due = [each for each in self._late if each[0].passed]
        self._late = [each for each in self._late if each not in due]
        for _, datagram in due:
            self._out(datagram)

    def _out(self, datagram: bytes) -> None:
        for address in () if self.stopped else self.addresses:
            self._send(datagram, address)

    def _broken(self, datagram: bytes) -> bytes:
        if not self._drills or self._sent % BROKEN_EVERY:
            return datagram
        changed = bytearray(datagram)
        if Drill.PACKET_SIZE_DIFFERS in self._drills and self.line is Line.A:
            PACKET_SIZE.pack_into(changed, 0, len(datagram) + 8)
        if Drill.CUT_MESSAGE in self._drills and self.line is Line.A:
            MESSAGE_SIZE.pack_into(changed, PACKET_HEADER_BYTES, len(datagram))
        if Drill.SEQUENCE_GOES_BACK in self._drills:
            (sequence,) = SEQUENCE.unpack_from(datagram, SEQUENCE_AT)
            SEQUENCE.pack_into(changed, SEQUENCE_AT, max(1, sequence // 2))
        return bytes(changed)


def _due(every: int, number: int) -> bool:
    return bool(every) and not number % every
