"""Every drill of the terminals, through the suite as its user runs it: caught by its words, or passed with a remark.

Each run would launch a browser of its own. Here the runs of one process share one, as the scenarios of one run do, each
with a context of its own. What a browser is told at its start, the name's relay and the sites' keys, is shared, too.
"""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Iterator

import pytest

from pytest_hkexprt.evidence.record import AttachmentRecord, Check, NoticeRecord, OutcomeRecord
from pytest_hkexprt.model import Endpoint, Outcome, Site
from pytest_hkexprt.systems.ccass import fixtures_access, simulator
from pytest_hkexprt.systems.ccass.client_browser import Browser
from pytest_hkexprt.systems.ccass.drills import CERTIFICATES, DRILLS, Drill
from pytest_hkexprt.systems.ccass.simulator_certificates import Certificates
from pytest_hkexprt.systems.ccass.simulator_names import Relay
from tests.projects import records, shipped_project

CLOSED = ("ccass_relocation", "CCMS")
"""A circular, and which of its scenarios: the one in which CCMS is closed for business."""
ANSWERS = ("ccass_upgrade", "answers and primary-2 and not PRT")
FINDS = ("ccass_upgrade", "Production and primary-2")
FAILS_OVER = ("ccass_upgrade", "over and middle and failover-2")

CAUGHT = {
    "notice-absent": (
        CLOSED,
        ["*message of CCMS*", "*expected: 'Function not available', and no functions*", "*no message*"],
    ),
    "notice-other": (CLOSED, ["*message of CCMS*", "*came: *'Batch processing in progress*"]),
    "lets-in": (CLOSED, ["*message of CCMS*", "*came: *its functions: it let the user in*"]),
    "still-closed": (ANSWERS, ["*CCMS after the logon*", "*came: *none of them; it says 'Function not available*"]),
    "maintenance": (
        CLOSED,
        ["*CCMS*", "*came: *a maintenance page: *System maintenance*", "*next: *session's window*"],
    ),
    "site-down": (CLOSED, ["*www.ccass.com*", "*expected: a connection*", "*came: *connection refused*"]),
    "server-error": (CLOSED, ["*came: *an error of the server: status 500, *Internal error*"]),
    "certificate-expired": (CLOSED, ["*certificate*", "*expected: *SHA-256 *", "*came: *expired*SHA-256 *"]),
    "certificate-unknown-issuer": (
        CLOSED,
        ["*certificate*", "*came: *of an unknown issuer*SHA-256 *", "*do not log on*"],
    ),
    "certificate-wrong-name": (
        CLOSED,
        ["*certificate*", "*came: *of another name*www.ccass.com*", "*for www.ccass.example*"],
    ),
    "certificate-changed": (
        CLOSED,
        ["*certificate*", "*expected: *SHA-256 *", "*came: *another certificate, trusted, SHA-256 *"],
    ),
    "other-site-answers": (
        ANSWERS,
        ["*site that served*", "*expected: the primary site*", "*came: *the secondary site*"],
    ),
    "wrong-page": (CLOSED, ["*came: *another page: *It works!*", "*next: *page description*"]),
    "blank-page": (CLOSED, ["*came: *a blank page: nothing to read at https://www.ccass.com/ccms/*"]),
    "never-loads": (CLOSED, ["*came: *a page that never stops loading: *Loading*"]),
    "script-fails": (CLOSED, ["*came: *a page whose script failed: *undefined*"]),
    "leads-away": (CLOSED, ["*came: *led to another host: it led to terminal.example*", "*do not log on there*"]),
    "logon-refused": (CLOSED, ["*logging on*", "*came: *refused: the terminal says: Invalid user ID or password*"]),
    "code-refused": (CLOSED, ["*logging on*", "*came: *refused: the terminal says: Invalid code*"]),
    "user-inside-already": (CLOSED, ["*came: *refused: *already logged on*", "*next: *logged on once only*"]),
    "session-lost": (FINDS, ["*came: *logged off: the page for logging on came where one was logged on*"]),
    "stays-logged-on": (ANSWERS, ["*session of CCMS after the logout*", "*came: *a page of the session still opens*"]),
    "enquiry-empty": (FINDS, ["*production data in CCMS*", "*expected: rows, as of 2024-03-22*", "*came: *0 rows*"]),
    "date-stale": (FINDS, ["*production data*", "*expected: *as of 2024-03-22*", "*came: *as of 2024-03-21*"]),
    "other-owner": (FINDS, ["*production data*", "*expected: *of SIM00001*", "*came: *of SIM09999*"]),
    "report-absent": (FINDS, ["*report in the list*", "*expected: CCMDS01?*", "*came: *none of that name among 1*"]),
    "report-cut": (FINDS, ["*download of CCMDS01*", "*came: *bytes are listed*no control trailer*"]),
    "report-checksum": (FINDS, ["*download of CCMDS01*", "*came: *the trailer's checksum is *, the records' *"]),
    "report-renamed": (FINDS, ["*download of CCMDS01*", "*came: *it came with the name 'copy-of-CCMDS01*"]),
    "report-hostile-name": (FINDS, ["*download of CCMDS01*", "*came: *it came with the name *authorized_keys*"]),
    "failover-never": (
        FAILS_OVER,
        ["*failover*", "*expected: *leads to the secondary site*", "*came: *it does not*tries later*"],
    ),
    "failover-other-data": (
        FAILS_OVER,
        ["*production data of CCMS after the failover*", "*SHA-256*", "*came: *SHA-256*"],
    ),
    "failover-other-report": (FAILS_OVER, ["*report of CCMS after the failover*", "*SHA-256*", "*came: *SHA-256*"]),
}
"""Drill to the scenario it is run with and lines of the failure, in order."""
PASSES = {
    "pop-up": (ANSWERS, "a second window was opened and closed"),
    "clings": (ANSWERS, "the page asked whether to leave (beforeunload); answered yes"),
}
"""Drill to the scenario that passes all the same, and the remark the evidence then has."""


