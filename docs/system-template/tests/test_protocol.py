"""The bytes, held against the published layout."""

from __future__ import annotations

from pytest_hkexprt.systems.NAME import protocol

REQUEST = bytes.fromhex(
    "00"  # what each byte means stands beside it
)


def test_a_request_is_laid_out_as_published():
    assert protocol.request("something") == REQUEST


def test_an_answer_is_read_as_published():
    assert protocol.answer(REQUEST) == "something"
