"""A vendor's own feed handler in our client's place: the same steps, checks and drills hold it to account."""

from __future__ import annotations

import pytest

from pytest_hkexprt.evidence.record import Check, ExchangeRecord, NoticeRecord
from tests.projects import records
from tests.systems.omd.projects import channels_project, failover_project
from tests.systems.omd.test_drills import CAUGHT_IN_THE_FAILOVER, CAUGHT_ON_THE_CHANNELS

HANDLER = """
import dataclasses
from pytest_hkexprt.systems.omd.client import Client

class Handler:
    def __init__(self, feed, servers, journal, **more):
        self.library = Client(feed, servers, journal, **more)
        self.journal, self.at = journal, tuple(servers)[0]
    def join(self):
        self.journal.exchange(self.at, "the vendor's handler joins")
        self.library.join()
    def __getattr__(self, verb):
        return getattr(self.library, verb)

class Deaf(Handler):
    def snapshot(self):
        return tuple(dataclasses.replace(each, lines=each.lines[:1]) for each in self.library.snapshot())

class Unready:
    def __init__(self, *args, **more):
        pass
    def join(self):
        pass
"""
ALIVE = "alive and PRT1 and not PRT1-2"


def choose(made: pytest.Pytester, name: str) -> pytest.Pytester:
    """Put a handler of the vendor's own into the participant file."""
    made.makeini("[pytest]\npythonpath = .\n")
    made.path.joinpath("vendors.py").write_text(HANDLER, "utf-8")
    made.path.joinpath("hkexprt.toml").write_text(
        f'participant = "A vendor"\nroles = ["EP", "CCEP", "HSN"]\n[omd]\nadapter = "{name}"\n'
        '[omd.OMD-C]\nuser = "VENDOR"\n[omd.OMD-CC]\nuser = "VENDOR"\n',
        "utf-8",
    )
    return made


def test_a_handler_of_the_vendors_own_receives_and_the_evidence_says_whose_it_is(pytester):
    run = choose(channels_project(pytester), "vendors:Handler")
    run.runpytest("features/omd_channels.feature", "-k", ALIVE).assert_outcomes(passed=1)
    assert "omd: vendors:Handler is in our client's place" in [each.text for each in records(run, NoticeRecord)]
    assert "the vendor's handler joins" in {each.what for each in records(run, ExchangeRecord)}
    assert all(check.met for check in records(run, Check))


@pytest.mark.parametrize("drill", ["omd.line-dead", "omd.definition-missing", "omd.beyond-recovery", "omd.wrong-user"])
def test_a_drill_is_caught_with_the_vendors_handler_too(pytester, drill):
    word, lines = CAUGHT_ON_THE_CHANNELS[drill]
    run = choose(channels_project(pytester), "vendors:Handler")
    chosen = f"{word} and PRT1 and not PRT1-2"
    result = run.runpytest(f"--drill={drill}", "features/omd_channels.feature", "-k", chosen)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(lines)
    assert "Traceback" not in result.stdout.str()


def test_a_drill_of_the_failover_is_caught_with_it_too(pytester):
    run = choose(failover_project(pytester), "vendors:Handler")
    result = run.runpytest("--drill=omd.book-differs", "features/backbone_ps2.feature", "-k", "goes and 1")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(CAUGHT_IN_THE_FAILOVER["omd.book-differs"])


def test_a_handler_that_keeps_a_line_to_itself_proves_nothing(pytester):
    run = choose(channels_project(pytester), "vendors:Deaf")
    result = run.runpytest("features/omd_channels.feature", "-k", ALIVE)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["*expected: *both lines of each channel*", "*came: *not those of 1, 2, 3*"])


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("vendors:Handelr", "*came: *no 'Handelr' in it*did you mean Handler*"),
        ("vendors:Unready", "*came: *a Unready without *answer*wait_for*"),
    ],
)
def test_a_mistake_is_told_before_anything_is_joined(pytester, name, told):
    run = choose(channels_project(pytester), name)
    result = run.runpytest("features/omd_channels.feature", "-k", ALIVE)
    assert result.ret != pytest.ExitCode.OK
    result.stdout.fnmatch_lines(["*[[]omd] adapter = *", told])
    assert not records(run, ExchangeRecord)
