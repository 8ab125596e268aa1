"""SSH packets taken in bulk, held against paramiko's own reading of the same bytes."""

from __future__ import annotations

import struct

import paramiko
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given, settings
from hypothesis import strategies as st
from paramiko.packet import NeedRekeyException

from pytest_hkexprt.systems.rap import client_packetizer
from pytest_hkexprt.systems.rap.client_packetizer import BUFFER_BYTES, DATA, Packetizer, known

KEY, NONCE = bytes(range(16)), bytes(4) + b"\xff" * 7 + b"\xf0"
WINDOW_ADJUST = 93


class Pieces:
    """A socket's receiving end, that hands on bytes in given pieces; None for a time-out."""

    def __init__(self, *pieces):
        self.pieces, self.woken_at = list(pieces), [1]

    def recv_into(self, buffer):
        if not self.pieces:
            return 0
        piece = self.pieces.pop(0)
        if piece is None:
            raise TimeoutError
        taken = piece[: len(buffer)]
        buffer[: len(taken)] = taken
        if rest := piece[len(taken) :]:
            self.pieces.insert(0, rest)
        return len(taken)

    def recv(self, size):
        came = bytearray(size)
        return bytes(came[: self.recv_into(came)])

    def setsockopt(self, level, option, value):
        self.woken_at.append(value)

    def close(self):
        self.pieces = []


def keyed(kind, connected):
    """Return a packetizer of a kind that has keys."""
    made = kind(connected)
    none = {"mac_engine": None, "mac_size": 16, "mac_key": None, "etm": False}
    made.set_inbound_cipher(block_engine=AESGCM(KEY), block_size=16, aead=True, iv_in=NONCE, **none)
    return made


class Sender:
    """Encrypts packets as RFC 5647 has it."""

    def __init__(self):
        self.sent = 0

    def packet(self, payload, *, length=None, padding=None):
        padding = 16 - (1 + len(payload)) % 16 if padding is None else padding
        padding += 16 if padding < 4 else 0
        plain = bytes([padding]) + payload + bytes(padding)
        head = struct.pack(">I", len(plain) if length is None else length)
        nonce = NONCE[:4] + ((int.from_bytes(NONCE[4:], "big") + self.sent) % 2**64).to_bytes(8, "big")
        self.sent += 1
        return head + AESGCM(KEY).encrypt(nonce, plain, head)


def data(channel, content):
    return bytes([DATA]) + struct.pack(">II", channel, len(content)) + content


def told(packetizer):
    """Return all messages up to the end, those of data of one channel in a row as one."""
    found = []
    try:
        while True:
            kind, message = packetizer.read_message()
            if kind != DATA:
                found.append((kind, message.asbytes()))
                continue
            channel, content = message.get_int(), bytes(message.get_binary())
            if found and found[-1][0] == DATA and found[-1][1] == channel:
                content = found.pop()[2] + content
            found.append((DATA, channel, content))
    except EOFError:
        return found


def test_paramiko_is_still_what_is_built_upon():
    """When this fails, paramiko has changed: look at what it calls before this is mended."""
    assert known()


PAYLOADS = st.lists(
    st.one_of(
        st.builds(data, st.integers(0, 1), st.binary(max_size=300)),
        st.builds(lambda rest: bytes([WINDOW_ADJUST]) + rest, st.binary(max_size=40)),
    ),
    max_size=12,
)


@given(payloads=PAYLOADS, cuts=st.lists(st.integers(1, 400), max_size=30))
@settings(deadline=None, max_examples=200)
def test_messages_are_paramikos_however_the_stream_is_cut(payloads, cuts):
    sender = Sender()
    stream = b"".join(map(sender.packet, payloads))
    pieces, at = [], 0
    for cut in cuts:
        pieces.append(stream[at : at + cut])
        at += cut
    pieces = [piece for piece in [*pieces, stream[at:]] if piece]
    # paramiko's own counts its nonce beyond eight bytes, so both begin below that here.
    assert told(keyed(Packetizer, Pieces(*pieces))) == told(keyed(paramiko.Packetizer, Pieces(stream)))


def test_what_has_come_together_is_one_message():
    sender = Sender()
    stream = b"".join(sender.packet(data(7, bytes([number]) * 1000)) for number in range(50))
    packetizer = keyed(Packetizer, Pieces(stream))
    _, message = packetizer.read_message()
    assert (message.get_int(), len(message.get_binary())) == (7, 50_000)


