from __future__ import annotations

import importlib.metadata
import subprocess
import sys

import pytest

from pytest_hkexprt.systems.transport_ssh import when_used


def told(program):
    """Run a program in a Python of its own, where nothing is imported yet; return what it printed."""
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()


def test_paramiko_comes_without_what_nobody_uses():
    program = "import sys; from pytest_hkexprt.systems.transport_ssh import paramiko; print(*sorted(sys.modules))"
    assert not {"invoke", "asyncio", "unittest.mock", "importlib.metadata", "email"} & set(told(program))


def test_paramiko_knows_its_version_all_the_same():
    program = """
from pytest_hkexprt.systems.transport_ssh import paramiko
import importlib.metadata
print(paramiko.__version__ == importlib.metadata.version("paramiko"), importlib.metadata.__file__ is not None)
"""
    assert told(program) == ["True", "True"]


def test_a_version_no_folder_tells_is_asked_of_the_real_module():
    program = """
from pytest_hkexprt.systems import transport_ssh
with transport_ssh.when_used("importlib.metadata", transport_ssh._Versions):
    from importlib import metadata
    print(metadata.version("pytest-bdd"))
import importlib.metadata
print(importlib.metadata.__file__ is not None)
"""
    assert told(program) == [importlib.metadata.version("pytest-bdd"), "True"]


def test_who_uses_it_after_all_has_it():
    """When this fails, paramiko has changed: look whether it still imports ``invoke`` at all."""
    program = """
from pytest_hkexprt.systems.transport_ssh import paramiko
text = "Match exec true\\n  User somebody\\n"
print(paramiko.SSHConfig.from_text(text).lookup("anywhere")["user"])
import invoke, sys
print(invoke is sys.modules["invoke"], invoke.__file__ is not None)
"""
    assert told(program) == ["somebody", "True", "True"]


def test_a_module_that_is_not_installed_stays_unknown():
    with when_used("a_module_that_is_not_there"), pytest.raises(ModuleNotFoundError):
        import a_module_that_is_not_there  # noqa: F401, PLC0415
