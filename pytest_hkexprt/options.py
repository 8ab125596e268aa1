"""The command line made into one frozen :class:`~pytest_hkexprt.model.Run`; wrong values are told the right ones."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.model import SITE_SYNONYMS, Run, Site, Target

if TYPE_CHECKING:
    import pytest

    from pytest_hkexprt.schedule import BusinessDates

ALL = "all"


def add(parser: pytest.Parser) -> None:
    """Add the options and ini settings."""
    group = parser.getgroup("hkexprt", "acceptance of Hong Kong exchange connections")
    group.addoption("--site", metavar="SITE", help="primary, secondary or all (default): the sessions to run")
    group.addoption("--target", metavar="WHO", help="simulator (default) or live, which needs a participant file")
    group.addoption("--circular", metavar="NAME", default="", help="circular to run, by file name or reference")
    group.addoption("--at", metavar="TIME", help="moment a rehearsal's clock is put to (2023-04-15T14:45)")
    group.addoption("--drill", metavar="FAULT", action="append", default=[], help="simulator fault to switch on")
    group.addoption("--lang", metavar="LANG", default="", help="labels of report and terminal: en (default) or zh-Hant")
    group.addoption("--participant-file", metavar="FILE", default="", help="participant file (default: hkexprt.toml)")
    group.addoption("--participant", metavar="NAME", action="append", default=[], help="of several: one, or all")
    group.addoption("--evidence", metavar="DIR", default="", help="where run folders are made (default: reports)")
    group.addoption("--cucumber-messages", metavar="FILE", default="", help="where Cucumber Messages (NDJSON) go")
    group.addoption("--sign-with", metavar="KEY", default="", help="OpenSSH key to sign the evidence with")
    group.addoption("--allow-orders", action="store_true", help="let orders of the participant's list leave, when live")
    parser.addini("hkexprt_features", "collect the .feature files below the folders given, too", "bool", default=False)


def given(config: pytest.Config) -> bool:
    """Return whether the command line asks for something of ours."""
    asked = ("--site", "--target", "--circular", "--at", "--drill", "--participant")
    return any(config.getoption(name) for name in asked)


def resolve(config: pytest.Config) -> tuple[Run, BusinessDates]:
    """Return the run that the command line asks for, and the participant's business dates.

    Raises:
        UsageFault: an option's value is wrong, or options contradict each other.
    """
    from pytest_hkexprt import participant, participants  # noqa: PLC0415  not for those who only ask for --help
    from pytest_hkexprt.schedule import BusinessDates  # noqa: PLC0415

    target = _target(config.getoption("--target"))
    file = participant.find(config.getoption("--participant-file"), config.invocation_params.dir, config.rootpath)
    live = target is Target.LIVE
    at, drills = config.getoption("--at"), tuple(config.getoption("--drill"))
    for option, given in (("--at", at), ("--drill", drills)):
        if live and given:
            raise UsageFault(
                f"{option} with --target=live",
                expected="the true clock and the real systems",
                came=f"{option}={given if isinstance(given, str) else ' '.join(given)}",
                next_step=f"leave {option} out, or rehearse without --target=live",
            )
    if live and file is None:
        raise UsageFault(
            "--target=live",
            expected=f"a participant file, {participant.FILE_NAME}, in {config.invocation_params.dir}",
            came="none",
            next_step=f"write one with at least these lines:\n\n{participant.LINES_TO_WRITE}\n",
        )
    known, dates = participant.read_all(file) if file else ((participant.generated(),), BusinessDates())
    if (names := config.getoption("--participant")) and file is None:
        raise UsageFault("--participant", expected=f"a file {participant.FILE_NAME} that names them", came=names[0])
    who, *others = chosen = participants.choose(known, names)
    run = Run(
        sites=_sites(config.getoption("--site")),
        target=target,
        participant=who,
        participants=chosen if others else (),
        circular=config.getoption("--circular"),
        at=_moment(at) if at else None,
        drills=tuple(drill(name) for name in drills),
        lang=language(config.getoption("--lang")) if config.getoption("--lang") else who.lang,
        evidence=_path(config, "--evidence"),
        sign_with=_path(config, "--sign-with") or who.sign_with,
        allow_orders=config.getoption("--allow-orders"),
    )
    return run, dates


def _path(config: pytest.Config, option: str) -> Path | None:
    """Return a path as given where pytest was called."""
    given = config.getoption(option)
    return config.invocation_params.dir / Path(given).expanduser() if given else None


def _sites(given: str | None) -> tuple[Site, ...]:
    word = (given or ALL).strip().lower()
    if word == ALL:
        return tuple(Site)
    if word not in SITE_SYNONYMS:
        from pytest_hkexprt.reading import near  # noqa: PLC0415

        words = [*SITE_SYNONYMS, ALL]
        raise UsageFault("--site", expected=f"one of {', '.join(words)}", came=f"{given!r}{near(word, words)}")
    return (SITE_SYNONYMS[word],)


def _target(given: str | None) -> Target:
    word = (given or Target.SIMULATOR).strip().lower()
    if word not in list(Target):
        raise UsageFault("--target", expected=f"one of {', '.join(Target)}", came=repr(given))
    return Target(word)


def language(given: str) -> str:
    """Return a language as the journal names it.

    Raises:
        UsageFault: the labels are not to be had in it.
    """
    if not given:
        return ""
    from pytest_hkexprt.evidence.labels import LANGUAGES  # noqa: PLC0415

    if given.strip().lower() not in LANGUAGES:
        raise UsageFault("--lang", expected="en or zh-Hant", came=repr(given))
    return LANGUAGES[given.strip().lower()]


def _moment(given: str) -> dt.datetime:
    from pytest_hkexprt.clock import HONG_KONG  # noqa: PLC0415

    try:
        moment = dt.datetime.fromisoformat(given)
    except ValueError:
        raise UsageFault(
            "--at", expected="a date and time such as 2023-04-15T14:45 (Hong Kong)", came=repr(given)
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=HONG_KONG)


def drill(given: str) -> str:
    """Return the name of a drill.

    Raises:
        UsageFault: there is no such drill; the message lists those there are.
    """
    from pytest_hkexprt import shipped  # noqa: PLC0415

    known = shipped.drills()
    if given not in known:
        from pytest_hkexprt.reading import near  # noqa: PLC0415

        listed = "\n            ".join(f"{name}: {sentence}" for name, sentence in known.items())
        raise UsageFault("--drill", expected=f"one of\n            {listed}", came=f"{given!r}{near(given, known)}")
    return given
