"""pytest-html's own report: it carries ours, and its known faults are kept out."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path

import pytest

from tests.evidence import samples

SCENARIO = samples.scenario_record().id
HOSTILE_NAME = '<script>document.title="pwned"</script><site>"onload="x" \u202e\x1b[31m'
CONFTEST = """
import pathlib, tempfile
import pytest
import pytest_html
from pytest_hkexprt.evidence.pytest_html import PytestHtml
from tests.evidence import samples

def written():
    sample = {sample!r}
    made = pathlib.Path(tempfile.mkdtemp(dir={folder!r}))
    return (samples.lines(made, samples.SAMPLES[sample]), made) if sample else ([], None)

def pytest_configure(config):
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(PytestHtml(written), "hkexprt-pytest-html")

class Case(pytest.Item):
    def runtest(self):
        exec(self.code, dict(pytest=pytest, extras=pytest_html.extras, config=self.config))
        self.config.stash[pytest_html.fixtures.extras_stash_key] = self.config.stash.get("hk", [])

class Cases(pytest.File):
    def collect(self):
        for name, code in eval(self.path.read_text(encoding="utf-8")):
            case = Case.from_parent(self, name=name)
            case.code = code
            yield case

def pytest_collect_file(file_path, parent):
    if file_path.suffix == ".cases":
        return Cases.from_parent(parent, path=file_path)

@pytest.hookimpl(tryfirst=True)
def pytest_runtest_makereport(item, call):
    report = pytest.TestReport.from_item_and_call(item, call)
    if call.when == "call":
        report.extras = getattr(item.config, "given", [])
        item.config.given = []
    return report
"""


class Report:
    """A report that pytest-html wrote."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.text = path.read_text(encoding="utf-8")
        match = re.search(r'data-jsonblob="(.*?)"', self.text, re.DOTALL)
        assert match
        self.data = json.loads(unescape(match.group(1)))

    def rows(self, name: str) -> list[dict[str, object]]:
        return [row for node_id, rows in self.data["tests"].items() if name in node_id for row in rows]


@pytest.fixture
def run(pytester: pytest.Pytester):
    """Return a function that runs cases (name, code) with ``--html`` and returns the result and the report."""

    def run_cases(*cases: tuple[str, str], sample: str = "", arguments: tuple[str, ...] = ("--self-contained-html",)):
        folder = pytester.mkdir("journals")
        pytester.makeconftest(CONFTEST.format(sample=sample, folder=str(folder)))
        pytester.path.joinpath("given.cases").write_text(repr(cases), encoding="utf-8")
        result = pytester.runpytest_inprocess(
            "-p", "no:cacheprovider", "--html", "out/report.html", *arguments, "given.cases"
        )
        path = pytester.path / "out" / "report.html"
        return result, Report(path) if path.exists() else None

    return run_cases


def attaching(*extras: str) -> str:
    return f"config.given = [{', '.join(f'extras.{each}' for each in extras)}]"


def test_it_carries_the_header_card_and_the_clause_table(run):
    _, report = run(("a", "pass"), sample="passed")
    for said in ("Passed: 1 scenario, 6 checks", "SIMULATOR", samples.RAP.subject, "the folder holds as many files"):
        assert said in report.text


@pytest.mark.parametrize("arguments", [("--self-contained-html",), ()], ids=["self-contained", "with assets"])
def test_a_scenarios_row_carries_its_steps_and_checks(pytester, run, arguments):
    pytester.path.joinpath("features").mkdir()
    cases = repr([("A Clearing Participant retrieves its reports", "assert 0")])
    pytester.path.joinpath("features", "rap.feature").write_text(cases)
    pytester.makeini("[pytest]\n")
    folder = pytester.mkdir("journals")
    conftest = CONFTEST.format(sample="failed", folder=str(folder)).replace('".cases"', '".feature"')
    pytester.makeconftest(conftest)
    pytester.runpytest_inprocess(
        "-p", "no:cacheprovider", "-p", "no:hkexprt", "--html", "report.html", *arguments, "features/rap.feature"
    )
    (row,) = Report(pytester.path / "report.html").rows("rap.feature::")
    shown = " ".join(extra["content"] for extra in row["extras"])
    assert "points to the site&#39;s addresses" in shown and "missing TP017_20230414.csv" in shown


def test_a_run_without_a_journal_has_a_plain_report(run):
    result, report = run(("a", "pass"))
    result.assert_outcomes(passed=1)
    assert "Passed: 1 scenario" not in report.text


def test_a_self_contained_report_asks_for_nothing(run, browser):
    _, report = run(("a", "pass"), sample="failed")
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(report.path.as_uri(), wait_until="networkidle")
    page.close()
    assert asked == [report.path.as_uri()]


def test_markup_in_a_tests_name_stays_text(run, browser):
    _, report = run((HOSTILE_NAME, "pass"), sample="hostile")
    page = browser.new_page()
    page.goto(report.path.as_uri())
    title, shown = page.title(), page.locator("td.col-testId").inner_text()
    page.close()
    assert (title, shown) == (
        "report.html",
        'given.cases::<script>document.title="pwned"</script><site>"onload="x" \\u202e\\x1b[31m',
    )


