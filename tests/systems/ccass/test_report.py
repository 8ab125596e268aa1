"""The form of a report: header, records of one length, trailer, checksum."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_hkexprt.systems.ccass.report import Field, ReportForm, Sum, faults, trailer_of

FORM = ReportForm(20, "HDR", "TRL", Field(3, 4), Field(7, 8), Sum.BYTES)
CRC = ReportForm(20, "HDR", "TRL", Field(3, 4), Field(7, 8), Sum.CRC32)

# Worked out by hand: three records of twenty letters; A is 65, B 66, C 67, so 20 * (65 + 66 + 67) = 3960.
GOLDEN = [
    b"HDRCCMDS01          \r\n",
    b"AAAAAAAAAAAAAAAAAAAA\r\n",
    b"BBBBBBBBBBBBBBBBBBBB\r\n",
    b"CCCCCCCCCCCCCCCCCCCC\r\n",
    b"TRL000300003960     \r\n",
]


def changed(number: int, line: bytes) -> list[bytes]:
    return [*GOLDEN[:number], line, *GOLDEN[number + 1 :]]


def test_a_whole_report_has_no_fault():
    assert faults(FORM, GOLDEN) == ()


def test_the_trailer_is_the_one_worked_out_by_hand():
    assert trailer_of(FORM, [line[:20] for line in GOLDEN[1:4]]) == GOLDEN[4][:20]


def test_a_crc_is_that_of_its_published_example():
    # CRC-32 of "123456789" is CBF43926, the check value of its definition.
    form = ReportForm(9, "HDR", "TRL", Field(3, 1), Field(4, 8), Sum.CRC32)
    assert form.sum is Sum.CRC32
    trailer = trailer_of(ReportForm(12, "HDR", "TRL", Field(3, 1), Field(4, 8), Sum.CRC32), [b"123456789"])
    assert trailer == b"TRL1CBF43926"


NO_HEADER = "no control header: the first record does not begin with HDR"
NO_TRAILER = "no control trailer: the last record does not begin with TRL"


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ([], ["it is empty"]),
        (
            GOLDEN[1:],
            [
                NO_HEADER,
                "the trailer counts 0003, there are 2 records",
                "the trailer's checksum is 00003960, the records' 00002660",
            ],
        ),
        (GOLDEN[:-1], [NO_TRAILER]),
        (GOLDEN[:1], [NO_TRAILER]),
        (GOLDEN[4:], [NO_HEADER, NO_TRAILER]),
        (
            changed(2, b"BBBBBBBBBBBBBBBBBBBA\r\n"),
            ["the trailer's checksum is 00003960, the records' 00003959"],
        ),
        (changed(4, b"TRL000400003960     \r\n"), ["the trailer counts 0004, there are 3 records"]),
        (
            changed(4, b"TRL".ljust(20)),
            [
                "the trailer counts nothing, there are 3 records",
                "the trailer's checksum is missing, the records' 00003960",
            ],
        ),
        (
            changed(2, b"BBBBBBBB\r\n"),
            ["record 3 has 8 bytes, expected 20", "the trailer's checksum is 00003960, the records' 00003168"],
        ),
        ([*GOLDEN, b"\r\n"], ["record 6 has 0 bytes, expected 20", NO_TRAILER]),
    ],
    ids=[
        "empty",
        "no header",
        "no trailer",
        "a header alone",
        "a trailer alone",
        "another byte",
        "another count",
        "an empty trailer",
        "a short record",
        "an empty record after the end",
    ],
)
def test_all_that_is_wrong_is_told(lines, told):
    assert faults(FORM, lines) == tuple(told)


def test_a_crc_is_compared_whatever_the_case_of_its_letters():
    records = [line[:20] for line in GOLDEN[1:4]]
    trailer = trailer_of(CRC, records)
    lines = [*GOLDEN[:4], b"TRL0003" + trailer[7:15].lower() + b" " * 5]
    assert trailer[7:15].lower() != trailer[7:15]
    assert faults(CRC, lines) == ()


def test_a_sum_longer_than_its_field_keeps_its_last_digits():
    form = ReportForm(20, "HDR", "TRL", Field(3, 4), Field(7, 3), Sum.BYTES)
    assert trailer_of(form, [line[:20] for line in GOLDEN[1:4]]) == b"TRL0003960          "


def test_bytes_of_a_field_that_are_not_ascii_are_told_all_the_same():
    assert Field(0, 4).of(b" a\xffb") == "a\ufffdb"


def test_a_report_without_records_is_whole():
    assert faults(FORM, [GOLDEN[0], trailer_of(FORM, [])]) == ()


@given(
    st.lists(st.binary(min_size=20, max_size=20).filter(lambda line: not {10, 13} & {*line})),
    st.sampled_from([FORM, CRC]),
)
def test_whatever_is_written_is_read_back_whole(records, form):
    lines = [b"HDR".ljust(20), *records, trailer_of(form, records)]
    assert faults(form, [line + b"\n" for line in lines]) == ()


@given(st.lists(st.binary(max_size=30), max_size=6))
def test_no_bytes_at_all_make_it_fail_otherwise_than_by_telling(lines):
    assert isinstance(faults(FORM, lines), tuple)
