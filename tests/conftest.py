"""What the project's own tests share."""

from __future__ import annotations

import importlib
import pkgutil

import holidays  # noqa: F401  see below
import paramiko  # noqa: F401  see below

import pytest_hkexprt

# pytester forgets, after each run inside this process, the modules that run imported first. Classes would then exist
# twice, and cryptography's compiled half would meet the wrong ones. So everything is imported before the first run.
for _module in pkgutil.walk_packages(pytest_hkexprt.__path__, "pytest_hkexprt."):
    importlib.import_module(_module.name)
