"""What a visit to the terminals would fail of, found beforehand and without dialling anybody."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from pytest_hkexprt import shipped
from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.finding import Finding, good, problem, remark
from pytest_hkexprt.model import Circular, Participant, Site
from pytest_hkexprt.systems.ccass import client_browser, settings
from pytest_hkexprt.systems.ccass.settings import CcassSettings

VERSION_TIMEOUT_S = 30.0
SYSTEM = "ccass"


def examine(participant: Participant, circular: Circular) -> Iterator[Finding]:
    """Yield what there is to say of the ``[ccass]`` table, the browser, the pages and what tells the sites apart."""
    if SYSTEM not in participant.systems:
        yield remark("[ccass]", "no such table", "for CCASS and CCMS write [ccass] with user and pages")
        return
    if command := shipped.lacking(SYSTEM):
        yield problem("[ccass]", "what it needs is not installed", command)
        return
    from pytest_hkexprt.systems.ccass import client_access  # noqa: PLC0415  Playwright, which was just looked for

    try:
        ccass = settings.read(participant.systems[SYSTEM], participant.path or Path())
    except UsageFault as fault:
        yield problem("[ccass]", str(fault), "mend these lines")
        return
    yield good("[ccass]", f"user ID {ccass.user}, {client_access.published(circular, ccass, Site.PRIMARY).address}")
    yield _browser(ccass)
    yield _secrets(ccass)
    yield _pages(ccass, participant.path)
    for site in Site:
        yield _site(ccass, site)


def _browser(ccass: CcassSettings) -> Finding:
    if ccass.channel:
        return remark("browser", f"channel {ccass.channel}, looked for when it is launched", "rehearse once with it")
    try:
        path = client_browser.find(ccass.browser)
        told = subprocess.run(  # noqa: S603  a browser of this machine's, or the participant's own
            [path, "--version"], capture_output=True, text=True, timeout=VERSION_TIMEOUT_S, check=False
        )
    except UsageFault as fault:
        return problem("browser", f"{fault.expected}: {fault.came}", fault.next_step or "name one that is there")
    except (OSError, subprocess.TimeoutExpired) as error:
        return problem("browser", f"{path} does not say its version: {error}", "start it by hand")
    if told.returncode:
        return problem("browser", f"{path} does not start: exit status {told.returncode}", "start it by hand")
    return good("browser", f"{told.stdout.strip() or 'no version'}, {path}")


def _secrets(ccass: CcassSettings) -> Finding:
    if ccass.password_env and ccass.password_env not in os.environ:
        return problem("password", f"no environment variable {ccass.password_env}", f"set {ccass.password_env}")
    if ccass.code_command and not shutil.which(ccass.code_command[0]):
        return problem("two-factor code", f"{ccass.code_command[0]} cannot be run", "look at [ccass] code_command")
    code = f"by {ccass.code_command[0]}" if ccass.code_command else "typed by the operator, where one is asked for"
    password = f"in {ccass.password_env}" if ccass.password_env else "none"
    return good("password and code", f"password {password}; code {code}")


def _pages(ccass: CcassSettings, path: Path | None) -> Finding:
    from pytest_hkexprt.systems.ccass import client_access  # noqa: PLC0415  as above

    try:
        found = client_access.pages_of(ccass, path, rehearsal=False)
    except UsageFault as fault:
        return problem("page description", f"{fault.where}: {fault.came}", fault.next_step or "mend these lines")
    person = ", a person is needed" if found.by_person else ""
    return good("page description", f"{found.path}: {found.name}, {', '.join(found.terminals)}{person}")


def _site(ccass: CcassSettings, site: Site) -> Finding:
    subject = f"{site} site of CCASS"
    told = [
        f"{len(said)} {what}"
        for said, what in (
            (ccass.certificates.get(site, ()), "certificates"),
            (ccass.networks.get(site, ()), "networks"),
        )
        if said
    ]
    if told:
        return good(subject, f"told by {' and '.join(told)}")
    return problem(
        subject,
        "nothing tells it from the other; the check of the site would fail",
        f"look at its certificate and pin it: [ccass.certificates] {site}; or write [ccass.networks] {site}",
    )
