"""Kept files as a page shows them: pictures and short texts within it, everything else by its facts.

A picture is put into the page as a data URI, because the page is one file that is mailed. It is shown in an ``img``
element, where a browser runs no script of an SVG and fetches nothing for it; the content policy forbids both once more.
What is shown is what the journal vouches for: of a file whose digest is not the record's, the page says so instead.

Source: PNG (W3C, third edition), 5.2 and 11.2.1; JPEG (ITU T.81), annex B; SVG 2, 8.2 and its secure static mode.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from pytest_hkexprt.evidence.journal import ATTACHMENTS
from pytest_hkexprt.evidence.record import AttachmentRecord

MOST_BYTES = 4_000_000
"""Of one picture: a screenshot of a large page takes about one million."""
MOST_BYTES_TOGETHER = 24_000_000
"""Of all pictures of a page, each counted once: what mail servers let through."""
MOST_TEXT_BYTES = 100_000
"""Of one text: a page's visible text, a table of orders. Of a longer one the page tells the facts."""
MOST_TEXT_BYTES_TOGETHER = 2_000_000
TEXTS = frozenset((".txt", ".csv", ".log", ".json"))
PICTURES = frozenset((".png", ".jpg", ".jpeg", ".svg"))
MOST_PIXELS = 100_000_000
"""A browser unpacks a picture into four bytes a pixel, however small its file is."""
LONGEST_SIDE = 32_000
STORED = re.compile(rf"{ATTACHMENTS}/(?P<digest>[0-9a-f]{{64}})(?P<ending>\.[a-z0-9]{{1,8}})?")
"""What a kept file is called; a journal that says otherwise is not followed."""
GONE = "not shown: the file is not beside the journal"
OTHER = "NOT SHOWN: the file is not what the journal says was kept"
LARGE = "not shown: too large for this page"
ACTIVE = "not shown: it is no plain picture"

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"
_SVG = re.compile(rb"\s*<svg\b([^>]*)>")
_BEFORE_ROOT = ((b"<?", b"?>"), (b"<!--", b"-->"))
"""What may stand before an SVG's root element, and how it ends."""
MOST_BEFORE_ROOT = 20
_SVG_SPACE = re.compile(rb"""xmlns\s*=\s*["']http://www\.w3\.org/2000/svg["']""")
_DECLARED = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_LENGTH = rb"""\b%s\s*=\s*["']\s*([0-9.]{1,12})(?:px)?\s*["']"""
_BOX = re.compile(rb"""viewBox\s*=\s*["']\s*[-0-9.]+[\s,]+[-0-9.]+[\s,]+([0-9.]{1,12})[\s,]+([0-9.]{1,12})\s*["']""")
_FRAMES = frozenset((*range(0xC0, 0xC4), *range(0xC5, 0xC8), *range(0xC9, 0xCC), *range(0xCD, 0xD0)))
"""The markers of JPEG after which height and width stand."""


@dataclass(frozen=True, slots=True)
class Picture:
    """What an ``img`` element needs."""

    source: str
    """A data URI."""
    width: int
    """In pixels; 0 for an SVG that does not say."""
    height: int


@dataclass(frozen=True, slots=True)
class Kept:
    """A file of the evidence as a page shows it."""

    record: AttachmentRecord
    picture: Picture | None = None
    anchor: str = ""
    """Where the page shows the picture: here, or at an earlier step that kept the same one."""
    why: str = ""
    """Why a picture is not shown; empty where it is, and for what is none."""
    text: str = ""
    """Of a short text, what it says."""

    @property
    def pictured(self) -> bool:
        """Whether it is, or should have been, a picture."""
        return bool(self.picture or self.anchor or self.why)


