"""The few options the benchmarks share."""

from __future__ import annotations

import argparse
from pathlib import Path


def parser(description: str | None, runs: int) -> argparse.ArgumentParser:
    """Return a parser with the options all benchmarks have."""
    found = argparse.ArgumentParser(description=(description or "").partition("\n")[0])
    found.add_argument("--runs", type=int, default=runs, help=f"rounds that count (default {runs})")
    found.add_argument("--json", type=Path, metavar="FILE", help="write every run's figures")
    found.add_argument("--markdown", type=Path, metavar="FILE", help="write the findings between their marks in FILE")
    return found
