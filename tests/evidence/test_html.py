"""The HTML report: what it says, and that whatever comes from outside stays text."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest

from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.evidence import html
from pytest_hkexprt.evidence.html import words
from pytest_hkexprt.evidence.html.build import build
from pytest_hkexprt.evidence.html.view import ReportView
from pytest_hkexprt.model import Outcome
from tests.evidence import samples

every_sample = pytest.mark.parametrize("sample", samples.SAMPLES.values(), ids=samples.SAMPLES)


class Page(HTMLParser):
    """A report as a reader's program sees it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.shown: list[str] = []
        self.rows: list[str] = []
        self._hidden = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._hidden = tag in ("style", "script")
        if tag == "tr":
            self.rows.append("")

    def handle_endtag(self, tag: str) -> None:
        self._hidden = False

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.shown.append(data)
            if self.rows:
                self.rows[-1] += f" {data}"

    @property
    def text(self) -> str:
        return " ".join("".join(self.shown).split())

    @property
    def ids(self) -> list[str | None]:
        return [attrs["id"] for _, attrs in self.tags if "id" in attrs]

    def row(self, start: str) -> str:
        """The text of the table row that has this word in it."""
        return next(" ".join(row.split()) for row in self.rows if f" {start} " in f" {' '.join(row.split())} ")


def page(tmp_path: Path, sample: Callable[[Path], None]) -> Page:
    return Page(html.render(samples.lines(tmp_path, sample)))


def view(tmp_path: Path, sample: Callable[[Path], None]) -> ReportView:
    return build(samples.lines(tmp_path, sample))


# What it says


@pytest.mark.parametrize(
    "said",
    [
        "Passed: 1 scenario, 6 checks",
        "CD/OEC/SEOCH/073/2023",
        "23 Mar 2023",
        samples.RAP.subject,
        samples.RAP.issuer,
        "Session 1 · secondary site",
        "15 Apr 2023, 14:30–15:30",
        "Rehearsal Participant",
        "20 Nov 2026, 17:12:30–17:12:31",
        "within the window",
        samples.FINGERPRINT,
        "the simulator stands in for 10.152.14.121:10022 at 127.152.14.121:10022",
        "pytest-bdd 9.0.1",
        "20230415T143000-rap-secondary",
        "pytest --site=secondary features/rap.feature",
        "Given the SFTP connection points to the site's addresses",
        "number of files",
        "41 files as on 2023-04-14 (taken at primary)",
        "1,204,118 bytes",
    ],
)
def test_the_report_of_a_passed_run_says(tmp_path, said):
    assert said in page(tmp_path, samples.passed).text


@pytest.mark.parametrize("clause", [clause.id for clause in samples.RAP.clauses])
def test_every_clause_has_a_row(tmp_path, clause):
    assert page(tmp_path, samples.passed).row(clause)


def test_a_clauses_row_names_outcome_scenario_and_basis(tmp_path):
    row = page(tmp_path, samples.passed).row("count")
    assert row == (
        "passed count the folder holds as many files as on the last business date Attachment, steps of each session, "
        "second A Clearing Participant retrieves its reports simulated"
    )


def test_an_untested_clause_is_omitted_with_its_reason(tmp_path):
    row = page(tmp_path, samples.passed).row("keys")
    assert row.startswith("omitted") and "falls on the days after the sessions" in row


def test_a_clause_whose_scenario_did_not_run_is_not_run(tmp_path):
    assert page(tmp_path, samples.nothing).row("count").startswith("not run")


def test_the_checks_of_a_live_run_are_observed(tmp_path):
    assert page(tmp_path, samples.live).row("count").endswith("observed")


def test_an_endpoint_is_shown_as_dialled_and_as_published_with_its_host_key(tmp_path):
    row = page(tmp_path, samples.passed).row("127.152.14.121:10022")
    assert row == f"127.152.14.121:10022 rap/secondary 10.152.14.121:10022 {samples.FINGERPRINT}"


def test_an_endpoint_of_the_other_site_that_was_talked_to_is_shown_too(tmp_path):
    row = page(tmp_path, samples.passed).row("127.151.14.121:10022")
    assert "not of this session's site" in row and samples.PRIMARY_FINGERPRINT in row


def test_the_visit_before_the_first_step_is_told_apart_with_its_day(tmp_path):
    before = view(tmp_path, samples.passed).sections[0].scenarios[0].before
    assert before is not None
    assert [(talk.day, len(talk.said)) for talk in before.transcripts] == [("14 Apr 2023", 4)]


