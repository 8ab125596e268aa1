"""SFTP packets: requests as bytes, and whatever way the answers' bytes are split, the answers in them.

Only what reading needs is here; there is no request that changes anything on the server. Every length an answer
announces is held against the bytes it has. File data stays in the pieces it came in, because copying them together
would cost as much as receiving them.

Source: SFTP version 3, draft-ietf-secsh-filexfer-02, sections 3 (packets), 4 (version), 5 (attributes), 6 (requests),
7 (answers); OpenSSH, PROTOCOL, section 4.8 (``limits@openssh.com``).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple


class Kind(IntEnum):
    """What a packet is."""

    INIT = 1
    VERSION = 2
    OPEN = 3
    CLOSE = 4
    READ = 5
    OPENDIR = 11
    READDIR = 12
    STAT = 17
    STATUS = 101
    HANDLE = 102
    DATA = 103
    NAME = 104
    ATTRS = 105
    EXTENDED = 200
    EXTENDED_REPLY = 201


class Status(IntEnum):
    """What a status says; the first two are no failures."""

    OK = 0
    END = 1
    NO_SUCH_FILE = 2
    PERMISSION_DENIED = 3
    FAILURE = 4
    BAD_MESSAGE = 5
    NO_CONNECTION = 6
    CONNECTION_LOST = 7
    UNSUPPORTED = 8


VERSION = 3
LIMITS = b"limits@openssh.com"
MOST_BYTES = 2**20
"""The longest answer taken: four times what OpenSSH ever sends. A length beyond it is no length."""
LONGEST_HANDLE_BYTES = 256
"""By section 6.3."""
TO_READ = 1
"""The one flag a file is opened with."""
HAS_SIZE, HAS_OWNER, HAS_MODE, HAS_TIMES, HAS_MORE = 1, 2, 4, 8, 0x80000000

_HEAD, _U32, _U64 = struct.Struct(">IBI"), struct.Struct(">I"), struct.Struct(">Q")
_USUAL = struct.Struct(">IQ8xI4xI")
"""Attributes as servers on Unix give them: flags, size, owner, mode, times."""
_USUAL_FLAGS = HAS_SIZE | HAS_OWNER | HAS_MODE | HAS_TIMES
_LENGTH_BYTES, _LEAST_BYTES = 4, 5
"""Of a packet's length; of what it counts at least: the kind, and the request's id or the version."""


class BadAnswer(Exception):
    """The server answered something else than was asked for."""


class Refused(Exception):
    """The server answered a request with a status that is a failure."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text or (Status(code).name.replace("_", " ").lower() if code in _CODES else f"status {code}"))
        self.code = code


_CODES = frozenset(Status)


class Packet(NamedTuple):
    """One answer."""

    kind: int
    id: int
    """The request's; of a VERSION packet, the version."""
    parts: list[memoryview]
    """What follows, in the pieces it came in."""

    @property
    def body(self) -> bytes:
        """What follows, in one piece."""
        return b"".join(self.parts)


class Attributes(NamedTuple):
    """What a server says about a file; None for what it does not say."""

    size_bytes: int | None
    mode: int | None
    modified_s: int | None
    """Since 1970 in UTC."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a server says it takes; 0 for what it does not say."""

    packet_bytes: int
    read_bytes: int
    open_files: int


def string(value: bytes) -> bytes:
    """Return a value as a string of the protocol."""
    return _U32.pack(len(value)) + value


def request(kind: Kind, request_id: int, fields: bytes = b"") -> bytes:
    """Return a request; of INIT, the id is the version."""
    return _HEAD.pack(_LEAST_BYTES + len(fields), kind, request_id) + fields


def to_open(path: bytes) -> bytes:
    """Return the fields of a request to open a file for reading, with no attributes."""
    return string(path) + _U32.pack(TO_READ) + _U32.pack(0)


def to_read(handle: bytes, offset: int, size_bytes: int) -> bytes:
    """Return the fields of a request to read."""
    return string(handle) + _U64.pack(offset) + _U32.pack(size_bytes)


class Packets:
    """The answers in a stream of bytes."""

    def __init__(self) -> None:
        self._head = bytearray()
        self._packet: Packet | None = None
        self._missing_bytes = 0

    def feed(self, chunk: bytes | memoryview) -> Iterator[Packet]:
        """Yield the answers that are whole now.

        Raises:
            BadAnswer: a length is none a packet can have.
        """
        view, at = memoryview(chunk), 0
        while at < len(view):
            if self._packet is None:
                taken = view[at : at + _HEAD.size - len(self._head)]
                self._head += taken
                at += len(taken)
                self._begin()
            else:
                taken = view[at : at + self._missing_bytes]
                self._packet.parts.append(taken)
                at += len(taken)
                self._missing_bytes -= len(taken)
            if self._packet and not self._missing_bytes:
                yield self._packet
                self._packet = None

    def _begin(self) -> None:
        if len(self._head) < _LENGTH_BYTES:
            return
        (length,) = _U32.unpack_from(self._head)
        if not _LEAST_BYTES <= length <= MOST_BYTES:
            raise BadAnswer(f"a packet of {length:,} bytes, where {_LEAST_BYTES} to {MOST_BYTES:,} can be")
        if len(self._head) == _HEAD.size:
            _, kind, request_id = _HEAD.unpack(self._head)
            self._packet, self._missing_bytes = Packet(kind, request_id, []), length - _LEAST_BYTES
            self._head.clear()


