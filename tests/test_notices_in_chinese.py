"""Every notice that a rehearsal of what ships writes is known in Chinese: a new one without its Chinese fails here."""

from __future__ import annotations

import pytest

from pytest_hkexprt import shipped
from pytest_hkexprt.evidence.journal import read
from pytest_hkexprt.evidence.labels import CHINESE
from pytest_hkexprt.evidence.record import EndRecord, Line, NoticeRecord, OutcomeRecord
from pytest_hkexprt.evidence.sentences import told
from pytest_hkexprt.model import Outcome
from tests.commands import COMMAND

FEATURES = sorted(path.stem for path in shipped.features_folder().glob("*.feature"))


def rehearsed(pytester: pytest.Pytester, feature: str) -> list[Line]:
    """Rehearse a feature that ships, in all its sessions, and return its journal."""
    pytester.run(COMMAND, "run", feature, "--lang=zh-Hant", "-q")
    (journal,) = pytester.path.glob("reports/*/evidence.jsonl")
    return list(read(journal))


@pytest.mark.parametrize("feature", FEATURES)
def test_what_a_rehearsal_notes_is_known_in_chinese(pytester, feature):
    lines = rehearsed(pytester, feature)
    assert [line for line in lines if isinstance(line.record, EndRecord)], "it ran to its end"
    noted = {line.record.text for line in lines if isinstance(line.record, NoticeRecord)}
    noted |= {
        line.record.message
        for line in lines
        if isinstance(line.record, OutcomeRecord) and line.record.outcome is Outcome.OMITTED
    }
    assert [text for text in sorted(noted) if told(text, CHINESE) == text] == []


def test_there_are_notices_to_look_at(pytester):
    assert [line for line in rehearsed(pytester, "rap") if isinstance(line.record, NoticeRecord)]
