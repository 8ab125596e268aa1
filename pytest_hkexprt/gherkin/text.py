"""A feature file as frozen values: its scenarios in file order, with every step they run.

Parsed once, by gherkin-official; backgrounds, rules and example rows are worked in here, so that whoever runs, selects
or reports a scenario sees a plain list of steps. No pytest in here.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

PLACEHOLDER = re.compile(r"<(.+?)>")
"""A column's place in an outline, as pytest-bdd reads it."""

REMARK = re.compile(r"\s*#\s*@clause\.\S+(?:\s+@clause\.\S+)*\s*")
"""A remark that says which clauses the step below it proves by itself."""
_KINDS = {"Context": "given", "Action": "when", "Outcome": "then"}

Node = Mapping[str, Any]
"""A node of gherkin-official's syntax tree."""


@dataclass(frozen=True, slots=True)
class StepText:
    """One step, the row's values filled in."""

    keyword: str
    """As written, stripped: ``Given``, ``And``, ``假如``."""
    kind: str
    """``given``, ``when`` or ``then``; that of the step before for And, But and ``*``."""
    text: str
    line: int
    table: tuple[tuple[str, ...], ...] | None = None
    docstring: str | None = None
    background: bool = False
    """Whether a background has it."""
    clauses: tuple[str, ...] = ()
    """Those it proves by itself: the remarks directly above it name them, ``# @clause.count``."""


@dataclass(frozen=True, slots=True)
class ScenarioText:
    """One scenario, or one example row of an outline."""

    name: str
    """As the file has it; ids carry this one."""
    title: str
    """With the row's values filled in."""
    line: int
    tags: tuple[str, ...]
    """Without the at sign: the feature's, the rule's, its own and those of its examples."""
    steps: tuple[StepText, ...]
    """The backgrounds' first."""
    rule: str = ""
    rule_line: int = 0
    """0 outside a rule."""
    row: int = 0
    """Which example row, from 1 across all tables; 0 for a scenario that is no outline."""
    row_line: int = 0
    values: tuple[tuple[str, str], ...] = ()
    """The row's columns and values."""


@dataclass(frozen=True, slots=True)
class Landmark:
    """Where a part of the file begins, up to the next landmark."""

    line: int
    rule_line: int
    scenario_line: int
    """0 for the header or background of a feature or rule."""


@dataclass(frozen=True, slots=True)
class FeatureText:
    """One feature file."""

    path: Path
    name: str
    language: str
    tags: tuple[str, ...]
    """The feature's own."""
    scenarios: tuple[ScenarioText, ...]
    lines: tuple[str, ...]
    """The file's text, for excerpts."""
    landmarks: tuple[Landmark, ...]
    tag_lines: Mapping[str, int]
    """Where each tag of the file first stands."""
    stray: Mapping[int, tuple[str, ...]]
    """Remarks that name clauses and stand above no scenario's step: their lines, and the clauses."""
    document: Node = field(repr=False)
    """The syntax tree, from which pytest-bdd's own objects are made for those who ask for them."""

    def at(self, line: int) -> tuple[ScenarioText, ...]:
        """Return the scenarios a line stands for; none for a line the file does not have.

        An example row stands for itself, any other line of a scenario for the scenario, the header and background of
        a feature or rule for all in it.
        """
        if not 0 < line <= len(self.lines):
            return ()
        row = tuple(each for each in self.scenarios if each.row_line == line)
        if row:
            return row
        mark = max((each for each in self.landmarks if each.line <= line), key=lambda each: each.line, default=None)
        if mark is None:
            return self.scenarios
        if mark.scenario_line:
            return tuple(each for each in self.scenarios if each.line == mark.scenario_line)
        return tuple(each for each in self.scenarios if mark.rule_line in (0, each.rule_line))


def build(path: Path, lines: tuple[str, ...], document: Node) -> FeatureText:
    """Return a syntax tree without mistakes as a feature."""
    feature = document["feature"]
    scenarios: list[ScenarioText] = []
    landmarks: list[Landmark] = []
    remarks = _remarks(document)
    for rule, backgrounds, node in parts(document):
        rule_line = rule["location"]["line"] if rule else 0
        if "steps" not in node:
            landmarks.append(Landmark(_first_line(node), rule_line, 0))
        elif "examples" not in node:
            landmarks.append(Landmark(node["location"]["line"], rule_line, 0))
        else:
            landmarks.append(Landmark(_first_line(node), rule_line, node["location"]["line"]))
            inherited = (*_tags(feature), *(_tags(rule) if rule else ()))
            steps = [step for background in backgrounds for step in _steps(background, {})] + _steps(node, remarks)
            plain = ScenarioText(
                name=node["name"],
                title=node["name"],
                line=node["location"]["line"],
                tags=_unique(*inherited, *_tags(node)),
                steps=tuple(steps),
                rule=rule["name"] if rule else "",
                rule_line=rule_line,
            )
            scenarios.extend(_rows(plain, node) if node["examples"] else [plain])
    return FeatureText(
        path=path,
        name=feature["name"],
        language=feature["language"],
        tags=_tags(feature),
        scenarios=tuple(scenarios),
        lines=lines,
        landmarks=tuple(landmarks),
        tag_lines=_tag_lines(document),
        stray=remarks,
        document=document,
    )


