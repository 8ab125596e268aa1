"""Books and trades off the books agree in every column or not at all; a password that is due to expire is remarked."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from pytest_hkexprt.model import Endpoint, Site
from pytest_hkexprt.systems.otp import checks
from pytest_hkexprt.systems.otp.book import Standing
from pytest_hkexprt.systems.otp.deals import Deal, DealStanding
from pytest_hkexprt.systems.otp.facts import Logon
from pytest_hkexprt.systems.otp.lines import Line
from pytest_hkexprt.systems.otp.words import SessionStatus, Side

LINE = Line("1", "7", "700", Side.BUY, Decimal(100), Decimal("388.6"), Standing.FILLED, Decimal(100), Decimal(38860))
DEAL = Deal("M1", "5", "700", Side.SELL, Decimal(100), Decimal("388.6"), "1235", DealStanding.CONFIRMED)
LOGON = Logon(Endpoint("otp", Site.PRIMARY, "127.0.0.1", 1), "CO1", 0, granted=True)


@pytest.mark.parametrize(
    "changes",
    [
        {"traded": Decimal(0)},
        {"value": Decimal(0)},
        {"standing": Standing.CANCELLED},
        {"quantity": Decimal(200)},
        {"price": Decimal(1)},
        {"cl_ord_id": "2"},
        {"order_id": "8"},
        {"side": Side.SELL},
        {"security": "5"},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_books_agree_in_every_column_or_not_at_all(changes):
    assert checks.books_agree([LINE], [LINE], "the exchange", "here").met
    assert not checks.books_agree([LINE], [replace(LINE, **changes)], "the exchange", "here").met


@pytest.mark.parametrize(("ours", "theirs"), [((), (LINE,)), ((LINE,), ())])
def test_an_order_that_one_book_lacks_is_told(ours, theirs):
    assert "only" in checks.books_agree(ours, theirs, "the exchange", "here").came


@pytest.mark.parametrize(
    "changes",
    [
        {"quantity": Decimal(200)},
        {"price": Decimal(1)},
        {"standing": DealStanding.REPORTED},
        {"trade_id": "M2"},
        {"report_id": "6"},
        {"counterparty": "1236"},
        {"side": Side.BUY},
        {"kind": 4},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_trades_agree_in_every_column_or_not_at_all(changes):
    assert checks.trades_agree([DEAL], [DEAL], "the exchange", "here").met
    assert not checks.trades_agree([DEAL], [replace(DEAL, **changes)], "the exchange", "here").met


def test_a_password_that_is_due_to_expire_is_remarked():
    due = replace(LOGON, status=SessionStatus.PASSWORD_DUE_TO_EXPIRE, text="3")
    assert "the password is due to expire: 3" in checks.logged_on(due, "here").details
