"""The simulator is as strict as the documents: what the real gateway refuses, it refuses, and in the same way."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from threading import enumerate as threads

import pytest

from pytest_hkexprt.deadline import Deadline, pause
from pytest_hkexprt.errors import RemoteProtocolError, Unreachable, UsageFault
from pytest_hkexprt.model import Site
from pytest_hkexprt.systems import transport
from pytest_hkexprt.systems.otp.book import Standing
from pytest_hkexprt.systems.otp.client_day import Kept
from pytest_hkexprt.systems.otp.lines import differences
from pytest_hkexprt.systems.otp.messages import Kind, Message, Role
from pytest_hkexprt.systems.otp.pace import Pace
from pytest_hkexprt.systems.otp.password import Password
from pytest_hkexprt.systems.otp.profiles import CCCG_13, OCG_3, WireProtocol
from pytest_hkexprt.systems.otp.session_day import Day
from pytest_hkexprt.systems.otp.simulator_admission import OnFile
from pytest_hkexprt.systems.otp.simulator_ports import Service
from pytest_hkexprt.systems.otp.words import ExecRestatementReason, SessionStatus, Side
from tests.systems.otp.conftest import REHEARSED
from tests.systems.otp.firm import COPY, FIRST, PASSWORD, SECOND

LONG_S = 20.0
PRICE, HUNDRED = Decimal("388.6"), Decimal(100)


def said_to(endpoint, data: bytes) -> bytes:
    """Say something to a port, and return what it says until it hangs up."""
    with transport.connect(endpoint, Deadline.after(LONG_S)).socket as dialled:
        dialled.settimeout(LONG_S)
        dialled.sendall(data)
        heard = b""
        while more := dialled.recv(4096):
            heard += more
        return heard


def test_ready_means_that_it_listens_and_stopped_that_nothing_is_left(simulate):
    simulator = simulate()
    (endpoint, _) = simulator.at(Service.LOOKUP, Site.PRIMARY)
    transport.connect(endpoint, Deadline.after(LONG_S)).socket.close()
    simulator.stop()
    assert not [each for each in threads() if each.name.endswith("OTP-C simulator")]
    with pytest.raises(transport.Refused):
        transport.connect(endpoint, Deadline.after(LONG_S))


@pytest.mark.parametrize("service", Service)
def test_the_backup_site_is_closed_until_a_failover(simulate, service):
    simulator = simulate()
    for endpoint in simulator.at(service, Site.SECONDARY):
        with pytest.raises(transport.Refused):
            transport.connect(endpoint, Deadline.after(LONG_S))


@pytest.mark.parametrize("service", Service)
def test_after_a_failover_the_first_site_is_closed_and_the_backup_is_open(simulate, service):
    simulator = simulate()
    simulator.fail_over()
    transport.connect(simulator.at(service, Site.SECONDARY)[0], Deadline.after(LONG_S)).socket.close()
    with pytest.raises(transport.Refused):
        transport.connect(simulator.at(service, Site.PRIMARY)[0], Deadline.after(LONG_S))


@pytest.mark.parametrize("service", Service)
def test_what_is_no_message_is_met_by_silence_and_a_closed_line(simulate, service):
    assert said_to(simulate().at(service, Site.PRIMARY)[0], b"GET / HTTP/1.1\r\n\r\n" * 8) == b""


def test_an_unknown_comp_id_is_met_by_silence_and_a_closed_line(simulate, visit, protocol):
    simulator = simulate()
    client = visit(simulator, "CO00000000", protocol=protocol).client
    with pytest.raises((RemoteProtocolError, Unreachable)) as caught:
        client.logon()
    assert "closed" in str(caught.value) or "rejected with code 0" in str(caught.value)


def test_an_unknown_address_is_met_by_silence_and_a_closed_line(simulate, visit, protocol):
    client = visit(simulate(sources=["127.9.9.9"]), protocol=protocol).client
    with pytest.raises(Unreachable):
        client.logon()


def test_a_second_connection_of_a_comp_id_closes_both(simulate, visit, protocol):
    simulator = simulate()
    first, second = visit(simulator, protocol=protocol).client, visit(simulator, protocol=protocol).client
    first.logon()
    with pytest.raises(Unreachable, match="closed the line"):
        second.logon()
    assert first.await_loss(LONG_S)


@pytest.mark.parametrize("tries", [1, 2])
def test_a_wrong_password_is_told(simulate, visit, protocol, tries):
    client = visit(simulate(), protocol=protocol, password=Password("Wrong123")).client
    assert [client.logon().status for _ in range(tries)][-1] == SessionStatus.INVALID_USER_OR_PASSWORD


def test_three_wrong_passwords_lock_the_comp_id_for_the_right_one_too(simulate, visit):
    simulator = simulate()
    wrong = visit(simulator, password=Password("Wrong123")).client
    assert [wrong.logon().status for _ in range(3)][-1] == SessionStatus.ACCOUNT_LOCKED
    right = visit(simulator, kept=wrong.kept).client
    assert right.logon().status == SessionStatus.ACCOUNT_LOCKED


def test_a_gateway_that_wants_another_password_gets_it(simulate, visit, protocol):
    on_file = {FIRST: OnFile(PASSWORD, must_change=True)}
    client = visit(simulate(on_file=on_file), protocol=protocol, new_password=Password("Newer123")).client
    logon = client.logon()
    assert (logon.granted, logon.status, logon.changed_password) == (True, SessionStatus.PASSWORD_CHANGED, True)
    assert on_file[FIRST].password.reveal() == "Newer123"


def test_without_another_password_the_change_is_asked_for(simulate, visit):
    client = visit(simulate(on_file={FIRST: OnFile(PASSWORD, must_change=True)})).client
    assert client.logon().status == SessionStatus.PASSWORD_CHANGE_REQUIRED


@pytest.mark.parametrize("new", ["short1", "Abcd1234", "lettersx"])
def test_another_password_that_does_not_comply_is_refused(simulate, visit, new):
    on_file = {FIRST: OnFile(PASSWORD, must_change=True)}
    client = visit(simulate(on_file=on_file), new_password=Password(new)).client
    assert client.logon().status == SessionStatus.NEW_PASSWORD_NOT_COMPLIANT


def test_a_days_first_number_above_one_is_met_by_silence(simulate, visit, protocol):
    client = visit(simulate(), protocol=protocol, kept=Kept(Day(next_out=7))).client
    with pytest.raises(Unreachable, match="closed the line"):
        client.logon()


def test_a_number_lower_than_expected_is_answered_by_a_logout(simulate, visit, protocol):
    simulator = simulate()
    first = visit(simulator, protocol=protocol).client
    first.logon()
    first.logout()
    logon = visit(simulator, protocol=protocol, kept=Kept(Day(next_out=1, next_in=3))).client.logon()
    assert not logon.granted and "lower than expected" in logon.text


def test_messages_before_the_logons_reply_drop_the_line(simulate, rsa_key, visit):
    simulator = simulate()
    visitor = visit(simulator)
    client = visitor.client
    codec, day = client.codec, Day()
    order = visitor.trader.new_order("700", Side.BUY, HUNDRED, PRICE)
    logon = client._logon_message(None).with_fields(NextExpectedMsgSeqNum=day.next_in)
    framed = [replace(each, comp_id=FIRST, seq=seq) for seq, each in enumerate((logon, order), start=1)]
    data = b"".join(codec.encode(each, sender=Role.INITIATOR) for each in framed)
    assert said_to(simulator.at(Service.BINARY, Site.PRIMARY)[0], data) == b""


def test_orders_end_with_the_connection_where_that_was_agreed(simulate, visit, protocol):
    simulator = simulate(changes={"cancel_on_disconnect": True})
    visitor = visit(simulator, protocol=protocol)
    visitor.client.logon()
    name = visitor.trader.order("700", Side.BUY, HUNDRED, PRICE)
    visitor.client.reconnect()
    orders = visitor.client.orders
    visitor.client.wait_for(lambda: orders.order(name).standing is Standing.CANCELLED, 100)
    (told,) = orders.expect_cancel([ExecRestatementReason.CANCEL_ON_DISCONNECT])
    assert told.cl_ord_id == name and orders.faults == []


AGREED = {"cancel_on_disconnect": True}
NEVER_S, SOON_S = 1_000_000.0, 1.0


def comes_true(simulator, condition) -> bool:
    """Return whether something comes to hold in the simulator, which is asked again and again."""
    by = Deadline.after(LONG_S)
    while not condition(simulator) and by.left_s():
        pause(0.01)
    return condition(simulator)


def is_cancelled(simulator) -> bool:
    return [line.standing for line in simulator.lines(FIRST)] == [Standing.CANCELLED]


def test_who_is_back_within_the_delay_keeps_the_orders(simulate, visit, protocol):
    simulator = simulate(changes=AGREED | {"cancel_delay_s": NEVER_S})
    visitor = visit(simulator, protocol=protocol)
    visitor.client.logon()
    name = visitor.trader.order("700", Side.BUY, HUNDRED, PRICE)
    visitor.client.reconnect()
    assert simulator.gateway.due_s() == float("inf")
    visitor.trader.cancel(visitor.client.orders.order(name))
    assert (visitor.client.orders.unasked, visitor.client.orders.faults) == ([], [])


def test_within_the_delay_nothing_is_cancelled(simulate, visit):
    simulator = simulate(changes=AGREED | {"cancel_delay_s": NEVER_S})
    visitor = visit(simulator)
    visitor.client.logon()
    visitor.trader.order("700", Side.BUY, HUNDRED, PRICE)
    visitor.client.drop()
    assert comes_true(simulator, lambda gateway: gateway.gateway.due_s() < float("inf"))
    assert not is_cancelled(simulator)


def test_after_the_delay_orders_are_cancelled_and_the_books_agree(simulate, visit, protocol):
    simulator = simulate(changes=AGREED | {"cancel_delay_s": SOON_S})
    visitor = visit(simulator, protocol=protocol)
    visitor.client.logon()
    name = visitor.trader.order("700", Side.BUY, HUNDRED, PRICE)
    visitor.client.drop()
    assert comes_true(simulator, is_cancelled)
    visitor.client.reconnect()
    orders = visitor.client.orders
    assert visitor.client.wait_for(lambda: orders.order(name).standing is Standing.CANCELLED, 100)
    assert [each.cl_ord_id for each in orders.expect_cancel([ExecRestatementReason.CANCEL_ON_DISCONNECT])] == [name]
    assert differences(orders.lines(), simulator.lines(FIRST)) == []


def test_orders_end_when_heartbeats_stay_out(simulate, visit):
    simulator = simulate(changes=AGREED, pace=Pace(0.01))
    visitor = visit(simulator)
    visitor.client.logon()
    visitor.trader.order("700", Side.BUY, HUNDRED, PRICE)
    assert comes_true(simulator, is_cancelled)  # meanwhile nobody serves the client


def test_the_exchanges_own_failure_ends_no_order(simulate, visit):
    simulator = simulate(changes=AGREED, recovered=True)
    visitor = visit(simulator)
    visitor.client.logon()
    visitor.trader.order("700", Side.BUY, HUNDRED, PRICE)
    simulator.fail_over()
    assert [line.standing for line in simulator.lines(FIRST)] == [Standing.OPEN]


def test_orders_outlive_a_logout(simulate, visit):
    simulator = simulate(changes={"cancel_on_disconnect": True})
    visitor = visit(simulator)
    visitor.client.logon()
    visitor.trader.order("700", Side.BUY, HUNDRED, PRICE)
    visitor.client.logout()
    assert [line.standing for line in simulator.lines(FIRST)] == [Standing.OPEN]


def test_too_many_messages_are_refused_with_the_time_left(simulate, visit, protocol):
    visitor = visit(simulate(changes={"throttle": 1}), protocol=protocol)
    visitor.client.logon()
    orders = [visitor.trader.new_order("700", Side.BUY, HUNDRED, PRICE) for _ in range(3)]
    for order in orders:
        visitor.client.say(order)
    for order in orders:
        visitor.trader.answer(order.text("ClOrdID"), "order")
    assert any("throttle exceeded" in each for each in visitor.client.orders.refused)


def test_who_goes_on_too_fast_is_dropped(simulate, visit):
    visitor = visit(simulate("throttle-exceeded"))
    visitor.client.logon()
    for _ in range(40):
        visitor.client.say(visitor.trader.new_order("700", Side.BUY, HUNDRED, PRICE))
    assert visitor.client.await_loss(LONG_S)


def test_a_drop_copy_hears_what_its_firm_does(simulate, visit, protocol):
    simulator = simulate()
    first, copy = visit(simulator, FIRST, protocol=protocol), visit(simulator, COPY, protocol=protocol)
    copy.client.logon()
    first.client.logon()
    first.trader.order("700", Side.BUY, HUNDRED, PRICE)
    assert copy.client.wait_for(lambda: copy.client.transcript.business() != [], 100)


def test_who_logs_on_late_hears_what_was_told_before(simulate, visit, protocol):
    simulator = simulate()
    first, copy = visit(simulator, FIRST, protocol=protocol), visit(simulator, COPY, protocol=protocol)
    copy.client.orders.listening = True
    first.client.logon()
    first.trader.order("700", Side.BUY, HUNDRED, PRICE)
    copy.client.logon()
    assert copy.client.wait_for(lambda: bool(copy.client.orders.lines()), 100)
    assert differences(first.client.orders.lines(), copy.client.orders.lines()) == []


def test_both_protocols_meet_on_one_book(simulate, visit):
    simulator = simulate()
    seller, buyer = visit(simulator, FIRST), visit(simulator, SECOND, protocol=WireProtocol.FIX)
    seller.client.logon()
    buyer.client.logon()
    seller.trader.order("700", Side.SELL, HUNDRED, PRICE)
    name = buyer.trader.order("700", Side.BUY, HUNDRED, PRICE)
    assert buyer.client.wait_for(lambda: buyer.client.orders.order(name).standing is Standing.FILLED, 100)


def test_china_connect_takes_no_amend(simulate, visit):
    visitor = visit(simulate(profile=CCCG_13))
    visitor.client.logon()
    name = visitor.trader.order("600000", Side.BUY, HUNDRED, Decimal("8.5"))
    order = visitor.client.orders.order(name)
    with pytest.raises(Exception, match="Amend Request") as caught:
        visitor.trader.amend(order, quantity=HUNDRED * 2)
    assert "CCCG" in str(caught.value)


def test_a_port_of_the_simulator_is_on_loopback(simulate):
    assert {endpoint.host.split(".")[0] for endpoint in simulate().endpoints} == {"127"}


def test_a_session_that_may_only_log_in_sends_no_order(simulate, visit):
    visitor = visit(simulate(profile=OCG_3), permission=replace(REHEARSED, login_only=True))
    visitor.client.logon()
    with pytest.raises(UsageFault, match="nothing was sent"):
        visitor.trader.order("700", Side.BUY, HUNDRED, PRICE)
    visitor.client.logout()
    assert visitor.client.transcript.business() == []


def test_two_resend_requests_at_once_are_met_by_a_closed_line(simulate, visit, protocol):
    visitor = visit(simulate(), protocol=protocol)
    visitor.client.logon()
    visitor.trader.order("700", Side.BUY, HUNDRED, PRICE)
    session, day = visitor.client._wire.session, visitor.client.kept.day
    request = Message.of(Kind.RESEND_REQUEST, BeginSeqNo=1, EndSeqNo=0)
    sent = [replace(request, comp_id=FIRST, seq=day.next_out + each, sent="20240106-01:00:00.000") for each in (0, 1)]
    data = b"".join(session.codec.encode(each, sender=Role.INITIATOR) for each in sent)
    visitor.client._wire.write(data)
    assert visitor.client.await_loss(LONG_S)
    assert Kind.LOGOUT not in [kind for who, kind in visitor.client.transcript.counts if who is Role.ACCEPTOR]


def framed(visitor, message: Message) -> bytes:
    return visitor.client.codec.encode(replace(message, comp_id=FIRST, seq=1), sender=Role.INITIATOR)


def test_a_lookup_at_a_gateway_is_met_by_silence(simulate, visit):
    simulator = simulate()
    request = Message.of(Kind.LOOKUP_REQUEST, TypeOfService=1, ProtocolType=1)
    data = framed(visit(simulator), request)
    assert said_to(simulator.at(Service.BINARY, Site.PRIMARY)[0], data) == b""
    assert said_to(simulator.at(Service.LOOKUP, Site.PRIMARY)[0], data) != b""


def test_a_logon_at_a_lookup_service_is_met_by_silence(simulate, visit):
    simulator = simulate()
    visitor = visit(simulator)
    data = framed(visitor, visitor.client._logon_message(None).with_fields(NextExpectedMsgSeqNum=1))
    assert said_to(simulator.at(Service.LOOKUP, Site.PRIMARY)[0], data) == b""


def test_what_was_told_before_a_failover_and_not_heard_comes_again(simulate, visit, protocol):
    simulator = simulate(recovered=True)
    first, second = visit(simulator, FIRST, protocol=protocol), visit(simulator, SECOND, protocol=protocol)
    first.client.logon()
    second.client.logon()
    name = first.trader.order("700", Side.BUY, HUNDRED, PRICE)
    first.client.drop()
    second.trader.order("700", Side.SELL, HUNDRED, PRICE)
    simulator.fail_over()
    first.client.reconnect()
    orders = first.client.orders
    assert first.client.wait_for(lambda: orders.order(name).standing is Standing.FILLED, 100)
    assert orders.faults == []
