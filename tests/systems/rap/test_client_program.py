"""A vendor's own program in our client's place: the same steps, checks and drills hold it to account."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pytest_hkexprt.evidence.record import ExchangeRecord
from tests.projects import records, shipped_project
from tests.test_drills import CAUGHT

DOCS = Path(__file__).parent.parent.parent.parent / "docs" / "vendor.md"
BLOCK = re.compile(r"^```\w+ (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
RUN = ("--site=secondary", "features/rap.feature", "-k", "retrieves")
SAID_BY_THE_PROGRAM = {
    "rap.wrong-host-key": "*Host key verification failed*",
    "rap.other-site-answers": "*Host key verification failed*",
    "rap.unknown-user": "*Permission denied (publickey)*",
    "rap.wrong-key": "*Permission denied (publickey)*",
    "rap.both-refused": "*Connection refused*",
    "rap.folder-denied": "*denied*",
    "rap.download-cut": "*came: *bytes, SHA-256*",
}
"""Drills whose failure reads otherwise than with our client: mostly by the last the program says."""


@pytest.fixture
def project(pytester):
    """A project with the downloader and the participant file of docs/vendor.md."""
    for name, text in BLOCK.findall(DOCS.read_text("utf-8")):
        pytester.path.joinpath(name).write_text(text, "utf-8")
    return shipped_project(pytester)


def write(project: pytest.Pytester, **commands: str) -> None:
    """Put commands in the place of the participant file's."""
    words = {"list": '["sh", "-c", "exit 0"]', "get": '["true"]'} | commands
    text = 'participant = "A vendor"\nroles = ["CP"]\n[rap.program]\n'
    project.path.joinpath("hkexprt.toml").write_text(
        text + "".join(f"{verb} = {each}\n" for verb, each in words.items())
    )


def test_the_program_retrieves_the_reports_and_the_simulator_saw_who_did(project):
    project.runpytest(*RUN).assert_outcomes(passed=1)
    (login,) = [each for each in records(project, ExchangeRecord) if each.what == "sh logged in"]
    assert (login.facts["user"], login.facts["seen by"]) == ("REHEARSAL", "the simulator")


@pytest.mark.parametrize("drill", [drill for drill in CAUGHT if drill.startswith("rap.")])
def test_every_drill_is_caught_with_the_program_too(project, drill):
    result = project.runpytest(f"--drill={drill}", *RUN)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([SAID_BY_THE_PROGRAM[drill]] if drill in SAID_BY_THE_PROGRAM else CAUGHT[drill])


def test_a_first_address_that_refuses_is_survived(project):
    project.runpytest("--drill=rap.first-address-refused", *RUN).assert_outcomes(passed=1)


def test_a_program_that_only_pretends_is_found_out(project):
    write(project, list='["echo", "1 TP001"]')
    result = project.runpytest(*RUN)
    result.stdout.fnmatch_lines(["*expected: a login of REHEARSAL, seen by the simulator*", "*0 connections*"])


def test_a_line_that_is_no_size_and_name_is_told(project):
    script = project.path / "our-downloader.sh"
    script.write_text(script.read_text().replace("print $5, $9", "print $9"), "utf-8")
    result = project.runpytest(*RUN)
    result.stdout.fnmatch_lines(["*expected: a size in bytes, one space, a name*", "*came: *the line*"])


def test_a_report_the_program_did_not_leave_is_told(project):
    script = project.path / "our-downloader.sh"
    script.write_text(script.read_text().replace("get) for", "get) exit 0; for"), "utf-8")
    result = project.runpytest(*RUN)
    result.stdout.fnmatch_lines(["*expected: a file of that name*", "*came: *No such file*"])


def test_a_program_without_end_is_stopped(project):
    write(project, list='["sleep", "60"]', timeout_s="0.2")
    project.runpytest(*RUN).stdout.fnmatch_lines(["*expected: an end within 0.2 s*", "*came: *none; it was stopped*"])


def test_a_program_that_is_not_there_is_told(project):
    write(project, list='["no-such-program"]')
    project.runpytest(*RUN).stdout.fnmatch_lines(["*a program that can be started*", "*no-such-program*"])


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ('[rap.program]\nlist = ["x", "{hosst}"]\nget = ["x"]\n', "*{hosst} stands for nothing*did you mean host*"),
        ('[rap.program]\nget = ["x"]\n', "*[[]rap.program] list: missing*"),
        ('[rap]\nadapter = "x:y"\n[rap.program]\nlist = ["x"]\nget = ["x"]\n', "*adapter: there is a *program*"),
        ('[rap]\nadapter = "no_such_module:Thing"\n', "*module:name of a callable that can be imported*"),
    ],
)
def test_a_mistake_in_the_participant_file_is_told(project, lines, told):
    project.path.joinpath("hkexprt.toml").write_text(f'participant = "A vendor"\nroles = ["CP"]\n{lines}')
    result = project.runpytest(*RUN)
    assert result.ret != 0
    result.stdout.fnmatch_lines([told])


def test_a_python_object_takes_our_clients_place(project):
    project.path.joinpath("acceptance.py").write_text(
        "from pytest_hkexprt.systems.rap.client import Client\n"
        "class Ours(Client):\n"
        "    def login(self):\n"
        "        self._journal.notice('the vendor logs in')\n"
        "        return super().login()\n"
    )
    project.path.joinpath("hkexprt.toml").write_text(
        'participant = "A vendor"\nroles = ["CP"]\n[rap]\nadapter = "acceptance:Ours"\n'
    )
    project.syspathinsert()
    project.runpytest(*RUN).assert_outcomes(passed=1)
    (journal,) = project.path.glob("reports/*/evidence.jsonl")
    assert "the vendor logs in" in journal.read_text("utf-8")
