"""The two programs of docs/vendor-programs.md, put into a project in our client's place, as they are or changed."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

PAGE = Path(__file__).parent.parent / "docs" / "vendor-programs.md"
BLOCK = re.compile(r"^```python (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PROGRAMS = {"otp": "our_gateway.py", "omd": "our_handler.py"}


def put(made: pytest.Pytester, system: str, *changes: tuple[str, str], more: str = "") -> pytest.Pytester:
    """Write a system's program into a project, some of its text replaced, and the participant file that names it."""
    table = write(made, system, *changes)
    made.path.joinpath("hkexprt.toml").write_text(
        f'participant = "A vendor"\nroles = ["EP", "CCEP", "HSN"]\n{table}{more}', "utf-8"
    )
    return made


def write(made: pytest.Pytester, system: str, *changes: tuple[str, str]) -> str:
    """Write a system's program into a project, some of its text replaced; return the table that names it."""
    name = PROGRAMS[system]
    text = dict(BLOCK.findall(PAGE.read_text("utf-8")))[name]
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    made.path.joinpath(name).write_text(text, "utf-8")
    return f'[{system}.program]\ncommand = ["{sys.executable}", "{name}"]\n'
