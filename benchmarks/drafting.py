"""How many facts of a circular's text the drafter places right, as the table of docs/drafting.md.

    python -m benchmarks.drafting [--texts FOLDER]

The texts of the tests are always counted. With a folder that holds the texts of the circulars that ship as data (they
are not part of the project), their drafts are compared with that data, which was written by hand.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path

from pytest_hkexprt import circular as circulars
from pytest_hkexprt import shipped
from pytest_hkexprt.draft import elsewhere, reader, writer
from pytest_hkexprt.model import Circular
from tests.draft.facts import Score, flat, score
from tests.draft.fresh_variations import FRESH
from tests.draft.later_variations import HELD_BACK, LEARNED
from tests.draft.variations import UNSEEN, VARIATIONS

TEXTS = {
    "rap": "rap-upgrade-2023.txt",
    "ccass_relocation": "ccass-secondary-relocation-2021.txt",
    "ccass_upgrade": "ccass-ccms-upgrade-2024.txt",
    "backbone_prt": "backbone-post-release-tests-2024.txt",
    "backbone_ps2": "backbone-practice-session-2-2023.txt",
}
"""Circular to the name of its text."""


def main() -> None:
    """Print the tables."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--texts", type=Path, help="folder with the texts of the circulars that ship as data")
    texts = options.parse_args().texts
    print("\n".join(variations()))
    if texts:
        print()
        print("\n".join(_table(_against_data(texts), "circular")))


def variations() -> list[str]:
    """Return the table of the texts of the tests."""
    every = (*VARIATIONS, *UNSEEN, *LEARNED, *HELD_BACK, *FRESH)
    rows = [(each.name, score(each.facts, flat(reader.read(each.text)))) for each in every]
    return _table(rows, "text")


def _table(rows: Iterator[tuple[str, Score]] | list[tuple[str, Score]], what: str) -> list[str]:
    listed = list(rows)
    lines = [f"| {what} | facts | placed right | wrong or added | missed |", "|---|--:|--:|---|---|"]
    for name, each in listed:
        wrong, missing = ", ".join(each.wrong), ", ".join(each.missing)
        lines.append(f"| {name} | {each.facts} | {each.right} | {wrong} | {missing} |")
    facts, right = sum(each.facts for _, each in listed), sum(each.right for _, each in listed)
    lines.append(f"| **all** | **{facts}** | **{right}** ({right / facts:.1%}) | | |")
    return lines


def _against_data(texts: Path) -> Iterator[tuple[str, Score]]:
    with tempfile.TemporaryDirectory() as folder:
        for stem, text in TEXTS.items():
            data = Path(folder) / f"{stem}.toml"
            # What the others publish; its own data would answer for itself.
            others = [circulars.read(path) for known, path in circulars.known().items() if known != stem]
            draft = elsewhere.settle(reader.read((texts / text).read_text("utf-8-sig")), elsewhere.known(others))
            data.write_text(writer.toml(draft, source=text), "utf-8")
            by_hand = circulars.read(shipped.features_folder() / f"{stem}.toml")
            yield stem, score(_facts(by_hand), _facts(circulars.read(data)))


def _facts(circular: Circular) -> dict[str, str]:
    """Return what a circular says in figures; names and wording are a person's to choose."""
    facts = {"reference": circular.reference, "dated": str(circular.dated), "roles": " ".join(sorted(circular.roles))}
    facts["issuer"] = circular.issuer.lower()
    if circular.registration:
        facts["registration deadline"] = str(circular.registration.deadline)
    facts |= {f"form {form.name}": f"{form.when} {form.deadline}" for form in circular.forms}
    if circular.stabilisation:
        facts["stabilisation"] = f"{circular.stabilisation.starts} {circular.stabilisation.ends}"
    for number, session in enumerate(circular.sessions, start=1):
        facts[f"session {number} time"] = f"{session.starts} {session.ends} {session.timed}"
        facts[f"session {number} site"] = session.place
        facts[f"session {number} systems"] = " ".join(sorted(session.systems))
        facts[f"session {number} conditions"] = str(len(session.subject_to))
    for endpoint in circular.endpoints:
        facts[f"address {endpoint.system} {endpoint.address}"] = endpoint.site
    return facts


if __name__ == "__main__":
    main()
