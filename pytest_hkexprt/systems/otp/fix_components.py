"""What FIX puts into groups and pairs of fields, and messages here do not: brokers, passwords, disclosure, sides.

Source: OCG-C FIX 2.2, 7 (component blocks): parties (executing firm 1, client 3, investor 5, contra firm 17, entering
firm 36, location 75), disclosure instructions (1812), value checks (1868), sides (552), entitlements (1772).
"""

from __future__ import annotations

from typing import Protocol

from pytest_hkexprt.systems.otp.binary_values import Unfit
from pytest_hkexprt.systems.otp.fields import FIELDS
from pytest_hkexprt.systems.otp.fix_groups import (
    Fields,
    Pairs,
    Repeated,
    Tree,
    entries,
    only,
    plain,
    read_named,
    write_named,
)
from pytest_hkexprt.systems.otp.fix_messages import RSA_METHOD
from pytest_hkexprt.systems.otp.fix_values import converters, from_number
from pytest_hkexprt.systems.otp.messages import Value
from pytest_hkexprt.systems.otp.words import ExecType

PARTY_ID_SOURCE = b"D"
"""Proprietary: what FIX has for a code of the exchange's own."""
EXECUTING, CLIENT, INVESTOR, CONTRA, ENTERING, LOCATION = b"1", b"3", b"5", b"17", b"36", b"75"
_PLAIN_ROLES = {
    "CounterpartyBrokerID": CONTRA,
    "BrokerLocationID": LOCATION,
    "BCAN": CLIENT,
    "SPSAID": INVESTOR,
}
VOLUME = b"100"
"""DisclosureType of the one instruction there is."""
NO_CHECK = b"0"
RESPONSE_TO = {ExecType.CANCEL_REJECT: (b"1", "CxlRejReason"), ExecType.AMEND_REJECT: (b"2", "AmendRejReason")}
"""CxlRejResponseTo of MsgType 9, and whose reason its CxlRejReason is."""


class Component(Protocol):
    """Some of a message's fields, written and read together."""

    names: tuple[str, ...]
    """Which fields."""
    tags: tuple[int, ...]
    """Any of which begins it."""

    def write(self, fields: Fields) -> Pairs:
        """Yield tags and texts of those that are there."""

    def read(self, tree: Tree) -> dict[str, Value]:
        """Take them out of a tree."""


class _Parties:
    """Brokers and clients. A broker that acts for another is the entering firm, and the other the executing firm."""

    tags: tuple[int, ...] = (453,)
    names: tuple[str, ...] = ("SubmittingBrokerID", "OwningBrokerID", *_PLAIN_ROLES)

    def write(self, fields: Fields) -> Pairs:
        roles = dict(_PLAIN_ROLES)
        owned = "OwningBrokerID" in fields
        if owned and "SubmittingBrokerID" not in fields:
            raise Unfit("the submitting broker beside the owning one")
        roles |= {"SubmittingBrokerID": ENTERING if owned else EXECUTING, "OwningBrokerID": EXECUTING}
        found = [(name, fields[name]) for name in self.names if name in fields]
        if found:
            yield 453, b"%d" % len(found)
        for name, value in found:
            yield from ((448, converters(name)[0](value)), (447, PARTY_ID_SOURCE), (452, roles[name]))

    def read(self, tree: Tree) -> dict[str, Value]:
        by_role: dict[bytes, Value] = {}
        for entry in entries(tree, 453):
            name, _, role = plain(entry, 448), plain(entry, 447), plain(entry, 452)
            if name is None or role is None or role in by_role:
                raise Unfit("an identifier and a role of its own for every party")
            by_role[role] = converters("SubmittingBrokerID")[1](name)
        owned = ENTERING in by_role
        roles = {role: name for name, role in _PLAIN_ROLES.items()}
        roles[EXECUTING] = "OwningBrokerID" if owned else "SubmittingBrokerID"
        roles[ENTERING] = "SubmittingBrokerID"
        if unknown := set(by_role) - set(roles):
            raise KeyError(f"PartyRole {b', '.join(sorted(unknown)).decode('ascii', 'replace')}")
        return {roles[role]: value for role, value in by_role.items()}


