"""The scripts of ours that run on a page: what is seen, what is covered, what a table holds, what there is to describe.

Each is a function of one argument. They run in a world of their own, where the page's scripts cannot be seen and cannot
see them, with JavaScript's own names as they were; and they change nothing that a page would notice for longer than a
picture takes. One call answers all that one wants to know of a moment.
"""

from __future__ import annotations

MASK_COLOUR = "#8a94a0"
LOOKED_EVERY_MS = 25
"""How often marks are looked for when the document itself does not change: a style sheet may have come."""
SETTLES_WITHIN_MS = 500
"""How long the rest of a document, its style sheets and images are waited for."""
SETTLED = """
() => document.readyState === "complete" || new Promise((resolve) => {
    addEventListener("load", resolve, { once: true });
    setTimeout(resolve, WITHIN);
})
""".replace("WITHIN", str(SETTLES_WITHIN_MS))
"""Waits until the document is whole."""
READ_WITHIN_MS = 10_000
"""How long a document may come in before its table is taken as it is."""
READ = """
() => document.readyState !== "loading" || new Promise((resolve) => {
    document.addEventListener("DOMContentLoaded", resolve, { once: true });
    setTimeout(resolve, WITHIN);
})
""".replace("WITHIN", str(READ_WITHIN_MS))
"""Waits until the document has come in, so that no row of a table is missing."""
WAIT = """
({ marks, also = [], selectors = [], press = "", settled = false, left_ms }) => new Promise((resolve) => {
    const shown = (element) => element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length;
    const isSeen = (mark) => {
        if (mark.startsWith("text=")) return (document.body?.innerText ?? "").includes(mark.slice(5));
        return [...document.querySelectorAll(mark)].some(shown);
    };
    const text = (selector) => document.querySelector(selector)?.innerText ?? "";
    let observer, timer;
    const end = async (found) => {
        observer?.disconnect();
        clearInterval(timer);
        if (found && settled) await (SETTLED)();
        const seen = found ? [...marks, ...also].filter(isSeen) : [];
        const place = press && seen[0] === press ? await (PLACE)({ selector: press }) : null;
        resolve([seen, selectors.map(text), document.title, place]);
    };
    const until = performance.now() + left_ms;
    const look = () => {
        const found = marks.some(isSeen);
        if (found || performance.now() >= until) end(found);
        return found || performance.now() >= until;
    };
    if (look()) return;
    observer = new MutationObserver(look);
    observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
    timer = setInterval(look, EVERY);
})
"""
"""Waits until one of some marks is seen, and if wanted the document is whole, or there is no time left: those seen
then, with others that are; the texts at some selectors; the title; and where to press, if the first one is to be."""
PLACE = """
async ({ selector, row = "", number = 0 }) => {
    const from = row ? document.querySelectorAll(row)[number] : document;
    const element = from?.querySelector(selector);
    if (!element?.checkVisibility({ visibilityProperty: true })) return null;
    if (element.matches(":disabled, [aria-disabled=true]")) return null;
    element.scrollIntoViewIfNeeded();
    const box = () => element.getBoundingClientRect();
    const { left, top, width, height } = box();
    await new Promise((resolve) => { requestAnimationFrame(resolve); setTimeout(resolve, FRAME); });
    const now = box();
    if (now.left !== left || now.top !== top || now.width !== width || now.height !== height) return null;
    const at = [left + width / 2, top + height / 2];
    const hit = document.elementFromPoint(...at);
    return hit && (hit === element || element.contains(hit)) ? at : null;
}
"""
"""Where the first element that fits is to be pressed: seen, not disabled, at rest for a frame, and nothing before it;
nothing where that is not so now."""
FRAME_MS = 100
"""How long a frame is waited for; a page that draws none is at rest."""
PLACE = PLACE.replace("FRAME", str(FRAME_MS))
WAIT = WAIT.replace("PLACE", PLACE.strip()).replace("SETTLED", SETTLED.strip()).replace("EVERY", str(LOOKED_EVERY_MS))
CHOOSE = """
({ selector }) => {
    const field = document.querySelector(selector);
    const kinds = ["text", "password", "email", "number", "search", "tel", "url", "textarea"];
    if (!field?.matches("input, textarea") || !kinds.includes(field.type)) return "";
    if (field.matches(":read-only, [aria-disabled=true]")) return "";
    if (!field.checkVisibility({ visibilityProperty: true })) return "";
    field.focus();
    field.select();
    return document.activeElement === field ? "chosen" : "handed on";
}
"""
"""Chooses what stands in the first element that fits, so that what is typed takes its place; empty where that is not a
field for text, or none that can be filled in now; handed on, where its page gives the keyboard to another."""
TEXT = """
({ selector }) => document.querySelector(selector)?.innerText ?? ""
"""
"""The text of the first element that fits; empty where none does."""
COVER = """
async ({ masked, busy, picture }) => {
    await (SETTLED)();
    const hide = (element, name, value) => element.style.setProperty(name, value, "important");
    const shown = (element) => element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length;
    const isBusy = busy !== "" && [...document.querySelectorAll(busy)].some(shown);
    const covered = masked.flatMap((selector) => [...document.querySelectorAll(selector)]);
    const inner = covered.flatMap((element) => [...element.querySelectorAll("*")]);
    const before = [...covered, ...inner].map((element) => [element, element.getAttribute("style")]);
    globalThis.uncover = () => before.reverse().forEach(([element, style]) => {
        if (style === null) element.removeAttribute("style"); else element.setAttribute("style", style);
    });
    [...covered, ...inner].forEach((element) => hide(element, "visibility", "hidden"));
    const text = document.body?.innerText ?? "";
    if (picture) covered.filter((element) => !inner.includes(element)).forEach((element) => {
        hide(element, "visibility", "visible");
        hide(element, "background", "COLOUR");
        const lines = ["color", "-webkit-text-fill-color", "caret-color", "border-color"];
        lines.forEach((name) => hide(element, name, "COLOUR"));
    });
    else uncover();
    return [document.title, text, isBusy];
}
""".replace("COLOUR", MASK_COLOUR).replace("SETTLED", SETTLED.strip())
"""Title, what can be read without the masked parts, whether the page turns; for a picture the masked parts then stay
covered. Styles are set one by one: a page's policy may forbid a style sheet, and then nothing would be covered."""
UNCOVER = """
() => {
    uncover();
    return true;
}
"""
TABLE = """
async ({ table, selectors }) => {
    await (READ)();
    const found = document.querySelector(table);
    const cells = (row) => [...row.cells].map((cell) => cell.innerText);
    const head = [...found?.tHead?.rows ?? []];
    const body = [...found?.rows ?? []].filter((row) => !head.includes(row));
    const text = (selector) => document.querySelector(selector)?.innerText ?? "";
    return [head.length ? cells(head[head.length - 1]) : [], body.map(cells), selectors.map(text)];
}
""".replace("READ", READ.strip())
"""A table's columns and rows, nothing where there is none, and the texts beside it."""
ROWS = """
async ({ rows, inner }) => {
    await (READ)();
    const texts = (row) => inner.map((selector) => (selector && row.querySelector(selector)?.innerText) || "");
    return [...document.querySelectorAll(rows)].map(texts);
}
""".replace("READ", READ.strip())
"""For each row that fits, the text of the first element that fits each selector within it."""
PARTS = """
() => {
    const quoted = (text) => CSS.escape(text);
    const path = (element) => {
        if (element.id) return "#" + quoted(element.id);
        if (!element.parentElement) return "html";
        const kin = [...element.parentElement.children].filter((each) => each.tagName === element.tagName);
        const tag = element.tagName.toLowerCase();
        const place = kin.length === 1 ? tag : `${tag}:nth-of-type(${kin.indexOf(element) + 1})`;
        return `${path(element.parentElement)} > ${place}`;
    };
    const selector = (element) => {
        if (element.id) return "#" + quoted(element.id);
        const name = element.getAttribute("name");
        const tag = element.tagName.toLowerCase();
        if (name) return `${tag}[name=${JSON.stringify(name)}]`;
        const alike = [...document.querySelectorAll(tag)];
        return alike.length === 1 ? tag : path(element);
    };
    const label = (element) => {
        const own = element.labels?.[0]?.innerText ?? element.getAttribute("aria-label");
        return own ?? element.getAttribute("placeholder") ?? element.innerText ?? "";
    };
    const parts = [];
    const add = (kind, element, text) => parts.push([kind, selector(element), text.trim().slice(0, 200)]);
    const each = (tags, work) => [...document.querySelectorAll(tags)].forEach(work);
    each("form", (form) => add("form", form, `${form.method.toUpperCase()} ${form.getAttribute("action") ?? ""}`));
    each("input, select, textarea", (field) => {
        if (field.type !== "hidden") add(field.type || "field", field, label(field));
    });
    each("button, input[type=submit], [role=button]", (button) => add("button", button, label(button)));
    each("a[href]", (link) => add("link", link, link.innerText));
    each("table", (table) => {
        add("table", table, [...table.rows[0]?.cells ?? []].map((cell) => cell.innerText).join(" | "));
    });
    each("h1, h2, [role=alert], [role=status], [id][class*=error], [id][class*=message]", (said) => {
        add("heading", said, said.innerText);
    });
    return parts;
}
"""
"""Kind, selector and text of whatever a page description may want."""
