from __future__ import annotations

import pytest

from pytest_hkexprt.errors import RemoteProtocolError, Unreachable
from pytest_hkexprt.systems.rap import client_retry
from pytest_hkexprt.systems.rap.client_retry import PAUSES_S, persist
from pytest_hkexprt.systems.transport import Lost, NoAnswer


@pytest.fixture
def paused(monkeypatch):
    """What was waited for, not waited."""
    pauses: list[float] = []
    monkeypatch.setattr(client_retry, "pause", pauses.append)
    return pauses


def failing(*errors):
    """Work that fails with each of these, then gives its result."""
    coming = iter(errors)

    def work():
        for error in coming:
            raise error
        return "done"

    return work


def test_each_further_try_is_waited_for_longer(paused):
    assert persist(failing(Lost("a"), Lost("b")), lambda: None, lambda *_: None, PAUSES_S) == "done"
    assert paused == list(PAUSES_S) == sorted(PAUSES_S)


def test_the_tries_are_counted(paused):
    with pytest.raises(Lost, match="c"):
        persist(failing(Lost("a"), Lost("b"), Lost("c")), lambda: None, lambda *_: None, PAUSES_S)


@pytest.mark.parametrize("error", [NoAnswer("silent"), RemoteProtocolError("refused")])
def test_silence_and_refusals_are_not_tried_again(paused, error):
    with pytest.raises(type(error)):
        persist(failing(error), lambda: pytest.fail("no new connection"), lambda *_: None, PAUSES_S)
    assert paused == []


def test_where_there_is_no_new_connection_both_failures_are_told(paused):
    lost = Lost("download of TP001", came="cut")
    with pytest.raises(Unreachable, match=r"download of TP001\n.*cut; then no connection again: nobody"):
        persist(failing(lost), failing(Unreachable("dial", came="nobody")), lambda *_: None, PAUSES_S)


def test_a_key_refused_when_dialling_again_is_told_as_such(paused):
    with pytest.raises(RemoteProtocolError, match="refused"):
        persist(failing(Lost("a")), failing(RemoteProtocolError("refused")), lambda *_: None, PAUSES_S)
