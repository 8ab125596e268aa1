"""A layout is made of fields that lie end to end, and says so where they do not."""

from __future__ import annotations

import pytest

from pytest_hkexprt.systems.omd import fields
from pytest_hkexprt.systems.omd.fields import Field, Kind, Unit, filler, group, layout, u8, u16

PAIR = (u16(4, "First"), u16(6, "Second"))


@pytest.mark.parametrize(
    ("name", "given", "more", "field"),
    [
        ("u8", (4, "A", "0 no"), {}, Field("A", 4, Kind.UINT8, 1, values="0 no")),
        ("u16", (4, "A", "0 no"), {}, Field("A", 4, Kind.UINT16, 2, values="0 no")),
        (
            "u32",
            (4, "A", "0 no"),
            {"unit": Unit.RATE, "decimals": 4},
            Field("A", 4, Kind.UINT32, 4, Unit.RATE, 4, values="0 no"),
        ),
        (
            "u64",
            (4, "A", "0 no"),
            {"unit": Unit.MONEY, "decimals_in": "B"},
            Field("A", 4, Kind.UINT64, 8, Unit.MONEY, decimals_in="B", values="0 no"),
        ),
        ("price", (4, "A", "0 no"), {}, Field("A", 4, Kind.INT32, 4, Unit.PRICE, 3, values="0 no")),
        (
            "i64",
            (4, "A", "0 no"),
            {"unit": Unit.MONEY, "decimals": 3},
            Field("A", 4, Kind.INT64, 8, Unit.MONEY, 3, values="0 no"),
        ),
        ("moment", (4, "A", "0 no"), {}, Field("A", 4, Kind.UINT64, 8, Unit.TIME, values="0 no")),
        ("text", (4, 12, "A", "x yes"), {"pad": "\0"}, Field("A", 4, Kind.STRING, 12, values="x yes", pad="\0")),
        ("text", (4, 12, "A"), {}, Field("A", 4, Kind.STRING, 12)),
        ("wide", (4, 12, "A"), {}, Field("A", 4, Kind.UNICODE, 12)),
        ("news", (4, 12, "A"), {}, Field("A", 4, Kind.NEWS, 12)),
        ("filler", (4, 3), {}, Field("", 4, Kind.FILLER, 3)),
        ("u8", (4, "A"), {}, Field("A", 4, Kind.UINT8, 1)),
        ("u16", (4, "A"), {}, Field("A", 4, Kind.UINT16, 2)),
        ("u32", (4, "A"), {}, Field("A", 4, Kind.UINT32, 4)),
        ("u64", (4, "A"), {}, Field("A", 4, Kind.UINT64, 8)),
        ("i64", (4, "A"), {}, Field("A", 4, Kind.INT64, 8)),
        ("price", (4, "A"), {}, Field("A", 4, Kind.INT32, 4, Unit.PRICE, 3)),
        ("moment", (4, "A"), {}, Field("A", 4, Kind.UINT64, 8, Unit.TIME)),
        ("number", (Kind.INT16, 4, "A"), {}, Field("A", 4, Kind.INT16, 2)),
    ],
    ids=str,
)
def test_a_field_is_what_its_short_name_says(name, given, more, field):
    assert getattr(fields, name)(*given, **more) == field


def test_fields_that_fill_their_message_are_a_layout():
    made = layout(20, "Some", 8, *PAIR, about="it")
    assert (made.type, made.name, made.size_bytes, made.fields, made.groups, made.about) == (
        20,
        "Some",
        8,
        PAIR,
        (),
        "it",
    )
    assert (made.variable, made.fixed_bytes) == (False, 8)


def test_a_group_stands_behind_the_fields_and_is_not_of_the_fixed_bytes():
    entries = group("Entries", "Count", (u8(0, "A"), u16(1, "B")), before=(u16(0, "Count"), filler(2, 2)))
    assert (entries.entry_bytes, entries.before_bytes) == (3, 4)
    made = layout(20, "Some", 12, *PAIR, entries)
    assert (made.variable, made.fixed_bytes, made.groups) == (True, 8, (entries,))


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ((u16(5, "First"),), "Some: First at 5, what precedes ends at 4"),
        ((u16(4, "First"), u16(5, "Second")), "Some: Second at 5, what precedes ends at 6"),
        ((u16(4, "First"), filler(7, 1)), "Some: a filler at 7, what precedes ends at 6"),
        ((u16(4, "First"),), "Some: fields end at 6, the message at 8"),
        ((*PAIR, u16(8, "Third")), "Some: fields end at 10, the message at 8"),
    ],
)
def test_fields_that_do_not_fill_their_message_are_none(parts, told):
    with pytest.raises(ValueError, match="Some") as fault:
        layout(20, "Some", 8, *parts)
    assert str(fault.value) == told


@pytest.mark.parametrize(
    ("entry", "before", "told"),
    [
        ((u8(1, "A"),), (), "Entries: A at 1, what precedes ends at 0"),
        ((u8(0, "A"),), (u8(1, "Count"),), "Entries: Count at 1, what precedes ends at 0"),
    ],
)
def test_an_entry_begins_at_nought(entry, before, told):
    with pytest.raises(ValueError, match="Entries") as fault:
        group("Entries", "Count", entry, before)
    assert str(fault.value) == told
