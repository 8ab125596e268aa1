"""An order as a book has it, as its owner follows it, and two books compared.

Both sides of the line keep orders; a line is what they must agree on.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from pytest_hkexprt.systems.otp.book import Standing
from pytest_hkexprt.systems.otp.words import Side

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Line:
    """One order as a book has it, for comparison with the other side's."""

    cl_ord_id: str
    order_id: str
    security: str
    side: Side | None
    quantity: Decimal
    price: Decimal | None
    standing: Standing
    traded: Decimal
    value: Decimal

    def __str__(self) -> str:
        price = "any price" if self.price is None else f"{self.price.normalize():f}"
        return (
            f"{self.order_id}: {self.side} {self.quantity:f} of {self.security} at {price}, {self.standing}, "
            f"{self.traded:f} traded for {self.value.normalize():f}"
        )


@dataclass(slots=True, eq=False)
class Tracked:
    """One order of ours, as far as we know; it changes with every report."""

    cl_ord_id: str
    security: str = ""
    side: Side | None = None
    quantity: Decimal = ZERO
    price: Decimal | None = None
    order_id: str = ""
    standing: Standing = Standing.PENDING
    traded: Decimal = ZERO
    value: Decimal = ZERO
    asked_to_end: bool = False
    quoted: bool = False
    """Whether it is one half of a quote."""
    accepted: bool = False

    @property
    def line(self) -> Line:
        """The order as a line of the book."""
        return Line(
            cl_ord_id=self.cl_ord_id,
            order_id=self.order_id,
            security=self.security,
            side=self.side,
            quantity=self.quantity,
            price=self.price,
            standing=self.standing,
            traded=self.traded,
            value=self.value,
        )


@dataclass(frozen=True, slots=True)
class Execution:
    """One trade of one order."""

    exec_id: str
    cl_ord_id: str
    quantity: Decimal
    price: Decimal
    match: str
    """What both sides' reports of one trade have in common."""


@dataclass(frozen=True, slots=True)
class Unasked:
    """A cancel that its owner did not ask for."""

    cl_ord_id: str
    reason: int
    remark: str = ""


def differences(ours: Iterable[Line], theirs: Iterable[Line]) -> list[str]:
    """Return how two books differ, order by order; empty where they agree."""
    mine, other = ({line.order_id: line for line in lines} for lines in (ours, theirs))
    told = [f"ours only: {mine[key]}" for key in mine if key not in other]
    told += [f"theirs only: {other[key]}" for key in other if key not in mine]
    for key in mine.keys() & other.keys():
        if mine[key] != other[key]:
            told.append(f"ours {mine[key]}; theirs {other[key]}")
    return told
