"""The words of a circular as frozen values: sites, sessions, clauses, participants, endpoints, outcomes.

Everything else imports these and they import nothing, so that a circular, a schedule or a check can be reasoned about
without a file, a socket or a clock.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path


class Site(StrEnum):
    """A data centre, as every other word for it is folded: see :data:`SITE_SYNONYMS`."""

    PRIMARY = "primary"
    SECONDARY = "secondary"

    @property
    def other(self) -> Site:
        """The other of the two sites."""
        return Site.SECONDARY if self is Site.PRIMARY else Site.PRIMARY


SITE_SYNONYMS: dict[str, Site] = {
    "primary": Site.PRIMARY,
    "primary data centre": Site.PRIMARY,
    "primary site": Site.PRIMARY,
    "pdc": Site.PRIMARY,
    "production": Site.PRIMARY,
    "secondary": Site.SECONDARY,
    "secondary data centre": Site.SECONDARY,
    "secondary site": Site.SECONDARY,
    "sdc": Site.SECONDARY,
    "backup": Site.SECONDARY,
    "backup site": Site.SECONDARY,
    "dr": Site.SECONDARY,
    "disaster recovery": Site.SECONDARY,
}
"""The one place where the words of circulars and of users become the two sites (lower case)."""
ROLES = ("CP", "EP", "CCEP", "HSN")
"""Clearing Participant, Exchange Participant, China Connect Exchange Participant, subscriber of the hosting network."""


class Target(StrEnum):
    """Whom a run talks to."""

    SIMULATOR = "simulator"
    LIVE = "live"


class Basis(StrEnum):
    """What a check's value rests on."""

    OBSERVED = "observed"
    DECLARED = "declared"
    SIMULATED = "simulated"


class Outcome(StrEnum):
    """How something ended; :meth:`worst` sums. The order of the members is the ladder."""

    NOT_RUN = "not run"
    OMITTED = "omitted"
    SKIPPED = "skipped"
    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"

    @property
    def rank(self) -> int:
        """The rung on the ladder, 0 (not run) to 5 (error)."""
        return _LADDER[self]

    @classmethod
    def worst(cls, outcomes: list[Outcome]) -> Outcome:
        """Return the highest rung among ``outcomes``; of nothing, ``NOT_RUN``."""
        return max(outcomes, key=lambda outcome: outcome.rank, default=cls.NOT_RUN)


_LADDER = {outcome: rank for rank, outcome in enumerate(Outcome)}


class Secret:
    """A string that shows itself as ``•••`` wherever it is printed, formatted or represented."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the secret itself; only the code that hands it to a library calls this."""
        return self._value

    def __repr__(self) -> str:
        return "•••"

    __str__ = __repr__


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One address of one system at one site."""

    system: str
    site: Site
    host: str
    port: int
    published: str = ""
    """``host:port`` as the circular has it, where ``host`` and ``port`` differ from that."""
    origin: str = "circular"
    """Where the address is from: ``circular``, ``participant file`` or ``simulator``."""

    @property
    def address(self) -> str:
        """``host:port``."""
        return f"{self.host}:{self.port}"

    def __str__(self) -> str:
        shown = f"{self.system}/{self.site} {self.address}"
        return f"{shown} (for {self.published})" if self.published and self.published != self.address else shown


@dataclass(frozen=True, slots=True)
class Session:
    """A window in Hong Kong time, the site it exercises, or the two of a failover, and the systems in it."""

    name: str
    site: Site
    """Where it begins."""
    starts: dt.datetime
    """Aware."""
    ends: dt.datetime
    """Aware, after ``starts``."""
    systems: tuple[str, ...]
    fails_over_to: Site | None = None
    """Where it ends, where it is a failover."""
    timed: bool = True
    """Whether the circular gives times of day; where not, ``starts`` and ``ends`` are the bounds of its date."""
    roles: tuple[str, ...] = ()
    """Whom it is for; empty for all of the circular's roles."""
    subject_to: tuple[str, ...] = ()
    """Names of the earlier sessions on whose result it depends."""
    register_by: dt.datetime | None = None
    """Aware; until when one registers for this session, where it has a deadline of its own."""
    focus: str = ""
    """What the circular says is exercised: the network components of a phase."""

    @property
    def sites(self) -> tuple[Site, ...]:
        """Its site, or the two of a failover, in their order."""
        return (self.site,) if self.fails_over_to is None else (self.site, self.fails_over_to)

    @property
    def place(self) -> str:
        """``primary``, or ``primary to secondary``."""
        return " to ".join(self.sites)


