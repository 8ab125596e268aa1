"""One receiver of market data over loopback unicast, and the sender it starts; what it prints at the end says all.

    python -m benchmarks.omd_receiver TOOL RATE SECONDS

``ours`` is the client as a participant runs it: both lines arbitrated, messages decoded, the picture kept, evidence
counted. ``plain`` reads the same sockets in a loop and counts datagrams, which is the least a receiver can do.
"""

from __future__ import annotations

import json
import os
import resource
import select
import socket
import struct
import subprocess
import sys
import time

PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
SETTLE_S = 1.0
BATCHES_A_SECOND = 500
SEQUENCE = struct.Struct("<I")


def resident_mib() -> float:
    """Return the memory this process has resident now."""
    with open("/proc/self/statm", "rb") as file:  # noqa: PTH123  read each second, without ceremony
        return int(file.read().split()[1]) * PAGE_BYTES / 2**20


def packets_of(count: int) -> list[bytearray]:
    """Return packets of a realistic mix, whose sequence numbers are filled in as they are sent.

    Orders come, change and go, books and statistics move; no trades, since those of the day are kept.
    """
    from pytest_hkexprt.systems.omd.codec import build  # noqa: PLC0415  each tool pays for its own imports alone
    from pytest_hkexprt.systems.omd.layouts import Type  # noqa: PLC0415
    from pytest_hkexprt.systems.omd.packets import encode  # noqa: PLC0415

    found = []
    for number in range(count):
        code, order = number % 50 + 1, number + 1
        messages = [
            build(Type.ADD_ORDER, SecurityCode=code, OrderId=order, Price=42_000 + number % 90, Quantity=500),
            build(Type.STATISTICS, SecurityCode=code, SharesTraded=number, LastPrice=42_000),
            build(Type.DELETE_ORDER, SecurityCode=code, OrderId=order),
        ]
        found.append(bytearray(encode(1, messages, time.time_ns())))
    return found


def send(rate: int, seconds: float, ports: list[int]) -> None:
    """Send packets on two lines in turns, so many a second over both, each line with the same sequence."""
    packets, sender = packets_of(1000), socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    lines = [("127.0.0.1", port) for port in ports]
    each_batch, batches = rate // BATCHES_A_SECOND // len(lines), int(seconds * BATCHES_A_SECOND)
    number, sequence, began = 0, 1, time.monotonic()
    for batch in range(batches):
        for _ in range(each_batch):
            packet = packets[number % len(packets)]
            SEQUENCE.pack_into(packet, 4, sequence)
            for line in lines:
                sender.sendto(packet, line)
            number, sequence = number + 1, sequence + 3
        wait = began + (batch + 1) / BATCHES_A_SECOND - time.monotonic()
        if wait > 0:
            time.sleep(wait)
    print(json.dumps({"sent": number * len(lines), "took_s": time.monotonic() - began}))


def bound_pair() -> list[int]:
    """Return two ports nobody has."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as a, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as b:
        for each in (a, b):
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in (a, b)]


def start(rate: int, seconds: float, ports: list[int]) -> subprocess.Popen[str]:
    """Start the sender, a process of its own."""
    command = [sys.executable, "-m", "benchmarks.omd_receiver", "send", str(rate), str(seconds), *map(str, ports)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def ours(rate: int, seconds: float) -> dict[str, float]:
    """Receive with this project's client."""
    from pytest_hkexprt.evidence.journal import Journal  # noqa: PLC0415
    from pytest_hkexprt.model import Endpoint, Site  # noqa: PLC0415
    from pytest_hkexprt.systems.omd.channels import Address, Channel, Content, Feed  # noqa: PLC0415
    from pytest_hkexprt.systems.omd.client import Client  # noqa: PLC0415
    from pytest_hkexprt.systems.omd.settings import FeedSettings  # noqa: PLC0415

    ports = bound_pair()
    lines = (Address("127.0.0.1", ports[0]), Address("127.0.0.1", ports[1]))
    channel = Channel(30, Content.FULL_TICK, Feed.OMD_C, lines)
    feed = FeedSettings(Feed.OMD_C, channels=(channel,))
    nobody = Endpoint("omd", Site.PRIMARY, "127.0.0.1", 9)
    with Client(feed, [nobody], Journal(None), buffer_bytes=32 * 2**20) as client:
        client.join()
        memory = watched(start(rate, seconds, ports))
        received, before = -1, -2
        while received > before:  # on a busy machine some may wait to be read yet
            time.sleep(SETTLE_S)
            (facts,) = client.snapshot()
            before, received = received, sum(line.packets for line in facts.lines)
    dropped = sum(line.dropped or 0 for line in facts.lines)
    assert facts.delivered or not received
    return memory | {"received": received, "dropped": dropped, "messages": facts.delivered, "gaps": len(facts.gaps)}


def plain(rate: int, seconds: float) -> dict[str, float]:
    """Receive in a loop that counts."""
    ports, sockets, received = bound_pair(), [], 0
    for port in ports:
        opened = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 32 * 2**20)
        opened.bind(("127.0.0.1", port))
        opened.setblocking(False)
        sockets.append(opened)
    sender = start(rate, seconds, ports)
    quiet_since, first = time.monotonic(), resident_mib()
    while sender.poll() is None or time.monotonic() - quiet_since < SETTLE_S:
        for ready in select.select(sockets, [], [], 0.1)[0]:
            try:
                while ready.recv(2048):
                    received += 1
            except BlockingIOError:
                quiet_since = time.monotonic()
    assert sender.stdout is not None
    told = json.loads(sender.stdout.read())
    return told | {"received": received, "dropped": 0, "first_mib": first, "last_mib": resident_mib()}


def watched(sender: subprocess.Popen[str]) -> dict[str, float]:
    """Wait for the sender's end, and a moment more; return what it told, and how memory grew meanwhile."""
    samples = []
    while sender.poll() is None:
        time.sleep(0.5)
        samples.append(resident_mib())
    assert sender.stdout is not None
    warm = samples[min(4, len(samples) - 1)]  # after two seconds, when every table is as large as it gets
    return json.loads(sender.stdout.read()) | {"first_mib": warm, "last_mib": resident_mib()}


if __name__ == "__main__":
    tool, wanted_rate, wanted_s, *rest = sys.argv[1:]
    if tool == "send":
        send(int(wanted_rate), float(wanted_s), [int(port) for port in rest])
    else:
        figures = {"ours": ours, "plain": plain}[tool](int(wanted_rate), float(wanted_s))
        used = resource.getrusage(resource.RUSAGE_SELF)
        print(json.dumps(figures | {"processor_s": used.ru_utime + used.ru_stime}))
