"""The participant's own downloader, as far as its configuration says where it connects.

The circular wants the addresses switched before each session and the primary ones left in place after the last. They
stand in files of whatever program the participant uses, so no format is assumed: addresses are looked for as whole
words in any text file. Only file, line and address are told, as a line may hold a password beside it.

Source: CD/OEC/SEOCH/073/2023, attachment, point b of each session and the paragraph below session 2.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.evidence.record import Check
from pytest_hkexprt.model import Endpoint, Site

COMMENT = re.compile(r"\s*(#|;|//|--|<!--|rem\b)", re.IGNORECASE)
"""How a line begins that programs pass over."""
UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, slots=True)
class Mention:
    """A place where an address of one of the sites stands."""

    file: Path
    line: int
    address: str
    """The host, with its port where one stands right behind it."""
    site: Site
    comment: bool = False
    wrong_port: bool = False

    def __str__(self) -> str:
        remark = ", in a comment" if self.comment else ", another port" if self.wrong_port else ""
        return f"{self.file.name}:{self.line}: {self.address} ({self.site}{remark})"


def mentions(files: Iterable[Path], sites: Mapping[Site, Sequence[Endpoint]]) -> tuple[Mention, ...]:
    """Return every place in the files where an address of a site stands, in their order.

    Raises:
        UsageFault: a file cannot be read.
    """
    return tuple(found for file in files for found in _in_file(file, sites))


def check(files: Sequence[Path], found: Iterable[Mention], site: Site) -> Check:
    """Compare the addresses that stand in the files with those of a site: each file has some, none has the other's."""
    there = tuple(found)
    active = [each for each in there if not each.comment]
    right = [each for each in active if each.site is site and not each.wrong_port]
    wrong = [each for each in active if each not in right]
    without = [file for file in files if file not in {each.file for each in right}]
    came = [f"{len(right)} of the {site} site's"] if right else [f"none of the {site} site's"]
    came += [f"{len(wrong)} that should not be there"] if wrong else []
    return Check(
        what="addresses in the downloader's configuration",
        where="[rap.downloader] " + ", ".join(file.name for file in files),
        expected=f"addresses of the {site} site in each file, and none of the {site.other} site",
        came=", ".join(came),
        met=bool(files) and not wrong and not without,
        next_step=f"put the {site} site's addresses into the file, and take others out",
        details=(*map(str, there), *(f"{file.name}: no address of the {site} site" for file in without)),
    )


def _in_file(file: Path, sites: Mapping[Site, Sequence[Endpoint]]) -> Iterator[Mention]:
    ports: dict[tuple[str, Site], set[int]] = {}
    for site, endpoints in sites.items():
        for each in endpoints:
            ports.setdefault((each.host.lower(), site), set()).add(each.port)
    for number, line in enumerate(_text(file).splitlines(), start=1):
        for (host, site), allowed in ports.items():
            # A whole word: neither 110.151.14.121 nor 10.151.14.1210 nor my-10.151.14.121.example.
            for at in re.finditer(rf"(?<![\w.-]){re.escape(host)}(?![\w-]|\.\w)(?::(\d+))?", line.lower()):
                port = at[1]
                yield Mention(
                    file=file,
                    line=number,
                    address=at[0],
                    site=site,
                    comment=COMMENT.match(line) is not None,
                    wrong_port=port is not None and int(port) not in allowed,
                )


def _text(file: Path) -> str:
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise UsageFault(
            f"[rap.downloader] files: {file}",
            expected="a readable file",
            came=error.strerror or str(error),
            next_step="name the downloader's configuration as it is, relative to hkexprt.toml",
        ) from None
    return raw.decode("utf-16" if raw.startswith(UTF16) else "utf-8", "replace")
