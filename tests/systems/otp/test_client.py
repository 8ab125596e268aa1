"""The client against the simulator, over both protocols: logon, the day's requests, waits, and the end."""

from __future__ import annotations

from decimal import Decimal

from pytest_hkexprt.systems.otp.book import Standing
from pytest_hkexprt.systems.otp.lines import differences
from pytest_hkexprt.systems.otp.words import Side
from tests.systems.otp.firm import FIRST

PRICE = Decimal("388.6")
HUNDRED = Decimal(100)


def test_a_logon_is_granted_and_a_logout_answered(simulate, visit, protocol):
    client = visit(simulate(), protocol=protocol).client
    logon = client.logon()
    assert (logon.granted, logon.status, logon.test) == (True, 0, True)
    logout = client.logout()
    assert (logout.answered, logout.their_side_closed, logout.our_side_closed) == (True, True, True)


def test_a_days_orders_end_with_equal_books(simulate, visit, protocol):
    simulator = simulate()
    visitor = visit(simulator, protocol=protocol)
    visitor.client.logon()
    trader, orders = visitor.trader, visitor.client.orders
    name = trader.order("700", Side.BUY, HUNDRED * 3, PRICE)
    assert orders.order(name).standing is Standing.OPEN
    trader.amend(orders.order(name), quantity=HUNDRED * 2)
    trader.cancel(orders.order(name))
    assert orders.order(name).standing is Standing.CANCELLED
    trader.order("700", Side.SELL, HUNDRED, PRICE)
    bought = trader.order("700", Side.BUY, HUNDRED, PRICE)
    assert visitor.client.wait_for(lambda: orders.order(bought).standing is Standing.FILLED, 100)
    visitor.client.logout()
    assert orders.faults == []
    assert differences(orders.lines(), simulator.lines(FIRST)) == []
