"""TOML read with all its mistakes at once.

A circular and a participant file are written by hand, by people who are not programmers. Each value is asked for by
key and type; what is missing, of the wrong type or unknown is remembered with table and key, and told together at the
end, so that a file is mended in one sitting.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

from pytest_hkexprt.clock import HONG_KONG
from pytest_hkexprt.errors import UsageFault

T = TypeVar("T")

LAST_SECOND = dt.time(23, 59, 59)
"""Of a day: until when "on or before" a date is."""

_NAMES: dict[type, str] = {
    str: "a text in quotes",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    list: "a list in square brackets",
    dict: "a table",
    dt.datetime: "a date and time such as 2023-04-15T14:30:00+08:00",
    dt.date: "a date such as 2023-04-15",
}


def near(word: str, words: Iterable[str]) -> str:
    """Return `` (did you mean …?)`` for the nearest of ``words``, or nothing."""
    import difflib  # noqa: PLC0415  for a message

    found = difflib.get_close_matches(word, list(words), n=1)
    return f" (did you mean {found[0]}?)" if found else ""


def load(path: Path) -> dict[str, object]:
    """Return the TOML file as it stands.

    Raises:
        UsageFault: it cannot be read, is not UTF-8, or is not TOML; the message has the line.
    """
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n"))
    except OSError as error:
        raise UsageFault(str(path), expected="a readable file", came=error.strerror or str(error)) from error
    except UnicodeDecodeError as error:
        raise UsageFault(
            str(path), expected="UTF-8 text", came=f"byte {error.start}: {error.reason}", next_step="save it as UTF-8"
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise UsageFault(str(path), expected="TOML", came=str(error), next_step="mend that line") from error


class Table:
    """One table of a TOML file: values are asked for by key; mistakes gather in a list shared by the whole file."""

    def __init__(self, data: dict[str, object], name: str = "", mistakes: list[str] | None = None) -> None:
        self._data = data
        self.name = name
        """How messages call it; empty for the file itself."""
        self._asked: set[str] = set()
        self.mistakes: list[str] = [] if mistakes is None else mistakes

    def wrong(self, key: str, what: str) -> None:
        """Remember a mistake at ``key`` of this table."""
        place = f"[{self.name}] {key}" if self.name else key
        self.mistakes.append(f"{place}: {what}")

    def _get(self, key: str, kind: type[T], default: T | None, *, required: bool) -> T | None:
        self._asked.add(key)
        if key not in self._data:
            if required:
                self.wrong(key, f"missing; expected {_NAMES[kind]}")
            return default
        value = self._data[key]
        # bool is an int and a datetime is a date in Python; in TOML they are not.
        fits = type(value) is kind or (kind is float and type(value) is int)
        if not fits:
            self.wrong(key, f"expected {_NAMES[kind]}, came {value!r}")
            return default
        return value  # type: ignore[return-value]  # its type was compared just now

    def text(self, key: str, default: str = "", *, required: bool = False) -> str:
        """Return a text."""
        found = self._get(key, str, default, required=required)
        if required and self._data.get(key) == "":
            self.wrong(key, "is empty")
        return found or default

    def has(self, key: str) -> bool:
        """Return whether a key is written."""
        return key in self._data

    def number(self, key: str, default: float) -> float:
        """Return a number above zero."""
        value = self._get(key, float, default, required=False)
        if value is None or value <= 0:
            self.wrong(key, f"expected a number above zero, came {value!r}")
            return default
        return float(value)

    def flag(self, key: str, *, default: bool = False) -> bool:
        """Return true or false."""
        return bool(self._get(key, bool, default, required=False))

    def date(self, key: str, *, required: bool = False) -> dt.date | None:
        """Return a calendar date."""
        return self._get(key, dt.date, None, required=required)

    def moment(self, key: str, *, required: bool = False) -> dt.datetime | None:
        """Return an aware moment; one written without an offset is Hong Kong's."""
        value = self._get(key, dt.datetime, None, required=required)
        return value.replace(tzinfo=HONG_KONG) if value is not None and value.tzinfo is None else value

    def until(self, key: str, *, required: bool = False) -> dt.datetime | None:
        """Return an aware moment by which something is due; a date alone lasts until its end in Hong Kong."""
        if type(date := self._data.get(key)) is dt.date:
            self._asked.add(key)
            return dt.datetime.combine(date, LAST_SECOND, HONG_KONG)
        return self.moment(key, required=required)

    def listed(self, key: str) -> list[object]:
        """Return a list of anything."""
        return self._get(key, list, None, required=False) or []

    def words(self, key: str, *, required: bool = False, among: Iterable[str] = ()) -> tuple[str, ...]:
        """Return a list of texts; with ``among``, each must be one of them."""
        found = self._get(key, list, None, required=required) or []
        if not all(isinstance(word, str) for word in found):
            self.wrong(key, f"expected a list of texts, came {found!r}")
            return ()
        known = tuple(among)
        for word in found:
            if known and word not in known:
                self.wrong(key, f"{word!r} is not one of {', '.join(known)}{near(word, known)}")
        return tuple(found)

    def names(self, key: str) -> tuple[str, ...]:
        """Return a list of texts, which may be written as one text where it is one."""
        if isinstance(name := self._data.get(key), str):
            self._asked.add(key)
            return (name,)
        return self.words(key)

    def table(self, key: str) -> Table | None:
        """Return a table below this one, or None where there is none."""
        found = self._get(key, dict, None, required=False)
        return None if found is None else Table(found, self._below(key), self.mistakes)

    def tables(self, key: str) -> list[Table]:
        """Return the entries of an array of tables (``[[key]]``), in order."""
        found = self.listed(key)
        entries = [entry for entry in found if isinstance(entry, dict)]
        if len(entries) < len(found):
            self.wrong(key, f"expected tables, written [[{self._below(key)}]]")
        name = self._below(key)
        return [Table(entry, f"{name} {number}", self.mistakes) for number, entry in enumerate(entries, start=1)]

    def keys(self) -> tuple[str, ...]:
        """Return the keys as written, in order, and count all as asked for: for tables whose keys are free."""
        self._asked.update(self._data)
        return tuple(self._data)

    def asked(self, key: str) -> None:
        """Count a key as asked for: its value has another reader."""
        self._asked.add(key)

    def raw(self) -> dict[str, object]:
        """Return the table as read, for another reader to give types."""
        self.keys()
        return self._data

    def unknown(self) -> None:
        """Remember every key that was never asked for, with the nearest that could be."""
        for key in self._data:
            if key not in self._asked:
                self.wrong(key, f"unknown key{near(key, self._asked)}")

    def _below(self, key: str) -> str:
        return f"{self.name}.{key}" if self.name else key


def tell(path: Path, mistakes: list[str]) -> None:
    """Raise all the mistakes of a file together, if there are any.

    Raises:
        UsageFault: there are.
    """
    if mistakes:
        count = "one mistake" if len(mistakes) == 1 else f"{len(mistakes)} mistakes"
        raise UsageFault(f"{path}: {count}\n  " + "\n  ".join(mistakes))
