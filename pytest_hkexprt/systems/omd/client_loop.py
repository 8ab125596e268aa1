"""The client's one thread: it waits for every socket at once, and does what is due and what it is asked to.

What the thread changes is changed under a lock, and whoever waits is told after each round.
"""

from __future__ import annotations

import contextlib
import queue
import selectors
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any, TypeVar

from pytest_hkexprt.deadline import Deadline, monotonic_s
from pytest_hkexprt.errors import LocalProtocolError

PATIENCE_S = 0.01
"""Between two looks at what is due, where nothing comes."""
LEAVE_S = 1.0
ANSWER_S = 10.0
"""How long the thread may take to do what it is asked; long, as the machine may be busy."""
LONGEST_WAIT_S = 0.05
"""Between two looks at whether something holds that does not follow from what came."""

T = TypeVar("T")


class Loop:
    """A thread and what it waits for.

    Args:
        where: for messages and the thread's name.
        serve: takes what can be read or written: what it was registered with, the events, and the moment.
        tick: does what is due.
    """

    def __init__(self, where: str, serve: Callable[[Any, int, float], None], tick: Callable[[float], None]) -> None:
        self._where = where
        self._serve = serve
        self._tick = tick
        self._selector = selectors.DefaultSelector()
        self._wake, self._woken = socket.socketpair()
        self._changed = threading.Condition()
        self._asked: queue.SimpleQueue[tuple[Callable[[], object], Future[object]]] = queue.SimpleQueue()
        self._stopping = False
        self._fault: BaseException | None = None
        self._watched: tuple[socket.socket, int] | None = None
        self._thread = threading.Thread(target=self._run, name=where, daemon=True)
        self._selector.register(self._woken, selectors.EVENT_READ, None)

    def register(self, readable: Any, data: object) -> None:  # noqa: ANN401  whatever has a descriptor
        """Have a socket waited for, to be read; before the start."""
        self._selector.register(readable, selectors.EVENT_READ, data)

    def watch(self, connection: socket.socket | None, events: int, data: object) -> None:
        """Have one connection waited for, in place of the one before; from the thread itself."""
        wanted = (connection, events) if connection is not None else None
        if wanted == self._watched:
            return
        if self._watched is not None:
            with contextlib.suppress(KeyError, ValueError):
                self._selector.unregister(self._watched[0])
        if wanted is not None:
            self._selector.register(*wanted, data)
        self._watched = wanted

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def close(self) -> None:
        """End the thread and close what it waits on; a second call does nothing."""
        self._stopping = True
        if self._thread.is_alive():
            self._nudge()
            self._thread.join(LEAVE_S)
        for each in (self._selector, self._wake, self._woken):
            each.close()

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep the thread from changing anything meanwhile.

        Raises:
            LocalProtocolError: it broke down.
        """
        with self._changed:
            self._raise_fault()
            yield

    def wait_for(self, holds: Callable[[], bool], deadline: Deadline) -> bool:
        """Wait until something holds, asked anew after each round; return whether it does.

        Raises:
            LocalProtocolError: the thread broke down.
        """
        with self._changed:
            while not holds():
                self._raise_fault()
                if deadline.passed:
                    return False
                self._changed.wait(min(LONGEST_WAIT_S, max(0.001, deadline.left_s())))
        return True

    def do(self, what: Callable[[], T]) -> T:
        """Have the thread do something, and return what it returns.

        Raises:
            LocalProtocolError: it broke down, or does not run.
        """
        if not self._thread.is_alive():
            self._raise_fault()
            raise LocalProtocolError(self._where, expected="a client that has joined", came="one that has not")
        answer: Future[object] = Future()
        self._asked.put((what, answer))
        self._nudge()
        return answer.result(ANSWER_S)  # type: ignore[return-value]  # what() gives a T

    def _raise_fault(self) -> None:
        if self._fault is not None:
            raise LocalProtocolError(
                self._where, expected="no fault of its own", came=repr(self._fault)
            ) from self._fault

    def _nudge(self) -> None:
        with contextlib.suppress(OSError):
            self._wake.send(b"\0")

    def _run(self) -> None:
        try:
            while not self._stopping:
                ready = self._selector.select(PATIENCE_S)
                with self._changed:
                    now_s = monotonic_s()
                    for key, events in ready:
                        if key.fileobj is self._woken:
                            self._woken.recv(4096)
                        else:
                            self._serve(key.data, events, now_s)
                    self._answer()
                    self._tick(now_s)
                    self._changed.notify_all()
        except Exception as error:  # told to whoever asks next
            self._fault = error

    def _answer(self) -> None:
        while not self._asked.empty():
            what, answer = self._asked.get_nowait()
            try:
                answer.set_result(what())
            except Exception as error:  # it is whoever asked that has to know
                answer.set_exception(error)
