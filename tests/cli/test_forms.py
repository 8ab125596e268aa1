"""``hkexprt forms draw``, and the commands where the file has several participants."""

from __future__ import annotations

import json

import icalendar
import pytest

from tests.commands import hkexprt

HOSTED = """
participant = "A Subscriber Limited"
roles = ["HSN"]
[line]
name = "HSN"
[contact]
name = "Chan Tai Man"
email = "chan@example.com"
"""
SEVERAL = """
[[participant]]
name = "Alpha Limited"
roles = ["CP"]

[[participant]]
name = "Beta Limited"
roles = ["EP", "HSN"]
"""
STEM = "backbone_ps2-intention-form"


@pytest.fixture
def project(tmp_path):
    (tmp_path / "hkexprt.toml").write_text(HOSTED, "utf-8")
    return tmp_path


@pytest.fixture
def several(tmp_path):
    (tmp_path / "hkexprt.toml").write_text(SEVERAL, "utf-8")
    return tmp_path


def drawn(project):
    return json.loads((project / "hkexprt-data" / "forms" / f"{STEM}.json").read_text("utf-8"))


def test_the_intention_form_is_drawn_with_its_deadline(project):
    done = hkexprt(project, "forms", "draw", "backbone_ps2")
    assert "return it to HKEX Hosting Services, Service Desk by 2023-11-24 23:59" in done.stdout
    form = drawn(project)
    assert (form["form"], form["deadline"]) == ("Intention Form", "2023-11-24T23:59:59+08:00")
    assert (form["participant"], form["line"]) == ("A Subscriber Limited", "HSN")
    assert form["contact"] == {"name": "Chan Tai Man", "email": "chan@example.com"}


def test_the_page_has_the_session_and_who_answers(project):
    hkexprt(project, "forms", "draw", "backbone_ps2")
    page = (project / "hkexprt-data" / "forms" / f"{STEM}.html").read_text("utf-8")
    for shown in ("Intention Form", "24 Nov 2023", "HDS/23/1109", "PS2", "25 Nov 2023", "Chan Tai Man", "Signature"):
        assert shown in page


def test_a_form_after_its_deadline_is_drawn_and_said_to_be_late(project):
    done = hkexprt(project, "forms", "draw", "backbone_ps2")
    assert (done.returncode, done.stderr) == (1, "its deadline is over\n")


def test_a_form_that_was_sent_says_when(project):
    hkexprt(project, "register", "backbone_ps2", "--form", "Intention Form", "--on", "2023-11-20", "--by", "We")
    done = hkexprt(project, "forms", "draw", "backbone_ps2")
    assert (done.returncode, done.stderr) == (0, "")
    assert drawn(project)["returned"] == "2023-11-20"


@pytest.mark.parametrize(
    ("options", "ticked"), [((), None), (("--takes-part",), True), (("--takes-no-part",), False)], ids=str
)
def test_whether_one_takes_part_is_ticked_only_when_said(project, options, ticked):
    hkexprt(project, "forms", "draw", "backbone_ps2", *options)
    assert drawn(project)["takes_part"] is ticked


def test_the_page_speaks_chinese(project):
    hkexprt(project, "forms", "draw", "backbone_ps2", "--lang", "zh-Hant", "--into", "here")
    assert "回覆期限" in (project / "here" / f"{STEM}.html").read_text("utf-8")


def test_a_registration_without_a_page_of_its_own_is_drawn_too(project):
    hkexprt(project, "forms", "draw", "backbone_prt")
    (path,) = (project / "hkexprt-data" / "forms").glob("*.json")
    form = json.loads(path.read_text("utf-8"))
    assert (form["form"], form["deadline"]) == ("registration", "2023-12-29T23:59:59+08:00")
    assert [session["name"] for session in form["sessions"]] == ["PRT1", "PRT2", "PRT3"]


def test_the_form_of_the_result_is_said_to_come_with_a_run(project):
    done = hkexprt(project, "forms", "draw", "backbone_ps2", "--form", "Result Form")
    assert done.returncode == 2
    assert "Result Form: drawn with each run, result-form.html" in done.stderr


def test_a_form_that_is_none_offers_the_nearest(project):
    done = hkexprt(project, "forms", "draw", "backbone_ps2", "--form", "intension form")
    assert done.returncode == 2 and "did you mean intention form?" in done.stderr


def test_the_same_form_gives_the_same_bytes(project):
    for folder in ("one", "two"):
        hkexprt(project, "forms", "draw", "backbone_ps2", "--into", folder)
    for name in (f"{STEM}.html", f"{STEM}.json"):
        assert (project / "one" / name).read_bytes() == (project / "two" / name).read_bytes()


