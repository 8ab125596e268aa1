"""A baseline's file byte by byte, what differs between two, and every refusal word for word."""

from __future__ import annotations

import datetime as dt
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from pytest_hkexprt.clock import HONG_KONG
from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.model import Site
from pytest_hkexprt.systems.rap import baseline
from tests.systems.rap.samples import FRIDAY, USER, listing, report

THURSDAY = dt.date(2023, 4, 13)
RECORD = "  next:     take one while the folder shows that date: hkexprt baseline record"
TEXT = b"""\
{
  "sha256": "%s",
  "baseline": {
    "user": "CP0001",
    "business_date": "2023-04-14",
    "site": "secondary",
    "address": "127.152.14.121:0",
    "host_key": "SHA256:server",
    "taken": "2023-04-15T14:31:00+08:00",
    "tool_version": "1.2",
    "key": "SHA256:ours",
    "reports": [
      {
        "name": "TP001",
        "size_bytes": 10,
        "modified": "2023-04-14T20:00:00+08:00"
      },
      {
        "name": "TP\\\\xff2",
        "size_bytes": null,
        "modified": ""
      }
    ]
  }
}
"""
UNTIMED = replace(report(b"TP\xff2", None), modified=None)


def of(*reports, date: dt.date = FRIDAY, user: str = USER, key: str = "SHA256:ours") -> baseline.Baseline:
    return baseline.of(
        listing(*reports), user=user, business_date=date, host_key="SHA256:server", tool_version="1.2", key=key
    )


def digest(taken: baseline.Baseline) -> str:
    return baseline.encode(taken).split(b'"')[3].decode()


def refused(call, *arguments) -> list[str]:
    with pytest.raises(UsageFault) as caught:
        call(*arguments)
    return str(caught.value).splitlines()


def test_a_baseline_says_whose_when_where_and_what():
    taken = of(report("TP001", 10), UNTIMED)
    assert len(digest(taken)) == 64
    assert baseline.encode(taken) == TEXT % digest(taken).encode()


def test_a_baseline_of_before_keys_were_kept_has_the_digest_it_had():
    without = baseline.encode(of(key=""))
    assert b'"key"' not in without
    assert baseline.decode(without, Path("kept.json")).key == ""


def test_a_baseline_lies_in_a_folder_for_its_owner_alone(tmp_path):
    path = baseline.save(of(), tmp_path)
    assert path == tmp_path / "baselines" / "rap" / "CP0001" / "2023-04-14.json"
    assert stat.S_IMODE(path.parent.stat().st_mode) & 0o077 == 0


def test_a_baseline_taken_again_takes_the_place_of_the_first(tmp_path):
    baseline.save(of(), tmp_path)
    baseline.save(of(report("TP001")), tmp_path)
    assert len(baseline.load(tmp_path, USER, FRIDAY).reports) == 1


def test_a_baseline_that_cannot_be_put_in_place_leaves_nothing(tmp_path):
    path = baseline.path_of(tmp_path, USER, "2023-04-14")
    path.mkdir(parents=True)
    with pytest.raises(OSError, match=r"2023-04-14\.json"):
        baseline.save(of(), tmp_path)
    assert list(path.parent.iterdir()) == [path]


def test_the_dates_of_a_user_are_told_the_newest_first(tmp_path):
    assert baseline.dates(tmp_path, USER) == []
    for taken in (of(date=THURSDAY), of(), of(user="CP0002", date=dt.date(2023, 4, 12))):
        baseline.save(taken, tmp_path)
    (tmp_path / "baselines" / "rap" / USER / "notes.json").write_text("")
    assert baseline.dates(tmp_path, USER) == [FRIDAY, THURSDAY]


def test_a_folder_that_shows_the_same_shows_the_baseline():
    assert baseline.shows(of(report("a"), report("b")), listing(report("a"), report("b")))


@pytest.mark.parametrize(
    ("then", "now"),
    [(report("a", day=13), report("a", day=14)), (UNTIMED, UNTIMED)],
    ids=["another time", "no times to compare"],
)
def test_a_folder_with_other_times_or_none_does_not(then, now):
    assert not baseline.shows(of(then), listing(now))


