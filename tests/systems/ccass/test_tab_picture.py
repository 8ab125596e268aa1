"""Pictures and texts of a page: what is masked is in neither, whatever the page does."""

from __future__ import annotations

from io import BytesIO

from pytest_hkexprt.systems.ccass.client_scripts import MASK_COLOUR
from tests.systems.ccass.served import PAGES


def test_masked_parts_are_not_in_the_text_and_the_page_is_put_back(on):
    html = "<p>seen</p><table id=t style='color: red'><tr><td>4,711</td></tr></table>"
    ((first, _), style), _ = on(
        html,
        lambda tab: (tab.look("", picture=True), tab.table("#t")),
        mask=("#t",),
        Content_Security_Policy="style-src 'self'",
    )
    assert "4,711" not in first.text
    assert "seen" in first.text
    assert style[1] == (("4,711",),)


def covered(png: bytes, width: int, height: int) -> bool:
    """Whether a picture's upper left part has no other colour than the mask's, give or take a rounding."""
    wanted = [int(MASK_COLOUR[at : at + 2], 16) for at in (1, 3, 5)]
    found = pixels(png, width, height)
    return all(abs(came - want) <= 2 for colour in found for came, want in zip(colour, wanted, strict=True))


def test_masked_parts_are_covered_in_the_picture_whatever_the_pages_policy(on):
    html = "<table id=t width=600 height=400 border=0><tr><td>4,711<td><b>0,815</b></table>"
    policy = {"Content_Security_Policy": "default-src 'none'"}
    (_, png), _ = on(html, lambda tab: tab.look("", picture=True), mask=("#t",), **policy)
    assert covered(png, 500, 300)
    (_, png), _ = on(html, lambda tab: tab.look("", picture=True), **policy)
    assert not covered(png, 500, 300)


def test_a_picture_of_a_page_that_came_meanwhile_is_not_kept(on, url):
    html = "<table id=t width=600 height=400 border=0><tr><td>4,711<td><b>0,815</b></table>"
    PAGES["/other"] = (html.encode(), {})

    def work(tab):
        picture = tab._picture

        def comes_meanwhile():
            tab._picture = picture
            tab.open(f"{url}/other", 20)
            tab.wait(["#t"], 20)
            return picture()

        tab._picture = comes_meanwhile
        return tab.look("", picture=True)

    (look, png), _ = on("<p>before</p>", work, mask=("#t",))
    assert "before" not in look.text
    assert covered(png, 500, 300)


def test_a_picture_the_browser_cannot_make_at_once_is_tried_again(on):
    def work(tab):
        picture = tab._picture

        def cannot():
            tab._picture = picture
            return b""

        tab._picture = cannot
        return tab.look("", picture=True)

    assert on("<p>x</p>", work)[0][1].startswith(b"\x89PNG")


def test_a_password_is_masked_without_being_named(on):
    style = "border:0;padding:0;width:200px;height:40px"
    html = f"<body style='margin:0'><input type=password value=secret style='{style}'>"
    (_, png), _ = on(html, lambda tab: tab.look("", picture=True))
    assert covered(png, 200, 40)


def pixels(png: bytes, width: int, height: int) -> set[tuple[int, int, int]]:
    """The colours of a picture's upper left part, a few pixels from its edge; the PNG is read by hand."""
    import struct  # noqa: PLC0415
    import zlib  # noqa: PLC0415

    stream = BytesIO(png[8:])
    size = colour = None
    data = b""
    while head := stream.read(8):
        length, kind = struct.unpack(">I4s", head)
        chunk = stream.read(length)
        stream.read(4)
        if kind == b"IHDR":
            size, colour = struct.unpack(">II", chunk[:8]), chunk[9]
        if kind == b"IDAT":
            data += chunk
    across = {2: 3, 6: 4}[colour]
    raw, line_bytes = zlib.decompress(data), size[0] * across
    before, found = bytearray(line_bytes), set()
    for row in range(min(height, size[1])):
        at = row * (line_bytes + 1)
        line = unfiltered(raw[at], bytearray(raw[at + 1 : at + 1 + line_bytes]), before, across)
        before = line
        if 12 <= row < height - 3:
            found |= {tuple(line[x * across : x * across + 3]) for x in range(12, width - 3)}
    return found


def unfiltered(kind: int, line: bytearray, before: bytearray, across: int) -> bytearray:
    # PNG specification, 9.2: None, Sub, Up, Average, Paeth.
    for at in range(len(line)):
        left = line[at - across] if at >= across else 0
        up = before[at]
        corner = before[at - across] if at >= across else 0
        if kind == 1:
            line[at] = (line[at] + left) & 255
        elif kind == 2:
            line[at] = (line[at] + up) & 255
        elif kind == 3:
            line[at] = (line[at] + (left + up) // 2) & 255
        elif kind == 4:
            guess = left + up - corner
            nearest = min((left, up, corner), key=lambda each: abs(guess - each))
            line[at] = (line[at] + nearest) & 255
    return line
