"""A vendor's feed handler as a program in our client's place: the same steps, checks and drills hold it to account."""

from __future__ import annotations

import random
import sys

import msgspec
import pytest

from pytest_hkexprt.command import Command
from pytest_hkexprt.deadline import Deadline
from pytest_hkexprt.errors import LocalProtocolError, Unreachable
from pytest_hkexprt.evidence.journal import Journal
from pytest_hkexprt.evidence.record import Check, ExchangeRecord, NoticeRecord
from pytest_hkexprt.model import Site
from pytest_hkexprt.systems.omd.book import Picture
from pytest_hkexprt.systems.omd.channels import CHANNELS, Feed, Line
from pytest_hkexprt.systems.omd.client_program import ProgramClient
from pytest_hkexprt.systems.omd.client_program_told import Reception, channel_facts
from pytest_hkexprt.systems.omd.dialogue_told import (
    AnswerTold,
    BookEvent,
    ChannelStanding,
    ChannelTold,
    Failover,
    LineStanding,
    LineTold,
    Server,
    restated,
)
from pytest_hkexprt.systems.omd.fixtures_access import servers_of
from pytest_hkexprt.systems.omd.settings import defaults
from pytest_hkexprt.systems.program_lines import Junk
from tests.projects import records
from tests.systems.omd.golden import GOLDEN
from tests.systems.omd.market import messages
from tests.systems.omd.projects import channels_project, failover_project
from tests.systems.omd.test_codec import decoded
from tests.systems.omd.test_drills import CAUGHT_IN_THE_FAILOVER, CAUGHT_ON_THE_CHANNELS
from tests.vendors import put

ALIVE = "alive and PRT1 and not PRT1-2"
BOTH = (Line.A, Line.B)


def told(pytester: pytest.Pytester, *changes: tuple[str, str], which: str = ALIVE, more: str = "") -> str:
    """Return how a scenario fails with a changed program; what it shows, in one line, has no trace of Python's own."""
    run = put(channels_project(pytester), "omd", *changes, more=more)
    result = run.runpytest("features/omd_channels.feature", "-k", which)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert "Traceback" not in result.stdout.str()
    return " ".join(result.stdout.str().split())


def test_the_program_receives_and_the_evidence_says_whose_word_it_is(pytester):
    run = put(channels_project(pytester), "omd")
    run.runpytest("features/omd_channels.feature", "-k", ALIVE).assert_outcomes(passed=1)
    noticed = [each.text for each in records(run, NoticeRecord)]
    assert any(
        "our_handler.py is in our client's place for OMD-C" in each and "its own word" in each for each in noticed
    )
    assert not any("exit status" in each or "did not end" in each for each in noticed)
    (joined,) = [each for each in records(run, ExchangeRecord) if each.what == "joined 7 channels of OMD-C"]
    assert joined.facts["told by"] == "our_handler.py"
    assert all(check.met for check in records(run, Check))


@pytest.mark.parametrize("drill", ["omd.beyond-recovery", "omd.wrong-user"])
def test_a_drill_is_caught_with_the_program_too(pytester, drill):
    word, lines = CAUGHT_ON_THE_CHANNELS[drill]
    run = put(channels_project(pytester), "omd")
    chosen = f"{word} and PRT1 and not PRT1-2"
    result = run.runpytest(f"--drill={drill}", "features/omd_channels.feature", "-k", chosen)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(lines)
    assert "Traceback" not in result.stdout.str()


def test_it_goes_through_a_failover_and_its_books_are_compared(pytester):
    run = put(failover_project(pytester), "omd")
    run.runpytest("features/backbone_ps2.feature", "-k", "goes and 1").assert_outcomes(passed=1)
    result = run.runpytest("--drill=omd.book-differs", "features/backbone_ps2.feature", "-k", "goes and 1")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(CAUGHT_IN_THE_FAILOVER["omd.book-differs"])


