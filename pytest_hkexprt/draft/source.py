"""A circular's text, as exported from its PDF, in numbered pieces: rows, cells, list items, sentences.

Exports differ: tabs, pipes or runs of spaces part a table's cells; lists come as HTML, bullets or letters; sentences
are wrapped, or not; Chinese stands beside the English. All of it becomes pieces that know the line they are from.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

CJK = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f]+")
FOOTNOTE = re.compile(r"<sup>.*?</sup>", re.IGNORECASE)
BREAK = re.compile(r"</?(?:p|ul|ol|br|div|u)\b[^>]*>", re.IGNORECASE)
ITEM = re.compile(r"<li\b[^>]*>", re.IGNORECASE)
TAG = re.compile(r"<[^>]+>")
LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
EMPHASIS = re.compile(r"\*{1,3}|^#{1,6}\s+|(?<!\w)_{1,2}(?=\w)|(?<=\w)_{1,2}(?!\w)|\\(?=[(){}\[\]])")
BULLET = re.compile(r"^\s*(?:[-*•·▪◦‣]\s+|\(?(?:[ivx]{1,4}|[a-h]|\d{1,2})[).]\s+)+")
RULE = re.compile(r"^[\s|:=+-]*$")
CELLS = re.compile(r"\t|\s{3,}")
LABEL = re.compile(r"^(?:[A-Z][\w.’']*[ /&]?){1,4}:")
SENTENCE = re.compile(
    r"(?<=[.!?;])(?<!No\.)(?<!Ref\.)(?<![ap]\.m\.)(?<!Mr\.)(?<!Ms\.)(?<!e\.g\.)(?<!i\.e\.)\s+(?=[“\"(A-Z])"
)
ITEM_MARK = "\x01"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of one cell of one line."""

    line: int
    """Of the source, from 1."""
    text: str
    item: bool = False
    """Whether it is an item of a list."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the source."""

    line: int
    cells: tuple[tuple[Piece, ...], ...]

    @property
    def text(self) -> str:
        """All of it in one string."""
        return " ".join(piece.text for cell in self.cells for piece in cell)

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """The pieces of every cell, in reading order."""
        return tuple(piece for cell in self.cells for piece in cell)

    @property
    def table(self) -> bool:
        """Whether it is a row of a table."""
        return len(self.cells) > 1


@dataclass(frozen=True, slots=True)
class Source:
    """A text, read."""

    rows: tuple[Row, ...]
    """Lines with something in English on them."""
    sentences: tuple[Piece, ...]
    """Sentences of the prose, each with the line it begins on."""


def read(text: str) -> Source:
    """Return the pieces of a text."""
    lines = text.replace("\r\n", "\n").replace("\f", "\n").lstrip("\ufeff").split("\n")
    rows: list[Row] = []
    paragraphs: list[list[Piece]] = [[]]
    for number, line in enumerate(lines, start=1):
        row = _row(number, line)
        if row is None:
            if not line.strip():
                paragraphs.append([])
            continue
        rows.append(row)
        if row.table or row.pieces[0].item or LABEL.match(row.text):
            paragraphs.append([])
        paragraphs[-1].extend(() if row.table else row.pieces)
        if row.table:
            paragraphs.append([])
    sentences = tuple(sentence for paragraph in paragraphs for sentence in _sentences(paragraph))
    return Source(tuple(rows), sentences)


def _row(number: int, line: str) -> Row | None:
    if RULE.match(line):
        return None
    raw = line.strip().strip("|") if line.count("|") > 1 else line
    parts = raw.split("|") if line.count("|") > 1 else CELLS.split(raw.rstrip()) if raw.strip() else []
    if "\t" not in raw and line.count("|") < 2:  # noqa: PLR2004  a pair of bars
        parts = [part for part in parts if part.strip()]
    cells = tuple(tuple(_pieces(number, part)) for part in parts)
    return Row(number, cells) if any(cells) else None


def _pieces(number: int, part: str) -> Iterator[Piece]:
    marked = ITEM.sub(f"\n{ITEM_MARK}", FOOTNOTE.sub("", part))
    for stretch in BREAK.sub("\n", marked).split("\n"):
        text = html.unescape(TAG.sub("", stretch))
        # URLs are told by what a link shows; the arrows and dashes of exports are made plain.
        text = LINK.sub(r"\1", text.strip().lstrip(ITEM_MARK)).replace("\u00a0", " ")
        item = ITEM_MARK in stretch or bool(BULLET.match(text))
        text = EMPHASIS.sub("", BULLET.sub("", text))
        text = " ".join(CJK.sub(" ", text).split()).strip()
        text = re.sub(r"^[()\s:：,.]+$", "", text)
        if any(character.isalnum() for character in text):
            yield Piece(number, text, item)


def _sentences(paragraph: list[Piece]) -> Iterator[Piece]:
    if not paragraph:
        return
    starts: list[tuple[int, int]] = []
    text = ""
    for piece in paragraph:
        starts.append((len(text), piece.line))
        text += piece.text + " "
    at = 0
    for sentence in SENTENCE.split(text.strip()):
        offset = text.index(sentence, at)
        at = offset + len(sentence)
        yield Piece(max(line for start, line in starts if start <= offset), sentence, paragraph[0].item)
