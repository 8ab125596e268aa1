"""A command line program in our client's place: a vendor's own order gateway, one process for each connection.

It is told where to go and as whom on its standard input, and then asked verb by verb; what it says and hears comes back
as messages, which our book and our checks judge as they judge our own client's. What only it can know (what it tried,
what it heard on the line) is its word; in a rehearsal the exchange's own book and numbers stand beside it.
"""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType

from pytest_hkexprt import clock, deadline
from pytest_hkexprt.errors import LocalProtocolError
from pytest_hkexprt.systems.otp import dialogue
from pytest_hkexprt.systems.otp.client_link import SPARE_HEARTBEATS
from pytest_hkexprt.systems.otp.client_program_link import ProgramLink
from pytest_hkexprt.systems.otp.facts import Beats, Found, Logon, Logout
from pytest_hkexprt.systems.otp.messages import Message, Role
from pytest_hkexprt.systems.program_lines import shown as in_one_line

LOOK_UP_S = 1000.0
"""Documented seconds that finding a gateway may take: four lookup services, twice, each silent as long as it may be."""
LOGON_S = 3 * LOOK_UP_S
LOGOUT_S = 121.0
"""For the answer, and then for the other side to close."""


class ProgramClient(ProgramLink):
    """One Comp ID at one trading system, by somebody else's program; what it is made of: :class:`ProgramLink`."""

    def __enter__(self) -> ProgramClient:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # ------------------------------------------------------------------ verbs that are asked of it

    def look_up(self) -> Found:
        """Have it find the gateways; what it tried is its word."""
        told = self._program.ask(dialogue.LookUp(), self._pace.real_s(LOOK_UP_S))
        gateways = tuple(each.endpoint("the program") for each in told.gateways)
        facts = {"told by": self._command.name, "gateways": ", ".join(each.address for each in gateways)}
        self.journal.exchange(self.endpoint, "looked up", facts)
        return Found(gateways, told.site, dialogue.tries(told.tries), hunted=not self.lookups)

    def logon(self) -> Logon:
        """Have it dial a gateway and log on; a refusal is a result."""
        if self.connected:
            raise LocalProtocolError(f"{self.where}: logon", expected="no session", came="one that is open")
        return self._log_on(dialogue.LogOn())

    def reconnect(self) -> Logon:
        """Have it wait as prescribed, and log on again by the documented path."""
        self._granted = False
        return self._log_on(dialogue.Reconnect())

    def say(self, message: Message) -> None:
        """Have it send a message, if it may be sent.

        Raises:
            UsageFault: it may not; the program was not told of it.
            HkexprtError: the session has ended, or the program could not.
        """
        self.permission.require(message, clock.now())
        self._open(str(message.kind))
        self.orders.sent(message)
        self._count(self._program.ask(dialogue.Say(message=dialogue.Said.of(message))))

    def logout(self) -> Logout:
        """Have it log out, wait for the answer, and close the line; an answer that never comes is a result."""
        self._open("logout")
        began_s = deadline.monotonic_s()
        told = self._program.ask(dialogue.LogOut(), self._pace.real_s(LOGOUT_S))
        self._count(told)
        self._granted = False
        what = "logged out" if told.answered else "logged out, and nobody answered"
        self.journal.exchange(self.endpoint, what, {"told by": self._command.name} | self._numbers())
        return Logout(
            endpoint=self.endpoint,
            answered=told.answered,
            their_side_closed=told.their_side_closed,
            our_side_closed=told.our_side_closed,
            waited_s=self._pace.documented_s(deadline.monotonic_s() - began_s),
            status=told.status,
            text=in_one_line(told.text),
        )

    def drop(self) -> None:
        """Have it close the line without a word; of a program that is gone, the line is closed already."""
        if self._granted and self._running is not None and not self._running.lost:
            self._count(self._running.ask(dialogue.Drop()))
        self._granted, self.ended = False, None

    # ------------------------------------------------------------------ what is waited for

    def wait_for(self, condition: Callable[[], bool], documented_s: float) -> bool:
        """Take in what it tells until something holds or time is up; return whether it holds."""
        if not self._granted:
            raise LocalProtocolError(f"{self.where}: wait", expected="a session", came="none")
        held = self._serve(lambda: condition() or self.ended is not None, documented_s)
        if self.ended is not None and not condition():
            self._blame(self.ended)
        return held and condition()

    def await_loss(self, documented_s: float) -> bool:
        """Wait until it tells that the connection is lost; return whether it did."""
        return self._serve(lambda: self.ended is not None, documented_s)

    def keep(self, heartbeats: int) -> Beats:
        """Have it keep the session for some heartbeat intervals, and return what it told of them."""
        before = dict(self._beats)

        def since(who: Role) -> int:
            return self._beats[who] - before[who]

        patience_s = (heartbeats + SPARE_HEARTBEATS) * self.codec.profile.waits.heartbeat_s
        self.wait_for(lambda: min(since(who) for who in Role) >= heartbeats, patience_s)
        return Beats(patience_s, since(Role.INITIATOR), since(Role.ACCEPTOR), heartbeats)

    # ------------------------------------------------------------------ inside

    def _log_on(self, request: dialogue.LogOn | dialogue.Reconnect) -> Logon:
        self.ended, before = None, self.kept.day.next_out
        told = self._program.ask(request, self._pace.real_s(LOGON_S))
        self._count(told)
        self._granted, self.endpoint = told.granted, told.gateway.endpoint("the program")
        logon = Logon(
            endpoint=self.endpoint,
            comp_id=self.credentials.comp_id,
            status=told.status,
            text=in_one_line(told.text),
            test=told.test,
            granted=told.granted,
            tries=dialogue.tries(told.tries),
            next_out=before,
            next_in=self.kept.day.next_in,
            changed_password=told.changed_password,
        )
        facts = {"told by": self._command.name, "Comp ID": logon.comp_id}
        self.journal.exchange(self.endpoint, f"logon: {logon.told}", facts | self._numbers())
        return logon
