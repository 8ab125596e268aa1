"""The scripts of ours that run on a page: what is seen, what is covered, what a table holds, what there is to describe.

They change nothing that a page's own scripts would notice for longer than a picture takes.
"""

from __future__ import annotations

MASK_COLOUR = "#8a94a0"
SEEN = """
(marks) => {
    const shown = (element) => element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length;
    for (const mark of marks) {
        if (mark.startsWith("text=")) {
            if ((document.body?.innerText ?? "").includes(mark.slice(5))) return mark;
        } else if ([...document.querySelectorAll(mark)].some(shown)) return mark;
    }
    return null;
}
"""
"""The first of some marks that is seen."""
COVER = """
(masked) => {
    const hide = (element, name, value) => element.style.setProperty(name, value, "important");
    const covered = masked.flatMap((selector) => [...document.querySelectorAll(selector)]);
    const inner = covered.flatMap((element) => [...element.querySelectorAll("*")]);
    window.hkexprtCovered = [...covered, ...inner].map((element) => [element, element.getAttribute("style")]);
    [...covered, ...inner].forEach((element) => hide(element, "visibility", "hidden"));
    const text = document.body?.innerText ?? "";
    covered.filter((element) => !inner.includes(element)).forEach((element) => {
        hide(element, "visibility", "visible");
        hide(element, "background", "COLOUR");
        const lines = ["color", "-webkit-text-fill-color", "caret-color", "border-color"];
        lines.forEach((name) => hide(element, name, "COLOUR"));
    });
    return text;
}
""".replace("COLOUR", MASK_COLOUR)
"""Covers the masked parts, and returns what can be read without them. Styles are set one by one: a page's policy may
forbid a style sheet, and then nothing would be covered."""
UNCOVER = """
() => (window.hkexprtCovered ?? []).reverse().forEach(([element, style]) => {
    if (style === null) element.removeAttribute("style"); else element.setAttribute("style", style);
})
"""
TABLE = """
(selector) => {
    const table = document.querySelector(selector);
    const cells = (row) => [...row.cells].map((cell) => cell.innerText);
    const head = [...table.tHead?.rows ?? []];
    const body = [...table.rows].filter((row) => !head.includes(row));
    return [head.length ? cells(head[head.length - 1]) : [], body.map(cells)];
}
"""
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
