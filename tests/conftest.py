"""What the project's own tests share."""

from __future__ import annotations

import importlib
import pkgutil

import holidays  # noqa: F401  see below
import paramiko  # noqa: F401  see below
import pytest

import pytest_hkexprt

# pytester forgets, after each run inside this process, the modules that run imported first. Classes would then exist
# twice, and cryptography's compiled half would meet the wrong ones. So everything is imported before the first run.
for _module in pkgutil.walk_packages(pytest_hkexprt.__path__, "pytest_hkexprt."):
    importlib.import_module(_module.name)


@pytest.fixture
def pytester(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """Pytest's own, without pytest-rerunfailures: it listens on a port in every run, and only its own tests need it."""
    monkeypatch.setenv("PYTEST_ADDOPTS", "-p no:rerunfailures")
    return pytester
