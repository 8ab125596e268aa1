"""Receiving as the steps tell it: verbs join, wait and provoke, each ``check_`` makes one comparison.

Steps may not know a system's insides, and the client knows no checks. Between them stands this. What is received on a
day that is no business date is test data: HKEX may send it, and asks that it be disregarded; every check says so.

Source: HKEX OMD-C Binary Interface Specifications v1.45, section 2.2; OMD-CC Interface Specification v1.3, section 2.2.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Container
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

import msgspec

from pytest_hkexprt.deadline import Deadline
from pytest_hkexprt.errors import LocalProtocolError, UsageFault
from pytest_hkexprt.evidence.journal import Journal
from pytest_hkexprt.evidence.record import Check
from pytest_hkexprt.model import Site
from pytest_hkexprt.reading import near
from pytest_hkexprt.systems.omd import checks, checks_failover
from pytest_hkexprt.systems.omd.channels import Feed, Line
from pytest_hkexprt.systems.omd.facts import Answer, ChannelFacts, Filled
from pytest_hkexprt.systems.omd.seam import FeedHandler, told_whole
from pytest_hkexprt.systems.omd.settings import OmdSettings
from pytest_hkexprt.systems.omd.visit_evidence import Evidence, test_data

if TYPE_CHECKING:
    from pytest_hkexprt.systems.omd.simulator import Simulator

ENOUGH = 60
"""Messages that make a look at the data worth while."""
LEFT_OUT = 6
"""Packets a receiver passes over in order to have a gap."""
ASKED_AGAIN = 20
"""Messages asked for again where all came."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A feed's receiver, and in a rehearsal its publisher."""

    client: FeedHandler
    simulator: Simulator | None


