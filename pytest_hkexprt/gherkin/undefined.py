"""The message for steps no phrase is defined for: the nearest phrases there are, and definitions ready to paste.

All of a scenario's undefined steps are told together, and before its first step runs: a scenario that cannot be
finished says nothing to a live system.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence

from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.gherkin.phrases import Phrases
from pytest_hkexprt.gherkin.text import StepText

_VALUE = re.compile(r'"(?P<quoted>[^"]*)"|(?<![\w.])(?P<number>\d+)(?![\w.])')
"""What in a step's text is probably an argument."""


class UndefinedStep(UsageFault):
    """A scenario has steps for which there is no phrase."""


def fault(steps: Sequence[StepText], phrases: Phrases, shown: str) -> UndefinedStep:
    """Return the error for undefined steps.

    Args:
        steps: the undefined ones, in order.
        phrases: what the feature can use.
        shown: the feature file as messages name it.
    """
    told = [f"{shown}:{step.line}: no phrase is defined for: {step.keyword} {step.text}" for step in steps]
    near = list(dict.fromkeys(line for step in steps for line in _nearest(step, phrases)))
    distinct = {(step.kind, step.text): step for step in steps}.values()
    kinds = ", ".join(dict.fromkeys(step.kind for step in distinct))
    imports = (
        f"from pytest_bdd import {'parsers, ' if any(_VALUE.search(each.text) for each in distinct) else ''}{kinds}"
    )
    pasted = "\n\n\n".join([imports, *(_definition(step) for step in distinct)])
    return UndefinedStep(
        "\n".join(told),
        expected="one of the phrases there are; the nearest:\n            " + "\n            ".join(near)
        if near
        else "a phrase of one of the step files; none is near",
        next_step=f"correct the step, or paste into the conftest.py beside the feature and fill in:\n\n{pasted}",
    )


def _nearest(step: StepText, phrases: Phrases) -> list[str]:
    by_name: dict[str, list[str]] = {}
    for each in phrases.known():
        by_name.setdefault(each.context.parser.name, []).append(each.context.type or "given, when or then")
    kinds = by_name.get(step.text, [])
    if kinds:
        return [f"{step.text} (there it is a {' and a '.join(kinds)} step)"]
    return [
        f"{'/'.join(dict.fromkeys(by_name[name]))} {name}"
        for name in difflib.get_close_matches(step.text, by_name, n=3, cutoff=0.5)
    ]


def _definition(step: StepText) -> str:
    arguments: list[str] = []

    def hole(match: re.Match[str]) -> str:
        name = "text" if match["number"] is None else "number"
        alike = sum(each.startswith(name) for each in arguments)
        arguments.append(f"{name}{alike + 1}" if alike else name)
        return f'"{{{arguments[-1]}}}"' if match["number"] is None else f"{{{arguments[-1]}:d}}"

    pattern = _VALUE.sub(hole, step.text.replace("{", "{{").replace("}", "}}"))
    phrase = f"parsers.parse({pattern!r})" if arguments else repr(step.text)
    taken = [*arguments, *(["datatable"] if step.table else []), *(["docstring"] if step.docstring is not None else [])]
    return f"@{step.kind}({phrase})\ndef _({', '.join(taken)}):\n    raise NotImplementedError"
