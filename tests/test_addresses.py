"""What is an address, and in which network it lies."""

from __future__ import annotations

import pytest

from pytest_hkexprt.addresses import is_number, within


@pytest.mark.parametrize(
    ("host", "number"),
    [("192.0.2.1", True), ("2001:db8::1", True), ("www.ccass.com", False), ("192.0.2", False), ("", False)],
)
def test_an_address_is_told_from_a_name(host, number):
    assert is_number(host) is number


@pytest.mark.parametrize(
    ("host", "network", "lies"),
    [
        ("192.0.2.1", "192.0.2.0/24", True),
        ("192.0.2.1", "192.0.2.7/24", True),
        ("192.0.3.1", "192.0.2.0/24", False),
        ("2001:db8::1", "2001:db8::/32", True),
        ("2001:db8::1", "192.0.2.0/24", False),
        ("www.ccass.com", "192.0.2.0/24", False),
        ("192.0.2.1", "no network", False),
        ("192.0.2.1", "", False),
    ],
)
def test_an_address_lies_in_a_network_or_not(host, network, lies):
    assert within(host, network) is lies
