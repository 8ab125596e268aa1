"""Fields in a row: integers and strings to bytes and back, and what a field's integer means.

Source: HKEX OMD-C Binary Interface Specifications v1.45, section 3.2.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping, Sequence
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
PADDING: Final = " \0"


@dataclass(frozen=True, slots=True)
class Row:
    """Fields that follow one another: how they are unpacked, packed and named."""

    fields: tuple[Field, ...]
    """Without fillers."""
    format: struct.Struct
    texts: tuple[tuple[int, Callable[[bytes], str]], ...]
    """Index of each string, and what decodes it."""
    news: tuple[int, ...]
    """Index of each string whose encoding NewsType says."""
    index: Mapping[str, int]

    def decoded(self, values: tuple[Any, ...], news_type: str = "") -> tuple[Raw, ...]:
        """Return what ``struct`` unpacked, strings decoded."""
        found = list(values)
        for index, decode in self.texts:
            found[index] = decode(found[index])
        for index in self.news:
            found[index] = (_ascii if (news_type or found[0]) == ENGLISH_NEWS else _utf16)(found[index])
        return tuple(found)

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
    texts = tuple((index, _decoder(field)) for index, field in enumerate(named) if field.kind in _TEXTS)
    news = tuple(index for index, field in enumerate(named) if field.kind is Kind.NEWS)
    index = {field.name: index for index, field in enumerate(named)}
    return Row(named, struct.Struct(f"<{format_}"), texts, news, index)


def _decoder(field: Field) -> Callable[[bytes], str]:
    if field.kind is Kind.UNICODE:
        return _utf16
    return _ascii if field.size_bytes > 1 else _LETTERS.__getitem__


def _ascii(value: bytes) -> str:
    return value.decode("ascii", "replace").rstrip(PADDING)


def _utf16(value: bytes) -> str:
    return value.decode("utf-16-le", "replace").rstrip(PADDING)


_LETTERS = {bytes([code]): _ascii(bytes([code])) for code in range(256)}
_TEXTS = frozenset((Kind.STRING, Kind.UNICODE))


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
