"""The picture of a run: sequence number against time, both lines of each channel, interruptions shaded.

An SVG that needs nothing from elsewhere: it stands inside the report, prints, and is read without scripts. The lines
differ in form as well as in colour, since not everybody tells colours apart and printers often know only one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from pytest_hkexprt.systems.omd.facts import ChannelFacts, Filled, Trace

WIDTH, LEFT, RIGHT, TOP, ROW, PLOT = 960, 150, 20, 62, 96, 62
"""Of the picture, in its own units: ``ROW`` is a channel's height, ``PLOT`` that of its plot alone."""
LINE_STYLES = {
    "A": 'stroke="#1f5fa8" stroke-width="2"',
    "B": 'stroke="#b4540a" stroke-width="2" stroke-dasharray="5 3"',
}
GAP_COLOURS = {
    Filled.OTHER_LINE: "#5c6670",
    Filled.SAME_LINE: "#a07c00",
    Filled.RETRANSMISSION: "#0b7a4b",
    Filled.REFRESH: "#7a3ea8",
    Filled.OPEN: "#c01f1f",
}
GAP_WORDS = {
    Filled.OTHER_LINE: "gap: other line",
    Filled.SAME_LINE: "gap: came late",
    Filled.RETRANSMISSION: "gap: sent again",
    Filled.REFRESH: "gap: refresh",
    Filled.OPEN: "gap: not filled",
}
SHADE = "#d9d9d9"
LONGEST_NAME = 23
"""Characters there is room for beside a plot."""
MOST_POINTS = 400
"""Of a line: more than are seen."""


@dataclass(frozen=True, slots=True)
class Shade:
    """A stretch of time that is marked."""

    from_s: float
    to_s: float
    label: str


def draw(
    channels: Sequence[ChannelFacts],
    *,
    title: str,
    remarks: Sequence[str] = (),
    shades: Sequence[Shade] = (),
    joined_s: float = 0.0,
) -> str:
    """Return the picture of channels as an SVG document.

    Args:
        channels: as the client saw them; their traces are in seconds since the join.
        title: what it shows, which is also its text for who does not see it.
        remarks: what stands below the title: that it is a simulator's, that it is test data.
        shades: in seconds since the join.
        joined_s: when the join was, on the clock of the gaps.
    """
    end_s = _end(channels, shades)
    height = TOP + ROW * max(1, len(channels)) + 28
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        f'role="img" font-family="sans-serif" font-size="12">',
        f"<title>{escape(title)}</title>",
        f"<desc>{escape(_described(channels))}</desc>",
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<text x="{LEFT}" y="20" font-size="15" font-weight="bold">{escape(title)}</text>',
        f'<text x="{LEFT}" y="38" fill="#444444">{escape("; ".join(remarks))}</text>',
        *_legend(),
        *_shaded(shades, end_s, height),
    ]
    for number, channel in enumerate(channels):
        parts += _row(channel, TOP + number * ROW, end_s, joined_s)
    parts += _axis(end_s, height)
    return "\n".join([*parts, "</svg>", ""])


def _end(channels: Sequence[ChannelFacts], shades: Sequence[Shade]) -> float:
    times = [point[0] for channel in channels for trace in channel.traces for point in trace.points]
    return max([*times, *(shade.to_s for shade in shades), 0.001])


def _x(seconds: float, end_s: float) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * min(max(seconds / end_s, 0.0), 1.0)


def _legend() -> Iterator[str]:
    for number, (line, style) in enumerate(LINE_STYLES.items()):
        x = LEFT + number * 90
        yield f'<line x1="{x}" y1="50" x2="{x + 24}" y2="50" {style}/><text x="{x + 30}" y="54">line {line}</text>'
    for number, (how, colour) in enumerate(GAP_COLOURS.items()):
        x = LEFT + 175 + number * 128
        yield f'<circle cx="{x}" cy="50" r="4" fill="{colour}"/><text x="{x + 8}" y="54">{GAP_WORDS[how]}</text>'


