#!/usr/bin/env python3
"""Sets up the project in ``.venv`` once, and runs what is asked for there.

    python3 do.py rehearse [pytest's options]    the main job: features/rap.feature at the secondary site
    python3 do.py test [pytest's options]        the checks of the source, then all tests
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
    "/usr/sbin/sshd": "openssh-server",
}
"""Programs the tests use, and the Debian packages they come in."""


def main(arguments: list[str]) -> int:
    """Run one command of this page and return its exit status."""
    jobs = {"rehearse": rehearse, "test": test, "lock": lock}
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
    """Run the checks of the source and all tests."""
    programs()
    set_up()
    checks = (("ruff", "check", "."), ("ruff", "format", "--check", "."), ("mypy",))
    failed = [check for check in checks if run(*check)]
    return run("pytest", "-n", "2", *options) or len(failed)


def lock(options: list[str]) -> int:
    """Resolve the newest versions and write them with their digests."""
    command = ["uv", "pip", "compile", "--universal", "--generate-hashes", "--python-version=3.11", "--extra=dev"]
    command += ["--upgrade", "--no-header", "--quiet", "pyproject.toml", f"--output-file={LOCK.name}", *options]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


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
    environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "VIRTUAL_ENV": str(VENV)}
    return subprocess.run([str(BIN / program), *arguments], cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
