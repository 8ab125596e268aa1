"""``hkexprt steps``: phrases, their meaning, their uses."""

from __future__ import annotations

import json
import re

import pytest

from tests.commands import hkexprt


@pytest.fixture
def own(tmp_path):
    """A project with a phrase of its own in a feature, and one in none."""
    tmp_path.joinpath("conftest.py").write_text(
        "from pytest_bdd import given, parsers, when\n"
        "@given(parsers.parse('the ticket is {number:d}'))\n"
        "def ticket(number):\n    '''The number is kept.'''\n"
        "@when('nothing uses this')\n"
        "async def nothing():\n    pass\n"
    )
    tmp_path.joinpath("features").mkdir()
    tmp_path.joinpath("features", "own.feature").write_text(
        "Feature: Own\n  Scenario: It is used\n    Given the ticket is 42\n    And the ticket is not 42\n"
    )
    return tmp_path


def listed(folder, *words):
    done = hkexprt(folder, "steps", "--json", *words)
    return json.loads(done.stdout)


def test_a_shipped_phrase_is_listed_with_its_meaning_and_its_use(tmp_path):
    done = hkexprt(tmp_path, "steps", "accepts", "connections")
    assert done.returncode == 0
    phrase, meaning, place = done.stdout.splitlines()[:3]
    assert (phrase, meaning) == (
        "Then every address accepts connections",
        "    Refused, silent, unroutable and unknown are told apart.",
    )
    assert re.fullmatch(r"    defined in \(shipped\) steps/network\.py:\d+", place)
    assert "used in (shipped) features/rap_network.feature:12" in done.stdout


def test_a_projects_own_phrase_is_listed_with_its_use(own):
    (phrase,) = listed(own, "ticket")
    assert (phrase["kind"], phrase["pattern"], phrase["about"]) == ("given", "parse", "The number is kept.")
    assert phrase["used"] == [{"file": "features/own.feature", "line": 3, "scenario": "It is used"}]


def test_only_what_nothing_uses_is_listed_when_asked(own):
    done = hkexprt(own, "steps", "--unused", "--json")
    assert "nothing uses this" in [phrase["phrase"] for phrase in json.loads(done.stdout)]
    assert "the ticket is {number:d}" not in done.stdout


def test_every_shipped_phrase_of_the_network_has_a_meaning(tmp_path):
    found = [phrase for phrase in listed(tmp_path) if phrase["file"].endswith("network.py")]
    assert found
    assert all(phrase["about"] and phrase["used"] for phrase in found)


def test_words_no_phrase_has_are_told_the_nearest(tmp_path):
    done = hkexprt(tmp_path, "steps", "every address accept connections")
    assert (done.returncode, done.stdout) == (1, "")
    assert "did you mean every address accepts connections?" in done.stderr


def test_a_step_file_that_is_no_python_is_told(tmp_path):
    tmp_path.joinpath("conftest.py").write_text("def (\n")
    done = hkexprt(tmp_path, "steps")
    assert done.returncode == 2
    assert "conftest.py" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_pattern_is_shown_as_one_would_write_it(tmp_path):
    done = hkexprt(tmp_path, "steps", "is", "open", "for", "business")
    assert done.stdout.splitlines()[0] == "Then {terminal} is open for business"
