"""What tests of client and simulator share."""

from __future__ import annotations

from collections.abc import Callable

from pytest_hkexprt.deadline import Deadline
from pytest_hkexprt.systems.omd.channels import Line
from pytest_hkexprt.systems.omd.client import Client
from pytest_hkexprt.systems.omd.facts import ChannelFacts, Filled, Gap
from pytest_hkexprt.systems.omd.simulator import Simulator

USER = "TESTER"
LONGEST_S = 30.0
"""Generous: a slow machine is no fault."""
FULL_TICK, STANDARD, NEWS, DR = 30, 10, 4, 9
BOTH = (Line.A, Line.B)


def until(client: Client, holds: Callable[[], bool]) -> None:
    """Wait until something holds of what a client received."""
    assert client.wait_for(holds, Deadline.after(LONGEST_S)), "it never held"


def channel(client: Client, number: int) -> ChannelFacts:
    """Return what a client knows of a channel."""
    return next(each for each in client.snapshot() if each.number == number)


def gaps(client: Client, number: int, how: Filled) -> list[Gap]:
    """Return a channel's gaps that were filled in one way."""
    return [gap for gap in channel(client, number).gaps if gap.filled is how]


def more(client: Client, number: int, messages: int = 30) -> None:
    """Wait until so many messages more were delivered on a channel."""
    arbiter = client.receptions[number].arbiter
    before = arbiter.delivered
    until(client, lambda: arbiter.delivered >= before + messages)


def differences(client: Client, simulator: Simulator) -> list[str]:
    """Let the market rest, and return in what the client's pictures differ from the publisher's."""
    settled = simulator.settle()
    receptions = client.receptions
    until(client, lambda: all(receptions[each].arbiter.next == last + 1 for each, last in settled.last.items()))
    found = [
        line for each, picture in client.pictures().items() for line in picture.differences(settled.pictures[each])
    ]
    found += [fault for picture in client.pictures().values() for fault in picture.faults]
    simulator.resume()
    return found
