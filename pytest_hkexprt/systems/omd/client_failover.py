"""A failover between sites as the client goes through it: everything cleared, then built again from snapshots.

Source: HKEX OMD-C Binary Interface Specifications v1.45, section 3.4.3; HKEX OMD-C Developers Guide 1.11, section 9.8.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence

from pytest_hkexprt.errors import RemoteProtocolError
from pytest_hkexprt.systems.omd.client_channel import Reception
from pytest_hkexprt.systems.omd.events import Event, Fresh
from pytest_hkexprt.systems.omd.facts import FailoverFacts
from pytest_hkexprt.systems.omd.layouts import Type
from pytest_hkexprt.systems.omd.packets import header
from pytest_hkexprt.systems.omd.recovery import Dr, DrAction, DrSignal

MOST_MEANWHILE = 10_000
"""Packets of real-time channels that are counted while a failover is under way."""


class Failover:
    """What the DR channel says, and what is done about it.

    Args:
        move: ends the connection to a retransmission server, since the other site serves from now on.
    """

    def __init__(self, move: Callable[[], None]) -> None:
        self._move = move
        self._receptions: Mapping[int, Reception] = {}
        self._dr = DrSignal()
        self._last_heard_s: float | None = None
        self._silent_s: float | None = None
        self._cleared: list[int] = []
        self._rebuilt: dict[int, float] = {}
        self._meanwhile: list[tuple[int, int]] = []
        """SendTime and number of messages of real-time packets since the signal."""

    def begin(self, receptions: Mapping[int, Reception]) -> None:
        """Take the channels."""
        self._receptions = receptions

    @property
    def under_way(self) -> bool:
        """Whether the DR channel said that it has begun, and not yet that it is done."""
        return self._dr.state is Dr.IN_PROGRESS

    @property
    def facts(self) -> FailoverFacts:
        """What was received of it."""
        if self._dr.state is Dr.NORMAL:
            return FailoverFacts()
        return FailoverFacts(
            silent_s=self._silent_s,
            signalled_s=self._dr.began_s,
            completed_s=self._dr.completed_s,
            cleared=tuple(self._cleared),
            rebuilt=dict(self._rebuilt),
            heartbeats_meanwhile=sum(not messages for _, messages in self._meanwhile),
            messages_meanwhile=sum(messages for _, messages in self._meanwhile),
        )

    def heard(self, reception: Reception, events: Sequence[Event], datagram: bytes, now_s: float) -> None:
        """Take what a channel brought."""
        if reception.channel.dr:
            for event in events:
                if isinstance(event, Fresh):
                    self._signals(event, now_s)
        elif not self.under_way:
            self._last_heard_s = now_s
        elif len(self._meanwhile) < MOST_MEANWHILE:
            with contextlib.suppress(RemoteProtocolError):  # counted already
                found = header(datagram)
                self._meanwhile.append((found.sent_ns, found.count))

    def rebuilt(self, channel: int, now_s: float) -> None:
        """Note that a channel's picture stands again, where it was cleared."""
        if self._dr.state is Dr.COMPLETED and self._cleared:
            self._rebuilt.setdefault(channel, now_s)

    def _signals(self, piece: Fresh, now_s: float) -> None:
        for message in piece.messages():
            if message.type != Type.DR_SIGNAL:
                continue
            action = self._dr.take(message, now_s)
            if action is DrAction.REBUILD:  # channels are served in no order: what was sent later is not meanwhile
                self._meanwhile = [each for each in self._meanwhile if each[0] < piece.packet.sent_ns]
            if action is not None:
                self._act(action, now_s)

    def _act(self, action: DrAction, now_s: float) -> None:
        """Clear, or build again; who begins in the midst of it clears first, too."""
        if action is DrAction.CLEAR or not self._cleared:
            self._silent_s, self._cleared, self._rebuilt = self._last_heard_s, [], {}
            for number, each in self._receptions.items():
                if not each.channel.dr:
                    each.on_dr(action, now_s)
                    self._cleared.append(number)
        if action is DrAction.CLEAR:
            self._meanwhile = []
            return
        self._move()
        for number, each in self._receptions.items():
            if not each.channel.dr:
                each.on_dr(action, now_s)
                if each.receiver.refresh is None:
                    self._rebuilt[number] = now_s
