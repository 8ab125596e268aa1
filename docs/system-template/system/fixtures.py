"""What steps and ordinary tests use of NAME.

Loaded by every pytest start, so nothing heavy is imported before a fixture is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pytest_hkexprt.evidence.journal import Journal
    from pytest_hkexprt.model import Circular, Run, Session
    from pytest_hkexprt.systems.NAME.simulator import Simulator
    from pytest_hkexprt.systems.NAME.visit import Visit

SYSTEM = "NAME"


@pytest.fixture
def NAME_simulator(hkex_run: Run, hkex_circular: Circular, hkex_session: Session) -> Iterator[Simulator]:
    """The running service of the session's site; only in a rehearsal."""
    from pytest_hkexprt import target  # noqa: PLC0415
    from pytest_hkexprt.systems.NAME.simulator import Simulator  # noqa: PLC0415

    if not hkex_run.rehearsal:
        pytest.fail("NAME_simulator: with --target=live there is no simulator", pytrace=False)
    published = target.endpoints(hkex_circular, {}, SYSTEM, hkex_session.site)
    drills = [name.partition(".")[2] for name in hkex_run.drills if name.startswith(f"{SYSTEM}.")]
    with Simulator([target.mirror(each) for each in published], drills=drills) as simulator:
        yield simulator


@pytest.fixture
def NAME_visit(
    request: pytest.FixtureRequest,
    hkex_run: Run,
    hkex_circular: Circular,
    hkex_session: Session,
    hkex_evidence: Journal,
) -> Iterator[Visit]:
    """A visit to the service at the session's site."""
    from pytest_hkexprt import target  # noqa: PLC0415
    from pytest_hkexprt.systems.NAME.client import Client  # noqa: PLC0415
    from pytest_hkexprt.systems.NAME.visit import Visit  # noqa: PLC0415

    if hkex_run.rehearsal:
        endpoints = request.getfixturevalue("NAME_simulator").endpoints
    else:
        endpoints = target.endpoints(hkex_circular, {}, SYSTEM, hkex_session.site)
    with Client(endpoints, hkex_evidence, timeout_s=1.0) as client:
        yield Visit(client, hkex_evidence)
