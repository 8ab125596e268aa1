"""What is said with a vendor's program, as JSON Schema; ``python -m tests.systems.dialogues`` draws it into docs/."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, get_args

import msgspec

from pytest_hkexprt.systems.omd import dialogue as omd
from pytest_hkexprt.systems.omd import dialogue_told as omd_told
from pytest_hkexprt.systems.otp import dialogue as otp
from pytest_hkexprt.systems.program_lines import Failure, Request

DOCS = Path(__file__).parent.parent.parent / "docs"
PAGE = DOCS / "vendor-programs.md"
DIALOGUES: dict[str, tuple[ModuleType, tuple[type[Any], ...]]] = {
    "vendor-order-gateway.schema.json": (otp, get_args(otp.AnyEvent)),
    "vendor-feed-handler.schema.json": (omd, (omd_told.BookEvent,)),
}
"""File to the module of the requests, and the events."""


def requests(module: ModuleType) -> dict[str, type[Request[Any]]]:
    """Return a dialogue's requests by verb."""
    found = [each for each in vars(module).values() if isinstance(each, type) and issubclass(each, Request)]
    return {str(each.__struct_config__.tag): each for each in found if each is not Request}


def schema(module: ModuleType, events: tuple[type[Any], ...]) -> dict[str, Any]:
    """Return a dialogue's schema: each way's lines, and what ``done`` holds for each verb."""
    asked = requests(module)
    types = [*asked.values(), *(each.answered_with for each in asked.values()), *events, Failure]
    references, components = msgspec.json.schema_components(types, ref_template="#/$defs/{name}")
    to, done = references[: len(asked)], references[len(asked) : 2 * len(asked)]
    told, failure = references[2 * len(asked) : -1], references[-1]
    number = {"type": "integer"}
    answers = [
        {"type": "object", "properties": {"id": number, "done": {"anyOf": _each(done)}}, "required": ["id", "done"]},
        {"type": "object", "properties": {"id": number, "failed": failure}, "required": ["id", "failed"]},
    ]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "anyOf": [{"$ref": "#/$defs/LineToTheProgram"}, {"$ref": "#/$defs/LineFromTheProgram"}],
        "done": dict(zip(asked, done, strict=True)),
        "$defs": {"LineToTheProgram": {"anyOf": to}, "LineFromTheProgram": {"anyOf": [*answers, *told]}, **components},
    }


def fields(module: ModuleType, events: tuple[type[Any], ...]) -> Iterator[str]:
    """Yield the names of all fields that either side may write."""
    for component in schema(module, events)["$defs"].values():
        yield from component.get("properties", {})


def written(name: str) -> bytes:
    """Return a schema's file."""
    return msgspec.json.format(msgspec.json.encode(schema(*DIALOGUES[name])), indent=2) + b"\n"


def _each(references: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [each for number, each in enumerate(references) if each not in references[:number]]


if __name__ == "__main__":
    for file in DIALOGUES:
        (DOCS / file).write_bytes(written(file))
