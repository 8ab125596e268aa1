"""Pressing what is on a page and filling it in: with mouse and keyboard, when it can be, and not where it cannot."""

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


TYPED = "<script>addEventListener('input', (e) => document.title += `${e.isTrusted} ${e.inputType} `, true)</script>"


def filled(value: str, *, timeout_s: float = 20):
    """Fill in the field, and tell whether it could be, what the page heard of it, and what then stands in it."""

    def work(tab):
        done = tab.fill("#a", value, timeout_s)
        heard = tab.wait(["body"], 20).title
        tab.press("#tell", (), 20)
        return done, heard, tab.text_at("#told")

    return work


TELL = "<button id=tell onclick='told.textContent = a.value'>tell</button><p id=told></p>"


@pytest.mark.parametrize("field", ["<input id=a>", "<input id=a type=number>", "<textarea id=a>old</textarea>"])
def test_a_field_is_filled_in_as_with_a_keyboard(on, field):
    assert on(f"{TYPED}{field}{TELL}", filled("42"))[0] == (True, "true insertText", "42")


def test_what_stands_in_a_field_makes_way(on):
    assert on(f"<input id=a value='old one'>{TELL}", filled("new"))[0][::2] == (True, "new")


def test_a_field_is_emptied(on):
    assert on(f"<input id=a value='old one'>{TELL}", filled(""))[0][::2] == (True, "")


def test_a_field_that_is_no_text_is_set(on):
    assert on(f"<input id=a type=date>{TELL}", filled("2024-03-23"))[0][::2] == (True, "2024-03-23")


def test_of_several_fields_the_first_is_filled_in(on):
    html = f"<input id=a><input id=a value=other><input autofocus value=third>{TELL}".replace("a.value", "a[0].value")
    assert on(html, filled("x"))[0][::2] == (True, "x")


@pytest.mark.parametrize("hindered", ["disabled", "readonly", "hidden", "aria-disabled=true"])
def test_a_field_is_filled_in_once_it_can_be_and_not_before(on, hindered):
    name = hindered.partition("=")[0]
    heard = f"<script>a.oninput = () => document.title = a.hasAttribute('{name}')</script>"
    wait = f"<script>setTimeout(() => a.removeAttribute('{name}'), 300)</script>"
    assert on(f"<input id=a value=old {hindered}>{TELL}{heard}{wait}", filled("new"))[0] == (True, "false", "new")


@pytest.mark.parametrize("hindered", ["disabled", "readonly", "hidden"])
def test_a_field_that_can_never_be_filled_in_is_told_and_left(on, hindered):
    done, _, told = on(f"<input id=a value=old {hindered}>{TELL}", filled("new", timeout_s=0.4))[0]
    assert (done, told) == (False, "old")


def test_a_field_that_hands_its_place_on_gets_nothing_typed_into_another(on):
    html = f"<input id=a onfocus='b.focus()'><input id=b value=kept>{TELL}".replace("a.value", "b.value")
    assert on(html, filled("secret", timeout_s=0.4))[0] == (False, "", "kept")
