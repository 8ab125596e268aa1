"""A FIX message's rows, as one profile has them, to tags and texts and back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pytest_hkexprt.systems.otp.binary_values import Unfit
from pytest_hkexprt.systems.otp.fix_components import COMPONENTS, Component
from pytest_hkexprt.systems.otp.fix_groups import Tree
from pytest_hkexprt.systems.otp.fix_messages import CANCEL_REJECT, MESSAGES, FixRow
from pytest_hkexprt.systems.otp.fix_values import Pair, converters
from pytest_hkexprt.systems.otp.layouts import LAYOUTS
from pytest_hkexprt.systems.otp.messages import Kind, Role, Value
from pytest_hkexprt.systems.otp.profiles import Profile

LAYOUTS_KEPT = 512
NAMED = {
    "*parties": "NoPartyIDs",
    "*passwords": "EncryptedPassword",
    "*disclosure": "NoDisclosureInstructions",
    "*value checks": "NoValueChecks",
    "*quote entries": "NoQuoteEntries",
    "*sides": "NoSides",
    "*response to": "CxlRejResponseTo",
    "*entitlements": "NoPartyEntitlements",
    "*throttles": "NoThrottles",
}
"""What a Reject calls a component."""


class Misfit(Exception):
    """A field that cannot be written or read."""

    def __init__(self, name: str, expected: str, came: str = "", because: type[Exception] = Unfit) -> None:
        super().__init__(name)
        self.name, self.expected, self.came, self.because = name, expected, came, because


@dataclass(frozen=True, slots=True)
class _Plain:
    """A row that is one field."""

    name: str
    tag: int
    convert: Pair


@dataclass(frozen=True, slots=True)
class _Several:
    """A row that is several fields."""

    name: str
    component: Component


class FixLayout:
    """The rows of one message.

    Args:
        rows: in the order of the wire.
        names: the fields the profile's messages of this kind have.
        mandatory: those that must be there, by who says them.
    """

    def __init__(
        self, rows: tuple[FixRow, ...], names: frozenset[str], mandatory: Mapping[Role, frozenset[str]]
    ) -> None:
        self._rows = [
            row.name if row.is_group else _Plain(row.name, row.tag, converters(row.name))
            for row in rows
            if row.is_group or row.name in names
        ]
        self._by_tag: dict[int, _Plain | _Several] = {}
        for each in self._rows:
            if isinstance(each, str):
                several = _Several(NAMED[each], COMPONENTS[each])
                self._by_tag |= dict.fromkeys(several.component.tags, several)
            else:
                self._by_tag[each.tag] = each
        written = {row.name for row in rows if not row.is_group}
        written |= {name for row in rows if row.is_group for name in COMPONENTS[row.name].names}
        self.names = names & written
        self._mandatory = {
            role: (frozenset(row.name for row in rows if row.mandatory) | mandatory[role]) & self.names for role in Role
        }

    def missing(self, fields: Mapping[str, Value], sender: Role) -> list[str]:
        """Return what is mandatory and not there."""
        return sorted(name for name in self._mandatory[sender] if name not in fields)

    def write(self, fields: Mapping[str, Value]) -> Iterator[tuple[int, bytes]]:
        """Yield tags and texts.

        Raises:
            Misfit: a field has no place, or no text.
        """
        for name in fields:
            if name not in self.names:
                raise Misfit(name, "fields of its layout")
        said = fields.keys()
        for row in self._rows:
            name = NAMED[row] if isinstance(row, str) else row.name
            try:
                if isinstance(row, str):
                    if not said.isdisjoint(COMPONENTS[row].names):
                        yield from COMPONENTS[row].write(fields)
                elif name in said:
                    yield row.tag, row.convert[0](fields[name])
            except (Unfit, KeyError) as error:
                raise Misfit(name, str(error) if isinstance(error, Unfit) else "a field FIX has a tag for") from None

    def read(self, tree: Tree) -> dict[str, Value]:
        """Take the message's fields out of a tree.

        Raises:
            Misfit: a text is none of its field's.
        """
        found: dict[str, Value] = {}
        for tag in list(tree):
            row = self._by_tag.get(tag)
            if row is None or tag not in tree:
                continue  # none of the message's, or taken already, by a component
            name, text = row.name, tree[tag]
            try:
                if isinstance(row, _Plain) and isinstance(text, bytes):
                    found[name] = row.convert[1](text)
                    del tree[tag]
                elif isinstance(row, _Several):
                    found |= row.component.read(tree)
            except Unfit as error:
                raise Misfit(name, str(error), repr(text)) from None
            except KeyError as error:
                raise Misfit(name, "a published code", str(error), KeyError) from None
        return found


def layout_of(profile: Profile, kind: Kind, *, is_cancel_reject: bool) -> FixLayout:
    """Return a kind's layout in a profile: of its fields, those that the profile's binary message has."""
    names = frozenset(row.name for row in LAYOUTS[profile.layout][kind])
    rows = CANCEL_REJECT if is_cancel_reject else MESSAGES[kind]
    both: set[str] = set()
    if kind in (Kind.NEW_ORDER, Kind.AMEND, Kind.CANCEL, Kind.MASS_CANCEL, Kind.QUOTE, Kind.QUOTE_CANCEL):
        both.add("SubmittingBrokerID")
    if kind in (Kind.OBO_CANCEL, Kind.OBO_MASS_CANCEL):
        both |= {"SubmittingBrokerID", "OwningBrokerID"}
    if kind in (Kind.TRADE_CAPTURE, Kind.TRADE_CAPTURE_ACK):
        both |= {"SubmittingBrokerID", "Side"}
    if kind is Kind.OBO_CANCEL:
        both.add("OrderID")
    if kind is Kind.CANCEL:
        both.add("OrigClOrdID")
    if profile.bcan and kind in (Kind.NEW_ORDER, Kind.QUOTE):
        both.add("BCAN")
    if profile.max_price_levels and kind is Kind.NEW_ORDER:
        both.add("MaxPriceLevels")
    asked = both | ({"EncryptedPassword"} if kind is Kind.LOGON else set())
    return FixLayout(rows, names, {Role.INITIATOR: frozenset(asked), Role.ACCEPTOR: frozenset(both)})
