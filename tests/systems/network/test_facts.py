"""What is told of an address that was dialled some times."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.systems.network.samples import probe


@pytest.mark.parametrize(("times_s", "median_s"), [((0.004, 0.001, 0.002), 0.002), ((0.001, 0.003), 0.002), ((), 0.0)])
def test_the_median_is_that_of_the_connects_that_stood(times_s, median_s):
    assert probe(times_s=times_s).median_s == median_s


def test_the_times_are_told_in_milliseconds_from_least_to_greatest():
    assert probe(times_s=(1.25, 0.00125, 0.002)).latency == "1.25 / 2.00 / 1250.00 ms"


def test_an_address_in_numbers_was_not_found_by_a_name():
    assert not probe().by_name


def test_an_address_that_a_name_led_to_was():
    assert replace(probe(), address="192.0.2.1:10022").by_name