def test_two_baselines_differ_by_lines_in_the_order_of_names():
    before = of(report("same"), report("gone", 1000), report("size", 2000), report("unsized", None))
    after = of(report("same"), report("anew", 5), report("size", 3000), report("unsized", 0))
    assert baseline.diff(before, after) == (
        "+ anew  5 bytes",
        "- gone  1,000 bytes",
        "~ size  2,000 bytes, then 3,000 bytes",
        "~ unsized  no size, then 0 bytes",
    )


def test_a_baseline_that_is_not_there_is_told_whole(tmp_path):
    path = baseline.path_of(tmp_path, USER, "2023-04-14")
    assert refused(baseline.load, tmp_path, USER, FRIDAY) == [
        "rap: no baseline of CP0001 for 2023-04-14",
        f"  expected: {path}",
        "  came:     no baseline at all",
        RECORD,
    ]


def test_the_baselines_there_are_are_named(tmp_path):
    for date in (FRIDAY, THURSDAY):
        baseline.save(of(date=date), tmp_path)
    came = refused(baseline.load, tmp_path, USER, dt.date(2023, 4, 12))[2]
    assert came == "  came:     baselines for 2023-04-13, 2023-04-14 only"


def test_an_edited_baseline_is_told_whole(tmp_path):
    path = baseline.save(of(report("TP001")), tmp_path)
    was, edited = digest(of(report("TP001"))), digest(of(report("TP003")))
    path.write_bytes(path.read_bytes().replace(b"TP001", b"TP003"))
    assert refused(baseline.load, tmp_path, USER, FRIDAY) == [
        str(path),
        f"  expected: content with the digest {was}",
        f"  came:     content with the digest {edited}: the file was changed after it was written",
        "  next:     use the file as it was written, or take one while the folder shows that date: "
        "hkexprt baseline record",
    ]


@pytest.mark.parametrize(
    ("text", "came"),
    [
        (b"{", "Input data was truncated"),
        (b"{}", "Object missing required field `sha256`"),
        (b'{"sha256": "\xff"}', "'utf-8' codec can't decode byte 0xff in position 0: invalid start byte"),
    ],
    ids=["cut", "another object", "not UTF-8"],
)
def test_what_is_no_baseline_is_told_whole(tmp_path, text, came):
    path = baseline.save(of(), tmp_path)
    path.write_bytes(text)
    assert refused(baseline.load, tmp_path, USER, FRIDAY) == [
        str(path),
        "  expected: a baseline",
        f"  came:     {came}",
        RECORD,
    ]


def test_a_baseline_that_cannot_be_read_is_told_whole(tmp_path):
    path = baseline.path_of(tmp_path, USER, "2023-04-14")
    path.mkdir(parents=True)
    assert refused(baseline.load, tmp_path, USER, FRIDAY) == [
        str(path),
        "  expected: a readable baseline",
        f"  came:     [Errno 21] Is a directory: '{path}'",
        RECORD,
    ]


@pytest.mark.parametrize(
    ("user", "date", "whose"),
    [(USER, THURSDAY, "CP0001 for 2023-04-13"), ("CP0002", FRIDAY, "CP0002 for 2023-04-14")],
    ids=["another date", "another user"],
)
def test_a_baseline_in_anothers_place_is_told_whole(tmp_path, user, date, whose):
    path = baseline.path_of(tmp_path, user, date.isoformat())
    path.parent.mkdir(parents=True)
    path.write_bytes(baseline.encode(of()))
    assert refused(baseline.load, tmp_path, user, date) == [
        str(path),
        f"  expected: the baseline of {whose}",
        "  came:     that of CP0001 for 2023-04-14: the file was renamed or copied",
        RECORD,
    ]


def test_a_baseline_says_which_site_it_was_taken_at():
    taken = baseline.of(
        listing(report("a"), site=Site.PRIMARY), user=USER, business_date=FRIDAY, host_key="", tool_version="1"
    )
    assert (taken.site, taken.key, taken.taken) == (
        "primary",
        "",
        dt.datetime(2023, 4, 15, 14, 31, tzinfo=HONG_KONG).isoformat(),
    )
