"""``hkexprt run``: a circular or feature that ships with the package, run without any project."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from pytest_hkexprt import circular as circulars
from pytest_hkexprt import shipped
from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.reading import near


@click.command(short_help="Run a circular or feature that ships.", context_settings={"ignore_unknown_options": True})
@click.argument("name")
@click.option("--site", metavar="SITE", help="primary, secondary or all (default)")
@click.option("--target", metavar="WHO", help="simulator (default), or live with hkexprt.toml here")
@click.option("--drill", metavar="FAULT", multiple=True, help="simulator fault to switch on; may be repeated")
@click.argument("pytest_options", nargs=-1, type=click.UNPROCESSED)
def run(
    name: str, site: str | None, target: str | None, drill: tuple[str, ...], pytest_options: tuple[str, ...]
) -> None:
    """Run NAME, a circular or feature that ships with the package.

    NAME is a feature's name (rap), or a circular's name or reference. What follows goes to pytest as it is: -v, -k,
    --html FILE. The evidence is written below reports/ of the folder you are in; phrases and conftest.py of a project
    there are not read: for those, run pytest itself.

    Exit status is pytest's: 0 passed, 1 failed, 2 interrupted, 4 wrong use, 5 nothing proved.
    """
    import pytest  # noqa: PLC0415  a fifth of a second, for this command alone

    feature = feature_of(name)
    ours = {"--site": site, "--target": target}
    arguments = [f"{option}={value}" for option, value in ours.items() if value is not None]
    arguments += [f"--drill={fault}" for fault in drill]
    # The plugin is imported by now, because this command is part of it; pytest would remark on that.
    arguments.append("-Wignore:Module already imported:pytest.PytestAssertRewriteWarning")
    # No project: neither the settings nor the conftest that stand above the package's folder are the user's. The root
    # is where the features are, so that ids name them; the evidence goes where the user is.
    root = feature.parent.parent
    apart = [f"--rootdir={root}", f"--config-file={os.devnull}", f"--confcutdir={feature.parent}"]
    apart.append(f"--evidence={Path.cwd() / 'reports'}")
    sys.exit(pytest.main([str(feature), *apart, "-p", "no:cacheprovider", *arguments, *pytest_options]))


def feature_of(name: str) -> Path:
    """Return the feature file a name stands for.

    Raises:
        UsageFault: nothing that ships has that name; the message lists what has.
    """
    folder = shipped.features_folder()
    features = {path.stem: path for path in sorted(folder.glob("*.feature"))}
    if name in features:
        return features[name]
    known = {path.stem: circulars.read(path) for path in sorted(folder.glob("*.toml"))}
    for stem, circular in known.items():
        if name in (stem, circular.reference):
            return folder / (circular.restates or f"{stem}.feature")
    names = list(dict.fromkeys([*features, *known, *(each.reference for each in known.values() if each.reference)]))
    raise UsageFault(
        "hkexprt run", expected=f"one of {', '.join(names)}", came=f"{name}{near(name, names)}", next_step="name one"
    )
