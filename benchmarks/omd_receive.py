"""Market data received over loopback unicast: datagrams lost, processor time, and how memory grows.

    python -m benchmarks.omd_receive [--rate 50000] [--seconds 20] [--runs 1] [--json FILE] [--markdown FILE]

A sender of its own sends a paced stream on two ports, as lines A and B, so many packets a second over both, in packets
of three messages. Ours is the client as a participant runs it (``omd_receiver``): arbitration, every message decoded,
the picture kept. Beside it a loop that reads the same sockets and only counts, which is the least a receiver can do.
Needs two cores that nobody else uses: a receiver that is kept waiting for longer than its buffer lasts loses packets,
and the kernel's count says that it was here.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass

from benchmarks.measure import ROOT, Cost, Unproved, goal, table, told
from benchmarks.options import parser

OURS, PLAIN = "ours", "plain"
TITLES = {OURS: "ours, pictures kept", PLAIN: "a loop that counts"}
MOST_GROWTH_MIB = 8.0
"""Of resident memory, from the third second to the last: what an allocator may do, and no more."""


@dataclass(frozen=True, slots=True)
class Run:
    """What one run came to."""

    sent: int
    received: int
    dropped: int
    took_s: float
    processor_s: float
    growth_mib: float
    last_mib: float

    @property
    def lost(self) -> int:
        return self.sent - self.received


def run(tool: str, rate: int, seconds: float) -> Run:
    """Run a receiver and its sender to their end."""
    command = [sys.executable, "-m", "benchmarks.omd_receiver", tool, str(rate), str(seconds)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=seconds * 5 + 60, check=False)
    if ended.returncode:
        raise Unproved(f"{' '.join(command)}\n{ended.stdout}{ended.stderr}")
    told_ = json.loads(ended.stdout.splitlines()[-1])
    return Run(
        int(told_["sent"]),
        int(told_["received"]),
        int(told_["dropped"]),
        told_["took_s"],
        told_["processor_s"],
        told_["last_mib"] - told_["first_mib"],
        told_["last_mib"],
    )


def main() -> None:
    options = parser(__doc__, runs=1)
    options.add_argument("--rate", type=int, default=50_000, help="packets a second, over both lines (default 50,000)")
    options.add_argument("--seconds", type=float, default=20.0, help="of sending (default 20)")
    given = options.parse_args()
    measured = {tool: [run(tool, given.rate, given.seconds) for _ in range(given.runs)] for tool in (PLAIN, OURS)}
    rows = [_row(TITLES[tool], each) for tool, runs in measured.items() for each in runs]
    headings = ("receiver", "sent", "a second", "lost", "of these here", "µs a packet", "grew by", "resident")
    ours, plain = measured[OURS], measured[PLAIN]
    ratio = _per_packet_us(ours[0]) / _per_packet_us(plain[0])
    text = "\n".join(
        [
            f"{given.rate:,} packets a second for {given.seconds:g} s; processor time includes the start.",
            "",
            table(headings, rows),
            "",
            f"Ours takes {ratio:.1f} times the processor time of the loop that counts.",
            "",
            goal("no packet is lost", met=all(not each.lost for each in ours)),
            goal(f"memory grows by less than {MOST_GROWTH_MIB:g} MiB", met=all(_steady(each) for each in ours)),
        ]
    )
    costs = {
        TITLES[tool]: [Cost(each.took_s, each.processor_s, each.last_mib) for each in runs]
        for tool, runs in measured.items()
    }
    told("omd receive", text, costs, given.markdown, given.json)


def _row(title: str, each: Run) -> tuple[str, ...]:
    return (
        title,
        f"{each.sent:,}",
        f"{each.sent / each.took_s:,.0f}",
        f"{each.lost:,}",
        f"{each.dropped:,}" if "ours" in title else "not asked",
        f"{_per_packet_us(each):.1f}",
        f"{each.growth_mib:.1f} MiB",
        f"{each.last_mib:.0f} MiB",
    )


def _per_packet_us(each: Run) -> float:
    return each.processor_s / max(1, each.received) * 1e6


def _steady(each: Run) -> bool:
    return each.growth_mib < MOST_GROWTH_MIB


if __name__ == "__main__":
    main()
