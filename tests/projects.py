"""Small projects of a user's own, for tests that run pytest as users load it."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from typing import TypeVar

import pytest

from pytest_hkexprt import shipped
from pytest_hkexprt.evidence.journal import read
from pytest_hkexprt.evidence.labels import CHINESE
from pytest_hkexprt.evidence.record import Line, NoticeRecord, OutcomeRecord, Record
from pytest_hkexprt.evidence.sentences import told
from pytest_hkexprt.model import Outcome

R = TypeVar("R", bound=Record)

CIRCULAR = """
reference = "TEST/001"
issuer = "An issuer"
subject = "A subject"
roles = ["CP"]

[addresses.rap]
secondary = ["10.152.14.121:10022"]

[[session]]
name = "Only session"
site = "secondary"
starts = 2023-04-15T14:30:00+08:00
ends = 2023-04-15T15:30:00+08:00
systems = ["rap"]

[[clause]]
id = "count"
asks = "as many files as before"
"""

FEATURE = """\
Feature: A feature of the user's own
  @clause.count
  Scenario: Something is compared
    Given a number
    When it is doubled
    Then it is 42
"""

STEPS = """
import pytest
from pytest_bdd import given, then, when, parsers
from pytest_hkexprt.evidence.record import Check

@given("a number", target_fixture="number")
def _():
    return 21

@when("it is doubled", target_fixture="doubled")
def _(number):
    return number * 2

@then(parsers.parse("it is {expected:d}"))
def _(doubled, expected, hkex_evidence):
    check = Check(what="number", where="here", expected=str(expected), came=str(doubled), met=doubled == expected)
    hkex_evidence.check(check)
"""

PARTICIPANT = """
participant = "A participant"
roles = ["CP"]
[rap]
user = "USER01"
key = "id_ed25519"
[rap.host_keys]
secondary = ["SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"]
"""


def feature_project(pytester: pytest.Pytester, feature: str = FEATURE, steps: str = STEPS) -> pytest.Pytester:
    """Write a project of one circular, one feature and its steps, with an ini file so that it is the root."""
    pytester.makeini("[pytest]\naddopts = --strict-markers\n")
    pytester.path.joinpath("own.toml").write_text(CIRCULAR, "utf-8")
    pytester.path.joinpath("own.feature").write_text(feature, "utf-8")
    pytester.makeconftest(steps)
    return pytester


def shipped_project(pytester: pytest.Pytester, stem: str = "rap") -> pytest.Pytester:
    """Copy a shipped circular and its feature into ``features/`` of an otherwise empty project."""
    pytester.makeini("[pytest]\n")
    folder = pytester.mkdir("features")
    for ending in ("toml", "feature"):
        shutil.copy(shipped.features_folder() / f"{stem}.{ending}", folder)
    return pytester


def stabilisation_project(pytester: pytest.Pytester) -> pytest.Pytester:
    """Make a project of the report retrieval's circular and both its features."""
    project = shipped_project(pytester)
    shutil.copy(shipped.features_folder() / "rap_stabilisation.feature", project.path / "features")
    return project


def line_project(pytester: pytest.Pytester) -> pytest.Pytester:
    """Copy the feature that looks at the line, with a participant who waits half a second at most."""
    shipped_project(pytester)
    shutil.copy(shipped.features_folder() / "rap_network.feature", pytester.path / "features")
    pytester.path.joinpath("hkexprt.toml").write_text(
        'participant = "A participant"\nroles = ["CP"]\n[network]\ntimeout_s = 0.5\n'
        '[line]\nname = "SDNET"\nsource_address = "192.0.2.10"\nsubnet = "192.0.2.0/24"\n'
    )
    return pytester


def journal(pytester: pytest.Pytester) -> list[Line]:
    """Return the lines of the one journal a project's run left."""
    (path,) = pytester.path.glob("reports/*/evidence.jsonl")
    return list(read(path))


def records(pytester: pytest.Pytester, kind: type[R]) -> list[R]:
    """Return the records of one kind from the one journal a project's run left."""
    return [line.record for line in journal(pytester) if isinstance(line.record, kind)]


def untranslated(records: Iterable[Record]) -> list[str]:
    """Return what these records note and leave out without a Chinese sentence for it."""
    noted = {
        each.text if isinstance(each, NoticeRecord) else each.message
        for each in records
        if isinstance(each, NoticeRecord) or (isinstance(each, OutcomeRecord) and each.outcome is Outcome.OMITTED)
    }
    return [text for text in sorted(noted) if told(text, CHINESE) == text]
