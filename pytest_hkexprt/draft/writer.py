"""A draft written as the two files: facts as TOML, steps as Gherkin, what could not be placed as comments.

Every fact has the line of the source beside it. What the data's form demands and the circular does not give is written
with a comment that says so, never alone.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator

from pytest_hkexprt.draft.clauses import GIVEN, RAP
from pytest_hkexprt.draft.facts import Day, Draft, DraftClause, DraftForm, DraftSession
from pytest_hkexprt.model import Site

REVIEW = "REVIEW"
"""Marks what a person must look at."""
HONG_KONG = "+08:00"


def toml(draft: Draft, *, source: str) -> str:
    """Return the circular's data.

    Args:
        draft: what was read.
        source: the name of the text, for the first comment.
    """
    lines = [f"# Drafted from {source}; look at every line. The number behind a fact is its line there."]
    lines += [f"# Where the circular does not say what stands here, the comment begins with {REVIEW}."]
    lines += [*_head(draft), *_registration(draft), *_stabilisation(draft), *_addresses(draft)]
    for form in draft.forms:
        lines += ["", "[[form]]", _pair("name", form.name, form.line), *_form(form)]
    for session in draft.sessions:
        lines += ["", "[[session]]", *_session(session, draft)]
    if not draft.sessions:
        lines += ["", f"# {REVIEW}: no session was found; write a table [[session]]"]
    for clause in draft.clauses:
        lines += ["", "[[clause]]", *_clause(clause)]
    if draft.unplaced:
        lines += ["", "# Read, but not placed:"]
        lines += [f"# line {each.line}: {each.what}: {_comment(each.excerpt)}" for each in draft.unplaced]
    return "\n".join(lines) + "\n"


def feature(draft: Draft, *, source: str) -> str:
    """Return the circular's steps: those we know as our phrases, the others in its own words."""
    title = _gherkin(draft.subject.value if draft.subject else "A circular without a subject")
    lines = [f"Feature: {title}", f"  # Drafted from {source}; a step without a definition fails until it has one."]
    for clause in draft.clauses:
        if clause.steps and clause.system == "forms":
            lines += ["", f"  @clause.{clause.id}", f"  Scenario: {_gherkin(clause.asks)}"]
            lines += [f"    {_gherkin(step)}" for step in clause.steps]
    if not any(clause.steps for clause in draft.clauses):
        lines += ["", "  Scenario: No step was found in the text", "    Then the circular's steps are written here"]
    known = [clause for clause in draft.clauses if clause.steps and _known(clause)]
    if known:
        rank = {step: number for number, step in enumerate(step for rule in RAP for step in rule.steps)}
        steps = dict.fromkeys(step for clause in known for step in clause.steps)
        ordered = sorted(
            {GIVEN: None, **steps}, key=lambda step: rank.get(re.sub("downloads .*", "downloads {reports}", step), 99)
        )
        lines += ["", "  " + " ".join(f"@clause.{clause.id}" for clause in known)]
        lines += ["  Scenario: The participant retrieves its reports", *(f"    {step}" for step in ordered)]
    for clause in draft.clauses:
        if clause.steps and clause.system != "forms" and not _known(clause):
            lines += ["", f"  @clause.{clause.id}", f"  Scenario: {_gherkin(clause.asks)}"]
            lines += [f"    {_gherkin(step)}" for step in clause.steps]
    return "\n".join(lines) + "\n"


def _known(clause: DraftClause) -> bool:
    phrases = [re.escape(step).replace(r"\{reports\}", ".+") for rule in RAP for step in rule.steps]
    return clause.system == "rap" and all(any(re.fullmatch(each, step) for each in phrases) for step in clause.steps)


def _head(draft: Draft) -> Iterator[str]:
    if draft.reference:
        yield _pair("reference", draft.reference.value, draft.reference.line)
    else:
        yield "# no reference was found"
    if draft.dated:
        yield f"dated = {draft.dated.date}  # {draft.dated.line}{_doubt(draft.dated.doubt)}"
    else:
        yield "# no date of the circular was found"
    for key, fact in (("issuer", draft.issuer), ("subject", draft.subject)):
        if fact:
            yield _pair(key, fact.value, fact.line)
        else:
            yield f'{key} = "not found"  # {REVIEW}: no {key} was found'
    yield f"roles = {json.dumps(list(draft.roles))}" + ("" if draft.roles else f"  # {REVIEW}: no role was found")


