from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_hkexprt.systems.rap import packets
from pytest_hkexprt.systems.rap.packets import Attributes, BadAnswer, Kind, Limits, Packets


def fed(*chunks: bytes):
    whole = Packets()
    return [packet for chunk in chunks for packet in whole.feed(chunk)]


def one(golden: str):
    (packet,) = fed(bytes.fromhex(golden))
    return packet


# length 5, INIT, version 3
INIT = "00000005 01 00000003"
# length, OPEN, id 7, path "a/b", flags READ, attributes none
OPEN = "00000014 03 00000007 00000003 612f62 00000001 00000000"
# length, READ, id 8, handle "h", offset 2^32 + 1, 255 KiB
READ = "00000016 05 00000008 00000001 68 0000000100000001 0003fc00"
# length, VERSION, 3, "limits@openssh.com" = "1"
VERSION = "00000020 02 00000003 00000012 6c696d697473406f70656e7373682e636f6d 00000001 31"
# length, STATUS, id 5, end of file, text "eof", language ""
STATUS = "00000014 65 00000005 00000001 00000003 656f66 00000000"
# length, NAME, id 4, one name: "r", long form "-r", size 513, owner and group 1, mode 100644, read at 2, modified at 3
NAME = (
    "00000034 68 00000004 00000001 00000001 72 00000002 2d72"
    " 0000000f 0000000000000201 00000001 00000001 000081a4 00000002 00000003"
)
# length, DATA, id 6, "xyz"
DATA = "0000000c 67 00000006 00000003 78797a"


def test_a_request_without_fields_is_the_drafts_bytes():
    assert packets.request(Kind.INIT, 3) == bytes.fromhex(INIT)


def test_a_request_to_open_is_the_drafts_bytes():
    assert packets.request(Kind.OPEN, 7, packets.to_open(b"a/b")) == bytes.fromhex(OPEN)


def test_a_request_to_read_is_the_drafts_bytes():
    assert packets.request(Kind.READ, 8, packets.to_read(b"h", 2**32 + 1, 255 * 1024)) == bytes.fromhex(READ)


def test_a_version_tells_its_extensions():
    packet = one(VERSION)
    assert (packet.kind, packet.id, packets.extensions(packet)) == (2, 3, {b"limits@openssh.com": b"1"})


def test_a_status_tells_code_and_text():
    refused = packets.status(one(STATUS))
    assert (refused.code, str(refused)) == (1, "eof")


def test_a_statuss_text_that_is_not_utf8_is_told_all_the_same():
    assert str(packets.status(one("00000010 65 00000005 00000004 00000003 61ff62"))) == "a\ufffdb"


@pytest.mark.parametrize(("code", "text"), [("00000003", "permission denied"), ("0000002a", "status 42")])
def test_a_status_without_a_text_is_told_by_its_code(code, text):
    assert str(packets.status(one(f"00000009 65 00000005 {code}"))) == text


def test_a_name_tells_what_is_known_of_its_file():
    assert packets.names(one(NAME)) == [(b"r", Attributes(513, 0o100644, 3))]


@pytest.mark.parametrize(
    ("attributes", "known"),
    [
        ("00000000", Attributes(None, None, None)),
        ("00000001 0000000000000007", Attributes(7, None, None)),
        ("00000002 00000001 00000001", Attributes(None, None, None)),
        ("00000004 000081a4", Attributes(None, 0o100644, None)),
        ("80000008 00000001 00000002 00000001 00000001 61 00000001 62", Attributes(None, None, 2)),
    ],
)
def test_attributes_may_be_left_out(attributes, known):
    fields = packets.Fields(bytes.fromhex(attributes))
    assert fields.attributes() == known
    fields.end()


def test_data_is_what_was_announced():
    size_bytes, parts = packets.data(one(DATA))
    assert (size_bytes, b"".join(parts)) == (3, b"xyz")


@pytest.mark.parametrize(
    ("cuts", "pieces"),
    [
        ((), [b"xyz"]),
        ((14,), [b"x", b"yz"]),
        ((13,), [b"xyz"]),
        ((11, 15), [b"xy", b"z"]),
        ((10, 11, 12), [b"xyz"]),
    ],
    ids=["whole", "in the data", "after the length", "in the length and the data", "in the length thrice"],
)
def test_data_stays_in_the_pieces_it_came_in(cuts, pieces):
    golden = bytes.fromhex(DATA)
    (packet,) = fed(*(golden[start:end] for start, end in pairwise((0, *cuts, len(golden)))))
    assert [bytes(part) for part in packets.data(packet)[1]] == pieces


