"""The trading gateways' codecs beside simplefix alone and a plain ``struct`` loop, on the same messages.

    python -m benchmarks.otp_codec [--runs 5] [--messages 20000] [--json FILE] [--markdown FILE]

Whole processes (``benchmarks.otp_codec_job``) that write messages or read them; what one takes is what a process with
messages takes beyond one without. The two tools of a protocol must make the same bytes, and each reads what ours did
not write. The struct loop knows its two layouts beforehand and looks at nothing but the checksum; simplefix alone looks
at nothing at all. Ours reads any of the messages and looks at everything.
"""

from __future__ import annotations

import sys
from functools import partial

from benchmarks.measure import ROOT, Cost, Unproved, cost_of, goal, in_turns, median, table, told
from benchmarks.options import parser

PEERS = {"binary": "struct", "fix": "simplefix"}
"""Ours to its peer."""
NAMES = {"binary": "binary, ours", "struct": "struct loop", "fix": "FIX, ours", "simplefix": "simplefix alone"}
ACTIONS = {"write": "written", "read": "read"}
AT_MOST = {("binary", "write"): 6.0, ("binary", "read"): 6.0, ("fix", "write"): 2.0, ("fix", "read"): 1.0}
"""The goals: how many times a peer's time. Ours looks at everything, so a struct loop is out of reach; FIX is read in
less time than simplefix takes to cut the tags, and written over simplefix."""
GROWTH_MIB = 4.0
"""What messages may add to a process's peak, however many they are."""

Job = tuple[str, str, int]


def run(said: dict[Job, str], job: Job) -> Cost:
    """Run one job; hold that all tools of a protocol make of it the same."""
    tool, what, count = job
    command = [sys.executable, "-m", "benchmarks.otp_codec_job", tool, what, str(count)]
    cost, printed = cost_of(command, ROOT, lambda text: text.startswith(("wrote ", "read ")))
    said[job] = printed.strip()
    peer = {**PEERS, **{theirs: mine for mine, theirs in PEERS.items()}}[tool]
    if said.get((peer, what, count), said[job]) != said[job]:
        raise Unproved(f"{tool} {said[job]}; {peer} {said[peer, what, count]}")
    return cost


def findings(costs: dict[Job, Cost], count: int) -> str:
    """Return the table, and whether the goals are met."""

    def each_us(tool: str, what: str) -> float:
        beyond_s = costs[tool, what, count].processor_s - costs[tool, what, 0].processor_s
        return max(beyond_s, 1e-9) / count * 1e6

    rows, goals = [], []
    for mine, peer in PEERS.items():
        for what, done in ACTIONS.items():
            ours_us, peer_us = each_us(mine, what), each_us(peer, what)
            ratio = ours_us / peer_us
            for tool, took_us, share in ((mine, ours_us, f"{ratio:.2f}"), (peer, peer_us, "1.00")):
                rows.append([f"{NAMES[tool]}, {done}", f"{took_us:.1f}", f"{1e6 / took_us:,.0f}", share])
            most = AT_MOST[mine, what]
            goals.append(
                goal(f"{NAMES[mine]}, {done}: at most {most:.2f} x {NAMES[peer]}: {ratio:.2f}", met=ratio <= most)
            )
        grown = max(costs[mine, what, count].peak_mib - costs[mine, what, 0].peak_mib for what in ACTIONS)
        goals.append(
            goal(f"{NAMES[mine]}: at most {GROWTH_MIB:.0f} MiB more memory: {grown:.1f}", met=grown <= GROWTH_MIB)
        )
    headings = ["", "µs each", "messages a second", "x peer"]
    return f"{table(headings, rows)}\n\n" + "\n".join(goals)


def main() -> None:
    """Measure, and tell."""
    options = parser(__doc__, runs=5)
    options.add_argument("--messages", type=int, default=20_000, help="by each process (default 20000)")
    chosen = options.parse_args()
    said: dict[Job, str] = {}
    jobs = {
        job: partial(run, said, job)
        for tool in (*PEERS, *PEERS.values())
        for what in ACTIONS
        for job in ((tool, what, 0), (tool, what, chosen.messages))
    }
    costs = in_turns(jobs, chosen.runs)
    medians = {job: median(each) for job, each in costs.items()}
    measured = f"{chosen.messages:,} messages each, orders and reports in turns; processor time"
    text = f"Medians of {chosen.runs} runs, {measured}."
    raw = {" ".join(map(str, job)): each for job, each in costs.items()}
    told("otp codec", f"{text}\n\n{findings(medians, chosen.messages)}", raw, chosen.markdown, chosen.json)


if __name__ == "__main__":
    main()
