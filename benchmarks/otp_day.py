"""A day of orders over loopback: orders a second, round trips and memory, over both protocols of the gateway.

    python -m benchmarks.otp_day [--runs 3] [--orders 10000] [--json FILE] [--markdown FILE]

The client is a process of its own and so is the simulator. Orders go in pairs that trade, so an order is a request and
two reports at least. For orders a second, a window of them is under way; for round trips, one at a time. A run that
does not end with every order filled and with reports that fit together is not counted, it is an error.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from decimal import Decimal

from benchmarks.measure import ROOT, Unproved, goal, machine, marked, table
from benchmarks.options import parser
from benchmarks.otp_desk import FIRST, Desk
from pytest_hkexprt.model import Endpoint, Site
from pytest_hkexprt.systems.otp.book import Standing
from pytest_hkexprt.systems.otp.client_orders import Trader
from pytest_hkexprt.systems.otp.fixtures_rehearsal import Keys
from pytest_hkexprt.systems.otp.pace import Pace
from pytest_hkexprt.systems.otp.password import Password
from pytest_hkexprt.systems.otp.profiles import WireProtocol
from pytest_hkexprt.systems.otp.simulator_ports import Service
from pytest_hkexprt.systems.otp.words import Side

WINDOW = 64
"""Orders under way at once."""
ONE_AT_A_TIME = 5
"""Which part of the orders is sent one at a time, for round trips."""
PRICE, LOT = Decimal("388.6"), Decimal(100)
SECURITY = "700"
PATIENCE_S = 120.0
MOST_KIB_AN_ORDER = 8.0
"""The goal for memory: what an order may leave behind in the participant's book, its messages for a replay included."""


@dataclass(frozen=True, slots=True)
class Day:
    """What one day cost."""

    protocol: str
    orders: int
    orders_a_second: float
    median_ms: float
    percentile_99_ms: float
    kib_an_order: float
    """What the process's peak grew by, to an order."""


@contextmanager
def served() -> Iterator[dict[str, object]]:
    """Run the simulator, and yield what it tells of itself."""
    command = [sys.executable, "-m", "benchmarks.otp_server"]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield json.loads(process.stdout.readline())
    finally:
        process.stdin.close()
        if process.wait(30):
            raise Unproved("the simulator ended with a fault of its own")


def desk(told: dict[str, object]) -> Desk:
    """Return a desk of clients for a simulator that told where it is."""
    ports = told["ports"]
    assert isinstance(ports, dict)

    def at(service: Service) -> list[Endpoint]:
        return [Endpoint("otp", Site.PRIMARY, "127.0.0.1", port) for port in ports[service]]

    addresses = {WireProtocol.BINARY: at(Service.LOOKUP), WireProtocol.FIX: at(Service.FIX)}
    keys = Keys(b"", str(told["public_key"]).encode(), Password(str(told["password"])))
    return Desk(addresses, keys, Pace())


def many(trader: Trader, count: int, window: int) -> None:
    """Send orders, as many under way as the window has, and wait until each is filled."""
    client = trader.client
    sent: list[str] = []
    for number in range(count):
        request = trader.new_order(SECURITY, Side.BUY if number % 2 else Side.SELL, LOT, PRICE)
        client.say(request)
        sent.append(request.text("ClOrdID"))
        waited_for = sent[max(0, len(sent) - window)]
        if not client.wait_for(lambda name=waited_for: client.orders.answer(name) is not None, PATIENCE_S):
            raise Unproved(f"no answer to {waited_for}")
    book = client.orders
    if not client.wait_for(lambda: book.order(sent[-1]).standing is Standing.FILLED, PATIENCE_S):
        raise Unproved("the last order was not filled")


def peak_kib() -> float:
    return float(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def a_day(protocol: WireProtocol, orders: int) -> Day:
    """Trade a day, hold that everything in it was right, and return what it cost."""
    with served() as told, desk(told) as made:
        trader = made.trader(FIRST, protocol)
        if not trader.client.logon().granted:
            raise Unproved("no logon")
        alone = max(2, orders // ONE_AT_A_TIME // 2 * 2)
        many(trader, alone, 1)
        trips = sorted(trader.client.trip_times_s)
        before_kib, began_s = peak_kib(), time.perf_counter()
        many(trader, orders - alone, WINDOW)
        took_s, grown_kib = time.perf_counter() - began_s, peak_kib() - before_kib
        book = trader.client.orders
        trader.client.logout()
        unfilled = [line for line in book.lines() if line.standing is not Standing.FILLED]
        if book.faults or unfilled or len(book.lines()) != orders:
            raise Unproved(f"{book.faults[:3]} {unfilled[:3]} {len(book.lines())} of {orders} orders")
    return Day(
        protocol=str(protocol),
        orders=orders,
        orders_a_second=(orders - alone) / took_s,
        median_ms=statistics.median(trips) * 1000,
        percentile_99_ms=trips[int(len(trips) * 0.99)] * 1000,
        kib_an_order=grown_kib / (orders - alone),
    )


def in_a_process(protocol: WireProtocol, orders: int) -> Day:
    """Trade a day in a process of its own, so that one day's memory is not another's."""
    command = [sys.executable, "-m", "benchmarks.otp_day", "--one", protocol, f"--orders={orders}"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise Unproved(ran.stdout + ran.stderr)
    return Day(**json.loads(ran.stdout))


def findings(days: dict[WireProtocol, list[Day]]) -> str:
    """Return the table and the goals."""
    rows, met = [], True
    for protocol, each in days.items():
        figures = [
            statistics.median(getattr(day, name) for day in each)
            for name in ("orders_a_second", "median_ms", "percentile_99_ms", "kib_an_order")
        ]
        met = met and figures[-1] <= MOST_KIB_AN_ORDER
        rows.append([protocol, f"{figures[0]:,.0f}", f"{figures[1]:.2f}", f"{figures[2]:.2f}", f"{figures[3]:.1f}"])
    orders = next(iter(days.values()))[0].orders
    headings = [f"a day of {orders:,} orders", "orders/s", "round trip, median ms", "99th percentile ms", "KiB/order"]
    memory = goal(f"an order leaves at most {MOST_KIB_AN_ORDER:g} KiB behind", met=met)
    return f"{table(headings, rows)}\n\n{memory}"


def main() -> None:
    options = parser(__doc__, runs=3)
    options.add_argument("--orders", type=int, default=10_000, help="orders of a day (default 10000)")
    options.add_argument("--one", choices=[*WireProtocol], help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.one:
        print(json.dumps(asdict(a_day(WireProtocol(given.one), given.orders))))
        return
    days: dict[WireProtocol, list[Day]] = {protocol: [] for protocol in WireProtocol}
    for _ in range(given.runs):
        for protocol, done in days.items():
            done.append(in_a_process(protocol, given.orders))
    text = f"{findings(days)}\n\n{machine()}"
    print(text)
    if given.markdown:
        marked(given.markdown, "otp day", text)
    if given.json:
        runs = {protocol: [asdict(day) for day in done] for protocol, done in days.items()}
        given.json.write_text(json.dumps({"machine": machine(), "runs": runs}, indent=1), "utf-8")


if __name__ == "__main__":
    main()
