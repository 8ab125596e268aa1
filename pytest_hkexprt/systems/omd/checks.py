"""The comparisons that market data is put to, as pure functions that yield a check each.

None of them receives, waits or raises: what the client found goes in, expected and came go out.

Source: HKEX OMD-C Binary Interface Specifications v1.45, sections 2.2 and 3; HKEX OMD-C Developers Guide 1.11.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pytest_hkexprt.evidence.record import Check
from pytest_hkexprt.systems.omd.book import Picture
from pytest_hkexprt.systems.omd.facts import ChannelFacts, Filled, Gap, LineFacts
from pytest_hkexprt.systems.omd.layouts import LAYOUTS, Type

SHOWN = 10
"""Lines of a kind that a check shows; more are counted."""


def alive(channels: Sequence[ChannelFacts], within_s: float, where: str) -> Check:
    """Compare when each line of each channel was first heard with the time within which it should be."""
    silent, slowest = [], 0.0
    for channel, line in _lines(channels):
        heard_s = line.first_heard_s
        if heard_s is None or heard_s > within_s:
            said = "nothing came" if heard_s is None else f"first heard after {heard_s:.2f} s"
            silent.append(f"channel {channel.number} {channel.name}, line {line.line} {_group(line)}: {said}")
        else:
            slowest = max(slowest, heard_s)
    return Check(
        what="channels alive on both lines",
        where=where,
        expected=f"data or heartbeats on both lines of {_channels(channels)} within {within_s:.3g} s",
        came=_counted(len(channels) * 2 - len(silent), len(channels) * 2, "lines")
        + (f", the slowest after {slowest:.2f} s" if not silent else ""),
        met=bool(channels) and not silent,
        next_step="look whether the group is joined on the right interface, and whether the network passes it on",
        details=_some(silent),
    )


def well_formed(channels: Sequence[ChannelFacts], where: str) -> Check:
    """Compare what could be read with what came; types nobody lists are counted and said, and are no fault."""
    broken = [
        f"channel {channel.number}, line {line.line}: {line.malformed_count} refused; {'; '.join(line.malformed[:3])}"
        for channel, line in _lines(channels)
        if line.malformed_count
    ]
    backwards = [f"channel {channel.number}: {told}" for channel in channels for told in channel.backwards]
    packets = sum(line.packets + line.malformed_count for _, line in _lines(channels))
    faults = [*broken, *backwards]
    refused = sum(line.malformed_count for _, line in _lines(channels))
    came = f"{packets:,} packets, {refused} of them cut or of another size"
    if backwards:
        came += f"; {sum(line.backwards for _, line in _lines(channels))} times a sequence went back"
    return Check(
        what="packets as documented",
        where=where,
        expected="packets whose sizes agree, and sequences that go on",
        came=came if faults else f"{packets:,} packets, all of them so",
        met=packets > 0 and not faults,
        next_step="keep a capture of the group and send it to the exchange" if faults else "",
        details=(*_some(faults), *_unknown(channels)),
    )


def own_messages(channels: Sequence[ChannelFacts], where: str) -> Check:
    """Compare the types of messages that came with those that belong on each channel."""
    strange = [
        f"channel {channel.number} {channel.name}: {count} of {LAYOUTS[type_].name} ({type_})"
        for channel in channels
        for type_, count in sorted(channel.strange.items())
    ]
    return Check(
        what="messages of the channels' own",
        where=where,
        expected="on each channel the messages that belong there",
        came=f"{len(strange)} types that do not belong where they came" if strange else "no other ones",
        met=not strange,
        next_step="compare the groups in [omd.groups] with the exchange's list" if strange else "",
        details=_some(strange),
    )


def dropped(channels: Sequence[ChannelFacts], where: str) -> Check:
    """Compare what this machine itself dropped with nothing: that is no loss of the network's."""
    counted = [(channel, line) for channel, line in _lines(channels) if line.dropped is not None]
    lost = [
        f"channel {channel.number}, line {line.line}: {line.dropped} dropped, buffer {line.buffer_bytes:,} bytes"
        for channel, line in counted
        if line.dropped
    ]
    came = f"{sum(line.dropped or 0 for _, line in counted)} datagrams dropped by this machine"
    return Check(
        what="drops at the socket",
        where=where,
        expected="no datagram dropped for want of room in this machine",
        came=came if counted else "not told by this system; drops here look like losses on the wire",
        met=not lost,
        next_step="raise [omd] buffer_bytes, and the system's limit (on Linux net.core.rmem_max)" if lost else "",
        details=_some(lost),
    )


def nothing_missing(channels: Sequence[ChannelFacts], where: str) -> Check:
    """Compare the messages of both lines together with an unbroken sequence."""
    open_gaps = [(channel, gap) for channel in channels for gap in channel.open_gaps]
    waiting = [channel for channel in channels if not channel.following]
    details = [f"channel {channel.number}: {gap.told}" for channel, gap in open_gaps]
    details += [f"channel {channel.number}: waits for a snapshot" for channel in waiting]
    how = [gap for channel in channels for gap in channel.gaps if gap.filled is not Filled.OPEN]
    filled = [f"{sum(gap.filled is each for gap in how)} filled by {each}" for each in Filled if each in _kinds(how)]
    came = f"{sum(channel.delivered for channel in channels):,} messages in their order"
    if open_gaps:
        came += f", {sum(gap.messages for _, gap in open_gaps)} missing"
    return Check(
        what="messages of the two lines together",
        where=where,
        expected="an unbroken sequence on every channel",
        came=", ".join([came, f"{len(how)} gaps" + (f": {', '.join(filled)}" if filled else "")]),
        met=any(channel.delivered for channel in channels) and not open_gaps and not waiting,
        next_step="look which line lost what, and whether this machine dropped it" if details else "",
        details=_some(details),
    )


