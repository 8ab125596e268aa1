"""A folder's names, asked for some answers ahead, and what each link among them leads to.

A folder of ten thousand reports comes in a hundred answers; asked for one by one, a long line is waited for a hundred
times. A link is listed with its own size; what it leads to is what would be read, so that is asked for as well.

Source: SFTP version 3, draft-ietf-secsh-filexfer-02, sections 6.7 (folders) and 6.8 (links followed).
"""

from __future__ import annotations

import stat
from collections import deque
from collections.abc import Iterator

from pytest_hkexprt.systems.rap import packets
from pytest_hkexprt.systems.rap.packets import Attributes, BadAnswer, Kind, Packet, Status
from pytest_hkexprt.systems.rap.pipeline import Asked, Depth, Requests, refusal

ITSELF = (b".", b"..")
MOST_ITSELF = 100
"""How often these are passed over: a folder that names nothing else has no end that its reader would see."""


class Folder:
    """A folder being listed."""

    def __init__(self, requests: Requests, path: bytes, depth: Depth) -> None:
        self._requests = requests
        self._path = path
        self._depth = depth
        self._handle: bytes | None = None
        self._ahead = 0
        """Requests for names without an answer."""
        self._ended = False
        self._links: deque[bytes] = deque()
        """Names of links not asked about yet."""
        self._asked_about = 0
        self._itself = 0
        requests.ask(Asked(Kind.OPENDIR), packets.string(path))

    @property
    def done(self) -> bool:
        """Whether every name has come."""
        return self._ended and not (self._ahead or self._links or self._asked_about)

    def fill(self) -> None:
        """Ask for as much as may be in flight."""
        while self._links and len(self._requests) < self._depth.requests:
            name = self._links.popleft()
            self._asked_about += 1
            self._requests.ask(Asked(Kind.STAT, name=name), packets.string(self._path + b"/" + name))
        if self._handle is None or self._ended:
            return
        while self._ahead < self._depth.ahead and len(self._requests) < self._depth.requests:
            self._ahead += 1
            self._requests.ask(Asked(Kind.READDIR), packets.string(self._handle))

    def take(self, asked: Asked, packet: Packet) -> Iterator[tuple[bytes, Attributes | None]]:
        """Yield the names that are known now, without the folder itself and the one above; None for a dangling link.

        Raises:
            Refused: the folder is refused.
            BadAnswer: the answer is not one to what was asked.
        """
        if asked.kind == Kind.OPENDIR:
            if packet.kind != Kind.HANDLE:
                raise refusal(packet, "a handle")
            self._handle = packets.handle(packet)
        elif asked.kind == Kind.STAT:
            yield asked.name, self._led_to(packet)
        else:
            self._ahead -= 1
            for name, attributes in self._came(packet):
                if name in ITSELF:
                    self._itself += 1
                    if self._itself > MOST_ITSELF:
                        raise BadAnswer("a folder that names itself and the one above without end")
                    continue
                if attributes.mode is not None and stat.S_ISLNK(attributes.mode):
                    self._links.append(name)
                else:
                    yield name, attributes
            if self._ended and not self._ahead:
                self._close()

    def abandon(self) -> None:
        """Close the folder, and let the answers still to come go by."""
        self._requests.forget()
        self._close()

    def _close(self) -> None:
        if self._handle is not None:
            self._requests.close(self._handle)
            self._handle = None

    def _led_to(self, packet: Packet) -> Attributes | None:
        self._asked_about -= 1
        if packet.kind != Kind.ATTRS:
            refusal(packet, "attributes")
            return None
        return packets.Fields(packet.body).attributes()

    def _came(self, packet: Packet) -> list[tuple[bytes, Attributes]]:
        if packet.kind == Kind.NAME:
            found = packets.names(packet)
            # No names is how some servers say that there are no more; OpenSSH's client takes it so.
            self._ended = self._ended or not found
            return found
        if packet.kind != Kind.STATUS:
            raise BadAnswer(f"expected names, came packet type {packet.kind}")
        if not self._ended:
            refused = refusal(packet, "names")
            if refused.code != Status.END:
                raise refused
            self._ended = True
        return []
