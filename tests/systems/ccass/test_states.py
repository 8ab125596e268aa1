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
