"""Market data decoded: messages a second on one core, by ours, by a plain loop with ``struct``, and by construct.

    python -m benchmarks.omd_decode [--messages 400000] [--runs 5] [--json FILE] [--markdown FILE]

All get the same bytes: both lines of a channel, framed differently, line B a little later, in a mix as of a busy
full-tick channel. Each tool is a process of its own (``omd_decode_tool``); what reading the file and starting Python
cost is a process of its own as well, and taken off. A second here is one of the processor.
"""

from __future__ import annotations

import importlib.metadata
import random
import struct
import sys
import tempfile
from functools import partial
from pathlib import Path

from benchmarks.measure import ROOT, Cost, cost_of, goal, in_turns, median, table, told
from benchmarks.options import parser
from pytest_hkexprt.systems.omd.codec import build
from pytest_hkexprt.systems.omd.layouts import LAYOUTS, Type
from pytest_hkexprt.systems.omd.packets import frames, message_bytes

RECORD = struct.Struct("<BH")
"""Before each datagram: 0 for line A, 1 for line B; its size."""
READING = "reading"
OURS, OURS_WHOLE = "ours, counted", "ours, materialised"
PLAIN, PLAIN_WHOLE = "struct loop, counted", "struct loop, materialised"
CONSTRUCT = "construct"
TOOLS = {READING: "reading", OURS: "ours", OURS_WHOLE: "ours-whole", PLAIN: "plain", PLAIN_WHOLE: "plain-whole"}
MIX = {
    Type.ADD_ORDER: 34,
    Type.DELETE_ORDER: 28,
    Type.MODIFY_ORDER: 12,
    Type.TRADE: 9,
    Type.STATISTICS: 8,
    Type.NOMINAL_PRICE: 6,
    Type.BROKER_QUEUE: 2,
    Type.AGGREGATE_ORDER_BOOK_UPDATE: 1,
}
"""Of a hundred messages; ours, since no such figures are published."""
IN_A_PACKET = (1, 2, 3, 4, 6, 8, 10, 12, 16, 20)
LATE = 40
"""Messages line B is behind line A, at most."""
FOR_CONSTRUCT = 100
"""Of so many messages construct gets one: it would take minutes."""
COUNTED, WHOLE = 1_000_000, 300_000
"""Messages a second: the goals."""


def messages(count: int, rng: random.Random) -> list[bytes]:
    """Return messages of the mix, encoded."""
    types = rng.choices(list(MIX), list(MIX.values()), k=count)
    made: list[bytes] = []
    for number, type_ in enumerate(types):
        fields: dict[str, object] = {"SecurityCode": rng.randrange(1, 10_000)}
        if "OrderId" in {field.name for field in LAYOUTS[type_].fields}:
            fields["OrderId"] = number
        if type_ is Type.ADD_ORDER:
            fields |= {"Price": rng.randrange(1, 500_000), "Quantity": 100 * rng.randrange(1, 99), "OrderType": "2"}
        elif type_ is Type.BROKER_QUEUE:
            fields |= {"Side": 1, "BQMoreFlag": "N", "Items": [{"Item": each, "Type": "B"} for each in range(20)]}
        elif type_ is Type.AGGREGATE_ORDER_BOOK_UPDATE:
            fields |= {"Entries": [{"Price": rng.randrange(1, 500_000), "AggregateQuantity": 100} for _ in range(2)]}
        made.append(message_bytes(build(type_, **fields)))  # type: ignore[arg-type]
    return made


def write(path: Path, encoded: list[bytes], rng: random.Random) -> None:
    """Write the datagrams of both lines into a file, in the order they arrive."""
    arrivals: list[tuple[float, int, bytes]] = []
    for line in (0, 1):
        at, late = 0, 0.0
        while at < len(encoded):
            count = rng.choice(IN_A_PACKET)
            late = min(LATE, max(0.0, late + rng.uniform(-2, 2))) if line else 0.0
            for datagram in frames(at + 1, encoded[at : at + count], 1_700_000_000_000_000_000 + at):
                arrivals.append((at + late, line, datagram))
            at += count
    arrivals.sort(key=lambda each: each[0])
    path.write_bytes(b"".join(RECORD.pack(line, len(data)) + data for _, line, data in arrivals))


def run(file: Path, tool: str, count: int) -> Cost:
    """Let a tool read a file."""
    command = [sys.executable, "-m", "benchmarks.omd_decode_tool", tool, str(file)]
    return cost_of(command, ROOT, lambda printed: printed.strip() == f"{count} messages")[0]


def main() -> None:
    """Measure, and tell."""
    options = parser(__doc__, runs=5)
    options.add_argument("--messages", type=int, default=400_000, help="on each line (default 400,000)")
    chosen = options.parse_args()
    count = chosen.messages
    few = max(1, count // FOR_CONSTRUCT)
    with tempfile.TemporaryDirectory() as work:
        encoded = messages(count, random.Random(1))
        file, small = Path(work) / "all", Path(work) / "few"
        write(file, encoded, random.Random(2))
        write(small, encoded[:few], random.Random(2))
        jobs = {name: partial(run, file, tool, count) for name, tool in TOOLS.items()}
        jobs[f"{READING}, few"] = partial(run, small, "reading", few)
        jobs[CONSTRUCT] = partial(run, small, "construct", few)
        costs = in_turns(jobs, chosen.runs)
    net = {name: median(each).processor_s for name, each in costs.items()}
    rates = {name: count / max(1e-9, net[name] - net[READING]) for name in (OURS, OURS_WHOLE, PLAIN, PLAIN_WHOLE)}
    rates[CONSTRUCT] = few / max(1e-9, net[CONSTRUCT] - net[f"{READING}, few"])
    rows = [
        [
            name,
            f"{rate:,.0f}",
            f"{2 * rate:,.0f}",
            f"{1e6 / rate:.2f}",
            f"{rates[OURS if name in (OURS, PLAIN) else OURS_WHOLE] / rate:.2f}",
            f"{median(costs[name]).peak_mib:.0f}",
        ]
        for name, rate in rates.items()
    ]
    headings = ["tool", "messages/s", "received/s", "µs each", "ours is x", "peak MiB"]
    text = "\n\n".join(
        [
            f"Medians of {chosen.runs} runs. {count:,} messages, each on two lines; construct {few:,} of them.",
            table(headings, rows),
            "\n".join(
                [
                    goal(f"counted: {COUNTED:,} messages a second: {rates[OURS]:,.0f}", met=rates[OURS] >= COUNTED),
                    goal(f"materialised: {WHOLE:,}: {rates[OURS_WHOLE]:,.0f}", met=rates[OURS_WHOLE] >= WHOLE),
                ]
            ),
            f"construct {importlib.metadata.version('construct')}, compiled.",
        ]
    )
    told("omd decode", text, costs, chosen.markdown, chosen.json)


if __name__ == "__main__":
    main()
