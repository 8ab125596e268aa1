"""A real browser, found or named, launched once and driven from one thread of its own.

Playwright's blocking interface keeps an event loop in the thread that uses it; there a second one cannot start, and
nor can anything else that wants to be the thread's loop. So it lives in a thread of ours, and a user's own tests may do
with theirs what they like. A browser that hangs costs a deadline and not the run.

Nobody but the terminal's hosts can be reached from it: every other name, and every bare address, is unknown to it.

Source: Playwright for Python, library reference; net/base/host_mapping_rules.cc of Chromium for the resolver rules.
"""

from __future__ import annotations

import concurrent.futures
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, TypeVar

from pytest_hkexprt.errors import Unreachable, UsageFault

if TYPE_CHECKING:
    from playwright.sync_api import Browser as Launched
    from playwright.sync_api import BrowserContext, CDPSession, Page, Playwright

T = TypeVar("T")

FOUND_AS = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
    *("microsoft-edge", "microsoft-edge-stable", "chrome", "msedge"),
)
"""Names of browsers on a system's path."""
FOUND_AT = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
)
QUIET = (
    *("--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--disable-default-apps", "--disable-domain-reliability"),
)
"""So that the browser speaks to nobody on its own account."""
UNSEEN = ("WebUIOmniboxAimPopup", "WebUIOmniboxPopup", "SpareRendererForSitePerProcess", "RenderDocument")
"""Features of Chromium's that no page sees and that each window or page pays for anew, half of what a scenario costs:
the two pages behind the list of suggestions below the address bar, a process kept ready for a site nobody will go to,
and a new frame for each page of the same site."""
OFF_ANYWAY = (
    *("AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades", "LensOverlay"),
    *("HttpsFirstBalancedModeAutoEnable", "MediaRouter", "PaintHolding", "ThirdPartyStoragePartitioning"),
    *("AvoidCorsURLLoaderRestartOnRedirect", "TcpPortRandomizationWin", "OptimizationHints", "AimEnabled"),
    *("NetworkTimeServiceQuerying", "PreconnectToSearch", "msForceBrowserSignIn"),
    *("msEdgeUpdateLaunchServicesPreferredVersion",),
)
"""What Playwright (1.65) switches off itself: of two lists given to Chromium it takes the last alone. A test holds this
against the Playwright that is installed."""
LAUNCH_TIMEOUT_S = 60.0
PATIENCE_S = 30.0
"""Beyond what a call itself may take: after that the browser, not the page, hangs."""
VIEWPORT_PX = (1180, 720)


def find(named: str = "") -> Path:
    """Return the browser's executable: the one named, else the first there is.

    Raises:
        UsageFault: there is none.
    """
    if named:
        path = shutil.which(Path(named).expanduser())
        if path is None:
            raise UsageFault("[ccass] browser", expected="a browser that can be run", came=f"{named}, which cannot")
        return Path(path)
    there = (*filter(None, map(shutil.which, FOUND_AS)), *(path for path in FOUND_AT if Path(path).is_file()))
    if not there:
        raise UsageFault(
            "ccass: browser",
            expected="Chromium, Chrome or Edge on this machine",
            came="none of them",
            next_step="install one (Debian: apt install chromium), or name it in hkexprt.toml: [ccass] browser",
        )
    return Path(there[0])


def rules(hosts: Sequence[str], mapped: Mapping[str, str]) -> str:
    """Return Chromium's resolver rules: some hosts led elsewhere, some as they are, and nobody else at all.

    Args:
        hosts: those that are resolved as ever.
        mapped: ``host:port`` to the ``host:port`` that stands for it.
    """
    led = [f"MAP {name} {to}" for name, to in mapped.items()]
    return ", ".join([*led, "MAP * ~NOTFOUND", *(f"EXCLUDE {host}" for host in hosts)])


def quiet() -> list[str]:
    """Return the arguments by which a browser says nothing by itself and draws nothing that nobody sees."""
    return [*QUIET, f"--disable-features={','.join((*OFF_ANYWAY, *UNSEEN))}"]


@dataclass(frozen=True, slots=True)
class Fresh:
    """A new context's one page, with nothing opened in it yet."""

    page: Page
    wire: CDPSession
    """A session with the page, for what Playwright has no word for."""
    frame: str
    """The page's own frame."""
    tells_state: bool
    """Whether the browser tells how secure its page is."""


