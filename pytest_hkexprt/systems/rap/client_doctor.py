"""What a visit to the report folder would fail of, found beforehand and without dialling anybody."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from pytest_hkexprt import adapter, command
from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.finding import Finding, good, problem, remark
from pytest_hkexprt.model import Circular, Participant, Secret, Site
from pytest_hkexprt.systems.rap import client_access, client_agent, hostkeys, keys, settings
from pytest_hkexprt.systems.rap.seam import MADE_WITH, Retriever
from pytest_hkexprt.systems.rap.settings import RapSettings

SYSTEM = client_access.SYSTEM


def examine(participant: Participant, circular: Circular) -> Iterator[Finding]:
    """Yield what there is to say of the ``[rap]`` table, the key and the host keys."""
    if SYSTEM not in participant.systems:
        yield remark("[rap]", "no such table", "write [rap] with user, key and host_keys into hkexprt.toml")
        return
    try:
        rap = settings.read(participant.systems[SYSTEM], participant.path or Path())
    except UsageFault as fault:
        yield problem("[rap]", str(fault), "mend these lines")
        return
    yield good("[rap]", f"User ID {rap.user}")
    if rap.adapter:
        folder = (participant.path or Path()).parent
        yield adapter.examine(SYSTEM, rap.adapter, Retriever, places=3, named=MADE_WITH, folder=folder)
    if (program := rap.program) is not None:
        yield command.examine("[rap.program] list", program.list, program.folder)
        yield command.examine("[rap.program] get", program.get, program.folder)
    yield _key(rap)
    for site in Site:
        yield _host_keys(rap, circular, site)


def _key(rap: RapSettings) -> Finding:
    try:
        if rap.agent:
            key, held_by = client_agent.pick(rap.key, rap.timeout_s)
            held_by.close()
            return good("SSH key", f"{key.get_name()} {hostkeys.fingerprint(key.asbytes())}, held by ssh-agent")
        assert rap.key is not None, "settings without an agent have a key"
        if rap.passphrase_env and rap.passphrase_env not in os.environ:
            return problem("SSH key", f"no environment variable {rap.passphrase_env}", f"set {rap.passphrase_env}")
        passphrase = Secret(os.environ[rap.passphrase_env]) if rap.passphrase_env else None
        pair = keys.load(rap.key, passphrase)
    except UsageFault as fault:
        return problem("SSH key", f"{fault.where}: {fault.came}", fault.next_step)
    return good("SSH key", f"{pair.kind} {pair.fingerprint}, {rap.key}")


def _host_keys(rap: RapSettings, circular: Circular, site: Site) -> Finding:
    subject = f"host keys, {site} site"
    if pinned := rap.host_keys.get(site):
        return good(subject, f"{len(pinned)} pinned")
    try:
        known = hostkeys.read_known_hosts(rap.known_hosts) if rap.known_hosts else ()
    except UsageFault as fault:
        return problem(subject, f"{fault.where}: {fault.came}", "give a file that can be read")
    trusted = hostkeys.HostKeys(rap.host_keys, known)
    endpoints = client_access.published(circular, rap, site)
    without = [endpoint.address for endpoint in endpoints if not trusted.kinds(endpoint)]
    if endpoints and not without:
        return good(subject, f"{rap.known_hosts} has them")
    return problem(
        subject,
        f"none for {', '.join(without) or 'its addresses'}; the login would be refused by us",
        f"ask for the fingerprints by another way than the line, and pin them: [rap.host_keys] {site}",
    )
