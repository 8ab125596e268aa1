from __future__ import annotations

import pytest

from pytest_hkexprt.systems.otp.binary import BinaryDecoder
from pytest_hkexprt.systems.otp.session import Session
from pytest_hkexprt.systems.otp.session_table import State
from tests.fuzz_gateway import fuzz


def test_damaged_bytes_bring_a_gateway_s_codecs_and_sessions_to_nothing_but_their_own_errors():
    ends = fuzz(500, 0)
    assert ends.total() == 500
    assert {"decoded", "session ended", "session active", "BadChecksum", "MissingField"} <= set(ends)


def test_the_fuzzer_finds_a_decoder_that_looks_at_no_checksum(monkeypatch):
    def careless(self):
        length = int.from_bytes(self._buffer[1:3], "little")
        if length < 58 or len(self._buffer) < length:
            return None
        frame = bytes(self._buffer[:length])
        del self._buffer[:length]
        return frame

    monkeypatch.setattr(BinaryDecoder, "_frame", careless)
    with pytest.raises(AssertionError, match="something damaged was read"):
        fuzz(2000, 0)


def test_the_fuzzer_finds_a_session_that_ends_without_a_word(monkeypatch):
    def mute(self, reason, fault=None, *, logout=""):
        self.state = State.ENDED

    monkeypatch.setattr(Session, "end", mute)
    with pytest.raises(AssertionError, match="seed"):
        fuzz(200, 0)