@pytest.mark.parametrize(
    ("change", "which", "expected"),
    [
        (
            ("def standing(self, asked):", "def standing(self, asked):\n        sys.exit(3)"),
            ALIVE,
            "[omd.program] our_handler.py for OMD-C expected: a program that goes on came: it ended with exit status 3",
        ),
        (
            (
                "told = dataclasses.asdict(facts)",
                'told = dataclasses.asdict(facts)\n        told["lines"] = told["lines"][:1]',
            ),
            ALIVE,
            "expected: both lines of each channel came: not those of 1, 2, 3",
        ),
        (
            ("for each in restated(picture)]", "if number != 30 for each in restated(picture)]"),
            "refresh and PRT1",
            "channel 30: order",
        ),
        (
            ("BookEvent.of(number, message)", "BookEvent.of(number, message), str_keys=True) | dict(type=999"),
            "refresh and PRT1",
            "came: a book's message of type 999, which no document lists",
        ),
    ],
    ids=["dies", "keeps a line to itself", "keeps a book to itself", "invents a message"],
)
def test_a_program_that_fails_is_told_by_what_it_did(pytester, change, which, expected):
    assert expected in told(pytester, change, which=which)


# ---------------------------------------------------------------------- one feed, without a scenario

QUIET = """
import json, sys
for line in sys.stdin:
    asked = json.loads(line)
    done = {"channels": []} if asked["do"] == "standing" else {}
    if asked["do"] == "ask_again" and asked["channel"] == 30:
        done = {"channel": 30, "first": 1, "last": 2, "told": "granted", "status": 0}
    elif asked["do"] == "ask_again" and asked["channel"] == 10:
        continue
    elif asked["do"] == "ask_again":
        print(json.dumps({"id": asked["id"], "failed": {"fault": "line", "came": "nobody"}}), flush=True)
        continue
    print(json.dumps({"id": asked["id"], "done": done}), flush=True)
"""


@pytest.fixture
def quiet(tmp_path):
    """A program that receives nothing, and is asked for nothing yet."""
    tmp_path.joinpath("quiet.py").write_text(QUIET, "utf-8")
    command = Command((sys.executable, "quiet.py"), tmp_path)
    feed = defaults("ME").feeds[Feed.OMD_C]
    with ProgramClient(feed, servers_of(feed, Site.PRIMARY), Journal(None), command=command) as client:
        yield client


def test_a_verb_before_the_join_is_our_mistake_and_starts_nothing(quiet):
    for verb in (quiet.snapshot, quiet.pictures, lambda: quiet.wait_for(lambda: True, Deadline.after(1))):
        with pytest.raises(LocalProtocolError, match="a program that has joined"):
            verb()
    assert quiet.receptions == {}


def test_joining_twice_is_our_mistake(quiet):
    quiet.join()
    with pytest.raises(LocalProtocolError, match="a program that has not"):
        quiet.join()
    assert len(quiet.receptions) == 7


def test_a_wait_asks_how_it_stands_until_its_time_is_up(quiet):
    quiet.join()
    assert quiet.wait_for(lambda: quiet.receptions[30].heard, Deadline.after(0.2)) is False


def test_an_answer_to_a_request_is_waited_for(quiet):
    quiet.join()
    assert quiet.answer(quiet.ask_again(30, 1, 2), Deadline.after(60)).granted
    with pytest.raises(Unreachable, match="nobody"):
        quiet.answer(quiet.ask_again(1, 1, 2), Deadline.after(60))
    with pytest.raises(Unreachable, match="none told by quiet"):
        quiet.answer(quiet.ask_again(10, 1, 2), Deadline.after(0.1))


def test_having_left_it_is_not_there_any_more(quiet):
    quiet.join()
    quiet.leave()
    assert quiet.receptions == {}
    quiet.leave()


# ---------------------------------------------------------------------- what it tells, and what that comes to