def gap_filled(
    channel: ChannelFacts, gaps: Sequence[Gap], by: Filled, where: str, refusals: Sequence[str] = ()
) -> Check:
    """Compare how a gap was filled with how it should be; what retransmission refused stands beside it."""
    right = [gap for gap in gaps if gap.filled is by]
    still = [gap for gap in gaps if gap.filled is Filled.OPEN]
    shown = right if right and not still else gaps
    return Check(
        what=f"gap on channel {channel.number}",
        where=where,
        expected=f"what was missed to be filled by {by}",
        came="; ".join(gap.told for gap in shown[:SHOWN]) or "no gap was noticed",
        met=bool(right) and not still,
        next_step="" if right and not still else "look at the answers of retransmission, and at the refresh channel",
        details=_some([*(gap.told for gap in gaps if gap not in shown), *refusals]),
    )


def definitions(pictures: Mapping[int, Picture], where: str) -> Check:
    """Compare how many securities each market announces with how many are defined."""
    announced: dict[str, int] = {}
    defined: dict[str, int] = {}
    for picture in pictures.values():
        for market in (Type.MARKET_DEFINITION, Type.CC_MARKET_DEFINITION):
            for message in picture.latest.get(market, {}).values():
                announced[message.text("MarketCode")] = message.number("NumberOfSecurities")
        for security in (Type.SECURITY_DEFINITION, Type.CC_SECURITY_DEFINITION):
            for message in picture.latest.get(security, {}).values():
                code = message.text("MarketCode")
                defined[code] = defined.get(code, 0) + 1
    wrong = [
        f"{code}: {announced.get(code, 0)} announced, {defined.get(code, 0)} defined"
        for code in sorted({*announced, *defined})
        if announced.get(code, 0) != defined.get(code, 0)
    ]
    told = ", ".join(f"{code} {count}" for code, count in announced.items())
    return Check(
        what="security definitions",
        where=where,
        expected=f"as many as the market definitions announce: {told or 'none came'}",
        came=", ".join(f"{code} {count}" for code, count in defined.items()) or "none",
        met=bool(announced) and bool(defined) and not wrong,
        next_step="wait for another refresh of the reference channel; if it lacks them, ask the exchange"
        if wrong
        else "",
        details=_some(wrong),
    )


def books_equal(ours: Mapping[int, Picture], theirs: Mapping[int, Picture], caught_up: bool, where: str) -> Check:
    """Compare the receiver's picture of the market with the publisher's."""
    found = [
        f"channel {number}: {line}" for number, picture in ours.items() for line in picture.differences(theirs[number])
    ]
    found += [f"channel {number}: {line}" for number, picture in ours.items() for line in picture.faults]
    if not caught_up:
        found.insert(0, "the last messages of the publisher did not come")
    orders = sum(len(picture.orders) for picture in ours.values())
    levels = sum(len(each) for picture in ours.values() for each in picture.levels.values())
    return Check(
        what="picture of the market",
        where=where,
        expected=f"the publisher's own, on {len(theirs)} channels",
        came=f"{len(found)} differences" if found else f"the same: {orders} orders, {levels} price levels and more",
        met=bool(ours) and not found,
        next_step="look at the first difference, and at how its channel's gaps were filled" if found else "",
        details=_some(found),
    )


def books_sound(pictures: Mapping[int, Picture], where: str) -> Check:
    """State what the receiver's picture holds, and compare it with itself: a live publisher shows none of its own."""
    faults = [f"channel {number}: {line}" for number, picture in pictures.items() for line in picture.faults]
    count = sum(picture.applied for picture in pictures.values())
    return Check(
        what="picture of the market",
        where=where,
        expected="messages that fit what came before them",
        came=f"{len(faults)} of {count:,} that do not" if faults else f"{count:,} that do",
        met=count > 0 and not faults,
        next_step="look at the first of them, and at how its channel's gaps were filled" if faults else "",
        details=_some(faults),
    )


def _lines(channels: Sequence[ChannelFacts]) -> Iterator[tuple[ChannelFacts, LineFacts]]:
    for channel in channels:
        for line in channel.lines:
            yield channel, line


def _group(line: LineFacts) -> str:
    return f"{line.group} (for {line.published})" if line.published and line.published != line.group else line.group


def _channels(channels: Sequence[ChannelFacts]) -> str:
    return f"{len(channels)} channels" if len(channels) != 1 else "1 channel"


def _counted(some: int, all_: int, noun: str) -> str:
    return f"all {all_} {noun}" if some == all_ else f"{some} of {all_} {noun}"


def _kinds(gaps: Sequence[Gap]) -> set[Filled]:
    return {gap.filled for gap in gaps}


def _unknown(channels: Sequence[ChannelFacts]) -> tuple[str, ...]:
    found: dict[int, int] = {}
    for channel in channels:
        for type_, count in channel.unknown.items():
            found[type_] = found.get(type_, 0) + count
    return tuple(
        f"{count} messages of type {type_}, which no document lists, were skipped by their size"
        for type_, count in sorted(found.items())
    )


def _some(lines: Sequence[str]) -> tuple[str, ...]:
    rest = (f"and {len(lines) - SHOWN} more",) if len(lines) > SHOWN else ()
    return (*lines[:SHOWN], *rest)
