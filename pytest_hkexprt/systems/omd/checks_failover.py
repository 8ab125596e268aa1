"""The comparisons a failover between sites, and retransmission, are put to.

Source: HKEX OMD-C Binary Interface Specifications v1.45, sections 2.2.4.2 and 3.4.3; HKEX OMD-CC Interface
Specification v1.3, section 3.4.3; HKEX OMD-C Developers Guide 1.11, sections 5.3.1 and 9.8.
"""

from __future__ import annotations

from collections.abc import Sequence

from pytest_hkexprt.evidence.record import Check
from pytest_hkexprt.model import Site
from pytest_hkexprt.systems.omd.channels import Feed
from pytest_hkexprt.systems.omd.facts import Answer, FailoverFacts


def signalled(failover: FailoverFacts, waited_s: float, factor: float, where: str) -> Check:
    """Compare the DR signal that came with the two that should."""
    if failover.signalled_s is None:
        came = f"no signal within {waited_s:.3g} s"
    elif failover.completed_s is None:
        came = f"in progress, and nothing else for {waited_s:.3g} s"
    else:
        came = f"in progress, and completed {_span(failover.completed_s - failover.signalled_s, factor)} later"
    return Check(
        what="disaster recovery signal",
        where=where,
        expected="first that the failover is in progress, then that it is completed",
        came=came,
        met=failover.signalled_s is not None and failover.completed_s is not None,
        next_step="" if failover.completed_s is not None else "ask the exchange whether the failover is going on",
    )


def silent_meanwhile(feed: Feed, failover: FailoverFacts, where: str) -> Check:
    """Compare what real-time channels sent between the signals with what the feed's document lets them."""
    heartbeats, messages = failover.heartbeats_meanwhile, failover.messages_meanwhile
    strict = feed is Feed.OMD_CC
    return Check(
        what="real-time channels during the interruption",
        where=where,
        expected="no message and no heartbeat" if strict else "no message; heartbeats alone, or nothing at all",
        came=f"{messages} messages and {heartbeats} heartbeats",
        met=failover.signalled_s is not None and not messages and not (strict and heartbeats),
        next_step="" if failover.signalled_s is not None else "there was no signal to tell the interruption by",
    )


def rebuilt(failover: FailoverFacts, channels: Sequence[int], where: str) -> Check:
    """Compare the channels that were cleared and built again with all there are."""
    missing = [number for number in channels if number not in failover.rebuilt]
    uncleared = [number for number in channels if number not in failover.cleared]
    details = [f"channel {number}: not cleared" for number in uncleared]
    details += [f"channel {number}: no whole snapshot came" for number in missing if number not in uncleared]
    count = len(channels)
    return Check(
        what="books after the failover",
        where=where,
        expected=f"those of {count} channels cleared, and built again from whole snapshots",
        came=f"{count - len(uncleared)} of {count} cleared, {count - len(missing)} of {count} built again",
        met=bool(channels) and not details,
        next_step="look whether the refresh channels are joined, and whether their snapshots end" if details else "",
        details=tuple(details),
    )


def outage(failover: FailoverFacts, objective_s: float, factor: float, where: str) -> Check:
    """Compare the time from the last packet to the last channel's book with the published objective."""
    took_s = failover.outage_s
    expected = f"at most {_span(objective_s, factor)}"
    return Check(
        what="outage",
        where=where,
        expected=expected,
        came="it has not ended" if took_s is None else f"{_span(took_s, factor)} from the last packet to the last book",
        met=took_s is not None and took_s <= objective_s,
        next_step="" if took_s is not None and took_s <= objective_s else "report the times to the exchange",
    )


def answered(answer: Answer, where: str) -> Check:
    """Compare a retransmission server's answer with the messages asked for."""
    asked = answer.last - answer.first + 1
    return Check(
        what="retransmission request",
        where=where,
        expected=f"messages {answer.first} to {answer.last} of channel {answer.channel}",
        came=f"{answer.told}; {answer.messages} of {asked} messages, from {answer.endpoint or 'nobody'}",
        met=answer.granted and answer.messages == asked,
        next_step="" if answer.granted else "compare user, addresses and channels with what the exchange granted",
    )


def served_by(answer: Answer, site: Site, where: str) -> Check:
    """Compare the site of the server that answered with the one that should."""
    return Check(
        what="site that serves retransmission",
        where=where,
        expected=f"the {site} site",
        came=f"the {answer.site} site, {answer.endpoint}: {answer.told}" if answer.granted else answer.told,
        met=answer.granted and answer.site == site,
        next_step="" if answer.site == site else f"look at [omd.OMD-C.addresses] {site}, and ask who should serve",
    )


def _span(seconds: float, factor: float) -> str:
    if factor == 1:
        return f"{seconds:.1f} s"
    return f"{seconds:.2f} s of the rehearsal, which stand for {seconds * factor:.0f} s"
