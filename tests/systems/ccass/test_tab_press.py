"""Pressing what is on a page: with a real mouse, when it can be, and not where something else came."""

from __future__ import annotations

import pytest

PRESSED = "<script>addEventListener('click', (e) => document.title = `${e.isTrusted} ${e.target.id}`, true)</script>"


def pressed(selector: str, *others: str, timeout_s: float = 20):
    """Press, and tell what came of it and on what the page saw a click, of a real mouse or not."""

    def work(tab):
        found = tab.press(selector, others, timeout_s)
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
            "<script>let at = 0, moving = true; requestAnimationFrame(function move() {"
            " a.style.marginLeft = `${at = 30 - at}px`; if (moving) requestAnimationFrame(move) })</script>",
            "moving = false",
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
