"""A form that is due before the sessions: the intention to take part, or a registration that has no page of its own.

Drawn from the circular's data and the participant file, with its deadline, so that a person has only to tick, sign and
send it. Nothing of it is decided here: whether one takes part stays open unless one says so.

Source: HDS/23/1109, fourth paragraph: the intention form (Appendix A) goes to the service desk by 24 November 2023.
Appendix A itself is not public, so the fields are the generic ones that published participation forms share.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import msgspec

from pytest_hkexprt.clock import HONG_KONG
from pytest_hkexprt.evidence import html
from pytest_hkexprt.model import Circular, Participant
from pytest_hkexprt.participants import slug

NOTE = (
    "This form holds generic fields: those of the circular's own form are not public. Where the circular asks for its"
    " form, copy the answers into that one."
)


class SessionAsked(msgspec.Struct, frozen=True, kw_only=True):
    """A session one may take part in."""

    name: str
    site: str
    starts: str
    """ISO 8601 in Hong Kong time; a date alone where the circular gives no time of day."""
    ends: str
    systems: tuple[str, ...]
    roles: tuple[str, ...]
    """Whom it is for."""
    focus: str


class Intention(msgspec.Struct, frozen=True, kw_only=True):
    """The form as data."""

    note: str
    form: str
    returned_to: str
    deadline: str
    """ISO 8601 in Hong Kong time."""
    days_left: int
    """From the day it was drawn; below zero when the deadline is over."""
    drawn: str
    """The day, ISO 8601."""
    returned: str
    """When the ledger says it was sent; empty where it says nothing."""
    takes_part: bool | None
    """None while nobody has said."""
    reference: str
    subject: str
    issuer: str
    participant: str
    company: str
    roles: tuple[str, ...]
    line: str
    """The declared line; empty where it is not said."""
    contact: dict[str, str]
    sessions: tuple[SessionAsked, ...]


def intention(
    circular: Circular,
    who: Participant,
    *,
    form: str,
    returned_to: str,
    deadline: dt.datetime,
    now: dt.datetime,
    returned: str = "",
    takes_part: bool | None = None,
) -> Intention:
    """Return the form of a circular, filled in as far as one's own file goes.

    Args:
        circular: what asks for it.
        who: whose it is.
        form: its name.
        returned_to: whom it goes to.
        deadline: aware.
        now: the moment it is drawn, aware.
        returned: when the ledger says that it was sent.
        takes_part: what the participant says; None leaves it open.
    """
    by, today = deadline.astimezone(HONG_KONG), now.astimezone(HONG_KONG).date()
    return Intention(
        note=NOTE,
        form=form,
        returned_to=returned_to,
        deadline=by.isoformat(),
        days_left=(by.date() - today).days,
        drawn=today.isoformat(),
        returned=returned,
        takes_part=takes_part,
        reference=circular.reference or circular.stem,
        subject=circular.subject,
        issuer=circular.issuer,
        participant=who.name,
        company=who.contact.get("company") or who.name,
        roles=who.roles,
        line=who.line,
        contact={key: value for key, value in who.contact.items() if key != "company"},
        sessions=tuple(
            SessionAsked(
                name=each.name,
                site=each.place,
                starts=_moment(each.starts, timed=each.timed),
                ends=_moment(each.ends, timed=each.timed),
                systems=each.systems,
                roles=each.roles or circular.roles,
                focus=each.focus,
            )
            for each in circular.sessions
        ),
    )


def put(folder: Path, stem: str, form: Intention, lang: str = "") -> tuple[Path, Path]:
    """Write a form as HTML and JSON into a folder, and return both paths.

    Args:
        folder: made where it is missing.
        stem: the circular's.
        form: what is drawn.
        lang: language of the labels.
    """
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{stem}-{slug(form.form)}"
    return html.put(folder / f"{name}.html", page(form, lang)), html.put(folder / f"{name}.json", data(form))


def data(form: Intention) -> str:
    """Return a form as indented JSON."""
    return msgspec.json.format(msgspec.json.encode(form), indent=2).decode() + "\n"


def page(form: Intention, lang: str = "") -> str:
    """Return a form as a page to print and sign; the same form gives the same bytes."""
    css = html.style()
    template = html.environment(lang).get_template("intention.html.j2")
    shown: dict[str, Any] = {"form": form, "lang": lang, "css": css, "css_digest": html.digest(css)}
    return template.render(shown)


def _moment(moment: dt.datetime, *, timed: bool) -> str:
    local = moment.astimezone(HONG_KONG)
    return local.isoformat() if timed else local.date().isoformat()
