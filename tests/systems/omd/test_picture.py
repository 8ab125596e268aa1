"""The picture of a run: valid SVG, both lines told apart without colour, nothing from outside unescaped."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from pytest_hkexprt.systems.omd.facts import ChannelFacts, Filled, Gap, LineFacts, Trace
from pytest_hkexprt.systems.omd.picture import MOST_POINTS, WIDTH, Shade, draw

KEPT = Path(__file__).with_name("picture.svg")
SVG = "{http://www.w3.org/2000/svg}"
A = Trace(30, "A", ((0.0, 1), (1.0, 50), (2.0, 100)))
B = Trace(30, "B", ((0.1, 1), (1.1, 60), (2.0, 100)))
GAP = Gap(30, 40, 44, 11.0, 0.25, Filled.RETRANSMISSION, "A and B")


def facts(**more) -> ChannelFacts:
    lines = (LineFacts("A", "g:1", "", first=1, last=100), LineFacts("B", "h:1", ""))
    return ChannelFacts(30, "securities full tick", lines, **{"traces": (A, B), **more})


def drawn(*channels, **more) -> ET.Element:
    return ET.fromstring(draw(channels, **{"title": "OMD-C", **more}))


def texts(picture: ET.Element) -> str:
    return " | ".join(each.text or "" for each in picture.iter())


def test_a_picture_is_one_svg_document_with_a_title_and_a_description():
    picture = drawn(facts())
    assert (picture.tag, picture.get("role")) == (f"{SVG}svg", "img")
    assert picture.findtext(f"{SVG}title") == "OMD-C"
    assert "line A 1 to 100, line B nothing, 0 gaps" in picture.findtext(f"{SVG}desc")


def test_the_two_lines_differ_in_form_as_well_as_in_colour():
    a, b = drawn(facts()).findall(f"{SVG}polyline")
    assert (a.get("stroke-dasharray"), b.get("stroke-dasharray")) == (None, "5 3")
    assert a.get("stroke") != b.get("stroke")


def test_a_sequence_stands_still_until_it_goes_on():
    line = drawn(facts()).find(f"{SVG}polyline").get("points").split()
    assert len(line) == 5
    assert line[0].partition(",")[2] == line[1].partition(",")[2]


def test_a_gap_is_marked_and_says_how_it_was_filled():
    picture = drawn(facts(gaps=(GAP,)), joined_s=10.0)
    told = [each.findtext(f"{SVG}title") for each in picture.iter(f"{SVG}circle")]
    assert "40 to 44 missed on A and B, filled by retransmission after 0.250 s" in told


def test_an_outage_is_shaded_for_as_long_as_it_lasted():
    picture = drawn(facts(), shades=(Shade(0.5, 1.5, "failover: 1.00 s"),))
    widths = [float(each.get("width")) for each in picture.iter(f"{SVG}rect")]
    assert any(abs(width - (WIDTH - 170) / 2) < 1 for width in widths)
    assert "failover: 1.00 s" in texts(picture)


def test_the_remarks_stand_in_the_picture():
    assert "SIMULATOR; TEST DATA" in texts(drawn(facts(), remarks=("SIMULATOR", "TEST DATA")))


def test_whatever_a_name_holds_it_stays_a_text():
    evil = "<script>alert(1)</script>"
    picture = drawn(ChannelFacts(30, evil, ()), title=evil, remarks=(evil,))
    assert not list(picture.iter(f"{SVG}script"))
    assert evil in texts(picture)


def test_a_long_run_is_thinned_out_and_keeps_its_last_point():
    long = Trace(30, "A", tuple((each / 1000, each) for each in range(50_000)))
    points = drawn(facts(traces=(long,))).find(f"{SVG}polyline").get("points").split()
    assert len(points) <= 2 * MOST_POINTS + 4
    assert points[-1].startswith(f"{WIDTH - 20}.0,")


@pytest.mark.parametrize("channels", [(), (ChannelFacts(4, "news", ()),), (facts(traces=()),)])
def test_a_run_without_anything_is_drawn_all_the_same(channels):
    assert drawn(*channels).tag == f"{SVG}svg"


def whole() -> str:
    """Draw all that a picture has: three channels, of which one brought nothing, gaps, a failover, remarks."""
    gaps = (GAP, Gap(30, 90, 90, 11.9, 0.0, Filled.OPEN, "A"))
    empty = ChannelFacts(4, "a name far longer than there is room for", (LineFacts("A", "g:1", ""),))
    still = ChannelFacts(9, "DR", (), traces=(Trace(9, "A", ((0.2, 7), (1.8, 7))), Trace(9, "?", ((0.2, 7),))))
    shades = (Shade(0.5, 1.5, "failover: 1.00 s"), Shade(1.9, 1.9, "point"))
    return draw((facts(gaps=gaps), empty, still), title="OMD-C", remarks=("SIMULATOR",), shades=shades, joined_s=10.0)


def test_the_whole_picture_is_as_it_was_looked_at():
    """A changed picture is looked at in a browser before it is kept: `python -m tests.systems.omd.test_picture`."""
    assert whole() == KEPT.read_text("utf-8")


@pytest.mark.parametrize("many", [MOST_POINTS, MOST_POINTS + 1])
def test_no_point_is_left_out_of_what_is_just_seen(many):
    trace = Trace(30, "A", tuple((each / 1000, each) for each in range(many)))
    points = drawn(facts(traces=(trace,))).find(f"{SVG}polyline").get("points").split()
    assert len({point.partition(",")[0] for point in points}) == (many if many <= MOST_POINTS else many // 2 + 1)


def test_a_run_of_nothing_says_so():
    assert drawn().findtext(f"{SVG}desc") == "no channel"
    assert drawn(facts(), facts()).findtext(f"{SVG}desc").count("; channel 30") == 1


if __name__ == "__main__":
    KEPT.write_text(whole(), "utf-8")
