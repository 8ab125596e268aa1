"""What a day brings besides: a connection that is cut, and another session of the firm that cancels on behalf."""

from __future__ import annotations

from collections.abc import Collection

from pytest_hkexprt.systems.otp import checks
from pytest_hkexprt.systems.otp.client_orders import Trader
from pytest_hkexprt.systems.otp.pace import REPLY_S
from pytest_hkexprt.systems.otp.seam import OrderEntry
from pytest_hkexprt.systems.otp.visit_day import DayVisit
from pytest_hkexprt.systems.otp.words import ExecRestatementReason, ExecType, Side


class RecoveryVisit(DayVisit):
    """A visit that loses its connection, or is not alone."""

    _second: OrderEntry | None = None

    def cut(self) -> None:
        """Send an order that trades, and cut the connection before its reports are read."""
        sold = self.trader.order(self.plan.security, Side.SELL, self.plan.lots(1), self.plan.price)
        request = self.trader.new_order(self.plan.security, Side.BUY, self.plan.lots(1), self.plan.price)
        self.trader.say(request)
        self.client.drop()
        self._pair = (sold, request.text("ClOrdID"))

    def reconnect(self) -> None:
        """Wait as prescribed, and log on again; see :meth:`OrderEntry.reconnect`."""
        self.check(checks.logged_on(self.client.reconnect(), self.where))

    def check_recovered(self) -> None:
        """Check that the trade whose reports were missed is told, once to each side."""
        if self.around.cancel_on_disconnect:
            self.client.orders.expect_cancel((ExecRestatementReason.CANCEL_ON_DISCONNECT,))
        self.check_traded()
        counts = {name: self._executions_of(name) for name in self._pair}
        self.check(
            checks.told(
                "reports missed while the connection was cut",
                self.where,
                expected="one execution of each of the two orders",
                came=", ".join(f"{count} of {name}" for name, count in counts.items()),
                met=set(counts.values()) == {1},
            )
        )

    def logon_two(self) -> None:
        """Log on with this session and with another of the firm."""
        self.logon()
        self._second = self.needed(self.around.second, "table [otp.second] in hkexprt.toml")()
        self.check(checks.logged_on(self._second.logon(), f"{self.where}, second session"))

    def cancel_on_behalf(self) -> None:
        """Have the other session cancel an order of this one."""
        second = self.needed(self._second, "second logon")
        self.enter()
        owner = self.client.credentials.broker
        self._pair = (self._name, Trader(second).cancel_for(owner, self._order))

    def check_on_behalf(self) -> None:
        """Check that the owner is told of the cancel and why, and the other session that it is done."""
        second, orders = self.needed(self._second, "second logon"), self.client.orders
        self.client.wait_for(lambda: bool(orders.unasked), REPLY_S)
        expected = orders.expect_cancel((ExecRestatementReason.OBO_SINGLE_CANCEL,), [self._name])
        answer = second.orders.answer(self._pair[1])
        exec_type = answer.get("ExecType") if answer else None
        self.check(
            checks.told(
                "cancel on behalf",
                self.where,
                expected="the owner told with reason 101, the other session with a cancel",
                came=f"{len(expected)} told to the owner, {exec_type or 'nothing'} to the other session",
                met=len(expected) == 1 and exec_type is ExecType.CANCEL,
            )
        )
        self._check_sound()

    def _others(self) -> Collection[OrderEntry | None]:
        return (self.copy, self._second)

    def _executions_of(self, name: str) -> int:
        return sum(each.cl_ord_id == name for each in self.client.orders.executions.values())
