"""What the fuzzers share: executions of consecutive seeds, each able to be run again by its own, and their endings."""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Callable


def fuzz(one: Callable[[int], str | Counter[str]], executions: int, seed: int) -> Counter[str]:
    """Run executions of consecutive seeds; return how often each ending came.

    Args:
        one: runs one execution of a seed and returns how it ended, or how often in each way.
        executions: how many.
        seed: the first.

    Raises:
        AssertionError: one broke a rule; the message names its seed.
    """
    ends: Counter[str] = Counter()
    for each in range(seed, seed + executions):
        try:
            ended = one(each)
        except Exception as error:
            raise AssertionError(f"seed {each}: {error!r}") from error
        ends.update([ended] if isinstance(ended, str) else ended)
    return ends


def main(about: str, one: Callable[[int], str | Counter[str]]) -> None:
    """Run by hand; print what was found."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--executions", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0, help="the first; they are counted up from it")
    chosen = parser.parse_args()
    began_s = time.perf_counter()
    ends = fuzz(one, chosen.executions, chosen.seed)
    shares = ", ".join(f"{name} {count:,}" for name, count in ends.most_common())
    took_s = time.perf_counter() - began_s
    print(f"{chosen.executions:,} executions from seed {chosen.seed} in {took_s:.0f} s, no rule broken: {shares}")
