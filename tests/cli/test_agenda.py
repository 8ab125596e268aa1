"""``hkexprt agenda``, ``register`` and ``forms`` as their users run them."""

from __future__ import annotations

import hashlib
import json

import icalendar
import pytest

from tests.commands import hkexprt
from tests.projects import PARTICIPANT

REGISTER = ("register", "rap", "--by", "A. Person", "--on")


@pytest.fixture
def project(tmp_path):
    (tmp_path / "hkexprt.toml").write_text(PARTICIPANT, "utf-8")
    return tmp_path


def ledger(project) -> list[dict[str, str]]:
    return [json.loads(line) for line in (project / "hkexprt-data" / "ledger.jsonl").read_text("utf-8").splitlines()]


def test_a_registration_is_entered_with_the_digest_of_its_proof(project):
    (project / "proof.pdf").write_bytes(b"confirmed")
    done = hkexprt(project, *REGISTER, "2023-04-05", "--proof", "proof.pdf")
    assert (done.returncode, done.stderr) == (0, "")
    (entry,) = ledger(project)
    assert entry["circular"] == "CD/OEC/SEOCH/073/2023" and entry["by"] == "A. Person"
    assert entry["proof_sha256"] == hashlib.sha256(b"confirmed").hexdigest()


def test_a_late_registration_is_entered_and_said_to_be_late(project):
    done = hkexprt(project, *REGISTER, "2023-04-06T18:01")
    assert done.returncode == 1 and "not in time" in done.stderr
    assert len(ledger(project)) == 1


@pytest.mark.parametrize("on", ["2999-01-01", "yesterday"])
def test_a_day_that_cannot_be_is_not_entered(project, on):
    done = hkexprt(project, *REGISTER, on)
    assert done.returncode == 2 and "--on" in done.stderr
    assert not (project / "hkexprt-data").exists()


def test_an_unknown_circular_offers_the_nearest(project):
    done = hkexprt(project, "register", "rapp", "--by", "We", "--on", "2023-04-05")
    assert done.returncode == 2 and "did you mean rap?" in done.stderr


def test_a_circular_without_registration_names_its_forms(project):
    done = hkexprt(project, "register", "backbone_ps2", "--by", "We", "--on", "2023-11-20")
    assert done.returncode == 2 and "Intention Form" in done.stderr


def test_a_form_is_entered_by_its_name(project):
    done = hkexprt(project, "register", "backbone_ps2", "--form", "intention form", "--by", "We", "--on", "2023-11-20")
    assert done.returncode == 0, done.stderr
    assert ledger(project)[0]["what"] == "Intention Form"


def test_without_a_participant_file_the_lines_to_write_are_told(tmp_path):
    done = hkexprt(tmp_path, *REGISTER, "2023-04-05")
    assert done.returncode == 2 and 'participant = "Your Company Limited"' in done.stderr


def test_forms_tells_what_was_done_and_what_was_missed(project):
    assert json.loads(hkexprt(project, "forms", "rap", "--json").stdout)[0]["state"] == "missed"
    hkexprt(project, *REGISTER, "2023-04-05")
    done = hkexprt(project, "forms", "rap", "--json")
    assert (done.returncode, json.loads(done.stdout)[0]["state"]) == (0, "done")


def test_a_form_is_owed_by_who_took_part(project):
    hkexprt(project, "register", "backbone_ps2", "--form", "Intention Form", "--by", "We", "--on", "2023-11-20")
    done = hkexprt(project, "forms", "backbone_ps2")
    assert done.returncode == 1
    assert "owed    by 2023-11-27 23:59  backbone_ps2: Result Form" in done.stdout


def test_the_agenda_of_a_role_leaves_the_other_roles_circulars_out(project):
    stems = {each["circular"] for each in json.loads(hkexprt(project, "agenda", "--all", "--json").stdout)}
    assert "rap" in stems and "backbone_ps2" not in stems


def test_what_is_over_is_shown_when_asked_for(tmp_path):
    assert "Session 1" not in hkexprt(tmp_path, "agenda", "rap").stdout
    done = hkexprt(tmp_path, "agenda", "rap", "--all")
    assert done.returncode == 0
    assert "Sat 2023-04-15 14:30  over           rap: Session 1, secondary (rap)" in done.stdout


def test_what_is_to_come_has_its_days_left(tmp_path):
    (tmp_path / "features").mkdir()
    (tmp_path / "features" / "far.toml").write_text(
        'issuer = "I"\nsubject = "S"\nroles = ["CP"]\n[[session]]\nname = "A"\nsite = "primary"\nsystems = []\n'
        "starts = 2099-06-01T10:00:00\nends = 2099-06-01T11:00:00\n"
    )
    done = hkexprt(tmp_path, "agenda", "far", "--json")
    (due,) = json.loads(done.stdout)
    assert due["state"] == "coming" and due["days_left"] > 0


def test_the_calendar_file_is_written_and_can_be_read(tmp_path):
    done = hkexprt(tmp_path, "agenda", "rap", "--ics", "agenda.ics")
    assert done.returncode == 0 and "agenda.ics: 5 entries" in done.stderr
    calendar = icalendar.Calendar.from_ical((tmp_path / "agenda.ics").read_bytes())
    assert len(calendar.walk("VEVENT")) == 5


@pytest.mark.parametrize("command", [("agenda",), ("register",), ("forms",), ("circulars",), ("circular", "draft")])
def test_the_help_reads_at_80_columns_and_tells_its_exit_status(tmp_path, command):
    done = hkexprt(tmp_path, *command, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert max(map(len, done.stdout.splitlines())) <= 80 and "Exit status" in done.stdout


@pytest.mark.parametrize("command", [("agenda",), ("register",), ("forms",), ("circulars",), ("circular", "draft")])
def test_wrong_use_is_refused(tmp_path, command):
    done = hkexprt(tmp_path, *command, "--nonsense")
    assert (done.returncode, done.stdout) == (2, "") and "--nonsense" in done.stderr
