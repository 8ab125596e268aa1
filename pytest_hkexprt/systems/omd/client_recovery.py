"""What a receiver does about what is missing, and about a failover: in the client's thread, without waiting.

A gap is left to the other line for a moment, then asked for, and where it cannot be had, a snapshot stands in for it.
The DR signal clears everything, and everything is built again from snapshots when it says so.

Source: HKEX OMD-C Developers Guide 1.11, sections 5.3.1, 5.3.2.2 and 9.8.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass

from pytest_hkexprt.deadline import monotonic_s
from pytest_hkexprt.errors import RemoteProtocolError
from pytest_hkexprt.model import Endpoint
from pytest_hkexprt.systems.omd.channels import Line
from pytest_hkexprt.systems.omd.client_channel import Reception
from pytest_hkexprt.systems.omd.client_failover import Failover
from pytest_hkexprt.systems.omd.client_rts import LOGON_STATUS, REQUEST_STATUS, Said, Session, State
from pytest_hkexprt.systems.omd.codec import Message
from pytest_hkexprt.systems.omd.facts import Answer
from pytest_hkexprt.systems.omd.packets import Packet
from pytest_hkexprt.systems.omd.recovery import Request, Requests
from pytest_hkexprt.systems.omd.settings import Timing

PATIENCE_S = 0.2
"""How long a gap is left to the other line, in a rehearsal and live: the lines differ by milliseconds."""


@dataclass(slots=True)
class Outstanding:
    """A request that was sent, or is to be."""

    request: Request
    since_s: float
    future: Future[Answer] | None = None
    """Of one that was asked for by name; None for a gap's."""
    sent: bool = False
    granted: bool = False
    came: int = 0