def test_the_users_own_key_is_never_taken_for_a_host_key(tmp_path):
    endpoints = view(tmp_path, samples.passed).sections[0].endpoints
    assert not [each for each in endpoints if "SHA256:the-users-own" in each.host_keys]


def test_what_the_first_step_said_and_checked_stays_with_it(tmp_path):
    evidence = view(tmp_path, samples.passed).sections[0].scenarios[0].steps[0].evidence
    assert evidence is not None
    assert ([talk.endpoint for talk in evidence.transcripts], [check.what for check in evidence.checks]) == (
        [samples.SECONDARY, samples.SECOND_ADDRESS],
        ["addresses in use"],
    )


def test_what_came_after_the_last_step_is_shown_after_it(tmp_path):
    def torn_down(path: Path) -> None:
        write = samples.Writer(path)
        write(samples.run_record())
        write(samples.session_record())
        samples.retrieval(write, torn_down=True)
        samples.end(write)

    scenario = view(tmp_path, torn_down).sections[0].scenarios[0]
    assert scenario.after is not None
    assert (scenario.after_title, scenario.after.transcripts[0].said[0].exchange.what) == (
        "After the last step",
        "connection closed",
    )


def test_a_step_carries_its_duration_and_both_clocks(tmp_path):
    step = view(tmp_path, samples.passed).sections[0].scenarios[0].steps[1]
    assert (step.duration, step.rehearsed, step.at) == ("45 ms", "14:30:00", "17:12:30")


def test_a_failed_step_shows_its_message(tmp_path):
    assert "missing TP017_20230414.csv" in page(tmp_path, samples.failed).text


def test_steps_after_a_failure_are_not_run(tmp_path):
    steps = view(tmp_path, samples.failed).sections[0].scenarios[0].steps
    assert [step.outcome for step in steps] == [Outcome.PASSED] * 2 + [Outcome.FAILED] + [Outcome.NOT_RUN] * 3


def test_drills_are_named(tmp_path):
    assert "rap.missing-report" in page(tmp_path, samples.failed).text


def test_a_killed_run_is_interrupted_with_what_was_done(tmp_path):
    report = view(tmp_path, samples.interrupted)
    scenario = report.sections[0].scenarios[0]
    assert (report.verdict.tone, scenario.unfinished, [step.outcome for step in scenario.steps]) == (
        "interrupted",
        True,
        [Outcome.PASSED] * 3 + [Outcome.NOT_RUN] * 3,
    )


def test_what_a_killed_run_said_last_is_shown(tmp_path):
    after = view(tmp_path, samples.interrupted).sections[0].scenarios[0].after
    assert after is not None and after.transcripts[0].said[0].exchange.what == "downloaded TP001_20230414.csv"


def test_an_unfinished_scenario_proves_no_clause(tmp_path):
    clauses = view(tmp_path, samples.interrupted).sections[0].clauses
    assert Outcome.PASSED not in [each.outcome for each in clauses]


def test_a_scenario_left_open_by_the_next_one_is_unfinished(tmp_path):
    def crashed(path: Path) -> None:
        write = samples.Writer(path)
        write(samples.run_record())
        write(samples.session_record())
        samples.retrieval(write, stop_after=2)
        samples.retrieval(write)
        samples.end(write)

    scenarios = view(tmp_path, crashed).sections[0].scenarios
    assert [scenario.unfinished for scenario in scenarios] == [True, False]


def test_a_run_of_nothing_says_so(tmp_path):
    assert "Nothing ran (no test was selected)" in page(tmp_path, samples.nothing).text


def test_each_session_has_its_own_clause_table(tmp_path):
    sections = view(tmp_path, samples.two_sessions).sections
    outcomes = {section.name: section.clauses[2].outcome for section in sections if section.circular}
    assert outcomes == {"Session 1": Outcome.PASSED, "Session 2": Outcome.FAILED}


def test_ordinary_tests_of_the_run_stand_apart(tmp_path):
    section = view(tmp_path, samples.two_sessions).sections[-1]
    assert (section.circular, [each.name for each in section.scenarios]) == (None, ["test_codec"])


