"""Captures read: pcap and pcapng, through libpcap, the library tcpdump and Wireshark read theirs with.

It comes with the extra ``market-data``, and is imported only when a capture is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.systems.omd.frames import Datagram, Other, datagram, known_link

INSTALL: Final = "pip install 'pytest-hkexprt[market-data]'"


@dataclass(frozen=True, slots=True)
class Captured:
    """One frame of a capture."""

    at_ns: int
    """When it was captured, nanoseconds since 1970 in UTC; exact to the microsecond."""
    carried: Datagram | Other


def read(path: Path) -> Iterator[Captured]:
    """Yield what the frames of a capture carried, in the file's order.

    Raises:
        UsageFault: it is no capture, is cut, holds frames of a kind that is not known, or the library is not installed.
    """
    try:
        import cypcap  # type: ignore[import-untyped]  # noqa: PLC0415  # an extra, and several megabytes
    except ImportError:
        raise UsageFault(
            f"{path}", expected="the library that reads captures", came="none is installed", next_step=INSTALL
        ) from None
    if not path.is_file():
        raise UsageFault(f"{path}", expected="a capture file", came="a folder" if path.exists() else "no such file")
    try:
        with cypcap.open_offline(path, cypcap.TstampPrecision.MICRO) as capture:
            link = int(capture.datalink())
            if not known_link(link):
                raise UsageFault(
                    f"{path}",
                    expected="frames of Ethernet, of IPv4, of a loopback, or cooked ones",
                    came=f"link type {link}",
                    next_step="capture on a network interface, or convert the file with editcap -T ether",
                )
            for head, data in capture:
                yield Captured(round(head.ts * 1_000_000) * 1_000, datagram(link, data))
    except cypcap.Error as error:
        raise UsageFault(
            f"{path}",
            expected="a capture in pcap or pcapng format",
            came=str(error.args[-1] if error.args else error),
            next_step="tcpdump -r FILE says the same; a file that is cut can be mended with editcap",
        ) from None
