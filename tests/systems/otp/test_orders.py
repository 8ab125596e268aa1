"""The participant's own book finds what no honest gateway does, and lets pass what an honest one may."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from pytest_hkexprt.systems.otp.book import Standing
from pytest_hkexprt.systems.otp.lines import differences
from pytest_hkexprt.systems.otp.messages import Kind, Message
from pytest_hkexprt.systems.otp.orders import Orders
from pytest_hkexprt.systems.otp.words import BusinessRejectReason, ExecRestatementReason, ExecType, OrdRejReason, Side

NEW, TRADE, CANCEL = ExecType.NEW, ExecType.TRADE, ExecType.CANCEL


def ordered(*names: str) -> Orders:
    """Return a book that has sent orders of 300."""
    orders = Orders("1234")
    for name in names or ("1",):
        orders.sent(
            Message.of(
                Kind.NEW_ORDER, ClOrdID=name, SecurityID="700", Side=Side.BUY, OrderQty=Decimal(300), Price=Decimal(10)
            )
        )
    return orders


def report(exec_id: str, exec_type: ExecType, *, name="1", cum=0, leaves=300, **fields) -> Message:
    given = {"ClOrdID": name, "OrderID": f"O{name}", "ExecID": exec_id, "ExecType": exec_type}
    return Message.of(
        Kind.EXECUTION_REPORT, **(given | {"CumQty": Decimal(cum), "LeavesQty": Decimal(leaves)} | fields)
    )


def trade(exec_id: str, cum: int, quantity: int = 100, **fields) -> Message:
    amounts = {"LastQty": Decimal(quantity), "LastPx": Decimal(10)}
    return report(exec_id, TRADE, cum=cum, leaves=300 - cum, **(amounts | fields))


def heard(*reports: Message, orders: Orders | None = None) -> Orders:
    book = orders or ordered()
    for each in reports:
        book.heard(each)
    return book


def test_an_order_that_trades_in_three_parts_is_filled_and_sound():
    book = heard(report("1", NEW), trade("2", 100), trade("3", 200), trade("4", 300))
    assert (book.order("1").standing, book.order("1").value, book.faults) == (Standing.FILLED, 3000, [])


def test_an_execution_that_was_lost_shows_with_the_next():
    book = heard(report("1", NEW), trade("3", 200))
    assert book.faults == ["1: CumQty is 200, and its reports come to 100: one is missing or out of order"]


def test_an_execution_that_was_lost_shows_with_the_cancel():
    book = heard(report("1", NEW), report("2", CANCEL, cum=100, leaves=0))
    assert "CumQty is 100, and its reports come to 0" in book.faults[0]


def test_an_execution_that_comes_twice_is_found():
    assert heard(report("1", NEW), trade("2", 100), trade("2", 100)).faults == ["execution report 2 on 1 came twice"]


@pytest.mark.parametrize("mark", ["poss_dup", "poss_resend"])
def test_an_execution_that_is_marked_as_told_again_counts_once(mark):
    book = heard(report("1", NEW), trade("2", 100), replace(trade("2", 100), **{mark: True}))
    assert (book.order("1").traded, book.repeated, book.faults) == (100, 1, [])


def test_reports_that_changed_places_are_found():
    book = heard(trade("2", 100), report("1", NEW))
    assert ["changed places" in fault for fault in book.faults][:2] == [True, True]


def test_another_orders_order_id_is_found():
    book = heard(report("1", NEW), report("2", NEW, name="2"), trade("3", 100, OrderID="O2"), orders=ordered("1", "2"))
    assert book.faults == ["the report on 1 carries OrderID O2; expected O1"]


def test_an_amend_may_bring_a_new_order_id():
    book = heard(report("1", NEW))
    book.sent(Message.of(Kind.AMEND, ClOrdID="2", OrigClOrdID="1", OrderQty=Decimal(400)))
    book.heard(report("2", ExecType.AMEND, name="2", leaves=400, OrigClOrdID="1", OrderID="O9", OrderQty=Decimal(400)))
    assert (book.order("1").order_id, book.order("2").quantity, book.faults) == ("O9", 400, [])


def test_a_report_on_nobodys_order_is_found():
    assert "an order that is not ours" in heard(report("1", NEW, name="77")).faults[0]


def test_a_cancel_that_was_asked_for_is_sound():
    book = heard(report("1", NEW))
    book.sent(Message.of(Kind.CANCEL, ClOrdID="2", OrigClOrdID="1"))
    book.heard(report("2", CANCEL, name="2", leaves=0, OrigClOrdID="1", OrderID="O1"))
    assert (book.order("1").standing, book.unasked, book.faults) == (Standing.CANCELLED, [], [])


def test_a_cancel_that_nobody_asked_for_is_kept_until_somebody_knows_why():
    book = heard(report("1", NEW), report("2", CANCEL, leaves=0, ExecRestatementReason=107))
    assert [(each.cl_ord_id, each.reason) for each in book.unasked] == [("1", 107)]
    assert book.expect_cancel([ExecRestatementReason.CANCEL_ON_DISCONNECT]) == []
    assert len(book.expect_cancel([ExecRestatementReason.SYSTEM_CANCEL])) == 1
    assert book.unasked == []


@pytest.mark.parametrize("code", [777, 4])
def test_a_code_no_document_has_is_found(code):
    book = heard(report("1", ExecType.REJECT, leaves=0, OrdRejReason=code))
    assert book.faults == [f"the answer to 1 has OrdRejReason {code}, which no document has"]


def test_a_documented_code_is_sound_and_the_order_is_in_nobodys_book():
    book = heard(report("1", ExecType.REJECT, leaves=0, OrdRejReason=OrdRejReason.DUPLICATE_ORDER))
    assert (book.order("1").standing, book.lines(), book.faults) == (Standing.REJECTED, (), [])


def test_a_request_that_is_not_served_is_told_with_its_reason():
    refusal = Message.of(
        Kind.BUSINESS_REJECT,
        BusinessRejectReason=BusinessRejectReason.THROTTLE_EXCEEDED,
        BusinessRejectRefID="1",
        RefMsgType=Kind.NEW_ORDER,
        Reason="812",
    )
    assert heard(refusal).refused == ["New Order 1 was refused: throttle exceeded, 812"]


def test_a_trade_that_was_undone_counts_no_more():
    book = heard(report("1", NEW), trade("2", 100), report("3", ExecType.TRADE_CANCEL, ExecRefID="2"))
    assert (book.order("1").traded, book.order("1").value, book.executions, book.faults) == (0, 0, {}, [])


def test_a_trade_that_was_never_told_cannot_be_undone():
    assert "was undone that was never told" in heard(report("1", NEW), report("3", ExecType.TRADE_CANCEL)).faults[0]


def test_what_ended_does_not_end_again_in_another_way():
    book = heard(report("1", NEW), trade("2", 300, 300), report("3", CANCEL, cum=300, leaves=0))
    assert "1 is cancelled after it was filled" in book.faults


def test_two_rejected_cancels_without_an_exec_id_are_no_double():
    refusals = [
        report("", ExecType.CANCEL_REJECT, name=name, OrigClOrdID="1", CxlRejReason=0).with_fields(ExecID=None)
        for name in ("8", "9")
    ]
    assert heard(report("1", NEW), *refusals).faults == []


def test_a_drop_copy_learns_of_orders_by_their_reports_and_of_its_own_broker_alone():
    copy = Orders("1234", listening=True)
    copy.heard(report("1", NEW, SubmittingBrokerID="1234", OrderQty=Decimal(300), Price=Decimal(10), Side=Side.BUY))
    copy.heard(report("2", NEW, name="5", SubmittingBrokerID="9999", OrderQty=Decimal(1)))
    assert [(line.cl_ord_id, line.quantity) for line in copy.lines()] == [("1", 300)]


def test_books_are_compared_order_by_order():
    ours = heard(report("1", NEW), trade("2", 100)).lines()
    theirs = heard(report("1", NEW)).lines()
    assert differences(ours, ours) == []
    assert "100 traded for 1000; theirs" in differences(ours, theirs)[0]
    assert differences(ours, ())[0].startswith("ours only: O1")
    assert differences((), ours)[0].startswith("theirs only: O1")
