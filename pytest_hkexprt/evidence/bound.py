"""Which step definition carried out which step, as Cucumber Messages say it.

The journal names the definitions that fit each step's text, and how each reads. Where it does not (an older journal, a
step that nobody looked up because its scenario was omitted or cut short), nothing is said, which is not the same as
saying that there is none.

Source: StepDefinition, TestStep and StepMatchArgument of cucumber/messages, version 34.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from pytest_hkexprt.evidence.record import Line, StepRecord

if TYPE_CHECKING:
    from gherkin.stream.id_generator import IdGenerator

    from pytest_hkexprt.evidence.parts import DefinitionRecord

Envelope = dict[str, Any]


class Bound:
    """The step definitions of a journal.

    Args:
        lines: the journal's.
        ids: gives each its id.
    """

    def __init__(self, lines: Iterable[Line], ids: IdGenerator) -> None:
        steps = (line.record for line in lines if isinstance(line.record, StepRecord))
        self._records = {told.id: told for step in steps for told in step.defined}
        self._ids = {each: ids.get_next_id() for each in self._records}
        self._patterns = {each: _compiled(told) for each, told in self._records.items()}

    def messages(self) -> Iterable[Envelope]:
        """Yield an envelope for each definition."""
        for each, told in self._records.items():
            pattern = {"source": told.pattern or told.phrase, "type": "REGULAR_EXPRESSION"}
            if not told.pattern:
                pattern["type"] = "CUCUMBER_EXPRESSION"
            source = {"uri": told.file, "location": {"line": told.line}}
            yield {"stepDefinition": {"id": self._ids[each], "pattern": pattern, "sourceReference": source}}

    def of(self, text: str, tries: Sequence[StepRecord | None]) -> Envelope:
        """Return what a test step says of its definitions; nothing where the journal does not know.

        Args:
            text: the step's.
            tries: its record in each attempt.
        """
        known = next((each for each in tries if each and (each.definitions or each.cause == "undefined")), None)
        if known is None:
            return {}
        fitting = [each for each in known.definitions if each in self._ids]
        return {
            "stepDefinitionIds": [self._ids[each] for each in fitting],
            "stepMatchArgumentsLists": [{"stepMatchArguments": self._arguments(each, text)} for each in fitting],
        }

    def _arguments(self, definition: str, text: str) -> list[Envelope]:
        pattern = self._patterns[definition]
        found = pattern.fullmatch(text) if pattern else None
        if found is None:
            return []
        spans = sorted(found.span(name) for name in found.groupdict() if found[name] is not None)
        return [{"group": {"start": start, "value": text[start:end], "children": []}} for start, end in spans]


def _compiled(told: DefinitionRecord) -> re.Pattern[str] | None:
    try:
        return re.compile(told.pattern) if told.pattern else None
    except re.error:
        return None
