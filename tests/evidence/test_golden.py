"""Journals of earlier days, kept as they were: they are still read, and still give the same renderings.

Each ``tests/golden/<name>.jsonl`` has its digests beside it. When a rendering is changed on purpose, look at it, then
write them anew: ``python -m tests.evidence.test_golden``.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from pytest_hkexprt.evidence import form, html
from pytest_hkexprt.evidence.journal import read
from tests.evidence import samples

GOLDEN = Path(__file__).parent.parent / "golden"
JOURNALS = sorted(GOLDEN.glob("*.jsonl"))
NAMES = ("passed", "failed", "interrupted", "two_sessions", "outlined", "hostile")


def renderings(journal: Path) -> dict[str, str]:
    lines = list(read(journal))
    drawn = {
        "report.html": html.render(lines),
        "report.html zh-Hant": html.render(lines, lang="zh-Hant"),
        "result-form.html": form.render(lines),
        "result-form.json": form.data(lines),
    }
    return {name: hashlib.sha256(text.encode()).hexdigest() for name, text in drawn.items()}


def test_there_are_golden_journals():
    assert [path.stem for path in JOURNALS] == sorted(NAMES)


@pytest.mark.parametrize("journal", JOURNALS, ids=lambda path: path.stem)
def test_a_golden_journal_gives_the_same_renderings(journal):
    assert renderings(journal) == json.loads(journal.with_suffix(".json").read_text(encoding="utf-8"))


def main() -> None:
    """Write the journals that are missing, and all digests."""
    GOLDEN.mkdir(exist_ok=True)
    for name in NAMES:
        journal = GOLDEN / f"{name}.jsonl"
        if not journal.is_file():
            samples.SAMPLES[name](journal)
        journal.with_suffix(".json").write_text(json.dumps(renderings(journal), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
