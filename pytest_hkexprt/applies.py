"""Which scenarios a participant need not run, or cannot run here, and why.

A circular is restated in full, also for roles a participant has not and for systems whose extra is not installed. What
does not apply is *omitted*, with its reason in the evidence: neither passed nor failed, and no step of it is looked at.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from pytest_hkexprt import shipped
from pytest_hkexprt.model import Circular, Outcome, Participant, Session

ROLE = "role."
"""What a tag begins with that says whom a scenario is for: ``@role.EP``."""
SYSTEM = "system."
"""What a tag begins with that says which system a scenario needs: ``@system.otp``."""


def named(tags: Collection[str], prefix: str) -> tuple[str, ...]:
    """Return what tags of one kind name, in their order."""
    return tuple(tag.removeprefix(prefix) for tag in tags if tag.startswith(prefix))


def omitted(tags: Collection[str], circular: Circular, session: Session, who: Participant) -> str:
    """Return why a scenario is not run in a session for a participant; empty where it is.

    A scenario without a tag of its own is for the session's roles and systems. A participant that was made up for a
    rehearsal, or that does not say its roles, has every role.

    Args:
        tags: the scenario's, without the at sign.
        circular: what it belongs to.
        session: the one it is asked for in.
        who: the participant.
    """
    wanted = [{*circular.roles}, {*session.roles}, {*named(tags, ROLE)}]
    for roles in filter(None, wanted):
        if who.roles and not who.generated and not roles & {*who.roles}:
            return f"for {', '.join(sorted(roles))}, and {who.name} is {', '.join(who.roles)}"
    needed = named(tags, SYSTEM) or session.systems
    # Who brings a participant file means it: what is not installed then fails, with the same command as its answer.
    lacking = next(filter(None, map(shipped.lacking, needed)), "") if who.generated else ""
    return f"what it needs is not installed: {lacking}" if lacking else ""


def condition(session: Session, ended: Mapping[str, Collection[Outcome]]) -> tuple[str, str]:
    """Return why a session is not held after those it is subject to, and what of them is not known.

    Args:
        session: the later one.
        ended: how the scenarios of this run's sessions ended so far, by the session's name.
    """
    failed = [each for each in session.subject_to if Outcome.worst([*ended.get(each, ())]).rank > Outcome.PASSED.rank]
    if failed:
        return f"{session.name} is subject to the result of {' and '.join(failed)}, which did not pass", ""
    unknown = [each for each in session.subject_to if {*ended.get(each, ())} != {Outcome.PASSED}]
    if not unknown:
        return "", ""
    told = f"{session.name} is subject to the result of {' and '.join(unknown)}, which is not known here"
    return "", f"{told}: nothing of it failed in this run, and not all of it passed"
