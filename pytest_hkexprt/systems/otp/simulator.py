"""The other side of a rehearsal: lookup services and gateways of both sites, on one matching core.

One thread serves everything. It is as strict as the documents: who is unknown, calls twice, or breaks the numbering is
met by silence and a closed line. Only the site in charge listens, until it fails over to the other.

Source: OCG-C Binary v2.2, 3.3 to 5.3, 6.11 and 6.12; OCG-C Binary v3.x, 5.7 (what comes again after an outage).
"""

from __future__ import annotations

import datetime as dt
import selectors
import socket
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Event
from typing import Any

from pytest_hkexprt import clock, deadline
from pytest_hkexprt.deadline import Deadline
from pytest_hkexprt.errors import LocalProtocolError
from pytest_hkexprt.model import Endpoint, Site
from pytest_hkexprt.systems import transport
from pytest_hkexprt.systems.otp.deals import Deal
from pytest_hkexprt.systems.otp.drills import Drill
from pytest_hkexprt.systems.otp.exchange import Exchange
from pytest_hkexprt.systems.otp.floor import Member
from pytest_hkexprt.systems.otp.lines import Line
from pytest_hkexprt.systems.otp.pace import Pace
from pytest_hkexprt.systems.otp.profiles import OCG_3, Profile
from pytest_hkexprt.systems.otp.session_day import Day
from pytest_hkexprt.systems.otp.simulator_admission import Admission, OnFile
from pytest_hkexprt.systems.otp.simulator_gateway import Gateway
from pytest_hkexprt.systems.otp.simulator_ports import Caller, Port, Service
from pytest_hkexprt.systems.otp.simulator_street import STREET
from pytest_hkexprt.systems.serving import START_TIMEOUT_S, Serving, bound

RECEIVED_AT_ONCE_BYTES = 65_536
CALL_TIMEOUT_S = 30.0
"""For the serving thread to do something between two turns, on a machine that is busy elsewhere."""


