"""What the commands that visit the report folder share: whose file, which addresses, a client."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import click

from pytest_hkexprt import circular as circulars
from pytest_hkexprt import participant, participants
from pytest_hkexprt.cli.say import plain, say
from pytest_hkexprt.errors import HkexprtError, UsageFault
from pytest_hkexprt.evidence.journal import Journal
from pytest_hkexprt.model import SITE_SYNONYMS, Participant, Site
from pytest_hkexprt.reading import near
from pytest_hkexprt.schedule import BusinessDates
from pytest_hkexprt.systems.rap import client_access, settings
from pytest_hkexprt.systems.rap.client import Client

FILE = click.option("--participant-file", default="", metavar="FILE", help="participant file (default: hkexprt.toml)")
WHO = click.option("--participant", "who", default="", metavar="NAME", help="whose, where the file has several")
JSON = click.option("--json", "as_json", is_flag=True, help="JSON for a script")
EACH = click.option("--participant", "who", default="", metavar="NAME", help="whose of several: one, or all")
CIRCULAR = click.option("--circular", default="rap", metavar="NAME", help="whose addresses (default: rap)")


def _site(_: click.Context, __: click.Parameter, word: str) -> Site:
    if word.strip().lower() not in SITE_SYNONYMS:
        raise click.BadParameter(f"{word!r} is not one of {', '.join(SITE_SYNONYMS)}{near(word, SITE_SYNONYMS)}")
    return SITE_SYNONYMS[word.strip().lower()]


SITE = click.option(
    "--site", default="primary", metavar="SITE", callback=_site, help="where to look: primary (default) or secondary"
)


@dataclass(frozen=True, slots=True)
class Access:
    """The participant as the commands need it."""

    who: Participant
    dates: BusinessDates
    rap: settings.RapSettings

    def client(self, site: Site, circular: str) -> Client:
        """Return a client of a site's live addresses, not connected yet; it leaves no evidence.

        Raises:
            UsageFault: there is no such circular, or the key cannot be had.
        """
        journal = Journal(None)
        return Client(
            client_access.published(circulars.find(circular, Path.cwd() / "features"), self.rap, site),
            client_access.credentials(self.rap, None, journal.redactor),
            journal,
            folder=self.rap.folder,
            source_address=self.who.source_address,
            timeout_s=self.rap.timeout_s,
            pace=self.rap.pace,
            logout_timeout_s=self.rap.logout_timeout_s,
        )


def read(participant_file: str, who: str = "") -> Access:
    """Return the participant of the file given, or of ``hkexprt.toml`` here.

    Args:
        participant_file: the file; empty for the one here.
        who: the participant's name, where the file has several.

    Raises:
        UsageFault: there is none, or the file has several and none was chosen, or it has mistakes.
    """
    everyone, dates, path = known(participant_file)
    return _access(participants.only(everyone, who), dates, path)


def read_each(participant_file: str, who: str) -> tuple[Access, ...]:
    """Return the participant of the file, or of several the one chosen, or all where ``all`` is.

    Raises:
        UsageFault: there is none, or the file has several and none was chosen, or it has mistakes.
    """
    everyone, dates, path = known(participant_file)
    chosen = participants.choose(everyone, [who]) if who else (participants.only(everyone, ""),)
    return tuple(_access(each, dates, path) for each in chosen)


def for_each(given: Sequence[Access], do: Callable[[Access], None]) -> None:
    """Do something for each participant; what goes wrong for one is told, and the others have their turn.

    Raises:
        HkexprtError: it went wrong for the only one there is.
        SystemExit: it went wrong for some of several; 2 where one of them has something to mend, else 1.
    """
    if len(given) == 1:
        do(given[0])
        return
    status = 0
    for each in given:
        try:
            do(each)
        except HkexprtError as error:
            say(f"{each.who.name}: {error}", err=True)
            status = max(status, 2 if isinstance(error, UsageFault) else 1)
    if status:
        raise SystemExit(status)


class Tell(Protocol):
    """Says what was done for a participant."""

    def __call__(self, name: str, facts: dict[str, object], lines: list[str], *, several: bool) -> None:
        """Say it: the facts to a script, the lines to a person."""


@contextmanager
def told(*, as_json: bool) -> Iterator[Tell]:
    """Give what says what was done for each participant: lines at once, or a list in JSON at the end."""
    listed: list[dict[str, object]] = []

    def tell(name: str, facts: dict[str, object], lines: list[str], *, several: bool) -> None:
        listed.append({"participant": name, **facts})
        for line in () if as_json else ([f"{name}:", *lines] if several else lines):
            say(line)

    try:
        yield tell
    finally:
        if as_json:
            plain(json.dumps(listed, indent=2, ensure_ascii=False))


def known(participant_file: str) -> tuple[tuple[Participant, ...], BusinessDates, Path]:
    """Return the participants of the file given, or of ``hkexprt.toml`` here, its business dates, and where it is.

    Raises:
        UsageFault: there is none, or it has mistakes.
    """
    here = Path.cwd()
    path = participant.find(participant_file, here, here)
    if path is None:
        raise UsageFault(
            "hkexprt",
            expected=f"a participant file, {participant.FILE_NAME}, in {here}",
            came="none",
            next_step=f"write one with at least these lines:\n\n{participant.LINES_TO_WRITE}\n",
        )
    return *participant.read_all(path), path


def _access(who: Participant, dates: BusinessDates, path: Path) -> Access:
    return Access(who, dates, settings.read(who.systems.get("rap", {}), path))
