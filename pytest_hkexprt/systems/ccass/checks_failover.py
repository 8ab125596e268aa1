"""The comparisons after a failover: who answers now, and whether data and report are those found before.

Source: the SEHK Options Clearing House on the upgrade of CCASS and CCMS, 2024, its table, 23 March, second.
"""

from __future__ import annotations

from pytest_hkexprt.evidence.record import Check
from pytest_hkexprt.model import Site
from pytest_hkexprt.systems.ccass.checks import at
from pytest_hkexprt.systems.ccass.facts import Download, Enquiry, Failover


def failed_over(failover: Failover, to: Site) -> Check:
    """Compare who answers now with the site one should have been moved to."""
    after = failover.after
    return Check(
        what="failover",
        where=f"ccass/{to} {failover.before.endpoint.host}",
        expected=f"the name leads to the {to} site",
        came=f"it does, {after.peer}, after {failover.lost_s:.1f} s"
        if after
        else f"it does not, {failover.lost_s:.1f} s and {failover.tries} tries later",
        met=after is not None,
        next_step="look at the name server, at old answers kept on this machine, and ask the hotline",
        details=(f"before: {failover.before.peer}", f"after: {after.peer if after else 'not reached'}"),
    )


def same_data(before: Enquiry, after: Enquiry) -> Check:
    """Compare production data after a failover with those before it, by digest."""
    return Check(
        what=f"production data of {after.terminal} after the failover",
        where=at(after.endpoint, after.terminal),
        expected=f"{len(before.rows)} rows as of {before.as_of}, SHA-256 {before.sha256}",
        came=f"{len(after.rows)} rows as of {after.as_of}, SHA-256 {after.sha256}",
        met=before.sha256 == after.sha256 and before.as_of == after.as_of,
        next_step="compare the two by eye, and tell the hotline which rows differ",
    )


def same_report(before: Download, after: Download) -> Check:
    """Compare a report downloaded after a failover with the one before it, by digest."""
    return Check(
        what=f"report of {after.terminal} after the failover",
        where=at(after.endpoint, after.terminal),
        expected=f"{before.listed}, {before.size_bytes:,} bytes, SHA-256 {before.sha256}",
        came=f"{after.listed}, {after.size_bytes:,} bytes, SHA-256 {after.sha256}",
        met=(before.listed, before.sha256) == (after.listed, after.sha256),
        next_step="compare the two files, and tell the hotline which lines differ",
    )
