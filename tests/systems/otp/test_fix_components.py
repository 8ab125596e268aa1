"""What FIX puts into groups and pairs of fields: written as its tables have it, read again, and what is none."""

from __future__ import annotations

import pytest

from pytest_hkexprt.systems.otp.binary_values import Unfit
from pytest_hkexprt.systems.otp.fix_components import COMPONENTS
from pytest_hkexprt.systems.otp.fix_groups import Repeats, tree_of
from pytest_hkexprt.systems.otp.messages import Entry
from pytest_hkexprt.systems.otp.words import CxlRejReason, ExecType, PositionEffect, Side

ENTITLED = {
    "PartyDetailID": "1234",
    "NoEntitlements": (
        Entry(
            {
                "EntitlementIndicator": True,
                "EntitlementType": 1,
                "NoEntitlementAttrib": (
                    Entry({"EntitlementAttribType": 7, "EntitlementAttribDataType": 8, "EntitlementAttribValue": "9"}),
                ),
                "EntitlementID": "5",
                "NoInstrumentScopes": (Entry({"InstrumentScopeOperator": 1, "InstrumentScopeSecurityID": "700"}),),
            }
        ),
        Entry({"EntitlementIndicator": False}),
    ),
}
TOLD: list[tuple[str, dict[str, object], str]] = [
    ("*parties", {"SubmittingBrokerID": "1"}, "453=1|448=1|447=D|452=1"),
    (
        "*parties",
        {"SubmittingBrokerID": "1", "OwningBrokerID": "2"},
        "453=2|448=1|447=D|452=36|448=2|447=D|452=1",
    ),
    (
        "*parties",
        {"CounterpartyBrokerID": "1", "BrokerLocationID": "2", "BCAN": "3", "SPSAID": "4"},
        "453=4|448=1|447=D|452=17|448=2|447=D|452=75|448=3|447=D|452=3|448=4|447=D|452=5",
    ),
    ("*parties", {}, ""),
    ("*passwords", {"EncryptedPassword": "ABCD"}, "1400=101|1401=4|1402=ABCD"),
    (
        "*passwords",
        {"EncryptedPassword": "ABCD", "EncryptedNewPassword": "ABCDE"},
        "1400=101|1401=4|1402=ABCD|1403=5|1404=ABCDE",
    ),
    ("*passwords", {}, ""),
    ("*disclosure", {"DisclosureInstructions": 3}, "1812=1|1813=100|1814=3"),
    ("*disclosure", {}, ""),
    ("*value checks", {"ExecInst": "1"}, "1868=1|1869=1|1870=0"),
    ("*value checks", {"ExecInst": "1 2"}, "1868=2|1869=1|1870=0|1869=2|1870=0"),
    ("*value checks", {}, ""),
    ("*quote entries", {"SecurityID": "700"}, "295=1|48=700"),
    (
        "*quote entries",
        {"SecurityID": "700", "SecurityIDSource": 8, "SecurityExchange": "XHKG"},
        "295=1|48=700|22=8|207=XHKG",
    ),
    ("*quote entries", {}, ""),
    ("*sides", {"Side": Side.BUY}, "552=1|54=1"),
    (
        "*sides",
        {
            "Side": Side.SELL,
            "SubmittingBrokerID": "1",
            "ClearingInstruction": 2,
            "PositionEffect": PositionEffect.CLOSE,
            "Text": "x",
            "OrderID": "9",
        },
        "552=1|54=2|453=1|448=1|447=D|452=1|576=1|577=2|77=C|58=x|37=9",
    ),
    (
        "*response to",
        {"ExecType": ExecType.CANCEL_REJECT, "CxlRejReason": CxlRejReason.UNKNOWN_ORDER},
        "434=1|102=1",
    ),
    ("*response to", {"ExecType": ExecType.AMEND_REJECT, "AmendRejReason": 103}, "434=2|102=103"),
    ("*response to", {"ExecType": ExecType.AMEND_REJECT}, "434=2"),
    (
        "*entitlements",
        ENTITLED,
        "1772=1|1671=1|1691=1234|1692=D|1693=1|1773=2|1774=Y|1775=1|1777=1|1778=7|1779=8|1780=9|1776=5|1656=1|1535=1"
        "|1538=700|1774=N",
    ),
    ("*entitlements", {"PartyDetailID": "1234"}, "1772=1|1671=1|1691=1234|1692=D|1693=1"),
    ("*entitlements", {}, ""),
    ("*throttles", {}, ""),
    (
        "*throttles",
        {"NoThrottles": (Entry({"ThrottleAction": 2, "ThrottleNoMsgs": 8}), Entry({"ThrottleAction": 1}))},
        "1610=2|1611=2|1613=8|1611=1",
    ),
]