@pytest.fixture(scope="module")
def shared(tmp_path_factory) -> Iterator[tuple[Browser, Relay, Certificates]]:
    certificates = Certificates(simulator.NAME)
    with (
        Relay(Endpoint("ccass", Site.PRIMARY, "127.0.0.1", 0)) as relay,
        Browser(
            mapped={f"{simulator.NAME}:{simulator.HTTPS}": relay.endpoint.address},
            trusted_keys=certificates.keys,
            folder=tmp_path_factory.mktemp("downloads"),
        ) as browser,
    ):
        yield browser, relay, certificates


@pytest.fixture(autouse=True)
def one_browser(shared, monkeypatch) -> None:
    browser, relay, certificates = shared

    def issued(_: str, drills: frozenset[str]) -> Certificates:
        found = copy.copy(certificates)
        found._faulty = next((drill for drill in CERTIFICATES if drill in drills), None)
        return found

    monkeypatch.setattr(simulator, "Certificates", issued)
    monkeypatch.setattr(simulator, "Relay", lambda _: contextlib.nullcontext(relay))
    monkeypatch.setattr(fixtures_access, "browser", lambda *_: contextlib.nullcontext(browser))


def run(pytester: pytest.Pytester, drill: str, scenario: tuple[str, str]) -> pytest.RunResult:
    stem, chosen = scenario
    project = shipped_project(pytester, stem)
    project.path.joinpath("hkexprt.toml").write_text(
        'participant = "A participant"\nroles = ["CP"]\n'
        '[ccass]\nuser = "USER01"\ntimeout_s = 5\nfailover_timeout_s = 2\n'
    )
    return project.runpytest(f"--drill=ccass.{drill}", f"features/{stem}.feature", "-k", chosen)


def test_every_drill_is_described_and_has_a_test_here():
    assert set(DRILLS) == set(Drill) == {*CAUGHT, *PASSES}


@pytest.mark.parametrize("drill", CAUGHT)
def test_the_suite_catches(pytester, drill):
    scenario, lines = CAUGHT[drill]
    result = run(pytester, drill, scenario)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(lines)
    assert "Traceback" not in result.stdout.str()
    assert [record.outcome for record in records(pytester, OutcomeRecord)] == [Outcome.FAILED]


@pytest.mark.parametrize("drill", PASSES)
def test_the_suite_passes_and_says(pytester, drill):
    scenario, remark = PASSES[drill]
    run(pytester, drill, scenario).assert_outcomes(passed=1)
    assert any(remark in notice.text for notice in records(pytester, NoticeRecord))


def test_a_failure_leaves_the_browsers_trace_and_a_picture(pytester):
    run(pytester, "notice-other", CLOSED)
    names = [record.name for record in records(pytester, AttachmentRecord) if record.stored]
    assert "trace.zip" in names
    assert any(name.endswith(".png") for name in names)


def test_a_certificate_that_is_another_shows_both_fingerprints(pytester):
    run(pytester, "certificate-changed", CLOSED)
    (unmet,) = [check for check in records(pytester, Check) if not check.met]
    wanted, came = unmet.expected.rpartition(" ")[2], unmet.came.rpartition(" ")[2]
    assert len(wanted) == len(came) == 64
    assert wanted != came
