"""The pictures in the documentation are drawn by a script, from rehearsals that end as they are meant to."""

from __future__ import annotations

import re
import struct
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
SCRIPT = ROOT / "docs" / "pictures.py"
DRAWN = {path.name for path in (ROOT / "docs" / "pictures").iterdir()}


def drawn(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPT), *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)


def test_a_picture_is_drawn_in_the_size_it_is_meant_to_have(tmp_path):
    done = drawn("failure", "--into", str(tmp_path))
    assert done.returncode == 0, done.stderr
    picture = (tmp_path / "failure.png").read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert struct.unpack(">II", picture[16:24]) == (1280, 420)


def test_a_name_that_is_none_is_told():
    done = drawn("raport")
    assert done.returncode == 1
    assert "no such picture: raport; there are report, failure, terminal" in done.stderr


def test_a_page_shows_every_picture_and_no_other():
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    shown = {
        Path(found).name for page in pages for found in re.findall(r"!\[[^]]+\]\(([^)]+)\)", page.read_text("utf-8"))
    }
    assert shown == DRAWN