def test_a_run_outside_its_window_says_so(tmp_path):
    def late(path: Path) -> None:
        write = samples.Writer(path)
        write.rehearsed += samples.dt.timedelta(hours=3)
        write(samples.run_record())
        write(samples.session_record())
        samples.retrieval(write)
        samples.end(write)

    assert "OUTSIDE THE WINDOW" in page(tmp_path, late).text


@pytest.mark.parametrize("sample", [samples.passed, samples.failed, samples.interrupted, samples.nothing])
def test_a_rehearsal_is_marked_as_the_simulators(tmp_path, sample):
    marks = [attrs.get("class") for _, attrs in page(tmp_path, sample).tags]
    assert {"ribbon", "watermark"} <= set(marks)


def test_a_live_run_bears_no_mark_of_the_simulator(tmp_path):
    live = page(tmp_path, samples.live)
    assert "SIMULATOR" not in live.text and "LIVE" in live.text


def test_a_journal_that_does_not_begin_with_a_run_cannot_be_drawn():
    with pytest.raises(UsageFault, match="a run as its first line"):
        html.render([])


def article(tmp_path: Path, number: int) -> str:
    """The text of one scenario's card in the sample of an outline."""
    drawn = html.render(samples.lines(tmp_path, samples.outlined))
    return Page(drawn.split("<article ")[number].partition("</article>")[0]).text


@pytest.mark.parametrize(
    "said",
    [
        "Rule: A report is as large as it was",
        "TP001 keeps its size",
        "Examples, line 27",
        "report TP001",
        "size 1,204,118",
        "Background Given the site's addresses are used",
        "Background And these reports are expected",
        "get TP001 then leave",
    ],
)
def test_an_outlines_row_is_shown_as_the_feature_has_it(tmp_path, said):
    assert said in article(tmp_path, 1)


def test_each_row_of_an_outline_has_its_own_values(tmp_path):
    second = article(tmp_path, 2)
    assert "Examples, line 28" in second and "TP001 keeps" not in second


def test_a_step_of_the_scenarios_own_is_not_marked_as_the_backgrounds(tmp_path):
    assert article(tmp_path, 1).count("Background") == 2


def test_a_data_table_has_the_features_rows_and_cells(tmp_path):
    drawn = html.render(samples.lines(tmp_path, samples.outlined))
    table = drawn.split('<table class="data">')[1].partition("</table>")[0]
    assert [row.split("<td>")[1:] for row in table.split("<tr>")[1:]] == [
        ["report", "every"], ["TP001", "day"], ["TP002", "day | half day"],
    ]  # fmt: skip


def test_a_doc_string_keeps_its_lines_and_its_indentation(tmp_path):
    drawn = html.render(samples.lines(tmp_path, samples.outlined))
    assert '<pre class="data">get TP001\n  then leave\n</pre>' in drawn


# That it is whole


@every_sample
def test_every_link_leads_to_a_place_in_the_file(tmp_path, sample):
    drawn = page(tmp_path, sample)
    targets = [attrs["href"] for _, attrs in drawn.tags if "href" in attrs]
    assert [target for target in targets if target is None or target.removeprefix("#") not in drawn.ids] == []


@every_sample
def test_no_anchor_is_given_twice(tmp_path, sample):
    drawn = page(tmp_path, sample)
    assert len(set(drawn.ids)) == len(drawn.ids)


@every_sample
def test_nothing_in_the_file_asks_for_another(tmp_path, sample):
    text = html.render(samples.lines(tmp_path, sample))
    asking = {"src", "srcset", "action", "data", "poster", "background", "ping"}
    assert not [attrs for _, attrs in Page(text).tags if asking & attrs.keys()]
    assert not re.search(r"url\(|@import", html.style())


@every_sample
def test_the_same_journal_gives_the_same_bytes(tmp_path, sample):
    lines = samples.lines(tmp_path, sample)
    assert html.render(lines) == html.render(lines)


def test_the_same_journal_gives_the_same_bytes_on_another_machine(tmp_path):
    samples.two_sessions(tmp_path / "evidence.jsonl")
    here = html.write(tmp_path).read_bytes()
    program = "import pathlib, sys; from pytest_hkexprt.evidence import html; html.write(pathlib.Path(sys.argv[1]))"
    elsewhere = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "America/New_York", "LC_ALL": "C"}
    subprocess.run([sys.executable, "-c", program, tmp_path], env=elsewhere, check=True)
    assert (tmp_path / "report.html").read_bytes() == here


