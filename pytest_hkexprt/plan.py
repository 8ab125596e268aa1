"""What a feature file means under a run: its circular, and the sessions its scenarios are run in."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from pytest_hkexprt.model import Circular, Run, Session


@dataclass(frozen=True, slots=True)
class Plan:
    """The sessions of one circular that a run asks for."""

    circular: Circular
    sessions: tuple[Session, ...]
    """In the circular's order; never empty."""

    @property
    def several(self) -> bool:
        """Whether node ids must carry the session."""
        return len(self.sessions) > 1


def plan(run: Run, feature: Path, tags: Collection[str] = ()) -> Plan:
    """Return the plan of a feature file, by its own TOML, its ``@circular.<stem>`` tag, or ``--circular``.

    Args:
        run: what the command line asked for.
        feature: the feature file.
        tags: the feature's own tags, without the at sign.

    Raises:
        UsageFault: there is no such circular, its data is wrong, or it has no session at the sites asked for.
    """
    raise NotImplementedError
