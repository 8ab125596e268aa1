"""The receiver against the publisher: real multicast on loopback, every way of getting back what was missed."""

from __future__ import annotations

import socket
import struct
import threading

import pytest

from pytest_hkexprt.deadline import Deadline
from pytest_hkexprt.errors import LocalProtocolError, UsageFault
from pytest_hkexprt.evidence.journal import Journal, read
from pytest_hkexprt.evidence.record import ExchangeRecord
from pytest_hkexprt.model import Endpoint, Site
from pytest_hkexprt.systems.omd import settings
from pytest_hkexprt.systems.omd.channels import Feed, Line
from pytest_hkexprt.systems.omd.client import Client
from pytest_hkexprt.systems.omd.client_rts import Session, State
from pytest_hkexprt.systems.omd.facts import Filled
from pytest_hkexprt.systems.omd.simulator_lines import AS_IN_LIFE
from tests.systems.omd.rehearsal import (
    BOTH,
    DR,
    FULL_TICK,
    LONGEST_S,
    NEWS,
    STANDARD,
    channel,
    differences,
    gaps,
    more,
    until,
)


def test_every_channel_is_heard_on_both_lines(publish, receive):
    client = receive(publish())
    until(
        client, lambda: all(line.first_heard_s for each in client.receptions.values() for line in each.lines.values())
    )
    assert {line.line for each in client.snapshot() for line in each.lines if line.heard} == set(BOTH)


def test_who_joins_in_the_midst_has_the_publishers_picture(publish, receive):
    simulator = publish()
    client = receive(simulator)
    more(client, FULL_TICK)
    assert differences(client, simulator) == []


def test_the_feed_of_china_connect_is_received_the_same_way(publish, receive):
    simulator = publish(Feed.OMD_CC)
    client = receive(simulator)
    more(client, 302)
    assert differences(client, simulator) == []


def test_lines_that_lose_double_and_exchange_packets_make_one_sequence(publish, receive):
    simulator = publish(noise=AS_IN_LIFE)
    client = receive(simulator)
    more(client, FULL_TICK, 200)
    assert gaps(client, FULL_TICK, Filled.OTHER_LINE)
    assert differences(client, simulator) == []


def test_the_lines_are_framed_differently_and_carry_the_same(publish, receive):
    client = receive(publish(rate=2000.0))
    more(client, STANDARD, 300)
    a, b = channel(client, STANDARD).lines
    assert a.packets - a.heartbeats > b.packets - b.heartbeats
    assert (a.malformed_count, b.malformed_count) == (0, 0)


def test_what_line_a_loses_is_filled_by_line_b(publish, receive):
    simulator = publish()
    client = receive(simulator)
    simulator.lose(FULL_TICK, [Line.A], 5)
    more(client, FULL_TICK)
    until(client, lambda: bool(gaps_now(client, Filled.OTHER_LINE)))
    assert {gap.missed_by for gap in gaps(client, FULL_TICK, Filled.OTHER_LINE)} == {"A"}
    assert differences(client, simulator) == []


def gaps_now(client: Client, how: Filled) -> list:
    """Return gaps while the lock is held, as within wait_for."""
    return [gap for gap in client.receptions[FULL_TICK].facts(0.0).gaps if gap.filled is how]


def test_what_both_lines_lose_is_sent_again(publish, receive):
    simulator = publish()
    client = receive(simulator)
    simulator.lose(FULL_TICK, BOTH, 6)
    until(client, lambda: bool(gaps_now(client, Filled.RETRANSMISSION)))
    assert client.answers[0].granted
    assert client.answers[0].site == Site.PRIMARY
    assert differences(client, simulator) == []


def test_what_cannot_be_sent_again_is_made_good_by_a_refresh(publish, receive):
    simulator = publish()
    client = receive(simulator)
    simulator.forget()
    simulator.lose(FULL_TICK, BOTH, 6)
    until(client, lambda: bool(gaps_now(client, Filled.REFRESH)))
    assert client.answers[0].told == "messages not available"
    assert differences(client, simulator) == []


def test_a_participant_without_a_user_takes_a_refresh_and_asks_nobody(publish, receive):
    simulator = publish()
    client = receive(simulator)
    client._recovery._user = ""
    simulator.lose(FULL_TICK, BOTH, 6)
    until(client, lambda: bool(gaps_now(client, Filled.REFRESH)))
    assert client.answers == ()


def test_packets_passed_over_on_purpose_are_counted_and_got_back(publish, receive):
    simulator = publish()
    client = receive(simulator)
    client.leave_out(FULL_TICK, BOTH, 6)
    until(client, lambda: bool(gaps_now(client, Filled.RETRANSMISSION)))
    assert [line.left_out for line in channel(client, FULL_TICK).lines] == [6, 6]
    assert differences(client, simulator) == []


def test_a_delayed_line_costs_nothing(publish, receive):
    simulator = publish()
    client = receive(simulator)
    simulator.delay(FULL_TICK, Line.A, 10, 0.05)
    more(client, FULL_TICK, 60)
    assert differences(client, simulator) == []


