"""A vendor's own order gateway in our client's place: the same steps, checks and drills hold it to account."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace

import pytest

from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.evidence.record import Check, ExchangeRecord, NoticeRecord
from pytest_hkexprt.systems.otp.client_orders import Trader
from pytest_hkexprt.systems.otp.codecs import codec_of
from pytest_hkexprt.systems.otp.drills import Drill
from pytest_hkexprt.systems.otp.permission import Permission
from pytest_hkexprt.systems.otp.profiles import OCG_3, WireProtocol
from pytest_hkexprt.systems.otp.words import Side
from tests.projects import records
from tests.systems.otp.test_drills import CAUGHT, TRADING, project

GATEWAY = """
from pytest_hkexprt.systems.otp.client import Client

class Gateway:
    def __init__(self, credentials, journal, **more):
        self.journal = journal
        self.library = Client(credentials, journal, **more)
    def say(self, message):
        self.journal.exchange(self.endpoint, f"the vendor's gateway sends {message.kind}")
        self.library.say(message)
    def __getattr__(self, verb):
        return getattr(self.library, verb)

class Forgetful(Gateway):
    '''Loses count of what it heard.'''
    def logout(self):
        done = self.library.logout()
        self.library.kept.day.next_in -= 1
        return done

class Unready:
    def __init__(self, *args, **more):
        pass
    def logon(self):
        pass
"""


def choose(made: pytest.Pytester, name: str, more: str = "") -> pytest.Pytester:
    """Put a gateway of the vendor's own into the participant file."""
    made.makeini("[pytest]\npythonpath = .\n")
    made.path.joinpath("vendors.py").write_text(GATEWAY, "utf-8")
    made.path.joinpath("hkexprt.toml").write_text(
        f'participant = "A vendor"\nroles = ["EP", "CCEP", "HSN"]\n[otp]\nadapter = "{name}"\n{more}', "utf-8"
    )
    return made


def test_a_gateway_of_the_vendors_own_trades_and_the_evidence_says_whose_it_is(pytester):
    run = choose(project(pytester, TRADING[0]), "vendors:Gateway")
    run.runpytest("features/backbone_prt.feature", "-k", TRADING[1]).assert_outcomes(passed=1)
    noticed = [each.text for each in records(run, NoticeRecord)]
    assert "otp: vendors:Gateway is in our client's place" in noticed
    assert "the vendor's gateway sends New Order" in {each.what for each in records(run, ExchangeRecord)}
    assert all(check.met for check in records(run, Check))


@pytest.mark.parametrize(
    "drill",
    [
        Drill.WRONG_PASSWORD,
        Drill.OTHER_SITE_ANSWERS,
        Drill.REPORT_LOST,
        Drill.REPORT_DOUBLED,
        Drill.LOGOUT_UNANSWERED,
        Drill.ORDER_IN_LOGIN_ONLY,
        Drill.EXECUTION_LOST,
    ],
)
def test_a_drill_is_caught_with_the_vendors_gateway_too(pytester, drill):
    (feature, which), lines = CAUGHT[drill]
    run = choose(project(pytester, feature), "vendors:Gateway")
    result = run.runpytest(f"--drill=otp.{drill}", f"features/{feature}.feature", "-k", which)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(lines)
    assert "Traceback" not in result.stdout.str()


def test_a_gateway_that_loses_count_is_found_out_by_the_other_side(pytester):
    run = choose(project(pytester, TRADING[0]), "vendors:Forgetful")
    result = run.runpytest("features/backbone_prt.feature", "-k", TRADING[1])
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["*numbers*", "*expected: *", "*came: *"])


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("vendors:Gatewya", "*came: *no 'Gatewya' in it*did you mean Gateway*"),
        ("vendors:Unready", "*came: *a Unready without *await_loss*wait_for*"),
    ],
)
def test_a_mistake_is_told_before_anything_is_dialled(pytester, name, told):
    run = choose(project(pytester, TRADING[0]), name)
    result = run.runpytest("features/backbone_prt.feature", "-k", TRADING[1])
    assert result.ret != pytest.ExitCode.OK
    result.stdout.fnmatch_lines(["*[[]otp] adapter = *", told])
    assert not records(run, ExchangeRecord)


def test_what_may_not_be_sent_never_reaches_the_vendors_gateway():
    said = []
    gateway = SimpleNamespace(
        credentials=SimpleNamespace(comp_id="CO99999901", broker="1234", bcan=""),
        codec=codec_of(OCG_3, WireProtocol.BINARY),
        permission=Permission("otp/OTP-C", live=True),
        kept=SimpleNamespace(name=lambda: "1"),
        say=said.append,
    )
    with pytest.raises(UsageFault, match="--allow-orders"):
        Trader(gateway).order("700", Side.BUY, Decimal(100), Decimal("388.6"))
    assert said == []
