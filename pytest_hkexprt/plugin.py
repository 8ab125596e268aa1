"""The plugin: hooks and options; knows no system by name.

It is loaded in every pytest run of an environment it is installed in, so nothing heavy is imported here before a
feature is named or one of its fixtures is asked for.
"""

from __future__ import annotations

import gc
from collections.abc import Generator
from typing import TYPE_CHECKING

import pytest

from pytest_hkexprt import collect, distributed, fixtures, mistakes, options, participants, shield, shipped
from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.model import Outcome
from pytest_hkexprt.stash import CLOCK, CONTROLLER, CUCUMBER_JSON, DATES, FINISHED, PLANS, RECORDER, RUN, UNFINISHED

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_hkexprt.distributed import Controller
    from pytest_hkexprt.evidence.record import Line
    from pytest_hkexprt.plan import Plan
    from pytest_hkexprt.recorder import Recorder


PYTEST_HTML = "hkexprt-pytest-html"
"""The name under which our share of pytest-html's report is registered."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    options.add(parser)


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """Add the hook that listens to steps."""
    from pytest_hkexprt import hooks  # noqa: PLC0415  for the plugin manager alone

    pluginmanager.add_hookspecs(hooks)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config, args: list[str]) -> Generator[None, object, object]:
    """Let ``file.feature:LINE`` name a file before pytest looks for it, and answer likely mistakes."""
    try:
        mistakes.old_pytest(pytest.version_tuple)
        collect.rewrite_arguments(early_config, args)
        loaded = yield
        mistakes.typed(args, *mistakes.known_options(early_config))
        mistakes.not_there(args, early_config.invocation_params.dir)
    except UsageFault as fault:
        raise _usage_error(fault) from None
    return loaded


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Freeze the command line into the run, and register collection and fixtures."""
    from pytest_hkexprt.rehearsal import RehearsalClock  # noqa: PLC0415

    try:
        config.stash[RUN], config.stash[DATES] = options.resolve(config)
        config.stash[PLANS] = _plans(config)
        key = config.stash[RUN].sign_with
        if key and (config.stash[PLANS] or config.getoption("--sign-with")):
            from pytest_hkexprt.evidence import sign  # noqa: PLC0415  a key that cannot sign is told before the run

            sign.fingerprint(key)
    except UsageFault as fault:
        raise _usage_error(fault) from None
    config.stash[CLOCK] = RehearsalClock(config.stash[RUN])
    _take_cucumber_json(config)
    config.pluginmanager.register(collect, "hkexprt-collect")
    config.pluginmanager.register(fixtures, "hkexprt-fixtures")
    shipped.register_fixtures(config)
    if distributed.is_controller(config):
        config.stash[CONTROLLER] = controller = distributed.Controller(config)
        config.pluginmanager.register(controller, "hkexprt-controller")


def pytest_sessionstart(session: pytest.Session) -> None:
    """Register what speaks through pytest's own reporters, now that they are there."""
    config = session.config
    if config.stash[PLANS]:
        shield.raise_over(config)
    reporter = config.pluginmanager.getplugin("terminalreporter")
    if reporter is not None:
        from pytest_hkexprt.terminal import Sentences, voice  # noqa: PLC0415  where there is a terminal

        config.pluginmanager.register(Sentences(reporter, voice(config)), "hkexprt-sentences")
    wanted = config.getoption("htmlpath", None) and not distributed.is_worker(config)
    if wanted and not config.pluginmanager.has_plugin(PYTEST_HTML):
        from pytest_hkexprt.evidence.pytest_html import PytestHtml  # noqa: PLC0415  for --html

        def written() -> tuple[list[Line], Path | None]:
            keeper = _keeper(config)
            return (keeper.lines(), keeper.path.parent if keeper.path else None) if keeper else ([], None)

        config.pluginmanager.register(PytestHtml(written), PYTEST_HTML)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Have an ordinary test run for each of several participants, if it is built on one."""
    participants.parametrize(metafunc)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Register the recorder when there is something to record."""
    if any(map(collect.recorded, items)):
        from pytest_hkexprt import recorder  # noqa: PLC0415  msgspec, for runs with evidence

        shield.raise_over(config)
        scenarios = [item for item in items if isinstance(item, collect.ScenarioItem)]
        paths = (path for each in scenarios for path in (each.feature.path, each.circular.path))
        recorder.of(config).sources = sorted(set(paths))
        # What was collected lives to the end; unfrozen, the garbage collector would look through it again and again,
        # for a tenth of the time of a thousand scenarios.
        gc.freeze()
        config.add_cleanup(gc.unfreeze)


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Say what is about to run against whom, where the command line names the features."""
    return _header(config, config.stash[PLANS])


def pytest_report_collectionfinish(config: pytest.Config, items: list[pytest.Item]) -> list[str]:
    """Say the same of the features found below a folder."""
    if config.stash[PLANS]:
        return []
    files = dict.fromkeys(item.parent for item in items if isinstance(item, collect.ScenarioItem))
    config.stash[PLANS] = list(dict.fromkeys(file.plan for file in files))
    return _header(config, config.stash[PLANS])


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Give the machine's time back, close the journal, draw the report, and let nothing that checked nothing pass."""
    config = session.config
    if CLOCK in config.stash:
        config.stash[CLOCK].stop()
    keeper = _keeper(config)
    if keeper is None:
        return
    outcomes = keeper.outcomes()
    if exitstatus == pytest.ExitCode.OK and outcomes and not outcomes[Outcome.PASSED]:
        session.exitstatus = exitstatus = pytest.ExitCode.NO_TESTS_COLLECTED
    keeper.finish(int(exitstatus))
    if keeper.path is not None and not distributed.is_worker(config):
        _finish(session, keeper)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, exitstatus: int, config: pytest.Config) -> None:
    """Say the verdict and name the report; where nothing ran, say why that is no pass."""
    from pytest_hkexprt import terminal  # noqa: PLC0415  for runs of features

    summary = terminal.Summary(terminalreporter, terminal.voice(config))
    if FINISHED in config.stash:
        summary.evidence(config.stash[FINISHED])
    if UNFINISHED in config.stash:
        summary.unfinished(config.stash[UNFINISHED])
    if FINISHED in config.stash or UNFINISHED in config.stash:
        return
    if exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED and config.stash[PLANS]:
        summary.nothing_selected()
    elif exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED and (options.given(config) or mistakes.passed_by(config)):
        summary.nothing_named()


