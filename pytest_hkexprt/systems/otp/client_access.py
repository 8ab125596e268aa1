"""What a live session needs before it begins: whose password, whose key, which addresses.

The fixtures and ``hkexprt doctor`` both ask here, so that what is examined is what is run.
"""

from __future__ import annotations

import os
from pathlib import Path

from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.evidence.redact import Redactor
from pytest_hkexprt.model import Endpoint, Secret, Site
from pytest_hkexprt.systems.otp.client_link import Credentials
from pytest_hkexprt.systems.otp.password import Password
from pytest_hkexprt.systems.otp.profiles import CCCG_13, OCG_3, OCG_22, Gateway, Profile
from pytest_hkexprt.systems.otp.settings import Access, OtpSettings, endpoints


def profile(settings: OtpSettings, gateway: Gateway) -> Profile:
    """Return the interface of a gateway, in the version the participant set."""
    if gateway is Gateway.OTP_CSC:
        return CCCG_13
    return OCG_22 if settings.version == "2.2" else OCG_3


def credentials(access: Access, redactor: Redactor) -> Credentials:
    """Return a connection's credentials; the redactor is told the passwords, so that they leave no trace.

    Raises:
        UsageFault: a password or the public key cannot be had.
    """
    return Credentials(
        access.comp_id,
        access.broker,
        _password(access, "password_env", access.password_env, redactor),
        public_key(access),
        new_password=_password(access, "new_password_env", access.new_password_env, redactor)
        if access.new_password_env
        else None,
        bcan=access.bcan,
    )


def public_key(access: Access) -> bytes:
    """Return the exchange's public key, PEM.

    Raises:
        UsageFault: there is none that can be read.
    """
    path = access.public_key
    try:
        return (path or Path()).read_bytes()
    except OSError as error:
        raise UsageFault(
            f"[otp.{access.name}] public_key",
            expected="the exchange's public key, a PEM file",
            came=f"{path}: {error.strerror}" if path else "none",
            next_step="download it from the exchange's participant portal, and name its file",
        ) from error


def addresses(access: Access, *, looks_up: bool) -> tuple[Endpoint, ...]:
    """Return the lookup services, or the FIX pool, the primary site's first.

    Raises:
        UsageFault: the participant has written none; the circulars have none either.
    """
    table, key = (access.lookup, "lookup") if looks_up else (access.pool, "pool")
    found = tuple(each for site in Site for each in endpoints(table, site))
    if not found:
        raise UsageFault(
            f"[otp.{access.name}.{key}]",
            expected="addresses of the primary and the secondary site",
            came="none",
            next_step="write those the exchange gave you; no circular publishes them",
        )
    return found


def _password(access: Access, key: str, variable: str, redactor: Redactor) -> Password:
    if not variable or variable not in os.environ:
        raise UsageFault(
            f"[otp.{access.name}] {key}",
            expected=f"the password in the environment variable {variable or 'it names'}",
            came="no such variable" if variable else "no variable named",
            next_step=f"set {variable or key} before pytest is run",
        )
    redactor.learn(Secret(os.environ[variable]))
    return Password(os.environ[variable])
