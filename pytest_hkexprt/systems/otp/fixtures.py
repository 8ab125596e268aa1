"""What steps and ordinary tests use of OTP-C and OTP-CSC; names begin with ``otp``.

Loaded by every pytest start, so nothing heavy is imported before a fixture is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pytest_hkexprt.evidence.journal import Journal
    from pytest_hkexprt.model import Circular, Participant, Run, Session
    from pytest_hkexprt.systems.otp.client_orders import Trader
    from pytest_hkexprt.systems.otp.fixtures_access import Visits
    from pytest_hkexprt.systems.otp.fixtures_rehearsal import Keys
    from pytest_hkexprt.systems.otp.seam import OrderEntry
    from pytest_hkexprt.systems.otp.settings import OtpSettings
    from pytest_hkexprt.systems.otp.simulator import Simulator

SYSTEM = "otp"


@pytest.fixture(scope="session")
def otp_settings(hkex_participant: Participant, hkex_run: Run) -> OtpSettings:
    """The [otp] table of hkexprt.toml; in a rehearsal, what it leaves out is ours."""
    from pytest_hkexprt.systems.otp import settings  # noqa: PLC0415

    read = settings.read(hkex_participant.systems.get(SYSTEM, {}), hkex_participant.path or Path())
    return settings.completed(read) if hkex_run.rehearsal else read


@pytest.fixture(scope="session")
def otp_keys(hkex_run: Run) -> Keys | None:
    """A rehearsal's key pair and password; None with a live target."""
    from pytest_hkexprt.systems.otp import fixtures_rehearsal  # noqa: PLC0415

    return fixtures_rehearsal.make_keys() if hkex_run.rehearsal else None


@pytest.fixture
def otp_visits(
    hkex_run: Run,
    hkex_circular: Circular,
    hkex_session: Session,
    *,
    hkex_evidence: Journal,
    hkex_data: Path,
    otp_settings: OtpSettings,
    otp_keys: Keys | None,
) -> Iterator[Visits]:
    """The visits to the gateways as the steps tell them: `otp_visits.of("OTP-C")`, with a check for each comparison."""
    from pytest_hkexprt.systems.otp.fixtures_access import Visits  # noqa: PLC0415

    with Visits(
        hkex_run,
        hkex_circular,
        hkex_session,
        otp_settings,
        hkex_evidence,
        hkex_data,
        otp_keys,
        drills=frozenset(name.partition(".")[2] for name in hkex_run.drills if name.startswith(f"{SYSTEM}.")),
    ) as visits:
        visits.speak(otp_settings.protocol)
        yield visits


@pytest.fixture
def otp_simulator(otp_visits: Visits, hkex_run: Run) -> Simulator:
    """The running simulator of OTP-C, both sites; only in a rehearsal."""
    return _simulator(otp_visits, hkex_run, "otp_simulator", "OTP-C")


@pytest.fixture
def otp_csc_simulator(otp_visits: Visits, hkex_run: Run) -> Simulator:
    """The running simulator of OTP-CSC, both sites; only in a rehearsal."""
    return _simulator(otp_visits, hkex_run, "otp_csc_simulator", "OTP-CSC")


@pytest.fixture
def otp(otp_visits: Visits) -> OrderEntry:
    """A client of OTP-C at the session's site, not connected yet; `otp.logon()` finds the gateway and logs on."""
    return otp_visits.of("OTP-C").client


@pytest.fixture
def otp_trader(otp_visits: Visits) -> Trader:
    """The business verbs of `otp`: order, amend, cancel, mass_cancel, quote, report_trade, throttle, entitlement."""
    return otp_visits.of("OTP-C").trader


def _simulator(visits: Visits, run: Run, fixture: str, gateway: str) -> Simulator:
    from pytest_hkexprt.systems.otp.profiles import Gateway  # noqa: PLC0415

    if not run.rehearsal:
        pytest.fail(f"{fixture}: with --target=live there is no simulator", pytrace=False)
    return visits.simulator(Gateway(gateway))
