"""The HTML report: one file drawn from the journal alone, which opens anywhere, prints, and asks nobody for anything.

Jinja2 escapes every value, and before that each character one could not see is written out, so that whatever a server,
a file name or a page says stays text. There is no script in the file; its content policy allows none, and no request.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup, escape

from pytest_hkexprt.evidence import journal
from pytest_hkexprt.evidence.describe import JOURNAL
from pytest_hkexprt.evidence.html import words
from pytest_hkexprt.evidence.html.build import build
from pytest_hkexprt.evidence.record import Line

HERE = Path(__file__).parent
REPORT = "report.html"
"""The report's name in a run's folder."""


def render(lines: Iterable[Line], exit_status: int | None = None) -> str:
    """Return the report of a journal as HTML; the same lines give the same bytes.

    Args:
        lines: the journal's lines, in order.
        exit_status: how pytest is about to end, for a journal whose end is not written yet.

    Raises:
        UsageFault: the journal is empty, or does not begin with a run.
    """
    css = style()
    policy = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    template = environment().get_template("report.html.j2")
    return template.render(report=build(lines, exit_status), css=css, css_digest=policy)


def write(folder: Path) -> Path:
    """Draw the report of the journal in a run's folder, beside it, whole or not at all.

    Returns:
        The report's path.

    Raises:
        UsageFault: the journal cannot be read, or is not whole; see :func:`pytest_hkexprt.evidence.journal.read`.
    """
    path = folder / REPORT
    unfinished = path.with_suffix(".part")
    unfinished.write_text(render(journal.read(folder / JOURNAL)), encoding="utf-8", newline="\n")
    os.replace(unfinished, path)  # noqa: PTH105  replaces an older report in one step, on Windows too
    return path


@functools.cache
def style() -> str:
    """Return the report's style sheet."""
    return HERE.joinpath("report.css").read_text(encoding="utf-8")


@functools.cache
def environment() -> jinja2.Environment:
    """Return the templates' environment; every value they show is made visible, then escaped."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE),
        autoescape=True,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters.update(
        size=words.size, day=words.day_of, moment=words.day_and_clock, slug=words.slug, lines=_shown_lines
    )
    return environment


def _shown(value: Any) -> Any:  # noqa: ANN401  whatever a template may show
    """Return a template's value; of a string, with the characters one could not see written out and set apart."""
    if not isinstance(value, str) or hasattr(value, "__html__") or not words.UNSEEN.search(value):
        return value
    return _marked(value)


def _shown_lines(value: str) -> Markup:
    """Return a text of several lines with its line ends and tabs kept, everything else made visible."""
    return Markup("\n").join(Markup("\t").join(map(_marked, line.split("\t"))) for line in value.split("\n"))


def _marked(text: str) -> Markup:
    return Markup(words.UNSEEN.sub(lambda match: f"<b>{words.escape_of(match)}</b>", str(escape(text))))  # noqa: S704  escaped here
