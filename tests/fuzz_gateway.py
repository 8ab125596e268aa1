"""A trading gateway's bytes, damaged at random, given to decoders and sessions: they read on or refuse, nothing else.

    python -m tests.fuzz_gateway [--executions 100000] [--seed 0]

Each execution takes one profile, protocol and side. It writes a few messages, damages some (bits, bytes, lengths,
types, fields; with the checksum made right again, so that the damage is read and not only noticed), cuts the stream
anywhere, and gives it to a decoder and to a session that is logged on, or is not; time passes in between, and the
session says something itself. Whatever comes: every end is a message, an event or an error of the wire's own; nothing
is decoded that was damaged without its checksum being mended; what was decoded is written again; a session ends once
and says nothing afterwards; what waits to be decoded stays within one message. An execution that breaks a rule is told
by its seed, which repeats it.
"""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from dataclasses import replace

import google_crc32c

from pytest_hkexprt.errors import LocalProtocolError
from pytest_hkexprt.systems.otp.codecs import codec_of
from pytest_hkexprt.systems.otp.fix_messages import TYPES
from pytest_hkexprt.systems.otp.messages import Kind, Message, Role
from pytest_hkexprt.systems.otp.profiles import WireProtocol
from pytest_hkexprt.systems.otp.session import Session
from pytest_hkexprt.systems.otp.session_day import Day
from pytest_hkexprt.systems.otp.session_events import Ended, LogonRequested
from pytest_hkexprt.systems.otp.session_table import State
from pytest_hkexprt.systems.otp.wire import BadMessage, BrokenStream, Codec
from pytest_hkexprt.systems.otp.words import SessionStatus
from tests import fuzzing
from tests.systems.otp.samples import COMP_ID, PROFILES, full

EDGES = (0, 1, 2, 53, 57, 58, 59, 127, 128, 255, 256, 32767, 32768, 65535)
MOST_EVENTS = 2000
"""Far above what a few messages can bring about; a session that tells more does not end."""
NOW = dt.datetime(2023, 11, 25, 2, tzinfo=dt.UTC)
TAGS = (b"8", b"9", b"10", b"34", b"35", b"43", b"49", b"52", b"54", b"453", b"448", b"552", b"1402", b"1773", b"9999")


def mended(data: bytes, protocol: WireProtocol) -> bytes:
    """Return a damaged message whose length and checksum are right again."""
    if protocol is WireProtocol.BINARY:
        data = data[:1] + min(len(data), 65535).to_bytes(2, "little") + data[3:-4]
        return data + google_crc32c.value(data).to_bytes(4, "little")
    body = data[data.find(b"35=") : -7]
    data = b"8=FIXT.1.1\x019=%d\x01" % len(body) + body
    return data + b"10=%03d\x01" % (sum(data) % 256)


def damaged(data: bytes, rng: random.Random, protocol: WireProtocol) -> bytes:
    """Return a message with something wrong in it."""
    at, some = rng.randrange(len(data)), rng.randbytes(rng.randint(1, 8))
    other = rng.choice(
        [
            data[:at] + bytes([data[at] ^ (1 << rng.randrange(8))]) + data[at + 1 :],
            data[:at] + some + data[at:],
            data[:at] + data[at + rng.randint(1, 8) :],
            data[:at] + rng.choice(EDGES).to_bytes(2, "little") + data[at + 2 :],
            data[:1] + rng.choice(EDGES).to_bytes(2, "little") + data[3:],
            data[:3] + bytes([rng.randrange(256)]) + data[4:],
            data[:22] + rng.randbytes(rng.randint(1, 32)) + data[54:],
            data[:at],
            some,
        ]
    )
    if protocol is WireProtocol.FIX and rng.random() < 0.6:
        parts = data.split(b"\x01")[:-1]
        one = rng.randrange(len(parts))
        tag, _, text = parts[one].partition(b"=")
        number = str(rng.choice(EDGES)).encode()
        parts[one : one + 1] = rng.choice(
            [
                [],
                [parts[one]] * 2,
                [tag + b"=" + some.replace(b"\x01", b"")],
                [tag + b"=" + number],
                [rng.choice(TAGS) + b"=" + text],
                [tag + b"="],
                [tag, text],
                [parts[one], rng.choice(TAGS) + b"=" + number],
            ]
        )
        other = b"\x01".join([*parts, b""])
    return mended(other, protocol) if len(other) > 60 and rng.random() < 0.7 else other


def some_message(rng: random.Random, codec: Codec, sender: Role) -> Message:
    """Return a message a side may send, some of its fields left out."""
    kinds = sorted(
        each for each in codec.profile.kinds(sender) if codec.protocol is WireProtocol.BINARY or each in TYPES
    )
    message = full(rng.choice(kinds), codec.profile, codec.protocol, sender)
    kept = {name: value for name, value in message.fields.items() if rng.random() < 0.8}
    seq = rng.choice((1, 2, 2, 3, 3, 4, 5, 9, 2**32 - 1))
    return replace(message, fields=kept, seq=seq, poss_dup=rng.random() < 0.2)


