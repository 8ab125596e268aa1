"""A report as PDF, printed by a Chromium of this machine; nothing is downloaded, and without one it says so."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from pytest_hkexprt.errors import UsageFault

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
"""What a Chromium is called, in the order looked for."""
LONGEST_S = 120.0
"""When a browser that does not end is killed."""


def browser() -> str:
    """Return a Chromium's path.

    Raises:
        UsageFault: there is none.
    """
    for name in BROWSERS:
        if found := shutil.which(name):
            return found
    raise UsageFault(
        "--pdf",
        expected=f"a Chromium on the PATH, under one of the names {', '.join(BROWSERS)}",
        came="none",
        next_step="install it (Debian: apt-get install chromium), or print report.html from any browser",
    )


def write(page: Path, pdf: Path) -> Path:
    """Print an HTML file into a PDF, whole or not at all, and return its path.

    Not into the run's folder: that is sealed, and a PDF carries the time it was made at.

    Args:
        page: the HTML file.
        pdf: the file to make, over an older one.

    Raises:
        UsageFault: there is no browser, or it does not print.
    """
    program = browser()
    # As root Chromium runs only without its sandbox; the page is our own, and its policy allows no request.
    sandbox = ["--no-sandbox"] if getattr(os, "geteuid", lambda: 1)() == 0 else []
    with tempfile.TemporaryDirectory(prefix="hkexprt-") as profile:
        printed = Path(profile) / pdf.name
        command = [program, "--headless", "--disable-gpu", "--no-first-run", *sandbox]
        command += [f"--user-data-dir={profile}/profile"]
        command += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
        command += ["--no-pdf-header-footer", f"--print-to-pdf={printed}", page.resolve().as_uri()]
        try:
            done = subprocess.run(command, capture_output=True, timeout=LONGEST_S, check=False)  # noqa: S603  as found
            told = done.stderr.decode(errors="replace").strip()[-400:]
        except (OSError, subprocess.TimeoutExpired) as error:
            told = str(error)
        if not printed.is_file():
            raise UsageFault(str(pdf), expected=f"{program} to print it", came=told or "no file")
        unfinished = pdf.with_suffix(".pdf.part")
        shutil.copyfile(printed, unfinished)
        unfinished.replace(pdf)
    return pdf
