"""What the commands about circulars share: the project's folders, the participant if there is one, its ledger."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pytest_hkexprt import circular as circulars
from pytest_hkexprt import participant
from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.evidence.journal import Journal
from pytest_hkexprt.model import Circular, Participant
from pytest_hkexprt.schedule import BusinessDates
from pytest_hkexprt.systems.forms import ledger
from pytest_hkexprt.systems.forms.client import Client


def features() -> Path:
    """Return the project's folder of circulars; it need not be there."""
    return Path.cwd() / "features"


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

    def declared(self) -> Callable[[Circular, str], dt.datetime | None]:
        """Return a look-up of when something was declared as done, at the latest it can mean."""
        entries = self.ledger.entries()

        def of(circular: Circular, what: str) -> dt.datetime | None:
            name = ledger.name_of(circular)
            found = ledger.matching(entries, circular=name, what=what, participant=self.who.name)
            return found[0].latest if found else None

        return of


def read(participant_file: str, command: str) -> Own:
    """Return the participant of the file given, or of ``hkexprt.toml`` here.

    Raises:
        UsageFault: there is none, or it has mistakes.
    """
    own = read_if_there(participant_file)
    if own is None:
        raise UsageFault(
            f"hkexprt {command}",
            expected=f"a participant file, {participant.FILE_NAME}, in {Path.cwd()}",
            came="none",
            next_step=f"write one with at least these lines:\n\n{participant.LINES_TO_WRITE}\n",
        )
    return own


def read_if_there(participant_file: str) -> Own | None:
    """Return the participant of the file given, or of ``hkexprt.toml`` here, or None where there is none.

    Raises:
        UsageFault: it has mistakes, or the one given is not there.
    """
    here = Path.cwd()
    path = participant.find(participant_file, here, here)
    if path is None:
        return None
    who, dates = participant.read(path)
    return Own(who, dates, Client(who.data_folder, Journal(None)))
