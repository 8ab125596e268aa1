"""The description of a terminal's pages: where to click, what to fill in, what proves what.

The real pages are not public. What a client must know of them stands in a TOML file that a participant writes for the
pages it sees (``hkexprt terminal probe`` helps); those that ship describe our own stand-in.

A *mark* is a CSS selector, or ``text=`` and words: it is there when an element that fits is seen, or the page's text
holds the words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.reading import Table, load, near, tell
from pytest_hkexprt.systems.ccass.report import Field, ReportForm, Sum

SHIPPED = Path(__file__).with_name("pages_shipped")
STAND_IN = "standin"
TERMINALS = ("CCASS", "CCMS")
VALUES = ("user", "password", "code")
NO_FIELD = Field(0, 1)
"""In the place of one described wrongly: the mistake is told, and nothing is read by it."""


class Act(StrEnum):
    """What a step on a page is."""

    FILL = "fill"
    CLICK = "click"
    OPERATOR = "operator"
    """A person does it, in the browser that is shown."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing done on a page."""

    act: Act
    target: str
    """A selector; for a person, what to do, in words."""
    value: str = ""
    """Of a field: what to fill in, one of :data:`VALUES`."""
    until: str = ""
    """Of a person's step: the mark that proves it."""
    rehearse: str = ""
    """Of a person's step: what a rehearsal clicks in the person's place."""


@dataclass(frozen=True, slots=True)
class EnquiryPage:
    """Where production data are shown."""

    steps: tuple[Step, ...]
    table: str
    as_of: str
    as_of_format: str
    """As strptime has it: ``%Y-%m-%d``."""
    owner: str = ""


@dataclass(frozen=True, slots=True)
class ReportPage:
    """Where reports are listed."""

    steps: tuple[Step, ...]
    list: str
    """Mark of the list, however many reports it has."""
    rows: str
    """Selector of a report's row."""
    name: str
    """Selector of its name, within the row."""
    link: str
    """Selector of what downloads it, within the row."""
    size: str
    """Selector of its size in bytes, within the row; empty where none is listed."""
    wanted: str
    """Pattern of the name of the report to download: ``CCMDS01*``."""
    form: ReportForm | None = None
    """What it looks like inside; None where nothing is known."""


@dataclass(frozen=True, slots=True)
class TerminalPages:
    """The pages of one terminal."""

    name: str
    path: str
    """Where one logs on, below the host."""
    form: str
    """Mark of the page for logging on; seen later, it means that the session is over."""
    steps: tuple[Step, ...]
    """How one logs on."""
    inside: str
    """Mark that proves that one is logged on."""
    open: str
    """Mark of a terminal whose functions are there."""
    notice: str
    """Selector of the place of its notices."""
    refused: str
    """Selector of the place where it says why it refuses."""
    busy: str
    maintenance: tuple[str, ...]
    """Marks of a maintenance page."""
    mask: tuple[str, ...]
    """Selectors of what is left out of pictures and texts."""
    enquiry: EnquiryPage | None
    report: ReportPage | None
    logout: tuple[Step, ...]
    outside: str
    """Mark that proves that one is logged off."""


@dataclass(frozen=True, slots=True)
class Pages:
    """A description of both terminals."""

    name: str
    version: str
    path: Path
    hosts: tuple[str, ...]
    """Further hosts that the pages may use."""
    terminals: Mapping[str, TerminalPages]

    @property
    def shipped(self) -> bool:
        """Whether it describes our own stand-in."""
        return self.path.parent == SHIPPED

    @property
    def by_person(self) -> bool:
        """Whether a person is needed to log on."""
        return any(step.act is Act.OPERATOR for each in self.terminals.values() for step in each.steps)

    def of(self, terminal: str) -> TerminalPages:
        """Return one terminal's pages.

        Raises:
            UsageFault: they are not described.
        """
        if terminal not in self.terminals:
            raise UsageFault(
                str(self.path), expected=f"a table [{terminal}]", came=f"{', '.join(self.terminals) or 'none'}"
            )
        return self.terminals[terminal]


def shipped() -> tuple[str, ...]:
    """Return the names of the descriptions that ship."""
    return tuple(sorted(path.stem for path in SHIPPED.glob("*.toml")))


