"""What a feature file means under a run: its circular, and the sessions its scenarios are run in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import pytest

from pytest_hkexprt import circular as circulars
from pytest_hkexprt import shipped
from pytest_hkexprt.clock import HONG_KONG
from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.model import Circular, Run, Session, Site
from pytest_hkexprt.stash import RUN

_DEFAULTS: pytest.StashKey[dict[frozenset[str], tuple[Circular, Session]]] = pytest.StashKey()
TAG = "circular."
"""What a feature's tag begins with when it names its circular: ``@circular.rap``."""
STABILISATION = "session.stabilisation"
"""The feature's tag that puts its scenarios into the circular's stabilisation period."""
ANYWHERE = ("forms", "network")
"""Systems that every session has, whether or not it names them."""
LAST = "session.last"
"""The scenario's tag that keeps it to the last of the circular's sessions."""
FAILOVER = "session.failover"
"""The scenario's tag that keeps it to sessions to which a failover leads: at the secondary site, or ending there."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The sessions of one circular that a run asks for."""

    circular: Circular
    sessions: tuple[Session, ...]
    """In the circular's order; never empty."""

    @property
    def several(self) -> bool:
        """Whether node ids must carry the session."""
        return len(self.sessions) > 1


def plan(run: Run, feature: Path, tags: Collection[str] = ()) -> Plan:
    """Return the plan of a feature file: by ``--circular``, its ``@circular.<stem>`` tag, or the TOML of its own name.

    Args:
        run: what the command line asked for.
        feature: the feature file.
        tags: the feature's own tags, without the at sign.

    Raises:
        UsageFault: there is no such circular, its data is wrong, or it has no session at the sites asked for.
    """
    circular = _circular(run, feature, tags)
    offered = (_period(circular, feature),) if STABILISATION in tags else circular.sessions
    sessions = tuple(session for session in offered if {*session.sites} & {*run.sites})
    if not sessions:
        there_are = "; ".join(f"{each.name} at {each.place} ({each.starts:%Y-%m-%d %H:%M})" for each in offered)
        raise UsageFault(
            f"circular {circular.stem} ({circular.reference or 'no reference'})",
            expected=f"a session at the {' or '.join(run.sites)} site",
            came=f"none; there are: {there_are}",
            next_step=f"choose --site={offered[0].site}",
        )
    return Plan(circular, sessions)


def runs_in(tags: Collection[str], session: Session, circular: Circular) -> bool:
    """Return whether a scenario with these tags is run in a session."""
    if FAILOVER in tags and Site.SECONDARY not in session.sites:
        return False
    return LAST not in tags or all(other.ends <= session.ends for other in circular.sessions)


def _period(circular: Circular, feature: Path) -> Session:
    """Return the stabilisation period as the window it is: whole days, at the site of production, of every system."""
    period = circular.stabilisation
    if period is None:
        raise UsageFault(
            f"{feature.name} (@{STABILISATION})",
            expected=f"a table [stabilisation] in {circular.path.name}",
            came="none",
            next_step="write its starts and ends there, or take the tag away",
        )
    systems = dict.fromkeys(system for session in circular.sessions for system in session.systems)
    return Session(
        name="Stabilisation period",
        site=Site.PRIMARY,
        starts=dt.datetime.combine(period.starts, dt.time.min, HONG_KONG),
        ends=dt.datetime.combine(period.ends, dt.time(23, 59), HONG_KONG),
        systems=tuple(systems),
    )


def _circular(run: Run, feature: Path, tags: Collection[str]) -> Circular:
    own = feature.with_suffix(".toml")
    named = next((tag.removeprefix(TAG) for tag in tags if tag.startswith(TAG)), "")
    if run.circular:
        circular = circulars.find(run.circular, feature.parent)
        its_own = (named or feature.stem) == circular.stem
        if its_own or Path(circular.restates).name == feature.name:
            return circular
        raise UsageFault(
            f"{feature.name} with --circular={run.circular}",
            expected=f"a feature of that circular: {circular.restates or circular.stem + '.feature'}",
            came=f"a feature of {named or feature.stem}",
            next_step=f'give that feature, or write restates = "{feature.name}" into {circular.path.name}',
        )
    if named:
        return circulars.find(named, feature.parent)
    if own.is_file():
        return circulars.read(own.resolve())
    raise UsageFault(
        str(feature),
        expected=f"the circular it restates: a file {own.name} beside it, or a tag @{TAG}<name> above its Feature line",
        came="neither",
        next_step=f"tag it with one of {', '.join('@' + TAG + stem for stem in circulars.known(feature.parent))}, "
        f"or write {own.name}",
    )


def plan_of(config: pytest.Config, test: object = None) -> tuple[Circular, Session]:
    """Return circular and session of a scenario; of anything else, the first that the command line allows.

    That is the circular of ``--circular``, else the first, the project's own before those that ship, that has a
    session at the sites asked for, of the systems whose fixtures the test uses.

    Raises:
        UsageFault: there is no such circular, or none has such a session.
    """
    circular, session = getattr(test, "circular", None), getattr(test, "hk_session", None)
    if circular is not None and session is not None:
        return circular, session
    used = _systems_of(getattr(test, "fixturenames", ()))
    known = config.stash.setdefault(_DEFAULTS, {})
    if used not in known:
        known[used] = _default(config.stash[RUN], config.rootpath / "features", used)
    return known[used]


def _systems_of(fixtures: Collection[str]) -> frozenset[str]:
    """Return the systems whose fixtures are among these; a system's fixtures begin with its name."""
    begin = {name.partition("_")[0] for name in fixtures}
    return frozenset(begin.intersection(shipped.systems()))


def _default(run: Run, features: Path, used: frozenset[str]) -> tuple[Circular, Session]:
    if run.circular:
        candidates = [circulars.find(run.circular, features)]
    else:
        candidates = [circulars.read(path) for path in circulars.known(features).values()]
    at_site = [
        (circular, session)
        for circular in candidates
        for session in circular.sessions
        if {*session.sites} & {*run.sites}
    ]
    fitting = [(circular, session) for circular, session in at_site if used.issubset(session.systems)]
    for found in (*fitting, *at_site):
        return found
    raise UsageFault(
        "--site",
        expected=f"a session at the {' or '.join(run.sites)} site",
        came=f"none in {', '.join(circular.stem for circular in candidates)}",
    )
