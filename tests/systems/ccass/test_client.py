"""The client against both data centres: its order, its evidence, and what it leaves behind."""

from __future__ import annotations

import json
import stat
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from pytest_hkexprt.errors import LocalProtocolError, RemoteProtocolError
from pytest_hkexprt.evidence.journal import Journal, read
from pytest_hkexprt.evidence.record import AttachmentRecord, ExchangeRecord
from pytest_hkexprt.model import Secret, Site
from pytest_hkexprt.systems.ccass import simulator_data
from pytest_hkexprt.systems.ccass.client_operator import Operator, Rehearsed
from tests.systems.ccass.samples import FRIDAY


@pytest.fixture
def journal(tmp_path):
    with Journal(tmp_path / "evidence.jsonl") as kept:
        yield kept


def everything(folder: Path) -> str:
    """All that a reader of the evidence can find in it, the trace opened."""
    found = [(folder / "evidence.jsonl").read_text("utf-8")]
    for path in folder.glob("attachments/*"):
        if path.suffix == ".zip":
            with zipfile.ZipFile(BytesIO(path.read_bytes())) as trace:
                found += [trace.read(name).decode("utf-8", "replace") for name in trace.namelist()]
        else:
            found.append(path.read_bytes().decode("utf-8", "replace"))
    return "\n".join(found)


def exchanges(folder: Path) -> list[ExchangeRecord]:
    return [line.record for line in read(folder / "evidence.jsonl") if isinstance(line.record, ExchangeRecord)]


def test_nobody_logs_on_before_it_was_looked_who_answers(visit):
    with pytest.raises(LocalProtocolError, match="a verified certificate before a logon"):
        visit().logon("CCMS")


@pytest.mark.parametrize("verb", ["enquire", "reports", "logout"])
def test_nothing_is_done_inside_before_a_logon(visit, verb):
    client = visit()
    client.look()
    with pytest.raises(LocalProtocolError, match="a logon before it"):
        getattr(client, verb)("CCMS")


def test_a_visit_from_the_logon_to_the_logout(visit, tmp_path):
    client = visit()
    client.look()
    assert client.logon("CCMS").is_open
    found = client.enquire("CCMS")
    assert (len(found.rows), found.as_of, found.owner) == (6, FRIDAY, simulator_data.PARTICIPANT)
    listed = client.reports("CCMS")
    assert [each.name for each in listed] == ["CCMDS01_20240322.txt", "SIMCC01_20240322.txt"]
    done = client.download("CCMS", client.wanted("CCMS", listed), tmp_path / "downloads")
    assert done.size_bytes == listed[0].size_bytes == done.path.stat().st_size
    ended = client.logout("CCMS")
    assert (ended.ended, ended.asks_again) == (True, True)


def test_both_terminals_are_visited_beside_each_other(visit):
    client = visit()
    client.look()
    for terminal in ("CCASS", "CCMS"):
        client.logon(terminal)
    assert client.inside == {"CCASS", "CCMS"}


@pytest.fixture(params=[True, False], ids=["a whole browser", "one without windows"])
def any_browser(request, browser, monkeypatch) -> None:
    """A browser that tells how secure its page is, or one that does not, as Chromium's headless shell."""
    browser.do(lambda: None, 60)  # whatever it was asked to do meanwhile is done
    monkeypatch.setattr(browser, "_ready", None)
    monkeypatch.setattr(browser, "_tells_state", request.param)


@pytest.mark.usefixtures("any_browser")
def test_a_browsers_own_peer_and_certificate_are_told(visit, standing):
    client = visit()
    answered = client.look()
    client.logon("CCMS")
    served = client.served("CCMS")
    assert served.sha256 == answered.certificate.sha256
    assert (served.peer, served.via) == (standing.relay.endpoint.address, answered.peer)


@pytest.mark.usefixtures("any_browser")
def test_after_a_failover_peer_and_certificate_are_the_other_sites(visit, standing):
    client = visit()
    client.look()
    client.logon("CCMS")
    standing.fail_over()
    client.inside.clear()
    answered = client.look()
    client.logon("CCMS")
    served = client.served("CCMS")
    assert served.sha256 == answered.certificate.sha256 == standing.certificates.fingerprints[Site.SECONDARY]
    assert served.via == answered.peer
    client.logout("CCMS")
    standing.begin(Site.PRIMARY)


def test_a_client_that_ends_leaves_no_session_behind_and_says_so(visit, journal, standing, tmp_path):
    with visit(journal=journal) as client:
        client.look()
        client.logon("CCMS")
    assert not standing.terminals[Site.PRIMARY].sessions["CCMS"].is_inside(standing.user)
    *_, last = (line.record for line in read(tmp_path / "evidence.jsonl"))
    assert isinstance(last, ExchangeRecord)
    assert last.what == "CCMS: logged off at the end, as no step did"
    assert "logged off" in last.facts["said"]


