"""What is said of a message that cannot be built, written or read, whole; and how its fields are asked for."""

from __future__ import annotations

from decimal import Decimal

import pytest
from msgspec import structs

from pytest_hkexprt.errors import LocalProtocolError, compose
from pytest_hkexprt.systems.omd.codec import CODECS, BadMessage, Codec, build, unknown
from pytest_hkexprt.systems.omd.fields import NULL_INT32, NULL_INT64
from pytest_hkexprt.systems.omd.layouts import LAYOUTS, Type
from tests.systems.omd.golden import GOLDEN
from tests.systems.omd.test_codec import decoded


@pytest.mark.parametrize(
    ("type_", "fields", "told"),
    [
        (
            Type.NOMINAL_PRICE,
            {"NominalPrice": Decimal("0.0005")},
            compose("NominalPrice.NominalPrice", expected="3 decimals", came="0.0005"),
        ),
        (
            Type.NOMINAL_PRICE,
            {"Nominal": 1, "Another": 2},
            compose("NominalPrice: Another, Nominal", expected="one of SecurityCode, NominalPrice"),
        ),
        (
            Type.NOMINAL_PRICE,
            {"NominalPrice": "61"},
            compose("NominalPrice.NominalPrice", expected="Int32", came="'61'"),
        ),
        (Type.LOGON, {"Username": 5}, compose("Logon.Username", expected="String", came="5")),
        (Type.LOGON, {"Username": "THIRTEENCHARS"}, compose("Username", expected="at most 12 bytes", came="13")),
    ],
)
def test_a_value_that_cannot_be_written_is_told_by_its_field(type_, fields, told):
    with pytest.raises(LocalProtocolError) as fault:
        CODECS[type_].encode(build(type_, **fields))
    assert str(fault.value) == told


def test_a_message_too_long_for_a_packet_is_told_by_its_size():
    entry = {"Price": 1, "Side": 0}
    message = build(Type.AGGREGATE_ORDER_BOOK_UPDATE, SecurityCode=5, Entries=[entry] * 255)
    line = build(Type.NEWS, NewsType="EXN", NewsLines=[{"NewsLine": "x"}] * 1000)
    assert CODECS[53].encode(message)
    with pytest.raises(LocalProtocolError) as fault:
        CODECS[22].encode(line)
    layout = CODECS[22].layout
    size = layout.size_bytes - 4 + 1000 * layout.groups[-1].entry_bytes
    assert str(fault.value) == compose(f"News of {size:,} bytes", expected="at most 65,535")


@pytest.mark.parametrize(("type_", "size"), [(30, CODECS[30].layout.size_bytes), (60, CODECS[60].layout.size_bytes)])
def test_a_message_too_short_for_its_fields_is_told_by_its_size(type_, size):
    with pytest.raises(BadMessage) as fault:
        CODECS[type_].decode(GOLDEN[type_][0], 0, size - 1, 0)
    name = CODECS[type_].layout.name
    assert str(fault.value) == compose(f"{name} ({type_})", expected=f"{size} bytes at least", came=str(size - 1))


@pytest.mark.parametrize("type_", [11, 13, 22, 53, 54])
def test_a_message_too_short_for_its_entries_is_told_by_its_size(type_):
    data, _ = GOLDEN[type_]
    with pytest.raises(BadMessage) as fault:
        CODECS[type_].decode(data, 0, len(data) - 1, 0)
    name = CODECS[type_].layout.name
    assert str(fault.value) == compose(
        f"{name} ({type_})", expected=f"{len(data)} bytes at least", came=str(len(data) - 1)
    )


@pytest.mark.parametrize("start", [0, 7])
@pytest.mark.parametrize("type_", [22, 53, 54])
def test_a_message_with_entries_may_stand_anywhere_in_its_packet(type_, start):
    data, _ = GOLDEN[type_]
    message = CODECS[type_].decode(bytes(start) + data + bytes(9), start, start + len(data), 5)
    assert message.groups == decoded(data, type_).groups
    assert message.sequence == 5


def test_news_without_a_line_has_none():
    message = build(Type.NEWS, NewsType="EXC")
    assert message.groups == ((), (), ())
    assert decoded(CODECS[22].encode(message), 22).groups == ((), (), ())


