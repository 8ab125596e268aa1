"""Which orders a day is made of: security, price and sizes, all within the participant's own list.

A rehearsal trades what its generated list has. A live session trades what the participant wrote down, and a list that
is too small for the day is told before anything is sent.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.systems.otp.profiles import Gateway
from pytest_hkexprt.systems.otp.settings import Allowed
from pytest_hkexprt.systems.otp.words import Side

MOST_LOTS = 3
"""Board lots of the largest order of a day."""
CHINA_DIGITS = 6
"""Of a security's code in Shanghai and Shenzhen; Hong Kong's have five at most."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is traded."""

    security: str
    price: Decimal
    lot: Decimal
    tick: Decimal

    def lots(self, number: int) -> Decimal:
        """Return a quantity of so many board lots."""
        return self.lot * number


def plan(orders: Iterable[Allowed], gateway: Gateway) -> Plan:
    """Return the first security of the list that may be both bought and sold, at a price that allows both.

    Raises:
        UsageFault: there is none.
    """
    china = gateway is Gateway.OTP_CSC
    mine = [each for each in orders if (len(each.security) == CHINA_DIGITS) is china]
    for buying in (each for each in mine if each.side is Side.BUY):
        for selling in (each for each in mine if each.side is Side.SELL and each.security == buying.security):
            enough = min(buying.quantity, selling.quantity) >= buying.lot * MOST_LOTS
            if buying.price >= selling.price and enough:
                return Plan(buying.security, buying.price, buying.lot, buying.tick)
    raise UsageFault(
        "[[otp.orders]]",
        expected=f"a security of {gateway} that may be bought and sold, {MOST_LOTS} board lots or more, the buying "
        "price not below the selling price",
        came=", ".join(f"{each.side} {each.security}" for each in mine) or "none",
        next_step="write two entries of one security, side buy and side sell, into hkexprt.toml",
    )
