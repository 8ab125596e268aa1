"""Reports as a folder lists them, and how one is found by its name.

Names come from the other side. They are kept as the bytes they came as, because that is what opens the file again;
they are shown with everything invisible made visible; and they are made safe before they name a local file.

Source: SFTP version 3, draft-ietf-secsh-filexfer-02, section 6.7: a name is a string of bytes in no stated encoding.
"""

from __future__ import annotations

import datetime as dt
import difflib
import fnmatch
import hashlib
import re
import unicodedata
from dataclasses import dataclass

from pytest_hkexprt.model import Endpoint

UNSAFE = re.compile(r"[^\w.\- ()+,=@#\[\]{}]", re.ASCII)
"""What may mean something to a shell, a file system or a reader of paths."""
RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
"""Names Windows keeps for devices."""
NOT_UTF8 = range(0xDC80, 0xDD00)
"""What surrogateescape makes of the bytes 80 to FF where they are not UTF-8."""
BASIC = 0xFFFF
"""The last character an escape of four digits can name."""
LONGEST = 200
"""Characters; file systems take 255 bytes, and a temporary ending is added."""
LONGEST_LOCAL = LONGEST + len("~01234567")
"""With the digest of a name that had to be changed."""


def shown(name: bytes) -> str:
    """Return a name for a reader: what is not UTF-8, or would not be seen, as an escape; no two names look the same."""
    return visible(name.decode("utf-8", "surrogateescape"))


def visible(text: str) -> str:
    """Return any text of the other side's for a reader, with what would not be seen as an escape."""
    if text.isprintable() and "\\" not in text:  # as nearly every name is
        return text
    return "".join(_visible(character) for character in text)


def _visible(character: str) -> str:
    point = ord(character)
    if character == "\\":
        return "\\\\"
    if point in NOT_UTF8:
        return f"\\x{point - 0xDC00:02x}"
    if unicodedata.category(character).startswith(("C", "Z")) and character != " ":
        return f"\\u{point:04x}" if point <= BASIC else f"\\U{point:08x}"
    return character


def safe(text: str) -> str:
    """Return a name that is safe to give a local file; one that had to be changed carries a digest, so none collide."""
    plain = UNSAFE.sub("_", text)[:LONGEST]
    if plain.strip(". ") != plain or not plain or RESERVED.fullmatch(plain):
        plain = "_" + plain.strip(". ")
    if plain == text:
        return plain
    return f"{plain}~{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def is_local(name: str) -> bool:
    """Return whether a name is like those given to local files: safe, with digests behind it where it had to be."""
    plain = name.partition("~")[0]
    if not plain or len(name) > LONGEST_LOCAL or UNSAFE.search(name.replace("~", "")):
        return False
    return plain[0] not in ". " and not RESERVED.fullmatch(plain)


@dataclass(frozen=True, slots=True)
class Report:
    """One file of the folder, as the listing has it."""

    raw_name: bytes
    """As the server sent it."""
    size_bytes: int | None
    """None where the server lists no size."""
    modified: dt.datetime | None
    """Aware; None where the server lists none."""

    @property
    def name(self) -> str:
        """The name, fit to be shown."""
        return shown(self.raw_name)

    @property
    def local_name(self) -> str:
        """The name, fit for a local file."""
        return safe(self.name)

    @property
    def local_name_apart(self) -> str:
        """A name fit for a local file that no other report's falls together with, whatever their case."""
        return f"{self.local_name[: LONGEST // 2]}~{hashlib.sha256(self.raw_name).hexdigest()}"

    @property
    def plain(self) -> bool:
        """Whether the name is one of this folder: no path, no step upwards."""
        return self.raw_name not in (b"", b".", b"..") and not {b"/", b"\0"} & {bytes([b]) for b in self.raw_name}

    @property
    def modified_iso(self) -> str:
        """When it was modified, as ISO 8601; empty where the server lists nothing."""
        return self.modified.isoformat() if self.modified else ""


@dataclass(frozen=True, slots=True)
class Listing:
    """What the folder held at one moment."""

    endpoint: Endpoint
    folder: str
    taken: str
    """When, as ISO 8601 in Hong Kong time."""
    reports: tuple[Report, ...]
    """The files, in the order of their names."""
    others: tuple[str, ...] = ()
    """Names of folders and whatever else is no file; they are not counted."""

    @property
    def sizes_bytes(self) -> dict[str, int | None]:
        """The size of each report, by name."""
        return {report.name: report.size_bytes for report in self.reports}


def find(listing: Listing, pattern: str) -> tuple[Report, ...]:
    """Return the reports whose name fits the pattern, the newest first; of the same age, the last by name first."""
    found = (report for report in listing.reports if fnmatch.fnmatchcase(report.name, pattern))
    return tuple(sorted(found, key=_age, reverse=True))


def _age(report: Report) -> tuple[float, str]:
    return report.modified.timestamp() if report.modified else 0.0, report.name


def nearest(listing: Listing, pattern: str) -> tuple[str, ...]:
    """Return up to three names that come nearest to the pattern, whatever their case."""
    names = {report.name.lower(): report.name for report in listing.reports}
    wanted = pattern.lower()
    fitting = [name for lower, name in names.items() if fnmatch.fnmatchcase(lower, wanted)]
    close = [names[lower] for lower in difflib.get_close_matches(wanted.strip("*"), list(names), n=3, cutoff=0.3)]
    return tuple(dict.fromkeys([*fitting, *close]))[:3]
