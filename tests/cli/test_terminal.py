"""``hkexprt terminal probe``: what is on a page, for whoever describes it."""

from __future__ import annotations

import http.server
import json
import threading
import tomllib
from collections.abc import Iterator

import pytest

from tests.commands import hkexprt

PAGE = """<!DOCTYPE html><html lang="en"><title>Terminal</title><h1>Log on \u202e</h1>
<form id="logon" method="post" action="/logon"><label for="user">User ID 用戶名稱</label><input id="user">
<input name="pw" type="password" placeholder="Password"><input type="hidden" name="token" value="t">
<button>Log on</button></form><table><tr><th>Stock</th><th>Quantity</th></tr></table>
<p><a href="/help">Help</a> <a href="/more">More</a></p><img src="https://elsewhere.example/x.png" alt="">
<script>null.draw()</script></html>"""


class Handler(http.server.BaseHTTPRequestHandler):
    asked: tuple[str, ...] = ()

    def do_GET(self) -> None:
        Handler.asked += (f"GET {self.path}",)
        away = self.path == "/away"
        body = b"" if away else PAGE.encode()
        self.send_response(302 if away else 200)
        if away:
            self.send_header("Location", "https://evil.example/")
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        Handler.asked += (f"POST {self.path}",)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join(10)


@pytest.fixture(scope="module")
def probed(url, tmp_path_factory):
    """One look at the page, as a person and as a script would have it."""
    folder = tmp_path_factory.mktemp("probe")
    Handler.asked = ()
    done = hkexprt(folder, "terminal", "probe", url, "--json", "--draft", "own.toml", "--picture", "page.png")
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout), folder


def test_forms_fields_buttons_links_and_tables_are_listed_with_a_selector_each(probed):
    listed = {(part["kind"], part["selector"]): part["text"] for part in probed[0]["parts"]}
    assert listed["form", "#logon"] == "POST /logon"
    assert listed["text", "#user"] == "User ID 用戶名稱"
    assert listed["password", 'input[name="pw"]'] == "Password"
    assert listed["button", "button"] == "Log on"
    assert listed["table", "table"] == "Stock | Quantity"
    assert [text for (kind, _), text in listed.items() if kind == "link"] == ["Help", "More"]
    assert len({selector for _, selector in listed}) == len(listed)


def test_a_hidden_field_is_not_listed(probed):
    assert not [part for part in probed[0]["parts"] if "token" in part["selector"]]


def test_what_would_not_be_seen_is_made_visible(probed):
    assert any(part["text"] == "Log on \\u202e" for part in probed[0]["parts"])


def test_what_went_wrong_on_the_page_is_told(probed):
    assert "null" in probed[0]["script_errors"][0]
    assert probed[0]["failed"] == ["elsewhere.example was asked for, and is cut off"]


def test_a_picture_is_taken(probed):
    assert (probed[1] / "page.png").read_bytes().startswith(b"\x89PNG")


def test_the_draft_is_a_description_begun(probed):
    draft = tomllib.loads((probed[1] / "own.toml").read_text("utf-8"))["CCMS"]
    assert draft["form"] == "#logon"
    assert draft["steps"] == [
        {"fill": "#user", "with": "user"},
        {"fill": 'input[name="pw"]', "with": "password"},
        {"click": "button"},
    ]


def test_nothing_is_sent_and_no_link_followed(probed):
    assert {asked for asked in Handler.asked if "favicon" not in asked} == {"GET /"}


def test_a_page_that_leads_to_another_host_is_not_looked_at(url, tmp_path):
    done = hkexprt(tmp_path, "terminal", "probe", f"{url}/away")
    assert done.returncode == 1
    assert "it led to evil.example" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_page_nobody_serves_is_told(tmp_path):
    done = hkexprt(tmp_path, "terminal", "probe", "http://127.0.0.1:9/")
    assert (done.returncode, done.stdout) == (1, "")
    assert "ERR_" in done.stderr


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("nonsense",), "an address such as https://www.ccass.com"),
        (("file:///etc/passwd",), "an address such as https://www.ccass.com"),
        (("http://127.0.0.1:9/", "--draft", "there.toml"), "a file that is not there yet"),
        (("http://127.0.0.1:9/", "--browser", "/nowhere/chromium"), "which cannot"),
    ],
)
def test_wrong_use_is_told(tmp_path, options, told):
    (tmp_path / "there.toml").write_text("mine")
    done = hkexprt(tmp_path, "terminal", "probe", *options)
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr
    assert (tmp_path / "there.toml").read_text() == "mine"


def test_a_person_reads_it_at_a_glance(url, tmp_path):
    done = hkexprt(tmp_path, "terminal", "probe", url)
    assert "  form      #logon" in done.stdout
    assert "picture: terminal.png" in done.stdout
