"""The reader against a double that answers in any order and in any pieces; real servers are in test_against_openssh."""

from __future__ import annotations

import struct
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_hkexprt.systems.rap.client_sftp import Reader
from pytest_hkexprt.systems.rap.packets import BadAnswer, Refused
from pytest_hkexprt.systems.rap.pipeline import ONE_AT_A_TIME, AtFile, Depth, Wanted
from tests.systems.rap.sftp_double import CLOSE, DATA, NAME, OPEN, READ, READDIR, VERSION, Double, packet, s, status

OPENSSH = (262144, 261120, 261120, 1019)


def wanted(files, *names, listed=True):
    return [Wanted(b"./" + name, len(files[name]) if listed else None) for name in names or files]


def contents(reader, asked):
    """Read everything; return each file's content, and hold that each ended once."""
    came = [b""] * len(asked)
    ended = []
    for index, block in reader.files(asked):
        assert index not in ended
        if block is None:
            ended.append(index)
        else:
            came[index] += block
    assert sorted(ended) == list(range(len(asked)))
    return came


def in_one_call(kind, wrong):
    """Replace the first answer to a kind of request."""
    done = []

    def changed(asked, answer):
        if asked != kind or done:
            return answer
        done.append(True)
        return wrong(answer)

    return changed


FILES = {b"empty": b"", b"small": b"abc", b"block": bytes(32768), b"more": bytes(range(256)) * 400}


@pytest.mark.parametrize("listed", [True, False])
def test_files_come_whole(listed):
    double = Double(FILES)
    assert contents(Reader(double), wanted(FILES, listed=listed)) == list(FILES.values())


def test_nothing_stays_open():
    double = Double(FILES)
    contents(reader := Reader(double), wanted(FILES))
    assert double.open == {}
    list(reader.entries(b"."))
    assert double.open == {}


def test_no_files_ask_for_nothing():
    double = Double()
    assert contents(Reader(double), []) == []
    assert double.requests == [1]


def test_short_reads_are_asked_for_again():
    double = Double(FILES, most_read_bytes=1000)
    assert contents(Reader(double), wanted(FILES)) == list(FILES.values())


@given(
    sizes=st.lists(st.integers(0, 3000), max_size=12),
    listed=st.booleans(),
    depth=st.builds(
        Depth,
        open_files=st.integers(1, 5),
        requests=st.integers(2, 9),
        in_flight_bytes=st.integers(1, 4000),
        block_bytes=st.integers(1, 900),
        ahead=st.integers(1, 4),
    ),
    rng=st.randoms(use_true_random=False),
)
@settings(max_examples=150)
def test_files_are_the_same_whatever_the_order_the_pieces_and_the_depth(sizes, listed, depth, rng):
    files = {b"f%d" % number: rng.randbytes(size) for number, size in enumerate(sizes)}
    # Answers beyond a file's end and before it must agree, so files of no listed size are read in order of asking.
    double = Double(files, rng=rng)
    assert contents(Reader(double, depth), wanted(files, listed=listed)) == list(files.values())
    assert double.most_open <= depth.open_files
    assert double.most_waiting <= depth.requests + 2 * depth.open_files


@given(count=st.integers(0, 30), rng=st.randoms(use_true_random=False), per_answer=st.integers(1, 9))
def test_names_are_the_same_whatever_the_order_and_the_pieces(count, rng, per_answer):
    files = {b"f%d" % number: bytes(number) for number in range(count)}
    links = (b"link", b"dangling link")
    double = Double(files, rng=rng, links=links, per_answer=per_answer)
    found = {report.raw_name: (report.size_bytes, is_file) for report, is_file in Reader(double).entries(b"a folder")}
    assert found == {name: (len(content), True) for name, content in files.items()} | {
        b"link": (70, True),
        b"dangling link": (None, False),
    }


def test_many_files_are_in_flight_together():
    files = {b"f%d" % number: b"x" for number in range(100)}
    double = Double(files)
    contents(Reader(double), wanted(files))
    assert double.most_open == 64


