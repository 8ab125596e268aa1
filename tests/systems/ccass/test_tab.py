"""A page that means harm, or merely misbehaves: what it does unasked is undone, and written down."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from io import BytesIO

import pytest

from pytest_hkexprt.systems.ccass.client_browser import Browser
from pytest_hkexprt.systems.ccass.client_scripts import MASK_COLOUR
from pytest_hkexprt.systems.ccass.client_tab import MOST_REMEMBERED, Tab

PAGES: dict[str, tuple[bytes, dict[str, str]]] = {}
HOST = "127.0.0.1"


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body, headers = PAGES.get(self.path, (b"", {}))
        self.send_response(302 if "Location" in headers else 200 if self.path in PAGES else 404)
        for name, value in {"Content-Type": "text/html; charset=utf-8", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with http.server.ThreadingHTTPServer((HOST, 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://{HOST}:{server.server_address[1]}"
        server.shutdown()
        thread.join(10)


@pytest.fixture(scope="module")
def launched(tmp_path_factory) -> Iterator[Browser]:
    with Browser(hosts=[HOST], folder=tmp_path_factory.mktemp("downloads")) as browser:
        yield browser


@pytest.fixture
def on(launched, url):
    """Open a page of this HTML and do something there, in the browser's thread."""

    def run(html: str, work, *, mask=(), **headers):
        PAGES["/page"] = (html.encode(), {name.replace("_", "-"): value for name, value in headers.items()})
        tabs = []

        def inside():
            tab = Tab(launched.fresh(), host=HOST, hosts=(), mask=mask)
            tabs.append(tab)
            try:
                tab.open(f"{url}/page", 20)
                return work(tab)
            finally:
                tab.close()

        result = launched.do(inside, 60)
        return result, tabs[0]

    return run


def waits_for(mark: str):
    return lambda tab: tab.wait([mark], 20).first


def test_a_mark_is_found_when_it_is_seen(on):
    html = "<div id=a hidden>no</div><script>setTimeout(() => document.getElementById('a').hidden = false, 50)</script>"
    assert on(html, waits_for("#a"))[0] == "#a"


def test_a_hidden_element_is_no_mark(on):
    html = "<div id=a style='display:none'>x</div><div id=b style='visibility:hidden'>x</div>"
    assert on(html, lambda tab: tab.seen(["#a", "#b"]))[0] == ""


def test_words_are_a_mark(on):
    assert on("<p>系統維護 now</p>", lambda tab: tab.seen(["text=系統維護"]))[0] == "text=系統維護"


def test_a_second_window_is_closed_and_remembered(on):
    _, tab = on(
        "<p id=x>x</p><script>window.open('/page?second')</script>", lambda tab: (waits_for("#x")(tab), tab.settle(20))
    )
    assert any("second window was opened and closed" in remark for remark in tab.remarks)


@pytest.mark.parametrize("call", ["alert('stop')", "confirm('sure?')", "prompt('name?')"])
def test_a_question_is_answered_with_no_and_remembered(on, call):
    html = f"<p id=x>x</p><script>document.title = String({call})</script>"
    (_, (look, _)), tab = on(html, lambda tab: (waits_for("#x")(tab), tab.look("")))
    assert look.title in ("undefined", "false", "null")
    assert any("answered no" in remark for remark in tab.remarks)


def test_whoever_asks_without_end_is_not_written_down_without_end(on):
    html = "<p id=x>x</p><script>for (let i = 0; i < 200; i++) alert('stop ' + i)</script>"
    _, tab = on(html, waits_for("#x"))
    assert len(tab.remarks) == MOST_REMEMBERED


PRESSED = "<script>addEventListener('click', (e) => document.title = `${e.isTrusted} ${e.target.id}`, true)</script>"


def pressed(selector: str, *others: str, timeout_s: float = 20):
    """Press, and tell what came of it and on what the page saw a click, of a real mouse or not."""

    def work(tab):
        found = tab.press(selector, timeout_s, others)
        return found, tab.wait(["body"], 20).title

    return work


