"""The page of all layouts is what the declarations say."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_hkexprt.systems.omd.layouts import LAYOUTS
from pytest_hkexprt.systems.omd.layouts_told import page, told
from tests.commands import hkexprt

PAGE = Path(__file__).parents[3] / "docs" / "market-data-layouts.md"


def test_the_page_in_docs_is_the_one_that_is_drawn():
    assert PAGE.read_text("utf-8") == page(), "draw it again: hkexprt omd layouts > docs/market-data-layouts.md"


def test_the_command_prints_the_page(tmp_path):
    done = hkexprt(tmp_path, "omd", "layouts")
    assert (done.returncode, done.stdout) == (0, page())


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=lambda layout: layout.name)
def test_a_layout_tells_each_of_its_fields(layout):
    text = told(layout)
    fields = [field for field in layout.fields if field.name]
    fields += [field for group in layout.groups for field in (*group.before, *group.entry) if field.name]
    assert all(f"| {field.offset} | {field.name} | {field.kind} | {field.size_bytes} |" in text for field in fields)
