"""A page that means harm, or merely misbehaves: what it does unasked is undone, and written down."""

from __future__ import annotations

import pytest

from pytest_hkexprt.systems.ccass.client_heard import MOST_REMEMBERED
from tests.systems.ccass.served import PAGES, waits_for


def test_a_mark_is_found_when_it_is_seen(on):
    html = "<div id=a hidden>no</div><script>setTimeout(() => document.getElementById('a').hidden = false, 50)</script>"
    assert on(html, waits_for("#a"))[0] == "#a"


def test_a_hidden_element_is_no_mark(on):
    html = "<div id=a style='display:none'>x</div><div id=b style='visibility:hidden'>x</div><p id=c>c</p>"
    assert on(html, lambda tab: (waits_for("#c")(tab), tab.seen(["#a", "#b"])))[0][1] == ""


def test_words_are_a_mark(on):
    assert (
        on("<p>系統維護 now</p>", lambda tab: (waits_for("p")(tab), tab.seen(["text=系統維護"])))[0][1]
        == "text=系統維護"
    )


def test_a_second_window_is_closed_and_remembered(on):
    _, tab = on(
        "<p id=x>x</p><script>window.open('/page?second')</script>", lambda tab: (waits_for("#x")(tab), tab.settle(20))
    )
    assert any("second window was opened and closed" in remark for remark in tab.heard.remarks)


@pytest.mark.parametrize("call", ["alert('stop')", "confirm('sure?')", "prompt('name?')"])
def test_a_question_is_answered_with_no_and_remembered(on, call):
    html = f"<p id=x>x</p><script>document.title = String({call})</script>"
    (_, (look, _)), tab = on(html, lambda tab: (waits_for("#x")(tab), tab.look("")))
    assert look.title in ("undefined", "false", "null")
    assert any("answered no" in remark for remark in tab.heard.remarks)


def test_whoever_asks_without_end_is_not_written_down_without_end(on):
    html = "<p id=x>x</p><script>for (let i = 0; i < 200; i++) alert('stop ' + i)</script>"
    _, tab = on(html, waits_for("#x"))
    assert len(tab.heard.remarks) == MOST_REMEMBERED


def test_a_page_that_clings_is_left(on, url):
    html = (
        "<button id=x>x</button><script>window.onbeforeunload = (e) => { e.preventDefault(); return 'stay'; }</script>"
    )

    def work(tab):
        tab.press("#x", (), 20)
        PAGES["/other"] = (b"<p id=other>other</p>", {})
        tab.open(f"{url}/other", 20)
        return tab.wait(["#other"], 20).first

    found, tab = on(html, work)
    assert found == "#other"
    assert any("whether to leave" in remark and "answered yes" in remark for remark in tab.heard.remarks)


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
    assert any("told so" in line for line in tab.heard.console)


def test_hostile_text_is_made_visible(on):
    (look, _), _ = on("<title>a\u202eb</title><p>c\u2066d</p>", lambda tab: tab.look(""))
    assert (look.title, look.text) == ("a\\u202eb", "c\\u2066d")


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


def test_what_is_judged_is_looked_at_when_the_document_is_whole(on):
    busy = "<script>for (const began = Date.now(); Date.now() - began < 200;);</script>"
    html = f"<p id=a>a</p>{busy}<p id=b>b</p>"
    seen, _ = on(html, lambda tab: tab.wait(["#a"], 20, ["#b"], ["#b"], settled=True))
    assert (seen.marks, seen.texts) == (("#a", "#b"), ("b",))


def test_when_no_mark_is_seen_the_texts_are_told_all_the_same(on):
    seen, _ = on("<title>T</title><p id=a>a</p>", lambda tab: tab.wait(["#never"], 0.2, ["#a"]))
    assert (seen.marks, seen.first, seen.texts, seen.title) == ((), "", ("a",), "T")


def test_what_is_no_selector_is_no_mark(on):
    assert on("<p>x</p>", lambda tab: (tab.wait(["p >>> ["], 20).first, tab.text_at("[")))[0] == ("", "")


def test_a_table_is_read_with_its_head_apart(on):
    html = "<table id=t><thead><tr><th>A<th>B</thead><tbody><tr><td>1<td>2<tr><td>3<td>4</table>"
    assert on(html, lambda tab: (waits_for("#t")(tab), tab.table("#t")[:2]))[0][1] == (
        ("A", "B"),
        (("1", "2"), ("3", "4")),
    )


def test_a_table_is_read_when_its_document_has_come_in(on):
    PAGES["/slow.js"] = (b"", {"Delay": "0.4"})
    rows = "<tr><td>1</td></tr><script src=/slow.js></script><tr><td>2</td></tr>"

    def work(tab):
        tab.wait(["td"], 20)
        return tab.table("#t")[1], tab.rows("#t tr", "td")

    assert on(f"<table id=t>{rows}</table>", work)[0] == ((("1",), ("2",)), [("1",), ("2",)])


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
