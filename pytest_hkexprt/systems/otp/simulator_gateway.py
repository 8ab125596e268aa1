"""What the simulator's services say: the lookup's answer, who is let in, and requests handed to the exchange.

Source: OCG-C Binary v2.2, 3.3 (lookup), 4 (logon, duplicates, logout), 6.11 and 6.12 (cancel on disconnect, throttle);
OCG-C Binary v3.x, 5.7 (after an outage reports come again with PossResend).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from pytest_hkexprt.errors import LocalProtocolError
from pytest_hkexprt.systems.otp.binary import BinaryCodec
from pytest_hkexprt.systems.otp.book import Order
from pytest_hkexprt.systems.otp.drills import Drill
from pytest_hkexprt.systems.otp.fix import FixCodec
from pytest_hkexprt.systems.otp.floor import Told
from pytest_hkexprt.systems.otp.messages import Kind, Message, Role, stamp
from pytest_hkexprt.systems.otp.profiles import WireProtocol
from pytest_hkexprt.systems.otp.reports import business_reject
from pytest_hkexprt.systems.otp.session import Session
from pytest_hkexprt.systems.otp.session_day import MOST_KEPT, Day
from pytest_hkexprt.systems.otp.session_events import Arrived, Ended, LoggedOut, LogonRequested, SessionEvent
from pytest_hkexprt.systems.otp.session_table import State
from pytest_hkexprt.systems.otp.simulator_faults import Faults
from pytest_hkexprt.systems.otp.simulator_lookup import fitting, looked_up
from pytest_hkexprt.systems.otp.simulator_ports import Caller, Port, Service
from pytest_hkexprt.systems.otp.simulator_street import Street
from pytest_hkexprt.systems.otp.wire import Codec
from pytest_hkexprt.systems.otp.words import (
    BusinessRejectReason,
    ExecRestatementReason,
    ExecType,
)

if TYPE_CHECKING:
    from pytest_hkexprt.systems.otp.simulator import Simulator
    from pytest_hkexprt.systems.otp.simulator_admission import Admission

MOST_EXCESS = 20
"""Messages refused in a row for coming too fast, before the connection is dropped. Ours: no document has the number."""
DRILLED_THROTTLE, DRILLED_INTERVAL_S = 1, 200.0
"""What the throttle's drill admits, whatever the gateway says of it."""
SKIPPED_NUMBERS = 5
TRADES = (Kind.TRADE_CAPTURE, Kind.TRADE_CAPTURE_ACK)
RECOVERED = (Kind.EXECUTION_REPORT, Kind.MASS_CANCEL_REPORT, Kind.QUOTE_STATUS, *TRADES)
"""What comes again after an outage; Rejects and Business Message Rejects may be lost."""


