"""What a circular asks for, as clauses, and the phrases that restate those we know.

A step nobody knows becomes a step of the feature in the circular's own words: it has no definition, so its scenario
fails until somebody writes one. Nothing is left out, and nothing passes for having been drafted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pytest_hkexprt.draft import words
from pytest_hkexprt.draft.facts import DraftClause, DraftForm, DraftSession
from pytest_hkexprt.draft.source import Piece, Row, Source
from pytest_hkexprt.model import FormWhen

OBLIGES = re.compile(r"\b(?:should|must|shall|required to|reminded|need to|not allowed|do not)\b", re.IGNORECASE)
ASIDE = re.compile(
    r"Ref\.? ?No|\bdated \d|\benquir(?:y|ies) please|please (?:contact|call)|coordinate with|liaise|sufficient",
    re.IGNORECASE,
)
ORDERS = re.compile(
    r"(?:log(?:in|on|out|off)?|sign|connect|check|verify|download|enquire|perform|simulate|receive|submit|confirm)\b",
    re.IGNORECASE,
)
"""How a line of a rundown begins that asks for something without being an item of a list."""
ALONE = re.compile(r"log-?(?:in|on|out|off)", re.IGNORECASE)
"""The words that ask for something by themselves."""
REPORT = re.compile(r"\b[A-Z]{2}\d{3}\b")
GIVEN = "Given the SFTP connection points to the site's addresses"
STOP = re.compile(
    r"an?|and|any|are|at|be|been|before|below|by|for|from|has|have|if|in|into|is|its?|of|on|once|one|only|or|other|"
    r"should|that|the|their|them|then|this|to|two|via|was|will|with|cps|c?c?eps|participants?|perform|verify|check|"
    r"ensure|following|e|g|i"
)
LONGEST_ID = 3
"""Words of a clause's id."""


@dataclass(frozen=True, slots=True)
class Rule:
    """How a known request is told and restated."""

    id: str
    told: re.Pattern[str]
    steps: tuple[str, ...] = ()
    untested: str = ""


