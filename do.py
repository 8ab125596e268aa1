#!/usr/bin/env python3
"""Sets up the project in ``.venv`` once, and runs what is asked for there.

    python3 do.py rehearse [pytest's options]    the main job: features/rap.feature at the secondary site
    python3 do.py test [pytest's options]        the checks of the source, then all tests
    python3 do.py check                          the checks of the source and the main tests, before each commit
    python3 do.py matrix [pytest's options]      the main tests with the lowest versions, and on each Python there is
    python3 do.py docs                           the documentation as a site, into dist/docs
    python3 do.py pictures [NAME …]              the pictures in the documentation, drawn anew from rehearsals
    python3 do.py quality                        the figures of docs/quality.md that take seconds
    python3 do.py audit                          a bill of materials, and known weaknesses of what is in it
    python3 do.py system NAME                    a new system's folder, to be filled in
    python3 do.py lock                           the locked versions anew, from pyproject.toml

Only the standard library is needed; ``uv`` is used where it is there.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
LOCK = ROOT / "requirements.lock"
READY = VENV / "ready"
DEBIAN = {
    "certutil": "libnss3-tools",
    "chromium": "chromium",
    "ip": "iproute2",
    "pdftotext": "poppler-utils",
    "sftp": "openssh-client",
    "tshark": "tshark",
    "/usr/sbin/sshd": "openssh-server",
}
"""Programs the tests use, and the Debian packages they come in."""
TOOLS = ("editables", "hatch-vcs", "hatchling", "hypothesis", "pytest-xdist")
"""What the main tests need beside the runtime dependencies; their lowest versions are nobody's concern."""
EXTRAS = ("terminal", "market-data")
PYTHONS = ("3.12", "3.13")
"""Tried by ``matrix`` where they are there; ``test`` runs on the Python it is started with."""
MAIN_TESTS = (
    "tests/gherkin",
    "tests/systems",
    "tests/test_architecture.py",
    "tests/test_main_job.py",
    "tests/test_collect.py",
    "tests/test_installed.py",
)
"""What ``matrix`` runs: where other versions have shown themselves so far."""
TALKING = (
    "browser",
    "client",
    "codecs",
    "drills",
    "fixtures",
    "live",
    "program",
    "relay",
    "seam",
    "simulator",
    "soak",
    "tab",
)
"""Tests of systems, by a word in their names, that talk or take long; ``check`` leaves them to ``test``."""


def main(arguments: list[str]) -> int:
    """Run one command of this page and return its exit status."""
    jobs = {job.__name__: job for job in JOBS}
    if not arguments or arguments[0] not in jobs:
        print(__doc__)
        return 2
    if sys.version_info < (3, 11):
        print(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}. Try: python3.11 do.py {arguments[0]}")
        return 2
    return jobs[arguments[0]](arguments[1:])


def rehearse(options: list[str]) -> int:
    """Run the main job against the simulator."""
    set_up()
    return run("pytest", "--site=secondary", "features/rap.feature", *options)


def test(options: list[str]) -> int:
    """Run the checks of the source, build the documentation, and run all tests."""
    programs()
    failed = source() + docs([])
    return run("pytest", "-n", "2", *options) or failed


def check(options: list[str]) -> int:
    """Run the checks of the source and the main tests."""
    failed = source()
    quiet = (f"--ignore-glob=tests/systems/**/*_{word}*" for word in TALKING)
    return run("pytest", "-q", "-n", "2", *quiet, *MAIN_TESTS, *options) or failed


def source() -> int:
    """Run the checks of the source and return how many failed."""
    set_up()
    return len(
        [check for check in (("ruff", "check", "."), ("ruff", "format", "--check", "."), ("mypy",)) if run(*check)]
    )


def matrix(options: list[str]) -> int:
    """Run the main tests with the lowest versions that ``pyproject.toml`` allows, and on each Python there is."""
    set_up()
    lowest = VENV / "lowest.txt"
    command = ["uv", "pip", "compile", "--quiet", "--no-header", "--resolution=lowest-direct", "--python-version=3.11"]
    command += [f"--extra={extra}" for extra in EXTRAS]
    if run(*command, "pyproject.toml", f"--output-file={lowest}"):
        return 1
    failed = []
    locked = ["--require-hashes", "-r", str(LOCK)]
    tried = [
        ("lowest versions", "3.11", ["-r", str(lowest), *TOOLS]),
        *((f"Python {at}", at, locked) for at in PYTHONS),
    ]
    for name, python, versions in tried:
        home, there = VENV / "matrix" / name.replace(" ", "-"), interpreter(python)
        print(f"\n{name}: {there or 'no interpreter here, not run'}", flush=True)
        if not there:
            continue
        install = ["uv", "pip", "install", "--quiet", f"--python={home}"]
        steps = (
            ("uv", "venv", "--quiet", "--clear", f"--python={there}", str(home)),
            (*install, *versions),
            (*install, "--no-deps", "--no-build-isolation", "--editable", str(ROOT)),
        )
        if any(run(*step) for step in steps) or run_in(home, "pytest", "-q", "-n", "2", *MAIN_TESTS, *options):
            failed.append(name)
    print(f"\nfailed: {', '.join(failed) or 'none'}")
    return len(failed)


def docs(options: list[str]) -> int:
    """Build the documentation; a warning is an error."""
    set_up()
    site = ROOT / "dist" / "docs"
    return (
        run("sphinx-build", "-W", "--keep-going", "-q", "docs", str(site), *options) or print(site / "index.html") or 0
    )


def pictures(options: list[str]) -> int:
    """Draw the pictures in the documentation anew."""
    programs()
    set_up()
    return run("python", "docs/pictures.py", *options)


