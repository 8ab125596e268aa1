"""Whatever is lost, doubled or reordered: while each message is on one path, the picture is the publisher's."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_hkexprt.systems.omd.channels import Line
from pytest_hkexprt.systems.omd.codec import build
from pytest_hkexprt.systems.omd.layouts import Type
from pytest_hkexprt.systems.omd.packets import header, heartbeat, read
from pytest_hkexprt.systems.omd.receiver import Receiver
from pytest_hkexprt.systems.omd.recovery import Limits, Requests, RetransStatus
from tests.systems.omd.market import BEGAN_NS, Publisher

LIMITS = Limits(newest=40, range=7, per_day=30)
"""Small, so that every refusal is met."""
MOST_ROUNDS = 60
TICK_S = 1.0


def mangled(
    packets: list[bytes], rng: random.Random, loss: float, doubled: float, delay: int
) -> list[tuple[float, bytes]]:
    """Return packets with the moment each arrives; some are gone, some come twice, some come late."""
    found: list[tuple[float, bytes]] = []
    for packet in packets:
        for _ in range(2 if rng.random() < doubled else 1):
            if rng.random() >= loss:
                found.append((header(packet).sequence + rng.random() * delay, packet))
    return found


def answer(publisher: Publisher, receiver: Receiver, requests: Requests, rng: random.Random, now_s: float) -> None:
    """Answer what is due, as a server of small limits does; some answers are lost on the way."""
    for request in receiver.due(now_s).requests:
        assert request.end - request.begin < LIMITS.range
        assert request.begin > receiver.arbiter.known - LIMITS.newest
        refused = rng.random() < 0.2
        status = RetransStatus.NOT_AVAILABLE if refused else RetransStatus.ACCEPTED
        fields = {"ChannelID": request.channel, "BeginSeqNum": request.begin, "EndSeqNum": request.end}
        if rng.random() < 0.8:
            requests.answered(build(Type.RETRANSMISSION_RESPONSE, RetransStatus=status, **fields))
            if not refused:
                for packet in publisher.again(request.begin, request.end):
                    receiver.receive(Line.RETRANSMISSION, packet, now_s)
    assert requests.used <= LIMITS.per_day


def run(
    seed: int, count: int, loss: tuple[float, float], doubled: float, delay: int, join: int
) -> tuple[Publisher, Receiver]:
    rng = random.Random(seed)
    publisher = Publisher(seed, count)
    requests = Requests(LIMITS)
    receiver = Receiver(30, requests, refresh=True, start=None if join else 1)
    receiver.join(0.0)
    arrivals = [
        (at, line, packet)
        for line, lost in zip((Line.A, Line.B), loss, strict=True)
        for at, packet in mangled(publisher.line(rng), rng, lost, doubled, delay)
        if read(packet).last >= join
    ]
    now_s = 0.0
    for at, line, packet in sorted(arrivals, key=lambda each: each[0]):
        now_s = max(now_s, at)
        receiver.receive(line, packet, now_s)
        if rng.random() < 0.3:
            answer(publisher, receiver, requests, rng, now_s)
    refresh_next = 1
    for _ in range(MOST_ROUNDS):
        now_s += TICK_S
        for line in (Line.A, Line.B):
            receiver.receive(line, heartbeat(count, BEGAN_NS + 2 * count * 1_000_000), now_s)
        answer(publisher, receiver, requests, rng, now_s)
        if receiver.complete:
            break
        snapshot = publisher.snapshot(refresh_next, count)
        refresh_next += sum(read(packet).count for packet in snapshot)
        for packet in snapshot:
            for line in (Line.A, Line.B):
                if rng.random() >= 0.15:
                    receiver.receive_refresh(line, packet, now_s)
    return publisher, receiver


LOSSES = st.floats(0, 1)


@settings(deadline=None)
@given(
    seed=st.integers(0, 2**32),
    count=st.integers(1, 120),
    loss=st.tuples(LOSSES, LOSSES),
    doubled=st.floats(0, 0.5),
    delay=st.integers(0, 30),
    join=st.sampled_from((0, 0, 20)),
)
def test_any_loss_that_leaves_each_message_on_a_path_ends_in_the_publishers_picture(
    seed, count, loss, doubled, delay, join
):
    publisher, receiver = run(seed, count, loss, doubled, delay, join)
    assert receiver.complete
    assert receiver.picture.differences(publisher.picture()) == []
    assert not receiver.bad
