"""Sessions: found in tables, in short lines of "Date:", "Time:", "Site:", and in prose.

Rows are read in order; a date holds until the next one, a heading's site until the next heading. A window inside an
earlier one of the same day is a line of the rundown, not another session.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from pytest_hkexprt.draft import when, words
from pytest_hkexprt.draft.facts import DraftSession
from pytest_hkexprt.draft.source import LABEL, Row, Source
from pytest_hkexprt.draft.when import Window
from pytest_hkexprt.model import Site

KIND = (
    r"(?:practice session|post[- ]release (?:connectivity )?(?:test|session)|connectivity (?:test|session)|"
    r"market rehearsal|rehearsal|readiness test|failover test|recovery (?:test|drill)|drill|session|test)"
)
NAMES = (
    re.compile(r"\b(?P<name>(?:First|Second|Third|Fourth)\s+(?:\w+\s+)?Session)\b"),
    re.compile(r"\b(?P<name>Session\s+(?:\d+|[A-D]\b|I{1,3}\b))"),
    re.compile(r"\b(?P<name>(?:PRT|PS|CT|MR|CS|RT)\s?\d)\b"),
    re.compile(rf"\b(?P<name>{KIND}(?:\s+\d+)?)\s*\(\s*[“\"'](?P<short>\w+)[”\"']\s*\)", re.IGNORECASE),
    re.compile(rf"\b(?P<name>{KIND})\s*\((?P<short>[A-Z]{{2,4}}\d?)\)", re.IGNORECASE),
    re.compile(rf"\b(?P<name>{KIND}(?:\s+\d+)?)\b(?!s)", re.IGNORECASE),
)
PLURAL = re.compile(rf"\b(?:two|three|four|\d)\s+(?:optional\s+)?(?P<name>{KIND})s\b", re.IGNORECASE)
"""What several sessions are called together: ``three market rehearsals``."""
HELD = re.compile(r"\b(?:arranged|held|conducted|scheduled|take[sn]? place|organi[sz]ed|run)\b", re.IGNORECASE)
SESSION = re.compile(rf"\b{KIND}s?\b|\bPRTs?\b|\bPS\d?\b", re.IGNORECASE)
NO_SESSION = re.compile(r"regist|deadline|\bforms?\b|reply|return", re.IGNORECASE)
SUBJECT_TO = re.compile(
    r"subject to (?:the )?(?:satisfactory )?(?:results?|outcomes?|success\w*) (?:of|in) (?:the )?(?P<what>[^.;)]+)",
    re.IGNORECASE,
)
NEXT_DAY = re.compile(r"next day|following day|\+1\b|next morning", re.IGNORECASE)
NO_SITE = "its own row names no site; this is the text's or the subject's"
PAST_MIDNIGHT = "it ends before it begins; taken to end on the day after"
LONGEST_HEADING = 160


@dataclass
class _State:
    date: dt.date | None = None
    heading: Row | None = None
    name: str = ""
    """What a line of its own calls the session that follows."""
    sessions: list[DraftSession] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Span:
    window: Window
    before: str
    """The text of its cell up to the span's own part."""
    after: str
    cell: int


def find(source: Source, subject: str, body_from: int) -> tuple[DraftSession, ...]:
    """Return the sessions, in order of time."""
    state = _State()
    for row in (row for row in source.rows if row.line > body_from):
        if row.table or len(row.text) <= LONGEST_HEADING:
            _row(row, state)
    for sentence in (each for each in source.sentences if each.line > body_from):
        _prose(sentence.text, sentence.line, state)
    return tuple(
        sorted(_completed(state.sessions, source, subject), key=lambda each: (each.date, each.starts or dt.time()))
    )


