"""What must be sent back, and until when: the registration, forms; and the stabilisation period."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Iterator, Sequence

from pytest_hkexprt.draft import when
from pytest_hkexprt.draft.facts import Day, DraftForm, DraftPeriod, DraftSession
from pytest_hkexprt.draft.source import Piece, Source
from pytest_hkexprt.model import FormWhen

UNTIL = re.compile(
    r"\b(?:on or before|not? later than|by|before|until|deadline(?: for \w+)?(?: is| will be|:)?)\s", re.IGNORECASE
)
REGISTER = re.compile(
    r"\bregist(?:er|ration)\b|\bsign up\b|\benrol|contact details through|indicate (?:your|their) interest",
    re.IGNORECASE,
)
FORM = re.compile(r"\b(?P<name>(?:[A-Z][\w’'-]*\s+){1,5}Form)\b")
ANOTHER_FORM = re.compile(
    r"[,;]?\s+(?:and|as well as)\s+"
    r"(?=(?:to\s+)?(?:(?:return|submit|send|e-?mail|fax)\s+)?(?:the\s+)?(?:[A-Z][\w’'-]*\s+){1,4}Form\b)"
)
FORM_WORD = re.compile(r"\bforms?\b", re.IGNORECASE)
PARENTHESIS = re.compile(r"\([^()]*?(?:[–—-]\s*)?(?P<name>(?:[A-Z][\w’'-]*\s+){1,3}Form)\s*\)")
RECEIVER = re.compile(
    r"(?:return(?:ed)?|sen[dt]|submit(?:ted)?|e-?mail(?:ed)?|fax(?:ed)?)\s+"
    r"(?:(?:it|them|the form|both|(?:the\s+)?(?:[a-z][\w’'-]*\s+){1,4}Form)\s+)?"
    r"(?:back\s+)?(?:by e-?mail\s+)?(?:to|via|by|through)\s+(?P<to>.+?)"
    r"(?=\s+(?:on or before|not? later|by \d+|by \w+day|before|respectively|with)\b|[.;(]\s|[.;]?$)",
    re.IGNORECASE,
)
MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
WITH = re.compile(r"\bregister with (?P<to>(?:the )?[A-Z][\w ]*?\w)(?=\s+(?:by|before|on|not|no later)\b|[^\w ]|$)")
CHANNELS = (
    (re.compile(r"Client Connect", re.IGNORECASE), "Client Connect"),
    (re.compile(r"Electronic Communication Platform|\bECP\b"), "ECP"),
)
AFTERWARDS = re.compile(
    r"\b(?:after|upon|following)\b.{0,20}completion|\bresults?\b|feedback|evaluation", re.IGNORECASE
)
STABILISATION = re.compile(r"\b(?:stabili[sz]ation|observation|monitoring|hypercare)\s+period\b", re.IGNORECASE)


def find(source: Source, sessions: Sequence[DraftSession]) -> tuple[DraftForm | None, tuple[DraftForm, ...]]:
    """Return the registration and the forms."""
    registration: DraftForm | None = None
    forms: dict[str, DraftForm] = {}
    rows = [Piece(row.line, row.text) for row in source.rows if row.table and not list(when.windows(row.text))]
    parts = [part for sentence in source.sentences for part in _parts(sentence)]
    for sentence, following in _with_next([*parts, *rows]):
        text = sentence.text
        deadline = _deadline(sentence) or (_deadline(following) if following and "deadline" in following.text else None)
        if deadline is None:
            continue
        registers = REGISTER.search(text)
        if registers and registration is None:
            registration = DraftForm("registration", _channel(text), deadline, FormWhen.BEFORE, sentence.line, text)
        elif not registers and FORM_WORD.search(text):
            name = _form_name(text)
            forms.setdefault(
                name, DraftForm(name, _receiver(text), deadline, _side(text, deadline, sessions), sentence.line, text)
            )
    return registration, tuple(forms.values())


def period(source: Source) -> DraftPeriod | None:
    """Return the stabilisation period, where one sentence gives its two dates."""
    for sentence in source.sentences:
        if STABILISATION.search(sentence.text):
            found = [each.date for each in when.dates(sentence.text)]
            if len(found) >= 2 and found[-2] <= found[-1]:  # noqa: PLR2004  its start and its end
                return DraftPeriod(found[-2], found[-1], sentence.line)
    return None


def _parts(sentence: Piece) -> list[Piece]:
    """Return a sentence that wants several forms, each by its own date, form by form; any other as it is."""
    found = ANOTHER_FORM.split(sentence.text)
    parts = [Piece(sentence.line, text, sentence.item) for text in found]
    return parts if len(parts) > 1 and all(map(_deadline, parts)) else [sentence]


def _with_next(pieces: Sequence[Piece]) -> Iterator[tuple[Piece, Piece | None]]:
    yield from itertools.zip_longest(pieces, pieces[1:])


def _deadline(piece: Piece | None) -> Day | None:
    if piece is None:
        return None
    for until in UNTIL.finditer(piece.text):
        rest = piece.text[until.end() :]
        found = when.first_date(rest)
        if found and found.start <= len("17:30 hours on Wednesday, the "):
            around = rest[: found.start] + " " + rest[found.end : found.end + 30]
            return Day(found.date, piece.line, _time_beside(around), found.doubt)
    cells = when.first_date(piece.text) if FORM_WORD.search(piece.text) or REGISTER.search(piece.text) else None
    return Day(cells.date, piece.line, doubt=cells.doubt) if cells and "  " not in piece.text else None


def _time_beside(text: str) -> dt.time | None:
    return when.first_time(text)


def _channel(text: str) -> str:
    for spelt, channel in CHANNELS:
        if spelt.search(text):
            return channel
    receiver = _receiver(text)
    form = re.search(r"\b(?:registration|reply|notification) form\b(?:\s*\([^)]*\))?", text, re.IGNORECASE)
    if not receiver and (party := WITH.search(text)):
        return party["to"]
    if form:
        return f"{form[0]}, returned to {receiver}" if receiver else form[0]
    return receiver


def _receiver(text: str) -> str:
    mail = MAIL.search(text)
    match = RECEIVER.search(text)
    if match:
        return " ".join(match["to"].strip(" ,").split())
    return mail[0] if mail else ""


def _form_name(text: str) -> str:
    short = PARENTHESIS.search(text)
    match = short or FORM.search(text)
    return " ".join(match["name"].split()) if match else "Form"


def _side(text: str, deadline: Day, sessions: Sequence[DraftSession]) -> FormWhen:
    first = min((session.date for session in sessions), default=None)
    if first is None:
        return FormWhen.AFTER if AFTERWARDS.search(text) else FormWhen.BEFORE
    return FormWhen.AFTER if deadline.date > first else FormWhen.BEFORE
