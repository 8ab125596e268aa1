"""pytest-html's own report, carrying the run's header card, clause table and steps, and none of its known faults.

Registered only when ``--html`` is given. Everything goes through pytest-html's hooks and the report data they hand out;
nothing of it is patched. The faults kept out, for ordinary tests in the same run too: markup in a test's name, in an
attachment's name or in the environment became part of the page; a backslash in the id of a test with an attachment
ended the run with an internal error and no report; an internal error left a report that looked passed.

Source: pytest-html 4.2.0, ``basereport.py`` and ``resources/app.js``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, MutableSequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from markupsafe import Markup, escape

from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.evidence import html
from pytest_hkexprt.evidence.html.build import build
from pytest_hkexprt.evidence.html.words import visible
from pytest_hkexprt.evidence.record import Line
from pytest_hkexprt.evidence.verdict import EXIT_WORDS

LINKED_SCHEMES = frozenset(("", "http", "https", "mailto", "file"))
"""What an attachment's link may begin with; any other (``javascript``) leads nowhere."""
CUT_SHORT = frozenset((pytest.ExitCode.INTERRUPTED, pytest.ExitCode.INTERNAL_ERROR, pytest.ExitCode.USAGE_ERROR))
"""With these exit statuses tests may be missing from the report."""


class PytestHtml:
    """The plugin.

    Args:
        written: returns the journal as written so far, empty when there is none, and the folder where the kept files
            lie, if there is one; under xdist the journal must be the merged one.
    """

    def __init__(self, written: Callable[[], tuple[list[Line], Path | None]]) -> None:
        self._written = written
        self._data: Any = None
        """pytest-html's ``ReportData``."""
        self._environment: Mapping[str, object] = {}
        self._begun: dict[str, None] = {}
        self._inline: defaultdict[str, list[Markup]] = defaultdict(list)
        """Node id to the attachments its row must show, and which cannot be given to pytest-html as such."""
        self._steps: defaultdict[str, list[str]] = defaultdict(list)
        """Node id to the steps of each attempt at it."""

    def pytest_html_report_title(self, report: Any) -> None:  # noqa: ANN401  pytest-html's, untyped
        """Keep the report's data, which only this hook hands out, and show the environment as text."""
        self._data = report
        self._environment = report.data["environment"]
        report.set_data("environment", _as_text(self._environment))

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Note a test that began, to miss it if it never ends."""
        self._begun[nodeid] = None

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        """Note that it ended."""
        self._begun.pop(nodeid, None)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Make a test's attachments harmless before pytest-html takes them."""
        extras: list[dict[str, Any]] = getattr(report, "extras", [])
        if not extras:
            return
        if "\\" in report.nodeid or not report.nodeid.isprintable():
            # pytest-html would read the id as Python escapes to name a file after it, and fail on one like C:\Users.
            self._inline[report.nodeid] += [_shown_inline(each) for each in extras]
            extras = []
        report.extras = [_harmless(each) for each in extras]  # type: ignore[attr-defined]  # pytest-html's own field

    @pytest.hookimpl(tryfirst=True)
    def pytest_html_results_table_row(self, report: pytest.TestReport, cells: MutableSequence[str]) -> None:
        """Show a test's id as text, whatever it holds."""
        test_id = report.nodeid if getattr(report, "when", "collect") == "call" else f"{report.nodeid}::{report.when}"
        raw = f'<td class="col-testId">{test_id}</td>'
        for index, cell in enumerate(cells):
            if cell == raw:
                cells[index] = f'<td class="col-testId">{escape(visible(test_id))}</td>'

    def pytest_html_results_summary(self, prefix: MutableSequence[str], session: pytest.Session) -> None:
        """Put the header card, the endpoints and the clauses on top, and each scenario's steps into its row."""
        parts: Any = html.environment().get_template("foreign.html.j2").module
        status = int(session.exitstatus)
        prefix.append(parts.style(html.style()))
        if session.exitstatus in CUT_SHORT or self._begun:
            why = EXIT_WORDS.get(status, "a test began and never ended")
            prefix.append(parts.incomplete(why, list(self._begun)))
        try:
            lines, folder = self._written()
            report = build(lines, status, folder=folder) if lines else None
        except UsageFault as fault:
            prefix.append(parts.incomplete(str(fault), []))
            report = None
        if report is not None:
            prefix.append(parts.summary(report))
            for section in report.sections:
                for scenario in section.scenarios:
                    self._steps[scenario.id].append(parts.row(scenario))
        self._data.set_data("environment", _as_text(self._environment))
        self._fill_rows()

    def _fill_rows(self) -> None:
        """Add to each test's rows what is shown inline: as an attachment of HTML, the kind that pytest-html lays out.

        A test that was run again has a row for each attempt, in their order; one that failed in its teardown has a row
        more than attempts.
        """
        for node_id, rows in self._data.data["tests"].items():
            if not rows:
                continue
            for attachment in self._inline.get(node_id, ()):
                _add(rows[0], attachment)
            for attempt, steps in enumerate(self._steps.get(node_id, ())):
                _add(rows[min(attempt, len(rows) - 1)], steps)


def _add(row: dict[str, Any], content: Markup | str) -> None:
    """Show more in a row; its list of attachments may be another row's too, and is left as it was."""
    row["extras"] = [*row["extras"], {"format_type": "html", "content": str(content), "name": None}]


def _as_text(environment: Mapping[str, object]) -> dict[str, object]:
    """Return the environment's values as text; pytest-html puts them into the page as they are, names apart."""
    return {visible(name): _value_as_text(value) for name, value in environment.items()}


def _value_as_text(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(escape(visible(str(name)))): _value_as_text(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_value_as_text(each) for each in value]
    return str(escape(visible(str(value))))


def _harmless(extra: dict[str, Any]) -> dict[str, Any]:
    """Return an attachment whose name and link are text; its content of HTML is the test's own and stays."""
    content, kind = extra["content"], extra["format_type"]
    if kind in ("image", "video", "html"):
        return extra
    if isinstance(content, bytes):
        content = content.decode(errors="backslashreplace")
    if kind == "url":
        content = str(escape(_link(str(content))))
    elif kind == "text":
        content = content.encode(errors="backslashreplace").decode()
    name = extra["name"]
    return {**extra, "content": content, "name": name and str(escape(visible(str(name))))}


def _link(target: str) -> str:
    try:
        scheme = urlsplit(target.strip()).scheme
    except ValueError:
        return "#"
    return target if scheme in LINKED_SCHEMES else "#"


def _shown_inline(extra: dict[str, Any]) -> Markup:
    """Return an attachment as a part of its row."""
    content, kind, name = extra["content"], extra["format_type"], visible(str(extra["name"] or extra["format_type"]))
    if kind == "html":
        return Markup(content)  # noqa: S704  the test's own markup, which pytest-html would show too
    if kind == "url":
        return Markup('<p><a href="{}">{}</a></p>').format(_link(str(content)), name)
    if kind in ("image", "video"):
        source = content if ":" in content or "." in content else f"data:{extra['mime_type']};base64,{content}"
        tag = '<img alt="{}" src="{}">' if kind == "image" else '<video controls title="{}" src="{}"></video>'
        return Markup(tag).format(name, source)  # noqa: S704  one of the two lines above
    text = content.decode(errors="backslashreplace") if isinstance(content, bytes) else str(content)
    return Markup("<p>{}</p><pre>{}</pre>").format(name, "\n".join(map(visible, text.split("\n"))))
