"""The strings of a record, changed one by one: secrets taken out, what JSON cannot carry written out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec


def surrogates_shown(text: str) -> str:
    """Return the text with each lone surrogate (a byte of a name that is not UTF-8) written out as an escape."""
    return text.encode("utf-8", "backslashreplace").decode()


def each_string(value: Any, change: Callable[[str], str]) -> Any:  # noqa: ANN401  walks whatever a record may hold
    """Return a copy of a record's value with each string in it changed.

    Field names, tags and the members of vocabularies stay as they are: a secret that happens to be spelt like one of
    them must not make the line unreadable.
    """
    if type(value) is str:
        return change(value)
    if isinstance(value, tuple | list):
        return tuple(each_string(each, change) for each in value)
    if isinstance(value, dict):
        return {change(key): each_string(each, change) for key, each in value.items()}
    if isinstance(value, msgspec.Struct):
        fields = {name: each_string(getattr(value, name), change) for name in value.__struct_fields__}
        return msgspec.structs.replace(value, **fields)
    return value
