"""The run in time, as shapes on a line."""

from __future__ import annotations

import datetime as dt

import pytest

from pytest_hkexprt.evidence.html.timeline import MOST_BARS, WIDTH, Ran, Timeline, timeline
from pytest_hkexprt.evidence.html.words import moment

STARTS, ENDS = "2023-04-15T14:30:00+08:00", "2023-04-15T15:30:00+08:00"
START = moment(STARTS)
assert START is not None


def ran(after_s: float, took_s: float = 1, outcome: str = "passed") -> Ran:
    assert START is not None
    began = START + dt.timedelta(seconds=after_s)
    return Ran("name", outcome, began, began + dt.timedelta(seconds=took_s))


def drawn(*scenarios: Ran, steps: tuple[Ran, ...] = ()) -> Timeline:
    line = timeline(STARTS, ENDS, scenarios, steps)
    assert line is not None
    return line


def test_a_run_in_the_middle_of_the_window_is_drawn_in_the_middle():
    line = drawn(ran(1800, 0))
    assert line.ran[0] == pytest.approx(WIDTH / 2, abs=2)


def test_a_run_before_the_window_is_drawn_left_of_it():
    line = drawn(ran(-900))
    assert line.ran[0] + line.ran[1] < line.window[0]


def test_everything_is_inside_the_picture():
    line = drawn(ran(-900), ran(7200))
    edges = [line.ran, line.window, *((bar.x, bar.width) for bar in line.bars)]
    assert all(left >= 0 and left + width <= WIDTH + 0.01 for left, width in edges)


def test_ticks_stand_at_round_times():
    assert [tick.text for tick in drawn(ran(0)).ticks] == ["14:30", "14:45", "15:00", "15:15", "15:30"]


def test_scenarios_one_after_the_other_share_the_enlarged_span():
    first, second = drawn(ran(0, 1), ran(1, 3)).bars
    assert (first.x, second.x) == (0, WIDTH / 4)


def test_few_steps_are_drawn_instead_of_their_scenario():
    assert len(drawn(ran(0, 3), steps=(ran(0), ran(1), ran(2))).bars) == 3


def test_many_scenarios_are_drawn_in_slices_with_the_worst_outcome():
    many = [ran(number, 1, "failed" if number == 1234 else "passed") for number in range(5000)]
    bars = drawn(*many).bars
    assert len(bars) <= MOST_BARS and [bar.outcome for bar in bars].count("failed") == 1


@pytest.mark.parametrize(("starts", "ends"), [("", ""), (ENDS, STARTS), ("bad", ENDS)])
def test_without_a_window_there_is_no_picture(starts, ends):
    assert timeline(starts, ends, [ran(0)]) is None


def test_where_nothing_ran_there_is_no_picture():
    assert timeline(STARTS, ENDS, []) is None
