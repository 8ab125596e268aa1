"""What may be sent: nothing but the login where that is all there is to do, and no live order without a permission.

A test of a connection must not become a trade by mistake. Before any byte of a business message leaves for a live
gateway, all of it must hold: the user said so on the command line, the clock is inside the session's window, the
participant has a role whose clause lets it trade, and the order is within one entry of the participant's own list.

Source: the circulars of the backbone's upgrade: China Connect Exchange Participants log in to OTP-CSC, and no more.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.systems.otp.messages import Kind, Message
from pytest_hkexprt.systems.otp.settings import Allowed
from pytest_hkexprt.systems.otp.words import Side

OPTION = "--allow-orders"
ENTERING = (Kind.NEW_ORDER, Kind.AMEND, Kind.QUOTE, Kind.TRADE_CAPTURE)
"""What can lead to a trade; the order list speaks of these."""


@dataclass(frozen=True, slots=True)
class Permission:
    """What one connection may send in one session."""

    where: str
    """In messages: ``otp/OTP-C``."""
    live: bool
    login_only: bool = False
    """Whether the session is for the login alone; that binds a rehearsal, too."""
    allow_orders: bool = False
    """Whether the user gave the option."""
    starts: dt.datetime | None = None
    ends: dt.datetime | None = None
    trades_as: Collection[str] = ()
    """Roles that may trade here."""
    roles: Collection[str] = ()
    """The participant's."""
    orders: tuple[Allowed, ...] = ()

    def require(self, message: Message, now: dt.datetime) -> None:
        """See that a message may be sent now.

        Raises:
            UsageFault: it may not; nothing was sent.
        """
        if message.kind.is_session:
            return
        if self.login_only:
            self._refuse("the login, heartbeats and the logout alone", str(message.kind), "leave the order out")
        if not self.live:
            return
        if not self.allow_orders:
            self._refuse(f"the option {OPTION}", f"{message.kind} without it", f"give {OPTION} if you mean it")
        if self.starts is None or self.ends is None or not self.starts <= now <= self.ends:
            window = f"{self.starts:%Y-%m-%d %H:%M} to {self.ends:%H:%M}" if self.starts and self.ends else "no window"
            self._refuse(f"the session's window, {window}", f"{now:%Y-%m-%d %H:%M:%S}", "wait for the session")
        if not set(self.trades_as) & set(self.roles):
            came = ", ".join(self.roles) or "no role"
            self._refuse(f"a participant that is {' or '.join(self.trades_as)}", came, "this role does not trade here")
        self._within_the_list(message)

    def allows(self, message: Message, now: dt.datetime) -> bool:
        """Return whether a message may be sent now."""
        try:
            self.require(message, now)
        except UsageFault:
            return False
        return True

    def _within_the_list(self, message: Message) -> None:
        if not self.orders:
            next_step = "write [[otp.orders]] with security, side, quantity and price into hkexprt.toml"
            self._refuse("an order list in hkexprt.toml", "none", next_step)
        if message.kind not in ENTERING:
            return
        for side, quantity, price in _asked(message):
            security = message.text("SecurityID")
            if not any(_covers(each, security, side, quantity, price) for each in self.orders):
                listed = "; ".join(
                    f"{each.side} {each.quantity:f} of {each.security} at {each.price:f}" for each in self.orders
                )
                came = f"{side} {quantity:f} of {security} at {'any price' if price is None else f'{price:f}'}"
                self._refuse(f"an order within the list: {listed}", came, "look at [[otp.orders]] in hkexprt.toml")

    def _refuse(self, expected: str, came: str, next_step: str) -> None:
        raise UsageFault(f"{self.where}: nothing was sent", expected=expected, came=came, next_step=next_step)


def _asked(message: Message) -> list[tuple[object, Decimal, Decimal | None]]:
    """Return side, quantity and price of each order a message asks for."""
    if message.kind is Kind.QUOTE:
        selling = Side.SELL_SHORT if message.get("Side") is Side.SELL_SHORT else Side.SELL
        return [
            (Side.BUY, message.amount("BidSize"), message.amount("BidPx")),
            (selling, message.amount("OfferSize"), message.amount("OfferPx")),
        ]
    if message.kind is Kind.TRADE_CAPTURE:
        return [(message.get("Side"), message.amount("LastQty"), message.amount("LastPx"))]
    price = message.amount("Price") if "Price" in message else None
    return [(message.get("Side"), message.amount("OrderQty"), price)]


def _covers(entry: Allowed, security: str, side: object, quantity: Decimal, price: Decimal | None) -> bool:
    if (entry.security, entry.side) != (security, side) or quantity > entry.quantity or price is None:
        return False
    return price <= entry.price if side is Side.BUY else price >= entry.price
