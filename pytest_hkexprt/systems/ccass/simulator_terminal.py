"""The two terminals of one site: which page a request gets, whether it may, and what a drill makes of it."""

from __future__ import annotations

import datetime as dt
import functools
import secrets
import threading
from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import jinja2

from pytest_hkexprt import clock
from pytest_hkexprt.model import Site
from pytest_hkexprt.systems.ccass import simulator_data as data
from pytest_hkexprt.systems.ccass.drills import Drill
from pytest_hkexprt.systems.ccass.flow import WHEN_CLOSED, Ask, Stage, inside
from pytest_hkexprt.systems.ccass.pages import TERMINALS
from pytest_hkexprt.systems.ccass.simulator_server import Reply, Request
from pytest_hkexprt.systems.ccass.simulator_sessions import IDLE_S, Broken, Sessions, Visit

FOLDER = Path(__file__).with_name("simulator_site")
STATIC = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
POLICY = "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; form-action 'self'; base-uri 'none'"
HEADERS = (("Content-Security-Policy", POLICY), ("Cache-Control", "no-store"))
CLOSED = "Function not available 功能暫停使用"
OTHER_NOTICE = "Batch processing in progress 系統正進行批次處理"
ELSEWHERE = "https://terminal.example/ccass/"
HOSTILE_NAME = "../../../.ssh/authorized_keys\u202etxt.exe"
INSTEAD = {
    Drill.MAINTENANCE: (503, "maintenance.html"),
    Drill.SERVER_ERROR: (500, "error.html"),
    Drill.WRONG_PAGE: (200, "wrong.html"),
    Drill.BLANK_PAGE: (200, "blank.html"),
    Drill.NEVER_LOADS: (200, "busy.html"),
    Drill.SCRIPT_FAILS: (200, "script.html"),
}
"""What stands in the place of the logon page."""


