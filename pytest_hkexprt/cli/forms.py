"""``hkexprt forms``: what was sent back, and what is owed; and what is to be sent, drawn."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click

from pytest_hkexprt import clock, options
from pytest_hkexprt.agenda import State
from pytest_hkexprt.cli import own
from pytest_hkexprt.cli.access import EACH, FILE, JSON
from pytest_hkexprt.cli.say import plain, say
from pytest_hkexprt.clock import HONG_KONG
from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.model import Circular, Form, FormWhen
from pytest_hkexprt.reading import near
from pytest_hkexprt.systems.forms import ledger

FORMS = "forms"
"""The folder for them in the participant's data folder."""


class Listing(click.Group):
    """A group that lists where no command of it is named: ``hkexprt forms rap`` is ``hkexprt forms list rap``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put ``list`` before arguments that begin with no command."""
        if not args or (args[0] not in self.commands and args[0] not in ctx.help_option_names):
            args = ["list", *args]
        return super().parse_args(ctx, args)


@click.group(cls=Listing, short_help="What was sent back, what is owed; forms drawn.")
def forms() -> None:
    """List registrations and forms: what was sent back, what is owed; draw what is to be sent.

    `hkexprt forms rap` is short for `hkexprt forms list rap`.

    Exit status: 0 nothing is owed, 1 something is owed or was late, 2 wrong use.
    """


@forms.command("list", short_help="What was sent back, and what is owed.")
@click.argument("circular", nargs=-1, type=own.CIRCULAR)
@JSON
@EACH
@FILE
def list_(circular: tuple[str, ...], as_json: bool, participant_file: str, who: str) -> None:
    """List what was sent back and what is owed, of every circular or of those named.

    Exit status: 0 nothing is owed, 1 something is owed or was late, 2 wrong use.
    """
    now = clock.now()
    listed = [
        {
            "participant": due.whose,
            "circular": due.circular.stem,
            "what": due.what,
            "deadline": due.ends.astimezone(HONG_KONG).isoformat(),
            "declared": due.declared.isoformat() if due.declared else "",
            "state": due.state(now),
        }
        for due in own.agenda(own.read(participant_file, "forms", who), circular)
        if due.deadline
    ]
    if as_json:
        plain(json.dumps(listed, indent=2, ensure_ascii=False))
    else:
        for each in listed:
            by, whose = each["deadline"][:16].replace("T", " "), f" ({each['participant']})" * bool(each["participant"])
            say(f"{each['state']:<7} by {by}  {each['circular']}: {each['what']}{whose}")
        if not listed:
            say("no circular asks for a registration or a form")
    if any(each["state"] in (State.OWED, State.LATE) for each in listed):
        raise SystemExit(1)


@forms.command(short_help="Draw a form that is due before the sessions.")
@click.argument("circular", type=own.CIRCULAR)
@click.option("--form", "name", default="", metavar="NAME", help="which of several")
@click.option("--takes-part/--takes-no-part", default=None, help="what is ticked (default: neither)")
@click.option("--into", type=click.Path(path_type=Path), help="folder (default: forms/ in the data folder)")
@click.option("--lang", default="", metavar="LANG", help="the labels: en (default) or zh-Hant")
@JSON
@EACH
@FILE
def draw(
    circular: str,
    name: str,
    takes_part: bool | None,
    into: Path | None,
    lang: str,
    as_json: bool,
    participant_file: str,
    who: str,
) -> None:
    """Draw a form that CIRCULAR wants before its sessions.

    It is written as HTML to print and sign, and as JSON, with its deadline.

    The form of the result is drawn with each run instead, into the run's folder.

    Exit status: 0 drawn, 1 drawn though its deadline is over and nothing was sent, 2 not drawn.
    """
    from pytest_hkexprt.evidence.form import intention  # noqa: PLC0415  Jinja2, for those who draw

    found = own.find(circular)
    form = _form(found, name)
    everyone, language = own.read(participant_file, "forms draw", who), options.language(lang)
    listed = []
    for mine in _concerned(everyone, found):
        drawn = intention.intention(
            found,
            mine.who,
            form=form.name,
            returned_to=form.returned_to,
            deadline=form.deadline,
            now=clock.now(),
            returned=mine.sent(found, form.name),
            takes_part=takes_part,
        )
        folder = mine.who.data_folder / FORMS if into is None else into / (mine.slug if len(everyone) > 1 else "")
        page, data = intention.put(folder, found.stem, drawn, language)
        listed.append({"participant": drawn.participant, "html": str(page), "json": str(data), "sent": drawn.returned})
    overdue = form.deadline < clock.now() and not all(each["sent"] for each in listed)
    if as_json:
        told = {"form": form.name, "returned_to": form.returned_to, "deadline": drawn.deadline, "overdue": overdue}
        plain(json.dumps({**told, "drawn": listed}, indent=2, ensure_ascii=False))
    else:
        for each in listed:
            say(f"{each['html']}\n{each['json']}")
        by = f"{form.deadline.astimezone(HONG_KONG):%Y-%m-%d %H:%M}"
        say(f"return it to {form.returned_to} by {by}, then enter it:")
        more = "" if form.name == ledger.REGISTRATION else f' --form "{form.name}"'
        plain(f"hkexprt register {found.stem}{more} --on DATE --by NAME --proof FILE")
    if overdue:
        say("its deadline is over", err=True)
        raise SystemExit(1)


def _concerned(everyone: Sequence[own.Own], circular: Circular) -> Sequence[own.Own]:
    """Return the one participant there is, or those of several that a circular is for; of the others say so.

    Raises:
        UsageFault: it is for none of them.
    """
    if len(everyone) == 1:
        return everyone
    wanted = ", ".join(circular.roles)
    concerned = [mine for mine in everyone if {*mine.who.roles} & {*circular.roles}]
    for mine in (each for each in everyone if each not in concerned):
        say(f"omitted: for {wanted}, and {mine.who.name} is {', '.join(mine.who.roles)}", err=True)
    if not concerned:
        raise UsageFault("--participant", expected=f"one that is {wanted}", came="none")
    return concerned


def _form(circular: Circular, name: str) -> Form:
    """Return the form of that name which is due before the sessions, or the only one there is.

    Raises:
        UsageFault: there is none, or there are several and none was named.
    """
    offered = {each.name.lower(): each for each in circular.forms if each.when is FormWhen.BEFORE}
    if wanted := circular.registration:
        offered[ledger.REGISTRATION] = Form(ledger.REGISTRATION, wanted.channel, wanted.deadline, FormWhen.BEFORE)
    if not name and len(offered) == 1:
        return next(iter(offered.values()))
    if name.lower() in offered:
        return offered[name.lower()]
    later = [each.name for each in circular.forms if each.when is FormWhen.AFTER]
    nothing = "none was named" if offered else "the circular wants none before its sessions"
    raise UsageFault(
        f"forms of {circular.stem}",
        expected=f"--form {' or '.join(repr(each.name) for each in offered.values())}" if offered else "a form to draw",
        came=f"{name!r}{near(name.lower(), offered)}" if name else nothing,
        next_step=f"{', '.join(later)}: drawn with each run, result-form.html in the run's folder" if later else "",
    )
