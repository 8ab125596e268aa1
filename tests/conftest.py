"""What the project's own tests share."""

from __future__ import annotations

import importlib
import os
import pkgutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import holidays  # noqa: F401  see below
import hypothesis
import paramiko  # noqa: F401  see below
import pytest

import pytest_hkexprt

ROOT = Path(__file__).parent.parent

# A slow machine is no fault: no example of a property is timed.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")
# A few examples, the same in every run and no smaller one sought: for tests that are run for each of many mutants.
hypothesis.settings.register_profile(
    "quick",
    deadline=None,
    max_examples=25,
    derandomize=True,
    database=None,
    phases=(hypothesis.Phase.explicit, hypothesis.Phase.generate),
)

# pytester forgets, after each run inside this process, the modules that run imported first. Classes would then exist
# twice, and cryptography's compiled half would meet the wrong ones. So everything is imported before the first run.
for _module in pkgutil.walk_packages(pytest_hkexprt.__path__, "pytest_hkexprt."):
    importlib.import_module(_module.name)


@pytest.fixture
def pytester(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """Pytest's own, without pytest-rerunfailures: it listens on a port in every run, and only its own tests need it.

    The terminal is wide, so that a line a test looks for is one line; how lines are folded has tests of its own.
    """
    monkeypatch.setenv("PYTEST_ADDOPTS", "-p no:rerunfailures")
    monkeypatch.setenv("COLUMNS", "240")
    return pytester


def pytest_sessionfinish() -> None:
    """Keep what was counted of a worker's lines, if they are counted: its end is not waited for long."""
    if "coverage" in sys.modules and (counting := sys.modules["coverage"].Coverage.current()) is not None:
        counting.save()


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="session")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel in it, which borrows the libraries of this one but not this checkout."""
    home = tmp_path_factory.mktemp("environment")
    venv.create(home, with_pip=False, symlinks=os.name != "nt")
    scheme = sysconfig.get_preferred_scheme("prefix")
    paths = sysconfig.get_paths(scheme, vars={"base": str(home), "platbase": str(home)})
    site = Path(paths["purelib"])
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    # A path named in a .pth file has no .pth files of its own read, so this checkout's editable install stays out.
    (site / "borrowed.pth").write_text(sysconfig.get_paths()["purelib"], "utf-8")
    return Path(paths["scripts"]) / "python"
