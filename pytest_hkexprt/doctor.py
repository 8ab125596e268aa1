"""What can be known before a session of a participant's machine: its file, clock, calendar, disk and ports.

Nobody outside is spoken to, except a time server where one is named. What a system needs is found by the system's own
``client_doctor``, so that a new system is examined without an edit here.

Source: RFC 5905, 6 and 7.3, for the time server's packet; adjtimex(2) for what the kernel says of its clock.
"""

from __future__ import annotations

import ctypes
import datetime as dt
import importlib
import os
import socket
import struct
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from pytest_hkexprt import clock, participant, participants, shipped, target
from pytest_hkexprt.deadline import Deadline
from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.finding import Finding, good, problem, remark
from pytest_hkexprt.model import Circular, Participant
from pytest_hkexprt.schedule import BusinessDates

MOST_OFFSET_S = 1.0
"""A clock further off than this misdates evidence that is kept to the second."""
NTP_PORT = 123
NTP_TIMEOUT_S = 3.0
NTP_EPOCH_S = 2_208_988_800
"""Seconds from 1900, where NTP begins, to 1970."""
NTP_PACKET = struct.Struct("!B39xII")
"""48 bytes: the first of flags, the last eight the transmit timestamp."""
NTP_CLIENT = 0b00_100_011
"""Version 4, mode 3 (client)."""
CLOCK_UNSYNCHRONISED = 5
"""TIME_ERROR, what adjtimex returns for a clock nobody keeps."""
TIMEX_BYTES = 256
"""More than any Linux's struct timex."""


def examine(given: str, folder: Path, circular: Circular, time_server: str = "", name: str = "") -> Iterator[Finding]:
    """Yield everything there is to say, in the order to mend it.

    Args:
        given: the participant file, or empty for the one in the folder.
        folder: where the user works.
        circular: whose session is ahead.
        time_server: ``host`` or ``host:port`` to compare the clock with; empty for the kernel's word alone.
        name: of several participants, the one's name; empty, or ``all``, for all.

    Raises:
        UsageFault: nobody in the file has that name.
    """
    known: tuple[Participant, ...] = ()
    dates = BusinessDates()
    try:
        path = participant.find(given, folder, folder)
        if path is None:
            yield remark(
                "participant file",
                f"no {participant.FILE_NAME} in {folder}; rehearsals work without",
                f"hkexprt init writes hkexprt.example.toml: copy it to {participant.FILE_NAME} and fill it in",
            )
        else:
            known, dates = participant.read_all(path)
            told = "; ".join(f"{who.name}, {', '.join(who.roles)}" for who in known)
            yield good("participant file", f"{path}: {told}")
    except UsageFault as fault:
        yield problem("participant file", str(fault), "mend these lines")
    chosen = participants.choose(known, [name] if name else []) if known else ()
    for who in chosen:
        for finding in _of(who, circular):
            yield replace(finding, subject=f"{who.name}: {finding.subject}") if len(known) > 1 else finding
    yield _clock(time_server)
    yield _calendar(dates)
    yield _ports(circular)


def _of(who: Participant, circular: Circular) -> Iterator[Finding]:
    """Yield what there is to say of one participant: what each system's own doctor finds, and the folder."""
    for system in shipped.systems():
        if (shipped.system_folder(system) / "client_doctor.py").is_file():
            module = importlib.import_module(f"{__package__}.systems.{system}.client_doctor")
            yield from module.examine(who, circular)
    yield _data_folder(who.data_folder)


def _data_folder(folder: Path) -> Finding:
    above = next(each for each in (folder, *folder.absolute().parents) if each.exists())
    if above.is_dir() and os.access(above, os.W_OK | os.X_OK):
        return good("data folder", f"{folder}{'' if folder == above else ', made when it is needed'}")
    return problem("data folder", f"{folder} cannot be written", "set data_folder in hkexprt.toml, or its permissions")


def _clock(time_server: str) -> Finding:
    remedy = "set the clock by NTP (chrony, systemd-timesyncd): windows and evidence go by it"
    if not time_server:
        kept = _kept_by_kernel()
        if kept is None:
            return remark("clock", "this system does not say whether it is kept", "compare it: --ntp SERVER")
        return good("clock", "kept by NTP, says the kernel") if kept else remark("clock", "nobody keeps it", remedy)
    host, _, port = time_server.rpartition(":") if ":" in time_server else (time_server, "", str(NTP_PORT))
    try:
        offset_s = clock_offset_s(host, int(port))
    except (OSError, ValueError) as error:
        return problem("clock", f"{time_server} gave no time: {error}", "name a time server that is reached from here")
    text = f"{offset_s:+.3f} s against {time_server}"
    return good("clock", text) if abs(offset_s) <= MOST_OFFSET_S else problem("clock", text, remedy)


def clock_offset_s(host: str, port: int) -> float:
    """Return how far the clock is behind a time server's, in seconds, half the way there and back taken off.

    Raises:
        OSError: no answer.
        ValueError: an answer that is no time.
    """
    until = Deadline.after(NTP_TIMEOUT_S)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        asked.settimeout(until.left_s())
        asked.connect((host, port))
        sent = clock.now()
        asked.send(NTP_PACKET.pack(NTP_CLIENT, 0, 0))
        answer = asked.recv(NTP_PACKET.size * 2)
        came = clock.now()
    if len(answer) < NTP_PACKET.size:
        raise ValueError(f"{len(answer)} bytes are no time")
    _, seconds, fraction = NTP_PACKET.unpack_from(answer)
    if not seconds:
        raise ValueError("the server has no time itself")
    theirs_s = float(seconds - NTP_EPOCH_S + fraction / 2**32)
    return theirs_s - (sent.timestamp() + came.timestamp()) / 2


def _kept_by_kernel() -> bool | None:
    """Return whether something keeps the clock; None where the system does not tell."""
    if sys.platform != "linux":
        return None
    state = int(ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(TIMEX_BYTES)))
    return None if state < 0 else state != CLOCK_UNSYNCHRONISED


def _calendar(dates: BusinessDates) -> Finding:
    today = clock.now().date()
    try:
        last = dates.last_before(today)
    except UsageFault as fault:
        return problem("calendar", str(fault), "look at [calendar] in hkexprt.toml")
    stale = sorted(day for day in (*dates.closed, *dates.open) if day < today - dt.timedelta(days=366))
    if stale:
        return remark("calendar", f"exceptions of more than a year ago: {stale[0]}", "take them out of [calendar]")
    is_open = "a business date" if today in dates else "no business date"
    return good("calendar", f"{today} is {is_open}, the last before it {last}")


def _ports(circular: Circular) -> Finding:
    taken = []
    for endpoint in map(target.mirror, circular.endpoints):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tried:
            if os.name == "posix":
                tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                tried.bind((endpoint.host, endpoint.port))
            except OSError as error:
                taken.append(f"{endpoint.address} ({error.strerror})")
    if not taken:
        return good("ports", f"{len(circular.endpoints)} loopback addresses of {circular.stem} are free")
    return remark(
        "ports", f"not to be had: {', '.join(taken)}", "nothing need be done: a rehearsal takes others, and says so"
    )
