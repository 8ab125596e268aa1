"""The retransmission servers of both sites as ports: which listen, which refuse, and who is connected.

A site that does not serve keeps its ports all the same, so that nobody else is met there, and refuses.
"""

from __future__ import annotations

import contextlib
import selectors
import socket
from collections.abc import Callable, Mapping
from dataclasses import replace

from pytest_hkexprt.deadline import Deadline
from pytest_hkexprt.model import Endpoint, Site
from pytest_hkexprt.systems import transport
from pytest_hkexprt.systems.omd.channels import Address
from pytest_hkexprt.systems.omd.simulator_rts import RetransmissionServers
from pytest_hkexprt.systems.serving import START_TIMEOUT_S, bound
from pytest_hkexprt.target import mirror

Opened = Callable[[Endpoint], tuple[Endpoint, socket.socket]]


class Sites:
    """The ports of both sites.

    Args:
        selector: of the simulator's thread.
        opened: opens a listening port.
    """

    def __init__(self, selector: selectors.BaseSelector, opened: Opened) -> None:
        self.addresses: dict[Site, tuple[Address, ...]] = {}
        """Where each site's servers are, in the order asked for."""
        self._selector = selector
        self._opened = opened
        self._ports: dict[Site, list[socket.socket]] = {site: [] for site in Site}
        self._servers: dict[Site, RetransmissionServers] = {}

    def open(self, published: Mapping[Site, tuple[Address, ...]]) -> None:
        """Take every port; all listen, and each is dialled once."""
        for site, addresses in published.items():
            found = []
            for address in addresses:
                at, listener = self._opened(mirror(Endpoint("omd", site, address.host, address.port)))
                self._ports[site].append(listener)
                self._dial(at, listener)
                found.append(Address(at.host, at.port))
            self.addresses[site] = tuple(found)

    def begin(self, servers: Mapping[Site, RetransmissionServers], serving: Site) -> None:
        """Serve at one site and refuse at the other."""
        self._servers = dict(servers)
        for site in self._ports:
            if site is serving:
                self._register(site)
            else:
                self.leave(site)

    def leave(self, site: Site) -> None:
        """Hang up on everybody at a site, and refuse from now on."""
        if site in self._servers:
            for connection in list(self._servers[site].callers):
                self._drop(site, connection)
        for number, (listener, address) in enumerate(zip(self._ports[site], self.addresses[site], strict=True)):
            self._unregister(listener)
            listener.close()
            self._ports[site][number] = bound(address.host, address.port, listening=False)

    def serve(self, site: Site) -> None:
        """Listen at a site that refused."""
        for port in self._ports[site]:
            port.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # connections that ended here may linger
            port.listen()
        self._register(site)

    def ready(self, ready: socket.socket, site: Site, events: int) -> None:
        """Serve one socket that can be read or written."""
        servers = self._servers[site]
        if ready in self._ports[site]:
            connection, _ = ready.accept()
            servers.accept(connection)
            self._selector.register(connection, selectors.EVENT_READ, site)
        elif ready in servers.callers:
            alive = servers.heard(ready) if events & selectors.EVENT_READ else servers.push(ready)
            if not alive:
                self._drop(site, ready)

    def tick(self) -> None:
        """Send heartbeats that are due, and end connections that broke a time limit."""
        for site, servers in self._servers.items():
            for connection in servers.due():
                self._drop(site, connection)
            for connection, caller in servers.callers.items():
                wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if caller.waiting else 0)
                if self._selector.get_key(connection).events != wanted:
                    self._selector.modify(connection, wanted, site)

    def close(self) -> None:
        """Close every port and connection; the selector is closed already."""
        for servers in self._servers.values():
            for connection in list(servers.callers):
                servers.drop(connection)
        for ports in self._ports.values():
            for port in ports:
                port.close()

    def _register(self, site: Site) -> None:
        for port in self._ports[site]:
            self._selector.register(port, selectors.EVENT_READ, site)

    def _unregister(self, registered: socket.socket) -> None:
        with contextlib.suppress(KeyError, ValueError):
            self._selector.unregister(registered)

    def _drop(self, site: Site, connection: socket.socket) -> None:
        self._unregister(connection)
        self._servers[site].drop(connection)

    def _dial(self, at: Endpoint, listener: socket.socket) -> None:
        deadline = Deadline.after(START_TIMEOUT_S)
        with transport.connect(at, deadline).socket:
            listener.settimeout(deadline.left_s())
            listener.accept()[0].close()
            listener.setblocking(False)


def endpoints(
    addresses: Mapping[Site, tuple[Address, ...]], published: Mapping[Site, tuple[Address, ...]]
) -> list[Endpoint]:
    """Return servers as endpoints, each with what is published."""
    found = []
    for site, own in published.items():
        for at, each in zip(addresses[site], own, strict=True):
            endpoint = Endpoint("omd", site, at.host, at.port, origin="simulator")
            found.append(replace(endpoint, published=str(each)))
    return found
