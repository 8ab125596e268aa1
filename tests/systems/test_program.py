"""A program in our client's place, spoken with in lines: what it may do, and each way in which it may not."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from pytest_hkexprt.command import Command
from pytest_hkexprt.deadline import Deadline
from pytest_hkexprt.errors import (
    HkexprtError,
    LocalProtocolError,
    RemoteProtocolError,
    Unreachable,
    UsageFault,
)
from pytest_hkexprt.evidence.redact import Redactor
from pytest_hkexprt.model import Secret
from pytest_hkexprt.systems import program_process, program_reader
from pytest_hkexprt.systems.program import Program
from pytest_hkexprt.systems.program_lines import Ready, Request

BEGIN = """
import json, os, sys, time

def asked():
    line = sys.stdin.readline()
    return json.loads(line) if line else sys.exit()

def say(**line):
    print(json.dumps(line), flush=True)

"""
ANSWER = "while True: say(id=asked()['id'], done={})\n"
SECRET = "Geheim42"


class Start(Request[Ready], frozen=True, kw_only=True, tag="start"):
    answered_with = Ready
    password: str = SECRET
    filling: str = ""


class Happened(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="happened"):
    what: str


@pytest.fixture
def run(tmp_path: Path) -> Iterator[object]:
    """Start programs, and see that nothing of them is left: no process, no thread."""
    before = set(threading.enumerate())
    with contextlib.ExitStack() as stack:

        def start(script: str, *words: str, timeout_s: float = 60.0, **more) -> Program[Happened]:
            path = tmp_path / "theirs.py"
            path.write_text(BEGIN + script, "utf-8")
            command = Command((sys.executable, "theirs.py", *words), tmp_path, timeout_s)
            given = {"events": Happened, "take": lambda _: None, "clean": Redactor([Secret(SECRET)]).text} | more
            program: Program[Happened] = Program(command, {"host": "192.0.2.1"}, "[otp.program] theirs.py", **given)
            stack.callback(program.close)
            return program

        yield start
    assert set(threading.enumerate()) <= before


def failure(program: Program[Happened], kind: type[HkexprtError] = RemoteProtocolError) -> str:
    """Return how the first request fails, in one line; it tells where, what was expected, and no secret."""
    with pytest.raises(kind) as raised:
        program.ask(Start())
    error = raised.value
    assert type(error) is kind
    assert error.where.startswith("[otp.program] theirs.py")
    assert SECRET not in str(error)
    return " ".join(str(error).split())


# ---------------------------------------------------------------------- what it may do


def test_a_request_is_answered_and_the_answer_has_types(run):
    ready = run('say(id=asked()["id"], done={"name": "Theirs", "version": "7", "of no use": [1]})').ask(Start())
    assert (ready.name, ready.version) == ("Theirs", "7")


def test_what_it_says_unasked_is_taken_in_its_turn(run):
    heard = []
    program = run(
        "one = asked()\nsay(event='happened', what='first')\nsay(event='happened', what='second')\n"
        "say(id=one['id'], done={})\nsay(event='happened', what='third')\n",
        take=lambda event: heard.append(event.what),
    )
    program.ask(Start())
    assert heard == ["first", "second"]
    program.serve(lambda: len(heard) == 3, Deadline.after(60))
    assert heard[-1] == "third"


def test_answers_may_come_in_any_order(run):
    program = run("one, two = asked(), asked()\nfor each in (two, one): say(id=each['id'], done={'name': each['do']})")
    later = program.ask_later(Start())
    assert program.ask(Start()).name == "start"
    assert program.serve(later.done, Deadline.after(60))


def test_a_wait_for_what_does_not_come_ends_with_its_time(run):
    assert run(ANSWER).serve(lambda: False, Deadline.after(0.1)) is False


def test_a_wait_ends_with_its_time_however_much_comes(run):
    script = "while True: print(json.dumps({'event': 'happened', 'what': ''}), flush=True)\n"
    heard = []
    assert run(script, take=heard.append).serve(lambda: False, Deadline.after(0.2)) is False
    assert heard


def test_words_are_filled_in_and_no_secret_is_among_them_or_in_the_environment(run, monkeypatch):
    monkeypatch.setenv("GATEWAY_PASSWORD", SECRET)
    program = run(
        "one = asked()\nwords = open('/proc/self/cmdline').read() if os.path.exists('/proc') else ' '.join(sys.argv)\n"
        "say(id=one['id'], done={'name': words, 'version': json.dumps(dict(os.environ))})\n",
        "--host={host}",
        '{"a": {}}'.replace("{}", "1"),
        hidden={"GATEWAY_PASSWORD"},
    )
    ready = program.ask(Start())
    assert "--host=192.0.2.1" in ready.name
    assert '{"a": 1}' in ready.name
    assert SECRET not in ready.name + ready.version
    assert "GATEWAY_PASSWORD" not in ready.version
    assert "PATH" in ready.version


def test_however_much_it_complains_it_is_not_held_up(run):
    program = run("for _ in range(20_000): print('x' * 100, file=sys.stderr)\n" + ANSWER)
    assert program.ask(Start()) == Ready()


# ---------------------------------------------------------------------- what could not be done


@pytest.mark.parametrize(
    ("fault", "kind"),
    [("exchange", RemoteProtocolError), ("line", Unreachable), ("user", UsageFault), ("program", LocalProtocolError)],
)
def test_a_failure_is_told_by_who_is_to_blame(run, fault, kind):
    told = f"failed={{'fault': '{fault}', 'expected': 'a', 'came': 'b {SECRET}\\x1b', 'next': 'c'}}"
    told = failure(run(f"say(id=asked()['id'], {told})\n" + ANSWER), kind)
    assert told == r"[otp.program] theirs.py: start expected: a came: b •••\x1b next: c"


def test_after_a_failure_it_goes_on(run):
    program = run("say(id=asked()['id'], failed={'fault': 'line'})\n" + ANSWER)
    assert "came: it does not say" in failure(program, Unreachable)
    assert program.ask(Start()) == Ready()


# ---------------------------------------------------------------------- what it may not do


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("print('I am ready!', flush=True)", "came: no JSON: I am ready!"),
        ("print('[1, 2]', flush=True)", "came: Expected `object`, got `array` in [1, 2]"),
        ("say(hello=1)", 'neither an answer nor an event: {"hello": 1}'),
        ("say(id=1)", 'neither an answer nor an event: {"id": 1}'),
        ("say(id=1, done={}, failed={'fault': 'line'})", "neither an answer nor an event"),
        ("say(id=1, event='happened', what='')", "neither an answer nor an event"),
        ("say(id=99, done={})", "came: an answer to request 99, which was not asked or has its answer"),
        ("say(id=1, failed={'fault': 'nobody'})", "Invalid enum value 'nobody' - at `$.failed.fault`"),
        ("say(id=1, done={'name': 5})", "Expected `str`, got `int` - at `$.name` in {"),
        ("say(event='hapened', what='')", "Invalid value 'hapened' - at `$.event`"),
        ("say(event='happened')", "missing required field `what`"),
        ("sys.stdout.buffer.write(b'\\xff\\xfe{\\n'); sys.stdout.flush()", "came: no JSON: "),
        ("print('', flush=True)", "came: no JSON: "),
    ],
)
def test_a_line_that_is_not_of_the_protocol_is_told_and_the_program_stopped(run, line, told):
    program = run(f"asked()\n{line}\n" + ANSWER)
    shown = failure(program)
    assert "expected: a line of the protocol" in shown
    assert told in shown
    assert "docs/vendor-programs.md" in shown
    assert program.lost
    assert failure(program) == shown


@pytest.mark.parametrize("line", [f"password is {SECRET}", '{"EncryptedPassword": "aGVsbG8="'])
def test_a_line_that_speaks_of_a_password_is_not_shown(run, line):
    told = failure(run(f"asked()\nprint({line!r}, flush=True)\n" + ANSWER))
    assert f"a line of {len(line)} bytes that speaks of a password, and is not shown" in told


def test_a_secret_in_a_line_or_a_complaint_is_dots(run):
    script = f"asked()\nprint('using {SECRET}', file=sys.stderr, flush=True)\nprint('{SECRET}!', flush=True)\n" + ANSWER
    assert "no JSON: •••!" in failure(run(script))


@pytest.mark.parametrize(
    ("end", "told"),
    [
        ("sys.exit(3)", "came: it ended with exit status 3 "),
        ("sys.exit('no licence')", "came: it ended with exit status 1; it said: no licence "),
        ("os.kill(os.getpid(), 9)", "came: it ended with exit status -9 "),
        (
            'sys.stdout.write(\'{"id": 1, "do\'); sys.stdout.flush(); sys.exit(0)',
            'came: it ended with exit status 0, in the midst of a line: {"id": 1, "do ',
        ),
        ("sys.stdout.flush(); os.close(1); time.sleep(600)", "came: it closed its standard output "),
    ],
)
def test_an_end_is_told_with_the_last_it_said(run, end, told):
    shown = failure(run(f"asked()\n{end}\n"))
    assert "expected: a program that goes on" in shown
    assert told in shown


def test_an_end_while_it_is_waited_for_is_told(run):
    program = run("say(id=asked()['id'], done={})\nsys.exit(4)")
    program.ask(Start())
    with pytest.raises(RemoteProtocolError, match="exit status 4"):
        program.serve(lambda: False, Deadline.after(60))


def test_a_program_that_has_ended_is_told_by_whoever_writes_to_it(run):
    program = run("sys.exit(5)")
    assert "exit status 5" in failure(program)
    assert "exit status 5" in failure(program)


def test_a_program_that_never_answers_is_stopped(run):
    told = failure(run("print('thinking', file=sys.stderr, flush=True)\ntime.sleep(600)", timeout_s=1.0), Unreachable)
    assert "expected: an answer to 'start' within 1 s came: none; it was stopped" in told


def test_a_program_that_does_not_read_is_stopped(run):
    program = run("time.sleep(600)", timeout_s=0.5)
    with pytest.raises(RemoteProtocolError, match="reads its standard input"):
        program.ask(Start(filling="x" * 1_000_000))


def test_a_line_without_an_end_is_stopped(run):
    told = failure(run("asked()\nwhile True: sys.stdout.write('x' * 100_000)\n"))
    assert "expected: lines of at most 4,194,304 bytes" in told
    assert "bytes without a line feed" in told


def test_a_program_that_never_stops_saying_is_stopped(run, monkeypatch):
    monkeypatch.setattr(program_reader, "MOST_UNREAD_BYTES", 100_000)
    program = run("line = json.dumps({'event': 'happened', 'what': 'x' * 900})\nwhile True: print(line)\n")
    deadline = Deadline.after(60)
    while not program.lost and not deadline.passed:  # nobody takes anything meanwhile
        time.sleep(0.01)
    told = failure(program)
    assert "expected: no more than is asked for" in told
    assert "lines; the last: {" in told


@pytest.mark.parametrize(
    ("word", "told"), [("no-such-program", "No such file"), ("./theirs.py", "Permission denied"), ("a\0b", "null byte")]
)
def test_a_program_that_cannot_be_started_is_the_users_to_mend(tmp_path, word, told):
    tmp_path.joinpath("theirs.py").write_text("")
    with pytest.raises(UsageFault, match=told) as raised:
        Program(Command((word,), tmp_path), {}, "[otp.program]", events=Happened, take=print)
    assert "hkexprt doctor" in raised.value.next_step


# ---------------------------------------------------------------------- its end


def test_it_ends_when_its_standard_input_does(run):
    program = run(ANSWER)
    program.ask(Start())
    assert program.close() == ""
    assert program.close() == ""


def test_a_program_that_stays_is_stopped_and_it_is_said(run, monkeypatch):
    monkeypatch.setattr(program_process, "LEAVE_S", 0.2)
    program = run("say(id=asked()['id'], done={'name': str(os.getpid())})\ntime.sleep(600)")
    number = int(program.ask(Start()).name)
    assert program.close() == "it did not end within 0.2 s of its standard input's end, and was stopped"
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)


def test_what_it_started_itself_ends_with_it(run):
    program = run(
        "import subprocess\nchild = subprocess.Popen(['sleep', '600'], stdin=subprocess.DEVNULL)\n"
        "say(id=asked()['id'], done={'name': str(child.pid)})\n" + ANSWER
    )
    number = int(program.ask(Start()).name)
    program.close()
    deadline = Deadline.after(60)
    while _runs(number) and not deadline.passed:
        time.sleep(0.01)
    assert not _runs(number)


def test_an_end_that_is_not_as_it_should_be_is_said_without_secrets(run):
    program = run(f"say(id=asked()['id'], done={{}})\nsys.stdin.readline()\nsys.exit('lost {SECRET}')")
    program.ask(Start())
    assert program.close() == "it ended with exit status 1; it said: lost •••"


def test_lines_after_the_end_of_its_input_are_let_go(run):
    program = run("say(id=asked()['id'], done={})\nsys.stdin.readline()\nprint('x' * 9_000_000)\n")
    program.ask(Start())
    assert program.close() == ""


def _runs(number: int) -> bool:
    """Return whether a process runs; one that waits to be reaped does not."""
    try:
        state = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


def test_requests_are_numbered_and_name_what_they_want():
    line = json.loads(msgspec.json.encode(msgspec.structs.replace(Start(), id=7)))
    assert (line["do"], line["id"]) == ("start", 7)
