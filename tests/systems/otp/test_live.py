"""Live runs through the suite, against a simulator that stands where the participant's file says its gateway is."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from decimal import Decimal

import pytest

from pytest_hkexprt import shipped
from pytest_hkexprt.evidence.record import AttachmentRecord, OutcomeRecord
from pytest_hkexprt.model import Outcome, Site
from pytest_hkexprt.systems.otp.book import Standing
from pytest_hkexprt.systems.otp.pace import Pace
from pytest_hkexprt.systems.otp.profiles import CCCG_13
from pytest_hkexprt.systems.otp.simulator_admission import OnFile
from pytest_hkexprt.systems.otp.simulator_ports import Service
from pytest_hkexprt.systems.otp.simulator_street import Street
from tests.projects import records
from tests.systems.otp.firm import BROKERS, COPY, FIRST, PASSWORD
from tests.vendors import write

TRADING, LOGIN = "Exchange and trading and not China", "CSC"
ORDERS = "".join(
    f'[[otp.orders]]\nsecurity = "700"\nside = "{side}"\nquantity = 300\nprice = 388.6\ntick = 0.2\n'
    for side in ("buy", "sell")
)


@pytest.fixture
def gateway(simulate):
    """A gateway at its documented pace, for whoever takes it for the real one."""
    return simulate(pace=Pace())


@pytest.fixture
def project(pytester, gateway, rsa_key, monkeypatch):
    """A participant of OTP-C whose circular's session is going on now."""
    folder = pytester.mkdir("features")
    for ending in ("toml", "feature"):
        shutil.copy(shipped.features_folder() / f"backbone_prt.{ending}", folder)
    now = dt.datetime.now().astimezone()
    put_session(pytester, now - dt.timedelta(hours=1), now + dt.timedelta(hours=1))
    pytester.makeini("[pytest]\n")
    pytester.path.joinpath("exchange.pem").write_bytes(rsa_key[1])
    monkeypatch.setenv("OTP_PASSWORD", PASSWORD.reveal())
    participant(pytester, gateway)
    return pytester


def put_session(pytester, starts: dt.datetime, ends: dt.datetime) -> None:
    """Put the circular's first session into a window, and leave the others out."""
    path = pytester.path / "features" / "backbone_prt.toml"
    head, _, rest = path.read_text("utf-8").partition('[[session]]\nname = "PRT1"')
    _, _, clauses = rest.partition("[[clause]]")
    session = (
        f'[[session]]\nname = "PRT1"\nsite = "primary"\nstarts = {starts.isoformat()}\nends = {ends.isoformat()}\n'
        'systems = ["otp", "omd"]\n\n'
    )
    path.write_text(f"{head.replace('2023-12-29', '2020-01-01')}{session}[[clause]]{clauses}", "utf-8")


def participant(pytester, gateway, *, orders: str = ORDERS, roles: str = '["EP", "CCEP"]', name: str = "otp_c") -> None:
    tables = []
    for table, comp_id in ((name, FIRST), ("drop_copy", COPY)):
        addresses = ", ".join(f'"{each.address}"' for each in gateway.at(Service.LOOKUP, Site.PRIMARY))
        tables.append(
            f'[otp.{table}]\ncomp_id = "{comp_id}"\nbroker = "1234"\nbcan = "1234.1"\npassword_env = "OTP_PASSWORD"\n'
            f'public_key = "exchange.pem"\nlookup.primary = [{addresses}]\n'
        )
    pytester.path.joinpath("hkexprt.toml").write_text(
        f'participant = "A participant"\nroles = {roles}\n{"".join(tables)}{orders}', "utf-8"
    )


def live(project, *options: str, which: str = TRADING) -> pytest.RunResult:
    return project.runpytest("--target=live", *options, "features/backbone_prt.feature", "-k", which)


def test_with_permission_and_a_list_a_live_day_is_traded(project, gateway):
    live(project, "--allow-orders").assert_outcomes(passed=1)
    assert sum(line.traded for line in gateway.lines(FIRST)) == 400


def test_without_the_option_no_order_leaves(project, gateway):
    result = live(project)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*otp/OTP-C: nothing was sent*", "*expected: *--allow-orders*"])
    assert gateway.lines() == ()


def test_without_a_list_no_order_leaves(project, gateway):
    participant(project, gateway, orders="")
    result = live(project, "--allow-orders")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*otp.orders*", "*expected: *"])
    assert gateway.lines() == ()


def test_outside_the_sessions_window_no_order_leaves(project, gateway):
    yesterday = dt.datetime.now().astimezone() - dt.timedelta(days=1)
    put_session(project, yesterday, yesterday + dt.timedelta(hours=1))
    result = live(project, "--allow-orders")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*nothing was sent*", "*expected: *the session's window*"])
    assert gateway.lines() == ()


def test_for_another_role_the_scenario_is_not_run_at_all(project, gateway):
    participant(project, gateway, roles='["CCEP"]')
    live(project, "--allow-orders").assert_outcomes(skipped=1)
    assert gateway.lines() == ()


