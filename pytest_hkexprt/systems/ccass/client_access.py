"""From the participant file to whom a client talks to, who logs on, and what describes the pages."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from pytest_hkexprt import target
from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.evidence.redact import Redactor
from pytest_hkexprt.model import Circular, Endpoint, Secret, Site
from pytest_hkexprt.systems.ccass import client_operator, pages
from pytest_hkexprt.systems.ccass.client import Credentials
from pytest_hkexprt.systems.ccass.client_operator import Operator
from pytest_hkexprt.systems.ccass.pages import Pages
from pytest_hkexprt.systems.ccass.settings import CcassSettings

SYSTEM = "ccass"
KNOWN = "www.ccass.com"
"""The terminals' host.

Source: the SEHK Options Clearing House on the relocation of the CCASS secondary data centre, 2021, its table.
"""
HTTPS = 443


def published(circular: Circular, settings: CcassSettings, site: Site) -> Endpoint:
    """Return the terminals' address at a site: the participant's, else the circular's, else the one that is known.

    A name is the same at both sites: a change of site is one of what it leads to.
    """
    found = target.endpoints(circular, settings.addresses, SYSTEM, site)
    found = found or target.endpoints(circular, settings.addresses, SYSTEM, site.other)
    if found:
        first = found[0]
        return Endpoint(SYSTEM, site, first.host, first.port, published=first.published, origin=first.origin)
    return Endpoint(SYSTEM, site, KNOWN, HTTPS, origin="the circular of 2021")


def pages_of(settings: CcassSettings, path: Path | None, *, rehearsal: bool) -> Pages:
    """Return the page description: a rehearsal's is one that ships, a live run's is the participant's own.

    Raises:
        UsageFault: it has mistakes, or a live run has none of its own.
    """
    if rehearsal:
        own = settings.pages if settings.pages in pages.shipped() else pages.STAND_IN
        return pages.find(own, Path())
    if settings.pages in pages.shipped():
        raise UsageFault(
            f"{path}: [ccass] pages",
            expected="a description of the real terminals' pages, which are not public",
            came=f"{settings.pages}, which describes the pages of our own simulator",
            next_step="copy it, put in what `hkexprt terminal probe https://www.ccass.com` finds, and name the file",
        )
    return pages.find(settings.pages, path.parent if path else Path())


def credentials(settings: CcassSettings, operator: Operator, redactor: Redactor) -> Credentials:
    """Return who logs on in a live run; the password is learnt by what keeps secrets out of the evidence.

    Raises:
        UsageFault: the environment variable of the password is not set.
    """
    password = Secret(os.environ.get(settings.password_env, "") if settings.password_env else "")
    if settings.password_env and not password.reveal():
        raise UsageFault(
            "[ccass] password_env",
            expected=f"the password in the environment variable {settings.password_env}",
            came="it is not set, or empty",
            next_step=f"set {settings.password_env}",
        )
    redactor.learn(password)
    return Credentials(settings.user, password, _code(settings, operator))


def _code(settings: CcassSettings, operator: Operator) -> Callable[[str], Secret]:
    if settings.code_command:
        return lambda _: client_operator.code_by(settings.code_command)
    return operator.code
