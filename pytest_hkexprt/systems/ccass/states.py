"""One bad page told from another, from what was seen of it.

The order is that of certainty: what the browser itself refused, what the server said, what the page says, and last
what it does not say.
"""

from __future__ import annotations

from pytest_hkexprt.systems.ccass.facts import Look, PageState
from pytest_hkexprt.systems.ccass.text import beginning

SERVER_ERRORS = 500
"""HTTP's statuses from here on are the server's own fault (RFC 9110, 15.6)."""
SHOWN = 320
"""Characters of a page's text in a message: a heading stands before what matters."""
NEXT = {
    PageState.REFUSED: "look at user id, password and code; a user may be logged on once only",
    PageState.NOTICE: "read the notice; ask the hotline of the circular whether the terminal is to be open now",
    PageState.LOGGED_OFF: "log on again; ask the hotline whether sessions are ended during the test",
    PageState.MAINTENANCE: "look at the session's window, and ask the hotline when the terminal opens",
    PageState.SERVER_ERROR: "try again; if it stays, tell the hotline what the page says",
    PageState.SCRIPT_ERROR: "tell the hotline the script's error; look whether this browser is one it supports",
    PageState.BUSY: "look at the line for loss; tell the hotline that the page never stops loading",
    PageState.BLANK: "open it in an ordinary browser; if it is blank there, tell the hotline",
    PageState.OTHER_PAGE: "look at the picture: either another site answers, or the page description is out of date "
    "(hkexprt terminal probe)",
    PageState.LEFT: "do not log on there; ask the hotline where the terminal is, and name a host of theirs in hosts "
    "of the page description",
    PageState.CERTIFICATE: "look at the certificate's check; do not log on",
    PageState.UNREACHABLE: "look at the line and the name server",
}
"""What a reader can do about each."""


def tell(look: Look, *, maintenance: bool = False) -> tuple[PageState, str]:  # noqa: PLR0911  one a state
    """Return what a page that is not the expected one is, and in words what was seen.

    Args:
        look: the page when it was given up.
        maintenance: whether a mark of a maintenance page is seen.
    """
    if look.strays:
        return PageState.LEFT, f"it led to {', '.join(look.strays)}"
    if "ERR_CERT" in look.error or "ERR_SSL" in look.error:
        return PageState.CERTIFICATE, look.error
    if look.error:
        return PageState.UNREACHABLE, look.error
    if maintenance:
        return PageState.MAINTENANCE, _said(look)
    if look.status >= SERVER_ERRORS:
        return PageState.SERVER_ERROR, f"status {look.status}, {_said(look)}"
    if look.script_errors:
        return PageState.SCRIPT_ERROR, beginning(look.script_errors[0])
    if look.busy:
        return PageState.BUSY, _said(look)
    if not look.text.strip():
        return PageState.BLANK, f"nothing to read at {look.url}"
    return PageState.OTHER_PAGE, _said(look)


def _said(look: Look) -> str:
    title = f"{beginning(look.title)!r}: " if look.title else ""
    return f"{title}{beginning(look.text, SHOWN) or 'no text'}"
