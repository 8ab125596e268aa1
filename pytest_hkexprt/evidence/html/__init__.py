"""The HTML report: one file drawn from the journal alone, which opens anywhere, prints, and asks nobody for anything.

Jinja2 escapes every value, and before that each character one could not see is written out, so that whatever a server,
a file name or a page says stays text. Everything is in the file as plain HTML; its one script, which the content policy
names by digest, finds, orders and folds. The policy allows nothing else, and no request.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import os
from collections.abc import Callable, Iterable
from pathlib import Path

import jinja2

from pytest_hkexprt.evidence import journal
from pytest_hkexprt.evidence.describe import JOURNAL
from pytest_hkexprt.evidence.html import words
from pytest_hkexprt.evidence.html.build import build
from pytest_hkexprt.evidence.html.shown import Shown
from pytest_hkexprt.evidence.html.view import ReportView, SectionView
from pytest_hkexprt.evidence.labels import counter, translator
from pytest_hkexprt.evidence.record import Line
from pytest_hkexprt.evidence.sentences import told

HERE = Path(__file__).parent
REPORT = "report.html"
"""The report's name in a run's folder."""
LONGEST_IN_MARGIN = 90
"""Characters that a printed page's margin has room for."""


def render(
    lines: Iterable[Line], exit_status: int | None = None, lang: str | None = None, folder: Path | None = None
) -> str:
    """Return the report of a journal as HTML; the same lines and kept files give the same bytes.

    Args:
        lines: the journal's lines, in order.
        exit_status: how pytest is about to end, for a journal whose end is not written yet.
        lang: language of the labels; None for the one the run was asked for.
        folder: where the kept files lie, to show pictures; None for none.

    Raises:
        UsageFault: the journal is empty, or does not begin with a run.
    """
    return page(build(lines, exit_status, lang, folder))


def page(report: ReportView) -> str:
    """Return a report as HTML."""
    css, script, running = style(), _file("report.js"), paper(report)
    css += _file("matrix.css") if report.matrices else ""
    template = environment(report.lang).get_template("report.html.j2")
    return template.render(
        report=report,
        lang=report.lang,
        css=css,
        paper=running,
        css_digests=" ".join(f"'{digest(each)}'" for each in (css, running)),
        script=script,
        script_digest=digest(script),
    )


def write(folder: Path, lang: str | None = None) -> Path:
    """Draw the report of the journal in a run's folder, beside it, whole or not at all.

    Args:
        folder: the run's.
        lang: language of the labels; None for the one the run was asked for.

    Returns:
        The report's path.

    Raises:
        UsageFault: the journal cannot be read, or is not whole; see :func:`pytest_hkexprt.evidence.journal.read`.
    """
    return put(folder / REPORT, render(journal.read(folder / JOURNAL), lang=lang, folder=folder))


def put(path: Path, text: str) -> Path:
    """Write a rendering whole or not at all, over an older one in one step, and return its path."""
    unfinished = path.with_suffix(".part")
    unfinished.write_text(text, encoding="utf-8", newline="\n")
    os.replace(unfinished, path)  # noqa: PTH105  replaces on Windows too
    return path


def style() -> str:
    """Return the report's style sheet."""
    return _file("report.css")


def paper(report: ReportView) -> str:
    """Return the style of a printed page's margins, which name the circular and the run.

    A style sheet of the report's own, because a page's margin takes its words from nowhere else. They are put into it
    as CSS strings whose every unusual character is an escape: nothing outside can end the string, or the style.
    """
    references = ", ".join(each.reference or each.stem for each in report.circulars)
    word = translator(report.lang)("A rehearsal. No system of the exchange was contacted.")
    name = f"SIMULATOR · {word}" if report.rehearsal else "LIVE"
    return (
        f"@page {{ @top-left {{ content: {_css_string(references)} }} @top-right {{ content: {_css_string(name)} }}"
        f" @bottom-left {{ content: {_css_string(report.run.run_id)} }} }}"
    )


def digest(text: str) -> str:
    """Return how a content policy names a style or a script: by its SHA-256."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _css_string(text: str) -> str:
    shown = words.visible(text[:LONGEST_IN_MARGIN])[:LONGEST_IN_MARGIN]
    return '"' + "".join(each if each.isalnum() or each in " ./-" else f"\\{ord(each):x} " for each in shown) + '"'


@functools.cache
def _file(name: str) -> str:
    return HERE.joinpath(name).read_text(encoding="utf-8")


@functools.cache
def environment(lang: str = "") -> jinja2.Environment:
    """Return the templates' environment; every value they show is made visible, then escaped.

    Args:
        lang: language of the labels.
    """
    say, shown = translator(lang), Shown(lang)
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE),
        autoescape=True,
        finalize=shown.value,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters.update(slug=words.slug, lines=shown.lines)
    of_language: dict[str, Callable[..., str]] = {
        "size": words.size, "day": words.day_of, "moment": words.day_and_clock, "span": words.span,
        "told": told,
    }  # fmt: skip
    environment.filters.update({name: functools.partial(each, lang=lang) for name, each in of_language.items()})
    environment.filters.update(plain=shown.plain, count=counter(lang), site=lambda section: _site(section, say))
    environment.filters.update(left=lambda minutes: _left(abs(minutes), counter(lang)))
    environment.filters["title"] = lambda section: _title(section, say)
    environment.filters["session"] = lambda section: _session(section, say)
    environment.globals["_"] = say
    return environment


def _left(minutes: int, number: Callable[[int, str], str]) -> str:
    """Return a stretch of time in its two largest units: ``8 days 2 hours``."""
    days, rest = divmod(minutes, 24 * 60)
    parts = [(days, "day"), (rest // 60, "hour"), (rest % 60, "minute")]
    shown = [number(count, unit) for count, unit in parts if count][:2]
    return " ".join(shown or [number(0, "minute")])


def _site(section: SectionView, say: Callable[[str], str]) -> str:
    """Return ``secondary site``."""
    return say("{site} site").format(site=say(section.site))


def _title(section: SectionView, say: Callable[[str], str]) -> str:
    """Return ``Session 1 · secondary site``, of several participants with the one's name, or what stands for it."""
    whose = f"{section.participant} · " if section.participant else ""
    return f"{whose}{_session(section, say)}" if section.circular else say("Other tests of this run")


def _session(section: SectionView, say: Callable[[str], str]) -> str:
    """Return ``Session 1 · secondary site``."""
    return f"{section.name} · {_site(section, say)}"
