"""A new system is one folder, one steps file and one feature, and no edit elsewhere."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent

SYSTEM = {
    "system.toml": 'name = "echo"\ntitle = "Echo"\nabout = "Answers what it hears"\nport = 7\n',
    "__init__.py": '"""Echo."""\n',
    "drills.py": 'DRILLS = {"deaf": "the server answers nothing"}\n',
    "checks.py": """
from pytest_hkexprt.evidence.record import Check

def same(sent, came):
    return Check(what="answer", where="echo", expected=sent, came=came, met=sent == came)
""",
    "client.py": """
class Client:
    def __init__(self, simulator):
        self.simulator = simulator
    def __enter__(self):
        return self
    def __exit__(self, *error):
        pass
    def say(self, word):
        return self.simulator.answer(word)
""",
    "simulator.py": """
class Simulator:
    def __init__(self, drills=()):
        self.drills = drills
    def __enter__(self):
        return self
    def __exit__(self, *error):
        pass
    def answer(self, word):
        return "" if "echo.deaf" in self.drills else word
""",
    "fixtures.py": '''
import pytest

@pytest.fixture
def echo(hkex_run, hkex_evidence):
    """A client of the echo."""
    from pytest_hkexprt.systems.echo.client import Client
    from pytest_hkexprt.systems.echo.simulator import Simulator
    with Simulator(hkex_run.drills) as simulator, Client(simulator) as client:
        yield client

@pytest.fixture
def echo_check(hkex_evidence):
    """Compares what was said with what came."""
    from pytest_hkexprt.systems.echo import checks
    return lambda sent, came: hkex_evidence.check(checks.same(sent, came))
''',
}
STEPS = """
from pytest_bdd import parsers, then, when

@when(parsers.parse("one says {word}"), target_fixture="said")
def says(echo, word):
    return word, echo.say(word)

@then("the same comes back")
def comes_back(said, echo_check):
    echo_check(*said)
"""
CIRCULAR = """
issuer = "An issuer"
subject = "Echo test"
roles = ["CP"]
[addresses.echo]
primary = ["10.0.0.1:7"]
[[session]]
name = "Only session"
site = "primary"
starts = 2026-03-07T09:00:00
ends = 2026-03-07T10:00:00
systems = ["echo"]
[[clause]]
id = "answer"
asks = "what is said comes back"
"""
FEATURE = """
Feature: Echo
  @clause.answer
  Scenario: What is said comes back
    When one says hello
    Then the same comes back
"""


def run(site: Path, *options: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(site), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "features/echo.feature", *options]
    return subprocess.run(command, cwd=site, env=environment, capture_output=True, text=True, check=False, timeout=120)


def test_a_new_system_needs_no_edit_elsewhere(tmp_path):
    for room in ("pytest_hkexprt", "steps"):
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    folder = tmp_path / "pytest_hkexprt" / "systems" / "echo"
    folder.mkdir()
    for name, text in SYSTEM.items():
        (folder / name).write_text(text, "utf-8")
    (tmp_path / "steps" / "echo.py").write_text(STEPS, "utf-8")
    features = tmp_path / "features"
    features.mkdir()
    (features / "echo.toml").write_text(CIRCULAR, "utf-8")
    (features / "echo.feature").write_text(FEATURE, "utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\n")

    passed = run(tmp_path)
    assert passed.returncode == 0, passed.stdout + passed.stderr
    assert "Passed: 1 scenario, 1 check" in passed.stdout

    caught = run(tmp_path, "--drill=echo.deaf")
    assert caught.returncode == 1, caught.stdout + caught.stderr
    assert "expected: hello" in caught.stdout
