"""Which scenarios pytest-xdist keeps together on one worker, and in order.

``-n 4`` hands out tests one by one. But a participant's sessions are one story: the second is subject to the first, the
folders of both sites are compared in the end, and one baseline serves them all. So each of several participants goes to
a worker as a whole, and they run side by side. With one participant, a feature goes to a worker as a whole where its
scenarios look back at a session before; all others are handed out one by one, as xdist does.

Only ``--dist=load``, what ``-n`` alone means, is taken over. xdist knows tests by their node ids, so these are read.

Source: pytest-xdist's documentation, "Making your own scheduler": ``pytest_xdist_make_scheduler``.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_hkexprt import collect, participants
from pytest_hkexprt import plan as plans
from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.model import Run
from pytest_hkexprt.stash import RUN

if TYPE_CHECKING:
    import pytest

FEATURE = ".feature"


def scheduler(config: pytest.Config, log: Any) -> object | None:  # noqa: ANN401  xdist's own producer
    """Return what hands the tests out, or None to leave that to xdist.

    Args:
        config: the controller's.
        log: where xdist wants its schedulers to log.
    """
    if config.getoption("dist") != "load":
        return None
    run = config.stash[RUN]
    below_folders = bool(config.getini("hkexprt_features"))
    in_order = [path for path in collect.named_features(config) if looks_back(config, path)]
    if not run.participants and not in_order and not below_folders:
        return None
    from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]  # noqa: PLC0415  where it is

    together = Together(run, lambda file: looks_back(config, config.rootpath / file))

    class Scheduling(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
        """xdist's own for whole scopes, with ours."""

        def _split_scope(self, nodeid: str) -> str:
            return together.of(nodeid)

    return Scheduling(config, log)


class Together:
    """What belongs to the same worker.

    Args:
        run: what the command line asked for.
        looks_back: whether the scenarios of a file, relative to the root directory, look back at a session before.
    """

    def __init__(self, run: Run, looks_back: Callable[[str], bool]) -> None:
        # The longest first: one's slug may begin another's.
        self._slugs = sorted((participants.slug(who.name) for who in run.participants), key=len, reverse=True)
        self._looks_back = looks_back
        self._known: dict[str, bool] = {}

    def of(self, node_id: str) -> str:
        """Return the name of the group a test is in; tests of one group run on one worker, in their order."""
        for slug in self._slugs:
            if f"[{slug}-" in node_id or node_id.endswith(f"[{slug}]"):
                return slug
        file = node_id.partition("::")[0]
        if not file.endswith(FEATURE):
            return node_id
        if file not in self._known:
            self._known[file] = self._looks_back(file)
        return file if self._known[file] else node_id


def looks_back(config: pytest.Config, path: Path) -> bool:
    """Return whether scenarios of a feature need what a session before theirs left.

    That is so where one belongs to the last session alone, to compare, or where a session is subject to another.
    What cannot be read is left for collection to say.
    """
    try:
        feature = collect.read_feature(config, path)
        plan = plans.plan(config.stash[RUN], path, feature.tags)
    except UsageFault:
        return False
    compared = any(plans.LAST in scenario.tags for scenario in feature.scenarios)
    return plan.several and (compared or any(session.subject_to for session in plan.sessions))
