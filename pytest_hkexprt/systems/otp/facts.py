"""What a connection to a gateway brought to light: values the client yields and the checks compare."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import dataclass, field

from pytest_hkexprt.model import Endpoint, Site
from pytest_hkexprt.systems.otp.messages import Kind, Role
from pytest_hkexprt.systems.otp.words import SessionStatus


@dataclass(frozen=True, slots=True)
class Try:
    """One address that was tried, and what came of it."""

    endpoint: Endpoint
    came: str
    """``connected``, ``connection refused``, or what a lookup said."""
    stood: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """Gateways, and who told of them."""

    gateways: tuple[Endpoint, ...]
    """The primary one first."""
    site: Site
    """Of the lookup service, or of the pool's first."""
    tries: tuple[Try, ...] = ()
    hunted: bool = False
    """Whether they are a pool, of both sites, and nobody was asked."""


@dataclass(frozen=True, slots=True)
class Logon:
    """How a logon was answered."""

    endpoint: Endpoint
    """The gateway."""
    comp_id: str
    status: int | None
    """The SessionStatus; None where the gateway closed the line without a word, or kept silent."""
    text: str = ""
    test: bool | None = None
    """Whether the gateway says that it is a test; None where it does not say."""
    granted: bool = False
    tries: tuple[Try, ...] = ()
    next_out: int = 1
    next_in: int = 1
    changed_password: bool = False

    @property
    def told(self) -> str:
        """The status in words."""
        if self.status is None:
            return self.text or "no answer"
        try:
            name = SessionStatus(self.status).name.lower().replace("_", " ")
        except ValueError:
            name = "a status no document has"
        return f"status {int(self.status)}, {name}" + (f" ({self.text})" if self.text else "")


@dataclass(frozen=True, slots=True)
class Logout:
    """How a session ended."""

    endpoint: Endpoint
    answered: bool
    """Whether the gateway answered the logout with its own."""
    their_side_closed: bool
    our_side_closed: bool
    waited_s: float
    status: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Beats:
    """What was heard while a session was only kept."""

    kept_s: float
    """In documented seconds."""
    sent: int
    heard: int
    expected: int


@dataclass(slots=True)
class Transcript:
    """Who said how many messages of which kind, on one participant's connections so far."""

    counts: dict[tuple[Role, Kind], int] = field(default_factory=dict)

    def add(self, who: Role, kind: Kind) -> None:
        """Count a message."""
        self.counts[who, kind] = self.counts.get((who, kind), 0) + 1

    def said(self, who: Role, kind: Kind) -> int:
        """Return how many of a kind somebody said."""
        return self.counts.get((who, kind), 0)

    def business(self) -> list[str]:
        """Return what was said that is no session message: who, what, how often."""
        return self.told(lambda kind: not kind.is_session)

    def told(self, which: Callable[[Kind], bool] = lambda _: True) -> list[str]:
        """Return who said what, and how often."""
        names = {Role.INITIATOR: "the participant", Role.ACCEPTOR: "the gateway"}
        return [f"{names[who]}: {kind}, {count}" for (who, kind), count in self.counts.items() if which(kind)]


@dataclass(frozen=True, slots=True)
class RoundTrips:
    """Times from a request to the first report on it, in milliseconds."""

    count: int
    median_ms: float
    percentile_95_ms: float
    greatest_ms: float

    def __str__(self) -> str:
        times = f"median {self.median_ms:.2f} ms, 95th percentile {self.percentile_95_ms:.2f} ms"
        return f"{self.count} requests: {times}, greatest {self.greatest_ms:.2f} ms"


def round_trips(times_s: list[float]) -> RoundTrips | None:
    """Return the figures of some round trips; None of none."""
    if not times_s:
        return None
    ordered = sorted(times_s)
    at_95 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    return RoundTrips(len(ordered), statistics.median(ordered) * 1000, at_95 * 1000, ordered[-1] * 1000)
