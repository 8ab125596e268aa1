"""The command line as its user types it: right values, wrong values with the right ones, and the exit status."""

from __future__ import annotations

import pytest

from tests.projects import PARTICIPANT, feature_project

USAGE = pytest.ExitCode.USAGE_ERROR


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    return feature_project(pytester)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--site=tertiary"], "*expected: one of primary, *secondary*, all*"),
        (["--site=secondry"], "*came: *'secondry' (did you mean secondary?)*"),
        (["--target=production"], "*expected: one of simulator, live*"),
        (["--at=tomorrow"], "*expected: a date and time such as 2023-04-15T14:45*"),
        (["--circular=rapp"], "*came: *rapp (did you mean rap?)*"),
        (["--drill=rap.report-mising"], "*'rap.report-mising' (did you mean rap.report-missing?)*"),
        (["--participant-file=nobody.toml"], "*nobody.toml: no such file*"),
        (["--target=live"], '*user = "YOURUSERID"*'),
    ],
)
def test_a_wrong_value_is_a_usage_error_that_names_the_right_ones(project, options, told):
    result = project.runpytest("own.feature", *options)
    assert result.ret == USAGE
    result.stderr.fnmatch_lines([told])
    assert "Traceback" not in result.stderr.str()


def test_a_site_without_a_session_names_the_sessions_there_are(project):
    result = project.runpytest("own.feature", "--site=primary")
    assert result.ret == USAGE
    result.stderr.fnmatch_lines(["*expected: a session at the primary site*", "*there are: Only session at secondary*"])


@pytest.mark.parametrize("option", ["--at=2023-04-15T14:45", "--drill=rap.report-missing"])
def test_a_live_target_refuses_a_moved_clock_and_a_drill(project, option):
    project.path.joinpath("hkexprt.toml").write_text(PARTICIPANT, "utf-8")
    result = project.runpytest("own.feature", "--target=live", option)
    assert result.ret == USAGE
    result.stderr.fnmatch_lines(["*with --target=live*", "*leave *out, or rehearse*"])


@pytest.mark.parametrize("site", ["secondary", "backup", "SDC", "dr", "all"])
def test_every_word_for_the_secondary_site_is_understood(project, site):
    result = project.runpytest("own.feature", f"--site={site}")
    result.assert_outcomes(passed=1)


def test_a_broken_participant_file_is_told_with_all_its_mistakes(project):
    project.path.joinpath("hkexprt.toml").write_text('participant = 5\nrole = ["CP"]\n', "utf-8")
    result = project.runpytest("own.feature")
    assert result.ret == USAGE
    result.stderr.fnmatch_lines(
        ["*hkexprt.toml: 3 mistakes", "*participant: expected a text in quotes, came 5", "*role: unknown key*"]
    )


def test_a_feature_without_a_circular_says_how_to_give_it_one(project):
    project.path.joinpath("own.toml").unlink()
    result = project.runpytest("own.feature")
    assert result.ret == USAGE
    result.stderr.fnmatch_lines(["*a file own.toml beside it, or a tag @circular.<name>*", "*@circular.rap*"])


def test_a_feature_of_another_name_says_its_circular_by_a_tag(project):
    feature = project.path.joinpath("own.feature")
    project.path.joinpath("daily.feature").write_text("@circular.own\n" + feature.read_text("utf-8"), "utf-8")
    project.runpytest("daily.feature").assert_outcomes(passed=1)


def test_a_circular_that_restates_a_feature_is_chosen_by_option(project):
    own = project.path.joinpath("own.toml").read_text("utf-8")
    again = own.replace("2023-04-15", "2024-04-13").replace("[addresses", 'restates = "own.feature"\n[addresses', 1)
    project.path.joinpath("again.toml").write_text(again, "utf-8")
    result = project.runpytest("own.feature", "--circular=again")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["circular: again*", "session: Only session, secondary site, 2024-04-13*"])


def test_a_circular_that_restates_another_feature_is_refused(project):
    result = project.runpytest("own.feature", "--circular=rap")
    assert result.ret == USAGE
    result.stderr.fnmatch_lines(["*own.feature with --circular=rap*"])


def test_at_puts_the_clock_where_it_says(project):
    result = project.runpytest("own.feature", "--at=2023-04-15T14:59")
    result.assert_outcomes(passed=1)
    (journal,) = project.path.glob("reports/*/evidence.jsonl")
    assert journal.parent.name.startswith("20230415T145900")
    assert '"rehearsed":"2023-04-15T14:59:00' in journal.read_text("utf-8")


def test_a_moment_outside_the_window_is_noted(project):
    project.runpytest("own.feature", "--at=2023-04-15T18:00").assert_outcomes(passed=1)
    (journal,) = project.path.glob("reports/*/evidence.jsonl")
    assert "2023-04-15 18:00 Hong Kong time is outside the window of Only session" in journal.read_text("utf-8")


def test_a_site_without_a_feature_says_to_name_one(pytester):
    result = pytester.runpytest("--site=secondary")
    assert result.ret == pytest.ExitCode.NO_TESTS_COLLECTED
    result.stdout.fnmatch_lines(["Nothing ran, so nothing is proved: no feature was named.", "Name one*"])
