from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from pytest_hkexprt.evidence.journal import Journal
from pytest_hkexprt.model import Site
from pytest_hkexprt.systems.otp.binary import BinaryCodec
from pytest_hkexprt.systems.otp.client import Client
from pytest_hkexprt.systems.otp.client_day import Kept
from pytest_hkexprt.systems.otp.client_link import Credentials
from pytest_hkexprt.systems.otp.client_orders import Trader
from pytest_hkexprt.systems.otp.client_wire import Wires
from pytest_hkexprt.systems.otp.deals import differences
from pytest_hkexprt.systems.otp.fix import FixCodec
from pytest_hkexprt.systems.otp.permission import Permission
from pytest_hkexprt.systems.otp.profiles import WireProtocol
from pytest_hkexprt.systems.otp.session_day import Day
from pytest_hkexprt.systems.otp.simulator import Simulator
from pytest_hkexprt.systems.otp.simulator_admission import OnFile
from pytest_hkexprt.systems.otp.simulator_ports import Service
from tests.systems.otp import desk as desk_of
from tests.systems.otp.desk import Desk, desks
from tests.systems.otp.firm import BCAN, BROKERS, FIRST, PACE, PASSWORD, members, ports
from tests.systems.otp.trades import account

CODECS = {WireProtocol.BINARY: BinaryCodec, WireProtocol.FIX: FixCodec}
REHEARSED = Permission("otp/test", live=False)


@pytest.fixture(scope="session")
def rsa_key() -> tuple[bytes, bytes]:
    """Return a private and a public key, PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return private, key.public_key().public_bytes(serialization.Encoding.PEM, form)


@pytest.fixture
def simulate(rsa_key) -> Iterator[Callable[..., Simulator]]:
    """Start simulators; whatever went wrong in their thread is raised at the end."""
    with ExitStack() as stack:

        def start(*drills: str, on_file=None, changes=None, **more) -> Simulator:
            given = {
                "members": members(**(changes or {})),
                "admission": on_file or {comp_id: OnFile(PASSWORD) for comp_id in BROKERS},
                "private_key": rsa_key[0],
                "pace": PACE,
                "drills": drills,
            }
            return stack.enter_context(Simulator(ports(), **(given | more)))

        yield start


@dataclass
class Visitor:
    """A client and its business verbs."""

    client: Client
    trader: Trader


@pytest.fixture
def visit(rsa_key) -> Iterator[Callable[..., Visitor]]:
    """Make clients of a simulator, all served together."""
    with ExitStack() as stack:
        wires = Wires(PACE)
        stack.callback(wires.close)

        def make(simulator: Simulator, comp_id: str = FIRST, *, protocol=WireProtocol.BINARY, **more) -> Visitor:
            binary = protocol is WireProtocol.BINARY
            service = Service.LOOKUP if binary else Service.FIX
            addresses = tuple(each for site in Site for each in simulator.at(service, site))
            credentials = Credentials(
                comp_id,
                BROKERS.get(comp_id, "1234"),
                more.pop("password", PASSWORD),
                rsa_key[1],
                new_password=more.pop("new_password", None),
                bcan=BCAN,
            )
            given = {
                "codec": CODECS[protocol](simulator.profile),
                "wires": wires,
                "permission": REHEARSED,
                "kept": Kept(Day()),
                "lookups": addresses if binary else (),
                "pool": () if binary else addresses,
            }
            journal = more.pop("journal", Journal(None))
            client = stack.enter_context(Client(credentials, journal, **(given | more)))
            return Visitor(client, Trader(client))

        yield make


@pytest.fixture(params=WireProtocol, ids=str)
def protocol(request) -> WireProtocol:
    return request.param


@pytest.fixture
def all_desks() -> dict[str, Desk]:
    """Return all desks at one exchange."""
    return desks()


@pytest.fixture
def desk(all_desks) -> Desk:
    return all_desks[desk_of.FIRST]


@pytest.fixture
def other(all_desks) -> Desk:
    return all_desks[desk_of.SECOND]


@pytest.fixture
def trading_desks(all_desks) -> Iterator[dict[str, Desk]]:
    """Return all desks; in the end each account must agree with the exchange's and the drop copy's."""
    yield all_desks
    for each in all_desks.values():
        assert each.orders.faults == []
    for comp_id in (desk_of.FIRST, desk_of.SECOND):
        assert differences(account(all_desks[comp_id]), all_desks[comp_id].exchange.deals(comp_id)) == []
    assert differences(account(all_desks[desk_of.FIRST]), account(all_desks[desk_of.COPY])) == []


@pytest.fixture
def seller(trading_desks) -> Desk:
    return trading_desks[desk_of.FIRST]


@pytest.fixture
def buyer(trading_desks) -> Desk:
    return trading_desks[desk_of.SECOND]
