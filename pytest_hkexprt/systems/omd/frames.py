"""Datagrams as frames of Ethernet, IPv4 and UDP, and out of the frames of a capture again; and a capture written.

A capture is written by ourselves, since its format is a header and a record for each frame, so that the simulator needs
no library for it. Reading other people's captures is the business of ``capture``.

Source: RFC 791 (IPv4), RFC 768 (UDP), RFC 1112, section 6.4 (Ethernet addresses of groups); IEEE 802.1Q (tags);
draft-ietf-opsawg-pcap (file and record headers); the link types of tcpdump.org.
"""

from __future__ import annotations

import ipaddress
import struct
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, NamedTuple, Self

from pytest_hkexprt.systems.omd.channels import Address

ETHERNET: Final = 1
LOOPBACK_BSD, RAW, LOOPBACK_OPENBSD, COOKED, IPV4, COOKED_2 = 0, 101, 108, 113, 228, 276
"""Link types: what precedes the IP packet."""
VERSION: Final = 4
"""Of the internet protocol."""
TTL: Final = 1
"""A group's datagrams leave no network they are not routed out of."""
_TYPE_IPV4, _TYPE_IPV6, _TAGS = 0x0800, 0x86DD, (0x8100, 0x88A8, 0x9100)
_UDP, _TCP = 17, 6
_IP = struct.Struct(">BBHHHBBH4s4s")
_PORTS = struct.Struct(">HHHH")
_U16 = struct.Struct(">H")
_FILE = struct.Struct("<IHHiIII")
_RECORD = struct.Struct("<IIII")
_NANOSECONDS = 0xA1B23C4D
_LONGEST = 262_144
_SOURCE_MAC = bytes.fromhex("020000000001")
"""Locally administered: no maker's."""


class Datagram(NamedTuple):
    """What a frame carried."""

    destination: Address
    payload: bytes
    missing_bytes: int
    """How much of it the capture left out."""


class Other(NamedTuple):
    """A frame that carried no whole UDP datagram of IPv4."""

    what: str


def frame(source: Address, destination: Address, payload: bytes) -> bytes:
    """Return a datagram as a frame of Ethernet, with the checksums of IPv4 and UDP."""
    sender, group = (ipaddress.IPv4Address(each.host).packed for each in (source, destination))
    udp_bytes = _PORTS.size + len(payload)
    ip = _IP.pack(0x45, 0, _IP.size + udp_bytes, 0, 0, TTL, _UDP, 0, sender, group)
    ip = ip[:10] + _U16.pack(_checksum(ip)) + ip[12:]
    ports = _PORTS.pack(source.port, destination.port, udp_bytes, 0)
    pseudo = sender + group + _PORTS.pack(_UDP, udp_bytes, 0, 0)[:4]
    checksum = _checksum(pseudo + ports + payload) or 0xFFFF
    mac = b"\x01\x00\x5e" + bytes([group[1] & 0x7F]) + group[2:]
    return mac + _SOURCE_MAC + _U16.pack(_TYPE_IPV4) + ip + ports[:6] + _U16.pack(checksum) + payload


def datagram(link: int, data: bytes) -> Datagram | Other:
    """Return what a captured frame carried.

    Args:
        link: the capture's link type.
        data: the frame, as much of it as was captured.
    """
    try:
        at = _LINKS[link](data)
        return Other("no IPv4") if at is None else _udp(data, at)
    except (struct.error, IndexError):
        return Other("cut before its ports")


def known_link(link: int) -> bool:
    """Return whether frames of a link type can be read."""
    return link in _LINKS


class Writer:
    """A capture file, in nanoseconds; a context manager.

    Args:
        path: is made anew.
        source: the sender that frames bear.
    """

    def __init__(self, path: Path, source: Address) -> None:
        self.path = path
        self.frames = 0
        self._source = source
        self._file: BinaryIO = path.open("wb")
        self._file.write(_FILE.pack(_NANOSECONDS, 2, 4, 0, 0, _LONGEST, ETHERNET))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Write what is buffered, and close."""
        self._file.close()

    def write(self, destination: Address, payload: bytes, at_ns: int) -> None:
        """Write one datagram, sent at a moment in nanoseconds since 1970 in UTC."""
        data = frame(self._source, destination, payload)
        seconds, nanoseconds = divmod(at_ns, 1_000_000_000)
        self._file.write(_RECORD.pack(seconds, nanoseconds, len(data), len(data)) + data)
        self.frames += 1


def _udp(data: bytes, at: int) -> Datagram | Other:
    head = data[at]
    if head >> 4 != VERSION:
        return Other("no IPv4")
    _, _, _, _, fragment, _, protocol, _, _, group = _IP.unpack_from(data, at)
    if protocol != _UDP:
        return Other("TCP" if protocol == _TCP else "another protocol")
    if fragment & 0x3FFF:
        return Other("a fragment")
    at += 4 * (head & 0x0F)
    _, port, udp_bytes, _ = _PORTS.unpack_from(data, at)
    payload = data[at + _PORTS.size : at + udp_bytes]
    host = ".".join(map(str, group))
    return Datagram(Address(host, port), payload, max(0, udp_bytes - _PORTS.size - len(payload)))


def _ethernet(data: bytes) -> int | None:
    return _by_type(data, 12)


def _cooked(data: bytes) -> int | None:
    return _by_type(data, 14)


def _cooked_2(data: bytes) -> int | None:
    return 20 if _U16.unpack_from(data)[0] == _TYPE_IPV4 else None


def _by_type(data: bytes, at: int) -> int | None:
    """Return where IPv4 begins behind an EtherType and its tags."""
    (type_,) = _U16.unpack_from(data, at)
    while type_ in _TAGS:
        at += 4
        (type_,) = _U16.unpack_from(data, at)
    return at + 2 if type_ == _TYPE_IPV4 else None


def _raw(_: bytes) -> int:
    return 0


def _loopback(_: bytes) -> int:
    return 4


_LINKS: Mapping[int, Callable[[bytes], int | None]] = {
    ETHERNET: _ethernet,
    RAW: _raw,
    IPV4: _raw,
    LOOPBACK_BSD: _loopback,
    LOOPBACK_OPENBSD: _loopback,
    COOKED: _cooked,
    COOKED_2: _cooked_2,
}


def _checksum(data: bytes) -> int:
    """Return the ones' complement of the ones' complement sum of 16-bit words."""
    padded = data + b"\0" * (len(data) % 2)
    total = int(sum(struct.unpack(f">{len(padded) // 2}H", padded)))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF
