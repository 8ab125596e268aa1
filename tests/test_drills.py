"""Every drill, through the suite as its user runs it: caught for the right reason, or passed with the remark due."""

from __future__ import annotations

import pytest

from pytest_hkexprt import shipped
from pytest_hkexprt.evidence.record import Check, OutcomeRecord
from pytest_hkexprt.model import Outcome
from tests.projects import line_project, records, shipped_project, stabilisation_project
from tests.systems.ccass import test_drills as ccass
from tests.systems.omd import test_drills as omd
from tests.systems.otp import test_drills as otp

CAUGHT = {
    "forms.not-registered": ["*registration*", "*came: *no entry in the ledger*"],
    "forms.registered-late": ["*registration*", "*by 2023-04-06 18:00*", "*came: *on 2023-04-06 19:00*"],
    "forms.other-circular": ["*registration*", "*came: *only for ANOTHER/CIRCULAR*"],
    "rap.report-missing": ["*number of files*", "*expected: *as on 2023-04-14 (taken at primary)*", "*missing*"],
    "rap.report-extra": ["*number of files*", "*expected: *as on 2023-04-14 (taken at primary)*", "*new*"],
    "rap.report-renamed": ["*missing*", "*new*"],
    "rap.tp002-absent": ["*TP002*"],
    "rap.download-cut": ["*download of TP00*", "*expected: *bytes, as listed*", "*ended before its size*"],
    "rap.wrong-host-key": ["*expected: *SHA256:*", "*came: *SHA256:*"],
    "rap.unknown-user": ["*logging in*", "*came: *refused*"],
    "rap.wrong-key": ["*logging in*", "*came: *refused*"],
    "rap.both-refused": ["*expected: *10.152.14.121*10.152.14.122*", "*refused*"],
    "rap.folder-denied": ["*listing the folder*", "*denied*"],
    "rap.other-site-answers": ["*primary*"],
    "rap.never-closes": ["*closed*"],
}
"""Drill to lines of the failure, in order."""
CAUGHT_IN_THE_PERIOD = {
    "rap.evening-lost": ["*expected: *each of 10 business dates*", "*8 complete, 2 not*", "*2023-04-19: no back-up*"],
    "rap.key-renewed": ["*SSH key in use*", "*expected: SHA256:* as on 2023-04-14*", "*came: *SHA256:*"],
    "rap.folder-stale": ["*0 complete, 10 not*", "*2023-04-17: no back-up*", "*what the folder showed on 2023-04-14*"],
}
"""Drills of the stabilisation period."""
CAUGHT_ON_THE_LINE = {
    "network.address-refused": ["*addresses that accept connections*", "*came: *1 of 2*10.152.14.122*refused*"],
    "network.address-silent": ["*addresses that accept connections*", "*came: *1 of 2*10.152.14.122*no answer*"],
    "network.wrong-service": ["*services that answer*", "*expected: *SSH-2.0-*", "*came: *HTTP/1.1 400*"],
    "network.says-nothing": ["*services that answer*", "*came: *says nothing*"],
    "network.unsteady": ["*repeated connects*", "*came: *1 of 3*refused*"],
    "network.other-line": ["*addresses dialled from*", "*expected: *127.0.2.0/24*", "*came: *127.0.3.10*"],
    "network.name-unknown": ["*names of addresses*", "*came: *reports.example: no such host*"],
    "network.name-of-other-site": ["*names of addresses*", "*came: *127.151.14.121, an address of the other site*"],
}
"""Drills of the participant's line."""
PASSES = {"rap.first-address-refused"}
OF_BOTH_SITES = {"rap.sites-differ"}


def test_every_drill_there_is_has_a_test_here():
    here = set(CAUGHT) | set(CAUGHT_IN_THE_PERIOD) | set(CAUGHT_ON_THE_LINE) | PASSES | OF_BOTH_SITES
    apart = {"ccass": {*ccass.CAUGHT, *ccass.PASSES}, "otp": {*otp.CAUGHT, *otp.PASSES}}
    there = {f"{system}.{drill}" for system in apart for drill in apart[system]}
    assert set(shipped.drills()) == here | there | omd.DRILLS


@pytest.mark.parametrize("drill", CAUGHT)
def test_the_suite_catches(pytester, drill):
    project = shipped_project(pytester)
    result = project.runpytest("--site=secondary", f"--drill={drill}", "features/rap.feature")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.assert_outcomes(failed=1, passed=1)
    result.stdout.fnmatch_lines(CAUGHT[drill])
    assert "Traceback" not in result.stdout.str()
    assert {record.outcome for record in records(project, OutcomeRecord)} == {Outcome.FAILED, Outcome.PASSED}
    (report,) = project.path.glob("reports/*/report.html")
    assert drill in report.read_text("utf-8")


def test_a_first_address_that_refuses_is_told_in_a_pass(pytester):
    project = shipped_project(pytester)
    result = project.runpytest("--site=secondary", "--drill=rap.first-address-refused", "features/rap.feature")
    result.assert_outcomes(passed=2)
    remarks = [remark for check in records(project, Check) for remark in check.details]
    assert any("10.152.14.121" in remark and "refused" in remark for remark in remarks)


@pytest.mark.parametrize("drill", CAUGHT_IN_THE_PERIOD)
def test_the_stabilisation_period_catches(pytester, drill):
    project = stabilisation_project(pytester)
    result = project.runpytest(f"--drill={drill}", "features/rap_stabilisation.feature")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(CAUGHT_IN_THE_PERIOD[drill])
    assert "Traceback" not in result.stdout.str()
    assert Outcome.ERROR not in {outcome.outcome for outcome in records(project, OutcomeRecord)}


def test_a_difference_between_the_sites_is_caught_by_the_comparison(pytester):
    project = shipped_project(pytester)
    result = project.runpytest("--drill=rap.sites-differ", "features/rap.feature")
    result.assert_outcomes(passed=3, failed=2, skipped=1)
    result.stdout.fnmatch_lines(["*reports at both data centres*", "*with differences*", "*another size: FX005*"])


@pytest.mark.parametrize("drill", CAUGHT_ON_THE_LINE)
def test_a_look_at_the_line_catches(pytester, drill):
    project = line_project(pytester)
    if drill.startswith("network.name-"):
        participant = project.path / "hkexprt.toml"
        participant.write_text(f'{participant.read_text()}[rap.addresses]\nsecondary = ["reports.example:10022"]\n')
    result = project.runpytest("--site=secondary", f"--drill={drill}", "features/rap_network.feature")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(CAUGHT_ON_THE_LINE[drill])
    assert "Traceback" not in result.stdout.str()
