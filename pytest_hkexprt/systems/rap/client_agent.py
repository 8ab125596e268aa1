"""A key that stays in ssh-agent, asked for only when the participant file says so, and never waited for without end.

The library asks an agent without a time-out, and offers a server every key an agent holds, which servers end after
six. So the wait is bounded here, and one key is picked: the one whose public key was named, or the only one.

Source: draft-miller-ssh-agent, sections 4.4 (list) and 4.5 (sign).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.systems.rap.hostkeys import fingerprint
from pytest_hkexprt.systems.transport_ssh import paramiko

WHERE = "[rap] agent"


class _PatientAgent(paramiko.Agent):  # type: ignore[misc]  # paramiko ships no types
    """An agent whose answers are waited for no longer than told."""

    def __init__(self, timeout_s: float) -> None:
        super(paramiko.Agent, self).__init__()
        connection = paramiko.agent.get_agent_connection()
        if connection is None:
            raise UsageFault(
                WHERE, expected="a running ssh-agent", came="none", next_step="start it, and ssh-add a key"
            )
        if hasattr(connection, "settimeout"):  # Windows' agents answer or fail at once
            connection.settimeout(timeout_s)
        self._connect(connection)


def pick(public_key: Path | None, timeout_s: float) -> tuple[Any, paramiko.Agent]:
    """Return the agent's key to log in with, as the library knows it, and the agent, to be closed afterwards.

    Args:
        public_key: the file of the public key that picks one; None where the agent holds only one.
        timeout_s: how long any one answer may take.

    Raises:
        UsageFault: there is no agent, it does not answer, or it does not hold exactly the key wanted.
    """
    try:
        agent = _PatientAgent(timeout_s)
    except (TimeoutError, OSError, paramiko.SSHException) as error:
        raise UsageFault(WHERE, expected=f"an answer within {timeout_s:.0f} s", came=str(error) or "none") from error
    keys = agent.get_keys()
    held = ", ".join(f"{key.get_name()} {fingerprint(key.asbytes())}" for key in keys) or "no key"
    wanted = [key for key in keys if key.get_base64() == _base64_of(public_key)] if public_key else list(keys)
    if len(wanted) != 1:
        agent.close()
        raise UsageFault(
            WHERE,
            expected=f"the key of {public_key} in ssh-agent" if public_key else "one key in ssh-agent",
            came=held,
            next_step="ssh-add the key" if public_key else "name the public key's file in [rap] key, to pick one",
        )
    return wanted[0], agent


def _base64_of(public_key: Path) -> str:
    try:
        return public_key.read_text("utf-8").split()[1]
    except (OSError, IndexError, UnicodeDecodeError) as error:
        raise UsageFault(
            f"[rap] key: {public_key}",
            expected="a public key's file, since agent = true",
            came=str(error),
            next_step="ssh-keygen -y -f KEY > KEY.pub makes it",
        ) from error
