"""What lies under a step, as a page shows it: transcripts of what was said, checks, kept files.

A session may exchange hundreds of messages of thirty fields each. A transcript keeps them in order and countable: a
long one is folded behind its number and its span, a message of many fields behind its sentence, and of an endless one
the page has both ends and the journal the whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from pytest_hkexprt.evidence.html import words
from pytest_hkexprt.evidence.html.kept import Gallery, Kept
from pytest_hkexprt.evidence.record import AttachmentRecord, Check, ExchangeRecord, Line
from pytest_hkexprt.model import Basis

MOST_SAID = 1_000
"""Exchanges of one transcript that a page has room for."""
LONGEST_SENTENCE = 90
"""Characters expected and came together that a sentence has room for."""
MANY_FACTS = 8
"""An exchange with more of them shows them as a table of fields."""
LONG = 25
"""A transcript of more exchanges is folded."""


@dataclass(frozen=True, slots=True)
class Said:
    """One exchange, and when it was."""

    at: str
    """Time of day in Hong Kong with milliseconds, by the clock the run went by."""
    exchange: ExchangeRecord

    @property
    def fielded(self) -> bool:
        """Whether it is a message of many fields, which stand in columns and are folded behind its sentence."""
        return len(self.exchange.facts) > MANY_FACTS


@dataclass(frozen=True, slots=True)
class Transcript:
    """Exchanges in a row with one endpoint on one day."""

    endpoint: str
    day: str
    """In words, where it is not the day of the session; else empty."""
    said: tuple[Said, ...]
    number: int = 0
    """How many exchanges there were, where the page has not all of them."""
    left_out: int = 0
    """How many of them the page leaves to the journal, after those ``said``."""
    last: tuple[Said, ...] = ()
    """Those after the ones left out."""

    @property
    def count(self) -> int:
        """How many exchanges there were."""
        return self.number or len(self.said)

    @property
    def long(self) -> bool:
        """Whether it is folded behind its number and its span."""
        return len(self.said) > LONG

    @property
    def span(self) -> str:
        """The time of day of its first and of its last exchange."""
        return f"{self.said[0].at}–{(self.last or self.said)[-1].at}"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What lies under a step: what was said, what was compared, what was kept."""

    transcripts: tuple[Transcript, ...]
    checks: tuple[Check, ...]
    attachments: tuple[Kept, ...]
    usual: Basis
    """What this run's checks rest on where nobody says otherwise; a check of another basis names it."""

    @property
    def pictures(self) -> tuple[Kept, ...]:
        """The kept files that are, or should have been, pictures."""
        return tuple(each for each in self.attachments if each.pictured)

    @property
    def files(self) -> tuple[AttachmentRecord, ...]:
        """The other kept files, which are shown by their facts."""
        return tuple(each.record for each in self.attachments if not each.pictured)

    @property
    def texts(self) -> tuple[Kept, ...]:
        """Those of them whose text is shown, too."""
        return tuple(each for each in self.attachments if each.text)

    @property
    def where(self) -> str:
        """Where all the checks were made, if in one place; else empty."""
        places = {check.where for check in self.checks}
        return places.pop() if len(places) == 1 else ""

    @property
    def placed(self) -> bool:
        """Whether the transcript above the checks says where they were made."""
        return bool(self.transcripts) and self.transcripts[-1].endpoint == self.where

    @property
    def brief(self) -> bool:
        """Whether the only check is told in a sentence: it is met, and there is little to say."""
        if len(self.checks) != 1:
            return False
        check = self.checks[0]
        said = check.expected + check.came
        return check.met and not check.details and len(said) <= LONGEST_SENTENCE and "\n" not in said


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is the same for all of one report."""

    usual: Basis
    """What the run's checks rest on where nobody says otherwise."""
    gallery: Gallery
    lang: str = ""


def evidence(lines: Sequence[Line], day: str, drawing: Drawing) -> Evidence | None:
    """Return the evidence in these lines; exchanges in a row with one endpoint on one day make one transcript."""
    if not lines:
        return None
    spoken: list[tuple[tuple[str, str], Said]] = []
    for line in lines:
        if isinstance(line.record, ExchangeRecord):
            at = line.rehearsed or line.utc
            other_day = words.day_of(at, drawing.lang) if line.rehearsed and line.rehearsed[:10] != day else ""
            spoken.append(((line.record.endpoint, other_day), Said(words.exact_clock(at), line.record)))
    return Evidence(
        transcripts=tuple(
            _transcript(endpoint, other_day, tuple(said for _, said in group))
            for (endpoint, other_day), group in groupby(spoken, itemgetter(0))
        ),
        checks=tuple(line.record for line in lines if isinstance(line.record, Check)),
        attachments=tuple(
            drawing.gallery.kept(line.record) for line in lines if isinstance(line.record, AttachmentRecord)
        ),
        usual=drawing.usual,
    )


def _transcript(endpoint: str, day: str, said: tuple[Said, ...]) -> Transcript:
    """Return a transcript; of an endless one both ends."""
    left_out = max(0, len(said) - MOST_SAID)
    if not left_out:
        return Transcript(endpoint, day, said)
    half = MOST_SAID // 2
    return Transcript(endpoint, day, said[:half], len(said), left_out, said[-half:])
