"""Every notice that a rehearsal of what ships writes is known in Chinese: a new one without its Chinese fails here."""

from __future__ import annotations

import pytest

from pytest_hkexprt import shipped
from pytest_hkexprt.evidence.journal import read
from pytest_hkexprt.evidence.record import EndRecord, Line, NoticeRecord
from tests.commands import COMMAND
from tests.projects import untranslated
from tests.test_circulars import REHEARSED

FEATURES = sorted({path.stem for path in shipped.features_folder().glob("*.feature")} - set(REHEARSED))
"""The rest is rehearsed by ``test_circulars``, which asks the same."""


def rehearsed(pytester: pytest.Pytester, feature: str) -> list[Line]:
    """Rehearse a feature that ships, in all its sessions, and return its journal."""
    pytester.run(COMMAND, "run", feature, "--lang=zh-Hant", "-q")
    (journal,) = pytester.path.glob("reports/*/evidence.jsonl")
    return list(read(journal))


@pytest.mark.parametrize("feature", FEATURES)
def test_what_a_rehearsal_notes_is_known_in_chinese(pytester, feature):
    lines = rehearsed(pytester, feature)
    assert [line for line in lines if isinstance(line.record, EndRecord)], "it ran to its end"
    assert untranslated(line.record for line in lines) == []


def test_there_are_notices_to_look_at(pytester):
    assert [line for line in rehearsed(pytester, "rap") if isinstance(line.record, NoticeRecord)]
