"""A page description whole: every key read into its place, every mistake told word for word."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.systems.ccass import pages
from pytest_hkexprt.systems.ccass.pages import Act, EnquiryPage, Pages, ReportPage, Step, TerminalPages
from pytest_hkexprt.systems.ccass.report import Field, ReportForm, Sum

WHOLE = """
name = "own"
version = "3"
about = "ours"
hosts = ["static.example"]
[CCMS]
path = "/ccms/"
form = "#form"
steps = [
  { fill = "#user", with = "user" },
  { click = "#go" },
  { operator = "Put the smartcard in", until = "#in", rehearse = "#card" },
]
inside = "#in"
open = "#functions"
notice = "#notice"
refused = "#refused"
busy = "#busy"
maintenance = ["text=Maintenance"]
mask = [".secret"]
[CCMS.enquiry]
steps = [{ click = "#stock" }]
table = "#table"
as_of = "#date"
as_of_format = "%d-%m-%Y"
owner = "#owner"
[CCMS.report]
steps = [{ click = "#reports" }]
list = "#list"
rows = "tr"
name = ".name"
link = "a"
size = ".size"
wanted = "CCMDS01*"
[CCMS.report.form]
record_bytes = 120
header = "HDR"
trailer = "TRL"
count = [3, 8]
checksum = [0, 1]
sum = "crc32"
[CCMS.logout]
steps = [{ click = "#bye" }]
outside = "#out"
"""
LEAST = """
name = "own"
[CCASS]
form = "#form"
inside = "#in"
open = "#functions"
notice = "#notice"
refused = "#refused"
[CCASS.enquiry]
table = "#table"
as_of = "#date"
[CCASS.report]
list = "#list"
rows = "tr"
name = ".name"
link = "a"
form = { header = "HDR", trailer = "TRL", count = [3, 8], checksum = [11, 8] }
[CCASS.logout]
outside = "#out"
"""
FORM = 'form = { header = "HDR", trailer = "TRL", count = [3, 8], checksum = [11, 8] }'


def described(tmp_path, text: str) -> Pages:
    (tmp_path / "own.toml").write_text(text, "utf-8")
    return pages.find("own.toml", tmp_path)


def told(tmp_path, text: str) -> list[str]:
    with pytest.raises(UsageFault) as caught:
        described(tmp_path, text)
    first, *rest = str(caught.value).splitlines()
    assert first.startswith(f"{tmp_path / 'own.toml'}: ")
    return [line.strip() for line in rest]


def test_every_key_is_read_into_its_place(tmp_path):
    assert described(tmp_path, WHOLE) == Pages(
        "own",
        "3",
        tmp_path / "own.toml",
        ("static.example",),
        {
            "CCMS": TerminalPages(
                name="CCMS",
                path="/ccms/",
                form="#form",
                steps=(
                    Step(Act.FILL, "#user", "user"),
                    Step(Act.CLICK, "#go"),
                    Step(Act.OPERATOR, "Put the smartcard in", until="#in", rehearse="#card"),
                ),
                inside="#in",
                open="#functions",
                notice="#notice",
                refused="#refused",
                busy="#busy",
                maintenance=("text=Maintenance",),
                mask=(".secret",),
                enquiry=EnquiryPage((Step(Act.CLICK, "#stock"),), "#table", "#date", "%d-%m-%Y", "#owner"),
                report=ReportPage(
                    steps=(Step(Act.CLICK, "#reports"),),
                    list="#list",
                    rows="tr",
                    name=".name",
                    link="a",
                    size=".size",
                    wanted="CCMDS01*",
                    form=ReportForm(120, "HDR", "TRL", Field(3, 8), Field(0, 1), Sum.CRC32),
                ),
                logout=(Step(Act.CLICK, "#bye"),),
                outside="#out",
            )
        },
    )


def test_what_is_left_out_has_a_working_value(tmp_path):
    (found,) = described(tmp_path, LEAST).terminals.values()
    assert found == TerminalPages(
        name="CCASS",
        path="/",
        form="#form",
        steps=(),
        inside="#in",
        open="#functions",
        notice="#notice",
        refused="#refused",
        busy="",
        maintenance=(),
        mask=(),
        enquiry=EnquiryPage((), "#table", "#date", "%Y-%m-%d"),
        report=ReportPage(
            steps=(),
            list="#list",
            rows="tr",
            name=".name",
            link="a",
            size="",
            wanted="*",
            form=ReportForm(80, "HDR", "TRL", Field(3, 8), Field(11, 8), Sum.BYTES),
        ),
        logout=(),
        outside="#out",
    )


def test_a_terminal_may_have_neither_enquiry_nor_report(tmp_path):
    text = LEAST[: LEAST.index("[CCASS.enquiry]")] + LEAST[LEAST.index("[CCASS.logout]") :]
    found = described(tmp_path, text).of("CCASS")
    assert (found.enquiry, found.report) == (None, None)


def test_a_reports_form_may_be_unknown(tmp_path):
    assert described(tmp_path, LEAST.replace(FORM, "")).of("CCASS").report.form is None


def test_a_description_in_the_home_folder_is_found(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "own.toml").write_text(LEAST, "utf-8")
    assert pages.find("~/own.toml", Path("/nowhere")).name == "own"


STEP = "[CCASS.steps 1]"


@pytest.mark.parametrize(
    ("was", "now", "mistakes"),
    [
        ('name = "own"', "", ["name: missing; expected a text in quotes"]),
        ('name = "own"', 'name = "own"\nhost = []', ["host: unknown key (did you mean hosts?)"]),
        ('name = "own"', 'name = "own"\nversion = 3', ["version: expected a text in quotes, came 3"]),
        ('form = "#form"', "", ["[CCASS] form: missing; expected a text in quotes"]),
        ('inside = "#in"', "", ["[CCASS] inside: missing; expected a text in quotes"]),
        ('open = "#functions"', "", ["[CCASS] open: missing; expected a text in quotes"]),
        ('notice = "#notice"', "", ["[CCASS] notice: missing; expected a text in quotes"]),
        ('refused = "#refused"', "", ["[CCASS] refused: missing; expected a text in quotes"]),
        ('refused = "#refused"', 'refused = "#r"\nmaks = []', ["[CCASS] maks: unknown key (did you mean mask?)"]),
        ('table = "#table"', "", ["[CCASS.enquiry] table: missing; expected a text in quotes"]),
        ('as_of = "#date"', "", ["[CCASS.enquiry] as_of: missing; expected a text in quotes"]),
        (
            'as_of = "#date"',
            'as_of = "#date"\nowners = "x"',
            ["[CCASS.enquiry] owners: unknown key (did you mean owner?)"],
        ),
        ('list = "#list"', "", ["[CCASS.report] list: missing; expected a text in quotes"]),
        ('rows = "tr"', "", ["[CCASS.report] rows: missing; expected a text in quotes"]),
        ('name = ".name"', "", ["[CCASS.report] name: missing; expected a text in quotes"]),
        ('link = "a"', "", ["[CCASS.report] link: missing; expected a text in quotes"]),
        ('link = "a"', 'link = "a"\nlinks = "a"', ["[CCASS.report] links: unknown key (did you mean link?)"]),
        ('header = "HDR", ', "", ["[CCASS.report.form] header: missing; expected a text in quotes"]),
        ('trailer = "TRL", ', "", ["[CCASS.report.form] trailer: missing; expected a text in quotes"]),
        (
            "count = [3, 8]",
            "count = [-1, 8]",
            [
                "[CCASS.report.form] count: expected where it starts, from 0, and its length, such as [3, 8]; "
                "came [-1, 8]"
            ],
        ),
        (
            "checksum = [11, 8]",
            "checksum = [11, 0]",
            [
                "[CCASS.report.form] checksum: expected where it starts, from 0, and its length, such as [3, 8]; "
                "came [11, 0]"
            ],
        ),
        (
            "checksum = [11, 8]",
            'checksum = [11, 8], sum = "crc23"',
            ["[CCASS.report.form] sum: 'crc23' is not one of bytes, crc32 (did you mean crc32?)"],
        ),
        (
            "checksum = [11, 8]",
            "checksum = [11, 8], record = 1",
            ["[CCASS.report.form] record: unknown key (did you mean record_bytes?)"],
        ),
        ('outside = "#out"', "", ["[CCASS.logout] outside: missing; expected a text in quotes"]),
        (
            'outside = "#out"',
            'outside = "#out"\nstep = []',
            ["[CCASS.logout] step: unknown key (did you mean steps?)"],
        ),
        ('[CCASS.logout]\noutside = "#out"', "", ["[CCASS] logout: missing; expected a table"]),
        (
            'inside = "#in"',
            'inside = "#in"\nsteps = [{ fill = "#u", with = "usr" }]',
            [f"{STEP} with: expected one of user, password, code, came 'usr'"],
        ),
        (
            'inside = "#in"',
            'inside = "#in"\nsteps = [{ operator = "card" }]',
            [f"{STEP} until: missing; expected the mark that proves what the person did"],
        ),
        (
            'inside = "#in"',
            'inside = "#in"\nsteps = [{ click = "#x", untl = "#y" }]',
            [f"{STEP} untl: unknown key (did you mean until?)"],
        ),
        (
            'inside = "#in"',
            'inside = "#in"\nsteps = [{ clik = "#x" }, { click = "#x", fill = "#y" }, { operator = "c" }]',
            [
                f"{STEP} fill, click or operator: expected one of them",
                "[CCASS.steps 2] fill, click or operator: expected one of them",
                "[CCASS.steps 3] until: missing; expected the mark that proves what the person did",
            ],
        ),
    ],
)
def test_a_mistake_is_told_whole(tmp_path, was, now, mistakes):
    assert told(tmp_path, LEAST.replace(was, now, 1)) == mistakes


def test_a_file_without_a_terminal_is_told_whole(tmp_path):
    assert told(tmp_path, 'name = "own"') == ["CCASS: missing; expected a table [CCASS] or [CCMS]"]


@pytest.mark.parametrize(("terminals", "came"), [(["CCASS"], "CCASS"), (["A", "B"], "A, B"), ([], "none")])
def test_a_terminal_that_is_not_described_is_told_whole(terminals, came):
    found = Pages("own", "", Path("own.toml"), (), dict.fromkeys(terminals))
    with pytest.raises(UsageFault) as caught:
        found.of("CCMS")
    assert str(caught.value) == f"own.toml\n  expected: a table [CCMS]\n  came:     {came}"


def test_the_descriptions_that_ship_are_named():
    assert pages.shipped() == ("standin", "standin-card")