def _usage_error(fault: UsageFault) -> pytest.UsageError:
    """Return what pytest ends with, folded to the terminal."""
    from pytest_hkexprt import columns  # noqa: PLC0415  for a mistake

    return pytest.UsageError(columns.told(fault))


def _plans(config: pytest.Config) -> list[Plan]:
    """Return what the features named on the command line mean; what cannot be read is left for collection to say.

    Raises:
        UsageFault: a feature has no circular, or its circular no session at the sites asked for.
    """
    paths = collect.named_features(config)
    if not paths:
        return []
    from pytest_hkexprt.plan import plan  # noqa: PLC0415

    plans: list[Plan] = []
    for path in paths:
        try:
            tags = collect.read_feature(config, path).tags
        except UsageFault:
            continue
        found = plan(config.stash[RUN], path, tags)
        if found not in plans:
            plans.append(found)
    return plans


def _header(config: pytest.Config, plans: list[Plan]) -> list[str]:
    if not plans:
        return []
    from pytest_hkexprt import terminal  # noqa: PLC0415  for runs of features

    return terminal.header(config.stash[RUN], plans, terminal.voice(config))


def _take_cucumber_json(config: pytest.Config) -> None:
    """Take over the Cucumber JSON that is asked for in a run of features; pytest-bdd's own is not true of them."""
    given = getattr(config.option, "cucumber_json_path", None)
    if given and config.stash[PLANS]:
        config.option.cucumber_json_path = None
        config.stash[CUCUMBER_JSON] = config.invocation_params.dir / given


def _finish(session: pytest.Session, keeper: Controller | Recorder) -> None:
    """Draw and seal what is there; what cannot be is told, and is no success."""
    from pytest_hkexprt.evidence import cucumber, folder, messages  # noqa: PLC0415  Jinja2, at the end of a run that has evidence

    config, lost = session.config, keeper.lost
    assert keeper.path is not None, "there is a journal"
    try:
        config.stash[FINISHED] = finished = folder.finish(keeper.path.parent, config.stash[RUN].sign_with)
        lost = lost or finished.not_signed
        if CUCUMBER_JSON in config.stash:
            cucumber.write(finished.lines, config.stash[CUCUMBER_JSON])
        if config.getoption("--cucumber-messages"):
            messages.write(finished.lines, config.invocation_params.dir / config.getoption("--cucumber-messages"))
    except Exception as fault:
        # Whatever it is: the journal is written, and a fault in drawing it must not cost the run its own summary.
        told = str(fault) if isinstance(fault, UsageFault) else f"{type(fault).__name__}: {fault}"
        lost = lost or f"{told}\n{keeper.path} is whole; draw it again with: hkexprt report {keeper.path.parent}"
    if lost:
        config.stash[UNFINISHED] = lost
        if session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.INTERNAL_ERROR


def _keeper(config: pytest.Config) -> Controller | Recorder | None:
    return config.stash.get(CONTROLLER, None) or config.stash.get(RECORDER, None)