def _row(row: Row, state: _State) -> None:
    found = list(when.dates(row.text))
    spans = list(_spans(row))
    if len(found) == 1 and (row.table or spans or LABEL.match(row.text) or row.text.endswith(":")):
        state.date = found[0].date
    doubts = tuple(each.doubt for each in found if each.doubt)
    if spans and row.table and len(found) > 1:
        for date in found:
            state.date = date.date
            for number, span in enumerate(spans):
                _add(state, _session(row, span, spans, number, state, tuple(filter(None, [date.doubt]))))
    elif spans and state.date:
        for number, span in enumerate(spans):
            _add(state, _session(row, span, spans, number, state, doubts))
    elif not row.table and (alone := _name(row.text)) and alone == row.text.strip(" :."):
        state.name = alone
    elif _heading(row):
        last = state.sessions[-1] if state.sessions else None
        if LABEL.match(row.text) and last and not last.sites:
            state.sessions[-1] = replace(last, sites=_sites(row.text))
        else:
            state.heading = row
    elif found and row.table and (_sites(row.text) or _name(row.text)) and not NO_SESSION.search(row.text):
        _add(state, DraftSession(_name(row.text), found[0].date, row.line, sites=_sites(row.text), doubts=doubts))


def _heading(row: Row) -> bool:
    return not row.table and not row.pieces[0].item and bool(_sites(row.text))


def _spans(row: Row) -> Iterator[_Span]:
    """Yield the windows of a row: within a cell, or a start and an end in cells of their own."""
    texts = [" ".join(piece.text for piece in cell) for cell in row.cells]
    for number, text in enumerate(texts):
        windows = list(when.windows(text))
        for each, window in enumerate(windows):
            begins = windows[each - 1].end if each else 0
            ends = windows[each + 1].start if each + 1 < len(windows) else len(text)
            yield _Span(window, text[begins : window.start], text[window.end : ends], number)
    times = [when.only_time(text) for text in texts]
    for number, (first, second) in enumerate(itertools.pairwise(times)):
        if first and second and first < second:
            yield _Span(Window(first, second, 0, 0), "", "", number)


def _session(
    row: Row, span: _Span, spans: list[_Span], number: int, state: _State, doubts: tuple[str, ...]
) -> DraftSession:
    assert state.date is not None
    leads = bool(_sites(spans[0].before))
    near = span.before if leads else span.after
    others = " ".join(piece.text for n, cell in enumerate(row.cells) if n != span.cell for piece in cell)
    heading = state.heading.text if state.heading else ""
    sites = _sites(near) or (() if len(spans) > 1 else _sites(others)) or _sites(heading)
    name = _name(near) or _name(others if row.table else row.text) or _name(heading) or state.name
    condition = SUBJECT_TO.search(row.text)
    focus = next((piece.text.rstrip(":") for piece in row.pieces if row.table and words.heading(piece.text)), "")
    if span.window.next_day and not NEXT_DAY.search(row.text):
        doubts = (*doubts, PAST_MIDNIGHT)
    return DraftSession(
        name,
        state.date,
        row.line,
        span.window.starts,
        span.window.ends,
        next_day=span.window.next_day,
        sites=sites,
        systems=words.systems(row.text),
        subject_to=condition["what"].strip() if condition else "",
        focus=focus,
        doubts=doubts,
    )


def _prose(text: str, line: int, state: _State) -> None:
    found = list(when.dates(text))
    windows = list(when.windows(text))
    told = SESSION.search(text) and (windows or HELD.search(text)) and not re.search(r"regist", text, re.IGNORECASE)
    known = {session.date for session in state.sessions}
    for date in found if told else ():
        if date.date in known:
            continue
        doubts = (date.doubt,) if date.doubt else ()
        draft = DraftSession(_name(text), date.date, line, systems=words.systems(text), doubts=doubts)
        leads = bool(windows) and bool(_sites(text[: windows[0].start]))
        for number, window in enumerate(windows):
            begins = windows[number - 1].end if number else 0
            ends = windows[number + 1].start if number + 1 < len(windows) else len(text)
            near = text[begins : window.start] if leads else text[window.end : ends]
            sites = _sites(near) or (_sites(text) if len(windows) == 1 else ())
            own = doubts if not window.next_day or NEXT_DAY.search(text) else (*doubts, PAST_MIDNIGHT)
            told_of = replace(draft, starts=window.starts, ends=window.ends, next_day=window.next_day, doubts=own)
            _add(state, replace(told_of, sites=sites))
        if not windows:
            _add(state, replace(draft, sites=_sites(text)))


