"""What a run says on the terminal, in both languages: on 80 columns, without colour, on terminals that can little."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pytest_hkexprt import columns, terminal
from pytest_hkexprt.evidence.labels import CHINESE, ZH
from tests.projects import FEATURE, STEPS, feature_project, shipped_project

ESCAPE = "\x1b"
SUBJECT = "Software upgrade of the report retrieval solution, post release connectivity sessions"
"""The circular's, which stays as it is."""
PARTICIPANTS = {"Alpha Limited": "CP", "乙公司": "EP"}
C_LOCALE = {"LC_ALL": "C", "PYTHONIOENCODING": "", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
ENGLISH = re.compile(
    r"\b(circular|session|site|target|clock|true time|drill|participant|evidence|report|attach|omitted|signed|rehearsal"
    r"|passed|scenarios?|checks?|Nothing|skipped|line)\b(?!=)"
)
"""Our own labels, as English has them."""
PYTESTS = re.compile(
    r"=====|rootdir:|configfile:|plugins:|platform |collected |PASSED|FAILED|SKIPPED|hypothesis|\.feature"
)
"""Lines that are pytest's own, or name a file."""


def run(project: pytest.Pytester, *arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run pytest as on a dumb terminal of 80 columns whose output goes to a file."""
    plain = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "PYTHON", "LC_", "LANG"))
    }
    variables = {**plain, "COLUMNS": "80", "TERM": "dumb", "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8", **environment}
    command = [sys.executable, "-m", "pytest", "-p", "no:rerunfailures", "-p", "no:cacheprovider", *arguments]
    return subprocess.run(command, cwd=project.path, env=variables, capture_output=True, timeout=180, check=False)


def ours(printed: bytes) -> list[str]:
    """Return the lines of ours."""
    return [line for line in printed.decode().splitlines() if line.strip() and not PYTESTS.search(line)]


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    shipped_project(pytester)
    tables = [f'[[participant]]\nname = "{name}"\nroles = ["{role}"]\n' for name, role in PARTICIPANTS.items()]
    pytester.path.joinpath("hkexprt.toml").write_text("\n".join(tables), "utf-8")
    return pytester


@pytest.mark.parametrize("lang", ["en", CHINESE])
@pytest.mark.parametrize("options", [(), ("-v",)], ids=["as usual", "with sentences"])
def test_no_line_of_ours_is_wider_than_80_columns(project, lang, options):
    printed = run(project, "features/rap.feature", f"--lang={lang}", *options).stdout
    told = ours(printed)
    assert len(told) > 8
    assert [line for line in told if columns.width(line) > 80] == []


@pytest.mark.parametrize("lang", ["en", CHINESE])
def test_the_rules_across_the_terminal_are_as_wide_as_it_is(project, lang):
    printed = run(project, "features/rap.feature", f"--lang={lang}").stdout.decode()
    (rule,) = re.findall(rf"^=+ (?:{ZH['evidence']}|evidence) =+$", printed, re.MULTILINE)
    assert 79 <= columns.width(rule) <= 80


@pytest.mark.parametrize("lang", ["en", CHINESE])
def test_nothing_of_it_is_an_escape_code(project, lang):
    done = run(project, "-v", "--drill=rap.download-cut", "features/rap.feature", f"--lang={lang}")
    assert ESCAPE.encode() not in done.stdout + done.stderr


def test_a_chinese_terminal_carries_no_english_label(project):
    printed = run(project, "features/rap.feature", f"--lang={CHINESE}").stdout
    named = ("Session 1", "Session 2", "hkexprt.toml", *SUBJECT.split())
    told = [re.sub(r"\S*/\S*", "", line) for line in ours(printed)]
    told = [line for line in told if ENGLISH.search(re.sub("|".join(map(re.escape, named)), "", line))]
    assert told == []
    assert "通告：rap" in printed.decode() and "不適用：" in printed.decode()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("own.feature", "-k", "nothing"), "沒有選取場景"),
        (("--site=secondary", "."), "沒有指定功能檔"),
    ],
)
def test_that_nothing_ran_is_said_in_chinese(pytester, arguments, said):
    printed = run(feature_project(pytester), *arguments, f"--lang={CHINESE}").stdout
    assert said in printed.decode()
    assert not [line for line in ours(printed) if line.startswith(("Nothing", "Look", "Name"))]


def test_a_drill_and_a_moment_are_said_in_chinese(pytester):
    arguments = ("own.feature", "--drill=rap.download-cut", "--at=2023-04-15T14:45", f"--lang={CHINESE}")
    told = run(feature_project(pytester), *arguments).stdout.decode()
    assert "故障演習：rap.download-cut" in told and "時鐘：調至 2023-04-15 14:45" in told


def test_the_participant_file_chooses_the_language(pytester):
    feature_project(pytester)
    pytester.path.joinpath("hkexprt.toml").write_text(
        'participant = "P"\nroles = ["CP"]\n[evidence]\nlang = "zh-Hant"\n'
    )
    assert "通告：own" in run(pytester, "own.feature").stdout.decode()
    assert "circular: own" in run(pytester, "own.feature", "--lang=en").stdout.decode()


def test_a_language_that_is_none_is_refused_in_the_participant_file(pytester):
    feature_project(pytester)
    pytester.path.joinpath("hkexprt.toml").write_text('participant = "P"\nroles = ["CP"]\n[evidence]\nlang = "fr"\n')
    told = run(pytester, "own.feature").stderr.decode()
    assert "expected en or zh-Hant, came fr" in told


@pytest.mark.parametrize(
    "environment",
    [{"PYTHONIOENCODING": "ascii"}, {"PYTHONIOENCODING": "latin-1"}, C_LOCALE],
    ids=["ascii", "latin-1", "the C locale"],
)
def test_a_terminal_without_chinese_is_spoken_to_in_english(pytester, environment):
    feature_project(pytester)
    done = run(pytester, "-v", "own.feature", f"--lang={CHINESE}", **environment)
    told = done.stdout.decode("latin-1")
    assert done.returncode == 0 and not done.stderr
    assert "circular: own" in told and "    + Given a number" in told
    assert "report: reports/" in told and "\\u" not in told


def test_a_chinese_scenario_on_such_a_terminal_does_not_end_the_run(pytester):
    feature = FEATURE.replace("Something is compared", "比較某事")
    feature_project(pytester, feature, STEPS)
    done = run(pytester, "-v", "own.feature", PYTHONIOENCODING="ascii")
    assert done.returncode == 0 and b"Traceback" not in done.stdout + done.stderr


def test_every_label_the_terminal_says_has_its_chinese():
    tree = ast.parse(Path(terminal.__file__).read_text("utf-8"))
    said = {
        node.value
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and ast.unparse(call.func).endswith(("say", "_heading"))
        for node in call.args[:1]
        if isinstance(node, ast.Constant)
    }
    assert len(said) > 12
    assert {str(each) for each in said} - ZH.keys() == set()
