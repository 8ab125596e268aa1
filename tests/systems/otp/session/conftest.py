from __future__ import annotations

import pytest

from pytest_hkexprt.systems.otp.messages import Role
from pytest_hkexprt.systems.otp.profiles import WireProtocol
from pytest_hkexprt.systems.otp.session_table import State
from tests.systems.otp.session.lines import LOGON, Line


@pytest.fixture(params=list(WireProtocol))
def line(request):
    return Line(request.param)


@pytest.fixture
def active(line):
    line.say(Role.INITIATOR, LOGON)
    assert [end.state for end in line.ends.values()] == [State.ACTIVE] * 2
    return line
