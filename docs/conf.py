"""The documentation as a site: ``python3 do.py docs``; the reference is drawn from the code as it builds."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parent))

import pytest_hkexprt

if TYPE_CHECKING:
    from sphinx.application import Sphinx

project = "pytest-hkexprt"
copyright = "its authors, MIT licence"
version = release = pytest_hkexprt.__version__
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["system-template"]
source_suffix = {".md": "markdown"}
html_theme = "furo"
html_title = "pytest-hkexprt"
html_static_path: list[str] = []
myst_heading_anchors = 3
myst_enable_extensions = ["colon_fence"]
autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_default_options = {"members": True, "show-inheritance": True}
napoleon_google_docstring = True
nitpicky = False
suppress_warnings = [
    "myst.xref_missing",  # pages link to files of the project that are no pages; tests/test_docs.py looks at each link
    "ref.python",  # a type is named in a signature as its module names it, and several modules may have it
    "misc.highlighting_failure",  # a block's language may be one of ours: a console session, a feature
]


def setup(app: Sphinx) -> None:
    """Draw the reference before the pages are read."""
    import reference_pages  # noqa: PLC0415  beside this file, which Sphinx runs outside any package

    app.connect("builder-inited", lambda app: reference_pages.write(Path(app.srcdir) / "reference"))
