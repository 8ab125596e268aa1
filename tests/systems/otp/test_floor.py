"""The exchange's state changed: whom each change is told to, under which names an order is known, what is undone."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from pytest_hkexprt.systems.otp.book import Order, Standing
from pytest_hkexprt.systems.otp.floor import Floor, Member
from pytest_hkexprt.systems.otp.lines import Line
from pytest_hkexprt.systems.otp.messages import Kind, Message
from pytest_hkexprt.systems.otp.profiles import CCCG_13, OCG_3
from pytest_hkexprt.systems.otp.words import ExecRestatementReason, ExecType, OrdStatus, Side, TimeInForce

NOW = dt.datetime(2024, 1, 6, 1, 0, tzinfo=dt.UTC)
MEMBERS = (
    Member("CO1", "1234"),
    Member("CO2", "1235"),
    Member("CO3", "1234", drop_copy=True),
    Member("CO4", "9999", firm="another", drop_copy=True),
)


@pytest.fixture
def floor():
    return Floor(OCG_3, MEMBERS, lambda: NOW)


@pytest.fixture
def china():
    return Floor(CCCG_13, MEMBERS, lambda: NOW)


def order(floor: Floor, name: str, side: Side = Side.BUY, quantity: int = 300, comp_id: str = "CO1", **more) -> Order:
    """Return an order that has its numbers and has not been entered."""
    security = "600000" if floor.china else "700"
    given = {"price": Decimal(10), "security": security} | more
    broker = floor.members[comp_id].broker
    return Order(comp_id, broker, name, floor.numbers.order_id(), side=side, quantity=Decimal(quantity), **given)


def told(floor: Floor, *names: str) -> list[tuple[object, ...]]:
    """Return who was told what since the last call: Comp ID, ClOrdID and the fields asked for."""
    names = names or ("ExecType",)
    return [
        (each.comp_id, each.message.text("ClOrdID"), *(each.message.get(name) for name in names))
        for each in floor.take_told()
    ]


# ------------------------------------------------------------------ what is traded


def test_a_gateway_trades_the_securities_of_its_exchanges(floor, china):
    assert {each.exchange for each in floor.securities.values()} == {"XHKG"}
    assert {each.exchange for each in china.securities.values()} == {"XSSC", "XSEC"}
    assert (floor.china, china.china) == (False, True)


# ------------------------------------------------------------------ telling


def test_a_report_is_told_to_its_owner_and_to_the_drop_copies_of_the_firm(floor):
    floor.enter(order(floor, "1"))
    assert told(floor) == [("CO1", "1", ExecType.NEW), ("CO3", "1", ExecType.NEW)]
    assert told(floor) == []


def test_what_is_no_report_is_told_to_its_owner_alone(floor):
    floor.tell("CO1", Message.of(Kind.BUSINESS_REJECT, ClOrdID="1"))
    assert told(floor) == [("CO1", "1", None)]


def test_a_trade_is_told_to_the_maker_first_and_to_both(floor):
    floor.enter(order(floor, "1", Side.SELL))
    floor.enter(order(floor, "2", quantity=100, comp_id="CO2"))
    told_ = told(floor, "ExecType", "CumQty", "TrdMatchID")
    assert [each for each in told_ if each[0] in ("CO1", "CO2")] == [
        ("CO1", "1", ExecType.NEW, 0, None),
        ("CO2", "2", ExecType.NEW, 0, None),
        ("CO1", "1", ExecType.TRADE, 100, "M1"),
        ("CO2", "2", ExecType.TRADE, 100, "M1"),
    ]


def test_an_order_of_which_nothing_rests_expires(floor):
    floor.enter(order(floor, "1", force=TimeInForce.IOC))
    assert [each[2] for each in told(floor) if each[0] == "CO1"] == [ExecType.NEW, ExecType.EXPIRE]


# ------------------------------------------------------------------ China Connect


def test_an_order_of_china_connect_is_pending_before_it_is_accepted(china):
    china.enter(order(china, "1"))
    assert [each[2:] for each in told(china, "ExecType", "OrdStatus") if each[0] == "CO1"] == [
        (ExecType.PENDING_NEW, OrdStatus.PENDING_NEW),
        (ExecType.NEW, OrdStatus.NEW),
    ]


def test_before_the_home_market_opens_an_order_stays_pending_and_is_not_matched(china):
    china.home_open = False
    buying, selling = order(china, "1"), order(china, "2", Side.SELL, comp_id="CO2")
    china.enter(buying)
    china.enter(selling)
    assert (buying.standing, selling.standing) == (Standing.PENDING, Standing.PENDING)
    china.take_told()
    opened = [(each.comp_id, each.message.get("ExecType")) for each in china.open_home() if each.comp_id != "CO3"]
    assert opened == [
        ("CO1", ExecType.NEW),
        ("CO2", ExecType.NEW),
        ("CO1", ExecType.TRADE),
        ("CO2", ExecType.TRADE),
    ]
    assert china.home_open
    assert (buying.standing, selling.standing) == (Standing.FILLED, Standing.FILLED)


# ------------------------------------------------------------------ names


def test_a_name_is_used_once_a_day_by_one_broker(floor):
    assert [floor.use(broker, "1") for broker in ("1234", "1235", "1234")] == [True, True, False]


def test_an_order_is_known_by_its_name_and_its_number_to_its_own_broker(floor):
    mine = order(floor, "1")
    floor.enter(mine)
    assert floor.named("1234", "1") is mine
    assert floor.named("1234", "nothing", mine.order_id) is mine
    assert floor.named("1235", "1") is None
    assert floor.named("1235", "1", mine.order_id) is None
    assert floor.named("1234", "nothing") is None


def test_in_the_market_an_order_is_known_by_its_present_name_alone(floor):
    mine = order(floor, "1")
    floor.enter(mine)
    floor.renamed(mine, "2", new_id=False)
    assert floor.named("1234", "1") is None
    assert floor.named("1234", "2") is mine
    floor.take_out(mine)
    assert floor.named("1234", "1") is mine


@pytest.mark.parametrize(("new_id", "order_id"), [(True, "2"), (False, "1")])
def test_an_order_that_was_replaced_in_the_market_has_a_new_number(floor, new_id, order_id):
    mine = order(floor, "1")
    floor.enter(mine)
    floor.renamed(mine, "2", new_id=new_id)
    assert (mine.cl_ord_id, mine.order_id) == ("2", order_id)
    assert (floor.named("1234", "", "1") is mine) is not new_id
    assert floor.named("1234", "", order_id) is mine
    assert [line.order_id for line in floor.lines()] == [order_id]


# ------------------------------------------------------------------ taking out


def test_an_order_that_is_taken_out_trades_no_more(floor):
    mine = order(floor, "1", Side.SELL)
    floor.enter(mine)
    floor.take_out(mine)
    floor.enter(order(floor, "2", comp_id="CO2"))
    assert mine.standing is Standing.CANCELLED
    assert ExecType.TRADE not in [each[2] for each in told(floor)]


def test_who_did_not_ask_for_a_cancel_is_told_why(floor):
    mine = order(floor, "1")
    floor.enter(mine)
    floor.take_told()
    floor.cancel_unasked(mine, ExecRestatementReason.SYSTEM_CANCEL, "closing")
    assert told(floor, "ExecType", "ExecRestatementReason", "Reason")[0] == (
        "CO1",
        "1",
        ExecType.CANCEL,
        ExecRestatementReason.SYSTEM_CANCEL,
        "closing",
    )


def test_orders_in_the_market_are_found_by_what_they_are(floor):
    made = [order(floor, "1"), order(floor, "2", Side.SELL, price=Decimal(99)), order(floor, "3", comp_id="CO2")]
    for each in made:
        floor.enter(each)
    floor.take_out(made[0])
    assert list(floor.resting()) == made[1:]
    assert list(floor.resting(owner="CO1")) == [made[1]]
    assert list(floor.resting(owner="CO1", side=Side.BUY)) == []


# ------------------------------------------------------------------ undoing


def test_a_trade_that_is_undone_is_undone_on_both_sides(floor):
    maker, taker = order(floor, "1", Side.SELL, 100), order(floor, "2", quantity=100, comp_id="CO2")
    floor.enter(maker)
    floor.enter(taker)
    trades = [each.message for each in floor.take_told() if each.message.get("ExecType") is ExecType.TRADE]
    undone = [each for each in floor.bust(trades[-1].text("ExecID")) if each.comp_id != "CO3"]
    assert [(each.comp_id, each.message["ExecType"], each.message["LeavesQty"]) for each in undone] == [
        ("CO1", ExecType.TRADE_CANCEL, 0),
        ("CO2", ExecType.TRADE_CANCEL, 0),
    ]
    assert {each.message["ExecRefID"] for each in undone} == {each["ExecID"] for each in trades}
    assert {each.message["ExecRestatementReason"] for each in undone} == {ExecRestatementReason.MARKET_OPERATION}
    assert [(each.traded, each.value) for each in (maker, taker)] == [(0, 0)] * 2


def test_a_trade_is_undone_once(floor):
    floor.enter(order(floor, "1", Side.SELL, 100))
    floor.enter(order(floor, "2", quantity=100, comp_id="CO2"))
    (exec_id, _) = [
        each.message.text("ExecID")
        for each in floor.take_told()
        if each.message.get("ExecType") is ExecType.TRADE and each.comp_id != "CO3"
    ]
    floor.bust(exec_id)
    with pytest.raises(KeyError):
        floor.bust(exec_id)


def test_other_trades_stand_when_one_is_undone(floor):
    maker = order(floor, "1", Side.SELL, 300)
    floor.enter(maker)
    for name in "23":
        floor.enter(order(floor, name, quantity=100, comp_id="CO2"))
    first = next(each.message for each in floor.take_told() if each.message.get("ExecType") is ExecType.TRADE)
    floor.bust(first.text("ExecID"))
    assert (maker.traded, maker.value) == (100, 1000)


# ------------------------------------------------------------------ the book


def test_every_order_of_the_day_is_a_line_of_the_book(floor):
    floor.enter(order(floor, "1", Side.SELL, 100))
    floor.enter(order(floor, "2", comp_id="CO2"))
    lines = (
        Line("1", "1", "700", Side.SELL, Decimal(100), Decimal(10), Standing.FILLED, Decimal(100), Decimal(1000)),
        Line("2", "2", "700", Side.BUY, Decimal(300), Decimal(10), Standing.OPEN, Decimal(100), Decimal(1000)),
    )
    assert floor.lines() == lines
    assert floor.lines("CO2") == lines[1:]
