"""Comp IDs with their own books at an exchange, and no wire between them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from itertools import count

from pytest_hkexprt.systems.otp.book import Standing
from pytest_hkexprt.systems.otp.exchange import Exchange
from pytest_hkexprt.systems.otp.floor import Member
from pytest_hkexprt.systems.otp.messages import Kind, Message
from pytest_hkexprt.systems.otp.orders import Orders
from pytest_hkexprt.systems.otp.profiles import OCG_3
from pytest_hkexprt.systems.otp.words import ExecRestatementReason, OrdType, Side

NOW = dt.datetime(2024, 1, 6, 1, 0, tzinfo=dt.UTC)
TIME = "20240106-01:00:00.000000"
FIRST, SECOND, COPY = "CO1", "CO2", "CO3"
MEMBERS = (
    Member(FIRST, "1234", cancel_on_disconnect=True),
    Member(SECOND, "1235"),
    Member(COPY, "1234", drop_copy=True),
    Member("CO9", "9999", firm="another"),
)
CANCELLED_BY_FIRM = [ExecRestatementReason.OBO_SINGLE_CANCEL, ExecRestatementReason.MASS_CANCEL_BY_BROKER]


class Desk:
    """One Comp ID with its own book, at an exchange without a wire."""

    def __init__(self, exchange: Exchange, comp_id: str, everybody: dict[str, Desk]) -> None:
        self.exchange, self.comp_id, self.everybody = exchange, comp_id, everybody
        self.broker = exchange.members[comp_id].broker
        self.orders = Orders(self.broker, listening=exchange.members[comp_id].drop_copy)
        self.heard: list[Message] = []
        everybody[comp_id] = self

    def say(self, kind: Kind, **fields) -> list[Message]:
        """Say something, deliver what it brings, and return what this desk is told."""
        request = Message.of(kind, **({"SubmittingBrokerID": self.broker, "SecurityID": "700"} | fields))
        self.orders.sent(request)
        before = len(self.heard)
        self.deliver(self.exchange.receive(self.comp_id, request))
        return self.heard[before:]

    def deliver(self, told) -> None:
        for each in told:
            self.everybody[each.comp_id].heard.append(each.message)
            self.everybody[each.comp_id].orders.heard(each.message)

    def order(self, side=Side.BUY, quantity=100, price="388.6", **fields) -> str:
        name = fields.pop("ClOrdID", str(next(NUMBERS)))
        given = {"Side": side, "OrdType": OrdType.LIMIT, "Price": Decimal(price), "OrderQty": Decimal(quantity)}
        self.say(Kind.NEW_ORDER, ClOrdID=name, **(given | fields))
        return name

    def amend(self, name: str, quantity=100, price="388.6", **fields) -> str:
        new = str(next(NUMBERS))
        given = {"ClOrdID": new, "OrigClOrdID": name, "Side": Side.BUY, "OrdType": OrdType.LIMIT}
        self.say(Kind.AMEND, **(given | {"OrderQty": Decimal(quantity), "Price": Decimal(price)} | fields))
        return new

    def cancel(self, name: str, **fields) -> str:
        new = str(next(NUMBERS))
        self.say(Kind.CANCEL, ClOrdID=new, OrigClOrdID=name, Side=Side.BUY, **fields)
        return new

    def standing(self, name: str) -> Standing:
        return self.orders.order(name).standing


NUMBERS = count(1)


def desks(profile=OCG_3) -> dict[str, Desk]:
    exchange = Exchange(profile, MEMBERS, lambda: NOW)
    everybody: dict[str, Desk] = {}
    for comp_id in exchange.members:
        Desk(exchange, comp_id, everybody)
    return everybody


def number() -> str:
    return str(next(NUMBERS))


def last(desk: Desk, *names: str) -> tuple[object, ...]:
    """Return fields of what a desk was told last."""
    return tuple(desk.heard[-1].get(name) for name in names)
