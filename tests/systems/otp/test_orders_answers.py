"""What answers a request, which codes the documents have, and whose a report is, in the participant's own book."""

from __future__ import annotations

import pytest

from pytest_hkexprt.systems.otp.book import Standing
from pytest_hkexprt.systems.otp.messages import Kind, Message
from pytest_hkexprt.systems.otp.orders import Orders
from pytest_hkexprt.systems.otp.words import (
    BusinessRejectReason,
    CxlRejReason,
    ExecRestatementReason,
    ExecType,
    OrdRejReason,
    SessionRejectReason,
)
from tests.systems.otp.test_orders import NEW, heard, ordered, report, trade

# ------------------------------------------------------------------ answers


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        (Kind.MASS_CANCEL_REPORT, "ClOrdID"),
        (Kind.BUSINESS_REJECT, "BusinessRejectRefID"),
        (Kind.REJECT, "ClOrdID"),
        (Kind.THROTTLE_RESPONSE, "UserRequestID"),
        (Kind.PARTY_REPORT, "EntitlementsRequestID"),
        (Kind.QUOTE_STATUS, "BidID"),
        (Kind.TRADE_CAPTURE, "TradeReportID"),
        (Kind.TRADE_CAPTURE_ACK, "TradeReportID"),
    ],
)
def test_an_answer_is_found_by_the_number_of_its_request(kind, field):
    answer, book = Message(kind, {field: "5"}), Orders()
    book.heard(answer)
    assert book.answer("5") is answer


def test_a_request_without_an_answer_has_none():
    assert ordered().answer("1") is None


def test_the_first_report_on_an_order_answers_it_and_stays_the_answer():
    first = report("1", NEW)
    assert heard(first, trade("2", 100)).answer("1") is first


@pytest.mark.parametrize("pending", [ExecType.PENDING_NEW, ExecType.PENDING_CANCEL, ExecType.PENDING_AMEND])
def test_a_report_that_something_is_on_its_way_is_no_answer(pending):
    assert heard(report("1", pending)).answer("1") is None


def test_an_answer_that_names_no_request_is_left_alone():
    book = ordered()
    book.heard(Message.of(Kind.BUSINESS_REJECT, BusinessRejectReason=BusinessRejectReason.OTHER))
    assert (book.refused, book.answer("")) == ([], None)


@pytest.mark.parametrize("kind", [Kind.BUSINESS_REJECT, Kind.REJECT])
def test_an_order_that_is_not_served_is_rejected(kind):
    book = heard(Message.of(kind, BusinessRejectRefID="1", ClOrdID="1"))
    assert book.order("1").standing is Standing.REJECTED


def test_an_order_in_the_market_stays_there_when_a_later_request_of_its_name_is_not_served():
    book = heard(report("1", NEW), Message.of(Kind.BUSINESS_REJECT, BusinessRejectRefID="1"))
    assert book.order("1").standing is Standing.OPEN


def test_a_mass_cancel_report_rejects_no_order():
    assert heard(Message.of(Kind.MASS_CANCEL_REPORT, ClOrdID="1")).order("1").standing is Standing.PENDING


@pytest.mark.parametrize(
    ("refusal", "told"),
    [
        (
            Message.of(
                Kind.REJECT,
                SessionRejectReason=SessionRejectReason.VALUE_INCORRECT,
                BusinessRejectReason=BusinessRejectReason.OTHER,
                ClOrdID="1",
                RefMsgType=Kind.NEW_ORDER,
            ),
            "New Order 1 was refused: value incorrect",
        ),
        (
            Message.of(Kind.BUSINESS_REJECT, BusinessRejectReason=4321, BusinessRejectRefID="1", RefMsgType=Kind.QUOTE),
            "Quote 1 was refused: 4321",
        ),
    ],
)
def test_a_request_that_is_not_served_is_told_in_words(refusal, told):
    assert heard(refusal).refused == [told]


def test_a_request_that_is_answered_otherwise_was_not_refused():
    assert heard(Message.of(Kind.QUOTE_STATUS, BidID="1")).refused == []


# ------------------------------------------------------------------ codes


@pytest.mark.parametrize(
    ("exec_type", "field", "good"),
    [
        (ExecType.REJECT, "OrdRejReason", OrdRejReason.DUPLICATE_ORDER),
        (ExecType.CANCEL_REJECT, "CxlRejReason", CxlRejReason.TOO_LATE),
        (ExecType.AMEND_REJECT, "AmendRejReason", 103),
        (ExecType.EXPIRE, "ExecRestatementReason", ExecRestatementReason.SYSTEM_CANCEL),
    ],
)
def test_codes_are_looked_up_in_the_documents(exec_type, field, good):
    assert heard(report("1", NEW), report("2", exec_type, leaves=0, **{field: good})).faults == []
    assert heard(report("1", NEW), report("2", exec_type, leaves=0, **{field: 4321})).faults == [
        f"the answer to 1 has {field} 4321, which no document has"
    ]


def test_a_refusals_code_is_looked_up_too():
    book = heard(Message.of(Kind.BUSINESS_REJECT, BusinessRejectReason=4321, BusinessRejectRefID="1"))
    assert book.faults == ["the answer to 1 has BusinessRejectReason 4321, which no document has"]


# ------------------------------------------------------------------ whose reports


def test_a_report_on_nobodys_order_is_told_by_its_number():
    assert heard(report("1", NEW, name="77")).faults == ["execution report 1 is on 77, an order that is not ours"]


def test_a_report_on_a_request_of_ours_that_is_no_order_is_no_fault():
    book = ordered()
    book.sent(Message.of(Kind.MASS_CANCEL, ClOrdID="5"))
    assert heard(report("1", ExecType.CANCEL_REJECT, name="5", OrderID=""), orders=book).faults == []


def test_two_reports_without_a_number_are_told_apart_by_what_they_tell():
    kinds = (ExecType.CANCEL_REJECT, ExecType.AMEND_REJECT)
    book = heard(report("1", NEW), *(report("", kind).with_fields(ExecID=None) for kind in kinds))
    assert (book.faults, book.reports) == ([], 3)


def test_the_same_report_without_a_number_twice_is_found():
    refused = report("", ExecType.CANCEL_REJECT).with_fields(ExecID=None)
    assert heard(report("1", NEW), refused, refused).faults == ["execution report (cancel reject of 1) on 1 came twice"]
