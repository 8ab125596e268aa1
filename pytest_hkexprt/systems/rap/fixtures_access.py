"""Whom a fixture's client talks to: the site's own addresses, or in a rehearsal its simulator's.

Apart from the fixtures, because these are loaded with every pytest and what is imported here is not light.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from functools import partial
from typing import TypeVar

import pytest

from pytest_hkexprt import adapter, target
from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.evidence.journal import Journal
from pytest_hkexprt.model import Circular, Endpoint, Run, Session, Site
from pytest_hkexprt.rehearsal import RehearsalClock
from pytest_hkexprt.schedule import BusinessDates
from pytest_hkexprt.systems.rap import client_access, client_agent, keys
from pytest_hkexprt.systems.rap.client import Client, Credentials
from pytest_hkexprt.systems.rap.client_program import Handed, ProgramClient
from pytest_hkexprt.systems.rap.seam import Retriever, Witness
from pytest_hkexprt.systems.rap.settings import RapSettings
from pytest_hkexprt.systems.rap.simulator import Simulator
from pytest_hkexprt.systems.rap.simulator_pool import Pool
from pytest_hkexprt.systems.rap.visit import record_baseline

SYSTEM = "rap"
T = TypeVar("T")


def where(
    request: pytest.FixtureRequest, run: Run, circular: Circular, session: Session, settings: RapSettings
) -> tuple[Endpoint, ...]:
    """Return the addresses to dial: the site's own, or in a rehearsal its simulator's, with the drills begun."""
    if not run.rehearsal:
        return client_access.published(circular, settings, session.site)
    request.getfixturevalue("rap_baseline")  # it was taken before the session, and before any drill's fault
    running: Simulator = request.getfixturevalue("rap_simulator")
    request.getfixturevalue("rap_simulators").arm()
    return running.endpoints


def all_of(circular: Circular, settings: RapSettings, site: Site) -> tuple[Endpoint, ...]:
    """Return the circular's addresses of a site and the participant's own in their place."""
    published = tuple(each for each in circular.endpoints if (each.system, each.site) == (SYSTEM, site))
    return published + client_access.published(circular, settings, site)


def mirrored(endpoints: tuple[Endpoint, ...]) -> tuple[Endpoint, ...]:
    """Return the loopback addresses that mirror these."""
    return tuple(target.mirror(endpoint) for endpoint in endpoints)


def client(request: pytest.FixtureRequest, endpoints: tuple[Endpoint, ...]) -> Client:
    """Return a client of these addresses, not connected yet, with the participant's credentials."""
    return _made(Client, request, endpoints)


def _made(make: Callable[..., T], request: pytest.FixtureRequest, endpoints: tuple[Endpoint, ...]) -> T:
    """Return our client, or what takes its place and its arguments."""
    settings: RapSettings = request.getfixturevalue("rap_settings")
    run: Run = request.getfixturevalue("hkex_run")
    credentials: Credentials = request.getfixturevalue("rap_credentials")
    if run.rehearsal and request.getfixturevalue("rap_simulators").key_renewed:
        credentials = dataclasses.replace(credentials, key=keys.generate())
    return make(
        endpoints,
        credentials,
        request.getfixturevalue("hkex_evidence"),
        folder="." if run.rehearsal else settings.folder,
        source_address="" if run.rehearsal else run.participant.source_address,
        timeout_s=settings.timeout_s,
        pace=settings.pace,
        logout_timeout_s=settings.logout_timeout_s,
    )


def retriever(request: pytest.FixtureRequest, endpoints: tuple[Endpoint, ...]) -> Retriever:
    """Return whoever visits these addresses: our client, or what the participant file puts in its place.

    Raises:
        UsageFault: that cannot be had.
    """
    settings: RapSettings = request.getfixturevalue("rap_settings")
    if settings.adapter:
        journal: Journal = request.getfixturevalue("hkex_evidence")
        adapted: Retriever = _made(adapter.maker(SYSTEM, settings.adapter, Retriever, journal), request, endpoints)
        return adapted
    if settings.program is None:
        return client(request, endpoints)
    run: Run = request.getfixturevalue("hkex_run")
    credentials: Credentials = request.getfixturevalue("rap_credentials")
    witness: Witness | None = None
    if run.rehearsal:
        running: Simulator = request.getfixturevalue("rap_simulator")
        before = len(running.sessions)
        witness = partial(running.seen_since, before)
        handed = Handed(settings.key, None, (running.host_key,))
    else:
        whole = tuple(key for key in settings.host_keys.get(endpoints[0].site, ()) if " " in key)
        handed = Handed(settings.key, settings.known_hosts, whole)
    return ProgramClient(
        endpoints,
        credentials,
        request.getfixturevalue("hkex_evidence"),
        program=settings.program,
        handed=handed,
        witness=witness,
        folder="." if run.rehearsal else settings.folder,
        logout_timeout_s=settings.logout_timeout_s,
    )


def simulator(request: pytest.FixtureRequest, circular: Circular, site: Site) -> Simulator:
    """Return the running simulator of a site; whatever address it could not have is noted in the evidence."""
    settings: RapSettings = request.getfixturevalue("rap_settings")
    credentials: Credentials = request.getfixturevalue("rap_credentials")
    journal: Journal = request.getfixturevalue("hkex_evidence")
    pool: Pool = request.getfixturevalue("rap_simulators")
    public_key = credentials.key.public if credentials.key else _agent_public_key(settings)
    endpoints = mirrored(client_access.published(circular, settings, site))
    if not endpoints:
        raise UsageFault(
            "rap_simulator",
            expected=f"a circular with report servers at the {site} site",
            came=f"{circular.stem}, which has none",
            next_step="have the test take the fixture as an argument, which chooses one, or give --circular=rap",
        )
    running, started = pool.at(endpoints, credentials.user, public_key)
    for notice in running.notices if started else ():
        journal.notice(notice)
    return running


def _agent_public_key(settings: RapSettings) -> str:
    key, held_by = client_agent.pick(settings.key, settings.timeout_s)
    held_by.close()
    return f"{key.get_name()} {key.get_base64()}"


def rehearse_baseline(request: pytest.FixtureRequest, circular: Circular, session: Session, pool: Pool) -> None:
    """Take the baseline on the evening of the last business date before the session, at the primary site."""
    clock: RehearsalClock = request.getfixturevalue("hkex_clock")
    dates: BusinessDates = request.getfixturevalue("hkex_business_dates")
    evening = dates.evening_before(session)
    pool.disarm()
    with clock.at(evening):
        journal: Journal = request.getfixturevalue("hkex_evidence")
        journal.notice(f"baseline visit: the clock is put to {evening:%Y-%m-%d %H:%M}, the primary site is visited")
        visitor = client(request, simulator(request, circular, Site.PRIMARY).endpoints)
        record_baseline(visitor, business_date=evening.date(), data=request.getfixturevalue("hkex_data"))
