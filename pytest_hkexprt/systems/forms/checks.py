"""What the ledger says, compared with what the circular asks for: present, in time, and for this circular."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.evidence.record import Check
from pytest_hkexprt.model import Basis, Circular
from pytest_hkexprt.reading import near
from pytest_hkexprt.systems.forms.ledger import HONG_KONG, REGISTRATION, Entry, has_time, matching, name_of

SHOWN = "%Y-%m-%d %H:%M"


def registered(entries: Sequence[Entry], circular: Circular, participant: str) -> Check:
    """Compare the ledger with the circular's registration.

    Raises:
        UsageFault: the circular asks for none.
    """
    wanted = circular.registration
    if wanted is None:
        raise UsageFault(
            f"{circular.path.name} [registration]",
            expected="a channel and a deadline",
            came="no such table",
            next_step="write it, or take the step out of the feature",
        )
    return _declared(
        entries, circular, participant, what=REGISTRATION, place=wanted.channel, deadline=wanted.deadline, more=""
    )


def returned(entries: Sequence[Entry], circular: Circular, participant: str, name: str) -> Check:
    """Compare the ledger with one of the circular's forms.

    Raises:
        UsageFault: the circular has no form of that name.
    """
    names = {form.name.lower(): form for form in circular.forms}
    form = names.get(name.lower())
    if form is None:
        raise UsageFault(
            f"{circular.path.name} [[form]]",
            expected=f"a form named {name!r}",
            came=f"{', '.join(names) or 'no form'}{near(name.lower(), names)}",
        )
    return _declared(
        entries,
        circular,
        participant,
        what=form.name,
        place=form.returned_to,
        deadline=form.deadline,
        more=f' --form "{form.name}"',
    )


def _declared(
    entries: Sequence[Entry],
    circular: Circular,
    participant: str,
    *,
    what: str,
    place: str,
    deadline: dt.datetime,
    more: str,
) -> Check:
    name = name_of(circular)
    found = matching(entries, circular=name, what=what, participant=participant)
    elsewhere = [each for each in entries if each.what == what and each not in found]
    local = deadline.astimezone(HONG_KONG)
    entry = found[0] if found else None
    in_time = entry is not None and entry.latest <= deadline
    details = [f"entered {each.entered} by {each.by}, on {each.on}, {_proof(each)}" for each in found]
    details += [f"there is one of {each.participant} for {each.circular}, on {each.on}" for each in elsewhere]
    if entry and not in_time and not has_time(entry.on) and entry.latest.date() == local.date():
        details.append(f"the day alone does not say whether it was before {local:%H:%M}; enter it with its time")
    return Check(
        what=what,
        where=f"forms, {name}, {participant}",
        expected=f"in {place}, by {local:{SHOWN}}",
        came=f"on {entry.on.replace('T', ' ')}, as {entry.by} declares" if entry else _nothing(elsewhere),
        met=in_time,
        basis=Basis.DECLARED,
        next_step=""
        if in_time
        else f"do it and enter it: hkexprt register {circular.stem}{more} --on DATE --by NAME --proof FILE",
        details=tuple(details),
    )


def _nothing(elsewhere: Sequence[Entry]) -> str:
    if not elsewhere:
        return "no entry in the ledger"
    return "no entry for this circular and participant, only for " + ", ".join(
        f"{each.circular} of {each.participant}" for each in elsewhere
    )


def _proof(entry: Entry) -> str:
    return f"proof {entry.proof} (SHA-256 {entry.proof_sha256})" if entry.proof else "without proof"
