"""What the commands that visit the report folder share: whose file, which addresses, a client."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from pytest_hkexprt import circular as circulars
from pytest_hkexprt import participant
from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.evidence.journal import Journal
from pytest_hkexprt.model import SITE_SYNONYMS, Participant, Site
from pytest_hkexprt.reading import near
from pytest_hkexprt.schedule import BusinessDates
from pytest_hkexprt.systems.rap import client_access, settings
from pytest_hkexprt.systems.rap.client import Client

FILE = click.option("--participant-file", default="", metavar="FILE", help="participant file (default: hkexprt.toml)")
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


def read(participant_file: str) -> Access:
    """Return the participant of the file given, or of ``hkexprt.toml`` here.

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
    who, dates = participant.read(path)
    return Access(who, dates, settings.read(who.systems.get("rap", {}), path))
