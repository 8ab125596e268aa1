"""Market data with ``--target=live``, as a participant runs it: a participant file, a publisher that is not the run's.

The publisher stands in this process, outside of what pytest runs, under groups and servers that only the file tells.
"""

from __future__ import annotations

import threading

import pytest

from pytest_hkexprt.deadline import Deadline, pause
from pytest_hkexprt.evidence.record import Check, ExchangeRecord, NoticeRecord, StepRecord
from pytest_hkexprt.model import Basis, Outcome, Site
from tests.projects import records
from tests.systems.omd.projects import channels_project, failover_project
from tests.systems.omd.rehearsal import LONGEST_S, USER

LIVE = ("--target=live", "-p", "no:cacheprovider")


def participant(project: pytest.Pytester, simulator, *, interface: str = "127.0.0.1", roles: str = "EP") -> None:
    """Write a participant file that leads to a publisher."""
    feed = simulator.feed
    groups = "".join(
        f'{number} = ["{a}", "{b}"]\n'
        for channel in feed.all_channels
        for number, (a, b) in ((channel.number, channel.lines), (channel.refresh, channel.refresh_lines or (0, 0)))
        if number
    )
    servers = "".join(
        f"{site} = [{', '.join(f'{chr(34)}{each}{chr(34)}' for each in feed.retransmission[site])}]\n" for site in Site
    )
    project.path.joinpath("hkexprt.toml").write_text(
        f'participant = "A participant"\nroles = ["{roles}"]\n[omd]\ninterface = "{interface}"\n'
        f'alive_within_s = {LONGEST_S}\nfailover_within_s = {LONGEST_S}\n[omd.OMD-C]\nuser = "{USER}"\n'
        f"[omd.OMD-C.addresses]\n{servers}[omd.groups]\n{groups}",
        "utf-8",
    )


def run(project: pytest.Pytester, feature: str, chosen: str):
    return project.runpytest(*LIVE, f"features/{feature}.feature", "-k", chosen)


@pytest.fixture
def project(pytester, publish):
    """A project whose participant file leads to a running publisher."""
    channels_project(pytester)
    participant(pytester, publish())
    return pytester


def test_channels_that_are_alive_pass_and_are_observed(project):
    run(project, "omd_channels", "alive and PRT1-1").assert_outcomes(passed=1)
    assert {check.basis for check in records(project, Check)} == {Basis.OBSERVED}


def test_every_way_of_getting_back_what_was_missed_works_and_what_cannot_be_arranged_is_skipped(project):
    result = run(project, "omd_channels", "PRT1 and (loses or lose or refresh)")
    result.assert_outcomes(passed=2, skipped=1)
    (skipped,) = (each for each in records(project, StepRecord) if each.outcome is Outcome.SKIPPED)
    assert "nobody can be asked to hold nothing for retransmission" in skipped.message


def test_a_feed_that_the_participant_file_does_not_speak_of_is_skipped_and_said(project):
    run(project, "omd_channels", "alive and PRT1").assert_outcomes(passed=1, skipped=1)
    (skipped,) = (each for each in records(project, StepRecord) if each.outcome is Outcome.SKIPPED)
    assert "has no table [omd.OMD-CC], so OMD-CC is not received" in skipped.message


def test_the_evidence_says_whose_the_groups_are(project):
    run(project, "omd_channels", "defined and PRT1-1")
    (told,) = (each.text for each in records(project, NoticeRecord) if "publishes no group" in each.text)
    assert told.startswith("OMD-C: the circular publishes no group; those of channels 1, 2, 3, 4, 9, 10, 30 are")


def test_nothing_is_scaled_in_a_live_run(project):
    run(project, "omd_channels", "alive and PRT1-1")
    assert not [line for check in records(project, Check) for line in check.details if "divided by" in line]


def test_an_interface_that_is_not_this_machines_fails_and_says_what_to_set(pytester, publish):
    channels_project(pytester)
    participant(pytester, publish(), interface="192.0.2.1")
    result = run(pytester, "omd_channels", "alive and PRT1-1")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*group 239.*", "*expected: *interface 192.0.2.1*", "*[[]omd] interface*"])


def test_a_participant_without_a_user_fails_and_is_told_where_to_write_it(pytester):
    channels_project(pytester)
    pytester.path.joinpath("hkexprt.toml").write_text('participant = "P"\nroles = ["EP"]\n[omd]\n', "utf-8")
    result = run(pytester, "omd_channels", "alive and PRT1-1")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*[[]omd.OMD-C] user*", "*next: *hkexprt.toml*"])


def test_a_failover_that_the_exchange_begins_is_waited_for(pytester, publish):
    failover_project(pytester)
    simulator = publish()
    participant(pytester, simulator, roles="HSN")
    began = threading.Thread(target=_fail_over_once_joined, args=(pytester, simulator))
    began.start()
    result = run(pytester, "backbone_ps2", "goes and 1")
    began.join(LONGEST_S)
    result.assert_outcomes(passed=1)
    assert "joined 7 channels of OMD-C" in [each.what for each in records(pytester, ExchangeRecord)]


def _fail_over_once_joined(project: pytest.Pytester, simulator) -> None:
    """Wait for the run's receiver, as its evidence tells of it, then fail over."""
    deadline = Deadline.after(LONGEST_S)
    while not deadline.passed:
        said = [path.read_text("utf-8") for path in project.path.glob("reports/*/evidence.jsonl")]
        if any("joined 7 channels" in each for each in said):
            simulator.fail_over()
            return
        pause(0.05)