def test_more_than_the_buffer_holds_is_read_to_its_end():
    sender = Sender()
    content = bytes(range(256)) * 128
    stream = b"".join(sender.packet(data(0, content)) for _ in range(3 * BUFFER_BYTES // len(content)))
    assert told(keyed(Packetizer, Pieces(stream))) == [(DATA, 0, content * (3 * BUFFER_BYTES // len(content)))]


def test_data_is_handed_on_as_bytes_unless_a_buffer_takes_views():
    sender = Sender()
    packetizer = keyed(Packetizer, Pieces(sender.packet(data(0, b"x"))))
    assert type(packetizer.read_message()[1].get_binary()) is bytes


def test_a_packet_that_was_changed_is_refused():
    stream = bytearray(Sender().packet(data(0, b"untouched")))
    stream[20] ^= 1
    with pytest.raises(paramiko.SSHException, match="changed on its way"):
        keyed(Packetizer, Pieces(bytes(stream))).read_message()


@pytest.mark.parametrize("length", [0, 8, 17, BUFFER_BYTES, 2**32 - 16])
def test_a_length_that_no_packet_has_is_refused(length):
    with pytest.raises(paramiko.SSHException, match=f"a packet of {length:,} bytes"):
        keyed(Packetizer, Pieces(struct.pack(">I", length) + bytes(100))).read_message()


@pytest.mark.parametrize("announced", [0, 4, 6, 2**32 - 1])
def test_data_of_another_length_than_announced_is_refused(announced):
    payload = bytes([DATA]) + struct.pack(">II", 0, announced) + b"12345"
    with pytest.raises(paramiko.SSHException, match="bytes of data announced"):
        keyed(Packetizer, Pieces(Sender().packet(payload))).read_message()


def test_a_cut_in_the_middle_of_a_packet_is_an_end():
    with pytest.raises(EOFError):
        keyed(Packetizer, Pieces(Sender().packet(data(0, b"x"))[:-1])).read_message()


def test_nobody_is_woken_up_for_a_part_of_what_is_missing(monkeypatch):
    monkeypatch.setattr(client_packetizer.sys, "platform", "linux")
    sender, content = Sender(), bytes(30_000)
    connected = Pieces(sender.packet(data(0, content)), sender.packet(data(0, content)))
    packetizer = keyed(Packetizer, connected)
    packetizer.read_message()
    packetizer.missing(200_000)
    packetizer.read_message()
    assert connected.woken_at == [1, 200_000]


def test_on_a_slow_line_what_has_come_is_taken(monkeypatch):
    monkeypatch.setattr(client_packetizer.sys, "platform", "linux")
    connected = Pieces(None, Sender().packet(data(0, b"late")))
    packetizer = keyed(Packetizer, connected)
    packetizer.missing(200_000)
    packetizer.read_message()
    assert connected.woken_at == [1, 200_000, 1]


def test_elsewhere_nobody_is_asked_to_wait(monkeypatch):
    monkeypatch.setattr(client_packetizer.sys, "platform", "darwin")
    connected = Pieces(Sender().packet(data(0, b"x")))
    packetizer = keyed(Packetizer, connected)
    packetizer.missing(200_000)
    packetizer.read_message()
    assert connected.woken_at == [1]


@pytest.mark.parametrize(("bytes_", "packets"), [(2000, 2**29), (2**29, 3)])
def test_other_keys_are_asked_for_in_time_and_insisted_on(monkeypatch, bytes_, packets):
    monkeypatch.setattr(Packetizer, "REKEY_BYTES", bytes_)
    monkeypatch.setattr(Packetizer, "REKEY_PACKETS", packets)
    sender = Sender()
    few = b"".join(sender.packet(bytes([WINDOW_ADJUST]) + bytes(700)) for _ in range(3))
    packetizer = keyed(Packetizer, Pieces(few, None))
    seen = []
    for _ in range(3):
        packetizer.read_message()
        seen.append(packetizer.need_rekey())
    assert seen == [False, False, True]
    packetizer.missing(200_000)
    with pytest.raises(NeedRekeyException):
        packetizer.read_message()
    assert packetizer._woken_at == 1, "while keys are made, what is missing does not come"
    more = b"".join(sender.packet(bytes([WINDOW_ADJUST]) + bytes(700)) for _ in range(3))
    packetizer._socket.pieces.append(more)
    with pytest.raises(paramiko.SSHException, match="goes on with the old ones"):
        [packetizer.read_message() for _ in range(3)]


def test_keys_of_another_kind_are_refused():
    packetizer = keyed(Packetizer, Pieces())
    with pytest.raises(paramiko.SSHException, match="another kind of cipher"):
        packetizer.set_inbound_cipher(block_engine=None, block_size=8, mac_engine=None, mac_size=0, mac_key=b"")


def test_before_there_are_keys_paramikos_own_reads():
    plain = struct.pack(">IB", 12, 10) + bytes([2]) + bytes(10)
    assert Packetizer(Pieces(plain)).read_message()[0] == 2
