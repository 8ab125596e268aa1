"""What the matching core refuses, and with which of the documented codes.

A refusal is a code and a remark in our own words: the published list of reasons itself says that nobody should build on
its texts. Securities, lots and limits of a rehearsal are stand-ins; see docs/trading-gateway.md.

Source: OCG-C Binary v2.2, 6.4 and 7.5; OTP-C reason code list of 30 June 2017; CCCG Binary v1.3 for China Connect.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from pytest_hkexprt.systems.otp.messages import Message
from pytest_hkexprt.systems.otp.words import LotType, OrdRejReason, OrdType, PositionEffect, Side, TimeInForce

CL_ORD_ID = re.compile(r"[1-9][0-9]{0,7}")
"""A number up to 99,999,999 without leading zeros."""
MOST_LOTS = 3000
"""Board lots of one order."""
BAND = Decimal(9)
"""How many times the reference price, or which part of it, an order may name."""
NOTIONAL = Decimal(500_000_000)
PRICE_DECIMALS = 3
IGNORE_PRICE, IGNORE_NOTIONAL = "0", "1"
"""Of ExecInst: what an order asks to be excused from."""

RESTRICTIONS = frozenset("256")
"""What OrderRestrictions may say of a short sale."""
CONSTANTS = {"DisclosureInstructions": 1, "MaxPriceLevels": 1, "SecurityIDSource": 8}
"""Fields with one value alone, where they are said."""


@dataclass(frozen=True, slots=True)
class Security:
    """A security of the rehearsal."""

    code: str
    exchange: str
    lot: int
    """Units of a board lot."""
    reference: Decimal | None
    """The price orders are compared with; None where there is none yet."""
    segment: str = "MAIN"
    shortable: bool = True


SECURITIES = {
    each.code: each
    for each in (
        Security("1", "XHKG", 500, Decimal("40.5")),
        Security("5", "XHKG", 400, Decimal("60.15")),
        Security("388", "XHKG", 100, Decimal("280.2")),
        Security("700", "XHKG", 100, Decimal("388.6")),
        Security("8001", "XHKG", 2000, Decimal("0.385"), segment="GEM", shortable=False),
        Security("9999", "XHKG", 100, None),
        Security("600000", "XSSC", 100, Decimal("8.5"), segment="SH"),
        Security("1234", "XSEC", 100, Decimal("12.4"), segment="SZ", shortable=False),
    )
}
"""Stand-ins: the codes are real, lots and prices are ours."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something is refused."""

    code: int
    reason: str


def of_order(order: Message, security: Security, *, china: bool = False) -> Refusal | None:
    """Return why a new order, or one side of a quote, is refused; None where it is not."""
    return (
        _of_names(order)
        or _of_constants(order)
        or _of_kind(order, china=china)
        or _of_short(order, security, china=china)
        or of_quantity(order.amount("OrderQty"), security, odd=order.get("LotType") is LotType.ODD)
        or of_price(order, security)
    )


def of_quantity(quantity: Decimal, security: Security, *, odd: bool) -> Refusal | None:
    """Return why a quantity is refused: board lots are whole, an odd lot is less than one."""
    if quantity <= 0 or quantity != quantity.to_integral_value():
        return Refusal(OrdRejReason.INCORRECT_QUANTITY, "the quantity is no whole number above zero")
    if odd and quantity >= security.lot:
        return Refusal(OrdRejReason.INCORRECT_QUANTITY, f"an odd lot is less than the board lot, {security.lot}")
    if not odd and quantity % security.lot:
        return Refusal(OrdRejReason.INCORRECT_QUANTITY, f"no multiple of the board lot, {security.lot}")
    if quantity > MOST_LOTS * security.lot:
        return Refusal(OrdRejReason.ORDER_EXCEEDS_LIMIT, f"more than {MOST_LOTS:,} board lots")
    return None


def of_price(order: Message, security: Security) -> Refusal | None:
    """Return why a price, or what it comes to, is refused."""
    if order.get("OrdType") is OrdType.MARKET:
        return None
    price, excused = order.amount("Price"), order.text("ExecInst").split()
    if price <= 0 or price != round(price, PRICE_DECIMALS):
        return Refusal(OrdRejReason.PRICE_EXCEEDS_BAND, "the price is not above zero, or too fine")
    if security.reference is None:
        return Refusal(OrdRejReason.REFERENCE_PRICE_NOT_AVAILABLE, "no reference price to compare with")
    if not security.reference / BAND <= price <= security.reference * BAND and IGNORE_PRICE not in excused:
        return Refusal(OrdRejReason.PRICE_EXCEEDS_BAND, f"more than {BAND:g} times off {security.reference}")
    if price * order.amount("OrderQty") > NOTIONAL and IGNORE_NOTIONAL not in excused:
        return Refusal(OrdRejReason.NOTIONAL_EXCEEDS_THRESHOLD, f"more than {NOTIONAL:,} in all")
    return None


def of_levels(limit: Decimal, best: Decimal | None, *, buys: bool) -> Refusal | None:
    """Return why an order of one price level is refused: it may meet the best price and not go beyond it."""
    if best is None or (limit <= best if buys else limit >= best):
        return None
    return Refusal(OrdRejReason.PRICE_EXCEEDS_BAND, f"beyond {best}, the best of the other side, with one price level")


def _of_names(order: Message) -> Refusal | None:
    if not CL_ORD_ID.fullmatch(order.text("ClOrdID")):
        return Refusal(OrdRejReason.OTHER, "ClOrdID is no number from 1 to 99,999,999")
    return None


def _of_kind(order: Message, *, china: bool) -> Refusal | None:
    force, kind = order.get("TimeInForce"), order.get("OrdType")
    if china and (kind is not OrdType.LIMIT or force not in (None, TimeInForce.DAY)):
        return Refusal(OrdRejReason.OTHER, "only limit orders of the day")
    if china and order.number("MaxPriceLevels") != 1:
        return Refusal(OrdRejReason.OTHER, "MaxPriceLevels must be 1")
    if china and not order.text("BCAN"):
        return Refusal(OrdRejReason.OTHER, "no BCAN")
    if kind is OrdType.MARKET and force is not TimeInForce.AT_CROSSING:
        return Refusal(OrdRejReason.OTHER, "a market order is for the crossing only")
    if order.get("LotType") is LotType.ODD and (kind is not OrdType.LIMIT or force not in (None, TimeInForce.DAY)):
        return Refusal(OrdRejReason.OTHER, "an odd lot is a limit order of the day")
    return None


def _of_short(order: Message, security: Security, *, china: bool) -> Refusal | None:
    short, restrictions = order.get("Side") is Side.SELL_SHORT, order.text("OrderRestrictions").split()
    if short and not security.shortable:
        return Refusal(OrdRejReason.SHORT_SELL_NOT_PERMITTED if china else OrdRejReason.OTHER, "not to be sold short")
    if restrictions and not short:
        return Refusal(OrdRejReason.OTHER, "OrderRestrictions are for a short sale")
    if not set(restrictions) <= RESTRICTIONS:
        return Refusal(OrdRejReason.OTHER, f"OrderRestrictions are of {', '.join(sorted(RESTRICTIONS))}")
    if order.get("PositionEffect") is PositionEffect.CLOSE and order.get("Side") is not Side.BUY:
        return Refusal(OrdRejReason.OTHER, "a short position is covered by buying")
    return None


def _of_constants(order: Message) -> Refusal | None:
    for name, constant in CONSTANTS.items():
        if name in order and order[name] != constant:
            return Refusal(OrdRejReason.OTHER, f"{name} is {constant}")
    return None