def _told(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


BACK_UP = r"\bback(?:ed|ing)?[ -]?up\b(?!\s+(?:data|site|cent|IP|connection))"
AFTER = "falls on the days after the sessions; say here who does it, or write a scenario"
DAYS = (
    Rule(
        "backup",
        _told(rf"{BACK_UP}.*\breports?\b|\breports?\b.*{BACK_UP}"),
        untested=AFTER,
    ),
    Rule("keys", _told(r"\bnot\b.*\b(?:renew|change|replace)\b.*\bkeys?\b"), untested=AFTER),
    Rule("keep-primary", _told(r"\bkeep\b.*\b(?:primary|production)\b"), untested=AFTER),
    Rule("fallback", _told(r"\bfall-?\s?back\b"), untested="announced by the exchange on the day"),
)
"""What belongs to no session; asked first, because it names the same things as the steps."""
RAP = (
    Rule("addresses", _told(r"\bIP address(?:es)?\b|\bbelow IPs\b"), (GIVEN,)),
    Rule(
        "login",
        _told(r"\blog(?:ging)?[ -]?(?:in|on)(?:to)?\b|\bsign in\b"),
        ("When the participant logs in with its User ID and SSH key",),
    ),
    Rule(
        "count",
        _told(r"\bnumber of (?:files|reports)\b|\bavailability of\b.*\breports?\b|\b(?:files|reports) remain"),
        ("Then the number of files is unchanged from the last business date",),
    ),
    Rule(
        "download",
        _told(r"\bdownload\b"),
        ("When the participant downloads {reports}", "Then each download matches the folder's listing"),
    ),
    Rule(
        "logout",
        _told(r"\blog(?:ging)?[ -]?(?:out|off)\b|\bsign out\b"),
        ("When the participant logs out", "Then the connection is closed on both sides"),
    ),
)
"""In the order a visit takes."""


def find(
    source: Source,
    sessions: Sequence[DraftSession],
    body_from: int,
    registration: DraftForm | None,
    forms: Sequence[DraftForm],
) -> tuple[DraftClause, ...]:
    """Return the clauses, those of registration and forms first, each id once."""
    found: dict[str, DraftClause] = {}
    returned = [form.told for form in forms]
    asked = [each for each in _asked(source, sessions, body_from) if not any(told in returned for told in each.told)]
    for clause in [*_returns(registration, forms), *asked]:
        same = next((old for old in found.values() if _same(old, clause)), None)
        if same:
            new_steps = tuple(step for step in clause.steps if step not in same.steps)
            more = same.told + clause.told
            steps = same.steps + new_steps if same.system == "rap" else same.steps
            found[same.id] = replace(same, steps=steps, told=more)
        else:
            number = 2
            unique = clause.id
            while unique in found:
                unique, number = f"{clause.id}-{number}", number + 1
            found[unique] = replace(clause, id=unique)
    return tuple(found.values())


def _same(old: DraftClause, new: DraftClause) -> bool:
    known = {rule.id for rule in (*DAYS, *RAP)}
    return _plain(old.asks) == _plain(new.asks) or (old.id == new.id in known and old.system == new.system)


def _returns(registration: DraftForm | None, forms: Sequence[DraftForm]) -> Iterator[DraftClause]:
    if registration:
        step = "Then the participant's registration was made before its deadline"
        asks = f"who takes part registers in time: {registration.returned_to or 'the channel is not named'}"
        yield DraftClause("register", asks, registration.line, "forms", (step,))
    for form in forms:
        asks = f"the {form.name} is returned to {form.returned_to or 'a receiver that is not named'}"
        step = f"Then the {form.name} was returned before its deadline"
        after = "due after the sessions; hkexprt forms tells whether it is owed"
        before = form.when is FormWhen.BEFORE
        yield DraftClause(_id(form.name), asks, form.line, "forms", (step,) if before else (), "" if before else after)


def _asked(source: Source, sessions: Sequence[DraftSession], body_from: int) -> Iterator[DraftClause]:
    everywhere = {system for session in sessions for system in session.systems}
    for row in (row for row in source.rows if row.line > body_from):
        role, system = "", next(iter(_named(row, sessions)), "")
        for piece, following in zip(row.pieces, (*row.pieces[1:], None), strict=True):
            heads = following is not None and following.item and not piece.item
            roles = words.roles(piece.text)
            if not piece.item and roles and piece.text.endswith(":"):
                role = piece.text.rstrip(":")
            named = words.systems(piece.text)
            system = named[0] if named else system
            if wanted(piece, table=row.table) and (not heads or OBLIGES.search(piece.text)):
                only = next(iter(everywhere)) if len(everywhere) == 1 else ""
                yield _clause(piece, role, system or only)
    for sentence in source.sentences:
        if not sentence.item and (rule := _rule(DAYS, sentence.text)):
            text = _one_line(sentence.text)
            yield DraftClause(rule.id, text, sentence.line, untested=rule.untested, told=(sentence.text,))


def wanted(piece: Piece, *, table: bool) -> bool:
    """Return whether a piece asks for something a scenario could show."""
    alone = len(piece.text.split()) == 1 and not ALONE.fullmatch(piece.text.strip(" .;,"))
    if ASIDE.search(piece.text) or alone:
        return False
    obliges = bool(OBLIGES.search(piece.text))
    heading = piece.text.endswith(":") and not obliges
    return not heading and (piece.item or (table and (obliges or bool(ORDERS.match(piece.text)))))


def _named(row: Row, sessions: Sequence[DraftSession]) -> tuple[str, ...]:
    systems = {session.systems for session in sessions if session.line == row.line}
    only = systems.pop() if len(systems) == 1 else ()
    return only if len(only) == 1 else ()


def _clause(piece: Piece, role: str, system: str) -> DraftClause:
    text = _one_line(piece.text)
    asks = f"{role}: {text}" if role else text
    if rule := _rule(DAYS, text):
        return DraftClause(rule.id, asks, piece.line, untested=rule.untested, told=(piece.text,))
    if re.search(r"error message|will be displayed", text):
        return DraftClause(_id(text), asks, piece.line, system, (f"Then {text}",), told=(piece.text,))
    matched = [rule for rule in RAP if rule.told.search(text)] if system == "rap" else []
    if not matched:
        return DraftClause(_id(text), asks, piece.line, system, (f"When {text}",), told=(piece.text,))
    name = next((rule.id for rule in matched if rule.id != "addresses"), matched[0].id)
    reports = " and ".join(dict.fromkeys(REPORT.findall(text))) or "TP001"
    steps = tuple(step.format(reports=reports) for rule in matched for step in rule.steps)
    return DraftClause(name, asks, piece.line, system, steps, told=(piece.text,))


def _rule(rules: Sequence[Rule], text: str) -> Rule | None:
    return next((rule for rule in rules if rule.told.search(text)), None)


def _one_line(text: str) -> str:
    return re.sub(r"\s*;?\s*(?:and|or)?\s*[.;:]*$", "", " ".join(text.split()))


def _plain(text: str) -> str:
    return re.sub(r"[\W\d_]+|primary|secondary|backup", "", text.lower())


def _id(text: str) -> str:
    found = [word for word in re.findall(r"[a-z]+", text.lower()) if not STOP.fullmatch(word)]
    return "-".join(found[:LONGEST_ID]) or "clause"