def find(name: str, folder: Path) -> Pages:
    """Return a description: one that ships, by its name, or a file relative to a folder.

    Raises:
        UsageFault: it cannot be read or has mistakes; the message names table and key of each.
    """
    return read(SHIPPED / f"{name}.toml" if name in shipped() else folder / Path(name).expanduser())


def read(path: Path) -> Pages:
    """Return the description in a file.

    Raises:
        UsageFault: it cannot be read or has mistakes; the message names table and key of each.
    """
    table = Table(load(path))
    name, version, hosts = table.text("name", required=True), table.text("version"), table.words("hosts")
    table.text("about")
    terminals = {each: _terminal(each, below) for each in TERMINALS if (below := table.table(each)) is not None}
    if not terminals:
        table.wrong(TERMINALS[0], f"missing; expected a table [{'] or ['.join(TERMINALS)}]")
    table.unknown()
    tell(path, table.mistakes)
    return Pages(name, version, path, hosts, terminals)


def _terminal(name: str, table: Table) -> TerminalPages:
    enquiry, report, logout = table.table("enquiry"), table.table("report"), table.table("logout")
    described = TerminalPages(
        name=name,
        path=table.text("path", "/"),
        form=table.text("form", required=True),
        steps=_steps(table),
        inside=table.text("inside", required=True),
        open=table.text("open", required=True),
        notice=table.text("notice", required=True),
        refused=table.text("refused", required=True),
        busy=table.text("busy"),
        maintenance=table.words("maintenance"),
        mask=table.words("mask"),
        enquiry=_enquiry(enquiry) if enquiry else None,
        report=_report(report) if report else None,
        logout=_steps(logout) if logout else (),
        outside=logout.text("outside", required=True) if logout else "",
    )
    if logout is None:
        table.wrong("logout", "missing; expected a table")
    else:
        logout.unknown()
    table.unknown()
    return described


def _enquiry(table: Table) -> EnquiryPage:
    found = EnquiryPage(
        steps=_steps(table),
        table=table.text("table", required=True),
        as_of=table.text("as_of", required=True),
        as_of_format=table.text("as_of_format", "%Y-%m-%d"),
        owner=table.text("owner"),
    )
    table.unknown()
    return found


def _report(table: Table) -> ReportPage:
    form = table.table("form")
    found = ReportPage(
        steps=_steps(table),
        list=table.text("list", required=True),
        rows=table.text("rows", required=True),
        name=table.text("name", required=True),
        link=table.text("link", required=True),
        size=table.text("size"),
        wanted=table.text("wanted", "*"),
        form=_form(form) if form else None,
    )
    table.unknown()
    return found


def _form(table: Table) -> ReportForm:
    named = table.text("sum", Sum.BYTES)
    if named not in tuple(Sum):
        table.wrong("sum", f"{named!r} is not one of {', '.join(Sum)}{near(named, Sum)}")
        named = Sum.BYTES
    found = ReportForm(
        record_bytes=int(table.number("record_bytes", 80)),
        header=table.text("header", required=True),
        trailer=table.text("trailer", required=True),
        count=_field(table, "count"),
        checksum=_field(table, "checksum"),
        sum=Sum(named),
    )
    table.unknown()
    return found


def _field(table: Table, key: str) -> Field:
    match table.listed(key):
        case [int(starts), int(length)] if starts >= 0 and length > 0:
            return Field(starts, length)
        case other:
            table.wrong(key, f"expected where it starts, from 0, and its length, such as [3, 8]; came {other!r}")
            return NO_FIELD


def _steps(table: Table) -> tuple[Step, ...]:
    steps = []
    for entry in table.tables("steps"):
        written = [act for act in Act if entry.text(act)]
        if len(written) != 1:
            entry.wrong("fill, click or operator", "expected one of them")
            continue
        (act,) = written
        step = Step(act, entry.text(act), entry.text("with"), entry.text("until"), entry.text("rehearse"))
        if act is Act.FILL and step.value not in VALUES:
            entry.wrong("with", f"expected one of {', '.join(VALUES)}, came {step.value!r}")
        if act is Act.OPERATOR and not step.until:
            entry.wrong("until", "missing; expected the mark that proves what the person did")
        entry.unknown()
        steps.append(step)
    return tuple(steps)
