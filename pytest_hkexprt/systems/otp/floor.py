"""The exchange's state: who may trade, every order of the day, a book for each security, and who is told what.

Whoever serves a request (:mod:`exchange`) changes nothing but through here, so that every change is reported: to the
order's owner, and to the drop-copy sessions of its firm.

Source: OCG-C Binary v2.2, 6.4 to 6.7 (which report follows what), 6.11 (cancel on disconnect).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from pytest_hkexprt.systems.otp.book import RESTING, Book, Fill, Order, Standing
from pytest_hkexprt.systems.otp.deals import Deal
from pytest_hkexprt.systems.otp.floor_trades import Trades
from pytest_hkexprt.systems.otp.lines import Line
from pytest_hkexprt.systems.otp.messages import Kind, Message
from pytest_hkexprt.systems.otp.profiles import Gateway, Profile
from pytest_hkexprt.systems.otp.reports import Numbers, Reporter
from pytest_hkexprt.systems.otp.rules import SECURITIES, Security
from pytest_hkexprt.systems.otp.words import ExecRestatementReason, ExecType


@dataclass(frozen=True, slots=True)
class Member:
    """One Comp ID as the exchange has it on file."""

    comp_id: str
    broker: str
    firm: str = "firm"
    """Who owns the broker numbers: one may cancel for another of the same."""
    drop_copy: bool = False
    """Whether it is told of everything its firm does, and does nothing itself."""
    cancel_on_disconnect: bool = False
    """Whether its orders end with its connection, unless it logged out or the exchange's side failed."""
    cancel_delay_s: float = 0.0
    """How long after that, in documented seconds; who is back by then keeps them."""
    throttle: int = 100
    """Messages a second."""


@dataclass(frozen=True, slots=True)
class Told:
    """A message and whom it is for."""

    comp_id: str
    message: Message


@dataclass(frozen=True, slots=True)
class _Made:
    """One side of a trade, so that it can be undone."""

    order: Order
    fill: Fill
    match: str