class Gallery:
    """The pictures of one page.

    Args:
        folder: where the kept files lie, the journal's own; None shows every file by its facts alone.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._shown: dict[str, str] = {}
        """Digest to anchor."""
        self._size_bytes = 0
        self._text_bytes = 0

    def kept(self, record: AttachmentRecord) -> Kept:
        """Return a file as the page shows it."""
        named = STORED.fullmatch(record.stored)
        if self._folder is None or named is None:
            return Kept(record)
        if named["ending"] in TEXTS:
            return Kept(record, text=self._text(record))
        if named["ending"] not in PICTURES:
            return Kept(record)
        if record.sha256 in self._shown:
            return Kept(record, anchor=self._shown[record.sha256])
        picture, why = self._picture(record)
        if picture is None:
            return Kept(record, why=why)
        self._size_bytes += record.size_bytes
        self._shown[record.sha256] = anchor = f"p{len(self._shown) + 1}"
        return Kept(record, picture, anchor)

    def _text(self, record: AttachmentRecord) -> str:
        """Return what a short text says; nothing of one that is long, gone, or not what the journal says."""
        if record.size_bytes > MOST_TEXT_BYTES or self._text_bytes + record.size_bytes > MOST_TEXT_BYTES_TOGETHER:
            return ""
        assert self._folder is not None, "asked for where there is one"
        try:
            content = (self._folder / record.stored).read_bytes()
            text = content.decode("utf-8-sig")
        except (OSError, UnicodeDecodeError):
            return ""
        if hashlib.sha256(content).hexdigest() != record.sha256:
            return ""
        self._text_bytes += len(content)
        return text.replace("\r\n", "\n")

    def _picture(self, record: AttachmentRecord) -> tuple[Picture | None, str]:
        """Return a file as a picture, or why it is not shown as one."""
        assert self._folder is not None, "asked for where there is one"
        if record.size_bytes > MOST_BYTES or self._size_bytes + record.size_bytes > MOST_BYTES_TOGETHER:
            return None, LARGE
        try:
            content = (self._folder / record.stored).read_bytes()
        except OSError:
            return None, GONE
        if hashlib.sha256(content).hexdigest() != record.sha256:
            return None, OTHER
        return picture_of(content), ACTIVE


def picture_of(content: bytes) -> Picture | None:
    """Return a PNG, a JPEG or a plain SVG as a picture; None for anything else, whatever it is called."""
    if content.startswith(_PNG) and content[12:16] == b"IHDR":
        kind, size = "png", (int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big"))
    elif content.startswith(_JPEG):
        kind, size = "jpeg", _jpeg_size(content)
    elif (attributes := _svg_root(content)) and _SVG_SPACE.search(attributes) and not _DECLARED.search(content):
        kind, size = "svg+xml", _svg_size(attributes)
    else:
        return None
    width, height = size
    if kind != "svg+xml" and not width * height:
        return None
    if max(size) > LONGEST_SIDE or width * height > MOST_PIXELS:
        return None
    return Picture(f"data:image/{kind};base64,{base64.b64encode(content).decode()}", width, height)


def _jpeg_size(content: bytes) -> tuple[int, int]:
    """Return width and height, from the first frame's header; noughts where there is none."""
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:  # noqa: PLR2004  every marker begins so
        if content[at + 1] in _FRAMES:
            return int.from_bytes(content[at + 7 : at + 9], "big"), int.from_bytes(content[at + 5 : at + 7], "big")
        at += 2 + max(2, int.from_bytes(content[at + 2 : at + 4], "big"))
    return 0, 0


def _svg_root(content: bytes) -> bytes:
    """Return the attributes of an SVG's root element; nothing where the content does not begin as one."""
    rest = content.removeprefix(b"\xef\xbb\xbf")
    for _ in range(MOST_BEFORE_ROOT):
        rest = rest.lstrip()
        ending = next((end for begin, end in _BEFORE_ROOT if rest.startswith(begin)), b"")
        if not ending:
            break
        rest = rest.partition(ending)[2]
    found = _SVG.match(rest)
    return found[1] if found else b""


def _svg_size(attributes: bytes) -> tuple[int, int]:
    """Return width and height as the root element has them, else those of its view box."""
    sides = [re.search(_LENGTH % name, attributes) for name in (b"width", b"height")]
    box = _BOX.search(attributes)
    found = [side[1] for side in sides if side] if all(sides) else list(box.groups()) if box else []
    try:
        width, height = (round(float(each)) for each in found)
    except ValueError:
        return 0, 0
    return width, height
