"""The report folder read by ours, and by what else reads one: OpenSSH's ``sftp``, asyncssh, paramiko.

    python -m benchmarks.rap [--runs 5] [--disk] [--small] [--cases NAME,…] [--json FILE] [--markdown FILE]

Whole processes against one OpenSSH server over loopback, and over a line of 20 ms round trip, which a proxy of our own
makes. Every tool lists the folder and fetches what is in it; ours makes digests, evidence, and synchronises each file.
paramiko's ``get`` runs once, since it takes longer than all others together and no goal depends on it.
The files lie in memory, where there is such a file system, so that the tools are measured and not the disk; with
``--disk`` they lie where temporary files do, and the cases near by are measured there.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.measure import ROOT, Cost, Unproved, cost_of, goal, in_turns, median, table, told
from benchmarks.options import parser
from tests.openssh import openssh_server

OURS, SFTP, SFTP_GCM, ASYNCSSH, PARAMIKO = "ours", "sftp -b", "sftp -b, AES-GCM", "asyncssh", "paramiko get"
GCM = "aes128-gcm@openssh.com"
ROUND_TRIP_MS = 20
PEAK_MIB = 80
MEMORY = Path("/dev/shm")
MIB, KIB = 2**20, 2**10


@dataclass(frozen=True, slots=True)
class Case:
    """What is fetched, or listed, over which line."""

    title: str
    files: int
    size_bytes: int
    download: bool = True
    far: bool = False
    at_most: float = 0.8
    """The goal: how many times the time of OpenSSH's ``sftp`` with its own choice of cipher."""

    @property
    def folder(self) -> str:
        return f"{self.files}x{self.size_bytes}"


CASES = {
    "large": Case("one file of 256 MiB", 1, 256 * MIB),
    "many": Case("200 files of 1 MiB", 200, MIB),
    "small": Case("2,000 files of 4 KiB", 2000, 4 * KIB, at_most=0.6),
    "list": Case("listing 10,000 files", 10_000, 16, download=False),
    "far small": Case("200 files of 4 KiB, 20 ms", 200, 4 * KIB, far=True, at_most=0.05),
    "far list": Case("listing 10,000 files, 20 ms", 10_000, 16, download=False, far=True, at_most=1 / 3),
    "far large": Case("32 MiB, 20 ms", 1, 32 * MIB, far=True, at_most=1.0),
}
TINY = {
    "large": Case("one file of 1 MiB", 1, MIB),
    "small": Case("20 files of 4 KiB", 20, 4 * KIB, at_most=0.6),
    "list": Case("listing 20 files", 20, 16, download=False),
    "far small": Case("2 files of 4 KiB, 20 ms", 2, 4 * KIB, far=True, at_most=0.05),
}
"""Enough to see that everything works; the goals mean nothing here."""


class Line:
    """A server, and how to reach it from here or from far away."""

    def __init__(self, work: Path, user: str, host_key: str, port: int, name: str) -> None:
        self.user, self.port, self.key = user, port, work / "id_ed25519"
        self.known_hosts, self.facts = work / f"known_hosts_{name}", work / f"{name}.json"
        self.known_hosts.write_text(f"[127.0.0.1]:{port} {host_key}\n", "utf-8")
        facts = {"user": user, "port": port, "host_key": host_key, "key": str(self.key)}
        self.facts.write_text(json.dumps(facts | {"known_hosts": str(self.known_hosts)}), "utf-8")

    def sftp(self, *options: str) -> list[str]:
        """Return OpenSSH's command, up to the batch to run."""
        with_options = {"UserKnownHostsFile": self.known_hosts, "StrictHostKeyChecking": "yes", "IdentitiesOnly": "yes"}
        given = [part for name, value in with_options.items() for part in ("-o", f"{name}={value}")]
        return ["sftp", "-F", "none", "-q", "-i", str(self.key), "-P", str(self.port), *given, *options, "-b"]


