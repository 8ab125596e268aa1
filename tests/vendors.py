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
    name = PROGRAMS[system]
    text = dict(BLOCK.findall(PAGE.read_text("utf-8")))[name]
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    made.path.joinpath(name).write_text(text, "utf-8")
    made.path.joinpath("hkexprt.toml").write_text(
        f'participant = "A vendor"\nroles = ["EP", "CCEP", "HSN"]\n[{system}.program]\n'
        f'command = ["{sys.executable}", "{name}"]\n{more}',
        "utf-8",
    )
    return made
