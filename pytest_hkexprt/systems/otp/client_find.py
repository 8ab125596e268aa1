"""How a gateway is found: by the lookup services in their order, or by hunting through a pool of addresses.

Every try is evidence, and so is every pause between two.

Source: OCG-C Binary v2.2, 3.3 (four lookup services: the primary site's and its mirror, the backup site's and its
mirror, then again; 5 s after a failure or a rejection; primary gateway before its mirror); OCG-C FIX v2.2, 3.3 (a pool
in sequence; on the same day the last good address first).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from pytest_hkexprt.deadline import Deadline
from pytest_hkexprt.errors import RemoteProtocolError, Unreachable
from pytest_hkexprt.evidence.journal import Journal
from pytest_hkexprt.model import Endpoint
from pytest_hkexprt.systems import transport
from pytest_hkexprt.systems.otp.client_wire import Wire, Wires
from pytest_hkexprt.systems.otp.facts import Found, Try
from pytest_hkexprt.systems.otp.messages import Kind, Message
from pytest_hkexprt.systems.otp.pace import CONNECT_S
from pytest_hkexprt.systems.otp.session import Session
from pytest_hkexprt.systems.otp.session_events import Arrived, SessionEvent
from pytest_hkexprt.systems.otp.words import LookupRejectCode, LookupStatus

CYCLES = 2
"""How often the four lookup services, or the pool, are gone through before it is given up."""
TRADING_SERVICE, THIS_PROTOCOL = 1, 1
"""What a lookup request asks for: the only values the documents have."""


@dataclass
class Finder:
    """The way to a gateway.

    Args:
        lookups: the lookup services in their order; empty where the protocol has none.
        pool: the gateways to hunt through, in their order.
        session: makes the session of a lookup.
        wires: what serves other connections meanwhile.
        journal: where the evidence goes.
        pause_s: after a failure, in documented seconds.
        source_address: the line's own address.
    """

    lookups: Sequence[Endpoint]
    pool: Sequence[Endpoint]
    session: Callable[[Endpoint], Session]
    wires: Wires
    journal: Journal
    pause_s: float
    source_address: str = ""
    found: Found | None = None
    """What the last lookup told."""
    last_good: Endpoint | None = None
    """The gateway that was dialled last."""
    _tries: list[Try] = field(default_factory=list)

    def look(self) -> Found:
        """Return the gateways: asked of the lookup services, or the pool where there are none.

        Raises:
            Unreachable: no lookup service answered.
            RemoteProtocolError: those that answered rejected the request.
        """
        self._tries = []
        if not self.lookups:
            self.found = Found(tuple(self.pool), self.pool[0].site, hunted=True)
            return self.found
        rejected = ""
        for turn in range(CYCLES * len(self.lookups)):
            if turn:
                self._pause("the next lookup service is asked")
            endpoint = self.lookups[turn % len(self.lookups)]
            answer, came = self._ask(endpoint)
            self._try(endpoint, came, stood=answer is not None)
            if answer is None:
                continue
            if answer.get("LookupStatus") is LookupStatus.ACCEPTED:
                self.found = Found(_gateways(answer, endpoint), endpoint.site, tuple(self._tries))
                return self.found
            rejected = came
        tried = "; ".join(f"{each.endpoint.address}: {each.came}" for each in self._tries[-len(self.lookups) :])
        kind = RemoteProtocolError if rejected else Unreachable
        raise kind(
            "otp: lookup",
            expected="a lookup service that tells the gateways",
            came=tried,
            next_step="ask whether this Comp ID and address are registered, and whether the service is up",
        )

    def dial(self, *, again: bool = False) -> tuple[transport.Line, Endpoint, tuple[Try, ...]]:
        """Return a connection to a gateway: the primary one, else its mirror, else what a new lookup tells.

        Args:
            again: whether there was a connection today; then what was good is tried before anything is asked.

        Raises:
            Unreachable: nobody answered.
            RemoteProtocolError: the lookup was rejected.
        """
        self._tries = []
        tries: list[Try] = []
        for turn in range(CYCLES + 1):
            if self.found is None or (turn and self.lookups):
                if turn:
                    self._pause("the gateways are asked for again")
                self.look()
                tries += self._tries
            elif turn:
                self._pause("the pool is gone through again")
            assert self.found is not None, "looked up just now"
            for endpoint in self._order(self.found.gateways, again=again and not turn):
                self._tries = []
                line = self._connect(endpoint)
                tries += self._tries
                if line is not None:
                    self.last_good = endpoint
                    return line, endpoint, tuple(tries)
        tried = "; ".join(f"{each.endpoint.address}: {each.came}" for each in tries)
        raise Unreachable(
            "otp: gateways", expected="a gateway that accepts connections", came=tried, next_step="ask whether it is up"
        )

    def _order(self, gateways: Sequence[Endpoint], *, again: bool) -> list[Endpoint]:
        """Return the gateways in the order to try; in a pool, the last good one first on the same day."""
        good = self.last_good
        if again and not self.lookups and good is not None and good in gateways:
            return [good, *(each for each in gateways if each != good)]
        return list(gateways)

    def _ask(self, endpoint: Endpoint) -> tuple[Message | None, str]:
        """Return what a lookup service answers, and that in words; None where it does not."""
        line = self._connect(endpoint, noted=False)
        if line is None:
            return None, self._tries.pop().came
        heard: list[Message] = []

        def told(event: SessionEvent) -> None:
            if isinstance(event, Arrived) and event.message.kind is Kind.LOOKUP_RESPONSE:
                heard.append(event.message)

        session = self.session(endpoint)
        wire = Wire(line.socket, endpoint, session, told)
        self.wires.add(wire)
        request = Message.of(Kind.LOOKUP_REQUEST, TypeOfService=TRADING_SERVICE, ProtocolType=THIS_PROTOCOL)
        wire.write(session.send(request, self.wires.now_s()))
        patience_s = session.codec.profile.waits.logon_reply_s
        self.wires.serve(lambda: bool(heard) or wire.ended is not None, patience_s)
        self.wires.drop(wire)
        if not heard:
            return None, wire.ended.reason if wire.ended else "no answer"
        return heard[0], _words(heard[0])

    def _connect(self, endpoint: Endpoint, *, noted: bool = True) -> transport.Line | None:
        try:
            by = Deadline.after(self.wires.pace.real_s(CONNECT_S))
            line = transport.connect(endpoint, by, self.source_address)
        except Unreachable as error:
            self._try(endpoint, error.came, stood=False, noted=noted)
            return None
        if noted:
            self._try(endpoint, "connected", stood=True)
        return line

    def _try(self, endpoint: Endpoint, came: str, *, stood: bool, noted: bool = True) -> None:
        self._tries.append(Try(endpoint, came, stood))
        if noted:
            self.journal.exchange(endpoint, f"tried: {came}")

    def _pause(self, then: str) -> None:
        at = self.lookups[0] if self.lookups else self.pool[0]
        self.journal.exchange(at, f"waited {self.wires.pace.told(self.pause_s)} before {then}")
        self.wires.wait(self.pause_s)


def _gateways(answer: Message, asked: Endpoint) -> tuple[Endpoint, ...]:
    """Return the gateways a lookup told, the primary one first; which site's they are only their addresses tell."""
    found = [
        Endpoint("otp", asked.site, answer.text(f"{which}IP"), answer.number(f"{which}Port"), origin="lookup")
        for which in ("Primary", "Secondary")
        if answer.text(f"{which}IP")
    ]
    return tuple(dict.fromkeys(found))


def _words(answer: Message) -> str:
    if answer.get("LookupStatus") is LookupStatus.ACCEPTED:
        primary = f"{answer.text('PrimaryIP')}:{answer.number('PrimaryPort')}"
        return f"accepted: gateway {primary}, mirror {answer.text('SecondaryIP')}:{answer.number('SecondaryPort')}"
    code = answer.get("LookupRejectCode")
    name = f" ({code.name.lower().replace('_', ' ')})" if isinstance(code, LookupRejectCode) else ""
    number = int(code) if isinstance(code, int) else "none"
    return f"rejected with code {number}{name}"
