"""Simulators on their own have what a participant's tables say, and a rehearsal's own where they say nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.model import Participant
from pytest_hkexprt.systems.omd import simulator_alone as feeds
from pytest_hkexprt.systems.otp import simulator_alone as gateways
from tests.systems.alone import alone

GROUPS = {"30": ["239.1.3.4:51000", "239.1.3.5:51000"]}


def of(**systems: dict[str, object]) -> Participant:
    return Participant("Example Securities Limited", path=Path("hkexprt.toml"), systems=systems)


def test_gateways_end_a_participants_orders_at_a_disconnect_where_it_says_so():
    own = {"comp_id": "CO11111111", "cancel_on_disconnect": True, "cancel_delay_s": 30}
    with gateways.serve(alone(of(otp={"otp_c": own}))) as (otp_c, _):
        member = otp_c.exchange.members["CO11111111"]
        assert (member.cancel_on_disconnect, member.cancel_delay_s) == (True, 30)
        assert len(otp_c.exchange.members) == 4, "ours stand in for the sessions it says nothing of"


def test_gateways_are_a_rehearsals_own_for_nobody():
    with gateways.serve(alone()) as (otp_c, _):
        assert not any(member.cancel_on_disconnect for member in otp_c.exchange.members.values())


def test_feeds_are_published_on_a_participants_groups_for_its_user(monkeypatch):
    users = []

    class Simulator(feeds.Simulator):
        def __init__(self, *args, **more) -> None:
            users.append(more["users"])
            super().__init__(*args, **more)

    monkeypatch.setattr(feeds, "Simulator", Simulator)
    own: dict[str, object] = {"OMD-C": {"user": "EXAMPLEC", "channels": [30]}, "groups": GROUPS}
    with feeds.serve(alone(of(omd=own))) as (omd_c, _):
        assert {endpoint.address for endpoint in omd_c.endpoints} >= {*GROUPS["30"]}
    assert users == [("REHEARSAL", "EXAMPLEC"), ("REHEARSAL",)]


@pytest.mark.parametrize(("serve", "system"), [(gateways.serve, "otp"), (feeds.serve, "omd")])
def test_a_mistake_in_a_participants_table_is_told(serve, system):
    with pytest.raises(UsageFault, match="nonsense"), serve(alone(of(**{system: {"nonsense": 1}}))):
        pass
