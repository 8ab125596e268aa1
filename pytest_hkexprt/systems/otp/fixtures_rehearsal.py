"""The simulator of a gateway as a rehearsal has it: keys and a password of its own, at the mirrored addresses."""

from __future__ import annotations

import secrets
import string
from dataclasses import dataclass

from pytest_hkexprt import target
from pytest_hkexprt.model import Site
from pytest_hkexprt.systems.otp import client_access
from pytest_hkexprt.systems.otp.floor import Member
from pytest_hkexprt.systems.otp.pace import Pace
from pytest_hkexprt.systems.otp.password import Password
from pytest_hkexprt.systems.otp.profiles import Gateway
from pytest_hkexprt.systems.otp.settings import Access, OtpSettings, endpoints
from pytest_hkexprt.systems.otp.simulator import Simulator
from pytest_hkexprt.systems.otp.simulator_admission import OnFile
from pytest_hkexprt.systems.otp.simulator_ports import Service

PASSWORD_LENGTH = 8


@dataclass(frozen=True, slots=True)
class Keys:
    """A rehearsal's key pair and the password of all its Comp IDs."""

    private: bytes
    public: bytes
    password: Password


def make_keys() -> Keys:
    """Return a fresh pair and a password that complies with the policy."""
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415  for rehearsals alone
    from cryptography.hazmat.primitives.asymmetric import rsa  # noqa: PLC0415

    pair = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = pair.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = pair.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    letters = "".join(secrets.choice(string.ascii_letters) for _ in range(PASSWORD_LENGTH - 2))
    return Keys(private, public, Password(f"{letters}{secrets.randbelow(90) + 10}"))


def simulator_of(
    settings: OtpSettings,
    gateway: Gateway,
    keys: Keys,
    pace: Pace,
    *,
    site: Site,
    drills: frozenset[str],
    names: tuple[str, ...],
) -> Simulator:
    """Return the simulator of a gateway, at the loopback mirrors of the participant's addresses, not started yet."""
    accesses = [settings.access(name) for name in names]
    main = accesses[0]
    tables = {Service.LOOKUP: main.lookup, Service.BINARY: main.gateways, Service.FIX: main.pool}
    ports = {
        service: [target.mirror(each) for each_site in Site for each in endpoints(table, each_site)]
        for service, table in tables.items()
    }
    return Simulator(
        ports,
        profile=client_access.profile(settings, gateway),
        members=[_member(each) for each in accesses],
        admission={each.comp_id: OnFile(keys.password) for each in accesses},
        private_key=keys.private,
        pace=pace,
        site=site,
        recovered=settings.failover == "recovered",
        drills=drills,
    )


def _member(access: Access) -> Member:
    return Member(
        access.comp_id,
        access.broker,
        drop_copy=access.name == "drop_copy",
        cancel_on_disconnect=access.cancel_on_disconnect,
        cancel_delay_s=access.cancel_delay_s,
    )
