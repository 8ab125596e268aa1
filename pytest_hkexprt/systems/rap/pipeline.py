"""Many files read at once over one channel: who asked what, what is in flight, and in which order blocks are handed on.

No socket is here: what is to be sent is collected, and what came is handed in. On a line of any length the time goes
into waiting for answers, so opens, reads and closes of many files are kept in flight together; how much is bounded, so
that memory stays flat whatever the sizes. An answer may come in any order and may be shorter than asked for; a file's
blocks leave in their order all the same.

Source: SFTP version 3, draft-ietf-secsh-filexfer-02, section 6.1 (several requests at once) and 6.4 (short reads).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pytest_hkexprt.systems.rap import packets
from pytest_hkexprt.systems.rap.packets import BadAnswer, Kind, Packet, Refused, Status

BLOCK_BYTES = 32768
"""What every server must be able to send at once, by section 3 of the draft."""
LARGEST_BLOCK_BYTES = 255 * 1024
"""What OpenSSH sends at most at once; larger ones were not faster."""


class AtFile(Exception):
    """Something went wrong with one of the files asked for."""

    def __init__(self, index: int, cause: Exception) -> None:
        super().__init__(f"file {index}: {cause}")
        self.index = index
        """Its position among those asked for, from 0."""
        self.cause = cause


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file to be read."""

    path: bytes
    size_bytes: int | None
    """As listed; None where the server lists no size."""


@dataclass(frozen=True, slots=True)
class Depth:
    """How much is asked for before answers come. Measured: more of any was not faster.

    What is asked for is sent when half of the bytes in flight have come, so that many requests go out together.
    """

    open_files: int = 64
    requests: int = 128
    in_flight_bytes: int = 8 * 2**20
    block_bytes: int = BLOCK_BYTES
    ahead: int = 8
    """Requests in flight where nobody knows how many are needed: names of a folder, blocks of a file of no size."""


ONE_AT_A_TIME = Depth(open_files=1, requests=1, in_flight_bytes=1, ahead=1)
"""For a server that cannot take several requests at once."""


@dataclass(slots=True, eq=False)
class _File:
    """A file while it is read."""

    index: int
    wanted: Wanted
    handle: bytes = b""
    asked: int = 0
    """The offset up to which blocks were asked for."""
    handed_on: int = 0
    """The offset up to which blocks were handed on."""
    reads: int = 0
    """Requests without an answer."""
    end: int | None = None
    """Where the server said the file ends, once it did."""
    held: dict[int, memoryview] | None = None
    """Blocks that came before one that stands in front of them, by offset."""

    def next_bytes(self, block_bytes: int) -> int:
        """Return how many bytes to ask for next; 0 when enough was asked."""
        listed = self.wanted.size_bytes
        if self.end is not None:
            return 0
        if listed is None:
            return block_bytes
        if self.asked < listed:
            return min(block_bytes, listed - self.asked)
        # One byte beyond the listed size: the server must say that there is none.
        return int(self.asked == listed)


@dataclass(slots=True, eq=False)
class Asked:
    """A request whose answer has not come."""

    kind: Kind
    file: _File | None = None
    offset: int = 0
    size_bytes: int = 0
    name: bytes = b""
    forgotten: bool = False
    """Whether nobody waits for the answer any more."""


class Requests:
    """The requests of one channel: what is to be sent, and what is without an answer."""

    def __init__(self) -> None:
        self._next_id = 0
        self._unanswered: dict[int, Asked] = {}
        self._to_send: list[bytes] = []

    def __len__(self) -> int:
        return len(self._unanswered)

    def ask(self, asked: Asked, fields: bytes) -> None:
        """Add a request."""
        self._unanswered[self._next_id] = asked
        self._to_send.append(packets.request(asked.kind, self._next_id, fields))
        self._next_id = (self._next_id + 1) & 0xFFFFFFFF

    def close(self, handle: bytes) -> None:
        """Close a handle; nobody waits for the answer, since nothing is lost when a handle read from is not closed."""
        self.ask(Asked(Kind.CLOSE, forgotten=True), packets.string(handle))

    def to_send(self) -> bytes:
        """Return what is to be sent, once."""
        sending, self._to_send = b"".join(self._to_send), []
        return sending

    def answered(self, packet: Packet) -> Asked:
        """Return what a packet answers; a handle that nobody waits for any more is closed.

        Raises:
            BadAnswer: nothing of that id was asked, or it was answered before.
        """
        asked = self._unanswered.pop(packet.id, None)
        if asked is None:
            raise BadAnswer(f"an answer to request {packet.id}, which waits for none")
        if asked.forgotten and packet.kind == Kind.HANDLE:
            self.close(packets.handle(packet))
        return asked

    def forget(self) -> None:
        """Let every answer still to come go by."""
        for asked in self._unanswered.values():
            asked.forgotten = True


