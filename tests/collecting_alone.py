"""A plugin of collection alone, for runs inside tests: no recorder, no simulator, and a run at both sites."""

import pytest

from pytest_hkexprt import collect, hooks
from pytest_hkexprt.model import Participant, Run, Site, Target
from pytest_hkexprt.stash import RUN


def pytest_addoption(parser):
    parser.addini("hkexprt_features", "collect the .feature files below the folders given, too", "bool", default=False)


def pytest_addhooks(pluginmanager):
    pluginmanager.add_hookspecs(hooks)


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config, args):
    collect.rewrite_arguments(early_config, args)


def pytest_configure(config):
    config.stash[RUN] = Run(tuple(Site), Target.SIMULATOR, Participant("Tester"))
    config.pluginmanager.register(collect, "hkexprt-collect")
