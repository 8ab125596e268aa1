"""What is tried again, how often, and what never is.

A refused connection and one that was cut may be another moment's: a server is started, a line switches over. A silence
has been waited for already, and a wrong key or a changed host key stays what it is however often it is shown; neither
is tried again. Every try is in the evidence. What was begun over a connection that was cut starts over, because nothing
proves that the beginning is that of the file as it is now.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from pytest_hkexprt.deadline import pause
from pytest_hkexprt.errors import HkexprtError, Unreachable
from pytest_hkexprt.evidence.journal import Journal
from pytest_hkexprt.model import Endpoint
from pytest_hkexprt.systems.rap.client_ssh import Connection
from pytest_hkexprt.systems.rap.facts import Dialled
from pytest_hkexprt.systems.transport import Lost, Refused

T = TypeVar("T")

PAUSES_S = (0.5, 1.5)
"""Before each further try: three tries in all, and two seconds for a server that is just being started."""


def dial(
    endpoints: Sequence[Endpoint],
    connect: Callable[[Endpoint], Connection],
    journal: Journal,
    *,
    every: bool,
    pauses_s: Sequence[float],
    seen: Callable[[Dialled], None],
) -> Connection:
    """Return the first connection that stands, the addresses dialled in their order.

    Args:
        endpoints: a site's addresses.
        connect: dials one of them.
        journal: where each try is written.
        every: whether the other addresses are dialled as well, to see that they answer.
        pauses_s: how long to wait before each further round.
        seen: told of each try.

    Raises:
        Unreachable: no address answered.
        HostKeyRefused: a server's host key is not the one pinned; no further address is tried.
        RemoteProtocolError: a server speaks no SSH that is safe today.
    """
    for rounds, pause_s in enumerate((*pauses_s, None), start=1):
        kept: Connection | None = None
        failed: dict[str, Unreachable] = {}
        for endpoint in endpoints:
            if kept and not every:
                break
            try:
                found = connect(endpoint)
            except Unreachable as error:
                failed[endpoint.address] = error
                seen(Dialled(endpoint, peer="", refused=error.came))
                journal.exchange(endpoint, "no connection", {"came": error.came})
                continue
            except BaseException as error:
                if isinstance(error, HkexprtError):
                    facts = {"expected": error.expected, "came": error.came}
                    journal.exchange(endpoint, "ended without a login", facts)
                if kept:
                    kept.drop()
                raise
            seen(found.dialled)
            journal.exchange(endpoint, "connected, host key verified", found.facts)
            if kept is None:
                kept = found
            else:
                found.drop()
        if kept:
            return kept
        if pause_s is None or not any(isinstance(error, Refused | Lost) for error in failed.values()):
            raise _nobody(endpoints, failed, rounds)
        journal.exchange(endpoints[0], "dialling again", {"after": f"{pause_s:g} s"})
        pause(pause_s)
    raise AssertionError("the last round returns or raises")


def persist(
    work: Callable[[], T], renew: Callable[[], object], cut: Callable[[str, str], object], pauses_s: Sequence[float]
) -> T:
    """Return what the work gives; where its connection is cut, have a new one made and start it over.

    Args:
        work: over the connection of the moment.
        renew: connects and logs in anew.
        cut: told what came, and what is done then.
        pauses_s: how long to wait before each further try.

    Raises:
        Unreachable: the connection was cut once more than allowed, or there is none to be had again.
    """
    for tried, pause_s in enumerate(pauses_s, start=1):
        try:
            return work()
        except Lost as error:
            lost = error
        cut(lost.came, f"after {pause_s:g} s it starts over, try {tried + 1} of {len(pauses_s) + 1}")
        pause(pause_s)
        try:
            renew()
        except Unreachable as error:
            came = f"{lost.came}; then no connection again: {error.came}"
            raise Unreachable(lost.where, expected=lost.expected, came=came, next_step=lost.next_step) from error
    return work()


def _nobody(endpoints: Sequence[Endpoint], failed: Mapping[str, Unreachable], rounds: int) -> Unreachable:
    return Unreachable(
        f"{endpoints[0].system}/{endpoints[0].site}",
        expected=f"an answer from one of {', '.join(str(endpoint) for endpoint in endpoints)}",
        came="; ".join(f"{address}: {error.came}" for address, error in failed.items())
        + (f"; dialled {rounds} times" if rounds > 1 else ""),
        next_step="look whether the line is up, and whether the session's window is open",
    )
