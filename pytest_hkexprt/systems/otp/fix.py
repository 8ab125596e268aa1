"""FIX: FIXT.1.1 with FIX.5.0SP2, over simplefix.

simplefix puts header, length and checksum around the tags. What a message must hold, and whether a length and a
checksum that came are right, is looked at here, since simplefix does not; and a frame that is whole is cut at its SOH
here, since simplefix's parser, which can read a frame that is still coming, takes several times as long.

What its checksum guards: the sum of all bytes, modulo 256, so that any one changed byte is noticed, and two that make
up for each other are not. The length guards the frame. A line that damages more than a byte is TCP's to notice.

Source: OCG-C FIX 2.2 and 3.1, CCCG FIX 1.3; FIXT 1.1.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

import simplefix  # type: ignore[import-untyped]  # it has no types

from pytest_hkexprt.systems.otp.binary_values import Unfit, is_printable
from pytest_hkexprt.systems.otp.fix_frame import Framer
from pytest_hkexprt.systems.otp.fix_groups import Repeats, Tree, plain, tree_of
from pytest_hkexprt.systems.otp.fix_layout import LAYOUTS_KEPT, FixLayout, Misfit, layout_of
from pytest_hkexprt.systems.otp.fix_messages import (
    APPL_VER_ID,
    BEGIN_STRING,
    CANCEL_REJECT_TYPE,
    ENCRYPT_METHOD,
    HEART_BT_INT,
    KINDS,
    TYPES,
)
from pytest_hkexprt.systems.otp.fix_values import FLAGS, LONGEST_NUMBER, NAMES
from pytest_hkexprt.systems.otp.messages import HIDDEN, SECRETS, Kind, Message, Role
from pytest_hkexprt.systems.otp.profiles import Profile, WireProtocol
from pytest_hkexprt.systems.otp.wire import (
    BadFormat,
    BadMessage,
    BadValue,
    CannotEncode,
    EmptyField,
    MissingField,
    RepeatedField,
    UndefinedField,
    UnknownKind,
)
from pytest_hkexprt.systems.otp.words import ExecType

LOGON_CONSTANTS = {98: ENCRYPT_METHOD, 108: HEART_BT_INT, 1137: APPL_VER_ID}
HEADER = (8, 9, 10, 35, 49, 56, 34, 43, 97, 52, 122, 1128)
"""Tags of header and trailer; ApplVerID is taken and not said."""
TYPE = re.compile(rb"\x0135=([0-9A-Za-z]{1,3})\x01")
SEQ = re.compile(rb"\x0134=([0-9]{1,10})\x01")
"""A message that cannot be taken apart is answered by its number all the same."""
ENTERING_FIRM = b"\x01452=36\x01"
ON_BEHALF = {Kind.CANCEL: Kind.OBO_CANCEL, Kind.MASS_CANCEL: Kind.OBO_MASS_CANCEL}
SOH = b"\x01"
TAG_NUMBERS = {str(tag).encode("ascii"): tag for tag in (*NAMES, *HEADER)}
"""Tags as they stand on the wire, so that those that come every time need no reading."""
LONGEST_TAG = 6
REJECTED = (ExecType.CANCEL_REJECT, ExecType.AMEND_REJECT)


class FixCodec:
    """A :class:`~pytest_hkexprt.systems.otp.wire.Codec` for FIX."""

    protocol = WireProtocol.FIX

    def __init__(self, profile: Profile) -> None:
        self.profile = profile

    def encode(self, message: Message, *, sender: Role, strict: bool = True) -> bytes:
        """Return a framed message's bytes; its SendingTime must be said."""
        where = f"{message.kind} {message.seq}"
        if message.kind not in TYPES:
            raise CannotEncode(where, expected="a kind that FIX has", came=message.kind)
        if (
            not message.comp_id
            or not is_printable(message.comp_id)
            or not is_printable(message.sent)
            or (not message.sent and strict)
        ):
            raise CannotEncode(where, expected="a Comp ID and a SendingTime", came="none")
        rejects = message.kind is Kind.EXECUTION_REPORT and message.get("ExecType") in REJECTED
        type_ = CANCEL_REJECT_TYPE if rejects else TYPES[message.kind]
        layout = self.layout(message.kind, type_)
        if strict and (missing := layout.missing(message.fields, sender)):
            raise CannotEncode(where, expected="its mandatory fields", came=f"{', '.join(missing)} missing")
        gateway, mine = self.profile.target_comp_id, message.comp_id
        source, target = (mine, gateway) if sender is Role.INITIATOR else (gateway, mine)
        made = simplefix.FixMessage()
        for tag, text in ((8, BEGIN_STRING), (35, type_), (49, source), (56, target), (34, message.seq)):
            made.append_pair(tag, text)
        for tag, flag in ((43, message.poss_dup), (97, message.poss_resend)):
            if flag:
                made.append_pair(tag, "Y")
        made.append_pair(52, message.sent or None)
        made.append_pair(122, message.originally_sent or None)
        if message.kind is Kind.LOGON:
            for tag, text in LOGON_CONSTANTS.items():
                made.append_pair(tag, text)
        try:
            for tag, value in layout.write(message.fields):
                made.append_pair(tag, value)
        except Misfit as fault:
            came = HIDDEN if fault.name in SECRETS else repr(message.get(fault.name))
            raise CannotEncode(f"{where}, {fault.name}", expected=fault.expected, came=came) from None
        data: bytes = made.encode()
        return data

    def layout(self, kind: Kind, type_: str) -> FixLayout:
        """Return the layout of a kind, as a MsgType has it."""
        return _layout(self.profile, kind, type_ == CANCEL_REJECT_TYPE)

    def decoder(self, sender: Role) -> FixDecoder:
        """Return a decoder of what a side sends."""
        return FixDecoder(self, sender)