def test_a_download_is_its_owners_alone(visit, tmp_path):
    client = visit()
    client.look()
    client.logon("CCMS")
    done = client.download("CCMS", client.wanted("CCMS", client.reports("CCMS")), tmp_path / "downloads")
    assert stat.S_IMODE(done.path.stat().st_mode) == 0o600
    assert [path.name for path in done.path.parent.iterdir()] == [done.listed]


def test_no_value_of_a_table_no_content_of_a_report_and_no_secret_is_evidence(visit, journal, standing, tmp_path):
    codes = []

    def code(terminal: str) -> Secret:
        codes.append(standing.code(terminal))
        return codes[-1]

    journal.redactor.learn(standing.password)
    client = visit(journal=journal)
    client.credentials = type(client.credentials)(standing.user, standing.password, code)
    client.look()
    client.logon("CCMS")
    values = {cell for row in client.enquire("CCMS").rows for cell in row if len(cell) > 6}
    listed = client.reports("CCMS")
    done = client.download("CCMS", client.wanted("CCMS", listed), tmp_path / "downloads")
    client.driver.keep_failure()
    client.logout("CCMS")
    kept = everything(tmp_path)
    assert len(values) > 5
    assert {value for value in values if value in kept} == set()
    assert [line for line in done.path.read_text().splitlines() if line in kept] == []
    assert standing.password.reveal() not in kept
    assert codes[0].reveal() not in kept
    assert standing.user in kept


def test_a_report_is_evidence_by_name_size_and_digest(visit, journal, tmp_path):
    client = visit(journal=journal)
    client.look()
    client.logon("CCMS")
    done = client.download("CCMS", client.wanted("CCMS", client.reports("CCMS")), tmp_path / "downloads")
    noted = [line.record for line in read(tmp_path / "evidence.jsonl") if isinstance(line.record, AttachmentRecord)]
    (record,) = [each for each in noted if each.name == done.listed]
    assert (record.sha256, record.size_bytes, record.stored) == (done.sha256, done.size_bytes, "")


def test_each_step_leaves_a_picture_and_a_text(visit, journal, tmp_path):
    client = visit(journal=journal)
    client.look()
    client.logon("CCMS")
    client.enquire("CCMS")
    client.logout("CCMS")
    names = [
        line.record.name for line in read(tmp_path / "evidence.jsonl") if isinstance(line.record, AttachmentRecord)
    ]
    steps = ["01 CCMS the page for logging on", "02 CCMS logged on", "03 CCMS enquiry", "04 CCMS logged off"]
    assert names == [f"{step}.{ending}" for step in steps for ending in ("png", "txt")]


def test_a_trace_has_the_steps_and_no_pages(visit, journal, tmp_path):
    client = visit(journal=journal)
    client.look()
    client.logon("CCMS")
    client.driver.keep_failure()
    (path,) = (tmp_path / "attachments").glob("*.zip")
    with zipfile.ZipFile(path) as trace:
        assert {Path(name).suffix for name in trace.namelist()} == {".trace"}
        steps = [json.loads(line) for name in trace.namelist() for line in trace.read(name).splitlines()]
    assert any(step.get("method") == "keyboardInsertText" for step in steps)


def test_a_smartcard_is_a_persons_step_and_a_rehearsal_says_who_did_it(visit, journal, tmp_path):
    client = visit(journal=journal, described="standin-card")
    client.look()
    logon = client.logon("CCMS")
    assert logon.by_person.endswith("done by the rehearsal, in a person's place")
    (step,) = [each for each in exchanges(tmp_path) if each.what == "CCMS: operator step"]
    assert step.facts["proven by"] == "#session"


def test_a_person_is_told_what_to_do_and_waited_for(visit, journal, standing, tmp_path):
    class Present(Operator):
        """A person who does what is asked, at once."""

        def tell(self, what: str) -> None:
            told.append(what)
            client.driver._do(lambda tab, _: tab.press("#card", (), 15))

    told: list[str] = []
    client = visit(journal=journal, described="standin-card", operator=Present(15.0))
    client.look()
    assert client.logon("CCMS").by_person.endswith("done by a person")
    assert told == ["Put the smartcard into its reader and enter its PIN"]


def test_a_person_who_does_nothing_is_waited_for_until_the_deadline(visit):
    class Absent(Rehearsed):
        done_by = Operator.done_by

    client = visit(described="standin-card", operator=Absent(1.0))
    client.look()
    with pytest.raises(RemoteProtocolError, match="Put the smartcard into its reader"):
        client.logon("CCMS")


def test_a_site_that_goes_away_in_the_middle_is_told(visit, standing):
    client = visit()
    client.look()
    client.logon("CCMS")
    standing.fail_over()
    with pytest.raises(RemoteProtocolError, match="logged off"):
        client.enquire("CCMS")
    client.inside.clear()
    standing.begin(Site.PRIMARY)
