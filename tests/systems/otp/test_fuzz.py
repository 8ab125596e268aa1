from __future__ import annotations

from tests.fuzz_gateway import fuzz


def test_damaged_bytes_bring_a_gateway_s_codecs_and_sessions_to_nothing_but_their_own_errors():
    ends = fuzz(500, 0)
    assert ends.total() == 500
    assert {"decoded", "session ended", "session active", "BadChecksum", "MissingField"} <= set(ends)
