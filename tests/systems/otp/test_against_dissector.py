"""Every FIX message there is, read by a codec that is not ours: Wireshark's dissector (Debian's ``tshark``).

It has FIX's own dictionary up to 5.0 SP2, so that a tag of ours that means something else in FIX is noticed. Fields
that came later, or are HKEX's own, it shows by tag.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from pytest_hkexprt.systems.otp.fields import FIELDS
from pytest_hkexprt.systems.otp.fix import FixCodec
from pytest_hkexprt.systems.otp.fix_messages import TYPES
from pytest_hkexprt.systems.otp.messages import Entry, Kind, Message, Role
from pytest_hkexprt.systems.otp.profiles import WireProtocol
from pytest_hkexprt.systems.otp.words import ExecType, Word
from tests.systems.otp.dissector import dissected
from tests.systems.otp.samples import COMP_ID, PROFILES, SENT, full, named

OTHER_NAMES = {
    "RefFieldName": "RefTagID",
    "UserName": "Username",
    "RequestResult": "PartyDetailsRequestResult",
    "InstrumentScopeOperator": "RiskInstrumentOperator",
    "InstrumentScopeSecurityID": "RiskSecurityID",
    "InstrumentScopeSecurityIDSource": "RiskSecurityIDSource",
    "InstrumentScopeSecurityExchange": "RiskSecurityExchange",
    "ThrottleAction": "RelationshipRiskInstrumentSettlType",
    "ThrottleType": "RelationshipRiskInstrumentMultiplier",
    "ThrottleNoMsgs": "NoRelationshipRiskWarningLevels",
    "ThrottleTimeInterval": "RelationshipRiskWarningLevelPercent",
    "ThrottleTimeUnit": "RelationshipRiskWarningLevelName",
}
"""What the dissector's dictionary calls them: the spelling of FIX, or who had the tag in an earlier extension pack."""
IN_TEXT = {Kind.REJECT, Kind.BUSINESS_REJECT, Kind.MASS_CANCEL_REPORT}
"""Kinds whose reason is FIX's Text."""
SAID = [
    (profile, role, kind)
    for profile in PROFILES
    for role in Role
    for kind in sorted(profile.kinds(role))
    if kind in TYPES
]


def cancel_reject() -> Message:
    """Return what is MsgType 9 in FIX."""
    report = full(Kind.EXECUTION_REPORT, PROFILES[0], WireProtocol.FIX, Role.ACCEPTOR)
    kept = ("ClOrdID", "OrigClOrdID", "OrderID", "SubmittingBrokerID", "TransactTime", "OrdStatus", "CxlRejReason")
    fields = {name: value for name, value in report.fields.items() if name in kept}
    return replace(report, fields={**fields, "CxlRejReason": 1, "ExecType": ExecType.CANCEL_REJECT})


@pytest.fixture(scope="module")
def heard(tmp_path_factory):
    """Every message of every profile with everything in it, and what the dissector makes of it."""
    said = [(profile, role, full(kind, profile, WireProtocol.FIX, role)) for profile, role, kind in SAID]
    said.append((PROFILES[0], Role.ACCEPTOR, cancel_reject()))
    data = [FixCodec(profile).encode(message, sender=role) for profile, role, message in said]
    found = dissected(data, tmp_path_factory.mktemp("fix"))
    assert len(found) == len(said)
    return [(profile, role, message, each) for (profile, role, message), each in zip(said, found, strict=True)]


def test_it_takes_every_message_for_one_and_its_checksum_for_good(heard):
    assert {tuple(each["checksum_good"] + each["checksum_bad"]) for *_, each in heard} == {("1", "0")}


def test_it_reads_every_type_a_gateway_has(heard):
    types = {each["MsgType"][0] for *_, each in heard}
    assert types == {*TYPES.values(), "9"}


def test_it_reads_header_and_names(heard):
    for profile, role, _, each in heard:
        ends = (profile.target_comp_id, COMP_ID)
        assert (each["SenderCompID"][0], each["TargetCompID"][0]) == (ends if role is Role.ACCEPTOR else ends[::-1])
        assert (each["MsgSeqNum"], each["SendingTime"], each["BeginString"]) == (["1"], [SENT], ["FIXT.1.1"])


def test_it_reads_every_field_by_the_name_fix_has_for_it(heard):
    compared = 0
    for *_, message, each in heard:
        for name, value in message.fields.items():
            compared += held(message.kind, name, value, each)
    assert compared > 500


def held(kind: Kind, name: str, value: object, each: dict[str, list[str]]) -> int:
    """Hold one field, and those of its entries, against what the dissector read; return how many were held."""
    if isinstance(value, tuple):
        assert isinstance(value[0], Entry)
        return sum(held(kind, inner, text, each) for inner, text in value[0].fields.items())
    field = FIELDS[name]
    reason = "Text" if kind in IN_TEXT else "RejectText"
    theirs = reason if name == "Reason" else OTHER_NAMES.get(name, name)
    found = each.get(theirs) or each.get(str(field.tag))
    if not field.tag or (kind is Kind.QUOTE and name == "ExecInst") or (name == "ExecType" and "ExecType" not in each):
        return 0  # in a group, under FIX's names for it
    assert found is not None, f"{kind}: {theirs} is not there"
    assert _text(name, value) in found, f"{kind}: {theirs}"
    return 1


def _text(name: str, value: object) -> str:
    if isinstance(value, Word):
        return value.fix
    if isinstance(value, bool):
        return "Y" if value else "N"
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Kind):
        return TYPES[value]
    if name == "RefFieldName":
        return str(FIELDS[str(value)].tag)
    return str(int(value)) if isinstance(value, int) else str(value)


@pytest.mark.parametrize(("field", "role"), [("SubmittingBrokerID", "36"), ("OwningBrokerID", "1")])
def test_it_reads_brokers_as_parties(heard, field, role):
    each = next(each for *_, message, each in heard if message.kind is Kind.OBO_CANCEL)
    assert role in each["PartyRole"], field


def test_it_notices_a_checksum_that_is_wrong(tmp_path):
    data = FixCodec(PROFILES[0]).encode(Message(Kind.HEARTBEAT, {}, COMP_ID, 1, sent=SENT), sender=Role.INITIATOR)
    (each,) = dissected([data[:-4] + b"000\x01"], tmp_path)
    assert each["checksum_bad"] == ["1"]


@pytest.mark.parametrize("profile", PROFILES, ids=named)
def test_every_kind_of_a_profile_is_among_them(profile):
    kinds = {kind for each, _, kind in SAID if each is profile}
    assert kinds == {kind for kind in profile.from_participant | profile.from_gateway if kind in TYPES}
