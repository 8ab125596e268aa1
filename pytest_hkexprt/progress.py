"""How far a long transfer is: a bar on a terminal, nothing where nobody watches.

Short transfers show nothing either: a bar that flashes by tells less than none.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from pytest_hkexprt.deadline import Deadline

if TYPE_CHECKING:
    import pytest
    from rich.progress import Progress as Bar

Advance = Callable[[int], None]
"""Called with how many bytes more have come."""
SHOWN_AFTER_S = 0.5


class Progress:
    """Shows transfers on a stream.

    Args:
        stream: the terminal; None shows nothing.
        shown_after_s: how long a transfer may take before it is shown.
    """

    def __init__(self, stream: TextIO | None, shown_after_s: float = SHOWN_AFTER_S) -> None:
        self._stream = stream
        self._shown_after_s = shown_after_s

    @contextmanager
    def transfer(self, title: str, total_bytes: int | None) -> Iterator[Advance]:
        """Show one transfer while it lasts; what it gives is called with the bytes that came."""
        if self._stream is None:
            yield lambda _: None
            return
        quiet, came_bytes = Deadline.after(self._shown_after_s), 0
        bar: Bar | None = None

        def advance(more_bytes: int) -> None:
            nonlocal bar, came_bytes
            came_bytes += more_bytes
            if bar is None and quiet.passed:
                bar = self._bar()
                bar.add_task(title, total=total_bytes)
                bar.start()
            if bar is not None:
                bar.update(bar.task_ids[0], completed=came_bytes)

        try:
            yield advance
        finally:
            if bar is not None:
                bar.stop()

    def _bar(self) -> Bar:
        from rich.console import Console  # noqa: PLC0415  40 ms, for transfers that take longer than that
        from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

        assert self._stream is not None
        self._stream.write("\n")  # below the line pytest may have begun
        columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
        return Progress(*columns, console=Console(file=self._stream, force_terminal=True), transient=True)


@contextmanager
def on_terminal(config: pytest.Config) -> Iterator[Progress]:
    """Give a progress that is seen past pytest's capture; where there is no terminal, one that shows nothing."""
    reporter = config.pluginmanager.getplugin("terminalreporter")
    if reporter is None or not reporter.isatty:
        yield Progress(None)
        return
    capture = config.pluginmanager.getplugin("capturemanager")
    with capture.global_and_fixture_disabled():
        terminal = os.dup(sys.stdout.fileno())
    with os.fdopen(terminal, "w", encoding=sys.stdout.encoding or "utf-8", errors="replace") as stream:
        yield Progress(stream)
