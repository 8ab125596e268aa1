"""Fields in a row: integers and strings to bytes and back, and what a field's integer means.

Source: HKEX OMD-C Binary Interface Specifications v1.45, section 3.2.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, TypeAlias

from pytest_hkexprt.errors import LocalProtocolError
from pytest_hkexprt.systems.omd.fields import CODES, NULLS, Field, Kind

Value: TypeAlias = int | str | Decimal | None
"""What a field means."""
Raw: TypeAlias = int | str
"""What a message keeps of it: the integer as it came, or the string without its padding."""
ENGLISH_NEWS: Final = "EXN"


@dataclass(frozen=True, slots=True)
class Row:
    """Fields that follow one another: how they are unpacked, packed and named."""

    fields: tuple[Field, ...]
    """Without fillers."""
    format: struct.Struct
    texts: tuple[tuple[int, Field], ...]
    """Index and field of each string."""
    index: Mapping[str, int]

    def unpacked(self, values: tuple[Any, ...], news_type: str = "") -> tuple[Raw, ...]:
        """Return what ``struct`` unpacked, strings decoded."""
        if not self.texts:
            return values
        decoded = list(values)
        for index, field in self.texts:
            news_type = news_type or (decoded[0] if field.kind is Kind.NEWS else "")
            decoded[index] = _text(field, decoded[index], news_type)
        return tuple(decoded)

    def packed(self, values: Sequence[Raw], news_type: str = "") -> bytes:
        """Return the bytes of values."""
        prepared: list[int | bytes] = []
        for field, value in zip(self.fields, values, strict=True):
            if isinstance(value, str):
                news_type = news_type or (str(values[0]) if field.kind is Kind.NEWS else "")
                prepared.append(_bytes(field, value, news_type))
            else:
                prepared.append(value)
        try:
            return self.format.pack(*prepared)
        except struct.error as error:
            raise LocalProtocolError(f"a value of {self.fields[0].name} …", expected=str(error)) from None


def plain(field: Field, value: Raw) -> Value:
    """Return what a value means where its decimals are fixed: a ``Decimal``, None for the null value, or itself."""
    if isinstance(value, str):
        return value
    if value == NULLS.get(field.kind):
        return None
    return Decimal(value).scaleb(-field.decimals) if field.decimals else value


def row(fields: Sequence[Field]) -> Row:
    """Return fields that follow one another, compiled."""
    format_ = "".join(
        f"{field.size_bytes}x" if field.kind is Kind.FILLER else CODES.get(field.kind, f"{field.size_bytes}s")
        for field in fields
    )
    named = tuple(field for field in fields if field.kind is not Kind.FILLER)
    texts = tuple((index, field) for index, field in enumerate(named) if field.kind not in CODES)
    return Row(named, struct.Struct(f"<{format_}"), texts, {field.name: index for index, field in enumerate(named)})


def _text(field: Field, value: bytes, news_type: str) -> str:
    wide = field.kind is Kind.UNICODE or (field.kind is Kind.NEWS and news_type != ENGLISH_NEWS)
    return value.decode("utf-16-le" if wide else "ascii", "replace").rstrip(" \0")


def _bytes(field: Field, value: str, news_type: str) -> bytes:
    wide = field.kind is Kind.UNICODE or (field.kind is Kind.NEWS and news_type != ENGLISH_NEWS)
    encoding = "utf-16-le" if wide else "ascii"
    try:
        encoded = value.encode(encoding)
    except UnicodeEncodeError as error:
        raise LocalProtocolError(field.name, expected=encoding, came=repr(value)) from error
    if len(encoded) > field.size_bytes:
        raise LocalProtocolError(field.name, expected=f"at most {field.size_bytes} bytes", came=f"{len(encoded)}")
    return encoded + (field.pad.encode(encoding) * field.size_bytes)[: field.size_bytes - len(encoded)]
