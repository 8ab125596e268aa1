"""A day over several runs: the second begins with the first's numbers and book, and hears what was missed between."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.evidence.journal import Journal, read
from pytest_hkexprt.evidence.record import NoticeRecord
from pytest_hkexprt.systems.otp import client_day, client_store
from pytest_hkexprt.systems.otp.book import Standing
from pytest_hkexprt.systems.otp.deals import DealStanding
from pytest_hkexprt.systems.otp.lines import differences
from pytest_hkexprt.systems.otp.messages import Kind, Message, Role
from pytest_hkexprt.systems.otp.orders import Orders
from pytest_hkexprt.systems.otp.profiles import OCG_3, WireProtocol
from pytest_hkexprt.systems.otp.words import MassCancelRequestType, Side
from tests.systems.otp.firm import BROKERS, FIRST, SECOND
from tests.systems.otp.samples import messages_of

NOW = dt.datetime(2024, 1, 6, 9, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))
PRICE, HUNDRED = Decimal("388.6"), Decimal(100)
BUSINESS = {kind for kind in OCG_3.from_participant | OCG_3.from_gateway if not kind.is_session}
KINDS = sorted(BUSINESS - client_store.NOT_KEPT)


@pytest.fixture
def run(visit, tmp_path):
    """Make a client of one more run of the day."""

    def begin(simulator, comp_id=FIRST, **more):
        return visit(simulator, comp_id, kept=client_day.load(tmp_path, comp_id, NOW), **more)

    return begin


def test_a_run_after_one_that_was_killed_hears_what_was_missed_of_its_orders(simulate, visit, run, protocol):
    simulator = simulate()
    killed, other = run(simulator, protocol=protocol), visit(simulator, SECOND, protocol=protocol)
    killed.client.logon()
    other.client.logon()
    name = killed.trader.order("700", Side.BUY, HUNDRED, PRICE)
    killed.client.drop()
    other.trader.order("700", Side.SELL, HUNDRED, PRICE)
    again = run(simulator, protocol=protocol)
    orders = again.client.orders
    assert orders.order(name).standing is Standing.OPEN
    assert again.client.logon().granted
    assert again.client.wait_for(lambda: orders.order(name).standing is Standing.FILLED, 100)
    assert (orders.faults, orders.unasked) == ([], [])
    assert differences(orders.lines(), simulator.lines(FIRST)) == []


def test_an_order_of_an_earlier_run_is_amended_and_cancelled(simulate, run, protocol):
    simulator = simulate()
    first = run(simulator, protocol=protocol)
    first.client.logon()
    name = first.trader.order("700", Side.BUY, HUNDRED * 3, PRICE)
    first.client.logout()
    again = run(simulator, protocol=protocol)
    again.client.logon()
    again.trader.amend(again.client.orders.order(name), quantity=HUNDRED)
    again.trader.cancel(again.client.orders.order(name))
    again.client.logout()
    assert differences(run(simulator).client.orders.lines(), simulator.lines(FIRST)) == []


def test_a_day_may_go_on_over_the_other_protocol(simulate, run):
    simulator = simulate()
    first = run(simulator, protocol=WireProtocol.BINARY)
    first.client.logon()
    name = first.trader.order("700", Side.BUY, HUNDRED, PRICE)
    first.client.logout()
    again = run(simulator, protocol=WireProtocol.FIX)
    again.client.logon()
    again.trader.cancel(again.client.orders.order(name))
    assert again.client.orders.order(name).standing is Standing.CANCELLED


def test_trades_off_the_books_are_known_in_the_next_run(simulate, visit, run):
    simulator = simulate()
    first, other = run(simulator), visit(simulator, SECOND)
    first.client.logon()
    other.client.logon()
    name = first.trader.report_trade("700", Side.SELL, HUNDRED, PRICE, BROKERS[SECOND])
    first.client.drop()
    other.client.wait_for(lambda: bool(other.client.orders.deals.awaiting()), 100)
    other.trader.confirm_trade(other.client.orders.deals.awaiting()[0])
    again = run(simulator)
    again.client.logon()
    deals = again.client.orders.deals
    assert again.client.wait_for(lambda: deals.deal(name).standing is DealStanding.CONFIRMED, 100)


def test_what_was_wrong_in_an_earlier_run_is_told_once(simulate, run):
    simulator = simulate("unsolicited-cancel")
    first = run(simulator)
    first.client.logon()
    first.trader.order("700", Side.BUY, HUNDRED, PRICE)
    assert first.client.wait_for(lambda: bool(first.client.orders.unasked), 100)
    first.client.drop()
    assert run(simulator).client.orders.unasked == []


def test_the_evidence_says_that_a_day_goes_on(simulate, run, tmp_path):
    simulator = simulate()
    first = run(simulator)
    first.client.logon()
    first.trader.order("700", Side.BUY, HUNDRED, PRICE)
    first.client.drop()
    with Journal(tmp_path / "evidence.jsonl", rehearsal=True) as journal:
        run(simulator, journal=journal)
    notices = [line.record.text for line in read(journal.path) if isinstance(line.record, NoticeRecord)]
    assert notices == [f"{FIRST}: the day goes on where an earlier run left it: 1 orders, 1 of them in the market"]


def test_a_line_that_a_killed_run_left_unfinished_is_left_out(tmp_path):
    path = tmp_path / "day.jsonl"
    request = Message.of(Kind.MASS_CANCEL, ClOrdID="7", MassCancelRequestType=MassCancelRequestType.ALL)
    client_store.append(path, Role.INITIATOR, request)
    path.write_bytes(path.read_bytes() + path.read_bytes()[:20])
    assert client_store.read(path) == [(Role.INITIATOR, request)]


@pytest.mark.parametrize("broken", [b"{}", b"noise", b'{"who":"initiator","kind":"Quote","fields":{"Nonsense":1}}'])
def test_a_line_that_cannot_be_read_is_told_with_its_place(tmp_path, broken):
    path = tmp_path / "day.jsonl"
    path.write_bytes(broken + b"\n")
    with pytest.raises(UsageFault, match=r"day\.jsonl:1\n.*expected: a message of today's session"):
        client_store.read(path)


def test_questions_of_entitlement_are_not_kept(tmp_path):
    client_store.append(tmp_path / "day", Role.INITIATOR, Message.of(Kind.PARTY_REQUEST, EntitlementsRequestID="1"))
    assert client_store.read(tmp_path / "day") == []


@given(st.data())
def test_any_message_survives_being_kept(tmp_path_factory, data):
    kind, role = data.draw(st.sampled_from(KINDS)), data.draw(st.sampled_from(Role))
    made = data.draw(messages_of(kind, OCG_3, WireProtocol.BINARY, role))
    path = tmp_path_factory.mktemp("kept") / "day.jsonl"
    client_store.append(path, role, made)
    ((who, kept),) = client_store.read(path)
    assert (who, kept.kind, kept.fields, kept.seq) == (role, made.kind, made.fields, made.seq)
    assert (kept.poss_dup, kept.poss_resend) == (made.poss_dup, made.poss_resend)


def test_a_book_that_is_taken_up_begins_without_faults():
    orders = Orders("1234")
    stray = Message.of(Kind.EXECUTION_REPORT, ClOrdID="9", ExecID="1", CumQty=Decimal(0), LeavesQty=Decimal(0))
    client_store.take_up(orders, [(Role.ACCEPTOR, stray)])
    assert (orders.faults, orders.reports) == ([], 0)
