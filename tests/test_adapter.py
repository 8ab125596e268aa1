"""A participant's own Python object in our client's place: found, held against the seam, and told what it lacks."""

from __future__ import annotations

from typing import Protocol

import pytest

from pytest_hkexprt import adapter
from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.evidence.journal import Journal


class Seam(Protocol):
    @property
    def endpoint(self) -> str: ...

    def connect(self, patience_s: float) -> None: ...


MODULE = """
NUMBER = 42

class Ours:
    def __init__(self, endpoint, *, timeout_s):
        self.endpoint = endpoint
    def connect(self, patience_s):
        return None

class Shy(Ours):
    @property
    def endpoint(self):
        raise RuntimeError("asked before there was a connection")
    @endpoint.setter
    def endpoint(self, value):
        pass

class Front:
    def __init__(self, *args, **kwargs):
        self._inner = Ours(*args, **kwargs)
    def __getattr__(self, name):
        return getattr(self._inner, name)

class Mute:
    endpoint = "nowhere"
    def __init__(self, *args, **kwargs):
        pass

def narrow(endpoint):
    return Ours(endpoint, timeout_s=1)
"""


@pytest.fixture
def journal():
    return Journal(None, rehearsal=True)


@pytest.fixture(autouse=True)
def _vendor(tmp_path, monkeypatch):
    tmp_path.joinpath("a_vendors_module.py").write_text(MODULE, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)


def make(journal: Journal, name: str) -> object:
    return adapter.maker("rap", name, Seam, journal)("10.0.0.1:22", timeout_s=5)


@pytest.mark.parametrize("name", ["Ours", "Shy", "Front"])
def test_whoever_has_every_member_is_taken(journal, name):
    assert type(make(journal, f"a_vendors_module:{name}")).__name__ == name


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("no_such_module:Ours", ["expected: module:name of a callable", "came: No module named", "pythonpath"]),
        ("a_vendors_module:Fornt", ["callable in a_vendors_module", "no 'Fornt' in it", "did you mean Front"]),
        (
            "a_vendors_module",
            ["came: a module without a name", "write module:name"],
        ),
        (":Ours", ["expected: module:name of a callable", "Empty module name"]),
        ("a_vendors_module:NUMBER", ["expected: a callable", "came: 42", "name a class"]),
        ("a_vendors_module:narrow", ["takes what our client is made with: 1 arguments, timeout_s=…", "(endpoint)"]),
        ("a_vendors_module:Mute", ["test_adapter.Seam has", "came: a Mute without connect", "docstrings"]),
    ],
)
def test_a_wrong_name_or_object_is_told_with_what_to_do(journal, name, told):
    with pytest.raises(UsageFault) as raised:
        make(journal, name)
    assert raised.value.where == f"[rap] adapter = {name!r}"
    shown = " ".join(str(raised.value).split())
    assert [each for each in told if each not in shown] == []
