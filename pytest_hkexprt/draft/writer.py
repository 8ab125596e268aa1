"""A draft written as the two files: facts as TOML, steps as Gherkin, what could not be placed as comments.

Every fact has the line of the source beside it. What the data's form demands and the circular does not give is written
with a comment that says so, never alone.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Collection, Iterator

from pytest_hkexprt.draft.clauses import GIVEN, RAP
from pytest_hkexprt.draft.facts import Day, Draft, DraftClause, DraftForm, DraftSession
from pytest_hkexprt.model import Site

REVIEW = "REVIEW"
"""Marks what a person must look at."""
HONG_KONG = "+08:00"


def toml(draft: Draft, *, source: str, systems: Collection[str]) -> str:
    """Return the circular's data.

    Args:
        draft: what was read.
        source: the name of the text, for the first comment.
        systems: those the project has; of others the address and the name are left as comments.
    """
    lines = [f"# Drafted from {source}; look at every line. The number behind a fact is its line there."]
    lines += [f"# Where the circular does not say what stands here, the comment begins with {REVIEW}."]
    lines += [*_head(draft), *_registration(draft), *_stabilisation(draft), *_addresses(draft, systems)]
    for form in draft.forms:
        lines += ["", "[[form]]", _pair("name", form.name, form.line), *_form(form)]
    for session in draft.sessions:
        lines += ["", "[[session]]", *_session(session, draft, systems)]
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


def _addresses(draft: Draft, systems: Collection[str]) -> Iterator[str]:
    for system in dict.fromkeys(each.system for each in draft.addresses):
        mark = "" if system in systems else "# "
        yield from ("", f"{mark}[addresses.{system}]" + (" (a system the project does not have yet)" if mark else ""))
        for site in Site:
            found = [each for each in draft.addresses if (each.system, each.site) == (system, site)]
            if found:
                listed = ", ".join(json.dumps(each.address) for each in found)
                yield f"{mark}{site} = [{listed}]  # {', '.join(dict.fromkeys(str(each.line) for each in found))}"


def _session(session: DraftSession, draft: Draft, systems: Collection[str]) -> Iterator[str]:
    yield _pair("name", session.name, session.line)
    site = (session.sites[-1] if session.failover else session.sites[0]) if session.sites else Site.PRIMARY
    yield f'site = "{site}"' + ("" if session.sites else f"  # {REVIEW}: no site is named for this session")
    for key, time, whole in (("starts", session.starts, dt.time.min), ("ends", session.ends, dt.time(23, 59))):
        note = "" if time else f"  # {REVIEW}: no time of day is given; this is the whole day"
        yield f"{key} = {session.date}T{(time or whole):%H:%M:%S}{HONG_KONG}{note}"
    have = {(each.system, each.site) for each in draft.addresses}
    written = [system for system in session.systems if system in systems and (system, site) in have]
    yield f"systems = {json.dumps(written)}"
    for system in session.systems:
        if system not in written:
            why = "no address of it at this site was found" if system in systems else "the project does not have it yet"
            yield f"# {REVIEW}: {system} is in this session too; {why}"
    if not session.systems:
        yield f"# {REVIEW}: no system is named for this session"
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