class Gateway:
    """The services of the simulator.

    Args:
        simulator: whose.
        admission: who judges Logons.
    """

    def __init__(self, simulator: Simulator, admission: Admission) -> None:
        self._simulator = simulator
        self._admission = admission
        self._codecs: dict[WireProtocol, Codec] = {
            WireProtocol.BINARY: BinaryCodec(simulator.profile),
            WireProtocol.FIX: FixCodec(simulator.profile),
        }
        copies = [comp_id for comp_id, member in simulator.exchange.members.items() if member.drop_copy]
        self._faults = Faults(simulator.drills, copies)
        self._street = Street(simulator.exchange)
        self._spoiled = self._cancelled = False
        self._again: dict[str, list[Message]] = {}
        """What each Comp ID is told after a failover."""
        self._before: dict[str, dict[int, Message]] = {}
        """What each was told before it, by number."""
        self._waits: dict[str, tuple[date, deque[Message]]] = {}
        """What those are told first who have not logged on yet today, and of which date it is."""
        self._cancels_at_s: dict[str, float] = {}
        """When the orders of each Comp ID that was cut off end, in documented seconds."""
        self._protocols: dict[str, WireProtocol] = {}
        """What each spoke last."""
        self.days: dict[str, tuple[date, Day]] = {}
        """Each Comp ID's numbers, and of which date they are."""

    def session(self, port: Port) -> Session:
        """Return the acceptor's session of a new connection."""
        return Session(
            Role.ACCEPTOR,
            self._codecs[port.service.protocol],
            now_s=self._simulator.now_s(),
            utc=self._simulator.utc,
            day_of=self._day_of,
        )

    def read(self, caller: Caller, data: bytes) -> None:
        """Serve what came; nothing means that the caller hung up."""
        if self._mute(caller) and data:
            return
        caller.session.receive_data(data, self._simulator.now_s())
        self._events(caller)

    def tick(self, caller: Caller) -> None:
        """Do what is due on a connection."""
        if Drill.NO_HEARTBEAT in self._simulator.drills or self._mute(caller):
            return
        caller.session.tick(self._simulator.now_s())
        self._events(caller)

    def gone(self, caller: Caller) -> None:
        """Note that a connection is closed; where that was no logout, orders may end with it, or a while after."""
        if caller.admitted and not caller.orderly:
            caller.admitted = False
            delay_s = self._simulator.exchange.members[caller.comp_id].cancel_delay_s
            self._cancels_at_s[caller.comp_id] = self._simulator.now_s() + delay_s
            self.cancel_due()

    def cancel_due(self) -> None:
        """Cancel the orders of those who were cut off, and are not back in time."""
        now_s = self._simulator.now_s()
        for comp_id in [comp_id for comp_id, at_s in self._cancels_at_s.items() if at_s <= now_s]:
            del self._cancels_at_s[comp_id]
            self.deliver(self._simulator.exchange.disconnected(comp_id))

    def due_s(self) -> float:
        """Return when :meth:`cancel_due` has something to do, in documented seconds; infinity for never."""
        return min(self._cancels_at_s.values(), default=float("inf"))

    def deliver(self, told: Iterable[Told]) -> None:
        """Say what is told to whoever is connected, and keep it for whoever is not."""
        for each in self._faults.on(list(told)):
            caller = self._simulator.caller(each.comp_id)
            if caller is not None and caller.session.state is State.ACTIVE:
                self._say(caller, each.message)
            elif each.comp_id in self._protocols:
                self._keep(each.comp_id, each.message)
            elif each.comp_id in self._admission.on_file:
                self._wait(each.comp_id).append(each.message)

    # ------------------------------------------------------------------ failover

    def before_failover(self) -> None:
        """Have the rest of the market trade with what rests, in the moment nobody is told any more."""
        exchange = self._simulator.exchange
        for order in list(exchange.resting()):
            if order.leaves > (lot := Decimal(exchange.securities[order.security].lot)) and order.price is not None:
                self._owe(self._street.meet(order, lot), lost=Drill.EXECUTION_LOST in self._simulator.drills)

    def after_failover(self, told: list[Told]) -> None:
        """Owe everybody what is told, and let nothing be replayed by number: the other site does not have it."""
        self._owe(told)
        for comp_id, (_, day) in self.days.items():
            self._before[comp_id] = dict(day.said)
            day.said.clear()

    def _owe(self, told: Iterable[Told], *, lost: bool = False) -> None:
        for each in told:
            if each.message.kind in RECOVERED and not lost:
                self._again.setdefault(each.comp_id, []).append(replace(each.message, poss_resend=True))

    # ------------------------------------------------------------------ what happens

    def _events(self, caller: Caller) -> None:
        while (event := caller.session.next_event()) is not None:
            self._event(caller, event)

    def _event(self, caller: Caller, event: SessionEvent) -> None:
        match event:
            case LogonRequested():
                self._logon(caller, event.message)
            case Arrived(message) if message.kind is Kind.LOOKUP_REQUEST:
                self._look_up(caller, message)
            case Arrived(message) if not message.kind.is_session:
                self._request(caller, message)
            case LoggedOut():
                caller.orderly = True
                if Drill.LOGOUT_UNANSWERED in self._simulator.drills:
                    caller.session.data_to_send()
            case Ended():
                unanswered = caller.orderly and Drill.LOGOUT_UNANSWERED in self._simulator.drills
                caller.closing = not unanswered
            case _:
                pass

    def _logon(self, caller: Caller, logon: Message) -> None:
        if caller.port.service is Service.LOOKUP:
            caller.closing = True
            return
        session, now_s = caller.session, self._simulator.now_s()
        if session.next_event() is not None:  # nothing may be said before the reply to a logon
            caller.closing = True
            return
        protocol = caller.port.service.protocol
        answer = self._admission.judge(logon, caller.comp_id, protocol, self._simulator.utc())
        if answer.kind is Kind.LOGON and Drill.WRONG_SEQUENCE in self._simulator.drills:
            answer = answer.with_fields(NextExpectedMsgSeqNum=session.day.next_in + SKIPPED_NUMBERS)
        if answer.kind is Kind.LOGON:  # back in time; it may be asked about as soon as the answer is out
            self._cancels_at_s.pop(caller.comp_id, None)
        caller.write(session.send(answer, now_s))
        if answer.kind is not Kind.LOGON:
            caller.closing = True
            return
        caller.admitted = True
        self._protocols[caller.comp_id] = protocol
        for message in self._wait(caller.comp_id):
            self._say(caller, message)
        self._waits.pop(caller.comp_id, None)
        missed_from = logon.number("NextExpectedMsgSeqNum")
        for seq, message in self._before.pop(caller.comp_id, {}).items():
            if seq >= missed_from and message.kind in RECOVERED:
                self._say(caller, replace(message, poss_resend=True))
        for message in self._again.pop(caller.comp_id, []):
            self._say(caller, message)

    def _look_up(self, caller: Caller, request: Message) -> None:
        caller.closing = True
        if caller.port.service is Service.LOOKUP:
            answer = looked_up(self._simulator, known=request.comp_id in self._admission.on_file)
            caller.write(caller.session.send(answer, self._simulator.now_s()))

    def _request(self, caller: Caller, request: Message) -> None:
        if (left_s := self._too_fast(caller)) is not None:
            caller.excess += 1
            reason = str(int(left_s * 1000))
            self._say(caller, business_reject(request, BusinessRejectReason.THROTTLE_EXCEEDED, reason))
            if caller.excess > MOST_EXCESS:
                caller.closing = True
            return
        caller.excess = 0
        told = self._simulator.exchange.receive(caller.comp_id, request)
        self.deliver(told)
        if Drill.UNSOLICITED_CANCEL in self._simulator.drills and not self._cancelled:
            self._cancel_unasked(told)

    def _cancel_unasked(self, told: Iterable[Told]) -> None:
        exchange = self._simulator.exchange
        accepted = [each.message for each in told if each.message.get("ExecType") is ExecType.NEW]
        orders: list[Order] = [order for each in accepted for order in exchange.resting(order_id=each.text("OrderID"))]
        if orders:
            self._cancelled = True
            exchange.cancel_unasked(orders[0], ExecRestatementReason.SYSTEM_CANCEL)
            self.deliver(exchange.take_told())

    def _too_fast(self, caller: Caller) -> float | None:
        """Return after how many documented seconds a message would be admitted; None where this one is."""
        drilled = Drill.THROTTLE_EXCEEDED in self._simulator.drills
        most = DRILLED_THROTTLE if drilled else self._simulator.exchange.members[caller.comp_id].throttle
        interval_s = DRILLED_INTERVAL_S if drilled else 1.0
        now_s = self._simulator.now_s()
        while caller.sent_at_s and caller.sent_at_s[0] <= now_s - interval_s:
            caller.sent_at_s.popleft()
        if len(caller.sent_at_s) >= most:
            return caller.sent_at_s[0] + interval_s - now_s
        caller.sent_at_s.append(now_s)
        return None

    # ------------------------------------------------------------------ saying

    def _say(self, caller: Caller, message: Message) -> None:
        message = fitting(message, caller.port.service.protocol)
        try:
            data = caller.session.send(message, self._simulator.now_s())
        except LocalProtocolError as error:
            self._simulator.errors.append(error)
            return
        if Drill.BAD_CHECKSUM in self._simulator.drills and not self._spoiled:
            self._spoiled = True
            data = data[:-2] + bytes([data[-2] ^ 1]) + data[-1:]
        caller.out += data  # written when all of this turn is said

    def _keep(self, comp_id: str, message: Message) -> None:
        """Number a message for somebody who is not connected; it is said when that one logs on."""
        day, message = self.days[comp_id][1], fitting(message, self._protocols[comp_id])
        sent = stamp(self._simulator.utc(), self._simulator.profile.time_digits)
        day.keep(replace(message, comp_id=comp_id, seq=day.next_out, sent=sent))
        day.next_out += 1

    def _wait(self, comp_id: str) -> deque[Message]:
        """Return what waits for a Comp ID until its first logon of the day."""
        today = self._simulator.date_in_hong_kong()
        if comp_id not in self._waits or self._waits[comp_id][0] != today:
            self._waits[comp_id] = (today, deque(maxlen=MOST_KEPT))
        return self._waits[comp_id][1]

    def _mute(self, caller: Caller) -> bool:
        drills = self._simulator.drills
        return Drill.SILENT_AFTER_LOGON in drills and caller.admitted

    def _day_of(self, comp_id: str) -> Day | None:
        """Return a Comp ID's day; None for one nobody knows, and for one that is connected: both lines are closed."""
        if comp_id not in self._admission.on_file:
            return None
        if (other := self._simulator.caller(comp_id)) is not None:
            self._simulator.drop(other)
            return None
        today = self._simulator.date_in_hong_kong()
        if comp_id not in self.days or self.days[comp_id][0] != today:
            self.days[comp_id] = (today, Day())
        return self.days[comp_id][1]