def _shaded(shades: Sequence[Shade], end_s: float, height: int) -> Iterator[str]:
    for shade in shades:
        x, width = _x(shade.from_s, end_s), max(1.0, _x(shade.to_s, end_s) - _x(shade.from_s, end_s))
        yield f'<rect x="{x:.1f}" y="{TOP}" width="{width:.1f}" height="{height - TOP - 28}" fill="{SHADE}"/>'
        yield f'<text x="{x + 4:.1f}" y="{TOP + 12}" fill="#444444">{escape(shade.label)}</text>'


def _row(channel: ChannelFacts, top: int, end_s: float, joined_s: float) -> Iterator[str]:
    numbers = [point[1] for trace in channel.traces for point in trace.points]
    low, high = (min(numbers), max(numbers)) if numbers else (0, 0)
    base = top + PLOT + 20

    def y(number: int) -> float:
        return base - PLOT * (min(max(number, low), high) - low) / max(1, high - low)

    yield f'<text x="8" y="{top + 34}" font-weight="bold">{channel.number}</text>'
    name = channel.name if len(channel.name) <= LONGEST_NAME else f"{channel.name[: LONGEST_NAME - 1]}…"
    yield f'<text x="8" y="{top + 50}" fill="#444444">{escape(name)}</text>'
    yield f'<text x="{LEFT - 6}" y="{base}" text-anchor="end" fill="#444444">{low}</text>'
    if high > low:
        yield f'<text x="{LEFT - 6}" y="{base - PLOT + 10}" text-anchor="end" fill="#444444">{high}</text>'
    yield f'<line x1="{LEFT}" y1="{base}" x2="{WIDTH - RIGHT}" y2="{base}" stroke="#999999"/>'
    for trace in channel.traces:
        points = " ".join(f"{_x(seconds, end_s):.1f},{y(number):.1f}" for seconds, number in _steps(_thinned(trace)))
        style = LINE_STYLES.get(trace.line, LINE_STYLES["A"])
        yield f'<polyline points="{points}" fill="none" {style}><title>line {escape(trace.line)}</title></polyline>'
    for gap in channel.gaps:
        at = f'cx="{_x(gap.noticed_s - joined_s, end_s):.1f}" cy="{y(gap.first):.1f}"'
        yield f'<circle {at} r="4" fill="{GAP_COLOURS[gap.filled]}"><title>{escape(gap.told)}</title></circle>'


def _axis(end_s: float, height: int) -> Iterator[str]:
    for fifth in range(6):
        seconds = end_s * fifth / 5
        x = _x(seconds, end_s)
        yield f'<text x="{x:.1f}" y="{height - 8}" text-anchor="middle" fill="#444444">{seconds:.2f} s</text>'


def _thinned(trace: Trace) -> Sequence[tuple[float, int]]:
    """Return some of the points, the last among them, where there are more than are seen."""
    stride = -(-len(trace.points) // MOST_POINTS) or 1
    thinned = list(trace.points[::stride])
    return thinned if thinned[-1:] == list(trace.points[-1:]) else [*thinned, trace.points[-1]]


def _steps(points: Sequence[tuple[float, int]]) -> Iterator[tuple[float, int]]:
    """Yield points with corners between them: a sequence stands still until it goes on."""
    before: int | None = None
    for seconds, number in points:
        if before is not None and number != before:
            yield seconds, before
        yield seconds, number
        before = number


def _described(channels: Sequence[ChannelFacts]) -> str:
    told = []
    for channel in channels:
        lines = ", ".join(
            f"line {line.line} {line.first} to {line.last}" if line.first is not None else f"line {line.line} nothing"
            for line in channel.lines
        )
        told.append(f"channel {channel.number} {channel.name}: {lines}, {len(channel.gaps)} gaps")
    return "; ".join(told) or "no channel"
