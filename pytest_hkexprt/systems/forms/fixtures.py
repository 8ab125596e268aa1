"""What steps and ordinary tests use of registrations and forms; names begin with ``forms_``.

Loaded by every pytest start, so nothing heavy is imported before a fixture is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pytest_hkexprt.evidence.journal import Journal
    from pytest_hkexprt.model import Circular, Run
    from pytest_hkexprt.systems.forms.client import Client
    from pytest_hkexprt.systems.forms.visit import Returns

SYSTEM = "forms"


@pytest.fixture
def forms_ledger(hkex_run: Run, hkex_circular: Circular, hkex_evidence: Journal, hkex_data: Path) -> Iterator[Client]:
    """The participant's ledger of registrations and forms; in a rehearsal, one made for it."""
    from pytest_hkexprt.systems.forms.client import Client  # noqa: PLC0415
    from pytest_hkexprt.systems.forms.simulator import Simulator  # noqa: PLC0415

    with ExitStack() as stack:
        if hkex_run.rehearsal:
            drills = [name.partition(".")[2] for name in hkex_run.drills if name.startswith(f"{SYSTEM}.")]
            stack.enter_context(Simulator(hkex_data, hkex_circular, hkex_run.participant.name, drills))
        yield stack.enter_context(Client(hkex_data, hkex_evidence))


@pytest.fixture
def forms_returns(forms_ledger: Client, hkex_run: Run, hkex_circular: Circular, hkex_evidence: Journal) -> Returns:
    """What the participant declares to have sent: registration and forms, compared with the circular."""
    from pytest_hkexprt.systems.forms.visit import Returns  # noqa: PLC0415

    return Returns(forms_ledger, hkex_evidence, hkex_circular, hkex_run.participant.name)