class Terminals:
    """Both terminals of a site.

    Args:
        site: which.
        users: user id to password.
        business_date: asked whose data are shown.
        date_before: gives the business date before another.
        drills: the faults.
        idle_s: how long a session may be left alone.
    """

    def __init__(
        self,
        site: Site,
        users: dict[str, str],
        *,
        business_date: Callable[[], dt.date],
        date_before: Callable[[dt.date], dt.date],
        drills: Collection[str] = (),
        idle_s: float = IDLE_S,
    ) -> None:
        self.closed: set[str] = set()
        """The terminals that are closed for business."""
        self.broken: list[str] = []
        """The rules that were broken, in order."""
        self.sessions = {name: Sessions(users, idle_s) for name in TERMINALS}
        self.lock = threading.Lock()
        self._site = site
        self._business_date = business_date
        self._date_before = date_before
        self._drills = frozenset(drills)

    def answer(self, request: Request) -> Reply:
        """Return the reply to a request."""
        _, _, rest = request.path.partition("/")
        first, _, rest = rest.partition("/")
        if first == "static":
            return _static(rest)
        terminal = next((name for name in TERMINALS if name.lower() == first), None)
        if request.path == "/":
            return self._page("index.html", "")
        if terminal is None:
            return self._page("missing.html", "", status=404)
        with self.lock:
            return self._terminal(terminal, request, rest)

    def _terminal(self, terminal: str, request: Request, rest: str) -> Reply:
        sessions = self.sessions[terminal]
        visit = sessions.visit(request.cookies.get(f"{terminal}-visit", ""))
        try:
            ask = Ask(f"{request.method} {rest}")
        except ValueError:
            return self._page("missing.html", terminal, status=404)
        if visit.stage is Stage.OUTSIDE and ask not in (Ask.FRONT, Ask.PASSWORD) and request.method == "GET":
            return _to(terminal, "", visit)  # what a session that has ended looks like
        try:
            self._must_be_open(terminal, ask)
            stage = sessions.step(visit, ask, request.form.get("token", ""))
            return self._granted(terminal, request, ask, visit, stage)
        except Broken as broken:
            self.broken.append(f"{terminal}: {broken}")
            return self._page("refused.html", terminal, visit, status=403, why=str(broken))

    def _granted(self, terminal: str, request: Request, ask: Ask, visit: Visit, stage: Stage) -> Reply:
        sessions = self.sessions[terminal]
        match ask:
            case Ask.FRONT:
                return self._front(terminal, visit, stage)
            case Ask.PASSWORD:
                return self._password(terminal, visit, request)
            case Ask.CODE | Ask.CARD:
                fits = ask is Ask.CARD or sessions.code_fits(visit, request.form.get("code", ""))
                if not fits or Drill.CODE_REFUSED in self._drills:
                    return self._page("code.html", terminal, visit, refusal="Invalid code 驗證碼錯誤")
                return _to(terminal, "home", sessions.enter(visit))
            case Ask.LOG_OFF:
                if Drill.STAYS_LOGGED_ON not in self._drills:
                    sessions.end(visit)
                return self._page("off.html", terminal)
        visit.stage = stage
        reply = self._inside(terminal, request, ask, visit)
        if ask is Ask.HOME and Drill.SESSION_LOST in self._drills:
            sessions.end(visit)
        return reply

    def _inside(self, terminal: str, request: Request, ask: Ask, visit: Visit) -> Reply:
        sessions = self.sessions[terminal]
        match ask:
            case Ask.HOME:
                return self._home(terminal, visit)
            case Ask.ENQUIRY:
                shown, as_of, owner = self._enquiry(terminal)
                return self._page("enquiry.html", terminal, visit, shown=shown, as_of=as_of, owner=owner)
            case Ask.REPORTS:
                return self._reports(terminal, visit)
            case Ask.REPORT:
                return self._report(terminal, visit, request)
            case Ask.INSTRUCTION:
                sessions.enter_instruction(visit.user)
            case Ask.AUTHORISE:
                sessions.authorise(request.form.get("number", ""), visit.user)
        names = {Ask.CODE_PAGE: "code.html", Ask.ENQUIRY_PAGE: "enquiry.html"}
        return self._page(names.get(ask, "instruction.html"), terminal, visit, instructions=sessions.instructions)

    def _must_be_open(self, terminal: str, ask: Ask) -> None:
        if terminal in self._closed_now and ask not in WHEN_CLOSED:
            raise Broken(f"'{ask}' while the terminal is closed")

    @property
    def _closed_now(self) -> set[str]:
        if Drill.STILL_CLOSED in self._drills:
            return {*TERMINALS}
        return set() if Drill.LETS_IN in self._drills else self.closed

    def _front(self, terminal: str, visit: Visit, stage: Stage) -> Reply:
        if inside(stage):
            return _to(terminal, "home", visit)
        if Drill.LEADS_AWAY in self._drills:
            return Reply(302, headers=(("Location", ELSEWHERE),))
        visit.stage = stage
        for drill, (status, template) in INSTEAD.items():
            if drill in self._drills:
                return self._page(template, terminal, visit, status=status)
        return self._page("logon.html", terminal, visit)

    def _password(self, terminal: str, visit: Visit, request: Request) -> Reply:
        sessions, user = self.sessions[terminal], request.form.get("user", "")
        fits = sessions.password_fits(visit, user, request.form.get("password", ""))
        if not fits or Drill.LOGON_REFUSED in self._drills:
            return self._page("logon.html", terminal, visit, refusal="Invalid user ID or password 用戶名稱或密碼錯誤")
        if sessions.is_inside(user) or Drill.USER_INSIDE in self._drills:
            return self._page("logon.html", terminal, visit, refusal="User is already logged on 用戶已經登入")
        visit.stage = Stage.KNOWN
        return _to(terminal, "code", visit)

    def _home(self, terminal: str, visit: Visit) -> Reply:
        is_open = terminal not in self._closed_now
        notice = "" if is_open else CLOSED
        if Drill.NOTICE_OTHER in self._drills and not is_open:
            notice = OTHER_NOTICE
        if Drill.NOTICE_ABSENT in self._drills:
            notice = ""
        script = next((each for each in (Drill.POP_UP, Drill.CLINGS) if each in self._drills), "")
        return self._page("home.html", terminal, visit, is_open=is_open, notice=notice, script=script)

    def _enquiry(self, terminal: str) -> tuple[data.Shown, str, str]:
        """Return the table, its date as shown, and whose it is."""
        date = self._business_date()
        if Drill.DATE_STALE in self._drills:
            date = self._date_before(date)
        shown = data.table(terminal, self._date_before(date) if self._differs(Drill.FAILOVER_OTHER_DATA) else date)
        if Drill.ENQUIRY_EMPTY in self._drills:
            shown = replace(shown, rows=())
        owner = data.OTHER_PARTICIPANT if Drill.OTHER_OWNER in self._drills else data.PARTICIPANT
        return shown, f"{date:%d-%m-%Y}", owner

    def _differs(self, drill: Drill) -> bool:
        return drill in self._drills and self._site is Site.SECONDARY

    def _reports(self, terminal: str, visit: Visit) -> Reply:
        date = self._business_date()
        visit.offered.clear()
        listed = []
        for name, title in data.report_names(terminal, date).items():
            if Drill.REPORT_ABSENT in self._drills and name.startswith(data.REPORTS[terminal][0][0]):
                continue
            token = secrets.token_urlsafe(16)
            visit.offered[token] = name
            other = self._differs(Drill.FAILOVER_OTHER_REPORT)
            listed.append((name, title, len(data.report(terminal, name, date, other=other)), quote(token)))
        return self._page("reports.html", terminal, visit, listed=listed)

    def _report(self, terminal: str, visit: Visit, request: Request) -> Reply:
        name = visit.offered.pop(request.query.get("t", ""), "")
        if not name:
            raise Broken("a report was asked for with a link of another list, or one used before")
        content = data.report(terminal, name, self._business_date(), other=self._differs(Drill.FAILOVER_OTHER_REPORT))
        if Drill.REPORT_CUT in self._drills:
            content = content[: len(content) * 2 // 3]
        if Drill.REPORT_CHECKSUM in self._drills:
            content = content.replace(b"0001", b"0007", 1)
        if Drill.REPORT_RENAMED in self._drills:
            name = f"copy-of-{name}"
        if Drill.REPORT_HOSTILE in self._drills:
            name = HOSTILE_NAME
        disposition = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
        return Reply(200, content, "application/octet-stream", (("Content-Disposition", disposition),))

    def _page(
        self, template: str, terminal: str, visit: Visit | None = None, *, status: int = 200, **more: object
    ) -> Reply:
        token = self.sessions[terminal].token(visit) if visit else ""
        body = (
            _templates()
            .get_template(template)
            .render(
                {"refusal": "", "is_open": True} | more,
                terminal=terminal,
                site=self._site,
                visit=visit,
                user=visit.user if visit and inside(visit.stage) else "",
                token=token,
                now=f"{clock.now():%d-%m-%Y %H:%M}",
            )
        )
        cookie = _cookie(terminal, visit) if visit else ()
        return Reply(status, body.encode(), headers=(*HEADERS, *cookie))


@functools.cache
def _templates() -> jinja2.Environment:
    return jinja2.Environment(loader=jinja2.FileSystemLoader(FOLDER), autoescape=True, undefined=jinja2.StrictUndefined)


def _static(name: str) -> Reply:
    path = FOLDER / "static" / name
    if "/" in name or not path.is_file():
        return Reply(404)
    return Reply(200, path.read_bytes(), STATIC[path.suffix], (("Cache-Control", "max-age=600"),))


def _to(terminal: str, page: str, visit: Visit) -> Reply:
    return Reply(303, headers=(("Location", f"/{terminal.lower()}/{page}"), *_cookie(terminal, visit)))


def _cookie(terminal: str, visit: Visit) -> tuple[tuple[str, str], ...]:
    rest = f"Path=/{terminal.lower()}/; Secure; HttpOnly; SameSite=Strict"
    return (("Set-Cookie", f"{terminal}-visit={visit.key}; {rest}"),)