@lru_cache(maxsize=LAYOUTS_KEPT)
def _layout(profile: Profile, kind: Kind, is_cancel_reject: bool) -> FixLayout:
    return layout_of(profile, kind, is_cancel_reject=is_cancel_reject)


class FixDecoder:
    """A :class:`~pytest_hkexprt.systems.otp.wire.Decoder` for FIX."""

    def __init__(self, codec: FixCodec, sender: Role) -> None:
        self._codec, self._sender = codec, sender
        self._framer = Framer(f"FIX from {sender}")

    def receive_data(self, data: bytes) -> None:
        """Take what was received; nothing received means the end."""
        self._framer.receive_data(data)

    def next_message(self) -> Message | None:
        """Return the next whole message; None while more bytes are needed."""
        frame = self._framer.next_frame()
        return None if frame is None else _Reading(self._codec, self._sender, frame).message()


class _Reading:
    """One message being read, so that whatever is wrong with it can be said of it."""

    def __init__(self, codec: FixCodec, sender: Role, frame: bytes) -> None:
        self._codec, self._sender, self._frame = codec, sender, frame
        found = TYPE.search(frame)
        self._type = found[1].decode("ascii") if found else ""
        found = SEQ.search(frame)
        self._seq = int(found[1]) if found else 0
        self._so_far: Message | None = None

    def message(self) -> Message:
        """Return it.

        Raises:
            BadMessage: it breaks its layout.
        """
        allowed = self._codec.profile.kinds(self._sender)
        kind = KINDS.get(self._type)
        if kind is None or kind not in allowed:
            raise UnknownKind(seq=self._seq, comp_id="", ref_type=self._type or "none")
        self._so_far = Message(kind, seq=self._seq)
        tree = self._tree()
        self._so_far = self._header(kind, tree)
        layout = self._codec.layout(kind, self._type)
        if ENTERING_FIRM in self._frame and kind in ON_BEHALF and ON_BEHALF[kind] in allowed:
            self._so_far = replace(self._so_far, kind=ON_BEHALF[kind])
            layout = self._codec.layout(ON_BEHALF[kind], self._type)
        try:
            fields = layout.read(tree)
        except Misfit as fault:
            raise self._bad(_KINDS.get(fault.because, BadValue), fault.name, fault.expected, fault.came) from None
        if undefined := [*tree, *(set(fields) - layout.names)]:
            name = str(undefined[0])
            name = NAMES.get(int(name), name) if name.isdigit() else name
            raise self._bad(UndefinedField, name, "fields of its layout", name)
        if missing := layout.missing(fields, self._sender):
            raise self._bad(MissingField, missing[0], "its mandatory fields", "none")
        return replace(self._so_far, fields=fields)

    def _tree(self) -> Tree:
        """Take the tags apart."""
        pairs = []
        for part in self._frame[:-1].split(SOH):
            tag, _, text = part.partition(b"=")
            number = TAG_NUMBERS.get(tag) or self._number(tag)
            if not text:
                raise self._bad(EmptyField, NAMES.get(number, str(number)), "a value", "none")
            pairs.append((number, text))
        try:
            return tree_of(pairs, 0)[0]
        except Repeats as error:
            raise self._bad(RepeatedField, NAMES.get(error.tag, str(error.tag)), "it once", "it again") from None
        except Unfit as error:
            raise self._bad(BadFormat, "", str(error), "others") from None

    def _number(self, tag: bytes) -> int:
        """Return the number a tag is that no table has."""
        if not tag.isdigit() or len(tag) > LONGEST_TAG or tag.startswith(b"0"):
            raise self._bad(BadFormat, "", "tags that are numbers, and values", repr(tag))
        return int(tag)

    def _header(self, kind: Kind, tree: Tree) -> Message:
        """Take the header's fields out of a tree."""
        texts: dict[int, str] = {}
        for tag in HEADER:
            text = tree.pop(tag, None)
            if isinstance(text, bytes):
                texts[tag] = text.decode("ascii", "replace")
        for tag in (49, 56, 34, 52):
            if tag not in texts:
                raise self._bad(MissingField, NAMES.get(tag, str(tag)), "the header's fields", "none")
        from_gateway = self._sender is Role.ACCEPTOR
        gateway, theirs = (texts[49], texts[56]) if from_gateway else (texts[56], texts[49])
        if gateway != self._codec.profile.target_comp_id or not is_printable(theirs):
            raise self._bad(BadValue, "CompID", self._codec.profile.target_comp_id, repr(gateway))
        if not texts[34].isdecimal() or len(texts[34]) > LONGEST_NUMBER or texts.get(1128, APPL_VER_ID) != APPL_VER_ID:
            raise self._bad(BadFormat, "MsgSeqNum", "a number, of FIX.5.0SP2", texts[34])
        flags = [FLAGS.get(texts.get(tag, "N").encode()) for tag in (43, 97)]
        if None in flags or not is_printable(texts[52] + texts.get(122, "")):
            raise self._bad(BadValue, "PossDup", "Y or N", str([texts.get(43), texts.get(97)]))
        if kind is Kind.LOGON:
            for tag, wanted in LOGON_CONSTANTS.items():
                if (said := plain(tree, tag)) != wanted.encode("ascii"):
                    raise self._bad(BadValue, str(tag), wanted, repr(said))
        return Message(
            kind,
            {},
            theirs,
            self._seq,
            bool(flags[0]),
            bool(flags[1]),
            sent=texts[52],
            originally_sent=texts.get(122, ""),
        )

    def _bad(self, how: type[BadMessage], field: str, expected: str, came: str) -> BadMessage:
        came = HIDDEN if field in SECRETS else came
        made = how(self._so_far, field=field, ref_type=self._type, expected=expected, came=came)
        made.seq = self._seq
        return made


_KINDS: dict[type[Exception], type[BadMessage]] = {Unfit: BadFormat, KeyError: BadValue}
