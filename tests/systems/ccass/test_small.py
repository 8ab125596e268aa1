"""The small parts: the store, the operator, the failover's wait, what a live run wants of its file."""

from __future__ import annotations

import dataclasses
import io
import json
import stat
import sys
import zipfile

import pytest

from pytest_hkexprt import circular, shipped
from pytest_hkexprt.errors import Unreachable, UsageFault
from pytest_hkexprt.evidence.redact import Redactor
from pytest_hkexprt.model import Secret, Site
from pytest_hkexprt.systems.ccass import client_access, client_failover, client_operator, client_store, client_trace
from pytest_hkexprt.systems.ccass.client_operator import Operator
from pytest_hkexprt.systems.ccass.settings import CcassSettings
from tests.systems.ccass.samples import OURS, THEIRS, answered

UPGRADE = circular.read(shipped.features_folder() / "ccass_upgrade.toml")
RELOCATION = circular.read(shipped.features_folder() / "ccass_relocation.toml")


def test_what_came_is_kept_whole_for_its_owner_alone(tmp_path):
    came = tmp_path / "came"
    came.write_bytes(b"x" * 3_000_000)
    path, size_bytes, sha256 = client_store.keep(came, tmp_path / "kept", "report.txt")
    assert (path.name, size_bytes, len(sha256)) == ("report.txt", 3_000_000, 64)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("name", ["../../evil.txt", "/etc/passwd", "CON", "a\u202etxt.exe"])
def test_a_hostile_name_stays_in_the_folder(tmp_path, name):
    came = tmp_path / "came"
    came.write_bytes(b"x")
    path, *_ = client_store.keep(came, tmp_path / "kept", name)
    assert path.parent == tmp_path / "kept"
    assert path.read_bytes() == b"x"


def test_a_link_that_lies_in_wait_is_not_followed(tmp_path):
    (tmp_path / "kept").mkdir()
    victim = tmp_path / "victim"
    victim.write_bytes(b"mine")
    (tmp_path / "kept" / "report.txt").symlink_to(victim)
    came = tmp_path / "came"
    came.write_bytes(b"theirs")
    client_store.keep(came, tmp_path / "kept", "report.txt")
    assert victim.read_bytes() == b"mine"


def test_a_disk_that_does_not_take_it_is_told_and_leaves_nothing(tmp_path):
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "report.txt").mkdir()
    came = tmp_path / "came"
    came.write_bytes(b"x")
    with pytest.raises(UsageFault, match="a disk that takes the download"):
        client_store.keep(came, tmp_path / "kept", "report.txt")
    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["report.txt"]


def test_a_code_comes_from_a_command():
    assert client_operator.code_by([sys.executable, "-c", "print(' 123456 ')"]).reveal() == "123456"


@pytest.mark.parametrize("program", ["import sys; sys.exit(3)", "pass", "print('9'); import sys; sys.exit(1)"])
def test_a_command_that_gives_no_code_is_told_without_what_it_printed(program):
    with pytest.raises(UsageFault, match="a command that prints a code"):
        client_operator.code_by([sys.executable, "-c", program])


def test_a_command_that_is_not_there_is_told():
    with pytest.raises(UsageFault, match="code_command: no-such-command"):
        client_operator.code_by(["no-such-command"])


def test_a_person_is_told_on_the_terminal():
    terminal = io.StringIO()
    Operator(300, terminal).tell("Put the smartcard in")
    assert terminal.getvalue() == "\n>>> Put the smartcard in. This waits for 300 s.\n"


def test_without_a_terminal_nobody_can_be_asked(monkeypatch):
    monkeypatch.setattr(client_operator, "TERMINAL", "/nowhere/tty")
    with pytest.raises(UsageFault, match="a terminal at which a person sits"):
        Operator(300).tell("Put the smartcard in")


class Names:
    """A client whose name leads somewhere else after some looks."""

    def __init__(self, *answers: object) -> None:
        self._answers = list(answers)
        self.inside = {"CCMS"}

    def look(self):
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