class Browser:
    """One browser, launched when first used.

    Args:
        executable: its file; empty to find one, unless there is a channel.
        channel: Playwright's channel.
        hosts: the hosts that can be reached.
        mapped: hosts that are led elsewhere.
        trusted_keys: public keys, SHA-256 in base64, whose certificates the browser need not verify, as we have.
        show: whether it is seen.
        folder: where downloads lie until they are taken.
    """

    def __init__(
        self,
        *,
        executable: str = "",
        channel: str = "",
        hosts: Sequence[str] = (),
        mapped: Mapping[str, str] | None = None,
        trusted_keys: Sequence[str] = (),
        show: bool = False,
        folder: Path | None = None,
    ) -> None:
        self._executable = executable
        self._channel = channel
        self._rules = rules(hosts, mapped or {})
        self._trusted_keys = tuple(trusted_keys)
        self._show = show
        self._folder = folder
        self._thread = concurrent.futures.ThreadPoolExecutor(1, thread_name_prefix="ccass browser")
        self._playwright: Playwright | None = None
        self._launched: Launched | None = None
        self._ready: Fresh | None = None
        self._tells_state: bool | None = None
        self._making: concurrent.futures.Future[None] | None = None
        self.version = ""
        """As it says itself, once it is launched."""

    def __enter__(self) -> Browser:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._making is not None:
            self._making.cancel()  # nobody is next
        try:
            self.do(self._end, PATIENCE_S)
        finally:
            self._thread.shutdown(wait=False, cancel_futures=True)

    def do(self, work: Callable[..., T], timeout_s: float, *arguments: object) -> T:
        """Return what a function says that runs in the browser's thread.

        Raises:
            Unreachable: the browser hangs.
        """
        future = self._thread.submit(work, *arguments)
        try:
            return future.result(timeout_s + PATIENCE_S)
        except concurrent.futures.TimeoutError:
            if future.done():  # the work's own, and no hanging browser
                raise
            raise Unreachable(
                "ccass: browser",
                expected=f"an answer of the browser within {timeout_s + PATIENCE_S:.0f} s",
                came="none: the browser itself hangs",
                next_step="end it, and look at the machine's memory",
            ) from None

    def context(self) -> BrowserContext:
        """Return a new context, launching the browser first where it is not; in the browser's thread.

        Raises:
            UsageFault: there is no browser, or it cannot be launched.
        """
        if self._launched is None:
            self._launch()
        assert self._launched is not None
        width, height = VIEWPORT_PX
        return self._launched.new_context(
            viewport={"width": width, "height": height}, accept_downloads=True, service_workers="block"
        )

    def fresh(self) -> Fresh:
        """Return a new context's one page, in the browser's thread: the one made ready, else one made now.

        Raises:
            UsageFault: there is no browser, or it cannot be launched.
        """
        ready, self._ready = self._ready, None
        return ready if ready is not None and not ready.page.is_closed() else self._page()

    def begin(self, work: Callable[[], None]) -> None:
        """Have a function run in the browser's thread after all that is asked of it so far; nobody waits for it."""
        self._thread.submit(work)

    def make_ready(self) -> None:
        """Have a page made for whoever is next, while others do something else."""
        self._making = self._thread.submit(self._prepare)

    def _prepare(self) -> None:
        if self._ready is None:
            with suppress(Exception):  # whoever wants a page is told why there is none
                self._ready = self._page()

    def _page(self) -> Fresh:
        from pytest_hkexprt.systems.ccass import client_shown  # noqa: PLC0415  it loads Playwright

        context = self.context()
        context.set_default_timeout(0)  # each call says its own
        record(context)
        page = context.new_page()
        wire = context.new_cdp_session(page)
        if self._tells_state is None:
            self._tells_state = bool(client_shown.states(wire))
        frame = str(wire.send("Page.getFrameTree")["frameTree"]["frame"]["id"])
        return Fresh(page, wire, frame, self._tells_state)

    def _launch(self) -> None:
        from playwright.sync_api import Error, sync_playwright  # noqa: PLC0415  0.3 s, for runs with a terminal

        path = None if self._channel else find(self._executable)
        arguments = [*quiet(), f"--host-resolver-rules={self._rules}"]
        if self._trusted_keys:
            arguments.append(f"--ignore-certificate-errors-spki-list={','.join(self._trusted_keys)}")
        self._playwright = sync_playwright().start()
        try:
            self._launched = self._playwright.chromium.launch(
                executable_path=path,
                channel=self._channel or None,
                args=arguments,
                headless=not self._show,
                chromium_sandbox=_may_have_a_sandbox(),
                downloads_path=self._folder,
                timeout=LAUNCH_TIMEOUT_S * 1000,
            )
        except Error as error:
            self._playwright.stop()
            self._playwright = None
            raise UsageFault(
                f"ccass: browser {path or self._channel}",
                expected="a browser that can be launched",
                came=error.message.partition("\n")[0],
                next_step="start it by hand once; a browser that is shown needs a screen",
            ) from error
        self.version = self._launched.version

    def _end(self) -> None:
        self._ready = None
        if self._launched is not None:
            self._launched.close()
        if self._playwright is not None:
            self._playwright.stop()
        self._launched = self._playwright = None


def record(context: BrowserContext) -> None:
    """Begin Playwright's trace: of the calls, and neither of pictures nor of pages, which are dear and confidential."""
    context.tracing.start(screenshots=False, snapshots=False, sources=False)


def _may_have_a_sandbox() -> bool:
    """Return whether Chromium can have its sandbox: as root it refuses to start with it."""
    return not hasattr(os, "geteuid") or os.geteuid() != 0
