"""The head of a circular: reference, date, issuer, subject."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pytest_hkexprt.draft import when
from pytest_hkexprt.draft.facts import Day, Text
from pytest_hkexprt.draft.source import LABEL, Row, Source

REFERENCE = re.compile(
    r"^(?:our\s+|circular\s+|notice\s+)?(?:ref(?:erence)?\.?\s*(?:no\.?|number)?|(?:circular|notice)\s+no\.?)\s*:?\s*"
    r"(?P<value>[A-Z][A-Z0-9]*(?:[/-][A-Z0-9]+)+)\)?$",
    re.IGNORECASE,
)
DATED = re.compile(r"^(?:date of issue|dated?|issued(?: on)?)\b\s*:?\s*(?=\S)", re.IGNORECASE)
SUBJECT = re.compile(r"^(?:subject|re|title)\s*:\s*(?P<value>.*)$", re.IGNORECASE)
ISSUER = re.compile(r"^(?:from|issuer|issued by|company)\s*:\s*(?P<value>.+)$", re.IGNORECASE)
COMPANY = re.compile(r"\b(?:LIMITED|LTD|COMPANY|CORPORATION|EXCHANGE|CLEARING HOUSE)\b\.?$", re.IGNORECASE)
KEPT = {"SEHK", "HKEX", "HKSCC", "HKFE", "HKCC", "SEOCH", "OTC", "LME"}
SMALL = {"of", "and", "the", "for"}
LONGEST_HEAD = 40
"""Lines among which the head is looked for, where there is no subject."""


@dataclass(frozen=True, slots=True)
class Header:
    """The head, and where the rest begins."""

    reference: Text | None
    dated: Day | None
    issuer: Text | None
    subject: Text | None
    ends: int
    """Line of its last row."""
    lines: frozenset[int]
    """Lines it is from."""


def read(source: Source) -> Header:
    """Return the head of a circular."""
    at = next((number for number, row in enumerate(source.rows) if SUBJECT.match(row.text)), None)
    until = at + 6 if at is not None else LONGEST_HEAD
    head = source.rows[:until]
    subject, last = _subject(source.rows, at)
    parts = [(row.line, text) for row in head for text in _parts(row)]
    reference = next((Text(m["value"], line) for line, text in parts if (m := REFERENCE.match(text))), None)
    dated = next(filter(None, (_dated(line, text) for line, text in parts)), None)
    issuer = next((Text(m["value"], line) for line, text in parts if (m := ISSUER.match(text))), None)
    if issuer is None:
        above = source.rows[: at if at is not None else LONGEST_HEAD]
        company = next((row for rows in (above, source.rows) for row in rows if _company(row)), None)
        issuer = Text(_titled(company.text), company.line) if company else None
    lines = {fact.line for fact in (reference, dated, issuer) if fact}
    lines |= {row.line for row in source.rows if subject and subject.line <= row.line <= last}
    return Header(reference, dated, issuer, subject, max(last, 0), frozenset(lines))


def _parts(row: Row) -> tuple[str, ...]:
    """Return a row as a whole, and cell by cell: two of the head's labels may share a line."""
    return (row.text, *(" ".join(piece.text for piece in cell) for cell in row.cells))


def _dated(line: int, text: str) -> Day | None:
    match = DATED.match(text)
    rest = text[match.end() :] if match else text
    found = when.first_date(rest)
    alone = found is not None and found.start == 0 and found.end == len(rest.rstrip(" ."))
    return Day(found.date, line, doubt=found.doubt) if found and alone else None


def _subject(rows: tuple[Row, ...], at: int | None) -> tuple[Text | None, int]:
    if at is None:
        return None, 0
    match = SUBJECT.match(rows[at].text)
    assert match is not None
    words, last = [match["value"]], rows[at].line
    for row in rows[at + 1 :]:
        follows = row.line == last + 1 or not "".join(words)
        if not follows or LABEL.match(row.text) or row.table:
            break
        words.append(row.text)
        last = row.line
    return Text(" ".join(filter(None, words)), rows[at].line), last


def _company(row: Row) -> bool:
    return bool(COMPANY.search(row.text)) and not row.text.startswith("(") and not LABEL.match(row.text)


def _titled(name: str) -> str:
    if not name.isupper():
        return name
    words = [word if word in KEPT else word.capitalize() for word in name.split()]
    return " ".join(word.lower() if number and word.lower() in SMALL else word for number, word in enumerate(words))
