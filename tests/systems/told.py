"""A check as a reader has it, for tests that hold its words: they are part of the product."""

from __future__ import annotations

from pytest_hkexprt.evidence.record import Check


def told(check: Check) -> str:
    """Return where, what, whether it is met, expected, came, the details, and what to do next: each a line."""
    lines = [
        f"{check.where}: {check.what}: {'met' if check.met else 'not met'}",
        f"expected {check.expected}",
        f"came {check.came}",
        *(f"  {detail}" for detail in check.details),
    ]
    return "\n".join([*lines, f"next {check.next_step}"] if check.next_step else lines)
