"""The mutation score of pure files and checks: mutmut changes them in small ways, and their own tests must notice.

    python -m benchmarks.mutation [--only rap/packets otp/binary …] [--markdown docs/quality.md]

Each module is held by the tests of its own name alone (``test_packets*.py`` for ``packets``), so that a change nobody
notices there is told, though a test elsewhere may notice it. All modules take hours; name some.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure import ROOT, goal, machine, table

LEAST_KILLED = 90.0
SURVIVED, NO_TEST = 0, 33
"""mutmut's exit codes of a mutant that no test noticed, and of one that no test runs; all others are of the noticed."""
NOT_PURE = ("client", "simulator", "drills", "fixtures", "visit", "__init__", "seam")
ROOMS = ("pytest_hkexprt", "tests", "steps", "features", "docs", "benchmarks")


@dataclass(frozen=True, slots=True)
class Score:
    """What became of a module's mutants."""

    noticed: int
    survived: int
    not_run: int

    @property
    def share(self) -> float:
        """The noticed among those that a test runs, in hundredths."""
        run = self.noticed + self.survived
        return 100 * self.noticed / run if run else 0.0


def targets() -> dict[str, list[Path]]:
    """Return each pure module of a system (``rap/packets``) with the tests of its own name."""
    found = {}
    for path in sorted((ROOT / "pytest_hkexprt" / "systems").glob("*/*.py")):
        if path.stem.partition("_")[0] not in NOT_PURE:
            tests = sorted((ROOT / "tests" / "systems" / path.parent.name).glob(f"**/test_{path.stem}*.py"))
            if tests:
                found[f"{path.parent.name}/{path.stem}"] = tests
    return found


def score(target: str, tests: list[Path]) -> Score:
    """Change one module again and again, and return what its tests noticed."""
    module = f"pytest_hkexprt/systems/{target}.py"
    with tempfile.TemporaryDirectory() as work:
        for room in ROOMS:
            shutil.copytree(ROOT / room, Path(work) / room, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "conftest.py", work)
        settings = {
            "source_paths": ["pytest_hkexprt"],
            "only_mutate": [module],
            "also_copy": [*ROOMS[2:], "conftest.py"],
            "pytest_add_cli_args_test_selection": [str(test.relative_to(ROOT)) for test in tests],
            "pytest_add_cli_args": ["-p", "no:cacheprovider"],
        }
        told = "".join(f"{key} = {json.dumps(value)}\n" for key, value in settings.items())
        text = (ROOT / "pyproject.toml").read_text("utf-8")
        (Path(work) / "pyproject.toml").write_text(f"{text}\n[tool.mutmut]\n{told}", "utf-8")
        command = [sys.executable, "-m", "mutmut", "run", "--max-children", "2"]
        subprocess.run(command, cwd=work, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        meta = Path(work) / "mutants" / f"{module}.meta"
        if not meta.is_file():
            raise SystemExit(f"{target}: mutmut made nothing of it; run it by hand in a copy of the project")
        codes = list(json.loads(meta.read_text("utf-8"))["exit_code_by_key"].values())
    survived, not_run = codes.count(SURVIVED), codes.count(NO_TEST)
    return Score(len(codes) - survived - not_run, survived, not_run)


def main() -> None:
    """Change, count, and tell."""
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--only", nargs="*", default=[], metavar="SYSTEM/MODULE")
    options.add_argument("--markdown", type=Path, metavar="FILE")
    chosen = options.parse_args()
    known = targets()
    if unknown := set(chosen.only) - set(known):
        raise SystemExit(f"no such target: {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    scores = {}
    for target in chosen.only or known:
        scores[target] = score(target, known[target])
        print(f"{target}: {scores[target]}", flush=True)
    rows = [
        [target, f"{each.share:.0f} %", str(each.noticed), str(each.survived), str(each.not_run)]
        for target, each in scores.items()
    ]
    whole = Score(
        *(sum(getattr(each, part) for each in scores.values()) for part in ("noticed", "survived", "not_run"))
    )
    text = "\n\n".join(
        [
            f"Mutants of {len(scores)} of {len(known)} pure modules, each held by the tests of its own name.",
            table(["module", "noticed", "mutants noticed", "survived", "in lines those tests do not run"], rows),
            goal(f"at least {LEAST_KILLED:.0f} % noticed: {whole.share:.1f} %", met=whole.share >= LEAST_KILLED),
            machine(),
        ]
    )
    print(text)
    if chosen.markdown:
        before, _, rest = chosen.markdown.read_text("utf-8").partition("<!-- mutation -->")
        after = rest.partition("<!-- /mutation -->")[2]
        chosen.markdown.write_text(f"{before}<!-- mutation -->\n{text}\n<!-- /mutation -->{after}", "utf-8")


if __name__ == "__main__":
    main()
