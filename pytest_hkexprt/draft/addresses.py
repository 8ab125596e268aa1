"""Addresses: which system's, and at which site.

An address belongs to the site last named before it, else to the session on whose row it stands. One without a port, or
of a site nobody named, is not placed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pytest_hkexprt.draft import words
from pytest_hkexprt.draft.facts import DraftAddress, DraftSession
from pytest_hkexprt.draft.source import Piece, Row, Source
from pytest_hkexprt.model import SITE_SYNONYMS, Site

IPV4 = re.compile(
    r"(?<![\d.])(?P<host>(?:\d{1,3}\.){3}\d{1,3})(?![\d.]*\d)(?:\s*(?:[:,(→]|->)?\s*(?:(?:TCP\s+)?port\s*:?\s*|:)?(?P<port>\d{2,5})\b)?",
    re.IGNORECASE,
)
URL = re.compile(r"(?P<scheme>https?)://(?P<host>[\w.-]+\w)(?::(?P<port>\d+))?")
LABEL = re.compile(r"([A-Za-z][A-Za-z ]*?)\s*:(?!\d)")
WEB_PORTS = {"http": "80", "https": "443"}


def find(source: Source, sessions: Sequence[DraftSession], body_from: int) -> tuple[DraftAddress, ...]:
    """Return the addresses that could be given a system and a site."""
    found: dict[str, DraftAddress] = {}
    fallback = {system for session in sessions for system in session.systems}
    site: Site | None = None
    columns: dict[int, Site] = {}
    for row in (row for row in source.rows if row.line > body_from):
        columns = _columns(row) or (columns if row.table else {})
        site = _only(row.text) or site
        own = _of_session(row, sessions)
        system = next(iter(words.systems(row.text)), "")
        for cell, piece in ((cell, piece) for cell, pieces in enumerate(row.cells) for piece in pieces):
            site = _only(piece.text) or site
            system = next(iter(words.systems(piece.text)), system)
            whose = system or (next(iter(fallback)) if len(fallback) == 1 else "")
            for start, address in told(piece):
                where = columns.get(cell) or _before(piece.text[:start]) or _only(piece.text) or own or site
                if where and whose and address not in found:
                    found[address] = DraftAddress(whose, where, address, piece.line)
    return tuple(found.values())


def told(piece: Piece) -> Iterator[tuple[int, str]]:
    """Yield the addresses of a piece that have a port, and where each stands."""
    for match in IPV4.finditer(piece.text):
        if match["port"]:
            yield match.start(), f"{match['host']}:{match['port']}"
    for match in URL.finditer(piece.text):
        yield match.start(), f"{match['host']}:{match['port'] or WEB_PORTS[match['scheme']]}"


def _before(text: str) -> Site | None:
    """Return the site last named in a text, also by a bare word and a colon, which among addresses is one."""
    label = LABEL.findall(text)
    named = [(each.start, each.site) for each in words.sites(text)]
    named += [(text.rfind(word + ":"), SITE_SYNONYMS[word.lower()]) for word in label if word.lower() in SITE_SYNONYMS]
    return max(named)[1] if named else None


def _columns(row: Row) -> dict[int, Site]:
    """Return the sites that head the columns of a table, where a row names both, each in a cell of its own."""
    texts = (" ".join(piece.text for piece in cell) for cell in row.cells)
    named = {cell: site for cell, text in enumerate(texts) if (site := _only(text))}
    return named if {*named.values()} == {*Site} and not any(list(told(piece)) for piece in row.pieces) else {}


def _only(text: str) -> Site | None:
    named = {each.site for each in words.sites(text)}
    return named.pop() if len(named) == 1 else None


def _of_session(row: Row, sessions: Sequence[DraftSession]) -> Site | None:
    own = {session.sites[0] for session in sessions if session.line == row.line and session.sites}
    return own.pop() if len(own) == 1 and row.table else None
