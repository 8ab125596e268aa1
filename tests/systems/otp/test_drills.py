"""Every drill of the trading gateways, through the suite as its user runs it: caught for the right reason."""

from __future__ import annotations

import shutil

import pytest

from pytest_hkexprt import shipped
from pytest_hkexprt.evidence.record import Check, OutcomeRecord
from pytest_hkexprt.model import Outcome
from pytest_hkexprt.systems.otp.drills import DRILLS, Drill
from tests.projects import records, shipped_project

TRADING = ("backbone_prt", "PRT1 and trading")
LOGIN = ("backbone_prt", "PRT1 and CSC")
BINARY_DAY, FIX_DAY = ("otp_day", "PRT1-1 and trading"), ("otp_day", "PRT1-2 and trading")
TRADES, FIX_TRADES = ("otp_day", "PRT1-1 and report"), ("otp_day", "PRT1-2 and report")
FAILOVER = ("backbone_ps2", "session")

CAUGHT = {
    Drill.WRONG_PASSWORD: (TRADING, ["*logon*", "*expected: *status 0, active*", "*came: *status 5, invalid user*"]),
    Drill.PASSWORD_EXPIRED: (TRADING, ["*logon*", "*came: *status 8, password expired*"]),
    Drill.LOCKED: (TRADING, ["*logon*", "*came: *status 6, account locked*"]),
    Drill.NOT_NOW: (TRADING, ["*logon*", "*came: *status 7, logons not allowed now*"]),
    Drill.WRONG_SEQUENCE: (TRADING, ["*expects what was never said*", "*NextExpectedMsgSeqNum up to 2*", "*came: *7*"]),
    Drill.NO_HEARTBEAT: (BINARY_DAY, ["*heartbeats*", "*expected: *2 from each side*", "*came: *0 heard*"]),
    Drill.BAD_CHECKSUM: (TRADING, ["*the stream is broken*", "*expected: *CRC-32C*"]),
    Drill.SILENT_AFTER_LOGON: (TRADING, ["*the other side is silent*", "*an answer to the test request*"]),
    Drill.REPORT_LOST: (TRADING, ["*expected: *the order is filled*", "*came: *open, 0 traded*"]),
    Drill.REPORT_DOUBLED: (TRADING, ["*execution reports*", "*came: *execution report * came twice*"]),
    Drill.OUT_OF_ORDER: (TRADING, ["*execution reports*", "*came: *traded before it was accepted*"]),
    Drill.WRONG_ORDER_ID: (TRADING, ["*execution reports*", "*came: *carries OrderID 4711; expected*"]),
    Drill.UNSOLICITED_CANCEL: (TRADING, ["*execution reports*", "*was cancelled, reason 107, and nobody asked*"]),
    Drill.UNKNOWN_CODE: (BINARY_DAY, ["*rejection*", "*OrdRejReason 777, which no document has*"]),
    Drill.THROTTLE_EXCEEDED: (TRADING, ["*execution reports*", "*was refused: throttle exceeded*"]),
    Drill.OTHER_SITE_ANSWERS: (TRADING, ["*gateways*", "*came: *127.51.100.41*of another site*"]),
    Drill.LOOKUP_REJECTED: (TRADING, ["*otp: lookup*", "*rejected with code 3 (client blocked)*"]),
    Drill.LOGOUT_UNANSWERED: (TRADING, ["*logout*", "*came: *no answer to the logout in 6? s*"]),
    Drill.ORDER_IN_LOGIN_ONLY: (LOGIN, ["*messages of the session*", "*came: *the participant: New Order, 1*"]),
    Drill.EXECUTION_LOST: (FAILOVER, ["*execution reports*", "*CumQty is 100, and its reports come to 0*"]),
    Drill.TRADE_UNCONFIRMED: (TRADES, ["*trade confirmed*", "*expected: *one trade, confirmed*", "*reported by one*"]),
    Drill.TRADE_MISREPORTED: (TRADES, ["*execution reports*", "*told as sell 101 of 700*reported was sell 100 of*"]),
}
"""Drill to where it bites, and to lines of the failure, in order."""
CAUGHT_OVER_FIX = {
    Drill.BAD_CHECKSUM: (FIX_DAY, ["*the stream is broken*", "*CheckSum*"]),
    Drill.REPORT_DOUBLED: (FIX_DAY, ["*execution reports*", "*came: *execution report * came twice*"]),
    Drill.NO_HEARTBEAT: (FIX_DAY, ["*heartbeats*", "*came: *0 heard*"]),
    Drill.TRADE_MISREPORTED: (FIX_TRADES, ["*execution reports*", "*told as sell 101 of 700*"]),
}
PASSES = {Drill.MIRROR_ONLY}


def project(pytester: pytest.Pytester, feature: str) -> pytest.Pytester:
    made = shipped_project(pytester, "backbone_prt" if feature == "otp_day" else feature)
    if feature == "otp_day":
        shutil.copy(shipped.features_folder() / "otp_day.feature", made.path / "features")
    return made


def test_every_drill_is_described_and_has_a_test_here():
    assert set(DRILLS) == set(Drill) == {*CAUGHT} | PASSES


def caught(pytester: pytest.Pytester, drill: Drill, where: tuple[str, str], lines: list[str]) -> None:
    feature, which = where
    run = project(pytester, feature)
    result = run.runpytest(f"--drill=otp.{drill}", f"features/{feature}.feature", "-k", which)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(lines)
    assert "Traceback" not in result.stdout.str()
    assert {record.outcome for record in records(run, OutcomeRecord)} == {Outcome.FAILED}
    (report,) = run.path.glob("reports/*/report.html")
    assert drill in report.read_text("utf-8")


@pytest.mark.parametrize("drill", CAUGHT)
def test_the_suite_catches(pytester, drill):
    caught(pytester, drill, *CAUGHT[drill])


@pytest.mark.parametrize("drill", CAUGHT_OVER_FIX)
def test_the_suite_catches_over_fix(pytester, drill):
    caught(pytester, drill, *CAUGHT_OVER_FIX[drill])


def test_a_primary_gateway_that_refuses_is_told_in_a_pass(pytester):
    run = project(pytester, "backbone_prt")
    result = run.runpytest("--drill=otp.mirror-only", "features/backbone_prt.feature", "-k", TRADING[1])
    result.assert_outcomes(passed=1)
    remarks = [remark for check in records(run, Check) for remark in check.details]
    # Not the port's number: another run may have it, and the simulator then listens at another.
    assert any("answered after others did not" in remark and "refused" in remark for remark in remarks)
