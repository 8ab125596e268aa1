from __future__ import annotations

import pytest

from pytest_hkexprt.systems.rap.pipeline import Files
from tests import fuzz_replies


def test_damaged_replies_end_in_an_answer_or_an_error():
    ends = fuzz_replies.fuzz(executions=400, seed=1_000_000)
    assert {"read", "BadAnswer", "AtFile", "EOFError"} <= ends.keys(), "each way to end is reached"


def test_the_fuzzer_finds_a_reader_that_hands_on_what_was_not_asked_for(monkeypatch):
    came = Files._came

    def careless(self, file, asked, packet):
        for block in came(self, file, asked, packet):
            yield block
            yield block

    monkeypatch.setattr(Files, "_came", careless)
    with pytest.raises(AssertionError, match="seed"):
        fuzz_replies.fuzz(executions=50, seed=0)
