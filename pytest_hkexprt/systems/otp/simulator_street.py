"""The rest of the market: somebody else, who trades with the participant's orders when the simulator needs a trade."""

from __future__ import annotations

from decimal import Decimal
from itertools import count

from pytest_hkexprt.systems.otp.book import Order
from pytest_hkexprt.systems.otp.exchange import Exchange
from pytest_hkexprt.systems.otp.floor import Member, Told
from pytest_hkexprt.systems.otp.messages import Kind, Message
from pytest_hkexprt.systems.otp.words import OrdType, Side, TimeInForce

STREET = Member("STREET", "9000", firm="the rest of the market", throttle=1_000_000)


class Street:
    """Somebody else's orders."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._numbers = count(1)

    def meet(self, order: Order, quantity: Decimal) -> list[Told]:
        """Trade a quantity with a resting order, and return who is told."""
        request = Message.of(
            Kind.NEW_ORDER,
            ClOrdID=str(next(self._numbers)),
            SubmittingBrokerID=STREET.broker,
            SecurityID=order.security,
            Side=Side.SELL if order.buys else Side.BUY,
            OrdType=OrdType.LIMIT,
            Price=order.price,
            OrderQty=quantity,
            TimeInForce=None if self._exchange.china else TimeInForce.IOC,
            MaxPriceLevels=1,
            BCAN="9000.1",
        )
        return [each for each in self._exchange.receive(STREET.comp_id, request) if each.comp_id != STREET.comp_id]
