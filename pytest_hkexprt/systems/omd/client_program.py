"""A command line program in our client's place: a vendor's own feed handler, one process for each feed.

It is told on its standard input what to join, and then asked: how it stands, what it received, what its books are. All
of it is its word, but for the books, which a rehearsal's publisher has too; and a line or a book it does not speak of
counts as one that brought nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Future
from types import TracebackType

from pytest_hkexprt import clock, deadline
from pytest_hkexprt.command import Command
from pytest_hkexprt.deadline import Deadline, monotonic_s
from pytest_hkexprt.errors import LocalProtocolError, Unreachable
from pytest_hkexprt.evidence.journal import Journal
from pytest_hkexprt.model import Endpoint
from pytest_hkexprt.systems.omd import dialogue, dialogue_told
from pytest_hkexprt.systems.omd.book import Picture
from pytest_hkexprt.systems.omd.channels import Line
from pytest_hkexprt.systems.omd.client_program_told import Reception, channel_facts
from pytest_hkexprt.systems.omd.dialogue_told import BookEvent
from pytest_hkexprt.systems.omd.facts import Answer, ChannelFacts, FailoverFacts
from pytest_hkexprt.systems.omd.settings import BUFFER_BYTES, LIVE, FeedSettings, Timing
from pytest_hkexprt.systems.program import Program
from pytest_hkexprt.systems.program_lines import shown

LOOK_AGAIN_S = 0.05
"""Between two looks at how it stands."""


class ProgramClient:
    """A receiver of one feed, by somebody else's program.

    Args:
        feed: its channels, with the groups to join, and whom to ask for retransmission.
        servers: the retransmission servers, in the order to try: the primary site's first.
        journal: where exchanges go.
        command: the program.
        interface: this machine's address on whose interface groups are joined; empty for the system's choice.
        source_address: what retransmission is asked for from; empty for the system's choice.
        buffer_bytes: of each socket, asked for.
        timeout_s: what a retransmission server's answer may take.
        timing: by what a rehearsal's times are scaled.
        published: how a group is published that is joined elsewhere: ``group:port`` to ``group:port``.
    """

    def __init__(
        self,
        feed: FeedSettings,
        servers: Collection[Endpoint],
        journal: Journal,
        *,
        command: Command,
        interface: str = "",
        source_address: str = "",
        buffer_bytes: int = BUFFER_BYTES,
        timeout_s: float = 15.0,
        timing: Timing = LIVE,
        published: Mapping[str, str] | None = None,
    ) -> None:
        self.feed, self.servers = feed, tuple(servers)
        self.joined_s = 0.0
        """When it was told to join, on the monotonic clock."""
        self.failover = FailoverFacts()
        self.answers: tuple[Answer, ...] = ()
        self.tried: tuple[str, ...] = ()
        self._journal, self._command, self._published = journal, command, dict(published or {})
        self._receptions: dict[int, Reception] = {}
        self._restated: dict[int, Picture] = {}
        self._program: Program[BookEvent] | None = None
        self._start = dialogue.Start(
            feed=feed.feed,
            user=feed.user,
            channels=[dialogue.Channel.of(each) for each in feed.all_channels],
            servers=[dialogue_told.Server(host=each.host, port=each.port, site=each.site) for each in self.servers],
            interface=interface,
            source_address=source_address,
            buffer_bytes=buffer_bytes,
            timeout_s=timeout_s,
            times_divided_by=timing.factor,
            clock_ahead_s=0.0,
        )

    def __enter__(self) -> ProgramClient:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.leave()

    # ------------------------------------------------------------------ verbs that are asked of it

    def join(self) -> None:
        """Start it, and have it join both lines of every channel and of its refreshes.

        Raises:
            LocalProtocolError: it has joined before.
            HkexprtError: it could not.
        """
        if self._program is not None:
            raise LocalProtocolError(f"omd {self.feed.feed}: join", expected="a program that has not", came="one")
        self._program = self._started()
        self.joined_s = monotonic_s()
        self._running.ask(dialogue.Join())
        self._receptions |= {each.number: Reception() for each in self.feed.all_channels}
        self._look()
        told = {"told by": self._command.name, "interface": self._start.interface or "the system's choice"}
        self._journal.exchange(self._at, f"joined {len(self._receptions)} channels of {self.feed.feed}", told)

    def snapshot(self) -> tuple[ChannelFacts, ...]:
        """Return what it says it received so far, channel by channel."""
        told = self._running.ask(dialogue.Facts())
        self.failover = told.failover.facts(self.joined_s)
        self.answers = tuple(each.answer() for each in told.answers)
        self.tried = tuple(map(shown, told.tried))
        known = {each.number: each for each in self.feed.all_channels}
        return tuple(
            channel_facts(each, known[each.channel], self._published, self.joined_s)
            for each in told.channels
            if each.channel in known
        )

    def pictures(self) -> Mapping[int, Picture]:
        """Return its books as it restates them, the DR channel's left out; one it does not restate is empty."""
        self._restated = {each.number: Picture() for each in self.feed.channels}
        told = self._running.ask(dialogue.Books())
        for each in told.books:
            if (picture := self._restated.get(each.channel)) is not None:
                picture.applied, picture.tape_whole = each.applied, each.tape_whole
                picture.faults += map(shown, each.faults)
        return self._restated

    def leave_out(self, channel: int, lines: Collection[Line], packets: int) -> None:
        """Have it pass over the next packets of lines, as if they had been lost on the way."""
        self._running.ask(dialogue.LeaveOut(channel=channel, lines=list(lines), packets=packets))
        told = {"channel": str(channel), "lines": " and ".join(lines), "packets": str(packets)}
        self._journal.exchange(self._at, f"passed over by {self._command.name}", told)

    def ask_again(self, channel: int, first: int, last: int) -> Future[Answer]:
        """Have it ask a retransmission server for messages; return what comes of it."""
        asked = self._running.ask_later(dialogue.AskAgain(channel=channel, first=first, last=last))
        answer: Future[Answer] = Future()

        def answered(done: Future[dialogue_told.AnswerTold]) -> None:
            if (error := done.exception()) is not None:
                answer.set_exception(error)
            else:
                answer.set_result(done.result().answer())

        asked.add_done_callback(answered)
        return answer

    def leave(self) -> None:
        """Have it leave every group, and end it; an end that is not as it should be is noted."""
        if (program := self._program) is None:
            return
        called = program.where
        try:
            if not program.lost:
                program.ask(dialogue.Leave())
        finally:
            self._program = None
            self._receptions = {}
            if told := program.close():
                self._journal.notice(f"{called}: {told}")

    # ------------------------------------------------------------------ what is waited for

    @property
    def receptions(self) -> Mapping[int, Reception]:
        """Channel number to how it stood when it was last asked; empty while there is nothing to be had of it."""
        return self._receptions if self._program is not None and not self._program.lost else {}

    def wait_for(self, holds: Callable[[], bool], by: Deadline) -> bool:
        """Ask how it stands until something holds of that, or time is up; return whether it does."""
        while True:
            self._look()
            if holds():
                return True
            if by.passed:
                return False
            self._running.serve(lambda: False, Deadline.after(min(LOOK_AGAIN_S, by.left_s())))

    def answer(self, asked: Future[Answer], by: Deadline) -> Answer:
        """Return the answer to a request.

        Raises:
            Unreachable: none came.
        """
        if not self._running.serve(asked.done, by):
            where = f"omd {self.feed.feed}: retransmission"
            raise Unreachable(where, expected="an answer", came=f"none told by {self._command.name}")
        return asked.result()

    # ------------------------------------------------------------------ inside

    @property
    def _running(self) -> Program[BookEvent]:
        if self._program is None:
            raise LocalProtocolError(f"omd {self.feed.feed}", expected="a program that has joined", came="none")
        return self._program

    @property
    def _at(self) -> Endpoint:
        """The first group, for evidence; groups belong to both sites."""
        group, address = self.feed.all_channels[0].lines[0], str(self.feed.all_channels[0].lines[0])
        return Endpoint("omd", self.servers[0].site, group.host, group.port, published=self._published.get(address, ""))

    def _started(self) -> Program[BookEvent]:
        server = self.servers[0]
        values = {"host": server.host, "port": str(server.port), "site": server.site} | {
            name: getattr(self._start, name) for name in ("feed", "interface", "user")
        }
        program: Program[BookEvent] = Program(
            self._command,
            values,
            f"[omd.program] {self._command.name} for {self.feed.feed}",
            events=BookEvent,
            take=self._restate,
            clean=self._journal.redactor.text,
        )
        self._program = program  # so that it is ended, whatever it answers
        ahead_s = clock.now().timestamp() - deadline.true_ns() / 1e9 if self._journal.rehearsal else 0.0
        ready = program.ask(dialogue.ahead(self._start, ahead_s))
        self._journal.exchange(self._at, "a program is in our client's place", ready.facts(self._command.name))
        self._journal.notice(
            f"omd: {self._command.name} is in our client's place for {self.feed.feed}; what it received, and when, is "
            "its own word, but for books that a publisher's stand beside"
        )
        return program

    def _look(self) -> None:
        """Ask how it stands."""
        told = self._running.ask(dialogue.Standing())
        self.failover = told.failover.facts(self.joined_s)
        for each in told.channels:
            if each.channel in self._receptions:
                self._receptions[each.channel].take(each)

    def _restate(self, event: BookEvent) -> None:
        if (picture := self._restated.get(event.channel)) is not None:
            picture.apply(event.message())