class Files:
    """Files being read, some at once, each from its start to its end."""

    def __init__(self, requests: Requests, wanted: Sequence[Wanted], depth: Depth) -> None:
        self._requests = requests
        self._depth = depth
        self._waiting = deque(_File(index, each) for index, each in enumerate(wanted))
        self._open: dict[int, _File] = {}
        self._most_open = depth.open_files
        self._readable: list[_File] = []
        """Open files of which there is more to ask for."""
        self._in_flight_bytes = 0

    @property
    def done(self) -> bool:
        """Whether every file has ended."""
        return not self._waiting and not self._open

    def fill(self) -> None:
        """Ask for as much as may be in flight, once half of it has come."""
        if self._in_flight_bytes > self._depth.in_flight_bytes // 2:
            return
        while self._waiting and len(self._open) < self._most_open and self._room():
            file = self._waiting.popleft()
            self._open[file.index] = file
            self._requests.ask(Asked(Kind.OPEN, file), packets.to_open(file.wanted.path))
        for file in list(self._readable):
            while size_bytes := file.next_bytes(self._depth.block_bytes):
                if file.wanted.size_bytes is None and file.reads >= self._depth.ahead:
                    break
                if not self._room(size_bytes):
                    return
                self._in_flight_bytes += size_bytes
                self._read(file, file.asked, size_bytes)
                file.asked += size_bytes
            else:
                self._readable.remove(file)

    def take(self, asked: Asked, packet: Packet) -> Iterator[tuple[int, memoryview | None]]:
        """Yield the blocks that can be handed on now, each with its file's position; None ends a file.

        Raises:
            AtFile: a file is refused, or the answer is not one to what was asked for it.
        """
        file = asked.file
        assert file is not None
        try:
            if asked.kind == Kind.OPEN:
                self._opened(file, packet)
            else:
                for block in self._came(file, asked, packet):
                    yield file.index, block
        except (BadAnswer, Refused) as error:
            raise AtFile(file.index, error) from error
        if file.handle and not file.reads and not file.next_bytes(1):
            self._finish(file)
            yield file.index, None

    def abandon(self) -> None:
        """Close what is open, and let the answers still to come go by."""
        self._requests.forget()
        for file in self._open.values():
            if file.handle:
                self._requests.close(file.handle)
        self._open.clear()
        self._waiting.clear()

    def _room(self, size_bytes: int = 0) -> bool:
        within = not self._in_flight_bytes or self._in_flight_bytes + size_bytes <= self._depth.in_flight_bytes
        return within and len(self._requests) < self._depth.requests

    def _read(self, file: _File, offset: int, size_bytes: int) -> None:
        file.reads += 1
        self._requests.ask(Asked(Kind.READ, file, offset, size_bytes), packets.to_read(file.handle, offset, size_bytes))

    def _opened(self, file: _File, packet: Packet) -> None:
        if packet.kind == Kind.HANDLE:
            file.handle = packets.handle(packet)
            self._readable.append(file)
            return
        refused = refusal(packet, "a handle")
        if refused.code != Status.FAILURE or len(self._open) == 1:
            raise refused
        # A server may keep fewer files open than it says: the file's turn comes again when there are fewer.
        del self._open[file.index]
        self._most_open = len(self._open)
        self._waiting.appendleft(file)

    def _came(self, file: _File, asked: Asked, packet: Packet) -> Iterator[memoryview]:
        file.reads -= 1
        at = f"at {asked.offset:,} bytes: "
        if packet.kind != Kind.DATA:
            refused = refusal(packet, f"{at}data")
            if refused.code != Status.END:
                raise refused
            self._in_flight_bytes -= asked.size_bytes
            file.end = asked.offset if file.end is None else min(file.end, asked.offset)
            return
        try:
            size_bytes, block = packets.data(packet)
        except BadAnswer as error:
            raise BadAnswer(f"{at}{error}") from error
        if not 0 < size_bytes <= asked.size_bytes:
            raise BadAnswer(f"{at}{size_bytes:,} bytes where {asked.size_bytes:,} were asked for")
        if size_bytes < asked.size_bytes:
            self._read(file, asked.offset + size_bytes, asked.size_bytes - size_bytes)
        if asked.offset == file.handed_on:
            # In one piece: to copy it together costs less than to write it and to digest it twice.
            yield self._hand_on(file, block[0] if len(block) == 1 else memoryview(b"".join(block)))
            while file.held and file.handed_on in file.held:
                yield self._hand_on(file, file.held.pop(file.handed_on))
        else:
            # Copied, so that what it came in, which may hold more, need not be kept.
            file.held = file.held or {}
            file.held[asked.offset] = memoryview(b"".join(block))

    def _hand_on(self, file: _File, block: memoryview) -> memoryview:
        file.handed_on += len(block)
        self._in_flight_bytes -= len(block)
        return block

    def _finish(self, file: _File) -> None:
        if file.held:
            later = BadAnswer(f"the file ended at {file.handed_on:,} bytes, and bytes from {min(file.held):,} on came")
            raise AtFile(file.index, later)
        if file in self._readable:
            self._readable.remove(file)
        del self._open[file.index]
        self._requests.close(file.handle)


def refusal(packet: Packet, expected: str) -> Refused:
    """Return the refusal an answer is that is not what was expected."""
    if packet.kind != Kind.STATUS:
        raise BadAnswer(f"expected {expected}, came packet type {packet.kind}")
    refused = packets.status(packet)
    if refused.code == Status.OK:
        raise BadAnswer(f"expected {expected}, came the status that all is well")
    return refused
