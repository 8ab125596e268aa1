"""What is published: the same source makes the same bytes, and git's tags make the version."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("docs", "features", "pytest_hkexprt", "steps")
FILES = ("LICENSE", "README.md", "pyproject.toml")
MADE = ("__pycache__", "_version.py")
SIGNED = ("-c", "user.name=A Tester", "-c", "user.email=a.tester@example.com", "-c", "commit.gpgsign=false")


@pytest.fixture
def source(tmp_path):
    """The source as an archive without git has it."""
    return copied(tmp_path / "source")


def copied(to: Path) -> Path:
    for room in ROOMS:
        shutil.copytree(ROOT / room, to / room, ignore=shutil.ignore_patterns(*MADE))
    for file in FILES:
        shutil.copy(ROOT / file, to / file)
    return to


def hatchling(source: Path, *words: str) -> str:
    command = [sys.executable, "-m", "hatchling", *words]
    done = subprocess.run(command, cwd=source, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def built(source: Path, *targets: str) -> dict[str, bytes]:
    """Build, and return each distribution's bytes by its name."""
    hatchling(source, "build", "-d", "dist", *(word for target in targets for word in ("-t", target)))
    return {path.name: path.read_bytes() for path in (source / "dist").iterdir()}


def test_the_same_source_makes_the_same_bytes(source, tmp_path):
    again = copied(tmp_path / "another folder" / "checked out later")
    for path in again.rglob("*"):
        os.utime(path, (1_000_000_000, 1_000_000_000))
        if path.suffix == ".py":
            path.chmod(0o600)  # the umask of whoever checked it out
    one = built(source, "wheel", "sdist")
    assert sorted(Path(name).suffix for name in one) == [".gz", ".whl"]
    assert built(again, "wheel", "sdist") == one


def test_the_source_distribution_makes_the_wheel_that_the_source_makes(source, tmp_path):
    made = built(source, "wheel", "sdist")
    (packed,) = (source / "dist").glob("*.tar.gz")
    with tarfile.open(packed) as archive:
        archive.extractall(tmp_path / "unpacked", filter="data")
    (unpacked,) = (tmp_path / "unpacked").iterdir()
    ((name, wheel),) = built(unpacked, "wheel").items()
    assert wheel == made[name]


def test_a_tag_of_git_is_the_version(source):
    def git(*words: str) -> None:
        subprocess.run(["git", *SIGNED, *words], cwd=source, check=True, capture_output=True)

    git("init")
    git("add", ".")
    git("commit", "-m", "The source as it was released")
    git("tag", "v1.2.0")
    assert hatchling(source, "version") == "1.2.0"
    git("commit", "--allow-empty", "-m", "A change after it")
    assert hatchling(source, "version") == "1.2.1.dev1"
