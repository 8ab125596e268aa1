"""What the trading gateways' benchmark and soak share: a simulator, and clients of it, without pytest around them."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from pytest_hkexprt.evidence.journal import Journal
from pytest_hkexprt.model import Endpoint, Site
from pytest_hkexprt.systems.otp.client import Client
from pytest_hkexprt.systems.otp.client_day import Kept
from pytest_hkexprt.systems.otp.client_link import Credentials
from pytest_hkexprt.systems.otp.client_orders import Trader
from pytest_hkexprt.systems.otp.client_wire import Wires
from pytest_hkexprt.systems.otp.codecs import codec_of
from pytest_hkexprt.systems.otp.fixtures_rehearsal import Keys
from pytest_hkexprt.systems.otp.floor import Member
from pytest_hkexprt.systems.otp.orders import Orders
from pytest_hkexprt.systems.otp.pace import Pace
from pytest_hkexprt.systems.otp.permission import Permission
from pytest_hkexprt.systems.otp.profiles import OCG_3, WireProtocol
from pytest_hkexprt.systems.otp.session_day import Day
from pytest_hkexprt.systems.otp.simulator import Simulator
from pytest_hkexprt.systems.otp.simulator_admission import OnFile
from pytest_hkexprt.systems.otp.simulator_ports import Service

FIRST, SECOND = "CO99999901", "CO99999903"
BROKERS = {FIRST: "1234", SECOND: "1235"}
UNTHROTTLED = 10_000_000


def simulator(keys: Keys, pace: Pace) -> Simulator:
    """Return a simulator on ports of the system's choice, which slows nobody down."""
    ports = {service: [Endpoint("otp", site, "127.0.0.1", 0) for site in Site for _ in range(2)] for service in Service}
    return Simulator(
        ports,
        members=[Member(comp_id, broker, throttle=UNTHROTTLED) for comp_id, broker in BROKERS.items()],
        admission={comp_id: OnFile(keys.password) for comp_id in BROKERS},
        private_key=keys.private,
        pace=pace,
    )


@dataclass
class Desk:
    """Clients of one simulator, all served together."""

    addresses: dict[WireProtocol, Sequence[Endpoint]]
    """Lookup services of the binary protocol, pool of FIX."""
    keys: Keys
    pace: Pace

    def __post_init__(self) -> None:
        self._stack = ExitStack()
        self.wires = Wires(self.pace)
        self._stack.callback(self.wires.close)

    def __enter__(self) -> Desk:
        return self

    def __exit__(self, *raised: object) -> None:
        self._stack.close()

    def trader(self, comp_id: str, protocol: WireProtocol) -> Trader:
        """Return a client that is not logged on yet, and its verbs."""
        binary, found = protocol is WireProtocol.BINARY, tuple(self.addresses[protocol])
        client = Client(
            Credentials(comp_id, BROKERS[comp_id], self.keys.password, self.keys.public, bcan="1234.1"),
            Journal(None),
            codec=codec_of(OCG_3, protocol),
            lookups=found if binary else (),
            pool=() if binary else found,
            wires=self.wires,
            permission=Permission("benchmark", live=False),
            kept=Kept(Day()),
            orders=Orders(BROKERS[comp_id]),
        )
        return Trader(self._stack.enter_context(client))
