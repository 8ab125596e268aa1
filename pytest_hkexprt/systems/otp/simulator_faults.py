"""What a drill does to the reports on their way out: one is lost, doubled, changes places, or says something else.

The session is left out of it: numbers are given to what is left, so that no gap tells what happened.
"""

from __future__ import annotations

from collections.abc import Collection

from pytest_hkexprt.systems.otp.drills import Drill
from pytest_hkexprt.systems.otp.floor import Told
from pytest_hkexprt.systems.otp.messages import Kind
from pytest_hkexprt.systems.otp.words import ExecType

UNPUBLISHED_CODE = 777
STRAY_ORDER_ID = "4711"
"""What a report on another order than this would carry."""


class Faults:
    """The drills' work on what is told; without drills it changes nothing.

    Args:
        drills: the faults.
        spared: Comp IDs whose reports are left alone: the drop copies.
    """

    def __init__(self, drills: Collection[str], spared: Collection[str]) -> None:
        self._drills = frozenset(drills)
        self._spared = frozenset(spared)
        self._done = False

    def on(self, told: list[Told]) -> list[Told]:
        """Return what is really told."""
        if not self._drills:
            return told
        changed: list[Told] = []
        for each in told:
            spared, of_trade = each.comp_id in self._spared, each.message.kind is Kind.TRADE_CAPTURE
            changed += [each] if spared else self._on_trade(each) if of_trade else self._on_one(each)
        return self._swapped(changed) if Drill.OUT_OF_ORDER in self._drills else changed

    def _on_one(self, told: Told) -> list[Told]:
        message = told.message
        traded = message.kind is Kind.EXECUTION_REPORT and message.get("ExecType") is ExecType.TRADE
        if traded and not self._done and Drill.REPORT_LOST in self._drills:
            self._done = True
            return []
        if traded and not self._done and Drill.REPORT_DOUBLED in self._drills:
            self._done = True
            return [told, told]
        if traded and Drill.WRONG_ORDER_ID in self._drills:
            return [Told(told.comp_id, message.with_fields(OrderID=STRAY_ORDER_ID))]
        if Drill.UNKNOWN_CODE in self._drills and message.get("ExecType") is ExecType.REJECT:
            return [Told(told.comp_id, message.with_fields(OrdRejReason=UNPUBLISHED_CODE))]
        return [told]

    def _on_trade(self, told: Told) -> list[Told]:
        message = told.message
        if message.get("ExecType") is not ExecType.TRADE:
            return [told]
        if not self._done and Drill.TRADE_UNCONFIRMED in self._drills:
            self._done = True
            return []
        if Drill.TRADE_MISREPORTED in self._drills:
            return [Told(told.comp_id, message.with_fields(LastQty=message.amount("LastQty") + 1))]
        return [told]

    def _swapped(self, told: list[Told]) -> list[Told]:
        """Put an order's acceptance behind its first trade, where both are told at once."""
        for first, each in enumerate(told):
            if each.comp_id in self._spared or each.message.get("ExecType") is not ExecType.NEW:
                continue
            for second in range(first + 1, len(told)):
                other = told[second]
                same = other.comp_id == each.comp_id and other.message.get("OrderID") == each.message.get("OrderID")
                if same and other.message.get("ExecType") is ExecType.TRADE:
                    told[first], told[second] = other, each
                    return told
        return told