@pytest.mark.parametrize("type_", GOLDEN)
def test_every_listed_message_comes_back_from_its_line_as_it_was(type_):
    message = decoded(GOLDEN[type_][0], type_)
    line = msgspec.json.encode(BookEvent.of(30, message))
    back = msgspec.json.decode(line, type=BookEvent).message()
    assert (back.layout, back.values, back.groups) == (message.layout, message.values, message.groups)


def test_a_book_that_is_restated_is_the_same_book_with_its_trades():
    ours, theirs = Picture(), Picture()
    for message in messages(random.Random(7), 2_000):
        ours.apply(message)
    for message in restated(ours):
        theirs.apply(BookEvent.of(30, message).message())
    assert ours.orders
    assert ours.trades
    assert ours.tape_whole
    assert theirs.differences(ours) == []
    assert theirs.trades == ours.trades
    assert theirs.faults == []


@pytest.mark.parametrize(
    ("event", "why"),
    [
        ({"type": 999, "fields": {}}, "type 999, which no document lists"),
        ({"type": 30, "fields": {"Prise": 1}}, "AddOrder: Prise"),
        ({"type": 30, "fields": {"Price": "1"}}, "AddOrder.Price"),
        ({"type": 30, "fields": {}, "groups": {"Entries": []}}, "with a group 'Entries', which it has not"),
        ({"type": 53, "fields": {}, "groups": {"Entries": [{"Prise": 1}]}}, "Prise"),
    ],
)
def test_a_message_of_a_book_that_cannot_be_is_told(event, why):
    with pytest.raises(Junk, match=why):
        BookEvent(channel=30, **event).message()


def standing(**lines: LineStanding) -> Reception:
    reception = Reception()
    told = {Line(name): each for name, each in lines.items()}
    reception.take(ChannelStanding(channel=30, following=True, unbroken=True, delivered=9, next=10, lines=told))
    return reception


def test_a_line_it_does_not_speak_of_is_not_heard():
    assert standing(A=LineStanding(heard=True), B=LineStanding(heard=True)).heard
    assert not standing(A=LineStanding(heard=True)).heard
    assert not Reception().heard


def test_what_all_lines_passed_over_is_what_they_have_in_common():
    reception = standing(
        A=LineStanding(heard=True, last=20, passed_over=(3, 9)),
        B=LineStanding(heard=True, last=9, passed_over=(5, 12)),
    )
    assert reception.passed_over(BOTH) == (5, 9)
    assert reception.passed_over([Line.A]) == (3, 9)
    assert reception.went_on([Line.A])
    assert not reception.went_on(BOTH)


def test_a_line_that_still_passes_over_has_not_gone_on():
    assert not standing(A=LineStanding(heard=True, last=20, passing_over=1, passed_over=(3, 9))).went_on([Line.A])


def test_which_types_belong_on_a_channel_is_judged_by_us():
    told = ChannelTold(
        channel=10, lines={Line.A: LineTold(packets=1)}, types={30: 2, 40: 5, 999: 1}, following=True, delivered=8
    )
    facts = channel_facts(told, CHANNELS[10], {}, 0.0)
    assert (facts.strange, facts.unknown) == ({30: 2}, {999: 1})
    assert [line.line for line in facts.lines] == ["A"]


def test_times_are_put_on_our_clock():
    facts = Failover(silent_s=1.0, signalled_s=None, rebuilt={30: 4.0}).facts(100.0)
    assert (facts.silent_s, facts.signalled_s, facts.rebuilt) == (101.0, None, {30: 104.0})


def test_an_answer_names_its_server_as_ours_does():
    server = Server(host="127.1.90.82", port=55455, site="secondary")
    answer = AnswerTold(server=server, channel=30, first=1, last=2, status=0, told="granted", messages=2).answer()
    assert (answer.endpoint, answer.site, answer.granted) == ("omd/secondary 127.1.90.82:55455", "secondary", True)
    nobody = AnswerTold(channel=30, first=1, last=2, told="nobody answered").answer()
    assert (nobody.endpoint, nobody.site, nobody.granted) == ("", "", False)
