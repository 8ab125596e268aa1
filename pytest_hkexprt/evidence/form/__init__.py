"""The result form: the participant's answer to a circular, drawn from the run's journal alone.

``result-form.json`` holds it as data, ``result-form.html`` to print and sign. Its fields are the generic ones that
published participation and feedback forms share; those of a circular's own form are not public, and the form says so.

Source: the participation form of OMD-C's session tests and market rehearsals (company, contact, telephone, e-mail,
signature block, deadline), the practice sessions' result and feedback forms as far as their circulars describe them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from pytest_hkexprt.evidence import html, journal, one_of_several
from pytest_hkexprt.evidence.describe import JOURNAL
from pytest_hkexprt.evidence.form.answer import answers
from pytest_hkexprt.evidence.html.build import build
from pytest_hkexprt.evidence.html.view import ReportView
from pytest_hkexprt.evidence.record import Line
from pytest_hkexprt.participants import slug

FORM, DATA = "result-form.html", "result-form.json"
"""Their names in a run's folder."""


def write(folder: Path, lang: str | None = None) -> Path:
    """Write both beside a run's journal and return the form's path.

    Args:
        folder: the run's.
        lang: language of the labels; None for the one the run was asked for.

    Raises:
        UsageFault: the journal cannot be read.
    """
    return put(folder, build(journal.read(folder / JOURNAL), lang=lang))


def write_all(folder: Path, lines: Sequence[Line], report: ReportView) -> None:
    """Write both for each participant of a run: one, or each of several from its own share of the journal.

    Args:
        folder: the run's.
        lines: its journal.
        report: what the report of the whole shows.
    """
    several = one_of_several.everyone(lines)
    shares = one_of_several.Shares(lines if several else ())
    for who in several:
        put(folder, build(shares.of(who)), slug(who.name))
    if not several:
        put(folder, build(one_of_several.joined(lines)) if report.parts else report)


def put(folder: Path, report: ReportView, whose: str = "") -> Path:
    """Write both for what a report shows, and return the form's path.

    Args:
        folder: the run's.
        report: what it shows; of several participants, the share of one.
        whose: of several participants, the one's name for files: ``result-form-alpha-limited.html``.
    """
    form, data = (name.replace(".", f"-{whose}.") if whose else name for name in (FORM, DATA))
    html.put(folder / data, _data(report))
    return html.put(folder / form, page(report))


def data(lines: Iterable[Line]) -> str:
    """Return the answers as JSON, one object for each circular of the run."""
    return _data(build(lines))


def _data(report: ReportView) -> str:
    encoded = msgspec.json.encode(answers(report))
    return msgspec.json.format(encoded, indent=2).decode() + "\n"


def render(lines: Iterable[Line], lang: str | None = None) -> str:
    """Return the form as HTML, a part for each circular of the run; the same lines give the same bytes.

    Args:
        lines: the journal's lines, in order.
        lang: language of the labels; None for the one the run was asked for.
    """
    return page(build(lines, lang=lang))


def page(report: ReportView) -> str:
    """Return the form of what a report shows, as HTML."""
    css, running = html.style(), html.paper(report)
    template = html.environment(report.lang).get_template("form.html.j2")
    return template.render(
        report=report,
        answers=answers(report),
        lang=report.lang,
        css=css,
        paper=running,
        css_digests=" ".join(f"'{html.digest(each)}'" for each in (css, running)),
    )