def stream(rng: random.Random, codec: Codec, sender: Role) -> tuple[list[bytes], bool, int]:
    """Return a few messages' bytes, whether all are whole, and how many stand before damage that was not mended."""
    often, parts, whole, readable = rng.choice((0.0, 0.2, 0.7)), [], True, MOST_EVENTS
    for _ in range(rng.randint(1, 5)):
        try:
            data = codec.encode(some_message(rng, codec, sender), sender=sender, strict=False)
        except LocalProtocolError:
            continue  # a group that lacks what it needs
        if rng.random() < often:
            spoilt = damaged(data, rng, codec.protocol)
            whole = whole and spoilt == data
            if spoilt not in (data, b"", mended(spoilt, codec.protocol)):
                readable = min(readable, len(parts))
            data = spoilt
        parts.append(data)
    return parts, whole, readable


def chunks(data: bytes, rng: random.Random) -> list[bytes]:
    """Return a stream cut anywhere."""
    cuts = sorted(rng.randrange(len(data) + 1) for _ in range(rng.randint(0, 5)))
    return [data[at:to] for at, to in zip([0, *cuts], [*cuts, len(data)], strict=True) if at < to]


def decode(rng: random.Random, codec: Codec, sender: Role) -> str:
    """Give a stream to a decoder; return how it ended."""
    parts, whole, readable = stream(rng, codec, sender)
    decoder, end, read = codec.decoder(sender), "decoded", 0
    for chunk in [*chunks(b"".join(parts), rng), b""]:
        decoder.receive_data(chunk)
        while True:
            try:
                message = decoder.next_message()
            except BadMessage as fault:
                read += 1
                end = type(fault).__name__
                continue
            except BrokenStream as fault:
                assert not whole, f"a whole stream is broken: {fault}"
                return type(fault).__name__
            if message is None:
                break
            read += 1
            written = codec.encode(message, sender=sender)
            again = codec.decoder(sender)
            again.receive_data(written)
            assert again.next_message() == message, "what was read is not what is written"
        if codec.protocol is WireProtocol.BINARY:  # FIX's checksum lets one damage in 256 through
            assert read <= readable, "something damaged was read"
    return end


def session(rng: random.Random, codec: Codec, role: Role) -> str:
    """Give a stream to a session; return how it ended."""
    day, now_s = Day(next_out=rng.choice((1, 1, 3)), next_in=rng.choice((1, 1, 2))), 0.0
    made = Session(
        role, codec, now_s=0.0, utc=lambda: NOW, comp_id=COMP_ID, day=day, day_of=lambda _: rng.choice((day, day, None))
    )
    logon = full(Kind.LOGON, codec.profile, codec.protocol, Role.INITIATOR)
    if role is Role.INITIATOR and rng.random() < 0.9:
        made.send(logon.with_fields(NextExpectedMsgSeqNum=None, SessionStatus=None), now_s)
    answer = replace(full(Kind.LOGON, codec.profile, codec.protocol, role.other), seq=day.next_in)
    parts = [codec.encode(answer.with_fields(NextExpectedMsgSeqNum=rng.choice((1, day.next_out))), sender=role.other)]
    parts = (parts if rng.random() < 0.9 else []) + stream(rng, codec, role.other)[0]
    told, ended = 0, 0
    for chunk in [*chunks(b"".join(parts), rng), *([b""] if rng.random() < 0.5 else [])]:
        made.receive_data(chunk, now_s)
        while (event := made.next_event()) is not None:
            told += 1
            ended += isinstance(event, Ended)
            assert told < MOST_EVENTS, "events without end"
            if isinstance(event, LogonRequested) and made.state is State.LOGGING_ON and rng.random() < 0.9:
                made.send(Message.of(Kind.LOGON, SessionStatus=SessionStatus.ACTIVE), now_s)
        now_s += rng.choice((0, 0, 1, 21, 61))
        made.tick(now_s)
        try:
            made.send(some_message(rng, codec, role), now_s)
        except LocalProtocolError:
            made.data_to_send()
    assert ended <= 1, "it ended twice"
    assert ended or made.state is not State.ENDED or made.next_event(), "it ended without a word"
    return f"session {made.state}"


def one(seed: int) -> str:
    """Run one execution; return how it ended.

    Raises:
        AssertionError: a rule was broken.
    """
    rng = random.Random(seed)
    codec = codec_of(rng.choice(PROFILES), rng.choice(list(WireProtocol)))
    role = rng.choice(list(Role))
    return rng.choice((decode, session))(rng, codec, role)


def fuzz(executions: int, seed: int) -> Counter[str]:
    """Run executions of consecutive seeds; see :func:`tests.fuzzing.fuzz`."""
    return fuzzing.fuzz(one, executions, seed)


if __name__ == "__main__":
    fuzzing.main("Damaged bytes of a trading gateway, given to decoders and sessions", one)
