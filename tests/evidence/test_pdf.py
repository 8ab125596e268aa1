"""The report as PDF, by ``hkexprt report --pdf``."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.evidence import samples


def hkexprt(*arguments: str | Path, path: str | None = None) -> subprocess.CompletedProcess[str]:
    code = "from pytest_hkexprt.cli import main; main()"
    environment = dict(os.environ) if path is None else {**os.environ, "PATH": path}
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, env=environment, check=False)


def folder(tmp_path: Path) -> Path:
    made = tmp_path / "20230415T143000-rap-secondary"
    made.mkdir()
    samples.passed(made / "evidence.jsonl")
    return made


def test_it_is_printed_beside_the_folder(tmp_path):
    done = hkexprt("report", folder(tmp_path), "--pdf")
    pdf = tmp_path / "20230415T143000-rap-secondary-report.pdf"
    text = subprocess.run(["pdftotext", pdf, "-"], check=True, capture_output=True, timeout=60).stdout.decode()
    assert done.returncode == 0, done.stderr
    assert "Passed: 1 scenario, 6 checks" in text


def test_without_a_browser_it_says_what_to_install(tmp_path):
    done = hkexprt("report", folder(tmp_path), "--pdf", path=str(tmp_path))
    assert done.returncode == 2
    assert "apt-get install chromium" in done.stderr and "Traceback" not in done.stderr
