"""What the commands about circulars share: the project's folders, the participant if there is one, its ledger."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from pytest_hkexprt import agenda as agendas
from pytest_hkexprt import circular as circulars
from pytest_hkexprt import participant, participants
from pytest_hkexprt.agenda import Due, Kind
from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.evidence.journal import Journal
from pytest_hkexprt.model import Circular, Participant
from pytest_hkexprt.schedule import BusinessDates
from pytest_hkexprt.systems.forms import ledger
from pytest_hkexprt.systems.forms.client import Client


def features() -> Path:
    """Return the project's folder of circulars; it need not be there."""
    return Path.cwd() / "features"


class CircularName(click.ParamType):  # type: ignore[type-arg]  # generic in newer click alone
    """A circular's name; the shell completes those there are."""

    name = "circular"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Return the names that begin so, the project's and ours."""
        return [CompletionItem(stem) for stem in sorted(circulars.known(features())) if stem.startswith(incomplete)]


CIRCULAR = CircularName()


def find(name: str) -> Circular:
    """Return the circular of that stem or reference, the project's or ours.

    Raises:
        UsageFault: there is none; the message offers the nearest.
    """
    return circulars.find(name, features())


def concerning(names: Sequence[str], mine: Own | None) -> list[Circular]:
    """Return the circulars of these names; of all there are, those for one of the participant's roles.

    Raises:
        UsageFault: there is none of a name, or one has mistakes.
    """
    if names:
        return [find(name) for name in names]
    every = [circulars.read(path) for _, path in sorted(circulars.known(features()).items())]
    return [each for each in every if mine is None or {*mine.who.roles} & {*each.roles}]


@dataclass(frozen=True, slots=True)
class Own:
    """A participant, its business dates, and its ledger."""

    who: Participant
    dates: BusinessDates
    ledger: Client

    @property
    def slug(self) -> str:
        """The participant's name for files."""
        return participants.slug(self.who.name)

    def sent(self, circular: Circular, what: str) -> str:
        """Return when the ledger says that something was sent; empty where it says nothing."""
        name = ledger.name_of(circular)
        found = ledger.matching(self.ledger.entries(), circular=name, what=what, participant=self.who.name)
        return found[0].on.replace("T", " ") if found else ""

    def declared(self) -> Callable[[Circular, str], dt.datetime | None]:
        """Return a look-up of when something was declared as done, at the latest it can mean."""
        entries = self.ledger.entries()

        def of(circular: Circular, what: str) -> dt.datetime | None:
            name = ledger.name_of(circular)
            found = ledger.matching(entries, circular=name, what=what, participant=self.who.name)
            return found[0].latest if found else None

        return of


def agenda(everyone: Sequence[Own], names: Sequence[str], with_baseline: Sequence[str] = ()) -> list[Due]:
    """Return what is due, in order of time; of several participants what each has to do, and each session once.

    Args:
        everyone: the participants; nobody where there is no file.
        names: the circulars; none for all.
        with_baseline: the systems whose sessions need a baseline.

    Raises:
        UsageFault: there is no circular of a name, or one has mistakes.
    """
    found: dict[tuple[dt.datetime, str, str, str, str], Due] = {}
    for mine in everyone or (None,):
        dates = mine.dates if mine else BusinessDates()
        declared = {"declared": mine.declared()} if mine else {}
        for due in agendas.agenda(concerning(names, mine), dates, with_baseline=with_baseline, **declared):
            todo = due.deadline or due.kind is Kind.BASELINE
            own = replace(due, whose=mine.who.name) if mine and len(everyone) > 1 and todo else due
            found.setdefault((own.starts, own.circular.stem, own.kind, own.what, own.whose), own)
    return [found[key] for key in sorted(found)]


def read(participant_file: str, command: str, who: str = "") -> tuple[Own, ...]:
    """Return the participant of the file given, or of ``hkexprt.toml`` here; of several, all or the one chosen.

    Raises:
        UsageFault: there is none, or none of that name, or the file has mistakes.
    """
    found = read_if_there(participant_file, who)
    if not found:
        raise UsageFault(
            f"hkexprt {command}",
            expected=f"a participant file, {participant.FILE_NAME}, in {Path.cwd()}",
            came="none",
            next_step=f"write one with at least these lines:\n\n{participant.LINES_TO_WRITE}\n",
        )
    return found


def read_if_there(participant_file: str, who: str = "") -> tuple[Own, ...]:
    """Return the participant of the file given, or of ``hkexprt.toml`` here, or nobody where there is none.

    Args:
        participant_file: the file; empty for the one here.
        who: of several participants, the one's name; empty, or ``all``, for all.

    Raises:
        UsageFault: it has mistakes, or the file given is not there, or nobody in it has that name.
    """
    here = Path.cwd()
    path = participant.find(participant_file, here, here)
    if path is None:
        return ()
    known, dates = participant.read_all(path)
    chosen = participants.choose(known, [who] if who else [])
    return tuple(Own(each, dates, Client(each.data_folder, Journal(None))) for each in chosen)