@dataclass(frozen=True, slots=True)
class Clause:
    """One thing a circular asks for, restated."""

    id: str
    """A word, never a position."""
    asks: str
    where: str = ""
    """The place in the circular."""
    untested: str = ""
    """Why no scenario proves it; empty when one does."""


@dataclass(frozen=True, slots=True)
class Registration:
    """How and until when one registers."""

    channel: str
    deadline: dt.datetime
    """Aware."""


class FormWhen(StrEnum):
    """On which side of the sessions a form is returned."""

    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Form:
    """A form a circular wants back."""

    name: str
    returned_to: str
    deadline: dt.datetime
    """Aware."""
    when: FormWhen


@dataclass(frozen=True, slots=True)
class Period:
    """A span of calendar dates, both ends included."""

    starts: dt.date
    ends: dt.date


@dataclass(frozen=True, slots=True)
class Circular:
    """One notice, as data."""

    stem: str
    """The name of its TOML file without the ending: ``rap``."""
    path: Path
    """The TOML file."""
    reference: str
    """Empty where the circular gives none."""
    dated: dt.date | None
    issuer: str
    subject: str
    roles: tuple[str, ...]
    sessions: tuple[Session, ...]
    clauses: tuple[Clause, ...]
    endpoints: tuple[Endpoint, ...]
    """The published addresses of every system at every site, in the circular's order."""
    registration: Registration | None = None
    stabilisation: Period | None = None
    forms: tuple[Form, ...] = ()
    restates: str = ""
    """The feature file that holds its steps, where that is not the file of its own name."""


@dataclass(frozen=True, slots=True)
class Participant:
    """Who runs it; read from ``hkexprt.toml``, or generated for a rehearsal."""

    name: str
    roles: tuple[str, ...] = ()
    line: str = ""
    """``HSN`` or ``SDNET``; empty when not said."""
    source_address: str = ""
    """The line's own address, from which connections are made; empty for the system's choice."""
    subnet: str = ""
    """The line's own network at this end, such as ``192.0.2.0/24``; empty when not said."""
    data_folder: Path = Path("hkexprt-data")
    """Where baselines and downloads go; never inside the report folder."""
    contact: dict[str, str] = field(default_factory=dict)
    """Who answers for it: name, position, telephone, e-mail, company; what the result form shows."""
    path: Path | None = None
    """The participant file; None for a generated participant."""
    systems: dict[str, dict[str, object]] = field(default_factory=dict)
    """The table of each system (``[rap]``), as read; the system's own code gives it types."""
    lang: str = ""
    """Of the labels, where the command line asks for none."""
    sign_with: Path | None = None
    """The OpenSSH key the evidence is signed with; None for none."""
    hidden: tuple[str, ...] = ()
    """Texts that are never evidence: what the participant wants left out of it."""
    hidden_variables: tuple[str, ...] = ()
    """Environment variables whose values are never evidence."""

    @property
    def generated(self) -> bool:
        """Whether this participant was made up for a rehearsal."""
        return self.path is None


@dataclass(frozen=True, slots=True)
class Run:
    """What the command line asked for, frozen before collection."""

    sites: tuple[Site, ...]
    """In the order asked for; ``--site=all`` and no ``--site`` give both."""
    target: Target
    participant: Participant
    """Of several, in the run that a fixture is given, the one whose turn it is."""
    circular: str = ""
    """``--circular`` as given; empty for the feature's own."""
    at: dt.datetime | None = None
    """``--at``: the moment a rehearsal's clock is put to, aware; None for the start of the session's window."""
    drills: tuple[str, ...] = ()
    """``system.fault`` names of the simulator faults switched on."""
    evidence: Path | None = None
    """``--evidence``: the folder below which the run's own is made; None for ``reports`` at the root directory."""
    lang: str = ""
    """``--lang``: the language of the report's labels, ``zh-Hant``; empty for English."""
    sign_with: Path | None = None
    """The key the evidence is signed with, the option's before the participant file's; None leaves it unsigned."""
    participants: tuple[Participant, ...] = ()
    """For whom the sessions are repeated, in the file's order; empty where there is one participant alone."""
    allow_orders: bool = False
    """``--allow-orders``: whether orders may leave for a live gateway."""

    @property
    def rehearsal(self) -> bool:
        """Whether the simulator is the target."""
        return self.target is Target.SIMULATOR
