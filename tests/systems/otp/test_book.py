"""The matching core: price before time, what each kind of order does, and what never happens whatever comes."""

from __future__ import annotations

from decimal import Decimal
from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from pytest_hkexprt.systems.otp.book import Book, Order, Standing
from pytest_hkexprt.systems.otp.words import Side, TimeInForce

NUMBERS = count(1)
DAY, IOC, FOK, AT_CROSSING = TimeInForce.DAY, TimeInForce.IOC, TimeInForce.FOK, TimeInForce.AT_CROSSING
BUY, SELL, SHORT = Side.BUY, Side.SELL, Side.SELL_SHORT


def order(side: Side, quantity: int, price: str | None, *, force: TimeInForce = DAY, levels=10, odd=False) -> Order:
    number = str(next(NUMBERS))
    return Order(
        owner="CO1",
        broker="1",
        cl_ord_id=number,
        order_id=number,
        security="700",
        side=side,
        quantity=Decimal(quantity),
        price=None if price is None else Decimal(price),
        force=force,
        levels=levels,
        odd=odd,
    )


def book_of(*orders: Order) -> Book:
    book = Book()
    for each in orders:
        book.enter(each)
    return book


def test_an_order_that_meets_none_rests():
    buyer = order(BUY, 100, "10")
    book = book_of(buyer)
    assert list(book.resting()) == [buyer]
    assert book.best(buys=True) == Decimal(10)


def test_two_orders_that_cross_trade_at_the_price_that_was_there_first():
    seller, buyer = order(SELL, 100, "10"), order(BUY, 100, "11")
    (fill,) = book_of(seller).enter(buyer)
    assert (fill.maker, fill.taker, fill.quantity, fill.price) == (seller, buyer, 100, 10)
    assert seller.standing is buyer.standing is Standing.FILLED


def test_a_better_price_trades_before_an_earlier_order():
    early, better = order(SELL, 100, "10.1"), order(SELL, 100, "10")
    (fill,) = book_of(early, better).enter(order(BUY, 100, "11"))
    assert fill.maker is better


def test_at_one_price_the_earlier_order_trades_first():
    early, late = order(SELL, 100, "10"), order(SELL, 100, "10")
    (fill,) = book_of(early, late).enter(order(BUY, 100, "10"))
    assert fill.maker is early


def test_what_does_not_trade_rests_at_its_own_price():
    book, buyer = book_of(order(SELL, 100, "10")), order(BUY, 300, "10.5")
    book.enter(buyer)
    assert (buyer.traded, buyer.leaves, buyer.value) == (100, 200, 1000)
    assert book.best(buys=True) == Decimal("10.5")


def test_an_order_of_one_level_trades_at_one_price_only():
    buyer = order(BUY, 200, "11", levels=1)
    assert len(book_of(order(SELL, 100, "10"), order(SELL, 100, "10.5")).enter(buyer)) == 1


def test_what_is_immediate_or_cancel_does_not_rest():
    buyer = order(BUY, 300, "10", force=IOC)
    book = book_of(order(SELL, 100, "10"))
    book.enter(buyer)
    assert (buyer.traded, buyer.leaves, buyer.standing) == (100, 0, Standing.EXPIRED)
    assert list(book.resting()) == []


def test_what_is_fill_or_kill_trades_whole():
    buyer = order(BUY, 200, "10", force=FOK)
    assert len(book_of(order(SELL, 100, "10"), order(SELL, 100, "10")).enter(buyer)) == 2


def test_what_is_fill_or_kill_does_not_trade_in_part():
    seller, buyer = order(SELL, 100, "10"), order(BUY, 200, "10", force=FOK)
    assert book_of(seller).enter(buyer) == []
    assert (buyer.standing, seller.traded) == (Standing.EXPIRED, 0)


def test_an_odd_lot_never_matches_by_itself():
    assert book_of(order(SELL, 10, "10", odd=True)).enter(order(BUY, 10, "10", odd=True)) == []


def test_an_odd_lot_is_picked_off_by_who_names_it():
    resting, taker = order(SELL, 10, "10", odd=True), order(BUY, 10, "10", odd=True)
    book = book_of(resting)
    fill = book.pick_off(resting, Decimal(10), taker)
    assert (fill.price, resting.standing) == (10, Standing.FILLED)
    assert list(book.resting()) == []


def test_a_removed_order_trades_no_more():
    seller = order(SELL, 100, "10")
    book = book_of(seller)
    book.remove(seller)
    assert book.enter(order(BUY, 100, "10")) == []


def test_at_the_crossing_everything_trades_at_one_price():
    buyers = [
        order(BUY, 100, "11", force=AT_CROSSING),
        order(BUY, 100, None, force=AT_CROSSING),
    ]
    sellers = [
        order(SELL, 100, "9", force=AT_CROSSING),
        order(SELL, 100, "10", force=AT_CROSSING),
    ]
    fills = book_of(*buyers, *sellers).cross()
    assert len({fill.price for fill in fills}) == 1
    assert {each.standing for each in (*buyers, *sellers)} == {Standing.FILLED}


def test_what_does_not_trade_at_the_crossing_expires():
    alone = order(BUY, 100, "11", force=AT_CROSSING)
    assert book_of(alone).cross() == []
    assert alone.standing is Standing.EXPIRED


ORDERS = st.lists(
    st.tuples(
        st.sampled_from([BUY, SELL, SHORT]),
        st.integers(1, 5),
        st.integers(1, 6),
        st.sampled_from([DAY, IOC, FOK]),
    ),
    max_size=40,
)


@given(ORDERS)
def test_whatever_comes_the_book_never_stays_crossed_and_what_is_bought_is_sold(described):
    orders = [order(side, quantity * 100, str(price), force=force) for side, quantity, price, force in described]
    book = book_of(*orders)
    bid, ask = book.best(buys=True), book.best(buys=False)
    assert bid is None or ask is None or bid < ask
    assert sum(each.traded for each in orders if each.buys) == sum(each.traded for each in orders if not each.buys)
    assert sum(each.value for each in orders if each.buys) == sum(each.value for each in orders if not each.buys)
    assert all(0 <= each.traded <= each.quantity for each in orders)
    assert {id(each) for each in book.resting()} == {id(each) for each in orders if each.standing is Standing.OPEN}
