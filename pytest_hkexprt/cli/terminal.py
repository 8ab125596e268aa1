"""``hkexprt terminal``: help for whoever describes a terminal's pages."""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict
from pathlib import Path

import click

from pytest_hkexprt import shipped
from pytest_hkexprt.cli.say import plain, say
from pytest_hkexprt.errors import UsageFault

TIMEOUT_S = 20.0


@click.group()
def terminal() -> None:
    """Look at the pages of CCASS and CCMS."""


@terminal.command(short_help="List what is on a page, with a picture of it.")
@click.argument("url")
@click.option("--picture", type=click.Path(path_type=Path), default="terminal.png", metavar="FILE", help="PNG to write")
@click.option(
    "--draft", type=click.Path(path_type=Path), metavar="FILE", help="page description to begin; not replaced"
)
@click.option("--name", type=click.Choice(["CCASS", "CCMS"]), default="CCMS", help="whose page it is (default: CCMS)")
@click.option("--host", "hosts", multiple=True, metavar="HOST", help="further host it may use; may be repeated")
@click.option(
    "--browser", default="", metavar="FILE", help="browser (default: Chromium, Chrome or Edge of this machine)"
)
@click.option("--timeout", "timeout_s", type=float, default=TIMEOUT_S, metavar="SECONDS", help="how long it may take")
@click.option("--json", "as_json", is_flag=True, help="JSON for a script")
def probe(
    url: str,
    *,
    picture: Path,
    draft: Path | None,
    name: str,
    hosts: tuple[str, ...],
    browser: str,
    timeout_s: float,
    as_json: bool,
) -> None:
    """Open a page, list what is on it with a selector each, and take a picture.

    Nothing is typed and nothing is clicked. The browser reaches the page's host and those of --host, nobody else.

    Exit status: 0 the page was opened, 1 it was not, 2 wrong use.
    """
    shipped.require("ccass")
    from pytest_hkexprt.systems.ccass import client_probe  # noqa: PLC0415  a browser, for this command alone
    from pytest_hkexprt.systems.ccass.client_browser import Browser  # noqa: PLC0415

    if draft is not None and draft.exists():
        raise UsageFault(f"--draft {draft}", expected="a file that is not there yet", came="it is there")
    host = client_probe.host_of(url)
    with (
        tempfile.TemporaryDirectory(prefix="hkexprt-") as folder,
        Browser(executable=browser, hosts=(host, *hosts), folder=Path(folder)) as launched,
    ):
        found = client_probe.probe(launched, url, timeout_s)
    picture.write_bytes(found.picture)
    if draft is not None:
        draft.write_text(client_probe.draft(found, name), "utf-8")
    if as_json:
        page = {"url": found.look.url, "title": found.look.title, "status": found.look.status}
        said = {"script_errors": found.look.script_errors, "failed": found.look.failed, "text": found.look.text}
        plain(json.dumps({**page, **said, "parts": [asdict(part) for part in found.parts]}, ensure_ascii=False))
        return
    say(f"{found.look.title or 'no title'}\n{found.look.url} (status {found.look.status})\n")
    width = max((len(part.selector) for part in found.parts), default=0)
    for part in found.parts:
        plain(f"  {part.kind:<9} {part.selector:<{min(width, 44)}}  {' '.join(part.text.split())}".rstrip())
    for error in (*found.look.script_errors, *found.look.failed):
        say(f"  went wrong  {error}")
    say(f"\npicture: {picture}" + (f"\ndraft: {draft}" if draft else ""))
