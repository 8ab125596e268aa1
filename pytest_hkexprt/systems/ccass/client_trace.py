"""Playwright's trace of what was done on a page, made fit to be attached: no secrets, and nothing of a page's contents.

It is recorded without pictures and without copies of pages, so what is in it are the steps, their times and the
console. What was typed is among them, so every string goes through the redactor before the file is kept.
"""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

from pytest_hkexprt.evidence.redact import Redactor

KEPT = (".trace", ".network", ".stacks")
"""Endings of the trace's own tables; whatever else is in it is a resource, and left out."""


def cleaned(path: Path, redactor: Redactor) -> bytes:
    """Return a trace as a zip file without secrets and resources."""
    made = io.BytesIO()
    with zipfile.ZipFile(path) as trace, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as kept:
        for name in trace.namelist():
            if name.endswith(KEPT):
                lines = trace.read(name).decode("utf-8", "replace").splitlines()
                kept.writestr(name, "".join(f"{_clean_line(line, redactor)}\n" for line in lines))
    return made.getvalue()


def _clean_line(line: str, redactor: Redactor) -> str:
    try:
        return json.dumps(_clean(json.loads(line), redactor), ensure_ascii=False)
    except ValueError:
        return redactor.text(line)


def _clean(value: Any, redactor: Redactor) -> Any:  # noqa: ANN401  whatever JSON holds
    if isinstance(value, str):
        return redactor.text(value)
    if isinstance(value, list):
        return [_clean(each, redactor) for each in value]
    if isinstance(value, dict):
        return {key: _clean(each, redactor) for key, each in value.items()}
    return value