@pytest.mark.parametrize("size_bytes", [1, 2, 6, 10])
def test_packets_are_whole_however_few_bytes_come_at_once(size_bytes):
    stream = bytes.fromhex(INIT + STATUS + DATA)
    chunks = [stream[at : at + size_bytes] for at in range(0, len(stream), size_bytes)]
    assert [(packet.kind, packet.id) for packet in fed(*chunks)] == [(1, 3), (101, 5), (103, 6)]


def test_limits_of_a_later_version_are_read_as_far_as_known():
    body = b"".join(number.to_bytes(8, "big") for number in (262144, 261120, 1, 20, 99))
    (packet,) = fed(packets.request(Kind.EXTENDED_REPLY, 1, body))
    assert packets.limits(packet) == Limits(262144, 261120, 20)


@pytest.mark.parametrize("length", ["00000000", "00000004", "00100001", "ffffffff"])
def test_a_length_no_packet_has_is_refused_at_once(length):
    with pytest.raises(BadAnswer, match="where 5 to 1,048,576 can be"):
        fed(bytes.fromhex(length))


def test_a_packet_may_be_as_long_as_can_be():
    assert fed(bytes.fromhex("00100000 67 00000006")) == []


@pytest.mark.parametrize(
    ("read", "golden", "wrong"),
    [
        # a HANDLE whose string is longer than its packet, and one with bytes after it
        (packets.handle, "0000000a 66 00000001 00000002 68", "2 bytes announced, 1 came"),
        (packets.handle, "0000000b 66 00000001 00000001 68 00", "1 bytes more than announced"),
        # four billion names in four bytes; a name that is empty; bytes after the last name
        (packets.names, "00000009 68 00000001 ffffffff", "4 bytes announced, 0 came"),
        (packets.names, "00000015 68 00000001 00000001 00000000 00000000 00000000", "a name that is empty"),
        (packets.names, "0000000a 68 00000001 00000000 00", "1 bytes more than announced"),
        # more data announced than came, less, and not even an announcement
        (packets.data, "0000000b 67 00000006 00000003 7879", "3 bytes announced, 2 came"),
        (packets.data, "0000000b 67 00000006 00000001 7879", "1 bytes announced, 2 came"),
        (packets.data, "00000007 67 00000006 0000", "4 bytes announced, 2 came"),
        (packets.status, "00000007 65 00000006 0000", "4 bytes announced, 2 came"),
        (packets.limits, "0000000d c9 00000006 0000000000000001", "8 bytes announced, 0 came"),
        (packets.extensions, "0000000a 02 00000003 00000001 61", "4 bytes announced, 0 came"),
    ],
)
def test_a_malformed_answer_is_told_with_what_is_wrong(read, golden, wrong):
    with pytest.raises(BadAnswer) as caught:
        read(one(golden))
    assert str(caught.value) == wrong


def test_a_handle_may_be_as_long_as_allowed():
    (packet,) = fed(packets.request(Kind.HANDLE, 1, packets.string(bytes(256))))
    assert packets.handle(packet) == bytes(256)


def test_a_handle_longer_than_allowed_is_refused():
    (packet,) = fed(packets.request(Kind.HANDLE, 1, packets.string(bytes(257))))
    with pytest.raises(BadAnswer, match=r"^a handle of 257 bytes, where 256 are allowed$"):
        packets.handle(packet)


@given(
    bodies=st.lists(st.tuples(st.integers(0, 255), st.integers(0, 2**32 - 1), st.binary(max_size=300)), max_size=8),
    cuts=st.lists(st.integers(0, 2000), max_size=20),
)
def test_packets_are_the_same_however_the_stream_is_cut(bodies, cuts):
    stream = b"".join(packets.request(kind, number, body) for kind, number, body in bodies)
    edges = [0, *sorted(min(cut, len(stream)) for cut in cuts), len(stream)]
    chunks = [stream[start:end] for start, end in pairwise(edges)]
    assert [(packet.kind, packet.id, packet.body) for packet in fed(*chunks)] == bodies


@given(st.binary(max_size=64))
def test_any_body_is_read_or_refused(body):
    for read in (packets.names, packets.handle, packets.status, packets.limits, packets.extensions, packets.data):
        (packet,) = fed(packets.request(Kind.NAME, 1, body))
        try:
            read(packet)
        except BadAnswer:
            continue
