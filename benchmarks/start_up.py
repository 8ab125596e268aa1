"""What the plugin costs those who have it installed and do not use it: one trivial test, with it and without.

    python -m benchmarks.start_up [--runs 10] [--json FILE] [--markdown FILE]

The third figure leaves out the plugins that come along with ours as well.
"""

from __future__ import annotations

import sys
import tempfile
from functools import partial
from pathlib import Path

from benchmarks.measure import Cost, cost_of, goal, in_turns, median, table, told
from benchmarks.options import parser

ALWAYS_OFF = ("benchmark", "hypothesispytest", "xdist", "xdist.looponfail")
COME_ALONG = ("pytest-bdd", "html", "html_fixtures", "metadata")
WITH, WITHOUT, BARE = "installed, not used", "switched off", "switched off with what comes along"
MOST_MS = 10.0
"""What nobody sees: hardly more than two runs of the same differ by."""


def run(folder: Path, off: tuple[str, ...]) -> Cost:
    """Run one trivial test without some plugins."""
    without = [part for plugin in (*ALWAYS_OFF, *off) for part in ("-p", f"no:{plugin}")]
    return cost_of([sys.executable, "-m", "pytest", *without, "-q"], folder, lambda printed: "1 passed" in printed)[0]


def main() -> None:
    """Measure, and tell."""
    chosen = parser(__doc__, runs=10).parse_args()
    off: dict[str, tuple[str, ...]] = {WITH: (), WITHOUT: ("hkexprt",), BARE: ("hkexprt", *COME_ALONG)}
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work)
        (folder / "pytest.ini").write_text("[pytest]\n", "utf-8")
        (folder / "test_trivial.py").write_text("def test_trivial():\n    pass\n", "utf-8")
        costs = in_turns({name: partial(run, folder, plugins) for name, plugins in off.items()}, chosen.runs)
    medians = {name: median(each) for name, each in costs.items()}
    rows = [
        [name, f"{1000 * cost.wall_s:.0f}", f"{1000 * cost.processor_s:.0f}", f"{cost.peak_mib:.0f}"]
        for name, cost in medians.items()
    ]
    more_ms = 1000 * (medians[WITH].processor_s - medians[WITHOUT].processor_s)
    text = "\n\n".join(
        [
            f"Medians of {chosen.runs} runs of one trivial test.",
            table(["pytest-hkexprt", "wall ms", "processor ms", "peak MiB"], rows),
            goal(f"at most {MOST_MS:.0f} ms for those who do not use it: {more_ms:.0f} ms", met=more_ms <= MOST_MS),
        ]
    )
    told("start-up", text, costs, chosen.markdown, chosen.json)


if __name__ == "__main__":
    main()