def test_a_group_nobody_has_is_not_found():
    with pytest.raises(KeyError, match="Nothing"):
        decoded(GOLDEN[53][0], 53).entries("Nothing")


# ------------------------------------------------------------------ building


def test_what_is_left_out_is_nought_or_blank():
    assert build(Type.LOGON).fields() == {"Username": ""}
    assert build(Type.NOMINAL_PRICE).values == (0, 0)


def test_entries_are_counted():
    message = build(Type.LIQUIDITY_PROVIDER, SecurityCode=5, LiquidityProviders=[{"LPBrokerNumber": 1}] * 3)
    assert message.number("NoLiquidityProviders") == 3


def test_a_count_that_is_given_stays():
    message = build(
        Type.LIQUIDITY_PROVIDER, SecurityCode=5, NoLiquidityProviders=9, LiquidityProviders=[{"LPBrokerNumber": 1}]
    )
    assert message.number("NoLiquidityProviders") == 9


def test_a_null_value_is_written_as_the_documents_have_it():
    assert build(Type.NOMINAL_PRICE, NominalPrice=None).raw("NominalPrice") == NULL_INT32
    assert build(Type.NOMINAL_PRICE, NominalPrice=None)["NominalPrice"] is None
    assert NULL_INT64 == -(2**63)


@pytest.mark.parametrize("decimals", [0, 2, 8])
def test_a_number_may_say_its_decimals_in_another_field(decimals):
    found = [
        (type_, field) for type_, codec in sorted(CODECS.items()) for field in codec.layout.fields if field.decimals_in
    ]
    assert found
    for type_, field in found:
        message = build(type_, **{field.name: Decimal(5), field.decimals_in: decimals})
        assert (message.raw(field.name), message[field.name]) == (5 * 10**decimals, 5)


def test_a_message_has_its_own_number():
    assert (build(Type.LOGON, 7).sequence, build(Type.LOGON).sequence) == (7, 0)


def test_a_message_of_a_type_nobody_lists_is_a_place():
    place = unknown(999, 5, 12)
    assert (place.type, place.sequence, place.known, place.fields(), place.layout.size_bytes, place.layout.name) == (
        999,
        5,
        False,
        {},
        12,
        "unknown",
    )
    assert (place.values, place.groups, place.layout.fields) == ((), (), ())


# ------------------------------------------------------------------ compiled anew, and anywhere in a packet


@pytest.mark.parametrize("type_", sorted(GOLDEN))
def test_a_layout_compiled_reads_and_writes_its_bytes_wherever_they_stand(type_):
    codec, (data, _) = Codec(LAYOUTS[type_]), GOLDEN[type_]
    found = codec.decode(bytes(7) + data + bytes(9), 7, 7 + len(data), 5)
    assert found == structs.replace(decoded(data, type_), sequence=5)
    assert codec.decode(codec.encode(found), 0, len(data), 5) == found


@pytest.mark.parametrize("type_", sorted(GOLDEN))
def test_a_message_too_short_is_told_by_its_size_wherever_it_stands(type_):
    data, _ = GOLDEN[type_]
    for size in range(4, len(data)):
        with pytest.raises(BadMessage) as fault:
            CODECS[type_].decode(bytes(7) + data, 7, 7 + size, 0)
        assert fault.value.where == f"{LAYOUTS[type_].name} ({type_})"
        assert fault.value.came == str(size)
        assert size < int(fault.value.expected.split()[0]) <= len(data)


def test_a_string_is_asked_for_without_its_padding():
    assert build(Type.LOGON, Username="EXAMPLE").text("Username") == "EXAMPLE"


def test_an_entrys_field_that_nobody_has_is_told_by_its_message():
    with pytest.raises(LocalProtocolError) as fault:
        build(Type.LIQUIDITY_PROVIDER, LiquidityProviders=[{"Nothing": 1}])
    assert str(fault.value) == compose("LiquidityProvider: Nothing", expected="one of LPBrokerNumber")


def test_decimals_that_nobody_says_are_none():
    (field,) = {field for codec in CODECS.values() for field in codec.layout.fields if field.name == "CurrencyRate"}
    assert build(Type.CURRENCY_RATE, CurrencyRate=Decimal(7)).raw("CurrencyRate") == 7 * 10**field.decimals
