"""Several participants in one run: whose turn it is in a test, and what names them.

A vendor runs a circular's sessions for each of its clients. To pytest each is a parameter of ``hkex_run``, which every
fixture of a participant's own is built on, so that pytest itself ends simulators, settings and folders of one before
those of the next begin. Where there is one participant there is no parameter, and no node id says its name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.model import Participant, Run
from pytest_hkexprt.stash import RUN

if TYPE_CHECKING:
    import pytest

PARAMETER = "hkex_run"
"""The fixture whose parameter says whose turn it is."""
ALL = "all"


def slug(name: str) -> str:
    """Return a participant's name for file names and node ids: lower case, its words joined by hyphens."""
    return "-".join(re.findall(r"\w+", name.lower()))


def everyone(run: Run) -> tuple[Participant, ...]:
    """Return all the participants of a run: one, or several."""
    return run.participants or (run.participant,)


def of(config: pytest.Config, test: object) -> Participant:
    """Return whose turn it is in a test: of several the test's own, else the one there is."""
    return turn(config.stash[RUN], _parameter(test)).participant


def turn(run: Run, name: str) -> Run:
    """Return the run as one of its participants has it.

    Args:
        run: what the command line asked for.
        name: the participant's slug; empty for the one there is, of several the first.
    """
    found = next((who for who in run.participants if slug(who.name) == name), None)
    return replace(run, participant=found) if found else run


def own_run(config: pytest.Config, name: str) -> Run:
    """Return the run for a fixture.

    Args:
        config: pytest's.
        name: the fixture's parameter; empty where it has none.

    Raises:
        UsageFault: there are several participants, and the test does not say whose turn it is.
    """
    run = config.stash[RUN]
    if run.participants and not name:
        raise UsageFault(
            PARAMETER,
            expected="to stand among a test's arguments, itself or what is built on it: the test is run for each then",
            came="a test that asked for it while it ran",
            next_step="name hkex_run among the test's arguments, or choose one participant: --participant NAME",
        )
    return turn(run, name)


def distinct(run: Run, test: object) -> str:
    """Return what a test's node id says of its participant; empty where there is one participant alone."""
    return _parameter(test) if run.participants else ""


def parametrize(metafunc: pytest.Metafunc) -> None:
    """Have an ordinary test run for each participant, if it is built on one."""
    run = metafunc.config.stash[RUN]
    if run.participants and PARAMETER in metafunc.fixturenames:
        names = [slug(who.name) for who in run.participants]
        metafunc.parametrize(PARAMETER, names, indirect=True, scope="session", ids=names)


def choose(known: Sequence[Participant], given: Sequence[str]) -> tuple[Participant, ...]:
    """Return the participants that ``--participant`` names, in the file's order.

    Args:
        known: those there are; at least one.
        given: names, as the file or a node id has them; ``all``, or nothing, for all.

    Raises:
        UsageFault: there is none of a name; the message has those there are, and the nearest.
    """
    wanted = {slug(each) for each in given}
    if not wanted or ALL in wanted:
        return tuple(known)
    names = {slug(who.name): who.name for who in known}
    for each in given:
        if slug(each) not in names:
            from pytest_hkexprt.reading import near  # noqa: PLC0415  for a message

            parts = [short for short in names if slug(each) and slug(each) in short]
            close = f" (did you mean {parts[0]}?)" if parts else near(slug(each), names)
            raise UsageFault(
                "--participant", expected=", ".join([*names.values(), ALL]), came=f"{each!r}{_named(close, names)}"
            )
    return tuple(who for who in known if slug(who.name) in wanted)


def only(known: Sequence[Participant], given: str) -> Participant:
    """Return the one participant a command is about.

    Args:
        known: those there are.
        given: the name; empty where there is one alone.

    Raises:
        UsageFault: there are several and none was chosen, or none of that name.
    """
    chosen = choose(known, [given] if given else [])
    if len(chosen) == 1:
        return chosen[0]
    raise UsageFault(
        "--participant",
        expected=f"the name of one: {', '.join(who.name for who in known)}",
        came=repr(given) if given else "none was named, and the participant file has several",
    )


def _named(close: str, names: Mapping[str, str]) -> str:
    """Return a near miss with the participant's name in place of its slug."""
    for short, name in names.items():
        close = close.replace(f"mean {short}?", f"mean {name}?")
    return close


def _parameter(test: object) -> str:
    parameters: Mapping[str, object] = getattr(getattr(test, "callspec", None), "params", {})
    return str(parameters.get(PARAMETER, ""))


@dataclass(frozen=True)
class Turn:
    """What pytest reads of a parametrised item, for one that no test function's parameters made.

    pytest's own class for it is private and has had two names; these are the attributes that it, xdist and Allure read.
    """

    params: dict[str, object]
    indices: dict[str, int]
    _arg2scope: dict[str, Any]
    _idlist: tuple[str, ...] = ()
    """Empty: the item has its name already."""
    marks: list[pytest.Mark] = field(default_factory=list)

    @property
    def id(self) -> str:
        """The parameter's id."""
        return "-".join(map(str, self.params.values()))


def turn_of(number: int, who: Participant) -> Turn:
    """Return the parameter of a scenario that is run for one of several participants.

    Args:
        number: the participant's position.
        who: the participant.
    """
    from _pytest.scope import Scope  # noqa: PLC0415  private, as the attribute it is for

    return Turn({PARAMETER: slug(who.name)}, {PARAMETER: number}, {PARAMETER: Scope.Session})