def test_each_that_the_circular_concerns_gets_a_form_in_a_folder_of_its_own(several):
    done = hkexprt(several, "forms", "draw", "backbone_ps2")
    assert "omitted: for HSN, and Alpha Limited is CP" in done.stderr
    assert [path.parent.parent.name for path in several.glob("hkexprt-data/*/forms/*.html")] == ["beta-limited"]


def test_forms_of_several_name_whose_they_are(several):
    listed = json.loads(hkexprt(several, "forms", "--json").stdout)
    assert {each["participant"] for each in listed} == {"Alpha Limited", "Beta Limited"}
    assert {each["participant"] for each in listed if each["circular"] == "rap"} == {"Alpha Limited"}
    assert "(Alpha Limited)" in hkexprt(several, "forms", "rap").stdout


def test_a_registration_of_several_wants_to_know_whose(several):
    done = hkexprt(several, "register", "rap", "--on", "2023-04-05", "--by", "We")
    assert done.returncode == 2 and "expected: the name of one: Alpha Limited, Beta Limited" in done.stderr
    done = hkexprt(several, "register", "rap", "--on", "2023-04-05", "--by", "We", "--participant", "Alpha Limited")
    assert (done.returncode, done.stderr) == (0, "")
    assert (several / "hkexprt-data" / "alpha-limited" / "ledger.jsonl").is_file()


def test_a_registration_is_told_to_a_script(several):
    done = hkexprt(
        several, "register", "rap", "--on", "2023-04-07", "--by", "We", "--participant=alpha-limited", "--json"
    )
    told = json.loads(done.stdout)
    assert (done.returncode, told["in_time"], told["participant"]) == (1, False, "Alpha Limited")


def test_the_agenda_of_several_has_each_session_once_and_each_deadline_for_whose_it_is(several):
    listed = json.loads(hkexprt(several, "agenda", "rap", "--all", "--json").stdout)
    assert [each["what"] for each in listed if each["kind"] == "session"] == [
        "Session 1, secondary (rap)",
        "Session 2, primary (rap)",
    ]
    assert [each["participant"] for each in listed if each["kind"] == "registration"] == [
        "Alpha Limited",
        "Beta Limited",
    ]


def test_the_calendar_of_several_keeps_their_deadlines_apart(several):
    hkexprt(several, "agenda", "rap", "--ics", "agenda.ics")
    calendar = icalendar.Calendar.from_ical((several / "agenda.ics").read_bytes())
    uids = [str(event["uid"]) for event in calendar.walk("VEVENT")]
    assert len(uids) == len(set(uids)) == 7


def test_doctor_says_whose_a_finding_is(several):
    subjects = [each["subject"] for each in json.loads(hkexprt(several, "doctor", "--json").stdout)]
    assert "Alpha Limited: data folder" in subjects and "Beta Limited: data folder" in subjects
    one = json.loads(hkexprt(several, "doctor", "--json", "--participant", "Beta Limited").stdout)
    assert not [each for each in one if each["subject"].startswith("Alpha")]


@pytest.mark.parametrize(
    "command",
    [("forms",), ("agenda",), ("doctor",), ("forms", "draw", "rap"), ("baseline", "list"), ("backup",)],
    ids=str,
)
def test_a_name_that_is_none_is_told_the_nearest(several, command):
    done = hkexprt(several, *command, "--participant", "Beta Limitd")
    assert done.returncode == 2 and "did you mean Beta Limited?" in done.stderr


def test_a_script_is_told_what_was_drawn_and_until_when(project):
    told = json.loads(hkexprt(project, "forms", "draw", "backbone_ps2", "--json").stdout)
    assert (told["form"], told["deadline"], told["overdue"]) == ("Intention Form", "2023-11-24T23:59:59+08:00", True)
    (one,) = told["drawn"]
    assert (project / one["html"]).is_file() and (project / one["json"]).is_file()


def test_a_form_for_none_of_them_is_not_drawn(several):
    done = hkexprt(several, "forms", "draw", "backbone_ps2", "--participant", "Alpha Limited")
    assert done.returncode == 1, "one that is named has its form drawn, whatever its roles"
    (several / "hkexprt.toml").write_text(SEVERAL.replace('"EP", "HSN"', '"EP"'), "utf-8")
    done = hkexprt(several, "forms", "draw", "backbone_ps2")
    assert (done.returncode, done.stdout) == (2, "") and "expected: one that is HSN" in done.stderr