def parts(document: Node) -> Iterator[tuple[Node | None, tuple[Node, ...], Node]]:
    """Yield every rule, background and scenario in file order, with its rule and the backgrounds that precede it."""

    def below(parent: Node, rule: Node | None, before: tuple[Node, ...]) -> Iterator[tuple[Any, Any, Node]]:
        for child in parent["children"]:
            if "background" in child:
                before = (*before, child["background"])
                yield rule, before, child["background"]
            elif "rule" in child:
                yield child["rule"], before, child["rule"]
                yield from below(child["rule"], child["rule"], before)
            else:
                yield rule, before, child["scenario"]

    yield from below(document["feature"], None, ())


def _rows(plain: ScenarioText, node: Node) -> Iterator[ScenarioText]:
    row_number = 0
    for examples in node["examples"]:
        columns = [cell["value"] for cell in examples["tableHeader"]["cells"]]
        tags = _unique(*plain.tags, *_tags(examples))
        for row in examples["tableBody"]:
            row_number += 1
            values = dict(zip(columns, (cell["value"] for cell in row["cells"]), strict=True))
            yield ScenarioText(
                name=plain.name,
                title=_fill(plain.name, values),
                line=plain.line,
                tags=tags,
                steps=tuple(_filled(step, values) for step in plain.steps),
                rule=plain.rule,
                rule_line=plain.rule_line,
                row=row_number,
                row_line=row["location"]["line"],
                values=tuple(values.items()),
            )


def _filled(step: StepText, values: Mapping[str, str]) -> StepText:
    table = step.table and tuple(tuple(_fill(cell, values) for cell in row) for row in step.table)
    docstring = None if step.docstring is None else _fill(step.docstring, values)
    return replace(step, text=_fill(step.text, values), table=table, docstring=docstring)


def _fill(text: str, values: Mapping[str, str]) -> str:
    return PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), text)


def _remarks(document: Node) -> dict[int, tuple[str, ...]]:
    """Return the clauses that remarks name, by line."""
    found = ((each["location"]["line"], REMARK.fullmatch(each["text"])) for each in document["comments"])
    return {line: tuple(re.findall(r"@clause\.(\S+)", named[0])) for line, named in found if named}


def _above(line: int, remarks: dict[int, tuple[str, ...]]) -> tuple[str, ...]:
    """Take the clauses of the remarks directly above a line."""
    clauses: tuple[str, ...] = ()
    while (line := line - 1) in remarks:
        clauses = (*remarks.pop(line), *clauses)
    return clauses


def _steps(node: Node, remarks: dict[int, tuple[str, ...]]) -> list[StepText]:
    """Return the steps of a background or scenario; the remarks that belong to them are taken out of ``remarks``."""
    steps, kind = [], ""
    for step in node["steps"]:
        kind = _KINDS.get(step["keywordType"], kind)
        table = step.get("dataTable")
        docstring = step.get("docString")
        steps.append(
            StepText(
                keyword=step["keyword"].strip(),
                kind=kind,
                text=step["text"],
                line=step["location"]["line"],
                table=table and tuple(tuple(cell["value"] for cell in row["cells"]) for row in table["rows"]),
                docstring=None if docstring is None else textwrap.dedent(docstring["content"]),
                background="examples" not in node,
                clauses=_above(step["location"]["line"], remarks),
            )
        )
    return steps


def _tags(node: Node) -> tuple[str, ...]:
    return tuple(tag["name"].removeprefix("@") for tag in node["tags"])


def _unique(*tags: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(tags))


def _first_line(node: Node) -> int:
    return int(min(place["location"]["line"] for place in (node, *node["tags"])))


def _tag_lines(document: Node) -> Mapping[str, int]:
    lines: dict[str, int] = {}
    tagged = [document["feature"]]
    for _, _, node in parts(document):
        tagged += [node] if "tags" in node else []
        tagged += node.get("examples", [])
    for node in tagged:
        for tag in node["tags"]:
            lines.setdefault(tag["name"].removeprefix("@"), tag["location"]["line"])
    return lines
