"""The comparisons a session with a trading gateway makes, as pure functions that yield a check each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from pytest_hkexprt.evidence.record import Check
from pytest_hkexprt.model import Endpoint, Site
from pytest_hkexprt.systems.otp import deals
from pytest_hkexprt.systems.otp.deals import Deal
from pytest_hkexprt.systems.otp.facts import Beats, Found, Logon, Logout, Transcript, Try
from pytest_hkexprt.systems.otp.lines import ZERO, Line, differences
from pytest_hkexprt.systems.otp.orders import Orders
from pytest_hkexprt.systems.otp.session_day import Day
from pytest_hkexprt.systems.otp.words import SessionStatus

MOST_SHOWN = 12
"""Lines of a list in a check's details."""
GOOD = (SessionStatus.ACTIVE, SessionStatus.PASSWORD_CHANGED, SessionStatus.PASSWORD_DUE_TO_EXPIRE)


def gateways_found(found: Found, wanted: Site, known: Collection[str], other: Collection[str], where: str) -> Check:
    """Compare the gateways that were told with those the site is known to have.

    Args:
        found: what the lookup told, or the pool.
        wanted: the site the session is at.
        known: addresses of that site's gateways; empty where the participant does not know them.
        other: those of the other site's.
        where: gateway and site.
    """
    told = [endpoint.address for endpoint in found.gateways]
    strays = [address for address in told if address in other or (known and address not in known)]
    if found.hunted:  # a pool has both sites' addresses; those of the session's site come first
        strays = strays if found.gateways[0].site is not wanted else []
    details = [f"{each.endpoint.address}: {each.came}" for each in found.tries]
    if not known:
        details.append("whose a gateway is, only its lookup service tells: hkexprt.toml lists none")
    came = f"{', '.join(told)}, " + ("a pool to hunt through" if found.hunted else f"told at the {found.site} site")
    if strays:
        came += f"; of another site: {', '.join(strays)}"
    return Check(
        what="gateways",
        where=where,
        expected=f"the gateways of the {wanted} site" + (f": {', '.join(known)}" if known else ""),
        came=came,
        met=bool(told) and not strays and found.site is wanted,
        next_step="ask the exchange which site serves this session, and look at the lookup services' addresses",
        details=tuple(details),
    )


def logged_on(logon: Logon, where: str) -> Check:
    """Compare the session status a logon brought with an active session."""
    details = [f"{each.endpoint.address}: {each.came}" for each in logon.tries]
    details += passed_over(logon.tries)
    details.append(f"our numbers go on from {logon.next_out}, theirs from {logon.next_in}")
    if logon.test is not None:
        details.append("the gateway says that this is a test" if logon.test else "the gateway says: production")
    if logon.status == SessionStatus.PASSWORD_DUE_TO_EXPIRE:
        details.append(f"the password is due to expire: {logon.text or 'the gateway does not say when'}")
    if logon.changed_password:
        details.append("the password was changed: the next session needs the new one")
    return Check(
        what="logon",
        where=where,
        expected="status 0, active",
        came=logon.told if logon.granted or logon.status is not None else f"no logon: {logon.told}",
        met=logon.granted and logon.status in GOOD,
        next_step=ADVICE.get(logon.status or 0, "ask the exchange's desk"),
        details=tuple(details),
    )


ADVICE: dict[int, str] = {
    SessionStatus.INVALID_USER_OR_PASSWORD: "look at comp_id and the password; the third wrong one locks the Comp ID",
    SessionStatus.ACCOUNT_LOCKED: "have the exchange unlock the Comp ID",
    SessionStatus.LOGONS_NOT_ALLOWED_NOW: "wait for the session, and ask when logons are admitted",
    SessionStatus.PASSWORD_EXPIRED: "have the exchange reset the password",
    SessionStatus.PASSWORD_CHANGE_REQUIRED: "set new_password_env in hkexprt.toml",
    SessionStatus.NEW_PASSWORD_NOT_COMPLIANT: "choose 8 letters and digits that were not among the last five",
}


def passed_over(tries: Sequence[Try]) -> list[str]:
    """Return the remark that another gateway than the primary one answered, where it did."""
    stood = [each for each in tries if each.stood]
    failed = [each for each in tries if not each.stood]
    if not stood or not failed:
        return []
    listed = ", ".join(f"{each.endpoint.address} ({each.came})" for each in failed)
    return [f"{stood[-1].endpoint.address} answered after others did not: {listed}"]


def told(what: str, where: str, *, expected: str, came: str, met: bool, details: Iterable[str] = ()) -> Check:
    """State what a request brought, beside what it should have."""
    return Check(
        what=what,
        where=where,
        expected=expected,
        came=came,
        met=met,
        next_step="compare the transcript with the interface specification",
        details=tuple(details),
    )


