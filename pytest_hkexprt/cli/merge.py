"""``hkexprt merge``: the sealed runs of several machines made one page."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path

import click

from pytest_hkexprt import options as run_options
from pytest_hkexprt.cli import others
from pytest_hkexprt.cli.say import plain, say
from pytest_hkexprt.evidence import folder as folders
from pytest_hkexprt.evidence import verdict
from pytest_hkexprt.evidence.folder import Finished
from pytest_hkexprt.evidence.merged import write
from pytest_hkexprt.evidence.record import Line, PartRecord


@click.command(short_help="Make the runs of several machines one page.")
@click.argument("evidence", nargs=-1, type=click.Path(path_type=Path), metavar="FOLDER|ZIP...")
@click.option("--into", required=True, type=click.Path(path_type=Path), metavar="FOLDER", help="folder to make")
@click.option("--keep", type=click.Choice(["last"]), help="of a scenario that ran twice, let the later count")
@click.option("--signers", type=click.Path(path_type=Path), metavar="FILE", help="allowed signers; each run needs one")
@click.option("--sign-with", type=click.Path(path_type=Path), metavar="KEY", help="OpenSSH key to sign the whole with")
@click.option("--lang", metavar="LANG", help="the report's labels: en or zh-Hant (default: the runs' own)")
@others.options
@click.option("--json", "as_json", is_flag=True, help="JSON for a script")
def merge(
    evidence: tuple[Path, ...],
    into: Path,
    keep: str | None,
    signers: Path | None,
    sign_with: Path | None,
    lang: str | None,
    junitxml: Path | None,
    cucumber_json: Path | None,
    cucumber_messages: Path | None,
    as_json: bool,
) -> None:
    """Make the runs of several machines, each a FOLDER or a ZIP file, one.

    Each is verified first; one that is not as it was written, or that cannot
    stand on one page with the others, is refused by name, and nothing is
    written. The whole is sealed, and hkexprt verify proves its parts, too.

    Exit status: 0 merged, 1 merged but not signed, 2 not merged.
    """
    folder = write.merge(
        evidence,
        into,
        keep=keep or "",
        signers=signers,
        key=sign_with,
        lang=None if lang is None else run_options.language(lang),
        command=shlex.join(["hkexprt", *sys.argv[1:]]),
    )
    finished = folders.finish(folder, sign_with)
    others.Others(junitxml, cucumber_json, cucumber_messages).write(finished.lines)
    if as_json:
        plain(json.dumps(_told(finished), indent=2, ensure_ascii=False))
    else:
        parts = _parts(finished.lines)
        say(f"merged from {len(parts)} runs" if len(parts) > 1 else "merged from 1 run")
        for each in parts:
            say(f"  {each.number} {each.seal.source}: {each.run.participant}, {each.run.machine or 'no machine'}")
        plain(f"{finished.report}\n{finished.bundle}")
        if finished.signed_with:
            say(f"signed with {finished.signed_with}")
        say(verdict.terminal_line(finished.lines))
    if finished.not_signed:
        raise click.ClickException(finished.not_signed)


def _parts(lines: list[Line]) -> list[PartRecord]:
    return [line.record for line in lines if isinstance(line.record, PartRecord)]


def _told(finished: Finished) -> dict[str, object]:
    return {
        "report": str(finished.report),
        "bundle": str(finished.bundle),
        "parts": [
            {
                "source": each.seal.source,
                "run": each.run.run_id,
                "participant": each.run.participant,
                "machine": each.run.machine,
                "started": each.run.started,
                "ended": each.end.ended if each.end else None,
                "records": each.seal.records,
                "sha256": each.seal.sha256,
                "signed_with": each.seal.signed_with,
            }
            for each in _parts(finished.lines)
        ],
        "signed_with": finished.signed_with,
        "verdict": verdict.terminal_line(finished.lines),
    }
