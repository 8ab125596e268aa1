"""A server's end of an SFTP channel without a channel: it answers what it is asked, in the order and pieces it is told.

It shares no code with the reader: requests are taken apart and answers put together here, from the draft's tables.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from random import Random

OPEN, CLOSE, READ, OPENDIR, READDIR, STAT, EXTENDED = 3, 4, 5, 11, 12, 17, 200
VERSION, STATUS, HANDLE, DATA, NAME, ATTRS, EXTENDED_REPLY = 2, 101, 102, 103, 104, 105, 201
FILE, LINK, FOLDER = 0o100644, 0o120777, 0o040755


def s(value: bytes) -> bytes:
    return struct.pack(">I", len(value)) + value


def packet(kind: int, number: int, *rest: bytes) -> bytes:
    return s(bytes([kind]) + struct.pack(">I", number) + b"".join(rest))


def status(number: int, code: int, text: bytes = b"told") -> bytes:
    return packet(STATUS, number, struct.pack(">I", code), s(text), s(b"en"))


def attributes(size: int, mode: int = FILE) -> bytes:
    return struct.pack(">IQIIIII", 15, size, 1000, 1000, mode, 1, 1_681_473_600)


class Double:
    """A folder of files, served.

    Args:
        files: name to content.
        most_read_bytes: what one answer holds at most.
        limits: of ``limits@openssh.com``: packet, read, write, handles; None for a server that does not know it.
        handles: how many may be open; one more is refused.
        rng: chooses which answer goes next and how the stream is cut; None for in order and a packet at a time.
        changed: replaces an answer: called with the request's kind and the answer.
    """

    def __init__(
        self,
        files: Mapping[bytes, bytes] | None = None,
        *,
        most_read_bytes: int = 2**18,
        limits: tuple[int, int, int, int] | None = None,
        handles: int = 1000,
        links: tuple[bytes, ...] = (),
        per_answer: int = 100,
        rng: Random | None = None,
        changed: Callable[[int, bytes], bytes] = lambda _, answer: answer,
    ) -> None:
        self.files = dict(files or {})
        self.open: dict[bytes, bytes] = {}
        self.most_open = self.most_waiting = self.most_asked_bytes = 0
        self.requests: list[int] = []
        self._most_read_bytes, self._limits, self._handles = most_read_bytes, limits, handles
        self._links, self._per_answer = links, per_answer
        self._rng, self._changed = rng, changed
        self._asked, self._opened = b"", 0
        self._waiting: list[bytes] = []
        self._stream = b""
        self._listing: dict[bytes, list[bytes]] = {}
        self._asked_bytes: dict[int, int] = {}

    def sendall(self, data: bytes, /) -> None:
        self._asked += data
        while len(self._asked) >= 4:
            (length,) = struct.unpack_from(">I", self._asked)
            if len(self._asked) < 4 + length:
                return
            body, self._asked = self._asked[4 : 4 + length], self._asked[4 + length :]
            self.requests.append(body[0])
            answer = (
                self._version() if body[0] == 1 else self._answer(body[0], *struct.unpack(">I", body[1:5]), body[5:])
            )
            self._waiting.append(self._changed(body[0], answer))
            self.most_waiting = max(self.most_waiting, len(self._waiting))

    def recv(self, size_bytes: int, /) -> bytes:
        if not self._stream and self._waiting:
            self._stream = self._waiting.pop(self._rng.randrange(len(self._waiting)) if self._rng else 0)
        if not self._rng:
            chunk, self._stream = self._stream, b""
            return chunk
        while self._waiting and self._rng.random() < 0.5:
            self._stream += self._waiting.pop(self._rng.randrange(len(self._waiting)))
        cut = self._rng.randint(1, max(1, min(len(self._stream), size_bytes)))
        chunk, self._stream = self._stream[:cut], self._stream[cut:]
        return chunk

    def close(self) -> None:
        pass

    def _version(self) -> bytes:
        return packet(VERSION, 3, *([s(b"limits@openssh.com"), s(b"1")] if self._limits else []))

    def _answer(self, kind: int, number: int, rest: bytes) -> bytes:  # noqa: PLR0911  one for each kind of request
        (length,) = struct.unpack_from(">I", rest)
        first, rest = rest[4 : 4 + length], rest[4 + length :]
        if kind == OPEN:
            assert rest == struct.pack(">II", 1, 0), "to read, and nothing else"
            name = first.rpartition(b"/")[2]
            if name not in self.files:
                return status(number, 2, b"No such file")
            if len(self.open) >= self._handles:
                return status(number, 4, b"Failure")
            return self._handle(number, name)
        if kind == OPENDIR:
            answer = self._handle(number, b"")
            self._listing[b"h%d" % self._opened] = [
                *(s(name) + s(b"long") + attributes(9, mode) for name, mode in ((b".", FOLDER), (b"..", FOLDER))),
                *(s(name) + s(b"long") + attributes(7, LINK) for name in self._links),
                *(s(name) + s(b"long") + attributes(len(content)) for name, content in self.files.items()),
            ]
            return answer
        known = {READDIR: self._listing.keys(), READ: self.open.keys() - self._listing.keys(), CLOSE: self.open.keys()}
        if first not in known.get(kind, {first}):
            return status(number, 4, b"Invalid handle")
        if kind == READDIR:
            some, self._listing[first] = (
                self._listing[first][: self._per_answer],
                self._listing[first][self._per_answer :],
            )
            return packet(NAME, number, struct.pack(">I", len(some)), *some) if some else status(number, 1)
        if kind == STAT:
            name = first.rpartition(b"/")[2]
            return status(number, 2) if b"dangling" in name else packet(ATTRS, number, attributes(70))
        if kind == READ:
            return self._read(number, first, *struct.unpack(">QI", rest))
        if kind == CLOSE:
            del self.open[first]
            return status(number, 0)
        assert (kind, first) == (EXTENDED, b"limits@openssh.com")
        return packet(EXTENDED_REPLY, number, struct.pack(">4Q", *(self._limits or ())))

    def _handle(self, number: int, name: bytes) -> bytes:
        self._opened += 1
        handle = b"h%d" % self._opened
        self.open[handle] = name
        self.most_open = max(self.most_open, len(self.open))
        return packet(HANDLE, number, s(handle))

    def _read(self, number: int, handle: bytes, offset: int, size: int) -> bytes:
        content = self.files[self.open[handle]]
        if offset >= len(content):
            return status(number, 1, b"End of file")
        most = min(size, self._most_read_bytes)
        self.most_asked_bytes = max(self.most_asked_bytes, size)
        if self._rng:
            most = self._rng.randint(1, most)
        return packet(DATA, number, s(content[offset : offset + most]))
