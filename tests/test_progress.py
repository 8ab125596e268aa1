"""A bar where somebody watches and it takes long enough; nothing elsewhere."""

from __future__ import annotations

import io

from pytest_hkexprt.progress import SHOWN_AFTER_S, Progress


def test_a_long_transfer_is_shown_on_a_terminal_with_its_bytes():
    stream = io.StringIO()
    with Progress(stream, shown_after_s=0).transfer("downloading TP001", 4000) as advance:
        advance(1000)
        advance(3000)
    assert "downloading TP001" in stream.getvalue()
    assert "4.0/4.0 kB" in stream.getvalue()


def test_a_short_transfer_shows_nothing():
    stream = io.StringIO()
    with Progress(stream).transfer("downloading TP001", 4000) as advance:
        advance(4000)
    assert SHOWN_AFTER_S > 0
    assert not stream.getvalue()


def test_without_a_terminal_nothing_is_shown():
    with Progress(None, shown_after_s=0).transfer("downloading TP001", None) as advance:
        advance(4000)
