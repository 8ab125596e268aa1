"""A vendor's order gateway as a program in our client's place: the same steps, checks and drills hold it to account."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_hkexprt.command import Command
from pytest_hkexprt.errors import HkexprtError, LocalProtocolError
from pytest_hkexprt.evidence.journal import Journal
from pytest_hkexprt.evidence.record import Check, ExchangeRecord, NoticeRecord
from pytest_hkexprt.systems.otp.client_program import ProgramClient
from pytest_hkexprt.systems.otp.codecs import codec_of
from pytest_hkexprt.systems.otp.dialogue import Said
from pytest_hkexprt.systems.otp.drills import Drill
from pytest_hkexprt.systems.otp.messages import Entry, Kind, Message, Role
from pytest_hkexprt.systems.otp.profiles import OCG_3, WireProtocol
from pytest_hkexprt.systems.otp.words import ExecType, OrdRejReason, Side
from pytest_hkexprt.systems.program_lines import Junk
from tests.projects import records
from tests.systems.otp.samples import COMP_ID, SPOKEN, messages, named
from tests.systems.otp.test_drills import CAUGHT, TRADING, project
from tests.vendors import put, write

RUN = ("features/backbone_prt.feature", "-k", TRADING[1])


def told(pytester: pytest.Pytester, *changes: tuple[str, str], more: str = "") -> str:
    """Return how a scenario fails with a changed program; what it shows, in one line, has no trace of Python's own."""
    run = put(project(pytester, TRADING[0]), "otp", *changes, more=more)
    result = run.runpytest(*RUN)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.assert_outcomes(failed=1)
    assert "Traceback" not in result.stdout.str()
    return " ".join(result.stdout.str().split())


def test_the_program_trades_and_the_evidence_says_whose_word_it_is(pytester):
    run = put(project(pytester, TRADING[0]), "otp")
    run.runpytest(*RUN).assert_outcomes(passed=1)
    noticed = [each.text for each in records(run, NoticeRecord)]
    assert any("our_gateway.py is in our client's place for CO99999901" in each for each in noticed)
    assert any("its own word" in each for each in noticed)
    assert not any("exit status" in each or "did not end" in each for each in noticed)
    exchanges = records(run, ExchangeRecord)
    ready = next(each.facts for each in exchanges if each.what == "a program is in our client's place")
    assert ready == {"program": "our_gateway.py", "calls itself": "Our Gateway", "version": "4.2"}
    said = [each for each in exchanges if each.what.startswith(("→", "←"))]
    assert {"→ Logon", "→ New Order", "← Execution Report", "→ Logout"} <= {each.what for each in said}
    assert {each.facts["told by"] for each in said} == {"our_gateway.py"}
    assert all(check.met for check in records(run, Check))


@pytest.mark.parametrize("drill", [Drill.EXECUTION_LOST, Drill.ORDER_IN_LOGIN_ONLY])
def test_a_drill_is_caught_with_the_program_too(pytester, drill):
    (feature, which), lines = CAUGHT[drill]
    run = put(project(pytester, feature), "otp")
    result = run.runpytest(f"--drill=otp.{drill}", f"features/{feature}.feature", "-k", which)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(lines)
    assert "Traceback" not in result.stdout.str()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            ('case "say":', 'case "say":\n            sys.exit("no licence")'),
            "expected: a program that goes on came: it ended with exit status 1; it said: no licence",
        ),
        (
            ('case "logon":', 'case "logon":\n            return {"granted": True}'),
            "came: Object missing required field `gateway` in {",
        ),
        (
            ('    write({"event": event,', '    print("Hello")\n    write({"event": event,'),
            "expected: a line of the protocol came: no JSON: Hello",
        ),
        (('    tell("heard", message, self.day)', "    pass"), "expected: an answer came: none in 160 s"),
        (('return {"next_out": day.next_out,', 'return {"next_out": day.next_out + 1,'), "sequence numbers"),
        (('"their_side_closed", "our', '"our'), "missing required field `their_side_closed`"),
    ],
    ids=["dies", "answers half", "chatters", "tells nothing", "loses count", "leaves out"],
)
def test_a_program_that_fails_is_told_by_what_it_did(pytester, change, expected):
    assert expected in told(pytester, change)


def test_a_program_that_never_answers_is_stopped(pytester):
    change = ("gateway = gateway_of(start)", "threading.Event().wait()")
    shown = told(pytester, change, more="timeout_s = 3\n")
    assert "[otp.program] our_gateway.py for CO99999901 expected: an answer to 'start' within 3 s" in shown


def test_its_password_reaches_nobody_else(pytester):
    keep = (
        "gateway = gateway_of(start)",
        'open("password", "w").write(start["password"])\nassert start["password"] not in sys.argv\n'
        'print(start["password"], file=sys.stderr, flush=True)\nsys.exit("it is " + start["password"])',
    )
    shown = told(pytester, keep)
    password = pytester.path.joinpath("password").read_text("utf-8")
    assert len(password) == 8
    assert "it said: ••• / it is •••" in shown
    written = [each.read_bytes() for each in pytester.path.glob("reports/**/*") if each.is_file()]
    assert written
    assert not any(password.encode() in each for each in [shown.encode(), *written])


