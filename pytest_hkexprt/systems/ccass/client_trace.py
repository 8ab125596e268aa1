"""Playwright's trace of what was done on a page, made fit to be attached: no secrets, and nothing of a page's contents.

It is recorded without pictures and without copies of pages. Even so it holds what was typed, what a script of ours read
off a table, and lines such as "locator resolved to" with an element's text in them. So what is kept is named, key by
key: which call, of what, when, how it ended. Every string of that goes through the redactor.
"""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

from pytest_hkexprt.evidence.redact import Redactor

ENDING = ".trace"
"""Of the trace's table of calls; the network's log and the resources are left out."""
KEPT: dict[str, tuple[str, ...]] = {
    "context-options": (
        *("type", "version", "origin", "browserName", "platform", "wallTime", "monotonicTime", "sdkLanguage"),
        *("options", "contextId", "title"),
    ),
    "before": (
        *("type", "callId", "startTime", "class", "method", "pageId", "title", "apiName", "parentId", "stepId"),
        "params",
    ),
    "after": ("type", "callId", "endTime", "error"),
}
"""Kind of a line to what of it is kept; lines of any other kind are left out."""
KEPT_OF_A_CALL = ("selector", "x", "y", "url", "state", "waitUntil", "timeout", "noWaitAfter")
"""Of a call's parameters: where, and never with which value or script."""
LONGEST_ERROR = 200


def cleaned(path: Path, redactor: Redactor) -> bytes:
    """Return a trace as a zip file, without secrets and contents."""
    made = io.BytesIO()
    with zipfile.ZipFile(path) as trace, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as kept:
        for name in trace.namelist():
            if name.endswith(ENDING):
                lines = trace.read(name).decode("utf-8", "replace").splitlines()
                kept.writestr(name, "".join(f"{line}\n" for line in (_line(line, redactor) for line in lines) if line))
    return made.getvalue()


def _line(line: str, redactor: Redactor) -> str:
    """Return what of a line is kept; empty where nothing is."""
    try:
        read = json.loads(line)
    except ValueError:
        return ""
    if not isinstance(read, dict) or read.get("type") not in KEPT:
        return ""
    kept = {key: read[key] for key in KEPT[read["type"]] if key in read}
    if isinstance(params := kept.get("params"), dict):
        kept["params"] = {key: params[key] for key in KEPT_OF_A_CALL if key in params}
    if isinstance(error := kept.get("error"), dict):
        # Its first line says what failed; those below may quote the page.
        message = str(error.get("message", "")).partition("\n")[0][:LONGEST_ERROR]
        kept["error"] = {"name": error.get("name", "Error"), "message": message}
    return json.dumps(_clean(kept, redactor), ensure_ascii=False)


def _clean(value: Any, redactor: Redactor) -> Any:  # noqa: ANN401  whatever JSON holds
    if isinstance(value, str):
        return redactor.text(value)
    if isinstance(value, list):
        return [_clean(each, redactor) for each in value]
    if isinstance(value, dict):
        return {key: _clean(each, redactor) for key, each in value.items()}
    return value