def reports_sound(orders: Orders, where: str) -> Check:
    """State whether the reports so far fit together: none twice, none missing, none of another order."""
    unasked = [
        f"{each.cl_ord_id} was cancelled, reason {each.reason}, and nobody asked for it" for each in orders.unasked
    ]
    wrong = [*orders.faults, *unasked, *orders.refused]
    return Check(
        what="execution reports",
        where=where,
        expected="reports that fit together, no cancel that nobody asked for, no request refused",
        came="; ".join(wrong[:MOST_SHOWN]) or f"{orders.reports} reports, all sound",
        met=not wrong,
        next_step="compare with the drop copy, and tell the exchange's desk which ExecID it is about",
        details=(f"{orders.repeated} came again, marked as such",) if orders.repeated else (),
    )


def books_agree(ours: Iterable[Line], theirs: Iterable[Line], whose: str, where: str) -> Check:
    """Compare every order of our book with the other side's: final state, traded quantity and value."""
    mine = tuple(ours)
    found = differences(mine, theirs)
    traded = sum((line.traded for line in mine), start=ZERO)
    value = sum((line.value for line in mine), start=ZERO)
    return Check(
        what="books",
        where=where,
        expected=f"every order as {whose} has it",
        came="; ".join(found[:MOST_SHOWN]) or f"{len(mine)} orders agree, {traded:f} traded for {value:f}",
        met=not found,
        next_step="look for a report that was lost or doubled, and ask the exchange for its trade record",
        details=tuple(str(line) for line in mine[-MOST_SHOWN:]),
    )


def trades_agree(ours: Iterable[Deal], theirs: Iterable[Deal], whose: str, where: str) -> Check:
    """Compare every trade off the books, as one party has it, with the other side's record of it."""
    mine = tuple(ours)
    found = deals.differences(mine, theirs)
    return Check(
        what="trades off the books",
        where=where,
        expected=f"every trade as {whose} has it",
        came="; ".join(found[:MOST_SHOWN]) or f"{len(mine)} trades agree",
        met=not found,
        next_step="compare the trade capture reports in the transcript, and ask the exchange for its record",
        details=tuple(str(deal) for deal in mine[-MOST_SHOWN:]),
    )


def numbers_agree(ours: Day, theirs: Day, where: str) -> Check:
    """Compare the next numbers of both sides."""
    came = f"ours {ours.next_out}, theirs {ours.next_in}; the gateway has {theirs.next_in} and {theirs.next_out}"
    return Check(
        what="sequence numbers",
        where=where,
        expected="both sides at the same numbers",
        came=came,
        met=(ours.next_out, ours.next_in) == (theirs.next_in, theirs.next_out),
    )


def kept_alive(beats: Beats, where: str) -> Check:
    """Compare the heartbeats of both sides with those the time should have brought."""
    return Check(
        what="heartbeats",
        where=where,
        expected=f"{beats.expected} from each side in {beats.kept_s:g} s",
        came=f"{beats.heard} heard, {beats.sent} sent",
        met=min(beats.heard, beats.sent) >= beats.expected,
        next_step="look at the line for loss, and ask whether the gateway is up",
    )


def closed(logout: Logout, where: str) -> Check:
    """Compare how the session ended with a logout that is answered and a line both sides closed."""
    parts = [
        "the logout was answered" if logout.answered else f"no answer to the logout in {logout.waited_s:.0f} s",
        f"the gateway {'closed' if logout.their_side_closed else 'kept open'} its side",
        f"ours is {'closed' if logout.our_side_closed else 'open'}",
    ]
    if logout.status is not None or logout.text:
        parts.append(f"it said {logout.text or 'nothing'}, status {logout.status}")
    return Check(
        what="logout",
        where=where,
        expected="a logout that is answered, and a connection closed on both sides",
        came="; ".join(parts),
        met=logout.answered and logout.their_side_closed and logout.our_side_closed,
        next_step="ask the exchange's desk whether the session is still open there",
    )


def login_only(transcript: Transcript, where: str) -> Check:
    """Compare everything that was said on the connection with a login and a logout."""
    business = transcript.business()
    listed = tuple(transcript.told())
    return Check(
        what="messages of the session",
        where=where,
        expected="session messages alone: logon, heartbeats, logout",
        came="; ".join(business) or f"{sum(transcript.counts.values())} messages, all of the session itself",
        met=not business and bool(listed),
        next_step="find out what sent it: the circular limits this participant to the login",
        details=listed,
    )


def served_by(endpoint: Endpoint, found: Site, wanted: Site, known: Collection[str], where: str) -> Check:
    """Compare the gateway one is connected to with those of the site it should be."""
    met = found is wanted and (not known or endpoint.address in known)
    return Check(
        what="gateway after the failover",
        where=where,
        expected=f"a gateway of the {wanted} site" + (f": {', '.join(known)}" if known else ""),
        came=f"{endpoint.address}, told at the {found} site",
        met=met,
        next_step="look at the lookup services' answers in the evidence",
    )
