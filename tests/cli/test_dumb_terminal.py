"""What the commands print on 80 columns, without colour, and where the encoding has neither Chinese nor signs."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from pytest_hkexprt.columns import width
from tests.commands import COMMAND
from tests.evidence.sealed import FAILED, PASSED, sealed, zipped

ENCODINGS = {
    "ascii": {"PYTHONIOENCODING": "ascii"},
    "latin-1": {"PYTHONIOENCODING": "latin-1"},
    "the C locale": {"LC_ALL": "C", "PYTHONIOENCODING": ""},
}
every_encoding = pytest.mark.parametrize("encoding", ENCODINGS)
COMMANDS = [
    "--help",
    "agenda --all",
    "baseline list",
    "baseline list --participant nobody",
    "circulars",
    "doctor",
    "forms",
    "forms draw backbone_ps2 --participant 甲有限公司",
    "merge alpha.zip beta.zip --into merged",
    "merge alpha.zip alpha.zip --into merged",
    "merge --into merged",
    "register nonsense",
    "report alpha",
    "report nowhere",
    "run nonsense",
    "run rap --participant 甲有限公司 -v",
    "run rap --participant 甲有限公司 --lang zh-Hant",
    "run rap --site nowhere",
    "steps",
    "steps nothing-like-it",
    "verify alpha",
]
SPEAKING = (
    "forms",
    "merge alpha.zip beta.zip --into merged",
    "run rap --lang zh-Hant -q",
    "steps",
    "verify alpha",
)
"""Some whose output has Chinese, or signs."""
NOT_FOLDED = ("metadata:", "plugins:", "platform ", "rootdir:", "hypothesis profile ", "hkexprt register ")
"""How lines begin that are pytest's or another plugin's, or a command to copy."""


def printed(folder: Path, command: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run a command as on a dumb terminal of 80 columns whose output goes to a file."""
    set_elsewhere = ("PYTEST", "PYTHON", "LC_", "LANG")
    plain = {name: value for name, value in os.environ.items() if not name.startswith(set_elsewhere)}
    variables = {**plain, "COLUMNS": "80", "TERM": "dumb", "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8", **environment}
    command_line = [str(COMMAND), *command.split()]
    return subprocess.run(command_line, cwd=folder, env=variables, capture_output=True, timeout=180, check=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two participants, one of a Chinese name, and the evidence of two jobs."""
    tables = [f'[[participant]]\nname = "{name}"\nroles = ["CP", "EP"]\n' for name in ("甲有限公司", "Bêta Limited")]
    (tmp_path / "hkexprt.toml").write_text("\n".join(tables), "utf-8")
    for name, who, outcomes in (("alpha", "甲有限公司", PASSED), ("beta", "Beta", FAILED)):
        made = sealed(tmp_path / "jobs" / name, who, outcomes, lang="zh-Hant", machine="")
        zipped(made).rename(tmp_path / f"{name}.zip")
        made.rename(tmp_path / name)
    return tmp_path


@pytest.mark.parametrize("command", COMMANDS)
def test_no_line_is_wider_than_80_columns_where_it_can_be_folded_and_none_has_an_escape_code(folder, command):
    done = printed(folder, command)
    text = (done.stdout + done.stderr).decode()
    lines = [line for line in text.splitlines() if not line.startswith(NOT_FOLDED) and "::" not in line]
    assert lines and "\x1b" not in text
    assert [line for line in lines if width(line) > 80 and max(map(width, line.split())) < 76] == []


@every_encoding
@pytest.mark.parametrize("command", SPEAKING)
def test_no_encoding_ends_a_command(folder, command, encoding):
    done = printed(folder, command, **ENCODINGS[encoding])
    assert b"Traceback" not in done.stdout + done.stderr and b"UnicodeEncodeError" not in done.stdout + done.stderr
    assert done.stdout
    if encoding == "ascii":
        assert done.stdout.isascii() and done.stderr.isascii()


def test_a_file_system_without_chinese_is_told_what_to_do(folder):
    ascii_alone = {"LC_ALL": "C", "PYTHONIOENCODING": "", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = printed(folder, "forms", **ascii_alone)
    assert done.returncode == 2
    assert b"LC_ALL=C.UTF-8" in done.stderr and b"Traceback" not in done.stderr


@every_encoding
def test_a_script_reads_the_same_json_in_every_encoding(folder, encoding):
    command = "forms --json"
    usual, done = printed(folder, command), printed(folder, command, **ENCODINGS[encoding])
    assert "甲有限公司" in usual.stdout.decode()
    written = done.stdout.decode("latin-1" if encoding == "latin-1" else "utf-8")
    assert json.loads(written) == json.loads(usual.stdout.decode())


def test_what_an_encoding_has_not_is_written_as_an_escape(folder):
    told = printed(folder, "verify alpha", PYTHONIOENCODING="ascii").stdout.decode("ascii")
    assert told.startswith("valid: ")
    verdict = printed(folder, "report alpha", PYTHONIOENCODING="ascii").stdout.decode("ascii").splitlines()[-1]
    assert verdict.startswith("\\u901a\\u904e")


@every_encoding
def test_a_file_whose_name_is_no_text_is_named(folder, encoding):
    os.rename(folder / "alpha.zip", os.fsencode(folder) + b"/\xff.zip")  # noqa: PTH104  bytes
    done = subprocess.run(
        [os.fsencode(COMMAND), b"verify", b"\xff.zip"],
        cwd=folder,
        env={**os.environ, **ENCODINGS[encoding]},
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert b"Traceback" not in done.stderr
    assert done.stdout.startswith(b"valid: ")
