"""The publisher and its retransmission servers: strict, on loopback alone, gone within a second."""

from __future__ import annotations

import socket
import struct
import threading

import pytest

from pytest_hkexprt.deadline import Deadline
from pytest_hkexprt.errors import LocalProtocolError
from pytest_hkexprt.systems.omd import packets, settings
from pytest_hkexprt.systems.omd.channels import Feed, Line
from pytest_hkexprt.systems.omd.client_sockets import GroupSocket
from pytest_hkexprt.systems.omd.codec import build
from pytest_hkexprt.systems.omd.drills import Drill
from pytest_hkexprt.systems.omd.layouts import Type
from pytest_hkexprt.systems.omd.simulator import Simulator
from pytest_hkexprt.systems.omd.simulator_groups import Claim, Sender, Shift
from tests.systems.omd.rehearsal import FULL_TICK, LONGEST_S, USER


class Caller:
    """A connection to a retransmission server that knows only bytes."""

    def __init__(self, endpoint) -> None:
        self.socket = socket.create_connection((endpoint.host, endpoint.port), LONGEST_S)

    def send(self, body: bytes) -> None:
        """Send one message in a packet: PktSize, MsgCount 1, filler, SeqNum 0, SendTime 0."""
        self.socket.sendall(struct.pack("<HBxIQ", 16 + len(body), 1, 0, 0) + body)

    def logon(self, user: str = USER) -> bytes:
        """Log on; return the answer's message."""
        self.send(struct.pack("<HH12s", 16, 101, user.encode()))
        return self.packet()[16:]

    def packet(self) -> bytes:
        """Return the next packet; nothing where the server hangs up."""
        head = self.socket.recv(2, socket.MSG_WAITALL)
        return head + self.socket.recv(int.from_bytes(head, "little") - 2, socket.MSG_WAITALL) if head else b""

    def close(self) -> None:
        self.socket.close()


@pytest.fixture
def call():
    """Call servers; every connection is closed at the end."""
    made = []

    def dial(endpoint) -> Caller:
        made.append(Caller(endpoint))
        return made[-1]

    yield dial
    for each in made:
        each.close()


def test_the_groups_are_the_published_ones_where_nobody_has_them_and_moved_where_somebody_has(publish):
    first, second = publish(), publish()
    moved = [each.feed.channels[0].lines[0] for each in (first, second)]
    assert moved[0] != moved[1]
    assert second.notices or first.notices
    assert all(each.published for each in second.endpoints)


def test_two_rehearsals_at_once_do_not_hear_each_other(publish):
    first, second = publish(), publish(Feed.OMD_CC)
    address = first.feed.channels[0].lines[0]
    second.settle()
    with GroupSocket(address.host, address.port, "127.0.0.1") as joined:
        joined.socket.settimeout(LONGEST_S)
        heard = {joined.receive()[0] for _ in range(3)}
    assert all(packets.header(each) for each in heard)
    assert not {*map(str, first.feed.channels[0].lines)} & {
        str(at) for each in second.feed.channels for at in each.lines
    }


def test_a_shift_moves_groups_and_ports_alike():
    assert (Shift(0).group("239.1.1.4"), Shift(0).port(51000)) == ("239.1.1.4", 51000)
    assert (Shift(2).group("239.1.127.4"), Shift(2).port(51000)) == ("239.3.127.4", 50920)


def test_a_port_that_somebody_else_receives_on_is_left_to_him():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        stranger.bind(("", 0))
        port = stranger.getsockname()[1]
        claim = Claim([("239.1.1.4", port)])
        try:
            assert claim.shift.moves > 0
        finally:
            claim.close()


def test_nothing_is_sent_beyond_this_machine():
    sender = Sender()
    try:
        assert sender._socket.getsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL) == 0
        on = sender._socket.getsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, 4)
        assert socket.inet_ntoa(on) == "127.0.0.1"
    finally:
        sender.close()


def test_a_logon_is_answered_with_its_status_byte_by_byte(publish, call):
    answer = call(publish().endpoints[0]).logon()
    assert answer == bytes.fromhex("0800 6600 00 000000")  # size 8, type 102, active, filler


def test_an_unknown_user_is_told_so_and_hung_up_on(publish, call):
    caller = call(publish().endpoints[0])
    assert caller.logon("NOBODY") == bytes.fromhex("0800 6600 05 000000")
    assert caller.packet() == b""


def test_a_user_has_one_session_whichever_server_it_calls(publish, call):
    simulator = publish()
    first, second = (call(each) for each in simulator.endpoints[:2])
    assert first.logon()[4] == 0
    assert second.logon()[4] == 100


def test_a_user_may_come_back_when_its_session_has_ended(publish, call):
    simulator = publish()
    first = call(simulator.endpoints[0])
    first.logon()
    first.close()
    deadline = Deadline.after(LONGEST_S)
    while (status := call(simulator.endpoints[1]).logon()[4]) and not deadline.passed:
        pass
    assert status == 0


def test_a_request_before_the_logon_is_refused_and_reaches_the_test(publish, call):
    simulator = publish()
    caller = call(simulator.endpoints[0])
    caller.send(struct.pack("<HHHxxII", 16, 201, FULL_TICK, 1, 2))
    assert caller.packet() == b""
    assert "expected: a logon" in simulator.errors[0].came
    simulator.errors.clear()


def test_who_does_not_log_on_is_hung_up_on(publish, call):
    caller = call(publish().endpoints[0])
    assert caller.packet() == b""


