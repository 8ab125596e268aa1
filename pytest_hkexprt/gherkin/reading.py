"""A feature file read with all its mistakes at once.

pytest-bdd loses or fakes some inputs without a word: two scenarios of one name, a scenario without steps, an outline
without rows. A suite that proves something to an exchange must refuse each of them, with file, line and remedy.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from pathlib import Path

from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.gherkin.encoding import decode
from pytest_hkexprt.gherkin.text import PLACEHOLDER, FeatureText, Node, build, parts

_TOKENS = {
    "#Language": "a # language: line",
    "#TagLine": "tags (@…)",
    "#FeatureLine": "Feature:",
    "#BackgroundLine": "Background:",
    "#RuleLine": "Rule:",
    "#ScenarioLine": "Scenario:",
    "#ExamplesLine": "Examples:",
    "#StepLine": "a step (Given, When, Then, And, But)",
    "#TableRow": "a table row (| … |)",
    "#DocStringSeparator": 'a doc string (""")',
}
"""gherkin-official's names for what a line may be, in plain words; what says nothing to a reader is left out."""


_STEP_WORDS = ("given", "when", "then", "and", "but")
_PROSE = ("the", "they", "them", "an", "any")
"""Words near a keyword that sentences of a description do begin with."""


def read(path: Path, shown: str = "") -> FeatureText:
    """Return a feature file.

    Args:
        path: the file.
        shown: how messages name it; its path when empty.

    Raises:
        UsageFault: it cannot be read, or holds mistakes; the message has all of them, each with line and remedy.
    """
    shown = shown or str(path)
    try:
        text = decode(path.read_bytes(), shown)
    except OSError as error:
        raise UsageFault(shown, expected="a readable file", came=error.strerror or str(error)) from error
    lines = tuple(text.splitlines())
    document = _parse(text, lines, shown)
    mistakes = list(_mistakes(document, shown))
    if mistakes:
        raise _together(mistakes)
    return build(path, lines, document)


def _together(mistakes: list[UsageFault]) -> UsageFault:
    mistakes.sort(key=lambda each: int(each.where.rpartition(":")[2]))
    return mistakes[0] if len(mistakes) == 1 else UsageFault("\n".join(map(str, mistakes)))


def _parse(text: str, lines: tuple[str, ...], shown: str) -> Node:
    from gherkin.errors import CompositeParserException, ParserException  # noqa: PLC0415  only with a feature
    from gherkin.parser import Parser  # noqa: PLC0415

    try:
        document: Node = Parser().parse(text)
    except CompositeParserException as error:
        by_line = {each.location["line"]: each for each in reversed(error.errors)}
        raise _together([_syntax(by_line[line], lines, shown) for line in sorted(by_line)]) from None
    except ParserException as error:
        raise _syntax(error, lines, shown) from None
    if "feature" not in document:
        raise UsageFault(
            f"{shown}:1",
            expected="a feature",
            came="an empty file" if not text.strip() else "a file without a Feature: line",
            next_step="begin the file with a line such as: Feature: Reports can be retrieved",
        )
    return document


def _syntax(error: Exception, lines: tuple[str, ...], shown: str) -> UsageFault:
    from gherkin import errors  # noqa: PLC0415

    line = error.location["line"]  # type: ignore[attr-defined]  # every ParserException has one
    where = f"{shown}:{min(line, len(lines)) or 1}"
    came = lines[line - 1].strip() if 0 < line <= len(lines) else "the end of the file"
    if isinstance(error, errors.NoSuchLanguageException):
        return UsageFault(
            where,
            expected="a language Gherkin knows",
            came=came,
            next_step="write # language: en, zh-TW or zh-CN, or leave the line out",
        )
    if isinstance(error, errors.AstBuilderException):
        return UsageFault(
            where,
            expected="as many cells as in the table's first row",
            came=came,
            next_step="add or remove cells; a | inside a cell is written \\|",
        )
    allowed = [words for token, words in _TOKENS.items() if token in str(error)]
    return UsageFault(where, expected=", ".join(allowed), came=came, next_step=_remedy(came, allowed))


def _remedy(came: str, allowed: list[str]) -> str:
    if came == "the end of the file":
        return 'close the doc string with """' if allowed == [_TOKENS["#DocStringSeparator"]] else "finish the file"
    if "Feature:" in allowed:
        return "begin the file with a Feature: line; all else comes below it"
    if came.startswith("Feature"):
        return "keep one feature in a file; move the second into its own"
    if came.startswith("Background"):
        return "put the one Background before the first scenario of its feature or rule"
    if came.startswith("|"):
        return "put the table directly below its step or Examples: line"
    return "check the line's first word and its colon, or put # before a remark"


