"""Messages of every kind a profile has, drawn from its layouts; and one of each with everything in it."""

from __future__ import annotations

from decimal import Decimal
from enum import IntEnum

from hypothesis import strategies as st

from pytest_hkexprt.systems.otp.codecs import codec_of
from pytest_hkexprt.systems.otp.fields import FIELDS
from pytest_hkexprt.systems.otp.fix import REJECTED, FixCodec
from pytest_hkexprt.systems.otp.fix_components import RESPONSE_TO
from pytest_hkexprt.systems.otp.fix_messages import CANCEL_REJECT_TYPE, KINDS, TYPES
from pytest_hkexprt.systems.otp.fix_values import NAMES
from pytest_hkexprt.systems.otp.layouts import GROUPS, LAYOUTS, Row
from pytest_hkexprt.systems.otp.messages import Entry, Kind, Message, Role
from pytest_hkexprt.systems.otp.profiles import CCCG_13, OCG_3, OCG_22, Profile, WireProtocol
from pytest_hkexprt.systems.otp.words import ExecType, Word

COMP_ID = "CO99999901"
SENT = "20231125-02:00:00.000"
PROFILES = (OCG_22, OCG_3, CCCG_13)
SPOKEN = [(profile, protocol, role) for profile in PROFILES for protocol in WireProtocol for role in Role]
"""Every profile, protocol and sender."""


def named(each: object) -> str:
    """Return a parameter's name in a test's."""
    if isinstance(each, set):
        return "+".join(sorted(each)) or "none"  # the order of a set is another in each process
    return each.name if isinstance(each, Profile) else str(each)


BYTES = {"u8": 1, "byte": 1, "u16": 2, "u32": 4}
PRINTABLE = st.characters(min_codepoint=0x20, max_codepoint=0x7E)


def values(row: Row, protocol: WireProtocol) -> st.SearchStrategy[object]:  # noqa: PLR0911  a line for each type
    """Draw what a field may hold in a protocol; in FIX no more than the binary protocol has room for."""
    kind, fix = FIELDS[row.name].type, protocol is WireProtocol.FIX
    if row.type == "group":
        return groups(row.name, protocol)
    if row.name == "RefFieldName" and fix:
        return st.sampled_from(sorted(NAMES.values()))
    if row.name == "TestReqID":
        return st.integers(0, 2**16 - 1).map(str)
    if kind is Decimal:
        return st.integers(-(2**63), 2**63 - 1).map(lambda scaled: Decimal(scaled) / 10**8)
    if kind is bool:
        return st.booleans()
    if kind is Kind:
        return st.sampled_from(sorted(set(KINDS.values()) if fix else set(Kind)))
    if kind is str:
        longest = 1 if row.type == "byte" else int(row.type[1:]) - 1
        return st.text(PRINTABLE, min_size=1, max_size=longest)
    if issubclass(kind, Word):
        return st.sampled_from(list(kind))
    numbers = st.integers(0, 256 ** BYTES[row.type] - 1)
    if issubclass(kind, IntEnum):
        return st.one_of(st.sampled_from(list(kind)), numbers.filter(lambda number: number not in {*kind}))
    return numbers


@st.composite
def groups(draw: st.DrawFn, name: str, protocol: WireProtocol) -> tuple[Entry, ...]:
    """Draw a group whose entries all have the same fields, the first among them."""
    rows = GROUPS[name]
    chosen = [row for row in rows if row is rows[0] or draw(st.booleans())]
    entry = st.fixed_dictionaries({row.name: values(row, protocol) for row in chosen})
    return tuple(Entry(fields) for fields in draw(st.lists(entry, min_size=1, max_size=3)))


@st.composite
def messages(draw: st.DrawFn, profile: Profile, protocol: WireProtocol, sender: Role) -> Message:
    """Draw a framed message a side may send."""
    kinds = sorted(kind for kind in profile.kinds(sender) if protocol is WireProtocol.BINARY or kind in TYPES)
    return draw(messages_of(draw(st.sampled_from(kinds)), profile, protocol, sender))