def test_a_failover_is_waited_for_through_silence():
    names = Names(Unreachable("gone"), answered(), answered(THEIRS))
    found = client_failover.await_change(names, answered(), lambda each: each.certificate.sha256 == THEIRS, 30.0)
    assert (found.after.certificate.sha256, found.tries, names.inside) == (THEIRS, 3, set())


def test_a_failover_that_never_comes_ends_with_its_deadline():
    found = client_failover.await_change(Names(Unreachable("gone")), answered(), lambda _: True, 0.3)
    assert found.after is None
    assert found.lost_s >= 0.3


def test_a_circular_without_an_address_has_the_one_that_is_known():
    found = client_access.published(UPGRADE, CcassSettings("U"), Site.SECONDARY)
    assert (found.address, found.site, found.origin) == ("www.ccass.com:443", Site.SECONDARY, "the circular of 2021")


def test_a_name_given_for_one_site_is_that_of_the_other_too():
    found = client_access.published(RELOCATION, CcassSettings("U"), Site.SECONDARY)
    assert (found.address, found.site, found.origin) == ("www.ccass.com:443", Site.SECONDARY, "circular")


def test_a_participants_own_address_stands_in_its_place():
    settings = CcassSettings("U", addresses={Site.PRIMARY: ("relay.example:8443",)})
    found = client_access.published(RELOCATION, settings, Site.PRIMARY)
    assert (found.address, found.origin) == ("relay.example:8443", "participant file")


def test_a_live_run_is_not_begun_with_the_pages_of_our_own_simulator():
    with pytest.raises(UsageFault, match="describes the pages of our own simulator"):
        client_access.pages_of(CcassSettings("U"), None, rehearsal=False)


def test_a_rehearsal_has_the_simulators_pages_whatever_the_participants_are():
    assert client_access.pages_of(CcassSettings("U", pages="own.toml"), None, rehearsal=True).name == "stand-in"


def test_a_password_that_is_not_set_is_told(monkeypatch):
    monkeypatch.delenv("CCASS_PASSWORD", raising=False)
    with pytest.raises(UsageFault, match="environment variable CCASS_PASSWORD"):
        client_access.credentials(CcassSettings("U", password_env="CCASS_PASSWORD"), Operator(1), Redactor())


def test_a_password_is_learnt_by_what_keeps_secrets_out(monkeypatch):
    monkeypatch.setenv("CCASS_PASSWORD", "correct horse")
    redactor = Redactor()
    client_access.credentials(CcassSettings("U", password_env="CCASS_PASSWORD"), Operator(1), redactor)
    assert redactor.text("it is correct horse") == "it is •••"


def test_a_trace_keeps_which_call_and_where_and_no_value_result_or_text(tmp_path):
    lines = [
        {"type": "before", "callId": "1", "method": "fill", "params": {"selector": "#p", "value": "friend"}},
        {"type": "after", "callId": "1", "result": "4,711", "error": {"message": "failed on friend\n<td>4,711</td>"}},
        {"type": "log", "message": "locator resolved to <td>4,711</td>"},
    ]
    with zipfile.ZipFile(tmp_path / "trace.zip", "w") as made:
        made.writestr("trace.trace", "\n".join(map(json.dumps, lines)) + "\nno JSON 4,711\n")
        made.writestr("trace.network", "4,711")
        made.writestr("resources/page.html", "4,711")
    redactor = Redactor([Secret("friend")])
    with zipfile.ZipFile(io.BytesIO(client_trace.cleaned(tmp_path / "trace.zip", redactor))) as kept:
        assert kept.namelist() == ["trace.trace"]
        first, second = map(json.loads, kept.read("trace.trace").splitlines())
    assert first == {"type": "before", "callId": "1", "method": "fill", "params": {"selector": "#p"}}
    assert second["error"]["message"] == "failed on •••"


def test_facts_of_an_answer_are_values():
    assert dataclasses.replace(answered(), peer="x").certificate.sha256 == OURS
