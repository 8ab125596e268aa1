"""A run's renderings as its user gets them: language, result form, history, and the same bytes when drawn again."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from pytest_hkexprt.cli import group
from pytest_hkexprt.evidence import folder
from pytest_hkexprt.evidence.record import HistoryRecord
from tests.projects import feature_project, records

FILES = ("report.html", "result-form.html", "result-form.json")


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    return feature_project(pytester)


def feature(project: pytest.Pytester) -> str:
    (path,) = project.path.rglob("*.feature")
    return str(path.relative_to(project.path))


@pytest.mark.parametrize("given", ["zh-Hant", "zh-hant"])
def test_the_verdict_and_the_report_speak_the_language_asked_for(project, given):
    result = project.runpytest(f"--lang={given}", feature(project))
    (run,) = project.path.glob("reports/*/")
    assert "（SIMULATOR：演練）" in result.stdout.str()
    assert '<html lang="zh-Hant">' in run.joinpath("report.html").read_text("utf-8")


def test_a_language_there_is_not_is_a_usage_error_that_names_those_there_are(project):
    result = project.runpytest("--lang=fr", feature(project))
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*--lang*", "*expected: en or zh-Hant*", "*came: *'fr'*"])


def test_every_run_leaves_its_result_form(project):
    project.runpytest(feature(project))
    (run,) = project.path.glob("reports/*/")
    (answer,) = json.loads(run.joinpath("result-form.json").read_text("utf-8"))
    assert (answer["run"], answer["rehearsal"]) == (run.name, True)


@pytest.mark.parametrize("options", [(), ("-n", "1")], ids=["alone", "with a worker"])
def test_a_second_run_knows_the_first(project, options):
    project.runpytest(feature(project), *options)
    (first,) = project.path.glob("reports/*/")
    project.runpytest(feature(project), *options)
    (second,) = [path for path in project.path.glob("reports/*/") if path != first]
    text = second.joinpath("evidence.jsonl").read_text("utf-8")
    assert f'"kind":"history","runs":[{{"run_id":"{first.name}"' in text


def test_the_first_run_has_no_history(project):
    project.runpytest(feature(project))
    assert records(project, HistoryRecord) == []


def test_everything_is_drawn_again_byte_for_byte_where_the_folder_was_moved_to(project):
    project.runpytest("--lang=zh-Hant", feature(project))
    project.runpytest("--lang=zh-Hant", feature(project))
    (newest,) = project.path.glob("reports/*-2/")
    moved = newest.rename(project.path / newest.name)
    before = {name: moved.joinpath(name).read_bytes() for name in FILES}
    folder.again(moved)
    assert {name: moved.joinpath(name).read_bytes() for name in FILES} == before


def test_the_report_command_keeps_the_language_of_the_run(project):
    project.runpytest("--lang=zh-Hant", feature(project))
    (run,) = (path.parent for path in project.path.glob("reports/*/report.html"))
    run.joinpath("report.html").unlink()
    said = CliRunner().invoke(group, ["report", str(run)]).output
    assert "通過" in said and '<html lang="zh-Hant">' in run.joinpath("report.html").read_text("utf-8")
