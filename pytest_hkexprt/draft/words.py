"""The words of circulars for sites, systems and roles.

Every other spelling is folded into the project's own vocabulary here. A bare "primary" or "backup" is no site: network
components are primary too, and reports are backed up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pytest_hkexprt.model import SITE_SYNONYMS, Site

_NOUN = r"(?:data\s+cent(?:re|er)s?|cent(?:re|er)s?|sites?|connections?|IP\s+address(?:es)?|SFTP\b|address(?:es)?)"
_SECOND = r"(?:secondary|back-?up|disaster\s+recovery|DR|contingency)"
_FIRST = r"(?:primary|production|main)"
BOTH = re.compile(rf"\b{_FIRST}\s+and\s+{_SECOND}\s+{_NOUN}|both\s+(?:sites|data\s+cent)", re.IGNORECASE)
SECONDARY = re.compile(rf"\b{_SECOND}\s+{_NOUN}|\bSDC\b|\bDRC?\b|\bdisaster\s+recovery\b", re.IGNORECASE)
PRIMARY = re.compile(rf"\b{_FIRST}\s+{_NOUN}|\bPDC\b", re.IGNORECASE)
FAILOVER = re.compile(
    rf"from\s+(?:the\s+)?(?P<first>{_FIRST}|{_SECOND})\b.{{0,20}}?\bto\s+(?:the\s+)?(?P<second>{_FIRST}|{_SECOND})\b",
    re.IGNORECASE,
)

HEADING = re.compile(r"(?:\S+\s+){3,12}\S+:")

SYSTEMS: dict[str, re.Pattern[str]] = {
    "rap": re.compile(r"\bRAP\b|Report Retrieval|\bSFTP\b", re.IGNORECASE),
    "ccass": re.compile(r"(?<![/.\w])CC(?:ASS|MS)\b(?!/\d)|Common Collateral Management", re.IGNORECASE),
    "otp": re.compile(r"\bOTP-? ?C(?:SC)?\b|\bOCG-? ?C\b|\bCCCG\b|Orion Trading Platform"),
    "omd": re.compile(r"\bOMD-? ?CC?\b|Orion Market Data"),
}
"""System to how circulars spell it. A network under the systems is what is upgraded, not what a session logs in to."""

LIST = re.compile(
    r"\b[A-Z]{3,4}(?:- ?C(?:SC|C)?)?\b(?:(?:,\s*(?:and\s+)?|\s+and\s+)[A-Z]{3,4}(?:- ?C(?:SC|C)?)?\b){2,}"
)
"""Three systems or more in a row: two may well be one row's and another's."""

ROLES: dict[str, re.Pattern[str]] = {
    "CP": re.compile(r"(?<!Exchange )\bClearing Participants?\b|\bCPs?\b"),
    "EP": re.compile(r"(?<!Connect )\bExchange Participants?\b|\bEPs?\b"),
    "CCEP": re.compile(r"China Connect Exchange Participants?|\bCCEPs?\b"),
    "HSN": re.compile(r"\bHSN Subscribers?\b|Hosting Services? Subscribers?"),
}


@dataclass(frozen=True, slots=True)
class Named:
    """A site where a text names it."""

    site: Site
    start: int


def sites(text: str) -> Iterator[Named]:
    """Yield the sites a text names, in order; a text that is nothing but a site's name counts."""
    if whole := SITE_SYNONYMS.get(text.strip(" .:").lower()):
        yield Named(whole, 0)
        return
    both = [match.start() for match in BOTH.finditer(text)]
    found = [Named(Site.SECONDARY, match.start()) for match in SECONDARY.finditer(text)]
    found += [Named(Site.PRIMARY, match.start()) for match in PRIMARY.finditer(text)]
    found += [Named(site, start) for start in both for site in Site]
    yield from sorted(found, key=lambda named: named.start)


def failover(text: str) -> tuple[Site, Site] | None:
    """Return the two sites of a failover a text tells of, from and to."""
    match = FAILOVER.search(text)
    if not match or not re.search(r"fail-?\s?over|switch|takeover", text, re.IGNORECASE):
        return None
    first, second = (
        Site.PRIMARY if re.fullmatch(_FIRST, match[each], re.IGNORECASE) else Site.SECONDARY
        for each in ("first", "second")
    )
    return (first, second) if first is not second else None


def heading(text: str) -> bool:
    """Return whether a text is a heading of a list: some words and a colon, and no role."""
    return bool(HEADING.fullmatch(text)) and not roles(text)


def systems(text: str) -> tuple[str, ...]:
    """Return the systems a text names."""
    return tuple(system for system, spelt in SYSTEMS.items() if spelt.search(text))


def listed(text: str) -> tuple[str, ...]:
    """Return the systems a text names in one list: ``for OTP-C, OTP-CSC, OMD-C, and OMD-CC``."""
    return next((found for each in LIST.finditer(text) if len(found := systems(each[0])) > 1), ())


def roles(text: str) -> tuple[str, ...]:
    """Return the roles a text names."""
    return tuple(role for role, spelt in ROLES.items() if spelt.search(text))
