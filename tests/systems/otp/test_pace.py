"""How documented waits are waited in a live run, and in a rehearsal."""

from __future__ import annotations

from pytest_hkexprt.systems.otp.pace import Pace


def test_a_live_run_waits_as_documented():
    assert (Pace().real_s(60), Pace().documented_s(60), Pace().told(60)) == (60, 60, "60 s")


def test_a_rehearsal_waits_a_part_of_it():
    pace = Pace(0.25)
    assert (pace.real_s(60), pace.documented_s(15)) == (15, 60)
    assert pace.told(60) == "60 s, in this rehearsal 15 s"