class Simulator(Serving):
    """Both sites of one trading system.

    Args:
        ports: where to listen, each service with its endpoints; the first of a site and service is the primary one.
        profile: whose interface.
        members: every Comp ID on file.
        admission: Comp ID to its password on file.
        private_key: PEM, by which passwords are decrypted.
        pace: how fast the rehearsal goes.
        site: the site in charge.
        recovered: whether resting orders are recovered at a failover; else they are cancelled.
        sources: addresses callers may come from; empty for any.
        drills: faults, which begin at once.
    """

    def __init__(
        self,
        ports: Mapping[Service, Sequence[Endpoint]],
        *,
        profile: Profile = OCG_3,
        members: Iterable[Member],
        admission: Mapping[str, OnFile],
        private_key: bytes,
        pace: Pace | None = None,
        site: Site = Site.PRIMARY,
        recovered: bool = False,
        sources: Collection[str] = (),
        drills: Collection[str] = (),
    ) -> None:
        super().__init__(profile.gateway)
        self.profile = profile
        self.drills = frozenset(drills)
        """The faults switched on."""
        self.site = site
        """The site in charge."""
        self.pace = pace or Pace()
        self.exchange = Exchange(profile, (*members, STREET), _utc)
        """Touch it through :meth:`within` alone while the simulator runs."""
        self.gateway = Gateway(self, Admission(profile, private_key, admission, self.drills))
        self._wanted = {service: tuple(endpoints) for service, endpoints in ports.items()}
        self._recovered = recovered
        self._sources = frozenset(sources)
        self._listeners: dict[Port, socket.socket] = {}
        self._callers: dict[socket.socket, Caller] = {}
        self._calls: SimpleQueue[Callable[[], None]] = SimpleQueue()

    def __enter__(self) -> Simulator:
        try:
            for service, endpoints in self._wanted.items():
                for site in Site:
                    own = [endpoint for endpoint in endpoints if endpoint.site is site]
                    for number, endpoint in enumerate(own):
                        at, listener = self._open(endpoint)
                        self._listeners[Port(service, at, mirror=number > 0)] = listener
            self._settle()
            self._begin()
            for port in self._listeners:
                if self._listens(port):
                    transport.connect(port.endpoint, Deadline.after(START_TIMEOUT_S)).socket.close()
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """Close every connection and every port, and wait for the thread."""
        self._end()
        for each in (*self._listeners.values(), *self._callers):
            each.close()

    # ------------------------------------------------------------------ seen from outside

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """Where it really listens, or will after a failover."""
        return tuple(port.endpoint for port in self._listeners)

    def at(self, service: Service, site: Site) -> tuple[Endpoint, ...]:
        """Return the addresses of a service at a site, the primary one first."""
        return tuple(port.endpoint for port in self._listeners if (port.service, port.site) == (service, site))

    def lines(self, comp_id: str = "") -> tuple[Line, ...]:
        """Return the exchange's book, of one Comp ID where it is named."""
        found: list[Line] = []
        self.within(lambda: found.extend(self.exchange.lines(comp_id)))
        return tuple(found)

    def deals(self, comp_id: str) -> tuple[Deal, ...]:
        """Return the trades off the books that a Comp ID knows, as the exchange has them."""
        found: list[Deal] = []
        self.within(lambda: found.extend(self.exchange.deals(comp_id)))
        return tuple(found)

    def day(self, comp_id: str) -> Day:
        """Return the numbers of a Comp ID's day so far, as the gateway has them."""
        return self.gateway.days[comp_id][1]

    def fail_over(self) -> None:
        """Have the site in charge die, with the orders that rest, and the other one take over."""
        self.within(self._fail_over)

    def hang_up(self, comp_id: str) -> None:
        """Cut a Comp ID's connection without a word."""
        self.within(lambda: self._hang_up([each for each in self._callers.values() if each.comp_id == comp_id]))

    def within(self, call: Callable[[], None]) -> None:
        """Have the serving thread do something, and wait until it has.

        Raises:
            LocalProtocolError: it does not serve.
        """
        done = Event()

        def and_say() -> None:
            try:
                call()
            finally:
                done.set()

        self._calls.put(and_say)
        self._nudge()
        if not done.wait(CALL_TIMEOUT_S):
            self.raise_errors()
            raise LocalProtocolError(f"{self._where}: simulator", expected="to be running", came="it is not")

    def now_s(self) -> float:
        """Return the monotonic time in documented seconds."""
        return self.pace.documented_s(deadline.monotonic_s())

    def utc(self) -> dt.datetime:
        """Return the present moment, the rehearsed one in a rehearsal."""
        return _utc()

    def date_in_hong_kong(self) -> dt.date:
        """Return the date in Hong Kong: with it numbers begin anew."""
        return clock.now().date()

    # ------------------------------------------------------------------ ports

    def _listens(self, port: Port) -> bool:
        """Return whether a port is open now."""
        if Drill.MIRROR_ONLY in self.drills and not port.mirror and port.service is not Service.LOOKUP:
            return False
        other_too = Drill.OTHER_SITE_ANSWERS in self.drills and port.service is not Service.LOOKUP
        return port.site is self.site or other_too

    def _settle(self) -> None:
        """Open the ports that are to be open, and have the others refuse without losing their numbers."""
        for port in list(self._listeners):
            wanted = self._listens(port)
            if bool(self._listeners[port].getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)) != wanted:
                self._close(self._listeners[port])
                self._listeners[port] = bound(port.endpoint.host, port.endpoint.port, listening=wanted)
            if wanted and self._listeners[port] not in self._selector.get_map():
                self._selector.register(self._listeners[port], selectors.EVENT_READ, port)

    def _fail_over(self) -> None:
        self.gateway.before_failover()
        self._hang_up(list(self._callers.values()), by_us=True)
        self.site = self.site.other
        self._settle()
        self.gateway.after_failover(self.exchange.fail_over(recovered=self._recovered))

    def _hang_up(self, callers: Iterable[Caller], *, by_us: bool = False) -> None:
        for caller in callers:
            caller.orderly = caller.orderly or by_us
            self.drop(caller)

    # ------------------------------------------------------------------ connections

    def _ready(self, ready: socket.socket, data: Any, events: int) -> None:  # noqa: ANN401  as selectors hand it back
        if isinstance(data, Port):
            self._accept(ready, data)
        elif isinstance(data, Caller):
            if events & selectors.EVENT_READ:
                self._read(data)
            self._flush(data)

    def _accept(self, listener: socket.socket, port: Port) -> None:
        accepted, peer = listener.accept()
        if self._sources and peer[0] not in self._sources:
            accepted.close()
            return
        accepted.setblocking(False)
        accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        caller = Caller(port, accepted, self.gateway.session(port))
        self._callers[accepted] = caller
        self._selector.register(accepted, selectors.EVENT_READ, caller)

    def _read(self, caller: Caller) -> None:
        try:
            data = caller.connection.recv(RECEIVED_AT_ONCE_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        self.gateway.read(caller, data)

    def _flush(self, caller: Caller) -> None:
        if caller.connection not in self._callers:
            return
        caller.write(caller.session.data_to_send())
        if not caller.out:
            caller.session.written()
        if caller.closing and not caller.out:
            self.drop(caller)
            return
        wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if caller.out else 0)
        if self._selector.get_key(caller.connection).events != wanted:
            self._selector.modify(caller.connection, wanted, caller)

    def drop(self, caller: Caller) -> None:
        """Close a connection without a word."""
        if self._callers.pop(caller.connection, None) is not None:
            caller.close(self._selector.unregister)
            self.gateway.gone(caller)

    def caller(self, comp_id: str) -> Caller | None:
        """Return the admitted connection of a Comp ID; None where there is none."""
        return next((each for each in self._callers.values() if each.admitted and each.comp_id == comp_id), None)

    # ------------------------------------------------------------------ time

    def _patience_s(self) -> float | None:
        due_s = min([self.gateway.due_s(), *(caller.session.due_s() for caller in self._callers.values())])
        return None if due_s == float("inf") else max(0.0, self.pace.real_s(due_s - self.now_s()))

    def _tick(self) -> None:
        with suppress(Empty):
            while True:
                self._calls.get_nowait()()
        self.gateway.cancel_due()
        for caller in list(self._callers.values()):
            self.gateway.tick(caller)
        for caller in list(self._callers.values()):
            self._flush(caller)


def _utc() -> dt.datetime:
    return clock.now().astimezone(dt.UTC)