class OmdVisit:
    """What a scenario does with market data.

    Args:
        open_feed: starts a feed's publisher where there is one to start, and returns its receiver, not joined yet.
        journal: where the checks go.
        settings: limits and times.
        business_dates: on any other date, what comes is test data.
        site: where the session begins, and, of a failover, where it ends.
        omit: skips the scenario, with a reason.
    """

    def __init__(
        self,
        open_feed: Callable[[Feed], Opened],
        journal: Journal,
        *,
        settings: OmdSettings,
        business_dates: Container[dt.date],
        sites: tuple[Site, ...],
        omit: Callable[[str], NoReturn],
    ) -> None:
        self._open_feed = open_feed
        self._journal = journal
        self._settings = settings
        self._business_dates = business_dates
        self._sites = sites
        self._omit = omit
        self._feed: Feed | None = None
        self._opened: Opened | None = None
        self._gap: tuple[int, tuple[Line, ...]] | None = None
        self._answer: Answer | None = None
        self._waited_s = 0.0

    def listen(self, name: str) -> None:
        """Join both lines of a feed's channels, and wait until all are heard and follow, or the time is over.

        Raises:
            UsageFault: there is no such feed.
        """
        if name not in tuple(Feed):
            raise UsageFault("the feed", expected=" or ".join(Feed), came=f"{name!r}{near(name, Feed)}")
        self._feed = Feed(name)
        if not self._settings.receives(self._feed):
            self._omit(f"hkexprt.toml has no table [omd.{name}], so {name} is not received")
        self._opened = self._open_feed(self._feed)
        client = self._client
        client.join()
        client.wait_for(self._all_heard, Deadline.after(self._within_s))
        client.wait_for(self._all_follow, Deadline.after(self._refresh_within_s))

    def arrive(self) -> None:
        """Wait until there is something to look at, or the time is over."""
        receptions = self._client.receptions.values()
        self._client.wait_for(
            lambda: sum(each.delivered for each in receptions) >= ENOUGH and self._none_missing(),
            Deadline.after(self._within_s),
        )

    def miss(self, which: str) -> None:
        """Pass over packets of the busiest channel, on ``line A`` or ``B`` or ``both lines``; wait for what follows."""
        lines = {"line A": (Line.A,), "line B": (Line.B,), "both lines": (Line.A, Line.B)}.get(which)
        if lines is None:
            raise UsageFault("the lines", expected="line A, line B or both lines", came=repr(which))
        self.arrive()
        self._gap = (self._busiest(), lines)
        self._client.leave_out(*self._gap, LEFT_OUT)
        # The servers may take their time, twice, before a refresh is waited for.
        answers_s = 2.5 * self._settings.timing.waited_s(self._settings.timeout_s)
        reception = self._client.receptions[self._gap[0]]
        self._client.wait_for(
            lambda: self._gap_closed() or reception.refresh_wanted, Deadline.after(self._within_s + answers_s)
        )
        self._client.wait_for(self._gap_closed, Deadline.after(self._refresh_within_s))

    def forget(self) -> None:
        """Have the retransmission servers hold nothing any more; with a live target this cannot be arranged."""
        if (simulator := self._opened_feed.simulator) is None:
            self._omit("with a live target nobody can be asked to hold nothing for retransmission")
        simulator.forget()

    def ask_again(self) -> None:
        """Ask for messages a second time, the last that came on the busiest channel."""
        channel = self._busiest()
        last = (self._client.receptions[channel].next or 1) - 1
        asked = self._client.ask_again(channel, max(1, last - ASKED_AGAIN + 1), max(1, last))
        self._answer = self._client.answer(asked, Deadline.after(self._settings.timing.waited_s(60.0)))

    def fail_over(self, name: str) -> None:
        """Have a feed fail over, or wait for it to; then for the signal, and until every book is built again."""
        if self._feed != name:
            raise UsageFault("the feed", expected=f"{self._feed}, which is listened to", came=name)
        self.arrive()
        timing, client = self._settings.timing, self._client
        begins_s = self._settings.failover_within_s
        if (simulator := self._opened_feed.simulator) is not None:
            begins_s = timing.waited_s(60.0)
            simulator.fail_over()
        began = Deadline.after(begins_s)
        client.wait_for(lambda: client.failover.signalled_s is not None, began)
        self._waited_s = timing.objective_s * 1.2
        count = len(client.feed.channels)
        client.wait_for(lambda: len(client.failover.rebuilt) == count, Deadline.after(self._waited_s))

    def check_alive(self) -> None:
        """Check that every channel was heard on both lines in time."""
        self._check(checks.alive(self._facts(), self._within_s, self._where))

    def check_packets(self) -> None:
        """Check that packets are as documented, on their own channels, and that this machine dropped none."""
        self._check(checks.well_formed(self._facts(), self._where))
        self._check(checks.own_messages(self._facts(), self._where))
        self._check(checks.dropped(self._facts(), self._where))

    def check_definitions(self) -> None:
        """Check that as many securities are defined as each market announces."""
        self._check(checks.definitions(self._client.pictures(), self._where))

    def check_nothing_missing(self) -> None:
        """Check that the two lines, and what was sent again, make an unbroken sequence."""
        self._check(checks.nothing_missing(self._facts(), self._where))

    def check_filled(self, by: str) -> None:
        """Check how the gap was filled: by ``the other line``, ``retransmission`` or ``a refresh``."""
        how = Filled(by.removeprefix("a "))
        if self._gap is None:
            raise LocalProtocolError("omd: check of a gap", expected="messages passed over before it", came="none")
        channel, lines = self._gap
        facts = next(each for each in self._facts() if each.number == channel)
        passed_over = self._client.receptions[channel].passed_over(lines)
        gaps = [gap for gap in facts.gaps if passed_over and gap.overlaps(*passed_over)]
        self._check(checks.gap_filled(facts, gaps, how, self._where, self._refusals()))

    def check_answered(self) -> None:
        """Check that messages asked for again came."""
        self._check(checks_failover.answered(self._answered(), self._where))

    def check_signalled(self) -> None:
        """Check that the DR channel told of the failover, and of its end."""
        factor = self._settings.timing.factor
        self._check(checks_failover.signalled(self._client.failover, self._waited_s, factor, self._where))

    def check_silent(self) -> None:
        """Check that real-time channels said no more meanwhile than their document lets them."""
        feed = self._client.feed.feed
        self._check(checks_failover.silent_meanwhile(feed, self._client.failover, self._where))

    def check_rebuilt(self) -> None:
        """Check that every channel's book was cleared and built again."""
        channels = [each.number for each in self._client.feed.channels]
        self._check(checks_failover.rebuilt(self._client.failover, channels, self._where))

    def check_outage(self) -> None:
        """Check the outage against the objective."""
        timing = self._settings.timing
        self._check(checks_failover.outage(self._client.failover, timing.objective_s, timing.factor, self._where))

    def check_served_by_backup(self) -> None:
        """Ask for messages again, and check which site answers."""
        self.ask_again()
        self._check(checks_failover.served_by(self._answered(), self._sites[-1], self._where))

    def check_books(self) -> None:
        """Check the picture of the market against the publisher's; a live publisher has none to compare with."""
        simulator, client = self._opened_feed.simulator, self._client
        if simulator is None:
            self._check(checks.books_sound(client.pictures(), self._where))
            return
        settled = simulator.settle()
        receptions = client.receptions
        caught_up = client.wait_for(
            lambda: all(receptions[number].next == last + 1 for number, last in settled.last.items()),
            Deadline.after(self._within_s),
        )
        self._check(checks.books_equal(client.pictures(), settled.pictures, caught_up, self._where))
        simulator.resume()

    def close(self) -> None:
        """Put what was received into the evidence."""
        if self._opened is not None and self._opened.client.receptions:
            evidence = Evidence(self._journal, self._opened.client, self._test_data(), self._settings.timing.factor)
            evidence.write()

    def _check(self, check: Check) -> None:
        factor = self._settings.timing.factor
        scaled = "" if factor == 1 else f"published times are divided by {factor:.0f} in this rehearsal"
        remarks = [remark for remark in (self._test_data(), scaled) if remark]
        self._journal.check(msgspec.structs.replace(check, details=(*check.details, *remarks)))

    def _test_data(self) -> str:
        """Return what marks the data as a test's; empty on a business date."""
        return test_data(self._facts(), self._business_dates)

    def _facts(self) -> tuple[ChannelFacts, ...]:
        return told_whole(self._client, self._where)

    def _refusals(self) -> tuple[str, ...]:
        told = [f"{each.endpoint}: {each.told}" for each in self._client.answers if not each.granted]
        return tuple(dict.fromkeys([*self._client.tried, *told]))

    def _all_heard(self) -> bool:
        return all(each.heard for each in self._client.receptions.values())

    def _all_follow(self) -> bool:
        return all(each.following for each in self._client.receptions.values())

    def _none_missing(self) -> bool:
        return all(each.unbroken and each.following for each in self._client.receptions.values())

    def _gap_closed(self) -> bool:
        """Return whether the lines went on behind what was passed over, and nothing is missing any more."""
        assert self._gap is not None
        channel, lines = self._gap
        reception = self._client.receptions[channel]
        return reception.went_on(lines) and reception.unbroken

    def _busiest(self) -> int:
        """Return the channel on which most comes."""
        receptions = self._client.receptions
        return max(receptions, key=lambda number: receptions[number].delivered)

    def _answered(self) -> Answer:
        if self._answer is None:
            raise LocalProtocolError("omd: check of retransmission", expected="a request before it", came="none")
        return self._answer

    @property
    def _refresh_within_s(self) -> float:
        return self._settings.timing.waited_s(self._settings.refresh_within_s)

    @property
    def _within_s(self) -> float:
        return self._settings.timing.waited_s(self._settings.alive_within_s)

    @property
    def _opened_feed(self) -> Opened:
        if self._opened is None:
            raise LocalProtocolError("omd", expected="a feed that is listened to", came="none")
        return self._opened

    @property
    def _client(self) -> FeedHandler:
        return self._opened_feed.client

    @property
    def _where(self) -> str:
        return f"omd/{self._sites[0]} {self._client.feed.feed}"