def test_a_large_file_keeps_to_the_budget():
    size = 2**25
    double = Double({b"large": bytes(size)}, limits=OPENSSH)
    for _ in Reader(double).files([Wanted(b"./large", size)]):
        assert sum(map(len, double._waiting)) <= 8 * 2**20 + 128 * 13
    assert double.most_asked_bytes == 261120


@pytest.mark.parametrize(
    ("limits", "block_bytes", "open_files"),
    [
        (None, 32768, 64),
        (OPENSSH, 261120, 64),
        ((34000, 0, 0, 0), 32768, 64),
        ((2**20, 2**20, 2**20, 10), 261120, 10),
        ((20000, 32768, 32768, 0), 18976, 64),
    ],
)
def test_what_the_server_says_it_takes_is_kept_to(limits, block_bytes, open_files):
    depth = Reader(Double(limits=limits)).depth
    assert (depth.block_bytes, depth.open_files) == (block_bytes, open_files)


def test_limits_that_are_announced_and_not_known_are_done_without():
    double = Double(FILES, limits=OPENSSH, changed=lambda kind, answer: status(0, 8) if kind == 200 else answer)
    assert contents(Reader(double), wanted(FILES)) == list(FILES.values())


def test_a_server_that_keeps_fewer_open_than_it_says_is_asked_again():
    files = {b"f%d" % number: b"%d" % number for number in range(100)}
    double = Double(files, handles=7)
    assert contents(Reader(double), wanted(files)) == list(files.values())


def test_one_at_a_time_is_one_at_a_time():
    double = Double(FILES)
    assert contents(Reader(double, ONE_AT_A_TIME), wanted(FILES)) == list(FILES.values())
    listed = Double(FILES)
    list(Reader(listed, ONE_AT_A_TIME).entries(b"."))
    assert [(each.most_waiting, each.most_open) for each in (double, listed)] == [(1, 1), (1, 1)]


def test_a_file_shorter_than_listed_ends_where_it_ends():
    assert contents(Reader(Double({b"f": b"abc"})), [Wanted(b"f", 2**60)]) == [b"abc"]


def test_a_file_longer_than_listed_shows_one_byte_more():
    assert contents(Reader(Double({b"f": b"abcdef"})), [Wanted(b"f", 3)]) == [b"abcd"]


@pytest.mark.parametrize(
    ("kind", "wrong", "message"),
    [
        (OPEN, status(0, 3, b"Permission denied"), "Permission denied"),
        (OPEN, status(0, 0), "expected a handle, came the status that all is well"),
        (OPEN, packet(DATA, 0, s(b"x")), "expected a handle, came packet type 103"),
        (OPEN, packet(102, 0, s(bytes(300))), "a handle of 300 bytes"),
        (READ, status(1, 3, b"Permission denied"), "Permission denied"),
        (READ, status(1, 0), "at 0 bytes: data, came the status that all is well"),
        (READ, packet(NAME, 1, s(b"x")), "at 0 bytes: data, came packet type 104"),
        (READ, packet(DATA, 1, s(b"")), "at 0 bytes: 0 bytes where 3 were asked for"),
        (READ, packet(DATA, 1, s(b"abcd")), "at 0 bytes: 4 bytes where 3 were asked for"),
        (READ, packet(DATA, 1, struct.pack(">I", 3), b"ab"), "at 0 bytes: 3 bytes announced, 2 came"),
    ],
)
def test_a_wrong_answer_is_the_files(kind, wrong, message):
    double = Double({b"f": b"abc"}, changed=in_one_call(kind, lambda _: wrong))
    with pytest.raises(AtFile, match=message) as error:
        contents(Reader(double), [Wanted(b"f", 3)])
    assert error.value.index == 0
    assert isinstance(error.value.cause, BadAnswer | Refused)


def test_a_file_that_shrinks_while_it_is_read_is_told():
    content = bytes(100_000)
    double = Double({b"f": content}, changed=in_one_call(READ, lambda _: status(1, 1)))
    with pytest.raises(AtFile, match="ended at 0 bytes, and bytes from 32,768 on came"):
        contents(Reader(double), [Wanted(b"f", len(content))])


