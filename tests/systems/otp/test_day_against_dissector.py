"""A whole day over FIX, as the suite runs it, read by Wireshark's dissector: what both sides said, field by field."""

from __future__ import annotations

import pytest

from pytest_hkexprt.systems.otp.fix import FixCodec
from pytest_hkexprt.systems.otp.messages import Kind
from tests.systems.otp.dissector import dissected
from tests.systems.otp.test_against_dissector import held
from tests.systems.otp.test_drills import project

DAILY = {"A", "0", "5", "D", "G", "F", "q", "r", "S", "8", "BE", "BF", "CU", "CV", "AE"}
"""Types no day of ours does without."""


def test_every_message_of_a_day_is_read_by_a_codec_that_is_not_ours(pytester, monkeypatch, tmp_path):
    said = []
    encode = FixCodec.encode

    def overheard(self, message, **how):
        data = encode(self, message, **how)
        said.append((message, data))
        return data

    monkeypatch.setattr(FixCodec, "encode", overheard)
    result = project(pytester, "otp_day").runpytest("features/otp_day.feature", "-k", "PRT1-2")
    assert result.ret == pytest.ExitCode.OK
    assert {Kind.OBO_CANCEL, Kind.TRADE_CAPTURE} <= {message.kind for message, _ in said}
    found = dissected([data for _, data in said], tmp_path)
    assert len(found) == len(said) > 50
    assert {tuple(each["checksum_good"] + each["checksum_bad"]) for each in found} == {("1", "0")}
    assert {each["MsgType"][0] for each in found} >= DAILY
    for (message, _), each in zip(said, found, strict=True):
        assert each["MsgSeqNum"] == [str(message.seq)]
        for name, value in message.fields.items():
            held(message.kind, name, value, each)
