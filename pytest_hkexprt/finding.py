"""What ``hkexprt doctor`` finds: a subject, how it stands, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How a subject stands."""

    GOOD = "good"
    REMARK = "remark"
    """A rehearsal works; a live session may want it."""
    PROBLEM = "problem"
    """A live session would fail."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    subject: str
    """A noun phrase: ``SSH key``."""
    state: State
    text: str
    remedy: str = ""
    """What to do; empty where all is good."""


def good(subject: str, text: str) -> Finding:
    """Return that a subject is as it should be."""
    return Finding(subject, State.GOOD, text)


def remark(subject: str, text: str, remedy: str) -> Finding:
    """Return something that a live session may want otherwise."""
    return Finding(subject, State.REMARK, text, remedy)


def problem(subject: str, text: str, remedy: str) -> Finding:
    """Return something that a live session would fail of."""
    return Finding(subject, State.PROBLEM, text, remedy)
