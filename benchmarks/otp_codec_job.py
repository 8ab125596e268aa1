"""One codec doing one thing to messages, as a process of its own; for ``benchmarks.otp_codec``.

    python -m benchmarks.otp_codec_job TOOL write|read MESSAGES

Every second message is a new limit order, every other the report that it was accepted; prices lie on a few hundred
steps and quantities are some lots, as in a day. What was made is summed up in one line, so that two tools can be held
against each other: of bytes their number and CRC-32C, of messages their number and the sum of their quantities.
"""

from __future__ import annotations

import struct
import sys
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

import google_crc32c
import simplefix

from pytest_hkexprt.systems.otp.codecs import codec_of
from pytest_hkexprt.systems.otp.messages import Kind, Message, Role
from pytest_hkexprt.systems.otp.profiles import OCG_3, WireProtocol
from pytest_hkexprt.systems.otp.words import ExecType, OrdStatus, OrdType, Side

OURS = {"binary": WireProtocol.BINARY, "fix": WireProtocol.FIX}
TIME, COMP_ID, BCAN = "20231125-02:00:00.000000", "CO99999901", "1234.5678901234"
STEPS, LOTS = 400, 60
PRICES = [f"{Decimal(360) + Decimal('0.2') * step:f}" for step in range(STEPS)]
"""As texts, since that is how a price comes in."""
SCALE = 10**8
HEADER = struct.Struct("<BHBIBB12s32s")
ORDER = struct.Struct("<21s12s21sB5s25sBBqqH21s")
REPORT = struct.Struct("<21s12s21sB5s25sB21sBqq21sBBqq")
ORDER_MAP, REPORT_MAP = (bytes.fromhex(head).ljust(32, b"\0") for head in ("fbe022", "fb5c07c0"))
ORDER_LENGTH, REPORT_LENGTH = (HEADER.size + body.size + 4 for body in (ORDER, REPORT))


def terms(number: int) -> tuple[str, int]:
    """Return a message's price and quantity."""
    return PRICES[number % STEPS], 100 * (1 + number % LOTS)


def ours(number: int) -> Message:
    """Return a message as ours has it."""
    price, quantity = terms(number)
    name, cost, shares = str(number), Decimal(price), Decimal(quantity)
    if number % 2:
        order = {
            "ClOrdID": name,
            "SubmittingBrokerID": "1234",
            "SecurityID": "700",
            "SecurityIDSource": 8,
            "SecurityExchange": "XHKG",
            "TransactTime": TIME,
            "Side": Side.BUY,
            "OrdType": OrdType.LIMIT,
            "Price": cost,
            "OrderQty": shares,
            "DisclosureInstructions": 1,
            "BCAN": BCAN,
        }
        return Message(Kind.NEW_ORDER, order, COMP_ID, number, sent=TIME)
    report = {
        "ClOrdID": name,
        "SubmittingBrokerID": "1234",
        "SecurityID": "700",
        "SecurityIDSource": 8,
        "SecurityExchange": "XHKG",
        "TransactTime": TIME,
        "Side": Side.BUY,
        "OrderID": name,
        "OrdType": OrdType.LIMIT,
        "Price": cost,
        "OrderQty": shares,
        "ExecID": name,
        "OrdStatus": OrdStatus.NEW,
        "ExecType": ExecType.NEW,
        "CumQty": Decimal(0),
        "LeavesQty": shares,
    }
    return Message(Kind.EXECUTION_REPORT, report, COMP_ID, number, sent=TIME)


def sender(number: int) -> Role:
    return Role.INITIATOR if number % 2 else Role.ACCEPTOR


def write_ours(tool: str, numbers: range) -> Iterator[bytes]:
    codec = codec_of(OCG_3, OURS[tool])
    for number in numbers:
        yield codec.encode(ours(number), sender=sender(number))


def read_ours(tool: str, messages: Iterable[bytes]) -> Iterator[Decimal]:
    codec = codec_of(OCG_3, OURS[tool])
    decoders = [codec.decoder(role) for role in (Role.ACCEPTOR, Role.INITIATOR)]
    for number, data in enumerate(messages, 1):
        decoder = decoders[number % 2]
        decoder.receive_data(data)
        message = decoder.next_message()
        assert message is not None
        yield message.amount("OrderQty")