@pytest.mark.parametrize("number", [99, 0])
def test_an_answer_nobody_waits_for_is_refused(number):
    double = Double({b"f": b"abc"}, changed=in_one_call(READ, lambda _: status(number, 1)))
    with pytest.raises(BadAnswer, match=f"request {number}, which waits for none"):
        contents(Reader(double), [Wanted(b"f", 3)])


def test_one_refused_file_says_which():
    with pytest.raises(AtFile, match="No such file") as error:
        contents(Reader(Double(FILES)), [*wanted(FILES), Wanted(b"gone", 1)])
    assert error.value.index == len(FILES)


def test_after_a_refused_file_the_channel_serves_on():
    double = Double(FILES)
    reader = Reader(double)
    with pytest.raises(AtFile):
        contents(reader, [Wanted(b"gone", 1), *wanted(FILES)])
    assert contents(reader, wanted(FILES)) == list(FILES.values())
    list(reader.entries(b"."))
    assert double.open == {}


def test_after_a_reading_left_half_way_the_channel_serves_on():
    double = Double(FILES)
    reader = Reader(double)
    left = reader.files(wanted(FILES))
    list(islice(left, 2))
    left.close()
    assert {report.raw_name for report, _ in reader.entries(b".")} == FILES.keys()
    assert double.open == {}


def test_names_are_asked_for_ahead():
    double = Double({b"f%d" % number: b"" for number in range(2000)}, per_answer=10)
    assert len(list(Reader(double).entries(b"."))) == 2000
    assert double.most_waiting == 8


@pytest.mark.parametrize("name", [b"\xff\xfe", b"../../x", b"/etc/passwd", b"new\nline", b"\x1b[2J", bytes([7]) * 300])
def test_a_name_is_the_bytes_it_came_as(name):
    ((report, _),) = Reader(Double({name: b""})).entries(b".")
    assert report.raw_name == name


def test_an_answer_of_no_names_ends_a_folder():
    double = Double(FILES, changed=lambda kind, answer: packet(NAME, *struct.unpack(">5xI", answer[:9]), bytes(4))
                    if kind == READDIR else answer)  # fmt: skip
    assert list(Reader(double).entries(b".")) == []


@pytest.mark.parametrize(
    ("wrong", "error", "message"),
    [
        (status(1, 3, b"Permission denied"), Refused, "Permission denied"),
        (packet(DATA, 1, s(b"x")), BadAnswer, "expected names, came packet type 103"),
        (packet(NAME, 1, b"\xff\xff\xff\xff"), BadAnswer, "announced"),
    ],
)
def test_a_wrong_answer_ends_a_listing(wrong, error, message):
    double = Double(FILES, changed=in_one_call(READDIR, lambda _: wrong))
    with pytest.raises(error, match=message):
        list(Reader(double).entries(b"."))


class Scripted:
    """A channel that says what it is told to."""

    def __init__(self, *chunks):
        self.chunks = list(chunks)

    def sendall(self, data, /):
        pass

    def recv(self, size_bytes, /):
        return self.chunks.pop(0) if self.chunks else b""


@pytest.mark.parametrize("greeting", [packet(VERSION, 2), packet(VERSION, 6), status(3, 4), packet(NAME, 3)])
def test_another_version_is_refused(greeting):
    with pytest.raises(BadAnswer, match="expected SFTP version 3"):
        Reader(Scripted(greeting))


@pytest.mark.parametrize("chunks", [(), (packet(VERSION, 3)[:5],)])
def test_a_channel_closed_too_soon_is_an_end(chunks):
    with pytest.raises(EOFError):
        Reader(Scripted(*chunks))


def test_a_channel_closed_in_the_middle_is_an_end():
    reader = Reader(Scripted(packet(VERSION, 3), packet(102, 0, s(b"h"))))
    with pytest.raises(EOFError):
        contents(reader, [Wanted(b"f", 3)])


def test_closes_are_not_waited_for():
    double = Double({b"f": b"abc"})
    contents(Reader(double), [Wanted(b"f", 3)])
    assert double.requests[-1] == CLOSE
    assert len(double._waiting) == 1


def test_a_packet_of_text_is_refused():
    with pytest.raises(BadAnswer, match="a packet of 1,466,721,135 bytes"):
        Reader(Scripted(b"Wlcome to this server!\r\n"))
