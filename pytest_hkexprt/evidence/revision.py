"""The git commit a suite stands at, read from git's own files.

Read, not asked of ``git``: the program may be missing, slow, or refuse a folder of another owner, and evidence must not
depend on any of that. What is not understood gives no revision, never an error.

Source: gitrepository-layout(5).
"""

from __future__ import annotations

import re
from pathlib import Path

MOST_BYTES = 4_000_000
"""How much of ``packed-refs`` is read: some ten thousand branches and tags."""
MOST_LINKS = 5
"""How often one reference may name another, as git itself allows."""

_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


def revision(folder: Path) -> str:
    """Return the commit checked out where a folder lies; empty where there is none that can be read."""
    for above in (folder, *folder.parents):
        try:
            if (above / ".git").exists():
                return _head(above / ".git")
        except (OSError, ValueError):
            return ""
    return ""


def _head(git: Path) -> str:
    if git.is_file():  # a worktree or a submodule keeps its own elsewhere
        git = git.parent / _read(git).removeprefix("gitdir:").strip()
    common = git / _read(git / "commondir").strip() if (git / "commondir").is_file() else git
    value = _read(git / "HEAD").strip()
    for _ in range(MOST_LINKS):
        if not value.startswith("ref:"):
            break
        name = value.removeprefix("ref:").strip()
        value = next((_read(place / name).strip() for place in (git, common) if (place / name).is_file()), "")
        value = value or _packed(common, name)
    return value if _COMMIT.fullmatch(value) else ""


def _packed(common: Path, name: str) -> str:
    packed = common / "packed-refs"
    lines = _read(packed).splitlines() if packed.is_file() else []
    return next((line.partition(" ")[0] for line in lines if line.endswith(f" {name}")), "")


def _read(path: Path) -> str:
    with path.open("rb") as file:
        return file.read(MOST_BYTES).decode()