# ---------------------------------------------------------------------- one connection, without a scenario


@pytest.fixture
def connect(pytester, rsa_key, visit):
    """Make a program's connection to a simulator."""
    write(pytester, "otp")
    command = Command((sys.executable, "our_gateway.py"), pytester.path)

    with ExitStack() as stack:

        def make(simulator, **more) -> ProgramClient:
            ours = visit(simulator).client
            given = {"codec": ours.codec, "lookups": tuple(ours.finder.lookups), "wires": ours.wires}
            given |= {"permission": ours.permission, "kept": ours.kept}
            return stack.enter_context(
                ProgramClient(ours.credentials, Journal(None), command=command, **(given | more))
            )

        yield make


def test_a_verb_out_of_its_turn_is_our_mistake_and_starts_nothing(simulate, connect):
    client = connect(simulate())
    for verb in (
        lambda: client.say(Message.of(Kind.PARTY_REQUEST, EntitlementsRequestID="1")),
        lambda: client.wait_for(lambda: True, 1),
        client.logout,
    ):
        with pytest.raises(LocalProtocolError, match="expected: a session"):
            verb()
    client.drop()
    assert client.transcript.counts == {}


def test_a_logon_while_logged_on_is_our_mistake(simulate, connect):
    client = connect(simulate())
    assert client.logon().granted
    with pytest.raises(LocalProtocolError, match="expected: no session"):
        client.logon()


def test_a_session_that_is_lost_is_told_to_whoever_waits_or_sends(simulate, connect):
    simulator = simulate()
    client = connect(simulator)
    client.logon()
    assert client.connected
    simulator.fail_over()
    with pytest.raises(HkexprtError, match="OTP-C/primary"):
        client.wait_for(lambda: False, 1000)
    assert not client.connected
    with pytest.raises(HkexprtError, match="OTP-C/primary"):
        client.say(Message.of(Kind.PARTY_REQUEST, EntitlementsRequestID="1"))


def test_both_sides_heartbeats_are_told(simulate, connect):
    client = connect(simulate())
    client.logon()
    beats = client.keep(1)
    assert min(beats.heard, beats.sent) >= 1


# ---------------------------------------------------------------------- messages on a line


@pytest.mark.parametrize(("profile", "protocol", "sender"), SPOKEN, ids=named)
@settings(max_examples=25)
@given(data=st.data())
def test_every_message_comes_back_from_its_line_as_it_was(profile, protocol, sender, data):
    message = data.draw(messages(profile, protocol, sender))
    line = msgspec.json.encode(Said.of(message))
    assert msgspec.json.decode(line, type=Said).message(COMP_ID) == message


def test_values_are_written_as_fix_has_them():
    message = Message.of(
        Kind.EXECUTION_REPORT,
        Side=Side.SELL_SHORT,
        Price=Decimal("388.60"),
        ExecType=ExecType.CANCEL_REJECT,
        OrdRejReason=OrdRejReason.OTHER,
        AggressorIndicator=True,
        MaxPriceLevels=1,
        RefMsgType=Kind.OBO_CANCEL,
        NoThrottles=(Entry({"ThrottleType": 0}),),
    )
    assert Said.of(message).fields == {
        "Side": "5",
        "Price": "388.60",
        "ExecType": "X",
        "OrdRejReason": "99",
        "AggressorIndicator": "Y",
        "MaxPriceLevels": "1",
        "RefMsgType": "OBO Cancel Request",
        "NoThrottles": [{"ThrottleType": "0"}],
    }


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"Sdie": "1"}, "a New Order with a field 'Sdie', which no message has"),
        ({"Side": "9"}, "a New Order whose Side is '9', a code no document has"),
        ({"Price": "1e5"}, "a New Order whose Price is '1e5', where a decimal number should be"),
        ({"MaxPriceLevels": "-1"}, "whose MaxPriceLevels is '-1', where a whole number should be"),
        ({"AggressorIndicator": "yes"}, "whose AggressorIndicator is 'yes', a code no document has"),
        ({"Side": [{"Side": "1"}]}, "a New Order whose Side is no text"),
        ({"NoThrottles": "1"}, "a New Order whose NoThrottles is no list of objects"),
        ({"NoThrottles": [{"ThrottleType": 1}]}, "a New Order whose ThrottleType is no text"),
    ],
)
def test_a_field_that_cannot_be_is_told(fields, why):
    with pytest.raises(Junk, match=why):
        Said(kind=Kind.NEW_ORDER, fields=fields).message("CO99999901")


def test_a_reject_code_nobody_published_stays_a_number():
    message = Said(kind=Kind.EXECUTION_REPORT, fields={"OrdRejReason": "4711", "RefMsgType": "XX"}).message("")
    assert (message["OrdRejReason"], message["RefMsgType"]) == (4711, "XX")


def test_a_message_said_by_its_line_is_one_the_wire_takes():
    line = Said(kind=Kind.THROTTLE_REQUEST, fields={"UserRequestID": "1", "UserRequestType": "5", "UserName": "CO1"})
    codec = codec_of(OCG_3, WireProtocol.BINARY)
    assert codec.encode(line.message("CO99999901"), sender=Role.INITIATOR)