class _Passwords:
    """Logon's constants, and its encrypted passwords with their lengths."""

    tags: tuple[int, ...] = (1400, 1401, 1402, 1403, 1404)
    names: tuple[str, ...] = ("EncryptedPassword", "EncryptedNewPassword")

    def write(self, fields: Fields) -> Pairs:
        found = [name for name in self.names if name in fields]
        if found:
            yield 1400, RSA_METHOD.encode("ascii")
        for name in found:
            tag, text = write_named(name, fields[name])
            yield from ((tag - 1, b"%d" % len(text)), (tag, text))

    def read(self, tree: Tree) -> dict[str, Value]:
        method = plain(tree, 1400)
        lengths = {name: plain(tree, FIELDS[name].tag - 1) for name in self.names}
        found = read_named(tree, *self.names)
        if found and method not in (None, RSA_METHOD.encode("ascii")):
            raise KeyError(f"EncryptedPasswordMethod {method!r}")
        for name, length in lengths.items():
            if length is not None and from_number(length) != len(str(found.get(name, ""))):
                raise Unfit("the length of the encrypted password")
        return found


class _Disclosure:
    """The one disclosure instruction an order has."""

    tags: tuple[int, ...] = (1812,)
    names: tuple[str, ...] = ("DisclosureInstructions",)

    def write(self, fields: Fields) -> Pairs:
        if "DisclosureInstructions" in fields:
            text = converters("DisclosureInstructions")[0](fields["DisclosureInstructions"])
            yield from ((1812, b"1"), (1813, VOLUME), (1814, text))

    def read(self, tree: Tree) -> dict[str, Value]:
        entry = only(tree, 1812)
        if entry is None:
            return {}
        kind, text = plain(entry, 1813), plain(entry, 1814)
        if kind != VOLUME or text is None:
            raise Unfit("disclosure of type 100 with its instruction")
        return {"DisclosureInstructions": from_number(text)}


class _ValueChecks:
    """A quote's ExecInst: which checks are not to be made."""

    tags: tuple[int, ...] = (1868,)
    names: tuple[str, ...] = ("ExecInst",)

    def write(self, fields: Fields) -> Pairs:
        if "ExecInst" in fields:
            checks = str(fields["ExecInst"]).split(" ")
            if not all(check.isascii() and check.isdecimal() for check in checks):
                raise Unfit("numbers of checks, a space between them")
            yield 1868, b"%d" % len(checks)
            for check in checks:
                yield from ((1869, check.encode("ascii")), (1870, NO_CHECK))

    def read(self, tree: Tree) -> dict[str, Value]:
        found = []
        for entry in entries(tree, 1868):
            check, action = plain(entry, 1869), plain(entry, 1870)
            if check is None or action != NO_CHECK:
                raise Unfit("a check that is not to be made")
            found.append(str(from_number(check)))
        return {"ExecInst": " ".join(found)} if found else {}


class _QuoteEntries:
    """The security of a quote cancel."""

    tags: tuple[int, ...] = (295,)
    names: tuple[str, ...] = ("SecurityID", "SecurityIDSource", "SecurityExchange")

    def write(self, fields: Fields) -> Pairs:
        found = [write_named(name, fields[name]) for name in self.names if name in fields]
        if found and "SecurityID" not in fields:
            raise Unfit("SecurityID with its source and exchange")
        if found:
            yield 295, b"1"
            yield from found

    def read(self, tree: Tree) -> dict[str, Value]:
        entry = only(tree, 295)
        return read_named(entry, *self.names) if entry else {}