def _registration(draft: Draft) -> Iterator[str]:
    if draft.registration:
        form = draft.registration
        yield from ("", "[registration]")
        if form.returned_to:
            yield _pair("channel", form.returned_to, form.line)
        else:
            yield f'channel = "not named"  # {form.line} {REVIEW}: the channel was not found'
        yield _deadline(form.deadline)


def _form(form: DraftForm) -> Iterator[str]:
    if form.returned_to:
        yield _pair("returned_to", form.returned_to, form.line)
    else:
        yield f'returned_to = "not named"  # {REVIEW}: to whom was not found'
    yield _deadline(form.deadline)
    yield f'when = "{form.when}"'


def _stabilisation(draft: Draft) -> Iterator[str]:
    if period := draft.stabilisation:
        yield from ("", "[stabilisation]", f"starts = {period.starts}  # {period.line}")
        yield f"ends = {period.ends}  # {period.line}"


def _addresses(draft: Draft) -> Iterator[str]:
    have = {(each.system, each.site) for each in draft.addresses}
    used = {(system, site) for session in draft.sessions for system in session.systems for site in _sites(session)}
    without = sorted({system for system, _ in used - have if system not in {system for system, _ in have & used}})
    if without:
        yield from (
            "",
            "[addresses]",
            f"unpublished = {json.dumps(without)}  # {REVIEW}: no address of these was found",
        )
    for system in dict.fromkeys(each.system for each in draft.addresses):
        yield from ("", f"[addresses.{system}]")
        for site in Site:
            found = [each for each in draft.addresses if (each.system, each.site) == (system, site)]
            if found:
                listed = ", ".join(json.dumps(each.address) for each in found)
                yield f"{site} = [{listed}]  # {', '.join(dict.fromkeys(str(each.line) for each in found))}"
            elif (system, site) in used:
                yield f"# {REVIEW}: {site} is used by a session, and no address of it was found"


def _sites(session: DraftSession) -> tuple[Site, ...]:
    if session.failover:
        return session.sites
    return session.sites[:1] or (Site.PRIMARY,)


def _session(session: DraftSession, draft: Draft) -> Iterator[str]:
    yield _pair("name", session.name, session.line)
    if session.failover:
        yield f"failover = {json.dumps(list(session.sites))}"
    else:
        note = "" if session.sites else f"  # {REVIEW}: no site is named for this session"
        yield f'site = "{_sites(session)[0]}"{note}'
    if session.starts and session.ends:
        yield f"starts = {session.date}T{session.starts:%H:%M:%S}{HONG_KONG}"
        last = session.date + dt.timedelta(days=session.next_day)
        yield f"ends = {last}T{session.ends:%H:%M:%S}{HONG_KONG}"
    else:
        yield f"date = {session.date}  # no time of day is given"
    yield f"systems = {json.dumps(list(session.systems))}" + (
        "" if session.systems else f"  # {REVIEW}: no system is named for this session"
    )
    if session.focus:
        yield f"focus = {_text(session.focus)}"
    if session.subject_to:
        before = [each.name for each in draft.sessions[: draft.sessions.index(session)]]
        meant = [name for name in before if re.search(rf"\b{re.escape(session.subject_to)}\b", name, re.IGNORECASE)]
        if meant:
            yield f"subject_to = {json.dumps(meant, ensure_ascii=False)}"
        else:
            yield f"# {REVIEW}: subject to the result of {_comment(session.subject_to)}, which is no session found here"
    yield from (f"# {REVIEW}: {_comment(doubt)}" for doubt in session.doubts)


def _clause(clause: DraftClause) -> Iterator[str]:
    yield f"id = {_text(clause.id)}"
    yield f"asks = {_text(clause.asks)}"
    yield f'where = "line {clause.line}"'
    if clause.untested:
        yield f"untested = {_text(clause.untested)}"


def _deadline(day: Day) -> str:
    value = f"{day.date}T{day.time:%H:%M:%S}{HONG_KONG}" if day.time else str(day.date)
    note = "" if day.time else " no time of day is given: until the end of that day"
    return f"deadline = {value}  # {day.line}{note}{_doubt(day.doubt)}"


def _doubt(doubt: str) -> str:
    return f" {REVIEW}: {_comment(doubt)}" if doubt else ""


def _pair(key: str, value: str, line: int) -> str:
    return f"{key} = {_text(value)}  # {line}"


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _comment(text: str) -> str:
    return re.sub(r"[\x00-\x08\x0a-\x1f\x7f]", " ", text)


def _gherkin(text: str) -> str:
    return " ".join(re.sub(r"[<>\x00-\x1f\x7f]", " ", text).split())
