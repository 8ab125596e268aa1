"""The other side of a rehearsal: two data centres with their own certificates, and the name that leads to one of them.

Each site listens at an address of its own on loopback. What a browser is told to take for the name's address is a
relay's, so that the name can move in the middle of a session; whoever resolves the name otherwise is told the site's
own address. What a reader must know of all this is in the notices.
"""

from __future__ import annotations

import datetime as dt
import secrets
import socket
from collections.abc import Callable, Collection
from contextlib import ExitStack
from types import TracebackType

from pytest_hkexprt.errors import LocalProtocolError
from pytest_hkexprt.model import Endpoint, Secret, Site
from pytest_hkexprt.systems.ccass import simulator_data as data
from pytest_hkexprt.systems.ccass.drills import Drill
from pytest_hkexprt.systems.ccass.simulator_certificates import Certificates
from pytest_hkexprt.systems.ccass.simulator_names import Relay
from pytest_hkexprt.systems.ccass.simulator_server import WebServer
from pytest_hkexprt.systems.ccass.simulator_sessions import IDLE_S
from pytest_hkexprt.systems.ccass.simulator_terminal import Terminals

HOSTS = {Site.PRIMARY: "127.151.14.1", Site.SECONDARY: "127.152.14.1"}
"""Where the sites stand on loopback, beside the mirrors of other systems; their real addresses are not published."""
USER = "REHEARSAL01"
CHECKER = "REHEARSAL02"
NAME = "www.ccass.com"
HTTPS = 443


class Simulator:
    """The world of a rehearsal: both sites and their name.

    Args:
        user: the user id that may log on; its checker may, too.
        business_date: asked whose data are shown.
        date_before: gives the business date before another.
        name: the host name and its port.
        drills: the faults.
        idle_s: how long a session may be left alone.
    """

    def __init__(
        self,
        user: str = USER,
        *,
        business_date: Callable[[], dt.date],
        date_before: Callable[[dt.date], dt.date] = lambda date: date - dt.timedelta(days=1),
        name: tuple[str, int] = (NAME, HTTPS),
        drills: Collection[str] = (),
        idle_s: float = IDLE_S,
    ) -> None:
        self.name, self.port = name
        self.user = user
        self.owner = data.PARTICIPANT
        """Whose data the terminals show."""
        self.password = Secret(secrets.token_urlsafe(12))
        """Of every user; made for this rehearsal, never the participant's own."""
        self.drills = frozenset(drills)
        """The faults switched on."""
        self.notices: list[str] = []
        """What a reader of the evidence must know."""
        self.certificates = Certificates(self.name, self.drills)
        users = {each: self.password.reveal() for each in (user, CHECKER)}
        self.terminals = {
            site: Terminals(
                site, users, business_date=business_date, date_before=date_before, drills=self.drills, idle_s=idle_s
            )
            for site in Site
        }
        self._stack = ExitStack()
        self._servers: dict[Site, WebServer] = {}
        self._leads_to = Site.PRIMARY

    def __enter__(self) -> Simulator:
        try:
            for site in Site:
                at = Endpoint("ccass", site, HOSTS[site], 0, published=f"{self.name}:{self.port}")
                server = WebServer(at, self.certificates.context(site, faulty=True), self.terminals[site].answer)
                self._servers[site] = self._stack.enter_context(server)
            name = Endpoint("ccass", Site.PRIMARY, "127.0.0.1", 0, published=f"{self.name}:{self.port}")
            self.relay = self._stack.enter_context(Relay(name))
            self.begin(Site.PRIMARY)
        except BaseException:
            self.stop()
            raise
        where = ", ".join(f"{site} at {at.address}" for site, at in self.addresses.items())
        self.notices.append(
            f"{self.name}: {where}; the browser reaches them through {self.relay.endpoint.address}"
            ", which stands for the name and leads where it leads"
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        if error is None:
            self.raise_errors()

    @property
    def addresses(self) -> dict[Site, Endpoint]:
        """Where each site really listens."""
        return {site: server.endpoint for site, server in self._servers.items()}

    @property
    def errors(self) -> list[BaseException]:
        """Faults of our own in the simulator's threads, and rules broken by whoever was let in."""
        served = [error for server in self._servers.values() for error in server.errors]
        broken = [each for terminals in self.terminals.values() for each in terminals.broken]
        return [*served, *self.relay.errors, *map(LocalProtocolError, broken)]

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """The same in a row."""
        return tuple(self.addresses.values())

    def begin(self, site: Site) -> None:
        """Begin a scenario: both sites serve, open for business; nobody is logged on; the name leads to a site."""
        for each in Site:
            with self.terminals[each].lock:
                self.terminals[each].closed.clear()
                for sessions in self.terminals[each].sessions.values():
                    sessions.end_all()
            self._servers[each].switch(up=Drill.SITE_DOWN not in self.drills)
        self._lead(site.other if Drill.OTHER_SITE in self.drills else site)

    def close(self, terminal: str) -> None:
        """Close a terminal for business, at both sites: it can be logged on to, and says that there is no function."""
        for each in self.terminals.values():
            with each.lock:
                each.closed.add(terminal)

    def fail_over(self) -> None:
        """Let the site that serves go away, and the name lead to the other one."""
        gone = self._leads_to
        self._servers[gone].switch(up=False)
        self._lead(gone if Drill.FAILOVER_NEVER in self.drills else gone.other)

    def resolve(self, name: str, port: int) -> tuple[tuple[str, int], ...]:
        """Return where a name leads now, host and port, as the rehearsal's name server has it.

        Raises:
            OSError: the name is unknown.
        """
        if (name, port) != (self.name, self.port):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        at = self.addresses[self._leads_to]
        return ((at.host, at.port),)

    def behind(self, peer: str) -> str:
        """Return the address a browser's connection led to; empty where it is not the relay's."""
        leads_to = self.relay.leads_to
        return leads_to.address if leads_to and peer == self.relay.endpoint.address else ""

    def code(self, terminal: str) -> Secret:
        """Return the two-factor code that was sent to the user last."""
        terminals = self.terminals[self._leads_to]
        with terminals.lock:
            return Secret(terminals.sessions[terminal].code_of(self.user))

    def stop(self) -> None:
        """Close every port and wait for every thread; a second call does nothing."""
        self._stack.close()

    def raise_errors(self) -> None:
        """Raise the first fault of our own, or rule broken, if there was one.

        Raises:
            LocalProtocolError: there was.
        """
        if self.errors:
            raise LocalProtocolError(
                "ccass: simulator", expected="no fault of its own, and no rule broken", came=str(self.errors[0])
            )

    def _lead(self, site: Site) -> None:
        self._leads_to = site
        self.relay.lead(self.addresses[site])