def write_struct(_: str, numbers: range) -> Iterator[bytes]:
    """Write with a layout known beforehand: no presence map is made, nothing is looked at."""
    for number in numbers:
        text = b"%d" % number
        common = (text, b"1234", b"700", 8, b"XHKG", TIME.encode(), 1)
        cost, shares = terms(number)
        price, quantity = int(Decimal(cost) * SCALE), shares * SCALE
        if number % 2:
            head = HEADER.pack(2, ORDER_LENGTH, 11, number, 0, 0, COMP_ID.encode(), ORDER_MAP)
            data = head + ORDER.pack(*common, 2, price, quantity, 1, BCAN.encode())
        else:
            head = HEADER.pack(2, REPORT_LENGTH, 10, number, 0, 0, COMP_ID.encode(), REPORT_MAP)
            data = head + REPORT.pack(*common, text, 2, price, quantity, text, 0, 48, 0, quantity)
        yield data + struct.pack("<I", google_crc32c.value(data))


def read_struct(_: str, messages: Iterable[bytes]) -> Iterator[Decimal]:
    """Read with a layout known beforehand: the checksum, the numbers and texts, nothing more."""
    for data in messages:
        (said,) = struct.unpack_from("<I", data, len(data) - 4)
        assert google_crc32c.value(data[:-4]) == said
        kind = HEADER.unpack_from(data)[2]
        raw = (ORDER if kind == 11 else REPORT).unpack_from(data, HEADER.size)
        values = [each.rstrip(b"\0").decode() if isinstance(each, bytes) else each for each in raw]
        at = 8 if kind == 11 else 9
        values[at], values[at + 1] = Decimal(values[at]) / SCALE, Decimal(values[at + 1]) / SCALE
        yield values[at + 1]


def tags(number: int) -> list[tuple[int, object]]:
    """Return a message's tags, in the order ours has."""
    price, quantity = terms(number)
    ends = (COMP_ID, "HKEXCO") if number % 2 else ("HKEXCO", COMP_ID)
    head = [(35, "D" if number % 2 else "8"), (49, ends[0]), (56, ends[1]), (34, number), (52, TIME), (11, number)]
    broker = [(448, "1234"), (447, "D"), (452, "1")]
    security = [(48, "700"), (22, 8), (207, "XHKG"), (40, 2)]
    asked = [(54, 1), (38, quantity), (44, price), (60, TIME)]
    if number % 2:
        client = [(448, BCAN), (447, "D"), (452, "3")]
        return [*head, (453, 2), *broker, *client, *security, *asked, (1812, 1), (1813, 100), (1814, 1)]
    ids = [(37, number), (17, number), (453, 1)]
    return [*head, *ids, *broker, *security, *asked, (39, 0), (150, 0), (14, 0), (151, quantity)]


def write_simplefix(_: str, numbers: range) -> Iterator[bytes]:
    for number in numbers:
        message = simplefix.FixMessage()
        message.append_pair(8, "FIXT.1.1")
        for tag, value in tags(number):
            message.append_pair(tag, value)
        yield message.encode()


def read_simplefix(_: str, messages: Iterable[bytes]) -> Iterator[Decimal]:
    """Read tags and texts alone; no length or checksum is looked at."""
    parser = simplefix.FixParser()
    for data in messages:
        parser.append_buffer(data)
        yield Decimal(parser.get_message().get(38).decode())


WRITE: dict[str, Callable[[str, range], Iterator[bytes]]] = {
    "binary": write_ours,
    "struct": write_struct,
    "fix": write_ours,
    "simplefix": write_simplefix,
}
READ: dict[str, Callable[[str, Iterable[bytes]], Iterator[Decimal]]] = {
    "binary": read_ours,
    "struct": read_struct,
    "fix": read_ours,
    "simplefix": read_simplefix,
}
WRITTEN_BY = {"binary": "struct", "struct": "struct", "fix": "simplefix", "simplefix": "simplefix"}
"""Whose messages a reader reads: never its own."""
KEPT = 100
"""Different messages that are read in turns, so that what is measured is not their making."""


def main() -> None:
    tool, what, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    if what == "write":
        size, crc = 0, 0
        for data in WRITE[tool](tool, range(1, count + 1)):
            size, crc = size + len(data), google_crc32c.extend(crc, data)
        print(f"wrote {count} messages of {size} bytes, {crc:08x}")
        return
    writer = WRITTEN_BY[tool]
    kept = list(WRITE[writer](writer, range(1, KEPT + 1)))
    total = sum(READ[tool](tool, (kept[number % KEPT] for number in range(count))), Decimal(0))
    print(f"read {count} messages of {total} shares")


if __name__ == "__main__":
    main()
