"""Every kind of message of every profile in FIX: written with all it can hold, and read as it was."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_hkexprt.systems.otp.fix import FixCodec
from pytest_hkexprt.systems.otp.fix_layout import layout_of
from pytest_hkexprt.systems.otp.fix_messages import TYPES
from pytest_hkexprt.systems.otp.messages import Kind, Message, Role
from pytest_hkexprt.systems.otp.profiles import CCCG_13, OCG_3, OCG_22, WireProtocol
from tests.systems.otp.samples import PROFILES, full, named

ASKED = {"SubmittingBrokerID", "OwningBrokerID", "BCAN", "MaxPriceLevels", "EncryptedPassword", "OrderID"} | {
    "OrigClOrdID",
    "Side",
}
EVERY = [
    (profile, sender, kind)
    for profile in PROFILES
    for sender in Role
    for kind in sorted(profile.kinds(sender))
    if kind in TYPES
]


@pytest.mark.parametrize(("profile", "sender", "kind"), EVERY, ids=named)
def test_a_message_with_everything_survives(profile, sender, kind):
    message, codec = full(kind, profile, WireProtocol.FIX, sender), FixCodec(profile)
    decoder = codec.decoder(sender)
    decoder.receive_data(codec.encode(message, sender=sender))
    assert decoder.next_message() == message


@pytest.mark.parametrize(
    ("kind", "profile", "sender", "mandatory"),
    [
        (Kind.NEW_ORDER, OCG_22, Role.INITIATOR, {"SubmittingBrokerID", "Side"}),
        (Kind.NEW_ORDER, OCG_3, Role.INITIATOR, {"SubmittingBrokerID", "Side", "BCAN"}),
        (Kind.NEW_ORDER, CCCG_13, Role.INITIATOR, {"SubmittingBrokerID", "Side", "BCAN", "MaxPriceLevels"}),
        (Kind.AMEND, OCG_3, Role.INITIATOR, {"SubmittingBrokerID", "OrigClOrdID", "Side"}),
        (Kind.CANCEL, OCG_3, Role.INITIATOR, {"SubmittingBrokerID", "OrigClOrdID", "Side"}),
        (Kind.MASS_CANCEL, OCG_3, Role.INITIATOR, {"SubmittingBrokerID"}),
        (Kind.QUOTE, OCG_3, Role.INITIATOR, {"SubmittingBrokerID", "BCAN"}),
        (Kind.QUOTE_CANCEL, OCG_3, Role.INITIATOR, {"SubmittingBrokerID"}),
        (Kind.OBO_CANCEL, OCG_3, Role.INITIATOR, {"SubmittingBrokerID", "OwningBrokerID", "OrderID", "Side"}),
        (Kind.OBO_MASS_CANCEL, OCG_3, Role.INITIATOR, {"SubmittingBrokerID", "OwningBrokerID"}),
        (Kind.TRADE_CAPTURE, OCG_3, Role.ACCEPTOR, {"SubmittingBrokerID", "Side"}),
        (Kind.TRADE_CAPTURE_ACK, OCG_3, Role.ACCEPTOR, {"SubmittingBrokerID", "Side"}),
        (Kind.LOGON, OCG_3, Role.INITIATOR, {"EncryptedPassword"}),
        (Kind.LOGON, OCG_3, Role.ACCEPTOR, set()),
        (Kind.HEARTBEAT, OCG_3, Role.INITIATOR, set()),
    ],
    ids=named,
)
def test_what_a_kind_and_a_profile_ask_for_is_mandatory(kind, profile, sender, mandatory):
    layout = layout_of(profile, kind, is_cancel_reject=False)
    assert {*layout.missing({}, sender)} & ASKED == mandatory


def test_what_is_missing_is_told_by_the_alphabet_and_what_is_there_is_not():
    layout = layout_of(OCG_22, Kind.SEQUENCE_RESET, is_cancel_reject=False)
    assert layout.missing({}, Role.INITIATOR) == ["NewSeqNo"]
    assert layout.missing({"NewSeqNo": 1}, Role.INITIATOR) == []


@pytest.mark.parametrize(
    ("name", "tag"),
    [
        ("OrderID", b"37"),
        ("SubmittingBrokerID", b"448"),
        ("BrokerLocationID", b"448"),
        ("BCAN", b"448"),
        ("9999", b"9999"),
    ],
)
def test_a_reject_names_a_field_by_its_tag(name, tag):
    reject = Message.of(Kind.REJECT, SessionRejectReason=0, RefSeqNum=1, RefFieldName=name)
    data = FixCodec(OCG_22).encode(replace(reject, comp_id="A", seq=1, sent="x"), sender=Role.INITIATOR)
    assert b"\x01371=" + tag + b"\x01" in data
