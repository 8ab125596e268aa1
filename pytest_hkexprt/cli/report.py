"""``hkexprt report``: a run's folder drawn again from its journal."""

from __future__ import annotations

import json
from pathlib import Path

import click

from pytest_hkexprt.cli import others
from pytest_hkexprt.cli.say import plain, say
from pytest_hkexprt.evidence import folder as folders
from pytest_hkexprt.evidence import verdict


@click.command(short_help="Draw a run's report again from its journal.")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--sign-with", type=click.Path(path_type=Path), metavar="KEY", help="OpenSSH key to sign it with, anew")
@click.option("--pdf", is_flag=True, help="print report.html into a PDF beside the folder, with a Chromium")
@others.options
@click.option("--json", "as_json", is_flag=True, help="JSON for a script")
def report(
    folder: Path,
    sign_with: Path | None,
    *,
    pdf: bool,
    junitxml: Path | None,
    cucumber_json: Path | None,
    cucumber_messages: Path | None,
    as_json: bool,
) -> None:
    """Draw everything in a run's FOLDER again, from its journal alone, and seal it.

    A run that was killed gets its report this way. A signed folder stays as it is, unless the same bytes come out.

    Exit status: 0 drawn, 1 drawn but not signed, 2 not drawn.
    """
    folder = folders.resolved(folder)
    finished = folders.again(folder, sign_with)
    drawn = others.Others(junitxml, cucumber_json, cucumber_messages).write(finished.lines)
    told = {"report": str(finished.report), "bundle": str(finished.bundle), "pdf": ""}
    if pdf:
        from pytest_hkexprt.evidence import pdf as printer  # noqa: PLC0415  the name is the option's here

        told["pdf"] = str(printer.write(finished.report, folder.parent / f"{folder.name}-report.pdf"))
    told["signed_with"] = finished.signed_with
    told["verdict"] = verdict.terminal_line(finished.lines)
    if as_json:
        plain(json.dumps(told, indent=2, ensure_ascii=False))
    else:
        for line in filter(None, (told["report"], told["bundle"], told["pdf"], *map(str, drawn))):
            plain(line)
        if finished.signed_with:
            say(f"signed with {finished.signed_with}")
        if not finished.not_signed:
            say(told["verdict"])
    if finished.not_signed:
        raise click.ClickException(finished.not_signed)
