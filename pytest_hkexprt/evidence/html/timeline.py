"""The run in time, as shapes on a line: the session's window, when the scenarios ran in it, and that span enlarged.

A run takes seconds, a window an hour; one picture shows both, the second magnified below the first. The shapes are
numbers here, so that the template only draws.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pytest_hkexprt.evidence.html import words
from pytest_hkexprt.model import Outcome

WIDTH = 1000
"""Of the picture, in its own units."""
MOST_BARS = 250
"""More scenarios than this are drawn in so many slices of time, each with the worst outcome in it."""
MOST_STEPS = 60
"""Fewer steps than this are drawn one by one, in place of their scenarios."""
TICKS = 6
THINNEST = 2.0
MARGIN = 0.06
"""Of the span shown, left free on either side."""
STEPS_MIN = (1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 720, 1440)
"""Distances between two ticks, in minutes."""


@dataclass(frozen=True, slots=True)
class Ran:
    """A scenario, and when it ran, by the clock the run went by."""

    name: str
    outcome: str
    began: dt.datetime
    ended: dt.datetime


@dataclass(frozen=True, slots=True)
class Mark:
    """A text at a place."""

    x: float
    text: str
    anchor: str
    """``start``, ``middle`` or ``end``: which part of the text stands there."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A scenario, or a slice of time with several."""

    x: float
    width: float
    outcome: str
    text: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """The picture."""

    window: tuple[float, float]
    """Left edge and width."""
    ran: tuple[float, float]
    label: Mark
    ticks: tuple[Mark, ...]
    bars: tuple[Bar, ...]
    """Of the enlarged span."""
    starts: str
    ends: str


def timeline(
    starts: str, ends: str, scenarios: Sequence[Ran], steps: Sequence[Ran] = (), lang: str = ""
) -> Timeline | None:
    """Return the picture of a session; None where there is no window, or nothing ran.

    Args:
        starts: of the window, ISO 8601.
        ends: of the window.
        scenarios: those of the session.
        steps: theirs; drawn one by one where there are few enough of them.
        lang: language of the dates.
    """
    opened, closed = words.moment(starts), words.moment(ends)
    if opened is None or closed is None or not scenarios or closed <= opened:
        return None
    first, last = min(each.began for each in scenarios), max(each.ended for each in scenarios)
    left, right = min(opened, first), max(closed, last)
    margin = (right - left) * MARGIN
    left, right = left - margin, right + margin

    def x(moment: dt.datetime) -> float:
        return round((moment - left) / (right - left) * WIDTH, 2)

    width = max(THINNEST, x(last) - x(first))
    middle = x(first) + width / 2
    anchor = "start" if middle < WIDTH / 8 else "end" if middle > WIDTH * 7 / 8 else "middle"
    return Timeline(
        window=(x(opened), x(closed) - x(opened)),
        ran=(min(x(first), WIDTH - width), round(width, 2)),
        label=Mark(round(middle, 2), words.span(first.isoformat(), last.isoformat(), lang), anchor),
        ticks=tuple(_ticks(left, right, x, lang)),
        bars=tuple(_bars(first, last, steps if 0 < len(steps) <= MOST_STEPS else scenarios)),
        starts=first.strftime("%H:%M:%S"),
        ends=last.strftime("%H:%M:%S"),
    )


def _ticks(left: dt.datetime, right: dt.datetime, x: Callable[[dt.datetime], float], lang: str) -> list[Mark]:
    """Return times of day at round distances."""
    minutes = (right - left).total_seconds() / 60
    step_min = next((step for step in STEPS_MIN if minutes / step <= TICKS), STEPS_MIN[-1])
    several_days = left.date() != right.date()
    midnight = left.replace(hour=0, minute=0, second=0, microsecond=0)
    number = int((left - midnight).total_seconds() / 60 // step_min) + 1
    marks: list[Mark] = []
    while (moment := midnight + dt.timedelta(minutes=number * step_min)) < right and len(marks) <= 2 * TICKS:
        text = f"{words.day(moment, lang)} {moment:%H:%M}" if several_days else f"{moment:%H:%M}"
        marks.append(Mark(x(moment), text, "middle"))
        number += max(1, int(minutes / step_min / TICKS))
    return marks


def _bars(first: dt.datetime, last: dt.datetime, scenarios: Sequence[Ran]) -> list[Bar]:
    span_s = max((last - first).total_seconds(), 0.001)

    def at(moment: dt.datetime) -> float:
        return (moment - first).total_seconds() / span_s * WIDTH

    if len(scenarios) <= MOST_BARS:
        return [_bar(at(each.began), at(each.ended), each.outcome, each.name) for each in scenarios]
    slices: list[list[Ran]] = [[] for _ in range(MOST_BARS)]
    for each in scenarios:
        slices[min(MOST_BARS - 1, int(at(each.began) / WIDTH * MOST_BARS))].append(each)
    wide = WIDTH / MOST_BARS
    return [
        _bar(number * wide, (number + 1) * wide, _worst(some), f"{some[0].name} … {some[-1].name} ({len(some)})")
        for number, some in enumerate(slices)
        if some
    ]


def _bar(left: float, right: float, outcome: str, text: str) -> Bar:
    left, right = max(0.0, left), min(float(WIDTH), right)
    width = max(THINNEST, right - left - 1)
    return Bar(round(min(left, WIDTH - width), 2), round(width, 2), outcome, text)


def _worst(some: Sequence[Ran]) -> str:
    order = [str(outcome) for outcome in Outcome]
    return max((each.outcome for each in some), key=lambda name: order.index(name) if name in order else len(order))