class Recovery:
    """What is missing, and what is done about it.

    Args:
        servers: whom to ask, in their order.
        user: who asks; empty for a participant that never does.
        said: is told what was said.
        timeout_s: what an answer may take.
        timing: by what a rehearsal's times are scaled.
        source_address: what is asked from.
    """

    def __init__(
        self,
        servers: Sequence[Endpoint],
        user: str,
        said: Said,
        *,
        timeout_s: float,
        timing: Timing,
        source_address: str = "",
    ) -> None:
        self.session = Session(
            servers, user, said, timeout_s=timeout_s, stale_s=timing.stale_s, source_address=source_address
        )
        self.answers: list[Answer] = []
        self._receptions: Mapping[int, Reception] = {}
        self._user = user
        self._timing = timing
        self._timeout_s = timeout_s
        self.requests = Requests(patience_s=PATIENCE_S, answer_s=timeout_s)
        self._outstanding: list[Outstanding] = []
        self.failover = Failover(self.session.move)
        """What was received of a failover."""
        self._was_active = False

    def begin(self, receptions: Mapping[int, Reception], now_s: float) -> None:
        """Take the channels, and want a snapshot of each that has them."""
        self._receptions = receptions
        self.failover.begin(receptions)
        for each in receptions.values():
            each.receiver.join(now_s)

    def receive(
        self, reception: Reception, line: Line, datagram: bytes, now_s: float, arrived_ns: int, refresh: bool
    ) -> None:
        """Take a datagram of a channel, or of its refreshes."""
        if refresh:
            self._refreshed(reception, line, datagram, now_s)
            return
        events = reception.receive(line, datagram, now_s, arrived_ns)
        self.failover.heard(reception, events, datagram, now_s)

    def ask(self, channel: int, first: int, last: int) -> Future[Answer]:
        """Ask for messages; the answer comes as it comes."""
        future: Future[Answer] = Future()
        self._outstanding.append(Outstanding(Request(channel, first, last), monotonic_s(), future))
        self.session.begin()
        return future

    def connection_ready(self, now_s: float, *, readable: bool) -> None:
        """Serve the retransmission server's connection."""
        for each in self.session.ready(readable=readable):
            if isinstance(each, Packet):
                self._came(each, now_s)
            else:
                self._answered(each, now_s)

    def tick(self, now_s: float) -> None:
        """Do what is due: ask for what is missing, give up what takes too long."""
        self.session.tick()
        active = self.session.state is State.ACTIVE
        if self._was_active and not active:
            self.requests.lost_server()
            for each in self._outstanding:
                each.sent = each.granted = False
        self._was_active = active
        if not self.failover.under_way:
            self._plan(now_s)
        if self._outstanding and self.session.state is State.IDLE:
            self.session.begin()
        for each in list(self._outstanding):
            self._push(each, now_s)

    def _plan(self, now_s: float) -> None:
        """Ask for what is missing; where nobody is to be asked, a snapshot is waited for at once."""
        missing = [each for each in self._receptions.values() if _is_ripe(each, now_s)]
        if missing and not self.session.state.settled and self._user:
            self.session.begin()
            return
        used = self.requests.used
        nobody = not self._user or self.session.state in (State.REFUSED, State.UNREACHABLE)
        if nobody:
            self.requests.used = self.requests.limits.per_day  # none is granted for now
        for each in self._receptions.values():
            if each in missing or each.refresh_wanted:
                self._outstanding += [Outstanding(request, now_s) for request in each.due(now_s)]
        if nobody:
            self.requests.used = used

    def _push(self, each: Outstanding, now_s: float) -> None:
        """Send a request that can be sent, and end one that came to nothing."""
        if self.session.state is State.ACTIVE and not each.sent:
            each.sent, each.since_s = True, now_s
            self.session.request(each.request.channel, each.request.begin, each.request.end)
        elif self.session.state is State.REFUSED:
            status = self.session.logon_status
            told = LOGON_STATUS.get(status or 0, f"status {status}, which no document lists")
            self._end(each, None, f"logon refused: {told}", now_s)
        elif self.session.state is State.UNREACHABLE:
            self._end(each, None, "no server answered: " + "; ".join(self.session.tried), now_s)
        elif now_s - each.since_s > self._timeout_s:
            self._end(each, None, f"nothing came within {self._timeout_s:.3g} s", now_s)

    def _answered(self, response: Message, now_s: float) -> None:
        """Take an answer to a request."""
        channel, first, last = (response.number(name) for name in ("ChannelID", "BeginSeqNum", "EndSeqNum"))
        status = response.number("RetransStatus")
        wanted = Request(channel, first, last)
        each = next((one for one in self._outstanding if one.sent and one.request == wanted), None)
        if each is None:
            return
        if each.future is None:
            try:
                self.requests.answered(response)
            except RemoteProtocolError as error:
                self._end(each, status, str(error), now_s)
                return
        if status:
            told = REQUEST_STATUS.get(status, f"status {status}, which no document lists")
            self._end(each, status, told, now_s)
        else:
            each.granted = True

    def _came(self, packet: Packet, now_s: float) -> None:
        """Take messages that were sent again: the answer is to the request granted first, in its order."""
        each = next(
            (
                one
                for one in self._outstanding
                if one.granted and one.request.begin <= packet.sequence <= one.request.end
            ),
            None,
        )
        if each is None:
            return
        self._receptions[each.request.channel].sent_again(packet.data, now_s)
        each.came += packet.count
        if each.came >= each.request.end - each.request.begin + 1:
            self._end(each, 0, REQUEST_STATUS[0], now_s)

    def _end(self, each: Outstanding, status: int | None, told: str, now_s: float) -> None:
        """Note what became of a request."""
        self._outstanding.remove(each)
        endpoint = self.session.endpoint
        answer = Answer(
            endpoint=str(endpoint) if endpoint else "",
            site=str(endpoint.site) if endpoint else "",
            channel=each.request.channel,
            first=each.request.begin,
            last=each.request.end,
            status=status,
            told=told,
            messages=each.came,
            took_s=now_s - each.since_s,
        )
        self.answers.append(answer)
        if each.future is not None:
            each.future.set_result(answer)

    def _refreshed(self, reception: Reception, line: Line, datagram: bytes, now_s: float) -> None:
        if reception.receive_refresh(line, datagram, now_s):
            self.failover.rebuilt(reception.channel.number, now_s)


def _is_ripe(reception: Reception, now_s: float) -> bool:
    """Return whether something of a channel was missing for longer than the other line may take."""
    arbiter = reception.arbiter
    if arbiter.holding or reception.channel.dr:
        return False
    return any(now_s - gap.opened_s >= PATIENCE_S for gap in arbiter.gaps)
