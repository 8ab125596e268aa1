from __future__ import annotations

import datetime as dt

import pytest

from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.systems.rap import baseline
from tests.systems.rap.samples import FRIDAY, USER, listing, report


@pytest.fixture
def taken():
    return baseline.of(
        listing(report("TP001", 10), report(b"TP\xff2", None)),
        user=USER,
        business_date=FRIDAY,
        host_key="SHA256:x",
        tool_version="1",
    )


def test_a_baseline_is_read_as_it_was_written(taken, tmp_path):
    baseline.save(taken, tmp_path)
    assert baseline.load(tmp_path, USER, FRIDAY) == taken


def test_saving_leaves_one_file(taken, tmp_path):
    path = baseline.save(taken, tmp_path)
    assert list(path.parent.iterdir()) == [path]


def test_a_baseline_may_be_laid_out_anew(taken, tmp_path):
    path = baseline.save(taken, tmp_path)
    path.write_bytes(path.read_bytes().replace(b"\n", b"").replace(b"  ", b""))
    assert baseline.load(tmp_path, USER, FRIDAY) == taken


def test_an_edited_baseline_is_refused(taken, tmp_path):
    path = baseline.save(taken, tmp_path)
    path.write_bytes(path.read_bytes().replace(b"TP001", b"TP003"))
    with pytest.raises(UsageFault, match="changed after it was written"):
        baseline.load(tmp_path, USER, FRIDAY)


def test_a_baseline_cut_short_is_refused(taken, tmp_path):
    path = baseline.save(taken, tmp_path)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(UsageFault, match="expected: a baseline"):
        baseline.load(tmp_path, USER, FRIDAY)


def test_a_renamed_baseline_is_refused(taken, tmp_path):
    path = baseline.save(taken, tmp_path)
    path.rename(path.with_name("2023-04-13.json"))
    with pytest.raises(UsageFault, match="renamed or copied"):
        baseline.load(tmp_path, USER, dt.date(2023, 4, 13))


def test_no_baseline_says_how_to_take_one(tmp_path):
    with pytest.raises(UsageFault, match="hkexprt baseline record"):
        baseline.load(tmp_path, USER, FRIDAY)


def test_no_baseline_names_those_there_are(taken, tmp_path):
    baseline.save(taken, tmp_path)
    with pytest.raises(UsageFault, match="baselines for 2023-04-14 only"):
        baseline.load(tmp_path, USER, dt.date(2023, 4, 13))


def test_a_user_id_cannot_lead_out_of_the_data_folder(tmp_path):
    assert tmp_path in baseline.path_of(tmp_path, "../../x", "2023-04-14").resolve().parents
