"""Every type of message against bytes written by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pytest_hkexprt.errors import LocalProtocolError
from pytest_hkexprt.systems.omd.codec import CODECS, BadMessage, build
from pytest_hkexprt.systems.omd.fields import CODES, HEADER_BYTES, Kind
from pytest_hkexprt.systems.omd.layouts import CONTROL, LAYOUTS, OMD_C, OMD_CC, Type
from tests.systems.omd.golden import GOLDEN

GROUPS = {
    11: {"UnderlyingSecurities": [{"UnderlyingSecurityCode": 700}]},
    13: {"LiquidityProviders": [{"LPBrokerNumber": 5465}]},
    22: {
        "MarketCodes": [{"MarketCode": "MAIN"}],
        "SecurityCodes": [{"SecurityCode": 5}],
        "NewsLines": [{"NewsLine": "本所進行系統測試"}],
    },
    53: {
        "Entries": [
            {
                "AggregateQuantity": 400,
                "Price": Decimal("61.250"),
                "NumberOfOrders": 3,
                "Side": 1,
                "PriceLevel": 1,
                "UpdateAction": 74,
            }
        ]
    },
    54: {"Items": [{"Item": 5465, "Type": "B"}, {"Item": 1, "Type": "S"}]},
}
"""What the groups of the golden messages hold."""
TYPES = sorted(GOLDEN)


def decoded(data: bytes, type_: int):
    return CODECS[type_].decode(data, 0, len(data), 0)


def test_each_listed_type_has_its_bytes_and_its_name():
    assert set(GOLDEN) == set(LAYOUTS) == {int(type_) for type_ in Type}
    assert len(CONTROL) + len(OMD_C) + len(OMD_CC) == len(LAYOUTS)


@pytest.mark.parametrize("type_", TYPES)
def test_bytes_are_read_as_published(type_):
    data, fields = GOLDEN[type_]
    message = decoded(data, type_)
    assert message.fields() == fields
    assert {name: message.entries(name) for name in GROUPS.get(type_, {})} == GROUPS.get(type_, {})


@pytest.mark.parametrize("type_", TYPES)
def test_fields_are_written_as_published(type_):
    data, fields = GOLDEN[type_]
    written = CODECS[type_].encode(build(type_, **fields, **GROUPS.get(type_, {})))
    assert _without_fillers(type_, written) == _without_fillers(type_, data)


def _without_fillers(type_: int, data: bytes) -> bytes:
    """Return a message with its fillers blanked; what stands in them is not published."""
    found, layout = bytearray(data), LAYOUTS[type_]
    at = layout.fixed_bytes
    spans = [(field.offset, field) for field in layout.fields]
    for group in layout.groups:
        spans += [(at + field.offset, field) for field in group.before]
        at += group.before_bytes
        for _ in GROUPS[type_][group.name]:
            spans += [(at + field.offset, field) for field in group.entry]
            at += group.entry_bytes
    for start, field in spans:
        if field.kind is Kind.FILLER:
            found[start : start + field.size_bytes] = bytes(field.size_bytes)
    return bytes(found)


@pytest.mark.parametrize("type_", TYPES)
def test_a_message_that_is_too_short_is_refused_by_name(type_):
    data, _ = GOLDEN[type_]
    with pytest.raises(BadMessage, match=LAYOUTS[type_].name):
        CODECS[type_].decode(data, 0, LAYOUTS[type_].size_bytes - 1, 0)


@pytest.mark.parametrize("type_", sorted(GROUPS))
def test_a_group_that_does_not_fit_in_its_message_is_refused(type_):
    data, _ = GOLDEN[type_]
    with pytest.raises(BadMessage):
        CODECS[type_].decode(data + bytes(4000), 0, len(data) - 1, 0)


def test_bytes_behind_the_known_fields_of_a_later_version_are_passed_over():
    data, fields = GOLDEN[30]
    assert decoded(data + bytes(6), 30).fields() == fields


def test_news_in_english_is_read_as_ascii():
    message = build(Type.NEWS, NewsType="EXN", Headline="System test", NewsLines=[{"NewsLine": "All systems"}])
    data = CODECS[22].encode(message)
    assert data[10:21] == b"System test"
    again = decoded(data, 22)
    assert again["Headline"] == "System test"
    assert again.entries("NewsLines") == [{"NewsLine": "All systems"}]


def test_the_integer_of_the_wire_is_there_beside_the_decimal():
    message = build(Type.NOMINAL_PRICE, SecurityCode=5, NominalPrice=Decimal("61.25"))
    assert (message.raw("NominalPrice"), message["NominalPrice"]) == (61_250, Decimal("61.250"))


def test_an_integer_is_taken_as_that_of_the_wire():
    assert build(Type.NOMINAL_PRICE, NominalPrice=61_250)["NominalPrice"] == Decimal("61.250")


@pytest.mark.parametrize(
    ("type_", "fields", "told"),
    [
        (Type.NOMINAL_PRICE, {"NominalPrice": Decimal("0.0005")}, "3 decimals"),
        (Type.NOMINAL_PRICE, {"Nominal": 1}, "one of SecurityCode, NominalPrice"),
        (Type.NOMINAL_PRICE, {"NominalPrice": "61"}, "Int32"),
        (Type.LOGON, {"Username": 5}, "String"),
        (Type.LOGON, {"Username": "THIRTEENCHARS"}, "at most 12 bytes"),
        (Type.LOGON, {"Username": "用戶"}, "ascii"),
        (Type.SECURITY_STATUS, {"SuspensionIndicator": 256}, "requires 0 <= number <= 255"),
    ],
)
def test_a_value_that_cannot_be_written_exactly_is_refused(type_, fields, told):
    with pytest.raises(LocalProtocolError, match=told):
        CODECS[type_].encode(build(type_, **fields))


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=lambda layout: layout.name)
def test_names_are_used_once_and_counts_are_fields(layout):
    rows = [layout.fields, *(group.before for group in layout.groups), *(group.entry for group in layout.groups)]
    for row in rows:
        names = [field.name for field in row if field.kind is not Kind.FILLER]
        assert len(names) == len(set(names))
        assert all(field.name or field.kind is Kind.FILLER for field in row)
    for group in layout.groups:
        before = [field.name for field in (*layout.fields, *group.before) if field.kind in CODES]
        assert group.count in before
    assert HEADER_BYTES < layout.size_bytes <= 1456