def test_a_line_that_stops_is_not_needed(publish, receive):
    simulator = publish()
    client = receive(simulator)
    simulator.stop_line(FULL_TICK, Line.A)
    more(client, FULL_TICK, 60)
    assert differences(client, simulator) == []


def test_messages_are_asked_for_again_by_name(publish, receive):
    client = receive(publish())
    more(client, FULL_TICK)
    answer = client.answer(client.ask_again(FULL_TICK, 2, 6), Deadline.after(LONGEST_S))
    assert (answer.status, answer.messages, answer.told) == (0, 5, "accepted")


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ((999, 1, 5), "channel unknown or not authorised"),
        ((FULL_TICK, 1_000_000, 1_000_001), "messages not available"),
        ((FULL_TICK, 1, 10_001), "range longer than allowed"),
    ],
)
def test_a_refusal_is_told_with_its_status(publish, receive, asked, told):
    client = receive(publish())
    assert client.answer(client.ask_again(*asked), Deadline.after(LONGEST_S)).told == told


def test_a_refused_logon_is_told_and_no_other_server_is_tried(publish, receive):
    client = receive(publish(users=("SOMEBODY",)))
    answer = client.answer(client.ask_again(FULL_TICK, 1, 2), Deadline.after(LONGEST_S))
    assert answer.told == "logon refused: invalid user or IP address"
    assert len(client.tried) == 1


def test_a_second_receiver_of_the_same_user_is_told_that_it_is_connected(publish, receive):
    simulator = publish()
    first, second = receive(simulator), receive(simulator)
    assert first.answer(first.ask_again(FULL_TICK, 1, 2), Deadline.after(LONGEST_S)).granted
    answer = second.answer(second.ask_again(FULL_TICK, 1, 2), Deadline.after(LONGEST_S))
    assert answer.told == "logon refused: already connected"


def test_the_next_server_is_asked_where_the_first_refuses_the_connection(publish, receive):
    simulator = publish()
    servers = [each for each in simulator.endpoints if each.host.startswith("127.")]
    backup, primary = servers[2], servers[0]  # the backup site refuses until it serves
    client = receive(simulator, servers=[backup, primary])
    answer = client.answer(client.ask_again(FULL_TICK, 1, 2), Deadline.after(LONGEST_S))
    assert (answer.granted, answer.site) == (True, Site.PRIMARY)
    assert "refused" in client.tried[0]


def test_heartbeats_of_the_server_are_echoed_for_as_long_as_the_session_lasts(publish, receive):
    simulator = publish(timing=settings.Timing(600.0))
    client = receive(simulator)
    assert client.answer(client.ask_again(FULL_TICK, 1, 2), Deadline.after(LONGEST_S)).granted
    until(client, lambda: client._recovery.session.heartbeats >= 3)
    assert client.answer(client.ask_again(FULL_TICK, 1, 2), Deadline.after(LONGEST_S)).granted
    assert simulator.errors == []


def test_a_server_that_falls_silent_is_given_up_and_told(publish, receive, call_for, tmp_path):
    server = call_for(logon=struct.pack("<HBxIQHHBxxx", 24, 1, 0, 0, 8, 102, 0))
    with Journal(tmp_path / "evidence.jsonl") as journal:
        client = receive(publish(), servers=[server], journal=journal)
        session = client._recovery.session
        session._stale_s = 0.5
        client.ask_again(FULL_TICK, 1, 2)
        until(client, lambda: session.state is State.ACTIVE)
        until(client, lambda: session.state is not State.ACTIVE)
        client.leave()
    said = [line.record for line in read(tmp_path / "evidence.jsonl") if isinstance(line.record, ExchangeRecord)]
    (lost,) = (each for each in said if each.what == "retransmission connection lost")
    assert lost.facts["came"] == "no heartbeat within 0.5 s"


@pytest.fixture
def call_for():
    """Serve one connection: answer the logon with bytes, then say nothing."""
    listener = socket.create_server(("127.0.0.1", 0))
    held = []

    def serve(logon: bytes) -> Endpoint:
        def answer() -> None:
            connection, _ = listener.accept()
            held.append(connection)
            connection.recv(32)
            connection.sendall(logon)

        threading.Thread(target=answer, daemon=True).start()
        return Endpoint("omd", Site.PRIMARY, "127.0.0.1", listener.getsockname()[1])

    yield serve
    for each in (listener, *held):
        each.close()


def test_after_a_failover_the_other_sites_servers_are_tried_first():
    order = [Endpoint("omd", site, "127.0.0.1", port) for site, port in zip([*Site, *Site], range(1, 5), strict=True)]
    session = Session(order, "USER", lambda *_: None, timeout_s=1.0)
    session.move()
    assert [each.site for each in session._endpoints] == [Site.SECONDARY, Site.SECONDARY, Site.PRIMARY, Site.PRIMARY]


