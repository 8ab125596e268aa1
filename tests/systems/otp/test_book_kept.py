"""The matching core to its last unit: what each order traded and for how much, where it rests, and when it is over."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pytest_hkexprt.systems.otp.book import Book, Order, Standing
from tests.systems.otp.test_book import AT_CROSSING, BUY, DAY, FOK, IOC, SELL, SHORT, book_of, order


def state(each: Order) -> tuple[Decimal, Decimal, Standing]:
    """Return what an order traded, for how much, and what became of it."""
    return each.traded, each.value, each.standing


# ------------------------------------------------------------------ trading


def test_both_sides_count_what_they_traded_and_for_how_much():
    seller, buyer = order(SELL, 300, "10"), order(BUY, 100, "11")
    (fill,) = book_of(seller).enter(buyer)
    assert state(seller) == (100, 1000, Standing.OPEN)
    assert state(buyer) == (100, 1000, Standing.FILLED)
    assert (fill.traded_by(buyer), fill.traded_by(seller)) == (100, 100)


def test_a_trade_knows_what_each_had_traded_after_it():
    sellers = [order(SELL, 100, "10"), order(SELL, 100, "10.1")]
    buyer = order(BUY, 200, "11")
    first, second = book_of(*sellers).enter(buyer)
    assert [fill.traded_by(buyer) for fill in (first, second)] == [100, 200]
    assert state(buyer) == (200, 2010, Standing.FILLED)


def test_an_order_that_is_filled_meets_no_more():
    sellers = [order(SELL, 100, "10") for _ in range(3)]
    fills = book_of(*sellers).enter(order(BUY, 200, "10"))
    assert [fill.maker for fill in fills] == sellers[:2]
    assert sellers[2].standing is Standing.OPEN


@pytest.mark.parametrize(("side", "other", "price"), [(BUY, SELL, "10"), (SELL, BUY, "10"), (SHORT, BUY, "10")])
def test_orders_of_the_same_price_trade(side, other, price):
    assert len(book_of(order(other, 100, price)).enter(order(side, 100, price))) == 1


@pytest.mark.parametrize(("side", "other", "price"), [(BUY, SELL, "9.9"), (SELL, BUY, "10.1")])
def test_orders_whose_prices_do_not_meet_do_not_trade(side, other, price):
    mine, theirs = order(side, 100, price), order(other, 100, "10")
    book = book_of(theirs)
    assert book.enter(mine) == []
    assert set(book.resting()) == {mine, theirs}


@pytest.mark.parametrize(("levels", "traded"), [(1, 100), (2, 200), (3, 300)])
def test_an_order_trades_through_as_many_prices_as_it_may(levels, traded):
    book = book_of(*(order(SELL, 100, price) for price in ("10", "10.1", "10.2")))
    buyer = order(BUY, 300, "11", levels=levels)
    book.enter(buyer)
    assert buyer.traded == traded


def test_an_order_whose_levels_are_used_up_while_it_could_trade_on_is_over():
    book = book_of(order(SELL, 100, "10"), order(SELL, 100, "10.1"))
    buyer = order(BUY, 300, "11", levels=1)
    book.enter(buyer)
    assert state(buyer) == (100, 1000, Standing.EXPIRED)


def test_an_order_whose_levels_are_used_up_and_that_could_not_trade_on_rests():
    book = book_of(order(SELL, 100, "10"), order(SELL, 100, "12"))
    buyer = order(BUY, 300, "11", levels=1)
    book.enter(buyer)
    assert buyer.standing is Standing.OPEN
    assert book.best(buys=True) == 11


def test_an_order_at_any_price_does_not_rest():
    buyer = order(BUY, 100, None, force=DAY)
    book = book_of(buyer)
    assert (buyer.standing, list(book.resting())) == (Standing.EXPIRED, [])


@pytest.mark.parametrize("force", [IOC, FOK])
def test_what_is_good_for_the_moment_is_over_after_it(force):
    buyer = order(BUY, 100, "10", force=force)
    book = book_of(buyer)
    assert (buyer.standing, list(book.resting())) == (Standing.EXPIRED, [])


@pytest.mark.parametrize(("quantity", "standing"), [(200, Standing.FILLED), (201, Standing.EXPIRED)])
def test_what_is_fill_or_kill_trades_just_what_can_be_had(quantity, standing):
    book = book_of(order(SELL, 100, "10"), order(SELL, 100, "10.1"), order(SELL, 100, "12"))
    buyer = order(BUY, quantity, "11", force=FOK)
    book.enter(buyer)
    assert buyer.standing is standing


def test_what_is_fill_or_kill_looks_no_further_than_its_levels():
    book = book_of(order(SELL, 100, "10"), order(SELL, 100, "10.1"))
    buyer = order(BUY, 200, "11", force=FOK, levels=1)
    assert book.enter(buyer) == []


# ------------------------------------------------------------------ resting


def test_what_rests_is_told_best_first_then_the_crossing_then_odd_lots():
    odd, crossing = order(BUY, 1, "10", odd=True), order(BUY, 100, "10", force=AT_CROSSING)
    buyers = [order(BUY, 100, price) for price in ("9", "9.5", "9.5")]
    sellers = [order(SELL, 100, price) for price in ("11", "10.5")]
    book = book_of(odd, crossing, *buyers, *sellers)
    assert list(book.resting()) == [buyers[1], buyers[2], buyers[0], sellers[1], sellers[0], crossing, odd]


def test_the_best_price_of_each_half_is_known_and_of_none_there_is_none():
    book = book_of(order(BUY, 100, "9"), order(BUY, 100, "9.5"), order(SELL, 100, "11"), order(SELL, 100, "10.5"))
    assert (book.best(buys=True), book.best(buys=False)) == (Decimal("9.5"), Decimal("10.5"))
    assert (Book().best(buys=True), Book().best(buys=False)) == (None, None)


@pytest.mark.parametrize("made", [{}, {"force": AT_CROSSING}, {"odd": True}], ids=str)
def test_an_order_is_taken_out_wherever_it_rests(made):
    mine, theirs = order(BUY, 100, "10", **made), order(BUY, 100, "10")
    book = book_of(mine, theirs)
    book.remove(mine)
    book.remove(mine)
    assert list(book.resting()) == [theirs]


def test_an_order_at_any_price_that_waits_for_the_crossing_is_taken_out():
    mine = order(BUY, 100, None, force=AT_CROSSING)
    book = book_of(mine)
    book.remove(mine)
    assert list(book.resting()) == []


def test_a_price_whose_last_order_is_taken_out_is_the_best_no_longer():
    mine = order(BUY, 100, "10")
    book = book_of(mine, order(BUY, 100, "9"))
    book.remove(mine)
    assert book.best(buys=True) == 9


# ------------------------------------------------------------------ odd lots


def test_an_odd_lot_is_picked_off_in_part_at_its_own_price():
    odd = order(SELL, 30, "10", odd=True)
    book = book_of(odd)
    taker = order(BUY, 20, "11", odd=True)
    fill = book.pick_off(odd, Decimal(20), taker)
    assert (fill.taker, fill.maker, fill.quantity, fill.price) == (taker, odd, 20, 10)
    assert state(odd) == (20, 200, Standing.OPEN)
    assert state(taker) == (20, 200, Standing.FILLED)
    book.pick_off(odd, Decimal(10), order(BUY, 10, "11", odd=True))
    assert list(book.resting()) == []


# ------------------------------------------------------------------ the crossing


def crossed(*orders: Order, resting: tuple[Order, ...] = ()) -> list[tuple[Order, Order, Decimal, Decimal]]:
    book = book_of(*resting, *orders)
    return [(fill.taker, fill.maker, fill.quantity, fill.price) for fill in book.cross()]


def at(side, quantity: int, price: str | None) -> Order:
    return order(side, quantity, price, force=AT_CROSSING)


def test_the_crossing_is_at_the_price_at_which_most_trades():
    buyers = [at(BUY, 100, "10"), at(BUY, 200, "11")]
    seller = at(SELL, 300, "10")
    assert crossed(*buyers, seller) == [(buyers[0], seller, 100, 10), (buyers[1], seller, 200, 10)]
    assert seller.standing is Standing.FILLED


def test_where_several_prices_trade_as_much_the_crossing_is_at_the_lowest():
    buyer, seller = at(BUY, 100, "12"), at(SELL, 100, "10")
    assert crossed(buyer, seller) == [(buyer, seller, 100, 10)]


def test_an_order_at_any_price_comes_first_in_the_crossing():
    limited, any_price, seller = at(BUY, 100, "10"), at(BUY, 100, None), at(SELL, 100, "10")
    assert crossed(limited, any_price, seller) == [(any_price, seller, 100, 10)]
    assert limited.standing is Standing.EXPIRED


def test_what_rests_takes_part_in_the_crossing_after_what_waits_for_it():
    resting, waiting, seller = order(BUY, 100, "10"), at(BUY, 100, "10"), at(SELL, 150, "10")
    assert crossed(waiting, seller, resting=(resting,)) == [(waiting, seller, 100, 10), (resting, seller, 50, 10)]
    assert resting.standing is Standing.OPEN


def test_where_nothing_meets_nothing_is_crossed_and_what_waited_expires():
    buyer, seller = at(BUY, 100, "9"), at(SELL, 100, "10")
    book = book_of(buyer, seller)
    assert book.cross() == []
    assert (buyer.standing, seller.standing, list(book.resting())) == (Standing.EXPIRED, Standing.EXPIRED, [])


def test_orders_at_any_price_alone_have_no_price_to_cross_at():
    assert crossed(at(BUY, 100, None), at(SELL, 100, None)) == []


def test_who_does_not_reach_the_price_takes_no_part():
    low, buyer, seller = at(BUY, 100, "9"), at(BUY, 100, "10"), at(SELL, 200, "10")
    assert crossed(low, buyer, seller) == [(buyer, seller, 100, 10)]
    assert state(low) == (0, 0, Standing.EXPIRED)
    assert state(seller) == (100, 1000, Standing.EXPIRED)
