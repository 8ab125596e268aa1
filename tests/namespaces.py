"""Network namespaces for tests: lines of their own, invisible to the machine, gone when their holder is.

A namespace lives as long as the ``cat`` that holds it, and that lives as long as its standard input: whatever becomes
of the test, the kernel takes addresses, routes and interfaces back.

Source: unshare(1), setns(2), ip-link(8), veth(4).
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
CLONE_NEWNET = 0x40000000


REQUIRED = "HKEXPRT_NAMESPACES"
"""The environment variable that a machine sets, as ``required``, where these tests must not be passed over."""


def why_not() -> str:
    """Return why this machine has no namespaces for us; empty where it should, so that a failure is one."""
    if os.environ.get(REQUIRED) == "required":
        return ""
    if sys.platform != "linux":
        return "network namespaces are Linux's"
    if os.geteuid() != 0:
        return "network namespaces need root"
    return "" if shutil.which("ip") else "Debian's iproute2 is not installed"


@dataclass(frozen=True, slots=True)
class Namespace:
    """A network namespace, by the process that holds it."""

    pid: int

    def ip(self, command: str) -> None:
        """Run ``ip`` in it."""
        subprocess.run(["nsenter", f"--net=/proc/{self.pid}/ns/net", "ip", *command.split()], check=True)

    def run(self, function: Callable[[], T]) -> T:
        """Return what a function returns in it; sockets and threads made there stay there."""
        results: list[T] = []
        errors: list[BaseException] = []

        def inside() -> None:
            try:
                _enter(self.pid)
                results.append(function())
            except BaseException as error:
                errors.append(error)

        # A thread of its own: a namespace belongs to a thread, and this one's ends with it.
        thread = threading.Thread(target=inside)
        thread.start()
        thread.join(60)
        if errors:
            raise errors[0]
        return results[0]


def _enter(pid: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    with Path(f"/proc/{pid}/ns/net").open("rb") as handle:
        if libc.setns(handle.fileno(), CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), "setns")


@contextmanager
def namespace() -> Iterator[Namespace]:
    """Make a network namespace whose loopback is up."""
    with subprocess.Popen(["unshare", "--net", "cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdin is not None
        assert holder.stdout is not None
        holder.stdin.write(b"there\n")
        holder.stdin.flush()
        assert holder.stdout.readline() == b"there\n"
        made = Namespace(holder.pid)
        made.ip("link set lo up")
        yield made


def join(one: Namespace, name: str, address: str, other: Namespace, other_address: str, *, mtu: int = 1500) -> None:
    """Lay a line between two namespaces; both ends have its name."""
    one.ip(f"link add {name} mtu {mtu} type veth peer name {name} mtu {mtu} netns {other.pid}")
    for end, its_address in ((one, address), (other, other_address)):
        end.ip(f"address add {its_address} dev {name}")
        end.ip(f"link set {name} up")
