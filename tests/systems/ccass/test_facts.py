"""A table's digest, by which two are compared without being shown."""

from __future__ import annotations

import hashlib

import pytest

from tests.systems.ccass.samples import enquiry


def test_a_digest_is_over_columns_and_rows_with_separators_no_cell_has():
    text = "Stock\x1fQuantity\x1eSIM01\x1f100\x1eSIM02\x1f功"
    assert enquiry((("SIM01", "100"), ("SIM02", "功"))).sha256 == hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ((("ab", "c"),), (("a", "bc"),)),
        ((("a", "b"), ("c", "d")), (("a", "b", "c", "d"),)),
        ((("a", "b"), ("c", "d")), (("c", "d"), ("a", "b"))),
    ],
    ids=["to the next column", "to the row before", "to another order"],
)
def test_cells_cannot_be_moved_unseen(one, other):
    assert enquiry(one).sha256 != enquiry(other).sha256


def test_the_rows_do_not_print():
    assert "SIM01" not in repr(enquiry((("SIM01", "100"),)))
