from __future__ import annotations

import pytest

from pytest_hkexprt.systems.omd.gaps import Gaps
from tests import fuzz_market_data


def test_damaged_market_data_ends_in_events_or_an_error_of_the_other_side():
    ends = fuzz_market_data.fuzz(executions=300, seed=1_000_000)
    assert {"taken", "CutMessage", "SizeDiffers", "TooShort"} <= ends.keys(), "each way to end is reached"


def test_the_fuzzer_finds_an_arbiter_that_delivers_beyond_a_gap(monkeypatch):
    monkeypatch.setattr(Gaps, "next", property(lambda gaps: gaps.known + 1))
    with pytest.raises(AssertionError, match="passed over, and not told"):
        fuzz_market_data.fuzz(executions=50, seed=0)


def test_the_fuzzer_finds_an_arbiter_that_delivers_twice(monkeypatch):
    ready = Gaps.ready
    monkeypatch.setattr(Gaps, "ready", lambda gaps: [piece for each in ready(gaps) for piece in (each, each)])
    with pytest.raises(AssertionError, match="out of order, or twice"):
        fuzz_market_data.fuzz(executions=50, seed=0)