class _Sides:
    """The one side of a trade that a gateway's report tells."""

    own = ("ExecInst", "OrderCapacity", "PositionEffect", "Text", "OrderCategory", "OrderID")
    tags: tuple[int, ...] = (552,)
    names: tuple[str, ...] = ("Side", "ClearingInstruction", *own, *_Parties.names)

    def write(self, fields: Fields) -> Pairs:
        if "Side" not in fields:
            raise Unfit("a Side")
        yield from ((552, b"1"), write_named("Side", fields["Side"]), *_Parties().write(fields))
        if "ClearingInstruction" in fields:
            yield from ((576, b"1"), write_named("ClearingInstruction", fields["ClearingInstruction"]))
        for name in self.own:
            if name in fields:
                yield write_named(name, fields[name])

    def read(self, tree: Tree) -> dict[str, Value]:
        entry = only(tree, 552)
        if entry is None:
            return {}
        clearing = only(entry, 576)
        found = read_named(entry, "Side") | _Parties().read(entry)
        return found | (read_named(clearing, "ClearingInstruction") if clearing else {}) | read_named(entry, *self.own)


class _ResponseTo:
    """Which request MsgType 9 answers, and why; an execution report's ExecType and reason here."""

    tags: tuple[int, ...] = (434, 102)
    names: tuple[str, ...] = ("ExecType", "CxlRejReason", "AmendRejReason")

    def write(self, fields: Fields) -> Pairs:
        answered = fields["ExecType"]
        assert isinstance(answered, ExecType)
        code, reason = RESPONSE_TO[answered]
        yield 434, code
        if reason in fields:
            yield write_named(reason, fields[reason])

    def read(self, tree: Tree) -> dict[str, Value]:
        code = plain(tree, 434)
        answered = next((kind for kind, (known, _) in RESPONSE_TO.items() if known == code), None)
        if answered is None:
            raise KeyError(f"CxlRejResponseTo {code!r}")
        return {"ExecType": answered} | read_named(tree, RESPONSE_TO[answered][1])


class _Entitlements:
    """One broker's entitlements, as a report fragment tells them."""

    tags: tuple[int, ...] = (1772,)
    names: tuple[str, ...] = ("PartyDetailID", "NoEntitlements")
    _entitlements = Repeated(
        "NoEntitlements",
        "EntitlementIndicator",
        "EntitlementType",
        "NoEntitlementAttrib",
        "EntitlementID",
        "NoInstrumentScopes",
        inner=(
            Repeated(
                "NoEntitlementAttrib",
                "EntitlementAttribType",
                "EntitlementAttribDataType",
                "EntitlementAttribValue",
            ),
            Repeated(
                "NoInstrumentScopes",
                "InstrumentScopeOperator",
                "InstrumentScopeSecurityID",
                "InstrumentScopeSecurityIDSource",
                "InstrumentScopeSecurityExchange",
            ),
        ),
    )

    def write(self, fields: Fields) -> Pairs:
        if "PartyDetailID" not in fields:
            if "NoEntitlements" in fields:
                raise Unfit("PartyDetailID with its entitlements")
            return
        yield from ((1772, b"1"), (1671, b"1"), write_named("PartyDetailID", fields["PartyDetailID"]))
        yield from ((1692, PARTY_ID_SOURCE), (1693, EXECUTING))
        yield from self._entitlements.write(fields)

    def read(self, tree: Tree) -> dict[str, Value]:
        entry = only(tree, 1772)
        broker = only(entry, 1671) if entry else None
        if entry is None or broker is None:
            return {}
        found = read_named(broker, "PartyDetailID")
        plain(broker, 1692), plain(broker, 1693)
        return found | self._entitlements.read(entry)


COMPONENTS: dict[str, Component] = {
    "*parties": _Parties(),
    "*passwords": _Passwords(),
    "*disclosure": _Disclosure(),
    "*value checks": _ValueChecks(),
    "*quote entries": _QuoteEntries(),
    "*sides": _Sides(),
    "*response to": _ResponseTo(),
    "*entitlements": _Entitlements(),
    "*throttles": Repeated(
        "NoThrottles",
        "ThrottleAction",
        "ThrottleType",
        "ThrottleNoMsgs",
        "ThrottleTimeInterval",
        "ThrottleTimeUnit",
    ),
}
"""By the name a message's row has for it."""