def test_a_heartbeat_that_is_not_echoed_ends_the_session_and_reaches_the_test(publish, call):
    simulator = publish(timing=settings.Timing(600.0))
    caller = call(simulator.endpoints[0])
    caller.logon()
    assert len(caller.packet()) == 16
    assert caller.packet() == b""
    assert "no echo of a heartbeat" in simulator.errors[0].came
    simulator.errors.clear()


def test_a_heartbeat_echoed_otherwise_than_exactly_is_refused(publish, call):
    simulator = publish(timing=settings.Timing(600.0))
    caller = call(simulator.endpoints[0])
    caller.logon()
    beat = bytearray(caller.packet())
    beat[8] ^= 1
    caller.socket.sendall(beat)
    assert caller.packet() == b""
    assert "an exact copy" in simulator.errors[0].came
    simulator.errors.clear()


def test_the_messages_asked_for_come_with_their_numbers(publish, call):
    simulator = publish(timing=settings.Timing())  # no heartbeat comes between
    settled = simulator.settle()
    last = settled.last[1]
    caller = call(simulator.endpoints[0])
    caller.logon()
    caller.send(struct.pack("<HHHxxII", 16, 201, 1, 1, last))
    assert caller.packet()[16:] == struct.pack("<HHHBxII", 16, 202, 1, 0, 1, last)
    found, numbers = caller.packet(), []
    while True:
        packet = packets.read(found)
        numbers += range(packet.sequence, packet.last + 1)
        if packet.last >= last:
            break
        found = caller.packet()
    assert numbers == list(range(1, last + 1))


def test_more_than_a_days_requests_are_refused(publish, call):
    caller = call(publish(timing=settings.Timing()).endpoints[0])  # no heartbeat comes between
    caller.logon()
    for _ in range(1000):
        caller.send(struct.pack("<HHHxxII", 16, 201, 1, 1, 1))
        status = caller.packet()[16 + 6]
        assert status == 0
        caller.packet()
    caller.send(struct.pack("<HHHxxII", 16, 201, 1, 1, 1))
    assert caller.packet()[16 + 6] == 101


def test_the_backup_site_refuses_until_it_serves(publish):
    simulator = publish()
    backup = simulator.endpoints[2]
    with pytest.raises(ConnectionRefusedError):
        Caller(backup)
    simulator.fail_over()
    deadline = Deadline.after(LONGEST_S)
    while not _answers(backup) and not deadline.passed:
        pass
    assert not _answers(simulator.endpoints[0])


def _answers(endpoint) -> bool:
    try:
        Caller(endpoint).close()
    except ConnectionRefusedError:
        return False
    return True


def test_heartbeats_name_the_last_message_and_are_sent_by_idle_channels_alone(publish):
    simulator = publish()
    settled = simulator.settle()
    address = simulator.feed.channels[0].address(Line.A)
    with GroupSocket(address.host, address.port, "127.0.0.1") as joined:
        joined.socket.settimeout(LONGEST_S)
        head = packets.header(joined.receive()[0])
    assert (head.size_bytes, head.count, head.sequence) == (16, 0, settled.last[1])


def test_a_refresh_ends_with_the_number_it_is_as_of(publish):
    simulator = publish()
    settled = simulator.settle()
    address = simulator.feed.channels[0].refresh_address(Line.B)
    with GroupSocket(address.host, address.port, "127.0.0.1") as joined:
        joined.socket.settimeout(LONGEST_S)
        while Type.REFRESH_COMPLETE not in (packet := packets.read(joined.receive()[0])).types:
            pass
    (end,) = (each for each in packet.messages() if each.type == Type.REFRESH_COMPLETE)
    assert end.number("LastSeqNum") == settled.last[1]


def test_every_datagram_can_be_captured(publish):
    caught = []
    simulator = publish(capture=lambda address, datagram, at_ns: caught.append((datagram, address, at_ns)))
    simulator.settle()
    assert all(packets.header(datagram) and at_ns for datagram, _, at_ns in list(caught))
    assert {address for _, address, _ in list(caught)} <= {
        at for channel in simulator.feed.all_channels for at in (*channel.lines, *(channel.refresh_lines or ()))
    }


def test_it_stops_and_leaves_no_thread(publish):
    simulator = publish(rate=3000.0)
    simulator.stop()
    simulator.stop()
    assert not [each for each in threading.enumerate() if each.name.startswith("omd OMD-C")]


def test_a_fault_of_its_own_reaches_the_test():
    feed = settings.defaults(USER).feeds[Feed.OMD_C]
    with pytest.raises(LocalProtocolError, match="no fault of its own"), Simulator(feed, users=(USER,)) as simulator:
        simulator._publisher._market = None
        simulator._thread.join(LONGEST_S)


def test_a_seed_gives_the_same_market_again(publish):
    wires = []
    for _ in range(2):
        simulator = publish(rate=1.0)
        wires.append([_without_time(simulator, number) for number in (1, 10)])
        simulator.stop()
    assert wires[0] == wires[1]


def _without_time(simulator: Simulator, number: int) -> list[bytes]:
    history = simulator._publisher.channels[number].history
    return history.between(history.first, history.next - 1)


def test_a_message_of_a_drill_is_skipped_by_its_size(publish):
    simulator = publish(drills={Drill.UNKNOWN_TYPE}, rate=3000.0)
    history = simulator._publisher.channels[FULL_TICK].history
    deadline = Deadline.after(LONGEST_S)
    while history.next < 100 and not deadline.passed:
        pass
    encoded = _without_time(simulator, FULL_TICK)
    found = [packets.read(each) for each in packets.frames(1, encoded)]
    assert sum(packet.types[999] for packet in found) >= 4
    assert build(Type.LOGON, Username=USER).type == 101