def test_markup_in_the_name_of_a_test_that_fails_in_its_set_up_stays_text(run, browser, pytester):
    pytester.makepyfile(
        test_setup="""
        import pytest
        @pytest.fixture
        def broken(): raise ValueError("<script>document.title='pwned'</script>")
        @pytest.mark.parametrize("x", ["<script>document.title='pwned'</script>"])
        def test_it(broken, x): pass
        """
    )
    _, report = run(("a", "pass"), arguments=("--self-contained-html", "test_setup.py"))
    page = browser.new_page()
    page.goto(report.path.as_uri())
    title, shown = page.title(), page.locator("td.col-testId").all_inner_texts()
    page.close()
    assert title == "report.html"
    assert "test_setup.py::test_it[<script>document.title='pwned'</script>]::setup" in shown


@pytest.mark.parametrize("name", ["C:\\Users\\x", "\\x", "\\N{nothing}", "name \udc80"])
def test_a_backslash_in_the_name_of_a_test_with_an_attachment_does_no_harm(run, name):
    result, report = run((name, attaching("text('kept text', 'log')")))
    assert result.ret == 0
    (row,) = report.rows("given.cases")
    assert "kept text" in " ".join(extra["content"] for extra in row["extras"])


@pytest.mark.parametrize(
    ("extra", "shown"),
    [
        ("text('<b>bold</b>', '<i>name</i>')", "<p>&lt;i&gt;name&lt;/i&gt;</p><pre>&lt;b&gt;bold&lt;/b&gt;</pre>"),
        ("json({'a': 1}, 'data')", "<p>data</p>"),
        ("url('https://example.org/?a=1&b=2', 'link')", '<a href="https://example.org/?a=1&amp;b=2">link</a>'),
        ("url('javascript:alert(1)', 'link')", '<a href="#">link</a>'),
        ("html('<div>own</div>')", "<div>own</div>"),
        ("png('iVBORw0KGgo=', 'pixel')", 'src="data:image/png;base64,iVBORw0KGgo="'),
    ],
)
def test_every_kind_of_attachment_is_shown_below_a_test_with_a_backslash(run, extra, shown):
    _, report = run(("C:\\Users", attaching(extra)))
    (row,) = report.rows("given.cases")
    assert shown in " ".join(extra["content"] for extra in row["extras"])


def test_markup_in_an_attachments_name_stays_text(run):
    _, report = run(("a", attaching("text('x', '</a><script>alert(1)</script>')")))
    (row,) = report.rows("given.cases::a")
    assert "<script>" not in "".join(row["resultsTableRow"])


def test_an_attached_link_that_is_a_script_leads_nowhere(run):
    _, report = run(("a", attaching("url('javascript:alert(1)', 'x')")))
    (row,) = report.rows("given.cases::a")
    assert "javascript:" not in "".join(row["resultsTableRow"])


def test_an_attached_link_cannot_leave_its_attribute(run):
    _, report = run(("a", attaching("url('https://e.org/\" onclick=\"x', 'x')")))
    (row,) = report.rows("given.cases::a")
    assert '" onclick="' not in "".join(row["resultsTableRow"])


def test_an_ordinary_attachment_is_left_to_pytest_html(run):
    _, report = run(("a", attaching("text('kept text', 'log')")))
    (row,) = report.rows("given.cases::a")
    assert ">log</a>" in "".join(row["resultsTableRow"])


def test_markup_in_the_environment_stays_text(run):
    _, report = run(("a", "pass"), arguments=("--self-contained-html", "--metadata", "Branch", "<img src=x onerror=y>"))
    assert report.data["environment"]["Branch"] == "&lt;img src=x onerror=y&gt;"


def test_an_internal_error_is_not_shown_as_passed(pytester, run):
    pytester.makepyfile(
        breaking="""
        def pytest_runtest_logreport(report):
            if report.when == "call" and "second" in report.nodeid:
                raise RuntimeError("broken plugin")
        """
    )
    pytester.syspathinsert()
    result, report = run(("first", "pass"), ("second", "pass"), arguments=("--self-contained-html", "-p", "breaking"))
    assert result.ret == pytest.ExitCode.INTERNAL_ERROR
    assert "This report is not complete: pytest met an internal error" in report.text
    assert "given.cases::second" in report.text


def test_an_interrupted_run_is_not_shown_as_passed(run):
    _, report = run(("first", "pass"), ("second", "pytest.exit('stopped by hand')"))
    assert "This report is not complete: it was interrupted" in report.text


def test_a_complete_run_is_not_called_incomplete(run):
    _, report = run(("first", "pass"), ("second", "assert 0"))
    assert "This report is not complete" not in report.text


def test_a_damaged_journal_is_said_in_the_report(pytester):
    refusing = "    from pytest_hkexprt.errors import UsageFault\n    raise UsageFault('evidence.jsonl, line 7')\n"
    conftest = CONFTEST.format(sample="", folder="").replace("def written():\n", f"def written():\n{refusing}")
    pytester.makeconftest(conftest)
    pytester.path.joinpath("given.cases").write_text(repr([("a", "pass")]))
    pytester.runpytest_inprocess("-p", "no:cacheprovider", "--html", "report.html", "given.cases")
    assert "evidence.jsonl, line 7" in (pytester.path / "report.html").read_text(encoding="utf-8")


def test_the_rows_of_workers_carry_their_attachments(run):
    result, report = run(
        ("C:\\Users", attaching("text('kept text', 'log')")), arguments=("--self-contained-html", "-n", "1")
    )
    assert result.ret == 0
    (row,) = report.rows("given.cases")
    assert "kept text" in " ".join(extra["content"] for extra in row["extras"])
