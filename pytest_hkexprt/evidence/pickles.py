"""The features of a journal as gherkin-official reads them, and the pickle of each scenario that ran.

A journal holds the text of its features. Where it does not (an older one), or where the text no longer fits what ran
(a secret was taken out of it), the scenarios are written out again from what the journal planned to run: the same
steps, without the outlines and backgrounds they came from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gherkin.ast_builder import AstBuilder
from gherkin.dialect import Dialect
from gherkin.errors import ParserError
from gherkin.parser import Parser
from gherkin.pickles.compiler import Compiler

if TYPE_CHECKING:
    from gherkin.stream.id_generator import IdGenerator

    from pytest_hkexprt.evidence.record import PlannedStep, RunRecord, ScenarioRecord

Node = dict[str, Any]
"""A node of a syntax tree, or a pickle: JSON, as gherkin-official makes it."""


@dataclass(frozen=True, slots=True)
class Source:
    """A feature file."""

    uri: str
    text: str
    document: Node
    pickles: Mapping[str, Node]
    """Node id of each scenario that ran to the pickle of its own."""


def sources(run: RunRecord, scenarios: Sequence[ScenarioRecord], ids: IdGenerator) -> Iterator[Source]:
    """Yield the features of scenarios, each with its syntax tree and their pickles.

    Args:
        run: the journal's first record, which holds the texts.
        scenarios: one record of each scenario that ran.
        ids: gives every node and pickle its id.
    """
    texts = {source.file: source.text for source in run.suite}
    for uri in dict.fromkeys(record.file for record in scenarios):
        ran = [record for record in scenarios if record.file == uri]
        text = texts.get(uri) or texts.get(uri.rpartition("/")[2], "")
        yield _as_written(uri, text, ran, ids) or _written_out(uri, ran, ids)


def _as_written(uri: str, text: str, ran: Sequence[ScenarioRecord], ids: IdGenerator) -> Source | None:
    """Return the feature as its text has it; None where the text is not what ran."""
    try:
        document, pickles = _compile(uri, text, ids)
    except ParserError:
        return None
    by_line = {pickle["location"]["line"]: pickle for pickle in pickles}
    found = {record.id: by_line.get(record.row_line or record.line, {"steps": ()}) for record in ran}
    for record in ran:
        if "id" not in found[record.id] or [step["text"] for step in found[record.id]["steps"]] != [
            step.text for step in record.steps
        ]:
            return None
    shared = len({pickle["id"] for pickle in found.values()}) < len(ran)
    if shared:
        labels = _labels(ran)
        found = {record.id: _of_session(found[record.id], labels[record.id], ids) for record in ran}
    return Source(uri, text, document, found)


def _labels(ran: Sequence[ScenarioRecord]) -> dict[str, str]:
    """Return what tells the runs of a scenario apart: the session; of several participants the id's bracket."""
    several = len({(record.line, record.row_line, record.session) for record in ran}) < len(ran)
    return {record.id: record.id.rpartition("[")[2].removesuffix("]") if several else record.session for record in ran}


def _of_session(pickle: Node, session: str, ids: IdGenerator) -> Node:
    """Return a pickle for one of several sessions; readers tell scenarios apart by pickle."""
    steps = [step | {"id": ids.get_next_id()} for step in pickle["steps"]]
    return pickle | {"id": ids.get_next_id(), "name": f"{pickle['name']} ({session})", "steps": steps}


def _written_out(uri: str, ran: Sequence[ScenarioRecord], ids: IdGenerator) -> Source:
    """Return the feature as the journal's scenarios spell it."""
    first = ran[0]
    dialect = Dialect.for_name(first.language or "en")
    assert dialect is not None, "the feature was read in this language when it ran"
    lines = [f"# language: {first.language or 'en'}", f"{dialect.feature_keywords[0]}: {first.feature}"]
    labels = _labels(ran)
    sessions = len({*labels.values()}) > 1
    for record in ran:
        name = record.title or record.name
        tags = [f"  {' '.join(f'@{tag}' for tag in record.tags)}"] if record.tags else []
        title = f"{name} ({labels[record.id]})" if sessions else name
        lines += ["", *tags, f"  {dialect.scenario_keywords[0]}: {title}"]
        for step in record.steps:
            lines += _step_lines(step, dialect)
    text = "\n".join(lines) + "\n"
    document, pickles = _compile(uri, text, ids)
    return Source(uri, text, document, dict(zip((record.id for record in ran), pickles, strict=True)))


def _step_lines(step: PlannedStep, dialect: Dialect) -> list[str]:
    keywords = (
        *dialect.given_keywords,
        *dialect.when_keywords,
        *dialect.then_keywords,
        *dialect.and_keywords,
        *dialect.but_keywords,
    )
    keyword = next((each for each in keywords if each.strip() == step.keyword), "* ")
    lines = [f"    {keyword}{step.text}"]
    lines += [f"      | {' | '.join(map(_cell, row))} |" for row in step.table]
    if step.docstring:
        content = step.docstring.replace('"""', '\\"\\"\\"').split("\n")
        lines += [f"      {line}" for line in ('"""', *content, '"""')]
    return lines


def _cell(value: str) -> str:
    return value.replace("\\", "\\\\").replace("|", "\\|").replace("\n", "\\n")


def _compile(uri: str, text: str, ids: IdGenerator) -> tuple[Node, list[Node]]:
    """Return a text's syntax tree and its pickles.

    Raises:
        ParserError: the text is no Gherkin.
    """
    document: Node = {"uri": uri, **Parser(AstBuilder(ids)).parse(text)}
    pickles: list[Node] = Compiler(ids).compile(document) if "feature" in document else []  # type: ignore[arg-type, assignment]  # JSON
    return document, pickles