def _add(state: _State, new: DraftSession) -> None:
    """Add a session, unless it is told of already; a second telling may say more."""
    for number, old in enumerate(state.sessions):
        same_site = not old.sites or not new.sites or set(old.sites) == set(new.sites)
        if old.date == new.date and same_site and _inside(new, old):
            if (new.starts, new.ends) == (old.starts, old.ends):
                state.sessions[number] = replace(
                    old,
                    name=old.name or new.name,
                    sites=old.sites or new.sites,
                    systems=old.systems or new.systems,
                )
            return
    state.sessions.append(new)


def _inside(new: DraftSession, old: DraftSession) -> bool:
    if not (new.starts and new.ends and old.starts and old.ends):
        return True

    def end(session: DraftSession) -> tuple[bool, dt.time | None]:
        return session.next_day, session.ends

    return old.starts <= new.starts and end(new) <= end(old)


def _completed(sessions: list[DraftSession], source: Source, subject: str) -> Iterator[DraftSession]:
    """Give each session its name, site and systems from farther off, and say from where."""
    names: set[str] = set()
    for number, session in enumerate(sessions, start=1):
        about = [each.text for each in source.sentences if _tells_of(each.text, session)]
        text = " ".join(about)
        doubts = session.doubts
        sites = session.sites
        pair = words.failover(text)
        if pair and len(sites) != 1:
            sites = pair
        elif len(sites) > 1:
            doubts += (f"both sites are named: {' and '.join(sites)}; the first is written",)
        elif not sites and (sites := _sites(text) or _sites(subject)):
            doubts += (NO_SITE,)
        plural = PLURAL.search(text) if len(sessions) > 1 and not session.name else None
        name = (
            session.name
            or (f"{plural['name']} {number}" if plural else "")
            or _name(text)
            or _name(subject)
            or f"Session {number}"
        )
        if name in names:
            name = f"{name}, {'/'.join(sites) or number}"
        if name in names:
            name = f"{name} {number}"
        names.add(name)
        systems = session.systems or words.systems(text) or words.systems(subject)
        beside, line = _beside(systems, source)
        if beside:
            doubts += (f"it names {', '.join(systems)} alone; {', '.join(beside)} stands beside that in line {line}",)
        yield replace(
            session, name=name, sites=sites, failover=sites == pair, systems=(*systems, *beside), doubts=doubts
        )


def _beside(systems: tuple[str, ...], source: Source) -> tuple[tuple[str, ...], int]:
    """Return what the prose names together with a session's systems, where it lists them as what is tested."""
    for sentence in source.sentences:
        named = words.listed(sentence.text)
        more = tuple(system for system in named if system not in systems)
        if more and systems and set(systems) <= set(named):
            return more, sentence.line
    return (), 0


def _tells_of(text: str, session: DraftSession) -> bool:
    short = re.search(r"\((\w+)\)$", session.name)
    alone = session.name if re.fullmatch(r"[A-Z]+\d?", session.name) else short[1] if short else ""
    return any(found.date == session.date for found in when.dates(text)) or bool(
        alone and re.search(rf"\b{alone}\b", text)
    )


def _sites(text: str) -> tuple[Site, ...]:
    return tuple(dict.fromkeys(named.site for named in words.sites(text)))


def _name(text: str) -> str:
    for pattern in NAMES:
        if match := pattern.search(text):
            short = match.groupdict().get("short")
            name = " ".join(match["name"].split())
            return f"{name} ({short})" if short else name
    return ""
