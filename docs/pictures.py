"""Draws the pictures of these pages anew: each is a rehearsal's own report, opened in Chromium.

    python3 do.py pictures [NAME …]

Without a name, all of them. A Debian Chromium is needed, and a font that has Chinese (fonts-noto-cjk).
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = "/usr/bin/chromium"
WIDE = 1280
"""Pixels; what a reader's window has."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: what is rehearsed, and what of its report is shown."""

    run: tuple[str, ...]
    shows: str
    """A CSS selector of what the picture begins with."""
    height: int
    failed: bool = False
    """Whether the rehearsal is meant to fail."""


PICTURES = {
    "report": Picture(("--site=secondary", "features/rap.feature"), "body", 1180),
    "failure": Picture(
        ("--site=secondary", "--drill=rap.report-missing", "features/rap.feature"), "li.o-failed", 420, failed=True
    ),
    "terminal": Picture(("-k", "CCMS", "features/ccass_relocation.feature"), "figure.pic", 600),
}


def main() -> None:
    """Draw the pictures that are named."""
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("names", nargs="*", metavar="NAME", help=", ".join(PICTURES))
    options.add_argument("--into", type=Path, default=ROOT / "docs" / "pictures", metavar="FOLDER")
    chosen = options.parse_args()
    if unknown := set(chosen.names) - set(PICTURES):
        raise SystemExit(f"no such picture: {', '.join(sorted(unknown))}; there are {', '.join(PICTURES)}")
    chosen.into.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for name in chosen.names or PICTURES:
            page = chromium.new_page(bypass_csp=True, viewport={"width": WIDE, "height": PICTURES[name].height})
            print(draw(page, PICTURES[name], chosen.into / f"{name}.png"))
            page.close()
        chromium.close()


def draw(page: Page, picture: Picture, into: Path) -> Path:
    """Rehearse, open the report, and keep what the picture shows of it."""
    with tempfile.TemporaryDirectory() as work:
        report = rehearsed(picture, Path(work))
        page.goto(report.as_uri())
        page.add_style_tag(content=".ribbon, .find { position: static !important }")  # or it lies over the rest
        begins = page.locator(picture.shows).first
        begins.scroll_into_view_if_needed()
        top = begins.evaluate("element => element.getBoundingClientRect().top + scrollY")
        whole = page.evaluate("document.documentElement.scrollHeight")
        height = min(picture.height, whole - top)
        page.screenshot(path=into, full_page=True, clip={"x": 0, "y": top, "width": WIDE, "height": height})
    return into


def rehearsed(picture: Picture, evidence: Path) -> Path:
    """Run the rehearsal and return its report; one that ends otherwise than it is meant to draws nothing."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--evidence={evidence}", *picture.run]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != int(picture.failed):
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    (report,) = evidence.glob("*/report.html")
    return report


if __name__ == "__main__":
    main()