def quality(options: list[str]) -> int:
    """Count drills, clauses, docstrings and the import's cost."""
    set_up()
    return run("python", "-m", "benchmarks.quality", *options)


def audit(options: list[str]) -> int:
    """Write a bill of materials, and report what is known against it; a report, since its data may be out of reach."""
    set_up()
    bill = ROOT / "dist" / "sbom.json"
    bill.parent.mkdir(exist_ok=True)
    made = run("cyclonedx-py", "requirements", LOCK.name, "--output-file", str(bill))
    print(f"bill of materials: {bill.relative_to(ROOT)}", flush=True)
    if run("pip-audit", "--requirement", LOCK.name, "--require-hashes", "--disable-pip", *options):
        print("pip-audit found something above, or could not reach its data: read it, nothing is blocked")
    return made


def system(options: list[str]) -> int:
    """Copy the template of a system to its four places; nothing that is there is written over."""
    name = options[0] if len(options) == 1 else ""
    if not name.isidentifier() or name != name.lower():
        print("A system's name is one word of small letters, as its folder's: python3 do.py system NAME")
        return 2
    template = ROOT / "docs" / "system-template"
    places = {
        template / "system": ROOT / "pytest_hkexprt" / "systems" / name,
        template / "tests": ROOT / "tests" / "systems" / name,
        template / "steps.py": ROOT / "steps" / f"{name}.py",
        template / "circular.toml": ROOT / "features" / f"{name}.toml",
        template / "circular.feature": ROOT / "features" / f"{name}.feature",
    }
    if there := [to for to in places.values() if to.exists()]:
        print(f"there already: {', '.join(str(to.relative_to(ROOT)) for to in there)}")
        return 2
    for source, to in places.items():
        for path in sorted(source.rglob("*")) if source.is_dir() else [source]:
            if path.is_file() and "__pycache__" not in path.parts:
                written = to / path.relative_to(source) if source.is_dir() else to
                written.parent.mkdir(parents=True, exist_ok=True)
                written.write_text(path.read_text("utf-8").replace("NAME", name), "utf-8")
                print(written.relative_to(ROOT))
    print(f"Fill it in until its tests pass: python3 do.py test tests/systems/{name}")
    return 0


def lock(options: list[str]) -> int:
    """Resolve the newest versions and write them with their digests."""
    set_up()
    command = ["uv", "pip", "compile", "--universal", "--generate-hashes", "--python-version=3.11", "--extra=dev"]
    return run(
        *command, "--upgrade", "--no-header", "--quiet", "pyproject.toml", f"--output-file={LOCK.name}", *options
    )


def interpreter(version: str) -> str:
    """Return the path of a Python of that version, on the search path or of pyenv; empty where there is none."""
    of_pyenv = sorted((Path.home() / ".pyenv" / "versions").glob(f"{version}.*/bin/python"))
    for candidate in (f"python{version}", *map(str, of_pyenv)):
        try:  # pyenv's own stand-ins are on the path whether or not there is a Python behind them
            asked = subprocess.run(
                [candidate, "-c", "import sys; print(sys.executable)"], check=False, capture_output=True, text=True
            )
        except OSError:
            continue
        if not asked.returncode:
            return asked.stdout.strip()
    return ""


def set_up() -> None:
    """Make ``.venv`` with the locked versions, unless it is there already."""
    stamp = hashlib.sha256(LOCK.read_bytes() + (ROOT / "pyproject.toml").read_bytes()).hexdigest()
    if READY.is_file() and READY.read_text() == stamp:
        return
    print("Setting up .venv; this happens once …", flush=True)
    uv = shutil.which("uv")
    if uv:
        make = [uv, "venv", "--quiet", "--clear", VENV]
        install = [uv, "pip", "install", "--quiet", "--python", BIN / "python"]
    else:
        make = [sys.executable, "-m", "venv", "--clear", VENV]
        install = [BIN / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    if not uv and not importlib.util.find_spec("ensurepip"):
        debian(["python3-venv"])  # Debian keeps this part of Python in a package of its own
    for command in (
        make,
        [*install, "--require-hashes", "-r", LOCK],
        [*install, "--no-deps", "--no-build-isolation", "--editable", ROOT],
    ):
        subprocess.run([str(part) for part in command], cwd=ROOT, check=True)
    READY.write_text(stamp)


def programs() -> None:
    """See that the programs the tests use are there."""
    missing = [package for program, package in DEBIAN.items() if not shutil.which(program)]
    if missing:
        debian(missing)


def debian(packages: list[str]) -> None:
    """Install Debian packages where we may; else say how and end."""
    command = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
    if not shutil.which("apt-get") or os.geteuid() != 0:
        sys.exit(f"missing: {' '.join(packages)}\nnext:    sudo {' '.join(command)}")
    print(f"Installing {' '.join(packages)} …", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "--quiet=2"], check=True, env=environment)
    subprocess.run([*command, "--quiet=2"], check=True, env=environment, stdout=subprocess.DEVNULL)


def run(program: str, *arguments: str) -> int:
    """Run a program of the environment at the top of the project."""
    return run_in(VENV, program, *arguments)


def run_in(home: Path, program: str, *arguments: str) -> int:
    """Run a program of an environment."""
    programs = home / BIN.name
    environment = {**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}", "VIRTUAL_ENV": str(home)}
    return subprocess.run([str(programs / program), *arguments], cwd=ROOT, env=environment, check=False).returncode


JOBS = (rehearse, test, check, matrix, docs, pictures, quality, audit, system, lock)
"""Each is called by its name."""

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
