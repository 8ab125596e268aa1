"""What a visit needs before it begins: whose key, whose host keys, which addresses.

The fixtures and the ``hkexprt`` command both ask here, so that a baseline is taken as the session is run.
"""

from __future__ import annotations

import os

from pytest_hkexprt import target
from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.evidence.redact import Redactor
from pytest_hkexprt.model import Circular, Endpoint, Secret, Site
from pytest_hkexprt.systems.rap import hostkeys, keys
from pytest_hkexprt.systems.rap.client import Credentials
from pytest_hkexprt.systems.rap.settings import RapSettings

SYSTEM = "rap"


def credentials(settings: RapSettings, trusted: hostkeys.HostKeys | None, redactor: Redactor) -> Credentials:
    """Return the participant's credentials; with neither key nor agent, a fresh key.

    Args:
        settings: the participant's.
        trusted: the host keys of a rehearsal; None for those the participant pinned.
        redactor: told passphrase and key, so that they leave no trace.

    Raises:
        UsageFault: the key, its passphrase or the known hosts cannot be had.
    """
    if trusted is None:
        known = hostkeys.read_known_hosts(settings.known_hosts) if settings.known_hosts else ()
        trusted = hostkeys.HostKeys(settings.host_keys, known)
    if settings.agent:
        return Credentials(settings.user, None, trusted, agent_key=settings.key)
    if settings.key is None:
        return Credentials(settings.user, keys.generate(), trusted)
    passphrase = _passphrase(settings.passphrase_env)
    if passphrase:
        redactor.learn(passphrase)
    key = keys.load(settings.key, passphrase)
    redactor.learn(key.openssh)
    return Credentials(settings.user, key, trusted)


def published(circular: Circular, settings: RapSettings, site: Site) -> tuple[Endpoint, ...]:
    """Return the addresses of a site: the participant's where it replaced them, else the circular's."""
    return target.endpoints(circular, settings.addresses, SYSTEM, site)


def _passphrase(variable: str) -> Secret | None:
    if not variable:
        return None
    if variable not in os.environ:
        raise UsageFault(
            "[rap] passphrase_env",
            expected=f"the key's passphrase in the environment variable {variable}",
            came="no such variable",
            next_step=f"set {variable} before pytest is run",
        )
    return Secret(os.environ[variable])