def pairs(text: str) -> list[tuple[int, bytes]]:
    """Return the tags and texts of a line, | for SOH."""
    parts = [part.partition("=") for part in text.split("|") if part]
    return [(int(tag), value.encode("ascii")) for tag, _, value in parts]


def read(component: str, text: str) -> dict[str, object]:
    tree, _ = tree_of(pairs(text), 0)
    found = COMPONENTS[component].read(tree)
    assert not tree, "every tag was taken"
    return found


@pytest.mark.parametrize(("component", "fields", "text"), TOLD, ids=[f"{name} {text}" for name, _, text in TOLD])
def test_a_component_is_written_as_its_table_has_it(component, fields, text):
    assert list(COMPONENTS[component].write(fields)) == pairs(text)


@pytest.mark.parametrize(
    ("component", "fields", "text"),
    [each for each in TOLD if each[2]],
    ids=[f"{name} {text}" for name, _, text in TOLD if text],
)
def test_a_component_is_read_as_it_was_written(component, fields, text):
    assert read(component, text) == fields


@pytest.mark.parametrize("component", [each for each in COMPONENTS if each != "*response to"])
def test_a_component_that_is_not_there_says_nothing(component):
    assert read(component, "") == {}


def test_a_broker_alone_is_the_executing_firm_whoever_entered_the_order():
    assert read("*parties", "453=1|448=1|452=1") == {"SubmittingBrokerID": "1"}


def test_a_password_without_its_method_is_taken():
    assert read("*passwords", "1401=4|1402=ABCD") == {"EncryptedPassword": "ABCD"}


# ------------------------------------------------------------------ what is none


@pytest.mark.parametrize(
    ("component", "fields", "expected"),
    [
        ("*parties", {"OwningBrokerID": "1"}, "the submitting broker beside the owning one"),
        ("*value checks", {"ExecInst": "1,2"}, "numbers of checks, a space between them"),
        ("*value checks", {"ExecInst": "1  2"}, "numbers of checks, a space between them"),
        ("*value checks", {"ExecInst": "1 x"}, "numbers of checks, a space between them"),
        ("*value checks", {"ExecInst": "²"}, "numbers of checks, a space between them"),
        ("*quote entries", {"SecurityExchange": "XHKG"}, "SecurityID with its source and exchange"),
        ("*sides", {"Text": "x"}, "a Side"),
        ("*entitlements", {"NoEntitlements": ()}, "PartyDetailID with its entitlements"),
        ("*throttles", {"NoThrottles": ()}, "entries that begin with ThrottleAction"),
        ("*throttles", {"NoThrottles": (Entry({"ThrottleType": 0}),)}, "entries that begin with ThrottleAction"),
        ("*throttles", {"NoThrottles": (Entry({"ThrottleAction": 1, "Side": 1}),)}, "no Side"),
    ],
)
def test_fields_that_have_no_place_in_a_component(component, fields, expected):
    with pytest.raises(Unfit) as fault:
        list(COMPONENTS[component].write(fields))
    assert str(fault.value) == expected