def test_a_report_is_written_over_an_older_one_and_leaves_nothing_beside_it(tmp_path):
    samples.passed(tmp_path / "evidence.jsonl")
    html.write(tmp_path).write_text("older")
    html.write(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["evidence.jsonl", "report.html"]
    assert "Passed: 1 scenario" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_a_damaged_journal_leaves_an_older_report_alone(tmp_path):
    samples.passed(tmp_path / "evidence.jsonl")
    before = html.write(tmp_path).read_bytes()
    journal_path = tmp_path / "evidence.jsonl"
    journal_path.write_bytes(journal_path.read_bytes().replace(b"TP001", b"TP009", 1))
    with pytest.raises(UsageFault):
        html.write(tmp_path)
    assert (tmp_path / "report.html").read_bytes() == before


# That it stays text


def test_hostile_strings_add_no_element(tmp_path):
    harmless = {tag for sample in samples.SAMPLES.values() if sample is not samples.hostile
                for tag, _ in page(tmp_path / sample.__name__, sample).tags}  # fmt: skip
    assert {tag for tag, _ in page(tmp_path, samples.hostile).tags} - harmless <= {"b", "pre", "ul", "li"}


def test_hostile_strings_add_no_attribute(tmp_path):
    names = {name for _, attrs in page(tmp_path, samples.hostile).tags for name in attrs}
    drawing = {"viewbox", "x", "y", "width", "height", "rx", "d", "text-anchor", "tabindex"}
    finding = {"aria-live", "hidden", "aria-keyshortcuts", "value", "type"}
    assert names - drawing - finding == {
        "aria-hidden", "aria-label", "aria-labelledby", "charset", "class", "content", "data-l", "data-ms", "data-s",
        "href", "http-equiv", "id", "lang", "name", "open", "role", "scope",
    }  # fmt: skip


def test_hostile_strings_are_shown_as_they_are(tmp_path):
    assert '<script>document.title="pwned"</script></script>"onload="alert(1)"' in page(tmp_path, samples.hostile).text


@pytest.mark.parametrize("shown", [r"\x1b[31mred\x1b[0m", r"\u202egnp.exe\u2066", r"\x00", r"\u200b", r"\udc80"])
def test_characters_one_cannot_see_are_written_out(tmp_path, shown):
    assert shown in page(tmp_path, samples.hostile).text


def test_no_character_that_one_cannot_see_is_left(tmp_path):
    text = html.render(samples.lines(tmp_path, samples.hostile))
    assert words.UNSEEN.search(text.replace("\n", "").replace("\t", "")) is None


def test_templates_in_outside_strings_are_not_run(tmp_path):
    assert "{{ 7 * 7 }}" in page(tmp_path, samples.hostile).text


def test_the_content_policy_allows_the_own_script_alone_and_no_request(tmp_path):
    (policy,) = [attrs["content"] for _, attrs in page(tmp_path, samples.passed).tags if "http-equiv" in attrs]
    assert policy is not None and policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "script-src 'sha256-" in policy and "unsafe" not in policy


# That it can be read


def colours(scheme: str) -> dict[str, str]:
    """The style sheet's colours in light or dark."""
    light, dark = re.findall(r"\.hk(?:\.page)? \{\n(.*?)\}", html.style(), re.DOTALL)[:2]
    found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", light))
    return found if scheme == "light" else found | dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", dark))


def luminance(colour: str) -> float:
    parts = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


OUTCOMES = ("passed", "failed", "error", "warned", "none")
PAIRS = [
    *((ink, paper) for ink in ("ink", "soft", "link") for paper in ("bg", "card", "sunk")),
    *((outcome, f"{outcome}-bg") for outcome in OUTCOMES),
    *(("card", outcome) for outcome in OUTCOMES),
    ("warned", "sunk"),
    ("ink", "none-bg"),
    ("ink", "warned-bg"),
    ("soft", "warned-bg"),
    ("soft", "none-bg"),
    ("sim-ink", "sim"),
    ("live-ink", "live"),
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "paper"), PAIRS)
def test_text_has_the_contrast_of_wcag_aa(scheme, ink, paper):
    found = colours(scheme)
    darker, lighter = sorted((luminance(found[ink]), luminance(found[paper])))
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5


@pytest.mark.parametrize("outcome", list(Outcome))
def test_an_outcome_has_a_sign_and_a_colour_of_its_own_beside_its_word(outcome):
    assert re.search(rf"\.o-{words.slug(outcome)} {{ --o: .*--sign: \"", html.style())
