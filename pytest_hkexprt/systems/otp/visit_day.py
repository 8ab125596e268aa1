"""A day's trading as the steps tell it: orders, amends, cancels, trades, quotes, and what each brought."""

from __future__ import annotations

from pytest_hkexprt.systems.otp import checks
from pytest_hkexprt.systems.otp.book import Standing
from pytest_hkexprt.systems.otp.facts import Beats
from pytest_hkexprt.systems.otp.lines import Tracked
from pytest_hkexprt.systems.otp.messages import Kind, Message
from pytest_hkexprt.systems.otp.orders import CODES
from pytest_hkexprt.systems.otp.pace import REPLY_S
from pytest_hkexprt.systems.otp.transcript import shown
from pytest_hkexprt.systems.otp.visit import OtpVisit
from pytest_hkexprt.systems.otp.words import ExecRestatementReason, ExecType, Side

BY_THE_FIRM = (ExecRestatementReason.MASS_CANCEL_BY_BROKER, ExecRestatementReason.OBO_MASS_CANCEL)
"""Why an order ends that a mass cancel of the firm takes away."""


class DayVisit(OtpVisit):
    """A visit that trades."""

    _name = ""
    """The ClOrdID of the order the steps are about."""
    _ids: tuple[str, ...] = ()
    """The OrderIDs it had, in turn."""
    _pair: tuple[str, str] = ("", "")
    _answers: tuple[Message, ...] = ()
    _beats: Beats | None = None

    # ------------------------------------------------------------------ one order

    def enter(self) -> None:
        """Enter an order that rests: two board lots to buy."""
        self.listen()
        self._name = self._buy(2)
        self._ids = (self._order.order_id,)

    def check_accepted(self) -> None:
        """Check that the order is accepted."""
        self._check_order("order", Standing.OPEN)

    def amend_down(self) -> None:
        """Amend its quantity to one board lot."""
        self._amend(1)

    def check_same_id(self) -> None:
        """Check that an amend down left the OrderID as it was."""
        self._check_ids("the OrderID it had", met=len(set(self._ids[-2:])) == 1)

    def amend_up(self) -> None:
        """Amend its quantity to three board lots."""
        self._amend(3)

    def check_new_id(self) -> None:
        """Check that an amend up gave a new OrderID."""
        self._check_ids("a new OrderID", met=len(set(self._ids[-2:])) == len(self._ids[-2:]))

    def cancel(self) -> None:
        """Cancel the order."""
        self.trader.cancel(self._order)

    def check_cancelled(self) -> None:
        """Check that the order is cancelled, as it was asked for."""
        self._check_order("cancel", Standing.CANCELLED)

    def check_confirmed(self) -> None:
        """Check that an order that was entered, amended and cancelled was confirmed each time, and rests no more."""
        self._check_sound()
        self._check_ids("an OrderID kept when amended down, and a new one when amended up", met=self._ids_in_order())
        self.check_cancelled()

    # ------------------------------------------------------------------ trades

    def trade(self) -> None:
        """Enter two orders that cross: two board lots to sell, then two to buy."""
        self.listen()
        quantity, price = self.plan.lots(2), self.plan.price
        sold = self.trader.order(self.plan.security, Side.SELL, quantity, price)
        self._pair = (sold, self._buy(2))

    def check_traded(self) -> None:
        """Check that both orders are traded in full."""
        for name in self._pair:
            order = self.client.orders.order(name)
            self._await(order, Standing.FILLED)
            self._check_order("trade", Standing.FILLED, name)

    def check_executions(self) -> None:
        """Check that the executions are reported on the trading session and on the drop copy."""
        self.check_traded()
        ours = set(self.client.orders.executions)
        copied: set[str] = set()
        if (copy := self.copy) is not None:
            copy.wait_for(lambda: ours <= set(copy.orders.executions), REPLY_S)
            copied = set(copy.orders.executions)
        self.check(
            checks.told(
                "executions",
                self.where,
                expected="each execution on the trading and the drop-copy session",
                came=f"{len(ours)} on the trading session"
                + (f", {len(ours & copied)} of them on the drop copy" if copy else "; no drop copy in hkexprt.toml"),
                met=bool(ours) and (copy is None or ours <= copied),
                details=[f"ExecID {each} on the trading session alone" for each in sorted(ours - copied) if copy],
            )
        )

    def trade_in_part(self) -> None:
        """Enter an order that meets one of its three board lots."""
        self.trader.order(self.plan.security, Side.SELL, self.plan.lots(1), self.plan.price)
        self._name = self._buy(3)

    def check_in_part(self) -> None:
        """Check that one board lot was traded, and two rest."""
        order = self._order
        self.client.wait_for(lambda: order.traded > 0, REPLY_S)
        self.check(
            checks.told(
                "partial fill",
                self.where,
                expected=f"{self.plan.lots(1):f} traded, {self.plan.lots(2):f} in the book",
                came=str(order.line),
                met=order.traded == self.plan.lots(1) and order.standing is Standing.OPEN,
            )
        )
        self._check_sound()

    # ------------------------------------------------------------------ more kinds of request

    def ask(self) -> None:
        """Ask for the throttle and the entitlements."""
        self._answers = (self.trader.throttle(), self.trader.entitlement())

    def check_told(self) -> None:
        """Check that both were told."""
        wanted = {Kind.THROTTLE_RESPONSE, Kind.PARTY_REPORT}
        self.check(
            checks.told(
                "throttle and entitlements",
                self.where,
                expected=" and ".join(sorted(wanted)),
                came=", ".join(answer.kind for answer in self._answers) or "nothing",
                met={answer.kind for answer in self._answers} == wanted,
                details=[f"{name}: {value}" for each in self._answers for name, value in shown(each)],
            )
        )

    def enter_odd(self) -> None:
        """Enter an odd lot: half a board lot to buy."""
        quantity = (self.plan.lot / 2).to_integral_value()
        self._name = self.trader.order(self.plan.security, Side.BUY, quantity, self.plan.price, odd=True)

    def quote(self) -> None:
        """Quote one board lot on both sides, a step off the price."""
        lot, price, tick = self.plan.lot, self.plan.price, self.plan.tick
        self._pair = self.trader.quote(self.plan.security, (lot, price - tick), (lot, price + tick))

    def check_quoted(self) -> None:
        """Check that each side of the quote is an order in the book."""
        for name in self._pair:
            self._check_order("quote", Standing.OPEN, name)

    def cancel_all(self) -> None:
        """Cancel every order of the broker at once."""
        self._name = self.trader.mass_cancel()

    def check_all_cancelled(self) -> None:
        """Check that the mass cancel was reported, and that no order of ours rests."""
        orders = self.client.orders
        self.client.wait_for(lambda: not orders.resting(), REPLY_S)
        expected = orders.expect_cancel(BY_THE_FIRM)
        report, left = orders.answer(self._name), orders.resting()
        self.check(
            checks.told(
                "mass cancel",
                self.where,
                expected="a mass cancel report, and no order left in the book",
                came=f"{report.kind if report else 'no report'}, {len(expected)} orders cancelled, {len(left)} left",
                met=report is not None and report.kind is Kind.MASS_CANCEL_REPORT and bool(expected) and not left,
                details=[f"left: {order.line}" for order in left],
            )
        )
        self._check_sound()

    def break_a_rule(self) -> None:
        """Enter an order whose quantity is no multiple of the board lot, and is not said to be odd."""
        self._name = self.trader.order(self.plan.security, Side.BUY, self.plan.lot + 1, self.plan.price)

    def check_rejected(self) -> None:
        """Check that the order was rejected, with a code the documents have."""
        answer = self.client.orders.answer(self._name)
        code = answer.get("OrdRejReason") if answer else None
        documented = isinstance(code, int) and code in CODES["OrdRejReason"]
        exec_type = answer.get("ExecType") if answer else None
        self.check(
            checks.told(
                "rejection",
                self.where,
                expected="a reject, with a documented code",
                came=f"{exec_type}, OrdRejReason {int(code)}" + ("" if documented else ", which no document has")
                if isinstance(code, int)
                else f"{exec_type or 'nothing'}, without a code",
                met=exec_type is ExecType.REJECT and documented,
            )
        )

    def keep(self, heartbeats: int) -> None:
        """Keep the session, saying nothing else, for some heartbeats."""
        self._beats = self.client.keep(heartbeats)

    def check_kept(self) -> None:
        """Check that each side has heard the other's heartbeats."""
        self.check(checks.kept_alive(self.needed(self._beats, "wait"), self.where))

    # ------------------------------------------------------------------ inside

    @property
    def _order(self) -> Tracked:
        return self.client.orders.order(self._name)

    def _await(self, order: Tracked, standing: Standing) -> None:
        self.client.wait_for(lambda: order.standing is standing, REPLY_S)

    def _buy(self, lots: int) -> str:
        return self.trader.order(self.plan.security, Side.BUY, self.plan.lots(lots), self.plan.price)

    def _amend(self, lots: int) -> None:
        self.trader.amend(self._order, quantity=self.plan.lots(lots))
        self._ids += (self._order.order_id,)

    def _ids_in_order(self) -> bool:
        return len(self._ids) == 3 and self._ids[0] == self._ids[1] != self._ids[2]  # noqa: PLR2004  entered, down, up

    def _check_order(self, what: str, standing: Standing, name: str = "") -> None:
        order = self.client.orders.order(name or self._name)
        answer = self.client.orders.answer(name or self._name)
        self.check(
            checks.told(
                what,
                self.where,
                expected=f"the order is {standing}",
                came=str(order.line),
                met=order.standing is standing,
                details=[f"answered with {answer.text('ExecType') or answer.kind}, ExecID {answer.text('ExecID')}"]
                if answer
                else (),
            )
        )
        self._check_sound()

    def _check_ids(self, expected: str, *, met: bool) -> None:
        self.check(
            checks.told("OrderID", self.where, expected=expected, came=" then ".join(self._ids) or "none", met=met)
        )
        self._check_sound()

    def _check_sound(self) -> None:
        self.check(checks.reports_sound(self.client.orders, self.where))
