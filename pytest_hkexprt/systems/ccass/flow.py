"""In which order a terminal's pages may be asked for: state and request to the next state; anything else is refused.

Source: our own; the order of the real terminals' pages is not public.
"""

from __future__ import annotations

from enum import StrEnum


class Stage(StrEnum):
    """How far a user has come."""

    OUTSIDE = "outside"
    KNOWN = "password given"
    INSIDE = "logged on"
    ENQUIRING = "at the enquiry"
    LISTING = "at the list of reports"
    WRITING = "at an instruction"


class Ask(StrEnum):
    """What a page asks of the terminal."""

    FRONT = "GET "
    PASSWORD = "POST logon"  # noqa: S105  no password: what is asked
    CODE_PAGE = "GET code"
    CODE = "POST code"
    CARD = "POST card"
    HOME = "GET home"
    ENQUIRY_PAGE = "GET enquiry"
    ENQUIRY = "POST enquiry"
    REPORTS = "GET reports"
    REPORT = "GET report"
    INSTRUCTION_PAGE = "GET instruction"
    INSTRUCTION = "POST instruction"
    AUTHORISE = "POST authorise"
    LOG_OFF = "POST logoff"


_INSIDE = (Stage.INSIDE, Stage.ENQUIRING, Stage.LISTING, Stage.WRITING)
NEXT: dict[tuple[Stage, Ask], Stage] = {
    (Stage.OUTSIDE, Ask.FRONT): Stage.OUTSIDE,
    (Stage.OUTSIDE, Ask.PASSWORD): Stage.KNOWN,
    (Stage.KNOWN, Ask.FRONT): Stage.OUTSIDE,
    (Stage.KNOWN, Ask.CODE_PAGE): Stage.KNOWN,
    (Stage.KNOWN, Ask.CODE): Stage.INSIDE,
    (Stage.KNOWN, Ask.CARD): Stage.INSIDE,
    **{(stage, Ask.FRONT): stage for stage in _INSIDE},
    **{(stage, Ask.HOME): Stage.INSIDE for stage in _INSIDE},
    **{(stage, Ask.ENQUIRY_PAGE): Stage.ENQUIRING for stage in _INSIDE},
    (Stage.ENQUIRING, Ask.ENQUIRY): Stage.ENQUIRING,
    **{(stage, Ask.REPORTS): Stage.LISTING for stage in _INSIDE},
    (Stage.LISTING, Ask.REPORT): Stage.LISTING,
    **{(stage, Ask.INSTRUCTION_PAGE): Stage.WRITING for stage in _INSIDE},
    (Stage.WRITING, Ask.INSTRUCTION): Stage.WRITING,
    (Stage.WRITING, Ask.AUTHORISE): Stage.WRITING,
    **{(stage, Ask.LOG_OFF): Stage.OUTSIDE for stage in _INSIDE},
}
FORMS = frozenset(ask for ask in Ask if ask.startswith("POST"))
"""What changes something, and so needs the token of the page it is sent from."""
WHEN_CLOSED = frozenset({Ask.FRONT, Ask.PASSWORD, Ask.CODE_PAGE, Ask.CODE, Ask.CARD, Ask.HOME, Ask.LOG_OFF})
"""What a terminal that is closed for business still answers."""


def inside(stage: Stage) -> bool:
    """Return whether one is logged on."""
    return stage in _INSIDE
