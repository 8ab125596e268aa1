"""Small projects of a user's own that receive market data."""

from __future__ import annotations

import shutil

import pytest

from pytest_hkexprt import shipped
from tests.projects import shipped_project


def channels_project(pytester: pytest.Pytester) -> pytest.Pytester:
    """Make a project of the feature that goes through the channels, with its circular."""
    project = shipped_project(pytester, "backbone_prt")
    shutil.copy(shipped.features_folder() / "omd_channels.feature", project.path / "features")
    return project


def failover_project(pytester: pytest.Pytester) -> pytest.Pytester:
    """Make a project of the practice session in which the feeds fail over."""
    return shipped_project(pytester, "backbone_ps2")