def test_a_failover_is_gone_through_with_the_backups_picture_and_server(publish, receive):
    simulator = publish()
    client = receive(simulator)
    more(client, FULL_TICK)
    simulator.fail_over()
    until(client, lambda: len(client.failover.rebuilt) == len(client.feed.channels))
    failover = client.failover
    assert failover.silent_s < failover.signalled_s < failover.completed_s
    assert failover.outage_s > 0
    assert set(failover.cleared) == {each.number for each in client.feed.channels}
    assert (failover.heartbeats_meanwhile, failover.messages_meanwhile) == (0, 0)
    more(client, FULL_TICK)
    last = channel(client, FULL_TICK).next - 1
    answer = client.answer(client.ask_again(FULL_TICK, last, last), Deadline.after(LONGEST_S))
    assert answer.site == Site.SECONDARY
    assert differences(client, simulator) == []


def test_who_joins_while_a_failover_is_under_way_waits_for_its_end(publish, receive):
    simulator = publish()
    simulator.fail_over()
    client = receive(simulator)
    until(client, lambda: client.failover.completed_s is not None)
    more(client, FULL_TICK)
    assert differences(client, simulator) == []


def test_a_restart_within_the_day_is_got_over_without_a_reset(publish, receive):
    simulator = publish()
    client = receive(simulator)
    more(client, FULL_TICK)
    simulator.restart(silent_s=20.0)
    more(client, FULL_TICK)
    assert channel(client, FULL_TICK).resets == 0
    assert differences(client, simulator) == []


def test_a_component_that_pauses_on_both_lines_is_got_over(publish, receive):
    simulator = publish()
    client = receive(simulator)
    content = client.receptions[STANDARD].channel.content
    simulator.hiccup(content, BOTH, 10.0)
    more(client, STANDARD, 60)
    assert differences(client, simulator) == []


def test_drops_in_this_machine_are_told_apart_from_losses_on_the_wire(publish, receive):
    client = receive(publish(rate=3000.0), buffer_bytes=2048, follow=False)
    with client._loop.locked():  # the receiver stands still, and its buffers run over
        deadline = Deadline.after(LONGEST_S)
        lines = client.receptions[FULL_TICK].lines.values()
        while not any(line.socket.dropped for line in lines) and not deadline.passed:
            pass
    assert sum(line.dropped for line in channel(client, FULL_TICK).lines) > 0


def test_arrivals_are_stamped_by_the_kernel_where_it_does(publish, receive):
    client = receive(publish())
    more(client, FULL_TICK)
    least, mean, greatest = channel(client, FULL_TICK).line("A").latency_ms
    assert 0 <= least <= mean <= greatest


def test_chinese_news_is_read(publish, receive):
    client = receive(publish(rate=3000.0))
    until(client, lambda: len(client.receptions[NEWS].picture.news) >= 2)
    headlines = {each.text("Headline") for told in client.pictures()[NEWS].news.values() for each in told}
    assert any("模擬新聞" in each for each in headlines)


def test_an_idle_dr_channel_is_alive_by_its_heartbeats(publish, receive):
    client = receive(publish())
    until(client, lambda: client.receptions[DR].arbiter.lines[Line.B].heartbeats > 1)
    assert channel(client, DR).line("A").messages == 0


def test_what_was_said_to_the_server_is_in_the_evidence_and_the_join_is_too(publish, receive, tmp_path):
    path = tmp_path / "evidence.jsonl"
    with Journal(path) as journal:
        client = receive(publish(), journal=journal)
        client.answer(client.ask_again(FULL_TICK, 1, 2), Deadline.after(LONGEST_S))
        client.leave()
    said = [line.record for line in read(path) if isinstance(line.record, ExchangeRecord)]
    assert [each.what for each in said] == ["joined 7 channels of OMD-C", "retransmission logon"]
    assert said[0].facts["interface"] == "127.0.0.1"
    assert said[1].facts == {"user": "TESTER", "status": "active"}


def test_a_group_on_an_interface_that_is_not_this_machines_is_refused(publish):
    simulator = publish()
    client = Client(simulator.feed, simulator.endpoints[:1], Journal(None), interface="192.0.2.1")
    with client, pytest.raises(UsageFault, match=r"\[omd\] interface"):
        client.join()


def test_joining_twice_is_refused(publish, receive):
    client = receive(publish())
    with pytest.raises(LocalProtocolError, match="has not joined"):
        client.join()


def test_nothing_is_asked_of_a_client_that_has_left(publish, receive):
    client = receive(publish())
    client.leave()
    with pytest.raises(LocalProtocolError, match="has joined"):
        client.ask_again(FULL_TICK, 1, 2)


def test_a_fault_of_the_receivers_own_reaches_who_waits(publish, receive):
    client = receive(publish())
    client._recovery.tick = None
    with pytest.raises(LocalProtocolError, match="no fault of its own"):
        client.wait_for(lambda: False, Deadline.after(LONGEST_S))


def test_no_group_and_no_thread_is_left_behind(publish, receive):
    simulator = publish()
    client = receive(simulator)
    address = simulator.feed.channels[0].lines[0]
    client.leave()
    simulator.stop()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as tried:
        tried.bind((address.host, address.port))
    assert not client._loop._thread.is_alive()
