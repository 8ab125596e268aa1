"""The result form: the participant's answer to a circular, drawn from the run's journal alone.

``result-form.json`` holds it as data, ``result-form.html`` to print and sign. Its fields are the generic ones that
published participation and feedback forms share; those of a circular's own form are not public, and the form says so.

Source: the participation form of OMD-C's session tests and market rehearsals (company, contact, telephone, e-mail,
signature block, deadline), the practice sessions' result and feedback forms as far as their circulars describe them.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec

from pytest_hkexprt.evidence import html, journal
from pytest_hkexprt.evidence.describe import JOURNAL
from pytest_hkexprt.evidence.form.answer import Answer, answers
from pytest_hkexprt.evidence.html.build import build
from pytest_hkexprt.evidence.record import Line

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
    lines = list(journal.read(folder / JOURNAL))
    html.put(folder / DATA, data(lines))
    return html.put(folder / FORM, render(lines, lang))


def data(lines: Iterable[Line]) -> str:
    """Return the answers as JSON, one object for each circular of the run."""
    encoded = msgspec.json.encode(answers(build(lines)))
    return msgspec.json.format(encoded, indent=2).decode() + "\n"


def render(lines: Iterable[Line], lang: str | None = None) -> str:
    """Return the form as HTML, a part for each circular of the run; the same lines give the same bytes.

    Args:
        lines: the journal's lines, in order.
        lang: language of the labels; None for the one the run was asked for.
    """
    report = build(lines, lang=lang)
    shown: tuple[Answer, ...] = answers(report)
    language = report.run.lang if lang is None else lang
    css, running = html.style(), html.paper(report, language)
    template = html.environment(language).get_template("form.html.j2")
    digests = " ".join(f"'{html.digest(each)}'" for each in (css, running))
    return template.render(report=report, answers=shown, lang=language, css=css, paper=running, css_digests=digests)
