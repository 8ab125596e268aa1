"""Where another order gateway takes our client's place: what a visit needs of whoever talks to the exchange's.

A vendor puts its own gateway under test: the steps, checks, drills and evidence stay as they are, and only this is
answered by somebody else. Our :class:`~pytest_hkexprt.systems.otp.client.Client` is one answer, a Python object of the
vendor's another, a command line program (:mod:`.client_program`) a third.

Requests go in as messages, by kind and FIX names, whatever the wire speaks: so what may be sent is decided on our side,
for anybody's gateway. What is heard goes into the book it was given, as messages likewise: so what it means is judged
on our side.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from pytest_hkexprt.model import Endpoint, Site
from pytest_hkexprt.systems.otp.facts import Beats, Found, Logon, Logout, Transcript
from pytest_hkexprt.systems.otp.messages import Message
from pytest_hkexprt.systems.otp.orders import Orders
from pytest_hkexprt.systems.otp.permission import Permission
from pytest_hkexprt.systems.otp.session_day import Day
from pytest_hkexprt.systems.otp.session_events import Ended
from pytest_hkexprt.systems.otp.wire import Codec

MADE_WITH = ("codec", "lookups", "pool", "wires", "permission", "kept", "orders", "source_address")
"""What an object in our client's place is given by name, beside the credentials and the journal."""


class Named(Protocol):
    """Who logs on."""

    @property
    def comp_id(self) -> str:
        """Its Comp ID."""

    @property
    def broker(self) -> str:
        """Its broker's number."""

    @property
    def bcan(self) -> str:
        """The client's number an order carries; empty for none."""


class Numbers(Protocol):
    """The numbers of a Comp ID's day."""

    @property
    def day(self) -> Day:
        """Both sides' next sequence numbers; whoever numbers messages moves them on."""

    def name(self) -> str:
        """Return a ClOrdID that was not used today."""


class OrderEntry(Protocol):
    """One Comp ID at one trading system; errors are those of :mod:`pytest_hkexprt.errors`.

    The first six are as the callable was given them; ``transcript`` is its own.
    """

    @property
    def credentials(self) -> Named:
        """Who logs on."""

    @property
    def codec(self) -> Codec:
        """The protocol, and in its profile what the gateway's interface has."""

    @property
    def permission(self) -> Permission:
        """What may be sent; it is asked before :meth:`say`."""

    @property
    def kept(self) -> Numbers:
        """The numbers of the day."""

    @property
    def orders(self) -> Orders:
        """The book: told each request that was sent and each business message that was heard, in their order."""

    @property
    def site(self) -> Site:
        """The site it begins at: that of the first address it was given."""

    @property
    def transcript(self) -> Transcript:
        """How often either side said which kind of message."""

    @property
    def where(self) -> str:
        """What it talks to, in messages."""

    @property
    def endpoint(self) -> Endpoint:
        """The gateway in use, or that was last."""

    @property
    def connected(self) -> bool:
        """Whether it is logged on."""

    @property
    def ended(self) -> Ended | None:
        """Why the session is over; None while it is not."""

    def look_up(self) -> Found:
        """Ask the lookup services for the gateways, or return the pool where there are none."""

    def logon(self) -> Logon:
        """Dial a gateway and log on; a refusal is a result, and no error."""

    def reconnect(self) -> Logon:
        """Wait as prescribed after a connection that was lost, and log on again by the documented path."""

    def say(self, message: Message) -> None:
        """Send a request."""

    def wait_for(self, condition: Callable[[], bool], documented_s: float) -> bool:
        """Take in what is heard until something holds or time is up; return whether it holds."""

    def await_loss(self, documented_s: float) -> bool:
        """Wait until the connection is lost; return whether it was."""

    def keep(self, heartbeats: int) -> Beats:
        """Keep the session for some heartbeat intervals, and return what was heard and said meanwhile."""

    def logout(self) -> Logout:
        """Log out, wait for the answer, and close the line; an answer that never comes is a result."""

    def drop(self) -> None:
        """Close the line without a word; a second call does nothing."""
