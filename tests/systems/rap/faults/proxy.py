"""A line that fails: what goes between client and server goes through here, up to a number of bytes."""

from __future__ import annotations

import contextlib
import selectors
import socket
import struct
import threading
from enum import Enum

from tests.systems.rap.faults.rude import STOP_S, Listener

RESET = struct.pack("ii", 1, 0)
"""Linger on, for no time: closing sends a reset."""


class Fate(Enum):
    """What happens to a connection when its bytes are used up."""

    RESET = "reset"
    CLOSED = "closed"
    SILENT = "silent"


class Line(Listener):
    """Carries connections to a server; the first ``failing`` of them meet their fate after ``after_bytes`` of answers.

    Args:
        port: the server's, at 127.0.0.1.
        fate: what happens.
        after_bytes: of the server's, before it happens.
        failing: how many connections it happens to; 0 for none.
    """

    def __init__(self, port: int, fate: Fate, after_bytes: int, failing: int = 1000) -> None:
        self._port, self._fate, self._after_bytes, self._failing = port, fate, after_bytes, failing
        self._over = threading.Event()
        self._carriers: list[threading.Thread] = []
        super().__init__()

    def serve(self, connection: socket.socket) -> None:
        left = self._after_bytes if len(self.accepted) <= self._failing else None
        carrier = threading.Thread(target=self._carry, args=(connection, left), name="faults: carrying", daemon=True)
        self._carriers.append(carrier)
        carrier.start()

    def stop(self) -> None:
        self._over.set()
        super().stop()
        for carrier in self._carriers:
            carrier.join(STOP_S)

    def _carry(self, client: socket.socket, left: int | None) -> None:
        with (
            contextlib.suppress(OSError),
            socket.create_connection(("127.0.0.1", self._port)) as server,
            selectors.DefaultSelector() as ready,
        ):
            ready.register(client, selectors.EVENT_READ, server)
            ready.register(server, selectors.EVENT_READ, client)
            while not self._over.is_set():
                for key, _ in ready.select(0.1):
                    chunk = key.fileobj.recv(65536)
                    if key.fileobj is server and left is not None:
                        chunk, left = chunk[:left], left - len(chunk)
                    if chunk:
                        key.data.sendall(chunk)
                    elif left is None or left > 0:  # an end of its own
                        client.shutdown(socket.SHUT_RDWR)
                        return
                    if left is not None and left <= 0:
                        self._end(client)
                        return

    def _end(self, client: socket.socket) -> None:
        if self._fate is Fate.SILENT:
            self._over.wait()
        elif self._fate is Fate.RESET:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            client.close()
        else:
            client.shutdown(socket.SHUT_RDWR)
