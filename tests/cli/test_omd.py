"""``hkexprt omd`` as a script reads it; what it says to a person stands beside what it is about."""

from __future__ import annotations

import json

from tests.commands import hkexprt


def test_every_layout_is_told_to_a_script(tmp_path):
    done = hkexprt(tmp_path, "omd", "layouts", "--json")
    told = json.loads(done.stdout)
    trade = next(each for each in told["OMD-C"] if each["type"] == 50)
    assert (trade["name"], trade["size_bytes"]) == ("Trade", 32)
    assert [field["offset"] for field in trade["fields"] if field["name"] == "TradeID"] == [8]


def test_a_capture_is_told_to_a_script(tmp_path):
    done = hkexprt(tmp_path, "omd", "record", "made.pcap", "--seconds", "0.3", "--json")
    told = json.loads(done.stdout)
    assert told["frames"] > 0
    assert tmp_path.joinpath(told["file"]).stat().st_size > 16 * told["frames"]