def test_a_login_needs_no_permission(project, simulate, gateway):
    csc = simulate(profile=CCCG_13, pace=Pace(), on_file={comp_id: OnFile(PASSWORD) for comp_id in BROKERS})
    participant(project, csc, name="otp_csc", orders="")
    feature = project.path / "features" / "backbone_prt.feature"
    steps = feature.read_text("utf-8").splitlines(keepends=True)  # a live heartbeat takes twenty seconds
    feature.write_text("".join(step for step in steps if "heartbeat" not in step), "utf-8")
    live(project, which=LOGIN).assert_outcomes(passed=1)


def test_numbers_go_on_in_the_next_run_of_the_day(project):
    live(project, "--allow-orders").assert_outcomes(passed=1)
    shutil.rmtree(project.path / "reports")
    live(project, "--allow-orders").assert_outcomes(passed=1)
    assert {record.outcome for record in records(project, OutcomeRecord)} == {Outcome.PASSED}


OWN = """
@circular.backbone_prt
Feature: A day in two runs
  @role.EP @system.otp
  Scenario: The first run
    Given the OTP-C gateway of the session's site is looked up
    When the participant logs in to OTP-C
    And the participant enters a limit order
    Then OTP-C accepts the order

  @role.EP @system.otp
  Scenario: The second run
    Given the OTP-C gateway of the session's site is looked up
    When the participant logs in to OTP-C
    And the participant enters a limit order
    And the participant cancels the order
    Then the order is cancelled
    When the participant logs out of OTP-C
    Then the OTP-C session is closed on both sides
    And the books of both sides agree
"""


def test_what_was_missed_between_two_runs_of_the_day_is_in_the_books_of_the_second(project, gateway):
    (project.path / "features" / "own.feature").write_text(OWN, "utf-8")
    own = ("--target=live", "--allow-orders", "features/own.feature")
    project.runpytest(*own, "-k", "first").assert_outcomes(passed=1)  # it never logs out: its line is dropped
    street, exchange = Street(gateway.exchange), gateway.exchange
    gateway.within(lambda: gateway.gateway.deliver(street.meet(next(exchange.resting()), Decimal(100))))
    shutil.rmtree(project.path / "reports")
    project.runpytest(*own, "-k", "second").assert_outcomes(passed=1)
    resting, cancelled = gateway.lines(FIRST)
    assert (resting.standing, resting.traded, cancelled.standing) == (Standing.OPEN, 100, Standing.CANCELLED)
    (table,) = [each for each in records(project, AttachmentRecord) if each.name == f"orders-{FIRST}.txt"]
    (kept,) = project.path.glob(f"reports/*/{table.stored}")
    assert kept.read_text("utf-8") == "".join(f"{line.cl_ord_id}\t{line}\n" for line in (resting, cancelled))


def test_without_the_password_nobody_is_dialled(project, monkeypatch):
    monkeypatch.delenv("OTP_PASSWORD")
    result = live(project, "--allow-orders")
    result.stdout.fnmatch_lines(["*[[]otp.otp_c] password_env*", "*environment variable OTP_PASSWORD*"])
    assert result.ret != 0


def test_without_addresses_nobody_is_dialled(project):
    path = project.path / "hkexprt.toml"
    path.write_text("\n".join(line for line in path.read_text("utf-8").splitlines() if "lookup" not in line), "utf-8")
    result = live(project, "--allow-orders")
    result.stdout.fnmatch_lines(["*[[]otp.otp_c.lookup]*", "*no circular publishes them*"])
    assert result.ret != 0


def test_a_live_run_has_no_simulator(project):
    project.makepyfile(test_own="def test_own(otp_simulator):\n    pass\n")
    result = project.runpytest("--target=live", "test_own.py")
    result.stdout.fnmatch_lines(["*with --target=live there is no simulator*"])


def test_a_vendors_program_trades_live_by_the_days_numbers_and_its_environment_has_no_password(project, gateway):
    kept = ("def serve(", 'import os\njson.dump(dict(os.environ), open("environment", "w"))\n\n\ndef serve(')
    table = write(project, "otp", kept)
    with project.path.joinpath("hkexprt.toml").open("a") as file:
        file.write(table)
    live(project, "--allow-orders").assert_outcomes(passed=1)
    assert sum(line.traded for line in gateway.lines(FIRST)) == 400
    (numbers,) = [json.loads(each.read_bytes()) for each in project.path.glob(f"hkexprt-data/otp/{FIRST}-*.json")]
    theirs = gateway.day(FIRST)
    assert (numbers["next_out"], numbers["next_in"]) == (theirs.next_in, theirs.next_out)
    environment = json.loads(project.path.joinpath("environment").read_bytes())
    assert "PATH" in environment
    assert PASSWORD.reveal() not in str(environment)


def test_an_order_without_permission_never_reaches_a_vendors_program(project, gateway):
    table = write(project, "otp", ('case "say":', 'case "say":\n            open("asked", "w").close()'))
    with project.path.joinpath("hkexprt.toml").open("a") as file:
        file.write(table)
    result = live(project)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["*expected: *the option --allow-orders*"])
    assert gateway.lines(FIRST) == ()
    assert not project.path.joinpath("asked").exists()
