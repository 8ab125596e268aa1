"""A program of the participant's own in our client's place: asked line by line, and listened to meanwhile.

What is asked has a deadline. A line that is not of the protocol, an answer to nothing that was asked, an end, a silence
each is an error that says what was expected and what came, and after the first of them the program is stopped: what it
says later would be held against something it never took in.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Future
from typing import Any, Generic, TypeVar

import msgspec

from pytest_hkexprt.command import Command, filled
from pytest_hkexprt.deadline import Deadline
from pytest_hkexprt.errors import Unreachable
from pytest_hkexprt.systems.program_lines import Junk, Request, decoded, head
from pytest_hkexprt.systems.program_process import RUN, Process
from pytest_hkexprt.systems.program_reader import Wrong

PAGE = "docs/vendor-programs.md has every line there is; what is for a person goes to standard error"
A = TypeVar("A")
E = TypeVar("E")


class Program(Generic[E]):
    """A program that answers.

    Args:
        command: what is run.
        values: what stands for the braces in its words; no secret among them.
        where: what messages call it: ``[otp.program] our-gateway``.
        events: the types of what it says unasked.
        take: takes each of it, in its turn.
        hidden: environment variables it is not given.
        clean: takes secrets out of a text that is to be shown.

    Raises:
        UsageFault: it cannot be started.
    """

    def __init__(
        self,
        command: Command,
        values: Mapping[str, str],
        where: str,
        *,
        events: Any,  # noqa: ANN401  a union of types is no type to a type checker
        take: Callable[[E], None],
        hidden: Collection[str] = (),
        clean: Callable[[str], str] = str,
    ) -> None:
        self.where = where
        self._timeout_s = command.timeout_s
        self._events, self._take, self._clean = events, take, clean
        self._process = Process(
            command, [filled(word, values) for word in command.words], where, hidden=hidden, clean=clean
        )
        self._asked: dict[int, tuple[Request[Any], Future[Any]]] = {}
        self._last = 0

    @property
    def lost(self) -> bool:
        """Whether nothing more is to be had of it."""
        return self._process.lost

    def ask(self, request: Request[A], more_s: float = 0.0) -> A:
        """Return the answer to a request; whatever is said meanwhile is taken in.

        Args:
            request: what is asked for.
            more_s: what it may take beyond the program's own time.

        Raises:
            HkexprtError: it failed, or none came.
        """
        asked = self.ask_later(request)
        patience_s = self._timeout_s + more_s
        if not self.serve(asked.done, Deadline.after(patience_s)):
            what = f"an answer to {_verb(request)!r} within {patience_s:g} s"
            self._process.stop(Wrong(what, "none; it was stopped", RUN, Unreachable))
        return asked.result()

    def ask_later(self, request: Request[A]) -> Future[A]:
        """Send a request, and return what will have its answer once :meth:`serve` took it in.

        Raises:
            HkexprtError: it has ended, or does not read.
        """
        self._last += 1
        sent = msgspec.structs.replace(request, id=self._last)
        asked: Future[A] = Future()
        self._asked[self._last] = (request, asked)
        self._process.write(msgspec.json.encode(sent), Deadline.after(self._timeout_s))
        return asked

    def serve(self, until: Callable[[], bool], by: Deadline) -> bool:
        """Take in what it says until something holds or time is up; return whether it holds.

        Raises:
            HkexprtError: it ended, or said what is not of the protocol.
        """
        left: int | None = None
        while not until():
            if left is None and by.passed:  # what came while this machine was busy elsewhere counts, and nothing later
                left = self._process.waiting
            if left == 0:
                return False
            line = self._process.line(by)
            if line is None:
                return until()
            self._hear(line)
            left = None if left is None else left - 1
        return True

    def close(self) -> str:
        """End it; return what is to be said of its end, nothing where it ended as it should."""
        return self._clean(self._process.close())

    def _hear(self, line: bytes) -> None:
        try:
            self._sort(line)
        except Junk as junk:
            self._process.stop(Wrong("a line of the protocol", self._clean(str(junk)), PAGE))

    def _sort(self, line: bytes) -> None:
        """Give an answer to whoever asked, and take an event.

        Raises:
            Junk: it is neither, or not as it should be.
        """
        found = head(line)
        if found.id is None:
            self._take(decoded(line, self._events))
            return
        if found.id not in self._asked:
            raise Junk(f"an answer to request {found.id}, which was not asked or has its answer")
        request, asked = self._asked.pop(found.id)
        if found.failed is not None:
            asked.set_exception(found.failed.error(f"{self.where}: {_verb(request)}", self._clean))
        else:
            asked.set_result(decoded(found.done, request.answered_with))


def _verb(request: Request[Any]) -> str:
    return str(request.__struct_config__.tag)
