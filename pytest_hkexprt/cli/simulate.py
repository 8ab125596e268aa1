"""``hkexprt simulate``: the simulators in the foreground, for trying sftp, WinSCP or one's own downloader."""

from __future__ import annotations

import datetime as dt
import importlib
import json
import shlex
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from pytest_hkexprt import circular as circulars
from pytest_hkexprt import clock, options, participant, participants, shipped, target
from pytest_hkexprt.cli import access
from pytest_hkexprt.cli.say import plain, say
from pytest_hkexprt.errors import LocalProtocolError, UsageFault
from pytest_hkexprt.model import Circular, Endpoint, Participant, Site
from pytest_hkexprt.schedule import BusinessDates
from pytest_hkexprt.systems.serving import Alone

USER = "REHEARSAL"
LOOKS_UP_EVERY_S = 0.5
DATE = click.DateTime(["%Y-%m-%d"])


@click.command(short_help="Run the simulators, to try clients against.")
@click.option("--circular", default="rap", metavar="NAME", help="whose addresses (default: rap)")
@click.option("--system", "systems", multiple=True, metavar="NAME", help="only this system; may be repeated")
@click.option("--drill", "drills", multiple=True, metavar="FAULT", help="fault to switch on; may be repeated")
@click.option("--user", default="", metavar="ID", help=f"who may log in (default: the participant's, else {USER})")
@click.option("--key", type=click.Path(path_type=Path), metavar="FILE", help="its public key (default: a fresh pair)")
@click.option("--participant", "who", default="", metavar="NAME", help="whose Comp IDs, channels and line to have")
@access.FILE
@click.option("--date", type=DATE, metavar="DATE", help="business date of the reports (default: the last one)")
@click.option("--json", "as_json", is_flag=True, help="one line of JSON when all is ready")
def simulate(
    circular: str,
    systems: tuple[str, ...],
    drills: tuple[str, ...],
    user: str,
    key: Path | None,
    who: str,
    participant_file: str,
    date: dt.datetime | None,
    as_json: bool,
) -> None:
    """Run the simulators of a circular, both sites, until Ctrl-C or SIGTERM.

    Addresses and a ready-to-paste sftp command are printed. Without --key a fresh key pair is made for the visit and
    removed at the end. The reports are stand-ins of our own making, and say so.

    With --participant or --participant-file they are as that participant has them in hkexprt.toml: User IDs, Comp IDs,
    brokers, channels, addresses (on loopback), what becomes of orders at a disconnect. Else no file is read.

    Exit status: 0 stopped when told to, 1 a simulator failed, 2 wrong use.
    """
    for drill in drills:
        options.drill(drill)
    wanted = circulars.find(circular, Path.cwd() / "features")
    whose, dates = _participant(participant_file, who)
    shown = date.date() if date else None
    if shown is not None and shown not in dates:
        raise UsageFault("--date", expected="a business date", came=f"{shown}, on which the exchange does not trade")
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with tempfile.TemporaryDirectory(prefix="hkexprt-") as folder, ExitStack() as stack:
        public, private = _key(key, Path(folder))
        running: dict[str, list[Any]] = {}
        for system in _systems(wanted, systems, drills):
            shipped.require(system)
            module = importlib.import_module(f"pytest_hkexprt.systems.{system}.simulator_alone")
            alone = Alone(
                _sites(wanted, system),
                business_date=lambda: shown or dates.shown_at(clock.now()),
                drills=[name.partition(".")[2] for name in drills if name.startswith(f"{system}.")],
                user=user or _user(whose, system),
                public_key=public,
                participant=whose,
            )
            running[system] = stack.enter_context(module.serve(alone))
        known_hosts = Path(folder) / "known_hosts"
        known_hosts.write_text("".join(_known_lines(running)), "utf-8")
        _tell(running, user or _user(whose, "rap"), private, known_hosts, as_json=as_json)
        # The system may hand a signal to any thread, and Python then wakes no waiting one: so it looks up now and then.
        while not stop.wait(LOOKS_UP_EVERY_S):
            pass
    errors = [error for simulators in running.values() for each in simulators for error in each.errors]
    if errors:
        raise LocalProtocolError("hkexprt simulate", expected="simulators without a fault", came=str(errors[0]))
    if not as_json:
        say("stopped")