@pytest.mark.parametrize(
    ("component", "text", "expected"),
    [
        ("*parties", "453=1|448=1", "an identifier and a role of its own for every party"),
        ("*parties", "453=2|448=1|452=3|448=2|452=3", "an identifier and a role of its own for every party"),
        ("*parties", "453=2|448=1|452=1|448=2", "an identifier and a role of its own for every party"),
        ("*passwords", "1400=101|1401=5|1402=ABCD", "the length of the encrypted password"),
        ("*passwords", "1400=101|1401=4", "the length of the encrypted password"),
        ("*passwords", "1403=4|1404=ABCDE", "the length of the encrypted password"),
        ("*passwords", "1401=x|1402=ABCD", "a whole number"),
        ("*disclosure", "1812=1|1813=99|1814=3", "disclosure of type 100 with its instruction"),
        ("*disclosure", "1812=1|1813=100", "disclosure of type 100 with its instruction"),
        ("*disclosure", "1812=2|1813=100|1814=3|1813=100|1814=3", "one entry"),
        ("*value checks", "1868=1|1869=1|1870=1", "a check that is not to be made"),
        ("*value checks", "1868=1|1869=1", "a check that is not to be made"),
        ("*quote entries", "295=2|48=1|48=2", "one entry"),
        ("*sides", "552=2|54=1|54=2", "one entry"),
    ],
)
def test_tags_that_are_no_component(component, text, expected):
    with pytest.raises(Unfit) as fault:
        read(component, text)
    assert str(fault.value) == expected


@pytest.mark.parametrize(
    ("component", "text", "came"),
    [
        ("*parties", "453=1|448=1|452=8", "PartyRole 8"),
        ("*parties", "453=2|448=1|452=9|448=2|452=8", "PartyRole 8, 9"),
        ("*passwords", "1400=1|1401=4|1402=ABCD", "EncryptedPasswordMethod b'1'"),
        ("*response to", "434=3", "CxlRejResponseTo b'3'"),
        ("*response to", "102=1", "CxlRejResponseTo None"),
    ],
)
def test_a_code_no_table_has(component, text, came):
    with pytest.raises(KeyError) as fault:
        read(component, text)
    assert fault.value.args == (came,)


# ------------------------------------------------------------------ trees


def test_an_entry_ends_where_the_next_begins_or_another_tag_comes():
    tree, at = tree_of(pairs("453=2|448=1|452=1|448=2|447=D|54=1"), 0)
    assert tree == {453: [{448: b"1", 452: b"1"}, {448: b"2", 447: b"D"}], 54: b"1"}
    assert at == 6


def test_groups_stand_within_groups():
    tree, _ = tree_of(pairs("1772=1|1671=1|1691=7|1773=1|1774=Y"), 0)
    assert tree == {1772: [{1671: [{1691: b"7"}], 1773: [{1774: b"Y"}]}]}


@pytest.mark.parametrize(("text", "tag"), [("54=1|54=1", 54), ("453=1|448=1|452=1|452=2", 452)])
def test_a_tag_that_stands_twice_is_told(text, tag):
    with pytest.raises(Repeats) as fault:
        tree_of(pairs(text), 0)
    assert (fault.value.tag, str(fault.value)) == (tag, str(tag))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("453=0", "1 to 1000 entries of 453"),
        ("453=1001|448=1", "1 to 1000 entries of 453"),
        ("453=1", "1 entries of 453, each beginning with 448"),
        ("453=1|452=1", "1 entries of 453, each beginning with 448"),
        ("453=2|448=1|54=1", "2 entries of 453, each beginning with 448"),
    ],
)
def test_a_group_that_does_not_have_the_entries_it_says(text, expected):
    with pytest.raises(Unfit) as fault:
        tree_of(pairs(text), 0)
    assert str(fault.value) == expected


def test_a_thousand_entries_are_read():
    tree, _ = tree_of(pairs("453=1000" + "|448=1" * 1000), 0)
    assert len(tree[453]) == 1000
