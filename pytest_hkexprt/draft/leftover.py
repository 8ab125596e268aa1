"""What a circular says that no key of the data holds: dates, times, addresses, obligations, contacts."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from pytest_hkexprt.draft import when, words
from pytest_hkexprt.draft.addresses import IPV4, told
from pytest_hkexprt.draft.clauses import OBLIGES, ORDERS
from pytest_hkexprt.draft.facts import Draft, Unplaced
from pytest_hkexprt.draft.source import LABEL, Piece, Source

LONGEST = 72
EARLIER = re.compile(r"\b[A-Z]{2,}(?:/[A-Z]+)+/\d+(?:/\d+)?|\b[A-Z]{2,4}/\d+/\d{2,4}")
CONTACT = re.compile(r"^(?:enquir(?:y|ies)|contact|hotline)\s*:", re.IGNORECASE)
OPTIONAL = re.compile(r"\b(?:optional|mandatory|voluntary|compulsory)\b", re.IGNORECASE)
NUMBER = re.compile(r"^\d+(?:\.\d+)+\.?\s+")
COURTESY = re.compile(r"\bshould you have\b|\bif you (?:should )?have any\b", re.IGNORECASE)
BOTH_ENGLISH = re.compile(r"shall prevail|separate Chinese language", re.IGNORECASE)


def find(source: Source, draft: Draft, used_lines: frozenset[int]) -> tuple[Unplaced, ...]:
    """Return what a draft leaves, each thing once, in the order of the lines.

    Args:
        source: the text.
        draft: what was placed.
        used_lines: lines that are placed whole.
    """
    placed = _placed(draft)
    seen: dict[tuple[str, str], Unplaced] = {}
    for piece in _pieces(source):
        if piece.line in used_lines or BOTH_ENGLISH.search(piece.text):
            continue
        for kind, value in (*_figures(piece, placed), *_words(piece, placed)):
            what = f"{kind}, {value}" if value and value != piece.text else kind
            seen.setdefault((kind, value), Unplaced(piece.line, what, _excerpt(piece.text)))
    return tuple(sorted(seen.values(), key=lambda each: each.line))


@dataclass(frozen=True, slots=True)
class _Placed:
    """What a draft holds, to be looked up."""

    dates: frozenset[dt.date]
    spans: frozenset[tuple[dt.time | None, dt.time | None]]
    addresses: frozenset[str]
    systems: frozenset[str]
    headings: frozenset[str]
    asked: str
    """The bare text of every clause, form and registration."""


def _placed(draft: Draft) -> _Placed:
    returned = [form for form in (*draft.forms, draft.registration) if form]
    dates = {session.date for session in draft.sessions} | {form.deadline.date for form in returned}
    dates |= {draft.stabilisation.starts, draft.stabilisation.ends} if draft.stabilisation else set()
    dates |= {draft.dated.date} if draft.dated else set()
    told_of = [text for clause in draft.clauses for text in clause.told] + [form.told for form in returned]
    return _Placed(
        dates=frozenset(dates),
        spans=frozenset((session.starts, session.ends) for session in draft.sessions),
        addresses=frozenset(address.address for address in draft.addresses),
        systems=frozenset(system for session in draft.sessions for system in session.systems),
        headings=frozenset(session.focus for session in draft.sessions),
        asked="\n".join(_bare(text) for text in told_of),
    )


def _figures(piece: Piece, placed: _Placed) -> Iterator[tuple[str, str]]:
    for found in when.dates(piece.text):
        if found.date not in placed.dates:
            yield "a date", str(found.date)
        elif found.doubt:
            yield "a weekday that does not fit", found.doubt
    for window in when.windows(piece.text):
        if (window.starts, window.ends) not in placed.spans:
            yield "a time", f"{window.starts:%H:%M} to {window.ends:%H:%M}"
    yield from (("a span of times that is none of one day", span) for span in when.other_spans(piece.text))
    for _, address in told(piece):
        if address not in placed.addresses:
            yield "an address whose system or site is not named", address
    for match in IPV4.finditer(piece.text):
        if not match["port"] and not any(each.startswith(f"{match['host']}:") for each in placed.addresses):
            yield "an address without a port", match["host"]


def _words(piece: Piece, placed: _Placed) -> Iterator[tuple[str, str]]:
    for reference in EARLIER.findall(piece.text):
        yield "an earlier circular", reference
    if CONTACT.match(piece.text):
        yield "a contact", piece.text
    for system in words.systems(piece.text):
        if system not in placed.systems:
            yield "a system that no session has", system
    if words.heading(piece.text) and piece.text.rstrip(":") not in placed.headings:
        yield "a heading", piece.text
    if OPTIONAL.search(piece.text):
        yield "whether one must take part", ""
    order = NUMBER.sub("", piece.text)
    if ORDERS.match(order) and _bare(order) not in placed.asked:
        yield "a step", piece.text
        return
    obliges = OBLIGES.search(piece.text) and not COURTESY.search(piece.text)
    if obliges and _bare(piece.text) not in placed.asked:
        yield "an obligation", piece.text


def _pieces(source: Source) -> Iterator[Piece]:
    yield from source.sentences
    prose = {sentence.line for sentence in source.sentences}
    for row in source.rows:
        if row.table:
            yield from row.pieces
        elif LABEL.match(row.text) and row.line not in prose:
            yield Piece(row.line, row.text)


def _bare(text: str) -> str:
    return re.sub(r"\W+", "", text.lower())


def _excerpt(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= LONGEST else plain[: LONGEST - 2].rsplit(" ", 1)[0] + " …"
