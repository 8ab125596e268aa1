"""A vendor's order gateway as a running program: how it stands, what it tells, and its end.

The verbs stand on it (:mod:`client_program`). Everything it tells is counted, written as evidence in its name, and
handed to the participant's book.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from pytest_hkexprt import clock, deadline
from pytest_hkexprt.command import Command
from pytest_hkexprt.deadline import Deadline
from pytest_hkexprt.errors import HkexprtError, LocalProtocolError, Unreachable
from pytest_hkexprt.evidence.journal import Journal
from pytest_hkexprt.model import Endpoint
from pytest_hkexprt.systems.otp import dialogue
from pytest_hkexprt.systems.otp.client_day import Kept
from pytest_hkexprt.systems.otp.client_link import Credentials
from pytest_hkexprt.systems.otp.client_wire import Wires
from pytest_hkexprt.systems.otp.dialogue import AnyEvent, EndedEvent, HeardEvent, Numbers
from pytest_hkexprt.systems.otp.facts import Transcript
from pytest_hkexprt.systems.otp.messages import Kind, Role
from pytest_hkexprt.systems.otp.orders import Orders
from pytest_hkexprt.systems.otp.permission import Permission
from pytest_hkexprt.systems.otp.session_events import Ended
from pytest_hkexprt.systems.otp.settings import TOLD
from pytest_hkexprt.systems.otp.transcript import shown
from pytest_hkexprt.systems.otp.wire import Codec
from pytest_hkexprt.systems.program import Program
from pytest_hkexprt.systems.program_lines import shown as in_one_line


class ProgramLink:
    """One Comp ID at one trading system, by somebody else's program.

    Args:
        credentials: who logs on.
        journal: where the evidence goes.
        command: the program.
        hidden: environment variables it is not given: those that hold passwords.
        codec: of the protocol and the gateway's profile.
        lookups: the lookup services in their order; for FIX none.
        pool: the gateways to hunt through in their order; for the binary protocol none.
        wires: tell how fast the run goes.
        permission: what may be sent.
        kept: the numbers of the day so far.
        orders: the participant's book.
        source_address: the line's own address.
    """

    def __init__(
        self,
        credentials: Credentials,
        journal: Journal,
        *,
        command: Command,
        hidden: Collection[str] = (),
        codec: Codec,
        lookups: tuple[Endpoint, ...] = (),
        pool: tuple[Endpoint, ...] = (),
        wires: Wires,
        permission: Permission,
        kept: Kept,
        orders: Orders | None = None,
        source_address: str = "",
    ) -> None:
        self.credentials, self.journal, self.codec = credentials, journal, codec
        self.permission, self.kept, self.transcript = permission, kept, Transcript()
        self.orders = orders or Orders(credentials.broker)
        self.lookups, self.pool, self.source_address = lookups, pool, source_address
        self.endpoint = (lookups or pool)[0]
        """The gateway in use, or that was last; before there is one, whom it is sent to."""
        self.site = self.endpoint.site
        self.ended: Ended | None = None
        self._command, self._hidden, self._pace = command, hidden, wires.pace
        self._granted = False
        self._beats = dict.fromkeys(Role, 0)
        self._running: Program[AnyEvent] | None = None

    @property
    def connected(self) -> bool:
        """Whether it is logged on."""
        return self._granted and self.ended is None

    @property
    def where(self) -> str:
        """What it talks to, in messages."""
        return f"{self.codec.profile.gateway}/{self.site} {self.endpoint.address}"

    def close(self) -> None:
        """End the program; an end that is not as it should be is noted."""
        if self._running is not None:
            if told := self._running.close():
                self.journal.notice(f"{self._called}: {told}")
            self._running = None

    # ------------------------------------------------------------------ inside

    @property
    def _called(self) -> str:
        return f"[otp.program] {self._command.name} for {self.credentials.comp_id}"

    @property
    def _program(self) -> Program[AnyEvent]:
        """The program, started when it is first needed."""
        if self._running is None:
            values = dict(zip(TOLD, self._told(), strict=True))
            self._running = Program(
                self._command,
                values,
                self._called,
                events=AnyEvent,
                take=self._take,
                hidden=self._hidden,
                clean=self.journal.redactor.text,
            )
            ready = self._running.ask(self._start())
            self.journal.exchange(self.endpoint, "a program is in our client's place", ready.facts(self._command.name))
            self.journal.notice(
                f"otp: {self._command.name} is in our client's place for {self.credentials.comp_id}; what it tried, "
                "said and heard is its own word, but for what the other side's book and numbers bear out"
            )
        return self._running

    def _told(self) -> tuple[str, ...]:
        at, profile = self.endpoint, self.codec.profile
        return at.host, str(at.port), self.credentials.comp_id, profile.gateway, self.codec.protocol, at.site

    def _start(self) -> dialogue.Start:
        own, profile, new = self.credentials, self.codec.profile, self.credentials.new_password
        return dialogue.Start(
            gateway=profile.gateway,
            interface=profile.name,
            wire=self.codec.protocol,
            target_comp_id=profile.target_comp_id,
            comp_id=own.comp_id,
            broker=own.broker,
            password=own.password.reveal(),
            new_password=new.reveal() if new is not None else "",
            public_key=own.public_key.decode("ascii", "replace"),
            lookups=[dialogue.Address.of(each) for each in self.lookups],
            pool=[dialogue.Address.of(each) for each in self.pool],
            source_address=self.source_address,
            login_only=self.permission.login_only,
            next_out=self.kept.day.next_out,
            next_in=self.kept.day.next_in,
            waits_factor=self._pace.factor,
            clock_ahead_s=clock.now().timestamp() - deadline.true_ns() / 1e9 if self.journal.rehearsal else 0.0,
        )

    def _serve(self, until: Callable[[], bool], documented_s: float) -> bool:
        return self._program.serve(until, Deadline.after(self._pace.real_s(documented_s)))

    def _take(self, event: AnyEvent) -> None:
        self._count(event)
        if isinstance(event, EndedEvent):
            fault = event.failed.error(self.where, self.journal.redactor.text) if event.failed else None
            self.ended = Ended(in_one_line(event.reason), fault)
            self.journal.exchange(self.endpoint, f"session ended: {self.ended.reason}", {"told by": self._command.name})
            return
        who = Role.ACCEPTOR if isinstance(event, HeardEvent) else Role.INITIATOR
        message = event.message.message(self.credentials.comp_id)
        self.transcript.add(who, message.kind)
        if message.kind is Kind.HEARTBEAT and "TestReqID" not in message:
            self._beats[who] += 1
        if self.journal.path is not None:
            arrow = "→" if who is Role.INITIATOR else "←"
            self.journal.exchange(
                self.endpoint, f"{arrow} {message.kind}", {"told by": self._command.name} | dict(shown(message))
            )
        if who is Role.ACCEPTOR and (not message.kind.is_session or message.kind is Kind.REJECT):
            self.orders.heard(message)

    def _count(self, numbers: Numbers) -> None:
        day = self.kept.day
        day.next_out = day.next_out if numbers.next_out is None else numbers.next_out
        day.next_in = day.next_in if numbers.next_in is None else numbers.next_in
        self.kept.save()

    def _numbers(self) -> dict[str, str]:
        day = self.kept.day
        return {"our next number": str(day.next_out), "their next number": str(day.next_in)}

    def _open(self, verb: str) -> None:
        if not self._granted:
            raise LocalProtocolError(f"{self.where}: {verb}", expected="a session", came="none")
        if self.ended is not None:
            self._blame(self.ended)

    def _blame(self, ended: Ended) -> None:
        fault: HkexprtError = ended.fault or Unreachable("", expected="a session", came=ended.reason)
        expected, came = fault.expected or "the session to go on", fault.came or ended.reason
        raise type(fault)(
            f"{self.where}: {ended.reason}", expected=expected, came=came, next_step=fault.next_step
        ) from ended.fault
