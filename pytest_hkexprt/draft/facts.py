"""What a draft holds: facts with the line each is from, and what is doubtful about them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from pytest_hkexprt.model import FormWhen, Site


@dataclass(frozen=True, slots=True)
class Text:
    """A text the circular gives."""

    value: str
    line: int


@dataclass(frozen=True, slots=True)
class Day:
    """A date, or a deadline with its time of day."""

    date: dt.date
    line: int
    time: dt.time | None = None
    """None where the circular gives none."""
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class DraftSession:
    """A session, as far as the circular says."""

    name: str
    date: dt.date
    line: int
    starts: dt.time | None = None
    """None where the circular gives no time of day."""
    ends: dt.time | None = None
    next_day: bool = False
    """Whether it ends on the day after."""
    sites: tuple[Site, ...] = ()
    """One; two, in order, for a failover or where both are named; none where none is."""
    failover: bool = False
    """Whether the two sites are from and to."""
    systems: tuple[str, ...] = ()
    subject_to: str = ""
    """What the circular says it depends on, in its words."""
    focus: str = ""
    """The heading of its objectives."""
    doubts: tuple[str, ...] = ()
    """What a reviewer must look at."""


@dataclass(frozen=True, slots=True)
class DraftClause:
    """One thing the circular asks for, still in its own words."""

    id: str
    asks: str
    line: int
    system: str = ""
    steps: tuple[str, ...] = ()
    """Gherkin steps that restate it, keyword and phrase; none where it is not tested."""
    untested: str = ""
    told: tuple[str, ...] = ()
    """Every piece of the source it stands for."""


@dataclass(frozen=True, slots=True)
class DraftAddress:
    """An address, and the site it is at."""

    system: str
    site: Site
    address: str
    """``host:port``."""
    line: int


@dataclass(frozen=True, slots=True)
class DraftForm:
    """A form to be returned, or the registration."""

    name: str
    returned_to: str
    deadline: Day
    when: FormWhen
    line: int
    told: str = ""
    """The sentence it is from."""


@dataclass(frozen=True, slots=True)
class DraftPeriod:
    """The stabilisation period."""

    starts: dt.date
    ends: dt.date
    line: int


@dataclass(frozen=True, slots=True)
class Unplaced:
    """Something of the circular that no key holds."""

    line: int
    what: str
    """Why it was noticed: ``a date``, ``an obligation``."""
    excerpt: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A circular, as far as it could be read."""

    reference: Text | None
    dated: Day | None
    issuer: Text | None
    subject: Text | None
    roles: tuple[str, ...]
    sessions: tuple[DraftSession, ...]
    clauses: tuple[DraftClause, ...]
    addresses: tuple[DraftAddress, ...]
    registration: DraftForm | None
    forms: tuple[DraftForm, ...]
    stabilisation: DraftPeriod | None
    unplaced: tuple[Unplaced, ...] = ()
