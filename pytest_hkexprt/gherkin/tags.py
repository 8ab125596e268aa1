"""The tags of a feature file: which clauses a scenario proves, and the marks it can be selected by.

A tag is a mark of the same name: ``-m clause.count`` selects by it, dots included. A tag that names no clause of the
circular would quietly prove nothing, so it is refused, and so is one that looks like a misspelling.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator

import pytest

from pytest_hkexprt import shipped
from pytest_hkexprt.applies import ROLE, SYSTEM
from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.gherkin.text import FeatureText
from pytest_hkexprt.model import ROLES, Circular

CLAUSE = "clause."
CIRCULAR = "circular."
SESSION = "session."
OF_SESSIONS = {"session.stabilisation": "Feature", "session.last": "Scenario", "session.failover": "Scenario"}
"""The tags that choose sessions, and above which line each stands."""

_KNOWN = pytest.StashKey[set[str]]()


def check(feature: FeatureText, circular: Circular, shown: str) -> None:
    """Refuse tags that name no clause, role or system, or nearly say clause or circular.

    Raises:
        UsageFault: there are such tags; the message has all of them.
    """
    clauses = [clause.id for clause in circular.clauses]
    faults = []
    for tag, line in feature.tag_lines.items():
        where = f"{shown}:{line}"
        if tag.startswith(CLAUSE):
            if tag.removeprefix(CLAUSE) not in clauses:
                faults.append(_no_clause(tag, clauses, circular, where))
        elif tag.startswith(CIRCULAR):
            if tag not in feature.tags:
                faults.append(
                    UsageFault(
                        where,
                        expected=f"@{tag} above the Feature line",
                        came="above a part of it",
                        next_step="move it; a feature belongs to one circular",
                    )
                )
        elif tag.startswith(SESSION):
            if tag not in OF_SESSIONS or (tag in feature.tags) is not (OF_SESSIONS[tag] == "Feature"):
                allowed = " or ".join(f"@{each} above a {line} line" for each, line in OF_SESSIONS.items())
                faults.append(UsageFault(where, expected=allowed, came=f"@{tag}", next_step="correct or move the tag"))
        elif tag.startswith((ROLE, SYSTEM)):
            kind, _, name = tag.partition(".")
            known = ROLES if tag.startswith(ROLE) else shipped.systems()
            if name not in known:
                allowed = f"one of {', '.join(f'@{kind}.{each}' for each in known)}"
                faults.append(UsageFault(where, expected=allowed, came=f"@{tag}", next_step="correct the tag"))
        elif meant := _meant(tag):
            faults.append(UsageFault(where, expected=f"@{meant}<name>", came=f"@{tag}", next_step="correct the tag"))
    faults += _remark_faults(feature, shown)
    if faults:
        raise faults[0] if len(faults) == 1 else UsageFault("\n".join(map(str, faults)))


def _remark_faults(feature: FeatureText, shown: str) -> Iterator[UsageFault]:
    """Find remarks that would quietly prove nothing."""
    for line, named in feature.stray.items():
        yield UsageFault(
            f"{shown}:{line}",
            expected="a step of a scenario directly below",
            came=f"# {' '.join(f'@{CLAUSE}{each}' for each in named)}, above none",
            next_step="put it directly above the step that proves the clause by itself, or take it out",
        )
    told: set[int] = set()
    for scenario in feature.scenarios:
        for step in scenario.steps:
            for each in step.clauses:
                if f"{CLAUSE}{each}" in scenario.tags or step.line in told:
                    continue
                told.add(step.line)
                own = ", ".join(f"@{CLAUSE}{clause}" for clause in clauses(scenario.tags)) or "none"
                yield UsageFault(
                    f"{shown}:{step.line}",
                    expected=f"a clause that its scenario is tagged with: {own}",
                    came=f"# @{CLAUSE}{each} above the step",
                    next_step="correct the remark, or tag the scenario with the clause",
                )


def clauses(tags: Iterable[str]) -> tuple[str, ...]:
    """Return the clauses a scenario's tags name."""
    return tuple(tag.removeprefix(CLAUSE) for tag in tags if tag.startswith(CLAUSE))


def apply(config: pytest.Config, tags: Iterable[str], function: Callable[..., object], where: str) -> None:
    """Make marks of tags, each registered first, through pytest-bdd's hook, which a project may implement.

    Raises:
        UsageFault: pytest refuses a mark of that name.
    """
    known = config.stash.setdefault(_KNOWN, set())
    for tag in tags:
        if tag not in known:
            known.add(tag)
            config.addinivalue_line("markers", f"{tag}: a tag of a feature file")
        try:
            config.hook.pytest_bdd_apply_tag(tag=tag, function=function)
        except (AttributeError, pytest.fail.Exception) as error:
            raise UsageFault(
                where,
                expected="tags that can be marks",
                came=f"@{tag}: {error}",
                next_step="write it of letters, digits, dots, hyphens and underscores, beginning with a letter",
            ) from None


def _no_clause(tag: str, clauses: list[str], circular: Circular, where: str) -> UsageFault:
    near = difflib.get_close_matches(tag.removeprefix(CLAUSE), clauses, n=1)
    return UsageFault(
        where,
        expected=f"a clause of {circular.path.name}: {', '.join(clauses)}",
        came=f"@{tag}",
        next_step=f"write @{CLAUSE}{near[0]}"
        if near
        else f"correct the tag, or add the clause to {circular.path.name}",
    )


def _meant(tag: str) -> str:
    """Return ``clause.`` or ``circular.`` for a tag that nearly says so."""
    words = re.split(r"[.\-_:/]", tag)
    near = difflib.get_close_matches(words[0].lower(), ["clause", "clauses", "circular", "circulars"], n=1, cutoff=0.8)
    if not near or (len(words) == 1 and words[0].lower() != near[0]):
        return ""
    return CLAUSE if near[0].startswith("clause") else CIRCULAR
