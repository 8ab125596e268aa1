"""The benchmarks work: in a tiny size each prints its table. No time is asserted: a busy machine says anything."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import collection, mutation, quality
from benchmarks.measure import Unproved, cost_of, table

ROOT = Path(__file__).parent.parent
LONGEST_S = 240


def told_by(name: str, *options: str) -> str:
    """Run a script of the benchmarks as its documentation says, and return what it printed."""
    command = [sys.executable, "-m", f"benchmarks.{name}", *options]
    variables = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    ran = subprocess.run(
        command, cwd=ROOT, env=variables, capture_output=True, text=True, timeout=LONGEST_S, check=False
    )
    assert not ran.returncode, ran.stdout + ran.stderr
    return ran.stdout


def benchmark(name: str, *options: str) -> str:
    """Run a benchmark in one round."""
    return told_by(name, "--runs=1", *options)


def test_collection_runs_every_tool_and_writes_what_it_found(tmp_path):
    page, figures = tmp_path / "page.md", tmp_path / "figures.json"
    page.write_text("Before.\n<!-- collection -->\nolder\n<!-- /collection -->\nAfter.\n")
    printed = benchmark("collection", "--sizes=10,20", f"--markdown={page}", f"--json={figures}")
    written = page.read_text()
    assert written.startswith("Before.\n") and written.endswith("After.\n") and "older" not in written
    assert printed.strip() in written
    runs = json.loads(figures.read_text())["runs"]
    assert len(runs) == 2 * len(collection.VARIANTS)
    assert all(len(each) == 1 for each in runs.values())


def test_main_job_is_told_beside_its_peers_and_part_by_part():
    printed = benchmark("main_job")
    for word in ("main job", "plain script", "sftp -b", "baseline visit", "report drawn", "within 1 s of the plain"):
        assert word in printed


def test_start_up_is_told_with_the_plugin_and_without():
    printed = benchmark("start_up")
    assert "installed, not used" in printed
    assert "switched off" in printed


def test_the_report_folder_is_read_by_every_tool(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("<!-- rap --><!-- /rap -->")
    printed = benchmark("rap", "--small", f"--markdown={page}")
    for word in ("ours", "sftp -b", "paramiko get", "listing 20 files", "20 ms", "Ciphers: sftp ", "Peak memory"):
        assert word in printed
    assert printed.strip() in page.read_text()


def test_market_data_is_decoded_by_every_tool(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("<!-- omd decode --><!-- /omd decode -->")
    printed = benchmark("omd_decode", "--messages=2000", f"--markdown={page}")
    for word in ("ours, counted", "ours, materialised", "struct loop, counted", "construct", "a second"):
        assert word in printed
    assert printed.strip() in page.read_text()


def test_the_terminals_are_told_beside_a_plain_script(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("<!-- terminal --><!-- /terminal -->")
    printed = benchmark("terminal", "--small", f"--markdown={page}")
    columns = ("ours", "waiting for pages", "plain script, our browser")
    for word in (*columns, "relocation: CCMS closed", "processor time", "every scenario of one visit"):
        assert word in printed
    assert printed.strip() in page.read_text()


def test_participants_in_one_run_are_told_beside_a_run_for_each():
    printed = benchmark("scale", "--participants=2", "--jobs=2", "--merged=3")
    for word in ("2, one process", "2, -n 2", "2, a run for each", "2, 2 jobs, merged", "runs merged", "| 3 "):
        assert word in printed


def test_quality_without_coverage_tells_what_is_kept_of_it():
    told = quality.kept()
    assert "% (coverage, as docs/quality.md has it)" in told
    assert "% (mutation, as docs/quality.md has it)" in told


def test_quality_is_counted_and_written(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("Before.\n<!-- quality --><!-- /quality -->\n<!-- coverage --><!-- /coverage -->\nAfter.\n")
    printed = told_by("quality", "--coverage", "tests/test_target.py", f"--markdown={page}")
    for word in (
        "with a scenario",
        "docstring: 100",
        "pytest and the plugin",
        "- met: every drill",
        "Lines and branches together, over some tests",
        "least covered",
    ):
        assert word in printed
    assert page.read_text().startswith("Before.") and page.read_text().endswith("After.\n")


def test_a_modules_mutants_are_counted_and_the_rows_of_others_stay(tmp_path):
    page = tmp_path / "page.md"
    other = "| otp/session | 90 % | 9 | 1 | 2 | 2026-01-02 |"
    page.write_text(f"Before.\n<!-- mutation -->\n{other}\n<!-- /mutation -->\nAfter.\n")
    printed = told_by("mutation", "--only", "rap/pace", f"--markdown={page}")
    written = {cells[0]: cells for cells in map(mutation.cells, page.read_text().splitlines())}
    assert "| rap/pace " in printed
    assert written["otp/session"] == mutation.cells(other)
    assert int(written["rap/pace"][2]) > 0


def test_a_module_whose_mutants_cannot_be_counted_is_told_in_its_row(tmp_path):
    with pytest.raises(mutation.Failed, match="no tests of its name"):
        mutation.score("rap/pace", [], tmp_path, 1)
    row = mutation.Score(counted="2026-01-02", failed="no tests of its name").row("rap/pace")
    assert mutation.rows_of(table(mutation.HEADINGS, [row])) == {
        "rap/pace": mutation.Score(counted="2026-01-02", failed="no tests of its name")
    }


@pytest.mark.parametrize(
    ("module", "held_by"),
    [
        ("otp/fix", {"test_fix.py"}),
        ("otp/fix_frame", {"test_fix.py"}),
        ("otp/session_watch", {"session/test_logon.py", "session/test_patience.py"}),
    ],
)
def test_a_module_is_held_by_the_tests_of_its_name_or_of_that_before_its_last_underscore(module, held_by):
    tests = {path.relative_to(ROOT / "tests/systems/otp").as_posix() for path in mutation.targets()[module]}
    assert held_by <= tests


def test_a_run_that_did_not_do_the_work_is_not_measured(tmp_path):
    command = [sys.executable, "-c", "print('9 passed')"]
    with pytest.raises(Unproved, match="9 passed"):
        cost_of(command, tmp_path, lambda printed: "10 passed" in printed)


def test_a_run_that_fails_is_not_measured(tmp_path):
    with pytest.raises(Unproved, match="ended with 3"):
        cost_of([sys.executable, "-c", "raise SystemExit(3)"], tmp_path, lambda _: True)


def test_evidence_that_counts_other_scenarios_is_refused(tmp_path):
    run = tmp_path / "reports" / "run"
    run.mkdir(parents=True)
    (run / "report.html").write_text("a report")
    (run / "evidence.jsonl").write_text(json.dumps({"record": {"kind": "end", "outcomes": {"passed": 9}}}) + "\n")
    with pytest.raises(Unproved, match="evidence of 10"):
        collection._evidence(tmp_path, 10)


def test_a_table_lines_its_columns_up():
    assert table(["tool", "s"], [["ours", "0.10"], ["another", "12.30"]]).splitlines() == [
        "| tool    |     s |",
        "| ------- | ----: |",
        "| ours    |  0.10 |",
        "| another | 12.30 |",
    ]


def test_market_data_is_received_beside_a_loop_that_counts():
    printed = benchmark("omd_receive", "--rate=2000", "--seconds=1")
    for word in ("ours, pictures kept", "a loop that counts", "µs a packet", "no packet is lost", "memory grows"):
        assert word in printed


def test_both_codecs_are_told_beside_their_peers(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("<!-- otp codec --><!-- /otp codec -->")
    printed = benchmark("otp_codec", "--messages=200", f"--markdown={page}")
    for word in (
        "binary, ours, written",
        "struct loop, read",
        "FIX, ours, read",
        "simplefix alone",
        "messages a second",
    ):
        assert word in printed
    assert printed.strip() in page.read_text()


def test_a_day_of_the_trading_gateways_is_told_for_both_protocols(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("<!-- otp day --><!-- /otp day -->")
    printed = benchmark("otp_day", "--orders=100", f"--markdown={page}")
    for word in ("a day of 100 orders", "binary", "FIX", "orders/s", "99th percentile", "leaves at most"):
        assert word in printed
    assert "orders/s" in page.read_text()


def test_tests_of_another_name_that_hold_a_module_are_there():
    assert mutation.HELD_BY.keys() <= mutation.targets().keys()
    for tests in map(mutation.targets().__getitem__, mutation.HELD_BY):
        assert tests and all(path.is_file() for path in tests)
