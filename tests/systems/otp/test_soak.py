"""The soak in seconds instead of minutes: connections are cut at random, and both sides' books end equal."""

from __future__ import annotations

import pytest

from benchmarks.otp_soak import soak
from pytest_hkexprt.systems.otp.profiles import WireProtocol

SECONDS = 4.0
FAST = 500.0


@pytest.mark.parametrize("protocol", WireProtocol, ids=str)
def test_whatever_is_cut_the_books_end_equal(protocol):
    made, wrong = soak(SECONDS, protocol, seed=7, orders_a_second=FAST)
    assert wrong == []
    assert made.requests and made.cuts and made.reconnects >= made.cuts
