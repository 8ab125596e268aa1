"""What the fixtures make: a browser, a client and a visit, of the real terminals or of a rehearsal's.

Apart from the fixtures, because these are loaded with every pytest and what is imported here is not light.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_hkexprt.evidence.journal import Journal
from pytest_hkexprt.model import Circular, Run, Session
from pytest_hkexprt.schedule import BusinessDates
from pytest_hkexprt.systems.ccass import client_access, client_tls
from pytest_hkexprt.systems.ccass.client import Client, Credentials
from pytest_hkexprt.systems.ccass.client_browser import Browser
from pytest_hkexprt.systems.ccass.client_operator import Operator, Rehearsed
from pytest_hkexprt.systems.ccass.pages import Pages
from pytest_hkexprt.systems.ccass.settings import CcassSettings
from pytest_hkexprt.systems.ccass.simulator import Simulator
from pytest_hkexprt.systems.ccass.visit import CcassVisit

SYSTEM = client_access.SYSTEM
REHEARSED_FAILOVER_S = 10.0
"""A rehearsal's name moves at once, or never."""


def browser(settings: CcassSettings, pages: Pages, simulator: Simulator | None, folder: Path) -> Browser:
    """Return the run's browser, not launched yet."""
    if simulator is not None:
        return Browser(
            executable=settings.browser,
            channel=settings.channel,
            mapped={f"{simulator.name}:{simulator.port}": simulator.relay.endpoint.address},
            trusted_keys=simulator.certificates.keys,
            folder=folder,
        )
    hosts = [address.rpartition(":")[0] for given in settings.addresses.values() for address in given]
    return Browser(
        executable=settings.browser,
        channel=settings.channel,
        hosts=[*(hosts or [client_access.KNOWN]), *pages.hosts],
        show=settings.show or pages.by_person,
        folder=folder,
    )


def client(
    request: pytest.FixtureRequest,
    circular: Circular,
    session: Session,
    journal: Journal,
    simulator: Simulator | None,
) -> Client:
    """Return a client of the session's site, the drills begun."""
    settings: CcassSettings = request.getfixturevalue("ccass_settings")
    pages: Pages = request.getfixturevalue("ccass_pages")
    launched: Browser = request.getfixturevalue("ccass_browser")
    run: Run = request.getfixturevalue("hkex_run")
    endpoint = client_access.published(circular, settings, session.site)
    if simulator is None:
        operator = Operator(settings.operator_timeout_s)
        return Client(
            endpoint,
            client_access.credentials(settings, operator, journal.redactor),
            journal,
            browser=launched,
            pages=pages,
            operator=operator,
            timeout_s=settings.timeout_s,
            resolve=client_tls.system_resolver,
            source_address=run.participant.source_address,
        )
    return Client(
        endpoint,
        Credentials(simulator.user, simulator.password, simulator.code),
        journal,
        browser=launched,
        pages=pages,
        operator=Rehearsed(settings.operator_timeout_s),
        timeout_s=settings.timeout_s,
        resolve=simulator.resolve,
        authority=simulator.certificates.authority_pem,
        behind=simulator.behind,
    )


def visit(
    request: pytest.FixtureRequest, visitor: Client, circular: Circular, session: Session, simulator: Simulator | None
) -> CcassVisit:
    """Return a visit, with what tells the sites apart: the participant's pins, or the simulator's own."""
    settings: CcassSettings = request.getfixturevalue("ccass_settings")
    dates: BusinessDates = request.getfixturevalue("hkex_business_dates")
    data: Path = request.getfixturevalue("hkex_data")
    pins = settings.certificates
    networks = settings.networks
    owner, failover_timeout_s = settings.owner, settings.failover_timeout_s
    if simulator is not None:
        pins = {site: (sha256,) for site, sha256 in simulator.certificates.fingerprints.items()}
        networks = {site: (f"{at.host}/32",) for site, at in simulator.addresses.items()}
        owner, failover_timeout_s = simulator.owner, min(failover_timeout_s, REHEARSED_FAILOVER_S)
    return CcassVisit(
        visitor,
        request.getfixturevalue("hkex_evidence"),
        published=[each for each in circular.endpoints if each.system == SYSTEM],
        business_date=dates.evening_before(session).date(),
        owner=owner,
        pins=pins,
        networks=networks,
        downloads=data / "downloads" / SYSTEM / session.starts.date().isoformat(),
        stage=simulator,
        failover_timeout_s=failover_timeout_s,
    )
