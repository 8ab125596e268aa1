"""One bad page told from another."""

from __future__ import annotations

import pytest

from pytest_hkexprt.systems.ccass.facts import Look, PageState
from pytest_hkexprt.systems.ccass.states import NEXT, tell

URL = "https://www.ccass.com/ccms/"


@pytest.mark.parametrize(
    ("look", "state"),
    [
        (Look(URL, error="ERR_NAME_NOT_RESOLVED", strays=("evil.example",)), PageState.LEFT),
        (Look(URL, error="ERR_CERT_AUTHORITY_INVALID"), PageState.CERTIFICATE),
        (Look(URL, error="ERR_SSL_PROTOCOL_ERROR"), PageState.CERTIFICATE),
        (Look(URL, error="ERR_CONNECTION_REFUSED"), PageState.UNREACHABLE),
        (Look(URL, status=500, text="oops"), PageState.SERVER_ERROR),
        (Look(URL, status=200, text="half", script_errors=("x is not defined",)), PageState.SCRIPT_ERROR),
        (Look(URL, status=200, text="Loading", busy=True), PageState.BUSY),
        (Look(URL, status=200, text=" \n "), PageState.BLANK),
        (Look(URL, status=200, text="It works!"), PageState.OTHER_PAGE),
        (Look(URL, status=404, text="No such page"), PageState.OTHER_PAGE),
    ],
)
def test_a_page_is_told_by_what_was_seen(look, state):
    assert tell(look)[0] is state


def test_a_maintenance_page_is_one_whatever_its_status():
    assert tell(Look(URL, status=503, text="System maintenance"), maintenance=True)[0] is PageState.MAINTENANCE


def test_every_state_that_ends_a_step_has_something_to_do_next():
    assert set(NEXT) == set(PageState) - {PageState.EXPECTED}


def test_a_hostile_title_is_made_visible():
    assert "\\u202e" in tell(Look(URL, status=200, title="a\u202eb", text="x"))[1]


@pytest.mark.parametrize(
    ("look", "words"),
    [
        (Look(URL, strays=("evil.example", "other.example")), "it led to evil.example, other.example"),
        (Look(URL, error="ERR_SSL_PROTOCOL_ERROR"), "ERR_SSL_PROTOCOL_ERROR"),
        (Look(URL, error="ERR_CONNECTION_REFUSED"), "ERR_CONNECTION_REFUSED"),
        (Look(URL, status=503, title="Sorry", text="Out of\nservice"), "status 503, 'Sorry': Out of service"),
        (Look(URL, status=500), "status 500, no text"),
        (Look(URL, text="half", script_errors=("x is not\ndefined", "y")), "x is not defined"),
        (Look(URL, text="Loading", busy=True), "Loading"),
        (Look(URL, text=" "), f"nothing to read at {URL}"),
        (Look(URL, text="x" * 320), "x" * 320),
        (Look(URL, text="x" * 321), "x" * 320 + "…"),
    ],
    ids=[
        "left",
        "certificate",
        "not reached",
        "status",
        "no text",
        "script",
        "busy",
        "blank",
        "as long as shown",
        "cut",
    ],
)
def test_what_was_seen_is_told_in_words(look, words):
    assert tell(look)[1] == words


def test_a_maintenance_page_is_told_by_its_words():
    assert tell(Look(URL, status=503, text="Back at 8"), maintenance=True)[1] == "Back at 8"
