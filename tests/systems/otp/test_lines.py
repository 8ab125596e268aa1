"""Two books compared, order by order."""

from __future__ import annotations

from decimal import Decimal

from pytest_hkexprt.systems.otp.book import Standing
from pytest_hkexprt.systems.otp.lines import Line, differences
from pytest_hkexprt.systems.otp.words import Side


def line(number: int, **changed) -> Line:
    given = {"cl_ord_id": str(number), "order_id": f"O{number}", "security": "700", "side": Side.BUY}
    given |= {"quantity": Decimal(300), "price": Decimal("10.50"), "standing": Standing.OPEN}
    return Line(**(given | {"traded": Decimal(100), "value": Decimal("1050.00")} | changed))


TOLD = "O1: buy 300 of 700 at 10.5, open, 100 traded for 1050"


def test_an_order_reads_as_one_line():
    assert str(line(1)) == TOLD


def test_an_order_without_a_price_says_so():
    assert str(line(1, price=None)) == TOLD.replace("10.5,", "any price,")


def test_books_that_are_the_same_in_another_order_agree():
    assert differences([line(1), line(2)], [line(2), line(1)]) == []


def test_each_order_that_only_one_side_has_is_told():
    assert differences([line(1)], [line(2)]) == [f"ours only: {TOLD}", f"theirs only: {line(2)}"]


def test_an_order_both_sides_have_differently_is_told_from_both():
    theirs = line(1, standing=Standing.FILLED)
    assert differences([line(1)], [theirs]) == [f"ours {TOLD}; theirs {theirs}"]