@contextlib.contextmanager
def far(port: int) -> Iterator[int]:
    """Run the delaying proxy in front of a port, and give its own."""
    command = [sys.executable, "-m", "benchmarks.delay", str(port), str(ROUND_TRIP_MS)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.stdin.close()


def fill(folder: Path, case: Case) -> None:
    """Write a case's files, unless another case has them already; no compression helps with their content."""
    if (folder / case.folder).exists():
        return
    (folder / case.folder).mkdir()
    content = os.urandom(case.size_bytes)
    for number in range(case.files):
        (folder / case.folder / f"R{number:05}.csv").write_bytes(content)


def visit(work: Path, case: Case, line: Line, tool: str) -> Cost:
    """Let one tool do one case; hold that it did, and clear away what it fetched."""
    into = work / "into"
    into.mkdir()
    asked = case.folder
    if tool in (SFTP, SFTP_GCM):
        batch = work / "batch"
        batch.write_text(f"get {asked}/* {into}/\n" if case.download else f"ls -l {asked}\n", "utf-8")
        options = ["-c", GCM] if tool == SFTP_GCM else []
        command = [*line.sftp(*options), str(batch), f"{line.user}@127.0.0.1"]
    else:
        target = [str(into)] if case.download else []
        command = [
            sys.executable,
            "-m",
            "benchmarks.rap_client",
            tool.partition(" ")[0],
            str(line.facts),
            asked,
            *target,
        ]

    def proved(printed: str) -> bool:
        if tool in (SFTP, SFTP_GCM):
            return case.download or sum(row.startswith("-rw") for row in printed.splitlines()) == case.files
        return f"{case.files} files of {case.files * case.size_bytes} bytes" in printed

    cost, _ = cost_of(command, ROOT, proved)
    if case.download:
        fetched = sorted(into.iterdir())
        first = (work / "folder" / asked / "R00000.csv").read_bytes()
        if [path.stat().st_size for path in fetched] != [case.size_bytes] * case.files:
            raise Unproved(f"{tool}: {len(fetched)} files, not {case.files} of {case.size_bytes} bytes")
        if fetched[-1].read_bytes() != first:
            raise Unproved(f"{tool}: {fetched[-1].name} is not the server's")
    shutil.rmtree(into)
    return cost


def tools(case: Case) -> list[str]:
    """Return who takes part: on a long line a cipher makes no difference."""
    found = [OURS, SFTP, SFTP_GCM, ASYNCSSH, PARAMIKO]
    if case.far:
        found.remove(SFTP_GCM)
    if not importlib.util.find_spec("asyncssh"):
        found.remove(ASYNCSSH)
    return found


def goals(case: Case, costs: dict[str, Cost]) -> list[str]:
    """Return a case's goals, and whether they are met."""
    ours, sftp = costs[OURS], costs[SFTP]
    ratio = ours.wall_s / sftp.wall_s
    told_ = [goal(f"{case.title}: at most {case.at_most:.2f} x sftp: {ratio:.2f}", met=ratio <= case.at_most)]
    if SFTP_GCM in costs:
        ratio = ours.wall_s / costs[SFTP_GCM].wall_s
        told_.append(goal(f"{case.title}: at most 1.00 x sftp with AES-GCM: {ratio:.2f}", met=ratio <= 1))
    elif ASYNCSSH in costs:
        ratio = ours.wall_s / costs[ASYNCSSH].wall_s
        told_.append(goal(f"{case.title}: ahead of asyncssh: {ratio:.2f} x its time", met=ratio < 1))
    if case is CASES["large"]:
        told_.append(goal(f"{case.title}: under {PEAK_MIB} MiB: {ours.peak_mib:.0f} MiB", met=ours.peak_mib < PEAK_MIB))
    return told_


def findings(measured: dict[str, dict[str, Cost]], cases: dict[str, Case]) -> str:
    """Return the tables, and whether the goals are met."""
    columns = [
        tool for tool in (OURS, SFTP, SFTP_GCM, ASYNCSSH, PARAMIKO) if any(tool in each for each in measured.values())
    ]

    def rows(figure: Callable[[Cost, Cost], str]) -> list[list[str]]:
        return [
            [cases[name].title, *(figure(costs[tool], costs[OURS]) if tool in costs else "-" for tool in columns)]
            for name, costs in measured.items()
        ]

    seconds = rows(lambda cost, _: f"{cost.wall_s:.2f}")
    ratios = rows(lambda cost, ours: f"{ours.wall_s / cost.wall_s:.2f}")
    processor = rows(lambda cost, _: f"{cost.processor_s:.2f}")
    memory = rows(lambda cost, _: f"{cost.peak_mib:.0f}")
    return "\n\n".join(
        [
            f"Seconds, whole process:\n\n{table(['', *columns], seconds)}",
            f"Ours, as a share of each one's time:\n\n{table(['', *columns], ratios)}",
            f"Processor time of the client, seconds:\n\n{table(['', *columns], processor)}",
            f"Peak memory, MiB:\n\n{table(['', *columns], memory)}",
            "\n".join(line for name, costs in measured.items() for line in goals(cases[name], costs)),
        ]
    )


def ciphers(line: Line) -> str:
    """Return which cipher OpenSSH chooses by itself, and the versions of what is not Python's."""
    said = subprocess.run(
        [*line.sftp("-v"), "/dev/null", f"{line.user}@127.0.0.1"],
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    ).stderr
    chosen = next(row.partition("cipher: ")[2].split()[0] for row in said.splitlines() if "server->client" in row)
    version = next(row.split(",")[0] for row in said.splitlines() if row.startswith("OpenSSH_"))
    found = f"{version}, client and server. Ciphers: sftp {chosen}, sftp with AES-GCM and asyncssh {GCM}, ours {GCM}"
    if importlib.util.find_spec("asyncssh"):
        found += f"; asyncssh {importlib.metadata.version('asyncssh')}"
    return f"{found}; paramiko its own choice."


def main() -> None:
    """Measure, and tell."""
    options = parser(__doc__, runs=5)
    options.add_argument("--disk", action="store_true", help="files on the disk, the cases near by alone")
    options.add_argument("--small", action="store_true", help="a tiny size, to see that everything works")
    options.add_argument("--cases", help=f"only these of: {', '.join(CASES)}")
    chosen = options.parse_args()
    cases = TINY if chosen.small else CASES
    cases = {name: cases[name] for name in (chosen.cases.split(",") if chosen.cases else cases)}
    if chosen.disk:
        cases = {name: case for name, case in cases.items() if not case.far}
    in_memory = MEMORY.is_dir() and not chosen.disk
    measured: dict[str, dict[str, Cost]] = {}
    raw: dict[str, list[Cost]] = {}
    with contextlib.ExitStack() as stack:
        work = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=MEMORY if in_memory else None)))
        folder = work / "folder"
        folder.mkdir()
        (work / "sshd").mkdir()
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", work / "id_ed25519"], check=True)
        public = " ".join((work / "id_ed25519.pub").read_text("utf-8").split()[:2])
        server = stack.enter_context(openssh_server(work / "sshd", folder, public))
        near = Line(work, server.user, server.host_key, server.port, "near")
        port = stack.enter_context(far(server.port))
        lines = {False: near, True: Line(work, server.user, server.host_key, port, "far")}
        for name, case in cases.items():
            fill(folder, case)
            jobs = {tool: partial(visit, work, case, lines[case.far], tool) for tool in tools(case)}
            costs = in_turns(jobs, chosen.runs, once=[PARAMIKO], warm=bool(measured))
            measured[name] = {tool: median(each) for tool, each in costs.items()}
            raw |= {f"{name}: {tool}": each for tool, each in costs.items()}
        text = f"{findings(measured, cases)}\n\n{ciphers(near)}"
    where = "in memory" if in_memory else "on the disk"
    text = f"Medians of {chosen.runs} runs, of paramiko's get one; files {where}.\n\n{text}"
    told("rap on disk" if chosen.disk else "rap", text, raw, chosen.markdown, chosen.json)


if __name__ == "__main__":
    main()
