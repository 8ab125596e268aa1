"""A journal's lines without looking into their records, and a part's own chain worked out again from them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import msgspec

from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.evidence.journal import FIRST, chained
from pytest_hkexprt.evidence.parts import Seal


class RawLine(msgspec.Struct, frozen=True):
    """A line's envelope, and its record as the bytes it is."""

    seq: int
    utc: str
    rehearsed: str | None
    prev: str
    record: msgspec.Raw


class RawPart(msgspec.Struct, frozen=True, tag="part", tag_field="kind"):
    """Of a part's line, the number, the seal, and the run's own first record as the bytes it is."""

    number: int
    run: msgspec.Raw
    seal: Seal


class Chain:
    """A run's own chain of digests, worked out from its records."""

    def __init__(self) -> None:
        self.head = FIRST
        """Digest of the last line so far."""
        self.lines = 0
        self._encoder = msgspec.json.Encoder()

    def add(self, record: msgspec.Raw, utc: str, rehearsed: str | None) -> None:
        """Add the next of its records."""
        line = self._encoder.encode(chained(self.lines, utc, rehearsed, self.head, record))
        self.head = hashlib.sha256(line).hexdigest()
        self.lines += 1


def read(path: Path) -> Iterator[RawLine]:
    """Yield the whole lines of a journal.

    Raises:
        UsageFault: a line has not the form of one.
    """
    decoder = msgspec.json.Decoder(RawLine)
    with path.open("rb") as file:
        for number, raw in enumerate(file, start=1):
            if not raw.endswith(b"\n"):
                return
            try:
                yield decoder.decode(raw)
            except msgspec.MsgspecError as error:
                raise UsageFault(f"{path}, line {number}", expected="a journal record", came=str(error)) from error
