"""The numbers of a Comp ID's day, kept in the participant's data folder from one run to the next.

Both sides' numbers begin at 1 each day and go on over every reconnect, also of another run: whoever forgot them could
not log on again that day. A number used for an order is kept, too, as it may be used once a day; and so is what was
asked and told (:mod:`client_store`).

Source: OCG-C Binary v2.2, 4.3 and 5 (numbers of the day; a participant may not reset them).
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path

from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.systems.otp import client_store
from pytest_hkexprt.systems.otp.messages import Message, Role
from pytest_hkexprt.systems.otp.session_day import Day

SAID = ".messages.jsonl"
"""Ending of the file of messages, beside that of numbers."""

NAMES_A_SECOND = 100
"""ClOrdIDs between one second of the day and the next: 23:59:59 still leaves room below 99,999,999."""


@dataclass
class Kept:
    """A day's numbers, and the file they are kept in."""

    day: Day
    path: Path | None = None
    """None keeps nothing, as for a rehearsal."""
    last_name: int = 0
    """The last ClOrdID."""
    _written: tuple[int, int, int] = (0, 0, 0)

    def name(self) -> str:
        """Return the next ClOrdID: a number that was not used before today."""
        self.last_name += 1
        return str(self.last_name)

    def keep(self, who: Role, message: Message) -> None:
        """Write down what was asked or told; a message we count must be written before its number is."""
        if self.path is not None:
            client_store.append(self.path.with_suffix(SAID), who, message)

    def recall(self) -> list[tuple[Role, Message]]:
        """Return what earlier runs of the day have asked and were told.

        Raises:
            UsageFault: the file cannot be read.
        """
        return client_store.read(self.path.with_suffix(SAID)) if self.path is not None else []

    def save(self) -> None:
        """Write the numbers down, if they have moved on: a run that is killed leaves those of its last message."""
        now = (self.day.next_out, self.day.next_in, self.last_name)
        if self.path is not None and now != self._written:
            self._written = now
            numbers = {"next_out": self.day.next_out, "next_in": self.day.next_in, "last_name": self.last_name}
            self.path.parent.mkdir(parents=True, exist_ok=True)
            part = self.path.with_suffix(".part")
            part.write_text(json.dumps(numbers), "utf-8")
            part.replace(self.path)


def load(folder: Path, comp_id: str, now: dt.datetime) -> Kept:
    """Return the numbers of a Comp ID's day; of one that had none yet today, new ones.

    Raises:
        UsageFault: the file cannot be read.
    """
    path = folder / "otp" / f"{comp_id}-{now.date().isoformat()}.json"
    if not path.is_file():
        # The participant's own system counts as well: beginning at the time of day keeps out of its way.
        return Kept(Day(), path, last_name=int(f"{now:%H%M%S}") * NAMES_A_SECOND)
    try:
        numbers = json.loads(path.read_text("utf-8"))
        day = Day(next_out=int(numbers["next_out"]), next_in=int(numbers["next_in"]))
        return Kept(day, path, int(numbers["last_name"]))
    except (ValueError, KeyError, TypeError) as error:
        raise UsageFault(
            str(path),
            expected="the numbers of today's session",
            came=repr(error),
            next_step="ask the exchange's desk for the numbers it has, and write them there",
        ) from error
