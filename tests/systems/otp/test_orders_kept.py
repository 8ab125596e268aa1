"""What the participant's own book keeps: each order as a line, each trade, each name an order had."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pytest_hkexprt.systems.otp.book import Standing
from pytest_hkexprt.systems.otp.lines import Execution, Line, Unasked
from pytest_hkexprt.systems.otp.messages import Kind, Message
from pytest_hkexprt.systems.otp.orders import Orders
from pytest_hkexprt.systems.otp.words import (
    CxlRejReason,
    ExecRestatementReason,
    ExecType,
    Side,
)
from tests.systems.otp.test_orders import CANCEL, NEW, heard, ordered, report, trade

QUOTE = Message.of(
    Kind.QUOTE,
    ClOrdID="9",
    BidID="2",
    OfferID="3",
    SecurityID="700",
    BidSize=Decimal(100),
    BidPx=Decimal(388),
    OfferSize=Decimal(200),
    OfferPx=Decimal(390),
)


def line(name: str = "1", **changed) -> Line:
    """Return our order of 300 as it stands when it was accepted."""
    given = {"cl_ord_id": name, "order_id": f"O{name}", "security": "700", "side": Side.BUY, "standing": Standing.OPEN}
    given |= {"quantity": Decimal(300), "price": Decimal(10), "traded": Decimal(0), "value": Decimal(0)}
    return Line(**(given | changed))


# ------------------------------------------------------------------ orders


def test_an_order_is_kept_as_it_was_sent():
    assert heard(report("1", NEW)).lines() == (line(),)


def test_an_order_is_not_in_the_book_until_it_was_accepted():
    assert ordered().lines() == ()


@pytest.mark.parametrize(
    ("given", "side"), [({}, Side.SELL), ({"Side": Side.SELL_SHORT}, Side.SELL_SHORT), ({"Side": Side.BUY}, Side.SELL)]
)
def test_a_quote_is_two_orders(given, side):
    book = Orders()
    book.sent(QUOTE.with_fields(**given))
    book.heard(report("1", NEW, name="2"))
    book.heard(report("2", NEW, name="3"))
    assert book.lines() == (
        line("2", quantity=Decimal(100), price=Decimal(388)),
        line("3", quantity=Decimal(200), price=Decimal(390), side=side),
    )


@pytest.mark.parametrize(
    "answer",
    [
        Message.of(Kind.QUOTE_STATUS, BidID="2", OfferID="3", QuoteStatus=5, QuoteRejectReason=99),
        Message.of(Kind.BUSINESS_REJECT, BusinessRejectRefID="2", BusinessRejectReason=3),
    ],
    ids=lambda answer: str(answer.kind),
)
def test_both_orders_of_a_quote_that_is_refused_are_rejected(answer):
    book = Orders()
    book.sent(QUOTE)
    book.heard(answer)
    assert [book.order(name).standing for name in "23"] == [Standing.REJECTED, Standing.REJECTED]


def test_an_order_without_price_and_side_is_kept_without_them():
    book = Orders()
    book.sent(Message.of(Kind.NEW_ORDER, ClOrdID="1", SecurityID="700", OrderQty=Decimal(300)))
    assert heard(report("1", NEW), orders=book).lines() == (line(side=None, price=None),)


def test_a_drop_copy_keeps_an_order_as_its_reports_tell_it():
    copy = Orders("1234", listening=True)
    told = {"SecurityID": "700", "Side": Side.BUY, "OrderQty": Decimal(300), "Price": Decimal(10)}
    copy.heard(report("1", NEW, **told))
    copy.heard(trade("2", 100))
    assert copy.lines() == (line(traded=Decimal(100), value=Decimal(1000)),)


def test_a_drop_copy_takes_a_report_that_names_no_broker():
    copy = Orders("1234", listening=True)
    copy.heard(report("1", NEW, SubmittingBrokerID=None, OrderQty=Decimal(1)))
    assert len(copy.lines()) == 1


def test_a_drop_copy_asks_nobody_to_explain_a_cancel():
    copy = Orders("1234", listening=True)
    assert heard(report("1", NEW), report("2", CANCEL, leaves=0), orders=copy).unasked == []


def test_an_order_is_filled_when_nothing_is_left_and_not_before():
    assert heard(report("1", NEW), trade("2", 200, 200)).order("1").standing is Standing.OPEN
    assert heard(report("1", NEW), trade("2", 300, 300)).order("1").standing is Standing.FILLED


@pytest.mark.parametrize("pending", [ExecType.PENDING_NEW])
def test_an_order_on_its_way_to_the_home_market_is_in_the_book(pending):
    assert heard(report("1", pending)).lines() == (line(standing=Standing.PENDING),)


def test_an_order_that_reached_the_home_market_is_open():
    assert heard(report("1", ExecType.PENDING_NEW), report("2", NEW)).lines() == (line(),)


@pytest.mark.parametrize(("exec_type", "standing"), [(CANCEL, "cancelled"), (ExecType.EXPIRE, "expired")])
def test_an_order_that_ended_says_how_and_rests_no_more(exec_type, standing):
    book = heard(report("1", NEW), report("2", exec_type, leaves=0))
    assert book.lines() == (line(standing=Standing(standing)),)
    assert book.resting() == []


def test_a_resting_order_is_one_that_was_accepted_and_has_not_ended():
    book = heard(report("1", NEW), orders=ordered("1", "2"))
    assert [order.cl_ord_id for order in book.resting()] == ["1"]


def test_an_order_accepted_after_it_ended_is_a_fault_and_stays_ended():
    book = heard(report("1", CANCEL, leaves=0), report("2", NEW))
    assert book.faults == ["1 was accepted after it was cancelled: reports changed places"]
    assert book.order("1").standing is Standing.CANCELLED


def test_an_order_that_trades_before_it_was_accepted_is_a_fault():
    assert heard(trade("1", 100)).faults == ["1 traded before it was accepted: reports changed places"]


def test_what_the_gateway_says_was_traded_is_believed_once_it_was_told():
    book = heard(report("1", NEW), report("2", ExecType.EXPIRE, cum=100, leaves=0))
    assert book.faults == ["1: CumQty is 100, and its reports come to 0: one is missing or out of order"]
    assert book.order("1").traded == 100


def test_a_rejected_order_may_say_anything_of_quantities():
    assert heard(report("1", ExecType.REJECT, cum=5, leaves=0)).faults == []


# ------------------------------------------------------------------ names


def amended(**fields) -> Orders:
    """Return the book of an order that was amended from 1 to 2."""
    book = heard(report("1", NEW))
    book.sent(Message.of(Kind.AMEND, ClOrdID="2", OrigClOrdID="1", OrderQty=Decimal(400)))
    given = {"name": "2", "OrigClOrdID": "1", "OrderID": "O1", "OrderQty": Decimal(400), "leaves": 400}
    book.heard(report("2", ExecType.AMEND, **(given | fields)))
    return book


def test_an_amended_order_has_its_new_name_quantity_and_price():
    assert amended(Price=Decimal(11)).lines() == (line(cl_ord_id="2", quantity=Decimal(400), price=Decimal(11)),)


def test_an_amend_that_names_no_price_leaves_it():
    assert amended().order("2").price == 10


def test_an_order_is_found_by_every_name_it_had():
    book = amended()
    assert book.order("1") is book.order("2")


def test_an_order_nobody_sent_is_not_found():
    with pytest.raises(KeyError):
        ordered().order("77")


def test_a_cancel_gives_the_order_its_name():
    book = heard(report("1", NEW))
    book.sent(Message.of(Kind.CANCEL, ClOrdID="2", OrigClOrdID="1"))
    book.heard(report("2", CANCEL, name="2", leaves=0, OrigClOrdID="1", OrderID="O1"))
    assert book.lines() == (line(cl_ord_id="2", standing=Standing.CANCELLED),)


def test_a_cancel_nobody_asked_for_leaves_the_order_its_name():
    book = heard(report("1", NEW), report("2", CANCEL, leaves=0))
    assert book.order("1").cl_ord_id == "1"


def test_a_refused_cancel_leaves_the_order_its_name():
    book = heard(report("1", NEW))
    book.sent(Message.of(Kind.CANCEL, ClOrdID="2", OrigClOrdID="1"))
    book.heard(report("2", ExecType.CANCEL_REJECT, name="2", OrigClOrdID="1", CxlRejReason=CxlRejReason.TOO_LATE))
    assert book.lines() == (line(),)
    assert book.faults == []


def test_a_report_under_a_new_name_is_known_by_its_order_id():
    book = heard(report("1", NEW), report("2", ExecType.EXPIRE, name="77", leaves=0, OrderID="O1"))
    assert book.order("77") is book.order("1")
    assert book.faults == []


def test_another_brokers_name_for_our_order_is_not_taken_over():
    book = heard(report("1", NEW), report("2", CANCEL, name="77", leaves=0, OrderID="O1", OwningBrokerID="1234"))
    with pytest.raises(KeyError):
        book.order("77")


def test_an_order_id_that_changes_without_an_amend_is_a_fault_and_not_taken_over():
    book = heard(report("1", NEW), trade("2", 100, OrderID="O9"))
    assert book.faults == ["the report on 1 carries OrderID O9; expected O1"]
    assert book.order("1").order_id == "O1"


def test_an_order_id_that_another_order_has_is_a_fault():
    book = heard(report("1", NEW), report("2", NEW, name="2", OrderID="O1"), orders=ordered("1", "2"))
    assert book.faults == ["the report on 2 carries OrderID O1; expected a new one"]


# ------------------------------------------------------------------ trades


def test_a_trade_is_kept_by_its_number():
    book = heard(report("1", NEW), trade("2", 100, TrdMatchID="M5"))
    assert book.executions == {"2": Execution("2", "1", Decimal(100), Decimal(10), "M5")}


def test_a_trade_that_was_undone_and_never_told_is_named():
    book = heard(report("1", NEW), report("3", ExecType.TRADE_CANCEL, ExecRefID="2"))
    assert book.faults == ["a trade of 1 was undone that was never told"]


def test_reports_are_counted():
    assert heard(report("1", NEW), trade("2", 100), trade("2", 100)).reports == 2


# ------------------------------------------------------------------ cancels nobody asked for


def test_a_cancel_is_kept_with_the_reason_and_the_remark_it_came_with():
    book = heard(report("1", NEW), report("2", CANCEL, leaves=0, ExecRestatementReason=107, Reason="closing"))
    assert book.unasked == [Unasked("1", 107, "closing")]


def test_a_cancel_without_a_reason_has_reason_nought():
    assert heard(report("1", NEW), report("2", CANCEL, leaves=0)).unasked == [Unasked("1", 0)]


def test_a_cancel_with_a_reason_is_the_gateways_own_though_one_was_asked_for():
    book = heard(report("1", NEW))
    book.sent(Message.of(Kind.CANCEL, ClOrdID="2", OrigClOrdID="1"))
    book.heard(report("2", CANCEL, leaves=0, ExecRestatementReason=ExecRestatementReason.SYSTEM_CANCEL))
    assert [each.cl_ord_id for each in book.unasked] == ["1"]


def test_cancels_are_expected_by_reason_and_by_name():
    ended = [report(f"{name}c", CANCEL, name=name, leaves=0, ExecRestatementReason=107) for name in "12"]
    book = heard(report("1", NEW), report("2", NEW, name="2"), *ended, orders=ordered("1", "2"))
    assert [each.cl_ord_id for each in book.expect_cancel([107], ["2", "3"])] == ["2"]
    assert [each.cl_ord_id for each in book.unasked] == ["1"]
