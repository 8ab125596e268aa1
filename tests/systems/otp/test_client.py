"""The client against the simulator, over both protocols: logon, the day's requests, waits, and the end."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from pytest_hkexprt import clock
from pytest_hkexprt.errors import LocalProtocolError, RemoteProtocolError, UsageFault
from pytest_hkexprt.evidence.journal import Journal, read
from pytest_hkexprt.evidence.record import ExchangeRecord
from pytest_hkexprt.model import Endpoint, Site
from pytest_hkexprt.systems.otp import client_day
from pytest_hkexprt.systems.otp.book import Standing
from pytest_hkexprt.systems.otp.client_orders import Trader
from pytest_hkexprt.systems.otp.deals import DealStanding
from pytest_hkexprt.systems.otp.lines import differences
from pytest_hkexprt.systems.otp.messages import Kind
from pytest_hkexprt.systems.otp.permission import Permission
from pytest_hkexprt.systems.otp.profiles import CCCG_13, WireProtocol
from pytest_hkexprt.systems.otp.settings import Allowed
from pytest_hkexprt.systems.otp.simulator_ports import Service
from pytest_hkexprt.systems.otp.words import (
    ExecRestatementReason,
    ExecType,
    MassCancelResponse,
    Side,
    TradeReportRejectReason,
)
from pytest_hkexprt.systems.serving import bound
from tests.systems.otp.firm import BROKERS, FIRST, PASSWORD, SECOND

NOW = dt.datetime(2024, 1, 6, 9, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))
PRICE = Decimal("388.6")
HUNDRED = Decimal(100)


@pytest.fixture
def journal(tmp_path):
    with Journal(tmp_path / "evidence.jsonl", rehearsal=True) as journal:
        yield journal


@pytest.fixture
def mute_gateway():
    """A port that accepts connections, and behind which nobody speaks."""
    with bound("127.0.0.1", 0) as listener:
        yield Endpoint("otp", Site.PRIMARY, *listener.getsockname())


def said(journal: Journal) -> list[ExchangeRecord]:
    return [line.record for line in read(journal.path) if isinstance(line.record, ExchangeRecord)]


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


def test_the_lookup_services_are_tried_in_their_order(simulate, visit, journal):
    simulator = simulate("lookup-rejected")
    with pytest.raises(RemoteProtocolError, match="rejected with code 3"):
        visit(simulator, journal=journal).client.look_up()
    tried = [record.endpoint for record in said(journal) if record.what.startswith("tried")]
    order = [each for site in Site for each in simulator.at(Service.LOOKUP, site)]
    assert tried == [str(each) for each in order] * 2


def test_between_two_lookups_five_seconds_are_waited_and_noted(simulate, visit, journal):
    with pytest.raises(RemoteProtocolError):
        visit(simulate("lookup-rejected"), journal=journal).client.look_up()
    waits = [record.what for record in said(journal) if record.what.startswith("waited")]
    assert len(waits) == 7
    assert set(waits) == {"waited 5 s, in this rehearsal 0.25 s before the next lookup service is asked"}


def test_a_mirror_is_dialled_when_the_primary_gateway_refuses(simulate, visit, protocol):
    logon = visit(simulate("mirror-only"), protocol=protocol).client.logon()
    assert [each.stood for each in logon.tries][-2:] == [False, True]


def test_fix_tries_the_last_good_gateway_first_on_the_same_day(simulate, visit):
    client = visit(simulate("mirror-only"), protocol=WireProtocol.FIX).client
    first = client.logon()
    assert [each.stood for each in client.reconnect().tries] == [True]
    assert client.endpoint == first.endpoint


def test_before_reconnecting_ten_seconds_are_waited_and_noted(simulate, visit, journal):
    client = visit(simulate(), journal=journal).client
    client.logon()
    client.reconnect()
    assert "waited 10 s, in this rehearsal 0.5 s before reconnecting" in [record.what for record in said(journal)]


def test_a_logon_without_a_reply_is_tried_once_more_after_a_minute(visit, simulate, journal, mute_gateway):
    client = visit(simulate(), protocol=WireProtocol.FIX, journal=journal, pool=(mute_gateway,)).client
    logon = client.logon()
    assert (logon.granted, logon.status, logon.text) == (False, None, "no reply")
    told = [record.what for record in said(journal)]
    assert told.count("→ Logon") == 2
    assert "waited 60 s, in this rehearsal 3 s before the logon is tried again" in told


def test_a_failover_is_followed_to_the_backup_site(simulate, visit, protocol):
    simulator = simulate()
    visitor = visit(simulator, protocol=protocol)
    visitor.client.logon()
    name = visitor.trader.order("700", Side.BUY, HUNDRED * 3, PRICE)
    simulator.fail_over()
    assert visitor.client.await_loss(100)
    logon = visitor.client.reconnect()
    orders = visitor.client.orders
    assert (logon.granted, visitor.client.endpoint.site) == (True, Site.SECONDARY)
    assert visitor.client.wait_for(lambda: orders.order(name).standing is Standing.CANCELLED, 100)
    orders.expect_cancel([ExecRestatementReason.SYSTEM_CANCEL])
    assert (orders.order(name).traded, orders.faults) == (HUNDRED, [])
    assert differences(orders.lines(), simulator.lines(FIRST)) == []


def test_what_was_recovered_at_a_failover_goes_on(simulate, visit, protocol):
    simulator = simulate(recovered=True)
    visitor = visit(simulator, protocol=protocol)
    visitor.client.logon()
    name = visitor.trader.order("700", Side.BUY, HUNDRED * 3, PRICE)
    simulator.fail_over()
    visitor.client.await_loss(100)
    visitor.client.reconnect()
    visitor.trader.cancel(visitor.client.orders.order(name))
    assert (visitor.client.orders.faults, visitor.client.orders.unasked) == ([], [])
    assert differences(visitor.client.orders.lines(), simulator.lines(FIRST)) == []


def test_both_sides_heartbeats_are_heard(simulate, visit, protocol):
    client = visit(simulate(), protocol=protocol).client
    client.logon()
    beats = client.keep(1)
    assert min(beats.heard, beats.sent) >= 1


def test_a_quote_is_two_orders_and_a_mass_cancel_ends_both(simulate, visit, protocol):
    visitor = visit(simulate(), protocol=protocol)
    visitor.client.logon()
    visitor.trader.quote("700", (HUNDRED, PRICE - 1), (HUNDRED, PRICE + 1))
    assert len(visitor.client.orders.resting()) == 2
    visitor.trader.mass_cancel("700")
    assert visitor.client.wait_for(lambda: not visitor.client.orders.resting(), 100)


def test_quotes_are_cancelled_and_nothing_else(simulate, visit, protocol):
    visitor = visit(simulate(), protocol=protocol)
    visitor.client.logon()
    visitor.trader.quote("700", (HUNDRED, PRICE - 1), (HUNDRED, PRICE + 1))
    name = visitor.trader.order("700", Side.BUY, HUNDRED, PRICE - 2)
    visitor.trader.cancel_quotes("700")
    assert [order.cl_ord_id for order in visitor.client.orders.resting()] == [name]
    refused = visitor.trader.cancel_quotes("700")
    assert visitor.client.orders.answer(refused).kind is Kind.QUOTE_STATUS


def test_all_orders_of_a_segment_are_cancelled_on_behalf(simulate, visit, protocol):
    simulator = simulate()
    owner, other = visit(simulator, FIRST, protocol=protocol), visit(simulator, SECOND, protocol=protocol)
    owner.client.logon()
    other.client.logon()
    owner.trader.order("700", Side.BUY, HUNDRED, PRICE)
    name = other.trader.mass_cancel_for(BROKERS[FIRST], segment="MAIN")
    assert other.client.orders.answer(name)["MassCancelResponse"] is MassCancelResponse.MARKET_SEGMENT
    assert owner.client.wait_for(lambda: not owner.client.orders.resting(), 100)
    assert len(owner.client.orders.expect_cancel([ExecRestatementReason.OBO_MASS_CANCEL])) == 1


def test_china_connect_tells_an_order_and_its_cancel_in_two_steps_each(simulate, visit, journal, protocol):
    simulator = simulate(profile=CCCG_13)
    visitor = visit(simulator, protocol=protocol, journal=journal)
    visitor.client.logon()
    orders = visitor.client.orders
    name = visitor.trader.order("600000", Side.BUY, HUNDRED, Decimal("8.5"))
    visitor.trader.cancel(orders.order(name))
    new, cancelled = (ExecType.PENDING_NEW, ExecType.NEW), (ExecType.PENDING_CANCEL, ExecType.CANCEL)
    assert visitor.client.wait_for(lambda: not orders.resting(), 100)
    told = [each.facts["ExecType"].partition(" (")[0] for each in said(journal) if each.what == "← Execution Report"]
    assert told == [*new, *cancelled]
    assert differences(orders.lines(), simulator.lines(FIRST)) == []


def test_a_trade_two_parties_tell_of_ends_with_equal_accounts(simulate, visit, protocol):
    simulator = simulate()
    seller, buyer = visit(simulator, FIRST, protocol=protocol), visit(simulator, SECOND, protocol=protocol)
    seller.client.logon()
    buyer.client.logon()
    sold = seller.trader.report_trade("700", Side.SELL, HUNDRED, PRICE, BROKERS[SECOND])
    ours, theirs = seller.client.orders.deals, buyer.client.orders.deals
    assert buyer.client.wait_for(lambda: bool(theirs.awaiting()), 100)
    buyer.trader.confirm_trade(theirs.awaiting()[0])
    assert seller.client.wait_for(lambda: ours.deal(sold).standing is DealStanding.CONFIRMED, 100)
    seller.trader.cancel_trade(ours.deal(sold))
    assert buyer.client.wait_for(lambda: theirs.deals()[0].standing is DealStanding.ENDED, 100)
    for account, comp_id in ((ours, FIRST), (theirs, SECOND)):
        assert (account.faults, account.deals()) == ([], simulator.deals(comp_id))


def test_an_odd_lot_is_picked_off_by_its_order_id(simulate, visit, protocol):
    simulator = simulate()
    seller, buyer = visit(simulator, FIRST, protocol=protocol), visit(simulator, SECOND, protocol=protocol)
    seller.client.logon()
    buyer.client.logon()
    name = seller.trader.order("700", Side.SELL, HUNDRED / 2, PRICE, odd=True)
    order = seller.client.orders.order(name)
    picked = buyer.trader.pick_off("700", Side.BUY, HUNDRED / 2, PRICE, order.order_id)
    assert buyer.client.orders.deals.deal(picked).standing is DealStanding.CONFIRMED
    assert seller.client.wait_for(lambda: order.standing is Standing.FILLED, 100)


def test_a_refused_trade_report_is_answered_with_its_code(simulate, visit, protocol):
    visitor = visit(simulate(), protocol=protocol)
    visitor.client.logon()
    name = visitor.trader.report_trade("700", Side.SELL, HUNDRED, PRICE * 10, BROKERS[SECOND])
    answer = visitor.client.orders.answer(name)
    assert answer["TradeReportRejectReason"] is TradeReportRejectReason.PRICE_EXCEEDS_BAND


def test_throttle_and_entitlements_are_told(simulate, visit, protocol):
    visitor = visit(simulate(changes={"throttle": 7}), protocol=protocol)
    visitor.client.logon()
    (entry,) = visitor.trader.throttle()["NoThrottles"]
    assert entry.fields["ThrottleNoMsgs"] == 7
    entitlement = visitor.trader.entitlement()
    assert (entitlement.kind, entitlement["PartyDetailID"]) == (Kind.PARTY_REPORT, BROKERS[FIRST])


def test_passwords_never_stand_in_the_evidence(simulate, visit, journal, protocol):
    client = visit(simulate(), protocol=protocol, journal=journal).client
    client.logon()
    told = next(record for record in said(journal) if record.what == "→ Logon")
    assert told.facts["EncryptedPassword"] == "•••"
    assert PASSWORD.reveal() not in journal.path.read_text("utf-8")


def test_a_sessions_evidence_has_numbers_and_round_trips(simulate, visit, journal):
    visitor = visit(simulate(), journal=journal)
    visitor.client.logon()
    visitor.trader.order("700", Side.BUY, HUNDRED, PRICE)
    visitor.client.logout()
    (end,) = [record for record in said(journal) if record.what == "logged out"]
    assert end.facts["our next number"] == "4" and "1 requests: median" in end.facts["round trips"]


def test_the_days_numbers_are_kept_from_one_run_to_the_next(simulate, visit, tmp_path):
    simulator = simulate()
    first = visit(simulator, kept=client_day.load(tmp_path, FIRST, NOW)).client
    first.logon()
    first.logout()
    again = visit(simulator, kept=client_day.load(tmp_path, FIRST, NOW)).client
    assert again.logon().granted
    assert again.kept.day.next_out >= 4  # a slow machine puts heartbeats in between


def test_a_run_that_is_killed_leaves_the_numbers_of_its_last_message(simulate, visit, tmp_path):
    simulator = simulate()
    killed = visit(simulator, kept=client_day.load(tmp_path, FIRST, NOW))
    killed.client.logon()
    killed.trader.order("700", Side.BUY, HUNDRED, PRICE)
    kept = client_day.load(tmp_path, FIRST, NOW)
    last = killed.client.kept.day
    assert (kept.day.next_out, kept.day.next_in) == (last.next_out, last.next_in)
    assert kept.day.next_in >= 3
    assert kept.last_name == killed.client.kept.last_name


def test_another_day_begins_anew(tmp_path):
    client_day.load(tmp_path, FIRST, NOW).save()
    kept = client_day.load(tmp_path, FIRST, NOW + dt.timedelta(days=1))
    assert (kept.day.next_out, kept.day.next_in) == (1, 1)


def test_numbers_that_cannot_be_read_are_told_and_never_begun_anew(tmp_path):
    kept = client_day.load(tmp_path, FIRST, NOW)
    kept.save()
    kept.path.write_text("{}", "utf-8")
    with pytest.raises(UsageFault, match="ask the exchange's desk for the numbers"):
        client_day.load(tmp_path, FIRST, NOW)


@pytest.mark.parametrize("over", [False, True], ids=["still allowed", "the window is over"])
def test_an_order_that_was_lost_is_said_again_only_where_it_may_be_sent(simulate, visit, over):
    simulator, now = simulate(), clock.now()
    ends = now + dt.timedelta(hours=-1 if over else 1)
    sides = [Allowed("700", Side.BUY, HUNDRED, PRICE)]
    window = {"starts": now - dt.timedelta(hours=2), "ends": ends, "trades_as": ("EP",), "roles": ("EP",)}
    permission = Permission("otp/test", live=True, allow_orders=True, orders=tuple(sides), **window)
    visitor = visit(simulator, permission=permission)
    visitor.client.logon()
    visitor.client.drop()
    day = visitor.client.kept.day
    lost = visitor.trader.new_order("700", Side.BUY, HUNDRED, PRICE)
    day.keep(replace(lost, comp_id=FIRST, seq=day.next_out))
    day.next_out += 1
    logon = visitor.client.reconnect()
    visitor.client.logout()
    assert logon.granted
    assert len(simulator.lines(FIRST)) == (0 if over else 1)


def test_a_verb_without_a_session_is_our_own_mistake(simulate, visit):
    with pytest.raises(LocalProtocolError, match="expected: a session"):
        visit(simulate()).client.logout()


def test_a_request_nobody_answers_is_told(simulate, visit):
    visitor = visit(simulate("silent-after-logon"))
    visitor.client.logon()
    trader = Trader(visitor.client, patience_s=10)
    with pytest.raises(RemoteProtocolError, match=r"New Order 1\n.*an answer\n.*none in 10 s"):
        trader.order("700", Side.BUY, HUNDRED, PRICE)