def test_an_element_is_pressed_as_with_a_mouse_wherever_it_is_on_the_page(on):
    html = f"{PRESSED}<button id=a>a</button><p style='height: 5000px'>x</p><button id=b>b</button>"
    assert on(html, pressed("#b"))[0] == (("#b", True), "true b")


def test_an_element_is_pressed_once_it_is_seen(on):
    html = f"{PRESSED}<button id=a hidden>a</button><script>setTimeout(() => a.hidden = false, 60)</script>"
    assert on(html, pressed("#a"))[0] == (("#a", True), "true a")


def test_another_mark_that_is_seen_instead_is_told_and_nothing_is_pressed(on):
    assert on(f"{PRESSED}<p id=x>x</p>", pressed("#a", "#x"))[0] == (("#x", False), "")


def test_nothing_seen_by_the_deadline_is_told(on):
    assert on("<p id=x>x</p>", pressed("#a", timeout_s=0.2))[0] == (("", False), "")


@pytest.mark.parametrize(
    ("hinders", "ends"),
    [
        ("<div id=over style='position: fixed; inset: 0'></div>", "over.remove()"),
        ("<script>a.disabled = true</script>", "a.disabled = false"),
        (
            "<script>let at = 0; let moving = setInterval(() => a.style.marginLeft = `${at += 30}px`, 5)</script>",
            "clearInterval(moving)",
        ),
    ],
    ids=["covered", "disabled", "moving"],
)
def test_what_cannot_be_pressed_yet_is_waited_for(on, hinders, ends):
    html = f"{PRESSED}<button id=a>a</button>{hinders}<script>setTimeout(() => {{ {ends} }}, 300)</script>"
    assert on(html, pressed("#a"))[0] == (("#a", True), "true a")


def test_what_can_never_be_pressed_is_told(on):
    html = f"{PRESSED}<button id=a disabled>a</button>"
    assert on(html, pressed("#a", timeout_s=0.5))[0] == (("#a", False), "")


def test_a_page_that_clings_is_left(on, url):
    html = (
        "<button id=x>x</button><script>window.onbeforeunload = (e) => { e.preventDefault(); return 'stay'; }</script>"
    )

    def work(tab):
        tab.press("#x", 20)
        PAGES["/other"] = (b"<p id=other>other</p>", {})
        tab.open(f"{url}/other", 20)
        return tab.wait(["#other"], 20).first

    found, tab = on(html, work)
    assert found == "#other"
    assert any("whether to leave" in remark and "answered yes" in remark for remark in tab.remarks)


@pytest.mark.parametrize(
    "html",
    [
        "<script>location = 'https://evil.example/logon'</script><p>x</p>",
        "<meta http-equiv=refresh content='0; url=https://evil.example/'><p>x</p>",
    ],
)
def test_a_page_that_leads_to_another_host_is_told(on, html):
    (look, _), _ = on(html, lambda tab: (tab.wait(["#never"], 2), tab.look(""))[1])
    assert look.strays == ("evil.example",)


def test_a_page_is_opened_anew_and_not_from_memory(on, url):
    def work(tab):
        PAGES["/page"] = (b"<p>now</p>", {})
        tab.open(f"{url}/page", 20)
        return tab.look("")[0].text

    assert on("<p>before</p>", work, Cache_Control="max-age=600")[0] == "now"


def test_a_redirect_to_another_host_is_told(on):
    (look, _), _ = on("", lambda tab: tab.look(""), Location="https://evil.example/")
    assert (look.strays, look.error) == (("evil.example",), "ERR_NAME_NOT_RESOLVED")


def test_a_redirect_to_a_bare_address_is_told(on):
    (look, _), _ = on("", lambda tab: tab.look(""), Location="http://127.0.0.2:80/")
    assert look.strays == ("127.0.0.2",)


def test_a_part_of_another_host_is_cut_off_and_told_and_the_page_stays(on):
    html = "<p id=x>x</p><iframe src='https://evil.example/'></iframe><img src='https://evil.example/i.png'>"
    (look, _), _ = on(html, lambda tab: (tab.settle(20), tab.look(""))[1])
    assert (look.strays, look.failed) == ((), ("evil.example was asked for, and is cut off",))


