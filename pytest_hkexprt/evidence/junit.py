"""JUnit's XML of a run, drawn from its journal: for a run that is drawn again, or merged of several.

pytest's own ``--junitxml`` is of one process's run, and a merged one has none. The cases, their names, outcomes and the
properties of this plugin are those that pytest would have written; what a test printed is not in a journal. Of a
scenario that was run again, the last attempt stands.

Source: pytest's documentation of ``--junitxml``, family ``xunit2``, with properties.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from xml.etree import ElementTree as Xml

from pytest_hkexprt.evidence import manifest
from pytest_hkexprt.evidence.html.words import visible
from pytest_hkexprt.evidence.record import Line, OutcomeRecord, PartRecord, RunRecord, ScenarioRecord, SessionRecord
from pytest_hkexprt.model import Outcome

UNFINISHED = "the run was cut short: this scenario never ended"
ELEMENTS = {Outcome.FAILED: "failure", Outcome.ERROR: "error"}
SKIPPED = (Outcome.SKIPPED, Outcome.OMITTED, Outcome.NOT_RUN)


class _Case:
    """A scenario, and how its last attempt ended."""

    def __init__(self, record: ScenarioRecord, properties: dict[str, str]) -> None:
        self.record = record
        self.properties = properties
        self.ended: OutcomeRecord | None = None

    @property
    def kind(self) -> str:
        """What JUnit calls its outcome; empty for passed."""
        if self.ended is None:
            return "error"
        return "skipped" if self.ended.outcome in SKIPPED else ELEMENTS.get(self.ended.outcome, "")


def draw(lines: Iterable[Line]) -> bytes:
    """Return the XML of a journal."""
    cases, started, suite_s = _cases(lines)
    counts = Counter(case.kind for case in cases)
    root = Xml.Element("testsuites", name="pytest tests")
    suite = Xml.SubElement(root, "testsuite", name="pytest", tests=str(len(cases)))
    for name, kind in (("errors", "error"), ("failures", "failure"), ("skipped", "skipped")):
        suite.set(name, str(counts[kind]))
    suite.set("time", f"{suite_s:.3f}")
    suite.set("timestamp", visible(started))
    for case in cases:
        _add(suite, case)
    drawn: str = Xml.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{drawn}\n'.encode()


def write(lines: Iterable[Line], target: Path) -> None:
    """Draw the XML of a journal into a file."""
    target.parent.mkdir(parents=True, exist_ok=True)
    manifest.replace(target, draw(lines))


def _cases(lines: Iterable[Line]) -> tuple[list[_Case], str, float]:
    found: dict[str, _Case] = {}
    run: RunRecord | None = None
    whole: RunRecord | None = None
    session: SessionRecord | None = None
    case: _Case | None = None
    for line in lines:
        record = line.record
        if isinstance(record, RunRecord):
            run = whole = record
        elif isinstance(record, PartRecord):
            run, session = record.run, None
        elif isinstance(record, SessionRecord):
            session = record
        elif isinstance(record, ScenarioRecord):
            case = _Case(record, dict(_properties(record, run, session if record.session else None)))
            found[record.id] = case
        elif isinstance(record, OutcomeRecord) and case is not None:
            case.ended = record
    ended = [case.ended for case in found.values() if case.ended]
    return list(found.values()), whole.started if whole else "", sum(each.duration_s for each in ended)


def _properties(
    record: ScenarioRecord, run: RunRecord | None, session: SessionRecord | None
) -> Iterator[tuple[str, str]]:
    """Yield what the recorder gives pytest's own report of a case."""
    facts = {
        "target": run.target if run else "",
        "site": session.site if session else "",
        "participant": session.participant if session else "",
        "circular": (session.circular.reference or session.circular.stem) if session else "",
        "session": record.session,
        "clauses": " ".join(record.clauses),
        "run": run.run_id if run else "",
        "machine": run.machine if run else "",
    }
    yield from ((f"hkexprt.{name}", value) for name, value in facts.items() if value)


def _add(suite: Xml.Element, case: _Case) -> None:
    record, ended = case.record, case.ended
    file, _, name = record.id.partition("::")
    *classes, name = name.split("::") if not record.feature else [name]
    place = file.removesuffix(".py").replace("/", ".")
    element = Xml.SubElement(suite, "testcase", classname=visible(".".join([place, *classes])), name=visible(name))
    element.set("time", f"{ended.duration_s if ended else 0:.3f}")
    properties = Xml.SubElement(element, "properties")
    for each, value in case.properties.items():
        Xml.SubElement(properties, "property", name=each, value=visible(value))
    if case.kind:
        message = (ended.message or str(ended.outcome)) if ended else UNFINISHED
        told = Xml.SubElement(element, case.kind, message=visible(message.partition("\n")[0]))
        told.text = _text(message)


def _text(message: str) -> str:
    """Return a message that XML can hold, its lines as they are."""
    return "\n".join(map(visible, message.split("\n")))
