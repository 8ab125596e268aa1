"""What stands around the gateways: the doctor, the simulator on its own, the fixtures in ordinary tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_hkexprt import circular, shipped
from pytest_hkexprt.finding import State
from pytest_hkexprt.model import Participant
from pytest_hkexprt.systems.otp import client_doctor, simulator_alone
from tests.projects import shipped_project
from tests.systems.alone import alone

PRT = circular.read(shipped.features_folder() / "backbone_prt.toml")
RAP = circular.read(shipped.features_folder() / "rap.toml")
ACCESS = {
    "comp_id": "CO99999901",
    "broker": "1234",
    "bcan": "1234.1",
    "password_env": "OTP_PASSWORD",
    "lookup": {"primary": ["192.0.2.41:16001"]},
}


def found(table: dict[str, object] | None, roles=("EP",), which=PRT) -> dict[str, tuple[State, str]]:
    systems = {} if table is None else {"otp": table}
    who = Participant("A participant", roles=roles, path=Path("hkexprt.toml"), systems=systems)
    return {each.subject: (each.state, each.text) for each in client_doctor.examine(who, which)}


@pytest.fixture
def access(tmp_path, monkeypatch) -> dict[str, object]:
    (tmp_path / "exchange.pem").write_bytes(b"a key")
    monkeypatch.setenv("OTP_PASSWORD", "Abcd1234")
    return {**ACCESS, "public_key": str(tmp_path / "exchange.pem")}


def test_a_circular_without_the_gateways_is_none_of_the_doctors_business():
    assert found(None, which=RAP) == {}


def test_a_missing_table_is_remarked():
    assert found(None)["[otp]"][0] is State.REMARK


def test_a_whole_table_is_good(access):
    orders = [{"security": "700", "side": side, "quantity": 300, "price": 10} for side in ("buy", "sell")]
    told = found({"otp_c": access, "orders": orders})
    assert {state for state, _ in told.values()} == {State.GOOD}


def test_mistakes_are_told_together():
    state, text = found({"protocol": "fixx", "version": "9"})["[otp]"]
    assert state is State.PROBLEM and "2 mistakes" in text


def test_a_role_without_its_connection_is_a_problem(access):
    assert found({"otp_c": access}, roles=("CCEP",))["[otp.otp_csc]"][0] is State.PROBLEM


def test_an_unset_password_is_a_problem(access, monkeypatch):
    monkeypatch.delenv("OTP_PASSWORD")
    assert "no environment variable OTP_PASSWORD" in found({"otp_c": access})["[otp.otp_c]"][1]


@pytest.mark.parametrize(("key", "subject"), [("public_key", "public_key"), ("lookup", "lookup]")])
def test_what_the_login_needs_and_is_not_there_is_a_problem(access, key, subject):
    told = found({"otp_c": {name: value for name, value in access.items() if name != key}})
    assert any(subject in each and state is State.PROBLEM for each, (state, _) in told.items())


def test_the_simulator_alone_tells_how_to_log_on():
    with simulator_alone.serve(alone()) as running:
        assert len(running) == 2
        for each in running:
            told = each.notices[-1]
            assert "password" in told and "public key" in told
            assert Path(told.rpartition(" ")[2]).read_bytes().startswith(b"-----BEGIN PUBLIC KEY")


def test_the_client_is_there_for_ordinary_tests(pytester):
    project = shipped_project(pytester, "backbone_prt")
    project.makepyfile(
        test_own="""
        from decimal import Decimal
        from pytest_hkexprt.systems.otp.words import Side

        def test_own(otp, otp_trader, otp_simulator):
            assert otp.logon().granted
            name = otp_trader.order("700", Side.BUY, Decimal(100), Decimal("388.6"))
            assert [line.cl_ord_id for line in otp_simulator.lines()] == [name]
            assert otp.logout().answered
        """
    )
    project.runpytest("--circular=backbone_prt", "test_own.py").assert_outcomes(passed=1)


@pytest.mark.parametrize("failover", ["cancelled", "recovered"])
@pytest.mark.parametrize("protocol", ["binary", "fix"])
def test_a_failover_is_gone_through_as_configured(pytester, failover, protocol):
    project = shipped_project(pytester, "backbone_ps2")
    project.path.joinpath("hkexprt.toml").write_text(
        f'participant = "A participant"\nroles = ["HSN"]\n[otp]\nprotocol = "{protocol}"\nfailover = "{failover}"\n'
    )
    project.runpytest("features/backbone_ps2.feature", "-k", "session").assert_outcomes(passed=2)


@pytest.mark.parametrize("version", ["2.2", "3"])
def test_both_versions_of_the_layouts_go_through_a_day(pytester, version):
    project = shipped_project(pytester, "backbone_prt")
    project.path.joinpath("hkexprt.toml").write_text(
        f'participant = "A participant"\nroles = ["EP"]\n[otp]\nversion = "{version}"\n'
    )
    project.runpytest("features/backbone_prt.feature", "-k", "PRT1 and trading").assert_outcomes(passed=1)
