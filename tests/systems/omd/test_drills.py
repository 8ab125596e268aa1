"""Every drill of market data, through the suite as its user runs it: caught for the right reason, or passed."""

from __future__ import annotations

import pytest

from pytest_hkexprt.evidence.record import Check, OutcomeRecord
from pytest_hkexprt.model import Outcome
from tests.projects import records
from tests.systems.omd.projects import channels_project, failover_project

ALIVE, DEFINED, SENT_AGAIN, REFRESHED = "alive", "defined", "lose and again", "refresh"
"""Scenarios of omd_channels.feature, by a word of their names."""
CAUGHT_ON_THE_CHANNELS = {
    "omd.line-dead": (ALIVE, ["*channels alive*", "*came: *13 of 14 lines*", "*channel 30 *line B *nothing came*"]),
    "omd.both-lines-dead": (ALIVE, ["*came: *12 of 14 lines*", "*30 *line A *nothing*", "*30 *line B *nothing*"]),
    "omd.heartbeats-stop": (ALIVE, ["*channels alive*", "*channel 9 DR signal, line A *nothing came*"]),
    "omd.wrong-channel": (ALIVE, ["*messages of the channels' own*", "*channel 10 *AddOrder (30)*"]),
    "omd.sequence-goes-back": (ALIVE, ["*packets as documented*", "*came: *times a sequence went back*"]),
    "omd.packet-size-differs": (ALIVE, ["*packets as documented*", "*line A: *as its PktSize says*a datagram of*"]),
    "omd.cut-message": (ALIVE, ["*packets as documented*", "*line A: * refused; message 1 of the packet*"]),
    "omd.definition-missing": (DEFINED, ["*security definitions*", "*NASD: 1 announced, 0 defined*"]),
    "omd.beyond-recovery": (REFRESHED, ["*by refresh*", "*came on neither line*", "*messages not available*"]),
    "omd.wrong-user": (SENT_AGAIN, ["*by retransmission*", "*by refresh after*", "*invalid user or IP address*"]),
    "omd.already-connected": (SENT_AGAIN, ["*by retransmission*", "*by refresh after*", "*already connected*"]),
    "omd.channel-refused": (SENT_AGAIN, ["*by retransmission*", "*by refresh after*", "*unknown or not authorised*"]),
    "omd.not-available": (SENT_AGAIN, ["*by retransmission*", "*by refresh after*", "*messages not available*"]),
    "omd.range-refused": (SENT_AGAIN, ["*by retransmission*", "*by refresh after*", "*range longer than allowed*"]),
    "omd.requests-refused": (SENT_AGAIN, ["*by retransmission*", "*by refresh after*", "*more requests than*"]),
    "omd.never-answers": (SENT_AGAIN, ["*by retransmission*", "*by refresh after*", "*nothing came within*"]),
}
"""Drill to the scenario that catches it, and lines of the failure, in order."""
CAUGHT_IN_THE_FAILOVER = {
    "omd.dr-never-completes": ["*disaster recovery signal*", "*came: *in progress, and nothing else*"],
    "omd.refresh-without-end": [
        "*books after the failover*",
        "*6 of 6 cleared, 0 of 6 built again*",
        "*channel 30: no*",
    ],
    "omd.wrong-site-answers": ["*site that serves retransmission*", "*expected: *secondary*", "*came: *primary site*"],
    "omd.book-differs": ["*picture of the market*", "*came: *differences*", "*channel 30: order*here*there*"],
    "omd.failover-too-long": ["*outage*", "*expected: *at most 5.00 s*300 s*", "*came: *from the last packet*"],
}
"""Drill to lines of the failure of the practice session, in order."""
PASSES = {"omd.unknown-type"}
DRILLS = {*CAUGHT_ON_THE_CHANNELS, *CAUGHT_IN_THE_FAILOVER, *PASSES}
"""Every drill that has a test here."""


@pytest.mark.parametrize("drill", CAUGHT_ON_THE_CHANNELS)
def test_the_channels_catch(pytester, drill):
    word, lines = CAUGHT_ON_THE_CHANNELS[drill]
    project = channels_project(pytester)
    chosen = f"{word} and PRT1 and not PRT1-2"
    result = project.runpytest(f"--drill={drill}", "features/omd_channels.feature", "-k", chosen)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(lines)
    assert "Traceback" not in result.stdout.str()
    assert [record.outcome for record in records(project, OutcomeRecord)] == [Outcome.FAILED]


@pytest.mark.parametrize("drill", CAUGHT_IN_THE_FAILOVER)
def test_the_failover_catches(pytester, drill):
    project = failover_project(pytester)
    # The outline's first row is OMD-C.
    result = project.runpytest(f"--drill={drill}", "features/backbone_ps2.feature", "-k", "goes and 1")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(CAUGHT_IN_THE_FAILOVER[drill])
    assert "Traceback" not in result.stdout.str()
    assert [record.outcome for record in records(project, OutcomeRecord)] == [Outcome.FAILED]


def test_messages_of_a_type_nobody_lists_are_counted_and_said_in_a_pass(pytester):
    project = channels_project(pytester)
    chosen = "alive and PRT1 and not PRT1-2"
    result = project.runpytest("--drill=omd.unknown-type", "features/omd_channels.feature", "-k", chosen)
    result.assert_outcomes(passed=1)
    remarks = [remark for check in records(project, Check) for remark in check.details]
    assert any("messages of type 999, which no document lists" in remark for remark in remarks)
