"""A draft as a flat list of facts, so that what was placed right can be counted."""

from __future__ import annotations

from dataclasses import dataclass

from pytest_hkexprt.draft.facts import Day, Draft
from pytest_hkexprt.model import Site


def flat(draft: Draft) -> dict[str, str]:
    """Return each fact of a draft under a name."""
    facts = {"roles": " ".join(draft.roles)} if draft.roles else {}
    for name in ("reference", "issuer", "subject"):
        if fact := getattr(draft, name):
            facts[name] = fact.value
    if draft.dated:
        facts["dated"] = str(draft.dated.date)
    for number, session in enumerate(draft.sessions, start=1):
        times = f" {session.starts:%H:%M}-{session.ends:%H:%M}" if session.starts and session.ends else ""
        facts[f"session {number} time"] = f"{session.date}{times}"
        facts[f"session {number} site"] = (" > " if session.failover else " ").join(session.sites)
        facts[f"session {number} systems"] = " ".join(session.systems)
        facts[f"session {number} name"] = session.name
    if draft.registration:
        facts["registration deadline"] = _deadline(draft.registration.deadline)
        facts["registration channel"] = draft.registration.returned_to
    for form in draft.forms:
        facts[f"form {form.name}"] = f"{form.when} {_deadline(form.deadline)} {form.returned_to}"
    if draft.stabilisation:
        facts["stabilisation"] = f"{draft.stabilisation.starts} {draft.stabilisation.ends}"
    for system in dict.fromkeys(each.system for each in draft.addresses):
        for site in Site:
            found = [each.address for each in draft.addresses if (each.system, each.site) == (system, site)]
            if found:
                facts[f"addresses {system} {site}"] = " ".join(found)
    return facts | {f"clause {clause.id}": "tested" if clause.steps else "untested" for clause in draft.clauses}


def _deadline(day: Day) -> str:
    return f"{day.date} {day.time:%H:%M}" if day.time else str(day.date)


@dataclass(frozen=True, slots=True)
class Score:
    """How much of a text was placed right."""

    facts: int
    right: int
    wrong: tuple[str, ...]
    """Facts placed with another value, and facts the text does not hold."""
    missing: tuple[str, ...]
    """Facts of the text that were not placed."""


def score(expected: dict[str, str], came: dict[str, str]) -> Score:
    """Compare what a text holds with what was drafted."""
    return Score(
        facts=len(expected),
        right=sum(came.get(name) == value for name, value in expected.items()),
        wrong=tuple(sorted(name for name, value in came.items() if expected.get(name) != value)),
        missing=tuple(sorted(expected.keys() - came.keys())),
    )