def _mistakes(document: Node, shown: str) -> Iterator[UsageFault]:
    seen: dict[str, int] = {}
    for _, _, node in parts(document):
        where = f"{shown}:{node['location']['line']}"
        if "examples" in node:
            yield from _name_mistakes(node, where, seen)
            yield from _outline_mistakes(node, where, shown, document["feature"]["language"])
        if "steps" in node:
            yield from _step_mistakes(node, where)
            yield from _lost_steps(node, where)
    if not seen:
        line = document["feature"]["location"]["line"]
        yield UsageFault(
            f"{shown}:{line}", expected="at least one scenario", came="none", next_step="add a Scenario: with its steps"
        )


def _name_mistakes(node: Node, where: str, seen: dict[str, int]) -> Iterator[UsageFault]:
    name, line = node["name"], node["location"]["line"]
    if not name:
        yield UsageFault(where, expected="a scenario's name", came="none", next_step="write it after the colon")
    elif name in seen:
        yield UsageFault(
            where,
            expected="a name no other scenario of the file has",
            came=f"{name!r}, which stands in line {seen[name]}, too",
            next_step="rename one of the two; results are told apart by name",
        )
    if "::" in name:
        yield UsageFault(
            where,
            expected="a name without ::",
            came=repr(name),
            next_step="write another sign; :: separates the parts of an id, and this scenario could not be selected",
        )
    seen.setdefault(name, line)


def _step_mistakes(node: Node, where: str) -> Iterator[UsageFault]:
    steps = node["steps"]
    if not steps:
        yield UsageFault(where, expected="steps", came="none", next_step="write its steps, or remove it")
    elif steps[0]["keywordType"] in ("Conjunction", "Unknown"):
        first = steps[0]
        yield UsageFault(
            f"{where.rpartition(':')[0]}:{first['location']['line']}",
            expected="Given, When or Then in the first step",
            came=f"{first['keyword']}{first['text']}",
            next_step=f"{first['keyword'].strip()} takes its kind from the step before, and there is none: write which",
        )


def _lost_steps(node: Node, where: str) -> Iterator[UsageFault]:
    """Find misspelt steps above the first step: Gherkin takes them for the description, and they would never run."""
    for text in node["description"].splitlines():
        word = text.strip().partition(" ")[0].rstrip(":").lower()
        keyword = next(iter(difflib.get_close_matches(word, _STEP_WORDS, n=1, cutoff=0.8)), "")
        if keyword and word not in _PROSE:
            yield UsageFault(
                where,
                expected=f"{keyword.title()} as the first word of a step",
                came=f"{text.strip()!r} in the description",
                next_step="correct the word; or begin the sentence with another one if it describes",
            )


def _outline_mistakes(node: Node, where: str, shown: str, language: str) -> Iterator[UsageFault]:
    from gherkin.dialect import Dialect  # noqa: PLC0415

    if not node["examples"]:
        dialect = Dialect.for_name(language)
        if dialect is not None and node["keyword"] in dialect.scenario_outline_keywords:
            yield UsageFault(
                where, expected="Examples: with rows", came="none", next_step="add them, or make it a plain Scenario:"
            )
        return
    columns: set[str] = set()
    for examples in node["examples"]:
        place = f"{shown}:{examples['location']['line']}"
        cells = [cell["value"] for cell in examples.get("tableHeader", {}).get("cells", ())]
        if not examples["tableBody"]:
            yield UsageFault(
                place, expected="example rows below the header", came="none", next_step="add rows, or remove the table"
            )
        if len(cells) != len(set(cells)):
            yield UsageFault(
                place, expected="each column once", came=" | ".join(cells), next_step="rename the one that comes twice"
            )
        columns |= set(cells)
    if not columns:
        return
    for text, line in _outline_texts(node):
        for unknown in sorted(set(PLACEHOLDER.findall(text)) - columns):
            yield UsageFault(
                f"{shown}:{line}",
                expected=f"a column of the examples: {', '.join(f'<{each}>' for each in sorted(columns))}",
                came=f"<{unknown}>",
                next_step="correct the name, or add the column to the examples",
            )


def _outline_texts(node: Node) -> Iterator[tuple[str, int]]:
    yield node["name"], node["location"]["line"]
    for step in node["steps"]:
        line = step["location"]["line"]
        cells = [cell["value"] for row in step.get("dataTable", {}).get("rows", ()) for cell in row["cells"]]
        docstring = step.get("docString", {}).get("content", "")
        yield "\n".join((step["text"], *cells, docstring)), line