@st.composite
def messages_of(draw: st.DrawFn, kind: Kind, profile: Profile, protocol: WireProtocol, sender: Role) -> Message:
    """Draw a framed message of a kind, with all that is mandatory and some of what is not."""
    rows = {row.name: row for row in LAYOUTS[profile.layout][kind]}
    codec = codec_of(profile, protocol)
    fields: dict[str, object] = {}
    if isinstance(codec, FixCodec):
        rejects = kind is Kind.EXECUTION_REPORT and draw(st.booleans())
        layout = codec.layout(kind, CANCEL_REJECT_TYPE if rejects else TYPES[kind])
        needed, names = layout.missing({}, sender), sorted(layout.names)
        if kind is Kind.EXECUTION_REPORT:
            answered = draw(
                st.sampled_from(REJECTED if rejects else [each for each in ExecType if each not in REJECTED])
            )
            fields["ExecType"] = answered
            others = {reason for each, (_, reason) in RESPONSE_TO.items() if each is not answered}
            names = [name for name in names if name not in {"ExecType", *others}]
    else:
        found = codec.layouts[kind]  # type: ignore[attr-defined]
        needed, names = found.missing(0, sender), list(rows)
    for name in names:
        if name in needed or draw(st.booleans()):
            fields.setdefault(name, draw(values(rows[name], protocol)))
    if protocol is WireProtocol.FIX:
        fields = draw(_fit_for_fix(kind, fields))
    seq = 1 if kind in (Kind.LOOKUP_REQUEST, Kind.LOOKUP_RESPONSE) else draw(st.integers(0, 2**32 - 1))
    sent = SENT if protocol is WireProtocol.FIX else ""
    dup, resend = draw(st.booleans()), draw(st.booleans())
    return Message(kind, fields, COMP_ID, seq, dup, resend, sent, sent if dup else "")  # type: ignore[arg-type]


@st.composite
def _fit_for_fix(draw: st.DrawFn, kind: Kind, fields: dict[str, object]) -> dict[str, object]:
    """Leave out what FIX has no place for alone, and keep to what its groups can say."""
    for name, needs in (
        ("OwningBrokerID", "SubmittingBrokerID"),
        ("NoEntitlements", "PartyDetailID"),
        *(
            (("SecurityIDSource", "SecurityID"), ("SecurityExchange", "SecurityID"))
            if kind is Kind.QUOTE_CANCEL
            else ()
        ),
    ):
        if needs not in fields:
            fields.pop(name, None)
    if kind is Kind.QUOTE and "ExecInst" in fields:
        fields["ExecInst"] = " ".join(map(str, draw(st.lists(st.integers(0, 9), min_size=1, max_size=3))))
    return fields


def full(kind: Kind, profile: Profile, protocol: WireProtocol, sender: Role) -> Message:
    """Return one message of a kind with every field its layout has; the same at every call."""
    rows = {row.name: row for row in LAYOUTS[profile.layout][kind]}
    codec = codec_of(profile, protocol)
    names = sorted(codec.layout(kind, TYPES[kind]).names) if isinstance(codec, FixCodec) else list(rows)
    fields = {name: plain(rows[name]) for name in names}
    if protocol is WireProtocol.FIX and kind is Kind.QUOTE:
        fields["ExecInst"] = "0 1"
    return Message(kind, fields, COMP_ID, 1, sent=SENT if protocol is WireProtocol.FIX else "")  # type: ignore[arg-type]


def plain(row: Row) -> object:
    """Return a value fit for a field, the same at every call."""
    kind = FIELDS[row.name].type
    if row.type == "group":
        return (Entry({each.name: plain(each) for each in GROUPS[row.name]}),)  # type: ignore[misc]
    named = {"TransactTime": SENT, "SecurityExchange": "XHKG", "SecurityIDSource": 8, "TestReqID": "7"}
    named |= {"RefFieldName": "ClOrdID", "RefMsgType": Kind.NEW_ORDER, "EncryptedPassword": "QUJD" * 86}
    if row.name in named:
        return named[row.name]
    if kind is Decimal:
        return Decimal("388.6")
    if kind is bool:
        return True
    if kind is str:
        return "1"
    return next(iter(kind)) if issubclass(kind, Word | IntEnum) else 1