class Floor:
    """The state, and the changes that can be made to it.

    Args:
        profile: whose rules.
        members: every Comp ID on file.
        now: tells the time for reports.
        securities: what is traded, by code.
    """

    def __init__(
        self,
        profile: Profile,
        members: Iterable[Member],
        now: Callable[[], dt.datetime],
        securities: Mapping[str, Security] = SECURITIES,
    ) -> None:
        self.profile = profile
        self.china = profile.gateway is Gateway.OTP_CSC
        self.members = {member.comp_id: member for member in members}
        self.numbers = Numbers()
        self.securities = {code: each for code, each in securities.items() if each.exchange in profile.exchanges}
        self.home_open = True
        """China Connect: whether the home market takes orders; before that they are pending."""
        self._now = now
        self._books = {code: Book() for code in self.securities}
        self._by_id: dict[str, Order] = {}
        self._live: dict[Order, None] = {}
        """Those that rest, and some that were over since anybody last asked: a day has too many to look through all."""
        self._by_name: dict[tuple[str, str], Order] = {}
        self._used: set[tuple[str, str]] = set()
        self._told: list[Told] = []
        self.trades = Trades(self)
        """What was traded off the books."""
        self._executions: dict[str, _Made] = {}

    def take_told(self) -> list[Told]:
        """Return what was told since the last call."""
        told, self._told = self._told, []
        return told

    def report(self) -> Reporter:
        """Return what makes reports of this moment."""
        return Reporter(self.numbers, self._now(), self.profile.time_digits)

    def book(self, security: str) -> Book:
        """Return a security's book."""
        return self._books[security]

    def tell(self, comp_id: str, message: Message) -> None:
        """Tell a Comp ID, and its firm's drop copies where it is a report."""
        self._told.append(Told(comp_id, message))
        if message.kind is Kind.EXECUTION_REPORT:
            self._told += [Told(copy, message) for copy in self.copies_of(comp_id)]

    def copies_of(self, comp_id: str) -> list[str]:
        """Return the drop copies of a Comp ID's firm."""
        firm = self.members[comp_id].firm
        return [each.comp_id for each in self.members.values() if each.drop_copy and each.firm == firm]

    def trading_for(self, broker: str) -> list[str]:
        """Return the Comp IDs that trade for a broker."""
        return [each.comp_id for each in self.members.values() if each.broker == broker and not each.drop_copy]

    def named(self, broker: str, cl_ord_id: str, order_id: str = "") -> Order | None:
        """Return a broker's order by its OrderID or ClOrdID; None where there is none.

        While it is in the market the ClOrdID must be its present one; over, it is still known by those it had.
        """
        found = self._by_name.get((broker, cl_ord_id))
        if found is not None and found.standing in RESTING and found.cl_ord_id != cl_ord_id:
            found = None
        found = found or self._by_id.get(order_id)
        return found if found is not None and found.broker == broker else None

    def is_used(self, name: tuple[str, str]) -> bool:
        """Return whether a broker's ClOrdID was used before."""
        return name in self._used

    def use(self, broker: str, cl_ord_id: str) -> bool:
        """Note a ClOrdID as used, and return whether it was free: one is used once a day by one broker."""
        if (broker, cl_ord_id) in self._used:
            return False
        self._used.add((broker, cl_ord_id))
        return True

    def enter(self, order: Order) -> None:
        """Accept an order: report it, match it, and report what it traded."""
        self._by_id[order.order_id] = self._by_name[order.broker, order.cl_ord_id] = order
        self._live[order] = None
        if self.china:
            order.standing = Standing.PENDING
            self.tell(order.owner, self.report().of(order, ExecType.PENDING_NEW))
            if not self.home_open:
                return
            order.standing = Standing.OPEN
        self.tell(order.owner, self.report().of(order, ExecType.NEW))
        self.match(order)

    def match(self, order: Order) -> None:
        """Match an order that was reported already, and report its trades, and its end where nothing of it rests."""
        self.traded(self.book(order.security).enter(order))
        if order.standing is Standing.EXPIRED:
            self.tell(order.owner, self.report().of(order, ExecType.EXPIRE))

    def traded(self, fills: Iterable[Fill]) -> None:
        """Report trades to both sides."""
        for fill in fills:
            match, report = self.numbers.trade_id(), self.report()
            for order, against in ((fill.maker, fill.taker), (fill.taker, fill.maker)):
                message = report.trade(order, fill, match, against)
                self._executions[message.text("ExecID")] = _Made(order, fill, match)
                self.tell(order.owner, message)

    def renamed(self, order: Order, cl_ord_id: str, *, new_id: bool) -> None:
        """Give an order the ClOrdID of its last request, and a new OrderID where it was replaced in the market."""
        order.cl_ord_id = cl_ord_id
        self._by_name[order.broker, cl_ord_id] = order
        if new_id:
            self._by_id.pop(order.order_id, None)
            order.order_id = self.numbers.order_id()
            self._by_id[order.order_id] = order
            self._live.pop(order, None)
            self._live[order] = None

    def take_out(self, order: Order) -> None:
        """Take an order out of the market; whoever does so reports it."""
        self.book(order.security).remove(order)
        order.standing = Standing.CANCELLED

    def cancel_unasked(self, order: Order, why: ExecRestatementReason, remark: str = "") -> None:
        """Take an order out of the market and tell its owner, who did not ask for it."""
        self.take_out(order)
        self.tell(order.owner, self.report().unasked(order, why, remark))

    def resting(self, **wanted: object) -> Iterator[Order]:
        """Yield the orders that are in the market, the oldest first, whose attributes are as wanted."""
        for order in list(self._live):
            if order.standing not in RESTING:
                self._live.pop(order, None)
            elif all(getattr(order, name) == value for name, value in wanted.items()):
                yield order

    def open_home(self) -> list[Told]:
        """China Connect: have the home market take orders, and those that waited for it."""
        self.home_open = True
        for order in list(self.resting(standing=Standing.PENDING)):
            order.standing = Standing.OPEN
            self.tell(order.owner, self.report().of(order, ExecType.NEW))
            self.match(order)
        return self.take_told()

    def bust(self, exec_id: str) -> list[Told]:
        """Undo a trade by one of its two reports, and tell both sides.

        Raises:
            KeyError: there was no such trade.
        """
        match = self._executions[exec_id].match
        for other, made in [each for each in self._executions.items() if each[1].match == match]:
            made.order.traded -= made.fill.quantity
            made.order.value -= made.fill.quantity * made.fill.price
            report = self.report().of(
                made.order,
                ExecType.TRADE_CANCEL,
                ExecRestatementReason=ExecRestatementReason.MARKET_OPERATION,
                ExecRefID=other,
            )
            self.tell(made.order.owner, report.with_fields(LeavesQty=Decimal(0)))
            del self._executions[other]
        return self.take_told()

    def deals(self, comp_id: str) -> tuple[Deal, ...]:
        """Return every trade off the books that a Comp ID knows, as it has it."""
        return self.trades.deals(comp_id)

    def lines(self, comp_id: str = "") -> tuple[Line, ...]:
        """Return every order of the day, of one Comp ID where it is named, as the exchange's book has it."""
        return tuple(
            Line(
                cl_ord_id=order.cl_ord_id,
                order_id=order.order_id,
                security=order.security,
                side=order.side,
                quantity=order.quantity,
                price=order.price,
                standing=order.standing,
                traded=order.traded,
                value=order.value,
            )
            for order in self._by_id.values()
            if not comp_id or order.owner == comp_id
        )