def _participant(file: str, who: str) -> tuple[Participant, BusinessDates]:
    """Return whose Comp IDs and the like are wanted, and the file's business dates; nobody's where none is named."""
    if not file and not who:
        return participant.generated(), BusinessDates()
    known, dates, _ = access.known(file)
    return participants.only(known, who), dates


def _user(whose: Participant, system: str) -> str:
    """Return a participant's own user of a system; ours where it has none."""
    return str(whose.systems.get(system, {}).get("user") or USER)


def _systems(circular: Circular, given: tuple[str, ...], drills: tuple[str, ...]) -> list[str]:
    """Return the systems to run: those given, else the circular's, and those a drill is of."""
    able = [system for system in shipped.systems() if (shipped.system_folder(system) / "simulator_alone.py").is_file()]
    for system in given:
        if system not in able:
            raise UsageFault("--system", expected=f"one of {', '.join(able)}", came=system)
    of_sessions = [system for session in circular.sessions for system in session.systems if system in able]
    of_drills = [system for system in able if any(drill.startswith(f"{system}.") for drill in drills)]
    found = list(dict.fromkeys([*(given or of_sessions), *of_drills]))
    if not found:
        raise UsageFault(
            f"circular {circular.stem}", expected=f"a system with a server: {', '.join(able)}", came="none"
        )
    return found


def _sites(circular: Circular, system: str) -> dict[Site, tuple[Endpoint, ...]]:
    """Return each site's addresses of a system on loopback; those of all systems for one that has none of its own."""
    own = [each for each in circular.endpoints if each.system == system] or circular.endpoints
    return {site: tuple(target.mirror(each) for each in own if each.site is site) for site in Site}


def _key(given: Path | None, folder: Path) -> tuple[str, Path | None]:
    """Return the public key that may log in, and the file of its private half where we made it."""
    if given is not None:
        try:
            kind, blob = given.read_text("utf-8").split()[:2]
        except (OSError, ValueError) as error:
            raise UsageFault("--key", expected="a public key's file, such as id_ed25519.pub", came=str(error)) from None
        if "PRIVATE" in blob or not kind.startswith(("ssh-", "ecdsa-")):
            raise UsageFault(
                "--key", expected="a public key", came=f"{given}, which is none", next_step="name the .pub"
            )
        return f"{kind} {blob}", None
    from pytest_hkexprt.systems.rap import keys  # noqa: PLC0415  cryptography, for this command alone

    pair, private = keys.generate(), folder / "id_ed25519"
    private.touch(mode=0o600)
    private.write_text(pair.openssh.reveal(), "utf-8")
    return pair.public, private


def _known_lines(running: dict[str, list[Any]]) -> Iterator[str]:
    for simulators in running.values():
        for each in simulators:
            if host_key := getattr(each, "host_key", ""):
                yield from (f"[{at.host}]:{at.port} {host_key}\n" for at in each.endpoints)


def _tell(running: dict[str, list[Any]], user: str, private: Path | None, known_hosts: Path, *, as_json: bool) -> None:
    served = [(each, endpoint) for simulators in running.values() for each in simulators for endpoint in each.endpoints]
    if as_json:
        listed = [
            {"system": at.system, "site": at.site, "host": at.host, "port": at.port, "published": at.published}
            for _, at in served
        ]
        ready = {"endpoints": listed, "user": user, "key": str(private or ""), "known_hosts": str(known_hosts)}
        plain(json.dumps(ready))
        sys.stdout.flush()
        return
    for system, simulators in running.items():
        say(f"{system}: SIMULATOR, stand-in data of our own")
        for each in simulators:
            for notice in each.notices:
                say(f"  {notice}")
            for at in each.endpoints:
                say(f"  {at.site:<9}  {at.address:<22}  for {at.published}")
                if hasattr(each, "host_key") and each.endpoints[0] == at:
                    identity = f" -i {shlex.quote(str(private))}" if private else ""
                    plain(
                        f"    sftp{identity} -o UserKnownHostsFile={shlex.quote(str(known_hosts))} "
                        f"-P {at.port} {shlex.quote(user)}@{at.host}"
                    )
    say("Ctrl-C stops.")
    sys.stdout.flush()