def test_an_error_of_a_script_and_of_the_console_are_remembered(on):
    html = "<p id=x>x</p><script>console.error('told so'); null.draw()</script>"
    (look, _), tab = on(html, lambda tab: (waits_for("#x")(tab), tab.settle(20), tab.look(""))[2])
    assert "null" in look.script_errors[0]
    assert any("told so" in line for line in tab.console)


def test_hostile_text_is_made_visible(on):
    (look, _), _ = on("<title>a\u202eb</title><p>c\u2066d</p>", lambda tab: tab.look(""))
    assert (look.title, look.text) == ("a\\u202eb", "c\\u2066d")


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


def test_a_page_cannot_change_what_our_scripts_mean(on):
    html = """<script>
        Document.prototype.querySelectorAll = () => []; Element.prototype.checkVisibility = () => false;
        window.setInterval = () => 0; window.Promise = class {}; JSON.stringify = () => '[]';
        setTimeout(() => document.body.append(Object.assign(document.createElement('p'), { id: 'late' })), 50);
        setTimeout(() => document.getElementById('late').textContent = 'here', 100);
    </script><p>x</p>"""
    assert on(html, waits_for("#late"))[0] == "#late"


def test_a_page_does_not_see_our_scripts(on):
    def work(tab):
        tab.look("", picture=True)
        return tab._tab.evaluate("[typeof uncover, Object.keys(window).filter((name) => /hkexprt|cover/.test(name))]")

    assert on("<p>x</p>", work)[0] == ["undefined", []]


def test_a_mark_is_waited_for_over_several_documents(on, url):
    PAGES["/second"] = (b"<script>setTimeout(() => location = '/third', 30)</script><p>second</p>", {})
    PAGES["/third"] = (b"<title>T</title><p id=third>third</p><p id=more> more </p>", {})
    html = "<script>setTimeout(() => location = '/second', 30)</script><p>first</p>"
    seen, _ = on(html, lambda tab: tab.wait(["#never", "#third", "#more"], 20, ["#more", "#never"]))
    assert (seen.marks, seen.texts, seen.title) == (("#third", "#more"), ("more", ""), "T")


def test_when_no_mark_is_seen_the_texts_are_told_all_the_same(on):
    seen, _ = on("<title>T</title><p id=a>a</p>", lambda tab: tab.wait(["#never"], 0.2, ["#a"]))
    assert (seen.marks, seen.first, seen.texts, seen.title) == ((), "", ("a",), "T")


def test_what_is_no_selector_is_no_mark(on):
    assert on("<p>x</p>", lambda tab: (tab.wait(["p >>> ["], 20).first, tab.text_at("[")))[0] == ("", "")


def test_a_password_is_masked_without_being_named(on):
    style = "border:0;padding:0;width:200px;height:40px"
    html = f"<body style='margin:0'><input type=password value=secret style='{style}'>"
    (_, png), _ = on(html, lambda tab: tab.look("", picture=True))
    assert covered(png, 200, 40)


def test_a_table_is_read_with_its_head_apart(on):
    html = "<table id=t><thead><tr><th>A<th>B</thead><tbody><tr><td>1<td>2<tr><td>3<td>4</table>"
    assert on(html, lambda tab: tab.table("#t")[:2])[0] == (("A", "B"), (("1", "2"), ("3", "4")))


def test_a_download_is_waited_for_and_its_name_is_only_a_name(on):
    PAGES["/file"] = (b"content", {"Content-Disposition": "attachment; filename*=UTF-8''..%2F..%2Fevil.txt"})

    def work(tab):
        came, why = tab.download("p", 0, "a", 20)
        return came.suggested_filename, came.path().read_bytes(), why

    (name, content, why), _ = on("<p><a href=/file download>get</a></p>", work)
    assert (content, why) == (b"content", "")
    assert "/" not in name


def test_a_link_that_downloads_nothing_is_told(on):
    assert on("<p><a href=#>get</a></p>", lambda tab: tab.download("p", 0, "a", 1))[0] == (
        None,
        "no download within 1 s",
    )


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
