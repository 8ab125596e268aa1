"""Whom a fixture's clients talk to: the participant's gateways, or in a rehearsal the simulator of each.

Apart from the fixtures, because these are loaded with every pytest and what is imported here is not light.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from pytest_hkexprt import adapter, clock
from pytest_hkexprt.evidence.journal import Journal
from pytest_hkexprt.model import Circular, Endpoint, Run, Secret, Session, Site
from pytest_hkexprt.systems.otp import client_access, client_day
from pytest_hkexprt.systems.otp import plan as plans
from pytest_hkexprt.systems.otp.client import Client
from pytest_hkexprt.systems.otp.client_day import Kept
from pytest_hkexprt.systems.otp.client_link import Credentials
from pytest_hkexprt.systems.otp.client_orders import Trader
from pytest_hkexprt.systems.otp.client_program import ProgramClient
from pytest_hkexprt.systems.otp.client_wire import Wires
from pytest_hkexprt.systems.otp.codecs import codec_of
from pytest_hkexprt.systems.otp.drills import Drill
from pytest_hkexprt.systems.otp.fixtures_rehearsal import Keys, simulator_of
from pytest_hkexprt.systems.otp.orders import Orders
from pytest_hkexprt.systems.otp.pace import Pace
from pytest_hkexprt.systems.otp.permission import Permission
from pytest_hkexprt.systems.otp.profiles import Gateway, WireProtocol
from pytest_hkexprt.systems.otp.seam import OrderEntry
from pytest_hkexprt.systems.otp.session_day import Day
from pytest_hkexprt.systems.otp.settings import Access, OtpSettings
from pytest_hkexprt.systems.otp.simulator import Simulator
from pytest_hkexprt.systems.otp.simulator_ports import Service
from pytest_hkexprt.systems.otp.visit import Surroundings
from pytest_hkexprt.systems.otp.visit_failover import FailoverVisit
from pytest_hkexprt.systems.otp.words import Side

LOGIN_ONLY = "login-only"
"""The clause that limits China Connect Exchange Participants to the login."""
TRADES_AS = {Gateway.OTP_C: ("EP",), Gateway.OTP_CSC: ("CCEP",)}
"""Gateway to the roles that trade there."""
MAIN = {Gateway.OTP_C: "otp_c", Gateway.OTP_CSC: "otp_csc"}
NAMES = {Gateway.OTP_C: ("otp_c", "drop_copy", "second"), Gateway.OTP_CSC: ("otp_csc",)}
"""Gateway to its connections."""


@dataclass
class Visits:
    """The visits of one scenario: one for each gateway, made when first asked for; all served together."""

    run: Run
    circular: Circular
    session: Session
    settings: OtpSettings
    journal: Journal
    data: Path
    keys: Keys | None
    """A rehearsal's; None live."""
    drills: frozenset[str] = frozenset()
    protocol: WireProtocol = WireProtocol.BINARY
    _stack: ExitStack = field(default_factory=ExitStack)
    _visits: dict[Gateway, FailoverVisit] = field(default_factory=dict)
    _simulators: dict[Gateway, Simulator] = field(default_factory=dict)
    _wires: Wires | None = None

    def __enter__(self) -> Visits:
        return self

    def __exit__(self, *raised: object) -> None:
        self._stack.close()

    def speak(self, protocol: str) -> None:
        """Speak a protocol from now on, whatever the participant's settings say."""
        self.protocol = WireProtocol.FIX if protocol.lower() == "fix" else WireProtocol.BINARY

    def of(self, name: str) -> FailoverVisit:
        """Return the visit to a gateway, by its name: ``OTP-C`` or ``OTP-CSC``."""
        gateway = Gateway(name)
        if gateway not in self._visits:
            self._visits[gateway] = FailoverVisit(self.client(MAIN[gateway]), self._around(gateway))
        return self._visits[gateway]

    @property
    def last(self) -> FailoverVisit:
        """The visit that was made last."""
        return list(self._visits.values())[-1]

    def client(self, name: str) -> OrderEntry:
        """Return a client of one of the participant's connections, ours or what is in its place, not connected yet."""
        access, gateway = self.settings.access(name), _gateway(name)
        codec = codec_of(client_access.profile(self.settings, gateway), self.protocol)
        lookups, pool = self._addresses(access, gateway)
        client = self._make(
            self._credentials(access),
            self.journal,
            codec=codec,
            lookups=lookups,
            pool=pool,
            wires=self.wires,
            permission=self._permission(gateway),
            kept=self._kept(access),
            orders=Orders(access.broker, listening=name == "drop_copy"),
            source_address="" if self.run.rehearsal else self.run.participant.source_address,
        )
        self._stack.callback(client.drop)
        return client

    @property
    def wires(self) -> Wires:
        """What serves all connections of the scenario."""
        if self._wires is None:
            self._wires = Wires(self._pace)
            self._stack.callback(self._wires.close)
        return self._wires

    def simulator(self, gateway: Gateway) -> Simulator:
        """Return the running simulator of a gateway; whatever address it could not have is noted in the evidence."""
        if gateway not in self._simulators:
            assert self.keys is not None, "only a rehearsal has a simulator"
            names = NAMES[gateway]
            simulator = simulator_of(
                self.settings, gateway, self.keys, self._pace, site=self.session.site, drills=self.drills, names=names
            )
            self._simulators[gateway] = self._stack.enter_context(simulator)
            for notice in simulator.notices:
                self.journal.notice(notice)
        return self._simulators[gateway]

    # ------------------------------------------------------------------ inside

    @property
    def _make(self) -> Callable[..., OrderEntry]:
        if self.settings.program is not None:
            return self._make_program
        if not self.settings.adapter:
            return Client
        made: Callable[..., OrderEntry] = adapter.maker("otp", self.settings.adapter, OrderEntry, self.journal)
        return made

    def _make_program(self, *args: Any, **more: Any) -> OrderEntry:  # noqa: ANN401  what our client is made with
        assert self.settings.program is not None, "asked for just now"
        accesses = self.settings.accesses.values()
        passwords = {name for each in accesses for name in (each.password_env, each.new_password_env)}
        client = ProgramClient(*args, command=self.settings.program, hidden=passwords, **more)
        self._stack.callback(client.close)
        return client

    @property
    def _pace(self) -> Pace:
        return Pace(self.settings.factor) if self.run.rehearsal else Pace()

    def _addresses(self, access: Access, gateway: Gateway) -> tuple[tuple[Endpoint, ...], tuple[Endpoint, ...]]:
        """Return lookup services and pool, the primary site's first; one of the two is empty."""
        looks_up = self.protocol in client_access.profile(self.settings, gateway).lookup
        if self.run.rehearsal:
            service = Service.LOOKUP if looks_up else Service.FIX
            found = tuple(each for site in Site for each in self.simulator(gateway).at(service, site))
        else:
            found = client_access.addresses(access, looks_up=looks_up)
        return (found, ()) if looks_up else ((), found)

    def _credentials(self, access: Access) -> Credentials:
        if self.keys is None:
            return client_access.credentials(access, self.journal.redactor)
        self.journal.redactor.learn(Secret(self.keys.password.reveal()))
        return Credentials(access.comp_id, access.broker, self.keys.password, self.keys.public, bcan=access.bcan)

    def _kept(self, access: Access) -> Kept:
        if self.run.rehearsal:
            return Kept(Day())
        return client_day.load(self.data, access.comp_id, clock.now())

    def _permission(self, gateway: Gateway) -> Permission:
        stray = self._stray(gateway)
        return Permission(
            where=f"otp/{gateway}",
            live=not self.run.rehearsal,
            login_only=self._login_only(gateway) and not stray,
            allow_orders=self.run.allow_orders,
            starts=self.session.starts,
            ends=self.session.ends,
            trades_as=TRADES_AS[gateway],
            roles=self.run.participant.roles,
            orders=self.settings.orders,
        )

    def _login_only(self, gateway: Gateway) -> bool:
        return gateway is Gateway.OTP_CSC and any(clause.id == LOGIN_ONLY for clause in self.circular.clauses)

    def _stray(self, gateway: Gateway) -> bool:
        return Drill.ORDER_IN_LOGIN_ONLY in self.drills and self._login_only(gateway)

    def _around(self, gateway: Gateway) -> Surroundings:
        accesses, main = self.settings.accesses, self.settings.access(MAIN[gateway])
        of_otp_c, plan = gateway is Gateway.OTP_C, partial(plans.plan, self.settings.orders, gateway)
        simulator = self.simulator(gateway) if self.run.rehearsal else None
        return Surroundings(
            self.journal,
            plan,
            known={site: self._known(main, gateway, site) for site in Site},
            second=partial(self.client, "second") if of_otp_c and "second" in accesses else None,
            drop_copy=partial(self.client, "drop_copy") if of_otp_c and "drop_copy" in accesses else None,
            their_book=simulator.lines if simulator else None,
            their_deals=simulator.deals if simulator else None,
            their_day=simulator.day if simulator else None,
            fail_over=simulator.fail_over if simulator else None,
            failover=self.settings.failover,
            cancel_on_disconnect=main.cancel_on_disconnect,
            session_left_s=lambda: max(0.0, (self.session.ends - clock.now()).total_seconds()),
            stray_order=partial(_send_order, plan) if self._stray(gateway) else None,
        )

    def _known(self, access: Access, gateway: Gateway, site: Site) -> tuple[str, ...]:
        binary = self.protocol is WireProtocol.BINARY
        if self.run.rehearsal:
            service = Service.BINARY if binary else Service.FIX
            return tuple(each.address for each in self.simulator(gateway).at(service, site))
        return tuple((access.gateways if binary else access.pool).get(site, ()))


def _gateway(name: str) -> Gateway:
    return Gateway.OTP_CSC if name == "otp_csc" else Gateway.OTP_C


def _send_order(plan: Callable[[], plans.Plan], trader: Trader) -> None:
    """Send the order of the drill, which was not to be sent."""
    chosen = plan()
    trader.order(chosen.security, Side.BUY, chosen.lot, chosen.price)
