"""What a session with the trading gateways would fail of, found beforehand and without dialling anybody."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from pytest_hkexprt import adapter, command
from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.finding import Finding, good, problem, remark
from pytest_hkexprt.model import Circular, Participant
from pytest_hkexprt.systems.otp import client_access, plan, settings
from pytest_hkexprt.systems.otp.profiles import Gateway
from pytest_hkexprt.systems.otp.seam import MADE_WITH, OrderEntry
from pytest_hkexprt.systems.otp.settings import Access, OtpSettings

SYSTEM = "otp"
NEEDED_BY = {"EP": ("otp_c", Gateway.OTP_C), "CCEP": ("otp_csc", Gateway.OTP_CSC)}
"""Role to the connection it cannot do without."""


def examine(participant: Participant, circular: Circular) -> Iterator[Finding]:
    """Yield what there is to say of the ``[otp]`` table, for a circular that has these gateways."""
    if not any(SYSTEM in session.systems for session in circular.sessions):
        return
    if SYSTEM not in participant.systems:
        yield remark("[otp]", "no such table", "write [otp.otp_c] with comp_id, password_env, public_key and lookup")
        return
    try:
        read = settings.read(participant.systems[SYSTEM], participant.path or Path())
    except UsageFault as fault:
        yield problem("[otp]", str(fault), "mend these lines")
        return
    yield good("[otp]", f"{read.protocol}, {', '.join(read.accesses) or 'no connection'}")
    folder = (participant.path or Path()).parent
    if read.adapter:
        yield adapter.examine(SYSTEM, read.adapter, OrderEntry, places=2, named=MADE_WITH, folder=folder)
    if read.program is not None:
        yield command.examine("[otp.program] command", read.program.words, read.program.folder)
    for role, (name, _) in NEEDED_BY.items():
        if role in participant.roles and name not in read.accesses:
            yield problem(f"[otp.{name}]", f"no such table, and a {role} needs it", f"write [otp.{name}]")
    for access in read.accesses.values():
        yield from _access(access, read)
    yield _orders(read)


def _access(access: Access, read: OtpSettings) -> Iterator[Finding]:
    subject = f"[otp.{access.name}]"
    gateway = Gateway.OTP_CSC if access.name == "otp_csc" else Gateway.OTP_C
    profile = client_access.profile(read, gateway)
    try:
        client_access.public_key(access)
        found = client_access.addresses(access, looks_up=read.protocol == "binary")
    except UsageFault as fault:
        yield problem(fault.where, fault.came, fault.next_step)
        return
    yield good(subject, f"Comp ID {access.comp_id}, {profile.name}, {len(found)} addresses")
    for variable in filter(None, (access.password_env, access.new_password_env)):
        if variable not in os.environ:
            yield problem(subject, f"no environment variable {variable}", f"set {variable} before pytest is run")
    if not access.password_env:
        yield problem(subject, "no password_env", "name the environment variable that holds the password")
    if profile.bcan and not access.bcan and access.name != "drop_copy":
        yield remark(subject, "no bcan", "orders of this version carry a client number: write bcan")


def _orders(read: OtpSettings) -> Finding:
    if not read.orders:
        return remark("[[otp.orders]]", "none", "a live session sends no order without a list of what may be ordered")
    try:
        chosen = plan.plan(read.orders, Gateway.OTP_C)
    except UsageFault as fault:
        return remark("[[otp.orders]]", f"{fault.expected}: {fault.came}", fault.next_step)
    return good("[[otp.orders]]", f"a day trades {chosen.security} at {chosen.price:f}, board lots of {chosen.lot:f}")
