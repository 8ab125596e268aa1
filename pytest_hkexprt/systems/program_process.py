"""A process that is spoken with in lines, and of which nothing is left at its end.

What it is told on its standard input, it is told nowhere else: secrets stand neither in its words nor, as far as they
are ours to keep, in its environment. A program that does not read cannot hold us up: writing has a deadline, too.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import IO, NoReturn

from pytest_hkexprt.command import Command
from pytest_hkexprt.deadline import Deadline, pause
from pytest_hkexprt.errors import HkexprtError, UsageFault
from pytest_hkexprt.systems.program_lines import quoted, shown
from pytest_hkexprt.systems.program_reader import Reader, Wrong

SHOWN_LINES = 5
"""Of what it complained of last."""
LEAVE_S = 5.0
"""For a program to end once its standard input is closed."""
GONE_S = 1.0
"""For a process to be gone once its standard output is."""
LOOK_AGAIN_S = 0.01
RUN = "run it by hand, and look what it waits for or says"


class Process:
    """A running program.

    Args:
        command: whose name and folder it has.
        words: what is run, filled in.
        where: what messages and the thread call it.
        hidden: environment variables it is not given.
        clean: takes secrets out of a text that is to be shown.

    Raises:
        UsageFault: it cannot be started.
    """

    def __init__(
        self,
        command: Command,
        words: Sequence[str],
        where: str,
        *,
        hidden: Collection[str] = (),
        clean: Callable[[str], str] = str,
    ) -> None:
        self.where = where
        self._clean = clean
        try:
            self._popen = subprocess.Popen(  # noqa: S603  the participant's own program, as its file names it
                list(words),
                cwd=command.folder,
                env={name: value for name, value in os.environ.items() if name not in hidden},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                bufsize=0,
                start_new_session=True,  # whatever it starts itself ends with it
            )
        except (OSError, ValueError) as error:
            raise UsageFault(
                where,
                expected="a program that can be started",
                came=f"{words[0]}: {getattr(error, 'strerror', '') or error}",
                next_step="hkexprt doctor looks for it; its path is relative to hkexprt.toml",
            ) from None
        self._in, out, complaints = _pipes(self._popen)
        for each in (self._in, out, complaints):
            os.set_blocking(each.fileno(), False)
        self._reader = Reader(out, complaints, f"{where}: reader", self._kill)

    def write(self, line: bytes, by: Deadline) -> None:
        """Write a line.

        Raises:
            HkexprtError: it has ended, or does not read.
        """
        rest = memoryview(line + b"\n")
        with selectors.DefaultSelector() as writable:
            writable.register(self._in, selectors.EVENT_WRITE)
            while rest:
                try:
                    rest = rest[os.write(self._in.fileno(), rest) :]
                except BlockingIOError:
                    if not writable.select(by.left_s()) and by.passed:
                        self.stop(Wrong("a program that reads its standard input", "one that does not", RUN))
                except OSError:  # it closed its side; how it ended says more
                    if not self._reader.await_end(Deadline.after(GONE_S)):
                        self.stop(Wrong("a program that goes on", "it closed its standard input", RUN))
                    raise self._error() from None

    def line(self, by: Deadline) -> bytes | None:
        """Return the next line; None where none came in time.

        Raises:
            HkexprtError: no line will come any more; the error says why.
        """
        line = self._reader.take(by)
        if line is None and self._reader.over:
            raise self._error()
        return line

    def stop(self, wrong: Wrong) -> NoReturn:
        """Stop it, since it does not do what it should; whoever speaks with it is told so from now on.

        Raises:
            HkexprtError: what is wrong.
        """
        self._reader.fail(replace(wrong, came=f"{wrong.came}{self._complaint()}"))
        self._kill()
        raise self._error()

    @property
    def waiting(self) -> int:
        """How many lines wait to be taken, or to be told that none will come: at least one, where it is over."""
        return self._reader.waiting

    @property
    def lost(self) -> bool:
        """Whether nothing more is to be had of it."""
        return self._reader.over

    def close(self) -> str:
        """End it: by closing its standard input, and if it stays, by force; return what is to be said of its end.

        A second call does nothing.
        """
        if self._in.closed:
            return ""
        wrong = self._reader.wrong
        self._reader.ignore()
        with contextlib.suppress(OSError):
            self._in.close()
        ended = self._reader.await_end(Deadline.after(0.0 if wrong else LEAVE_S))
        status = self._status(GONE_S if ended else 0.0)
        self._kill()
        self._popen.wait()
        self._reader.close()
        if wrong is not None:
            return ""
        if status is None:
            return f"it did not end within {LEAVE_S:g} s of its standard input's end, and was stopped"
        return f"it ended with exit status {status}{self._complaint()}" if status else ""

    def _status(self, patience_s: float) -> int | None:
        by = Deadline.after(patience_s)
        while (status := self._popen.poll()) is None and not by.passed:
            pause(LOOK_AGAIN_S)
        return status

    def _kill(self) -> None:
        """Stop it, and whatever it started."""
        with contextlib.suppress(OSError):
            if os.name == "posix":
                os.killpg(self._popen.pid, signal.SIGKILL)
            else:
                self._popen.kill()

    def _error(self) -> HkexprtError:
        """Return why nothing more is to be had of it: what was found wrong, or its end."""
        wrong = self._reader.wrong
        if wrong is None:
            status, begun = self._status(GONE_S), self._reader.begun
            how = "it closed its standard output" if status is None else f"it ended with exit status {status}"
            cut = f", in the midst of a line: {quoted(begun)}" if begun else ""
            wrong = Wrong("a program that goes on", f"{how}{cut}{self._complaint()}", RUN)
            self._reader.fail(wrong)
        return wrong.kind(self.where, expected=wrong.expected, came=self._clean(wrong.came), next_step=wrong.next_step)

    def _complaint(self) -> str:
        """Return the last it said on standard error."""
        text = self._clean(self._reader.complained.decode("utf-8", "replace"))
        lines = [shown(line) for line in text.splitlines() if line.strip()]
        return f"; it said: {' / '.join(lines[-SHOWN_LINES:])}" if lines else ""


def _pipes(popen: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes], IO[bytes]]:
    assert popen.stdin and popen.stdout and popen.stderr, "all three are pipes"
    return popen.stdin, popen.stdout, popen.stderr