class Fields:
    """What a packet's body holds, field by field.

    Every method raises :class:`BadAnswer` where the body ends too soon.
    """

    def __init__(self, body: bytes) -> None:
        self._body, self._at = body, 0

    def u32(self) -> int:
        """Return a number of 32 bits."""
        return _U32.unpack(self._take(4))[0]  # type: ignore[no-any-return]  # struct has no types

    def u64(self) -> int:
        """Return a number of 64 bits."""
        return _U64.unpack(self._take(8))[0]  # type: ignore[no-any-return]  # as above

    def string(self) -> bytes:
        """Return a string."""
        return self._take(self.u32())

    def attributes(self) -> Attributes:
        """Return a file's attributes."""
        if self._body[self._at : self._at + 4] == _U32.pack(_USUAL_FLAGS):
            _, size, mode, modified = _USUAL.unpack(self._take(_USUAL.size))
            return Attributes(size, mode, modified)
        flags, size, mode, modified = self.u32(), None, None, None
        if flags & HAS_SIZE:
            size = self.u64()
        if flags & HAS_OWNER:
            self._take(8)
        if flags & HAS_MODE:
            mode = self.u32()
        if flags & HAS_TIMES:
            _, modified = self.u32(), self.u32()
        if flags & HAS_MORE:
            for _ in range(2 * self.u32()):
                self.string()
        return Attributes(size, mode, modified)

    @property
    def more(self) -> bool:
        """Whether anything is left."""
        return self._at < len(self._body)

    def end(self) -> None:
        """Hold that nothing is left."""
        if self.more:
            raise BadAnswer(f"{len(self._body) - self._at:,} bytes more than announced")

    def _take(self, size_bytes: int) -> bytes:
        at, self._at = self._at, self._at + size_bytes
        if self._at > len(self._body):
            raise BadAnswer(f"{size_bytes:,} bytes announced, {len(self._body) - at:,} came")
        return self._body[at : self._at]


def extensions(packet: Packet) -> Mapping[bytes, bytes]:
    """Return what a VERSION packet says the server can do beside the protocol."""
    fields, found = Fields(packet.body), {}
    while fields.more:
        name = fields.string()
        found[name] = fields.string()
    return found


def limits(packet: Packet) -> Limits:
    """Return the answer to a request for limits; further fields of a later version are left out."""
    fields = Fields(packet.body)
    packet_bytes, read_bytes, _, open_files = fields.u64(), fields.u64(), fields.u64(), fields.u64()
    return Limits(packet_bytes, read_bytes, open_files)


def status(packet: Packet) -> Refused:
    """Return what a STATUS packet says, to be raised or not; old servers leave its text out."""
    fields = Fields(packet.body)
    code = fields.u32()
    return Refused(code, fields.string().decode(errors="replace") if fields.more else "")


def handle(packet: Packet) -> bytes:
    """Return the handle of a HANDLE packet."""
    fields = Fields(packet.body)
    found = fields.string()
    fields.end()
    if len(found) > LONGEST_HANDLE_BYTES:
        raise BadAnswer(f"a handle of {len(found):,} bytes, where {LONGEST_HANDLE_BYTES} are allowed")
    return found


def names(packet: Packet) -> list[tuple[bytes, Attributes]]:
    """Return the names of a NAME packet, with their files' attributes."""
    fields, found = Fields(packet.body), []
    for _ in range(fields.u32()):
        name = fields.string()
        fields.string()  # the long form, for people
        if not name:
            raise BadAnswer("a name that is empty")
        found.append((name, fields.attributes()))
    fields.end()
    return found


def data(packet: Packet) -> tuple[int, list[memoryview]]:
    """Return how many bytes a DATA packet holds, and them, in the pieces they came in."""
    parts, length = list(packet.parts), b""
    while parts and len(length) < _LENGTH_BYTES:
        missing = _LENGTH_BYTES - len(length)
        length += parts[0][:missing]
        parts[:1] = [parts[0][missing:]] if len(parts[0]) > missing else []
    if len(length) < _LENGTH_BYTES:
        raise BadAnswer(f"{_LENGTH_BYTES} bytes announced, {len(length)} came")
    (announced,), came = _U32.unpack(length), sum(map(len, parts))
    if announced != came:
        raise BadAnswer(f"{announced:,} bytes announced, {came:,} came")
    return came, parts
