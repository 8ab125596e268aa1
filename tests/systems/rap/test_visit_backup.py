from __future__ import annotations

import contextlib
import datetime as dt

import pytest

from pytest_hkexprt.clock import HONG_KONG
from pytest_hkexprt.errors import LocalProtocolError, RemoteProtocolError, Unmet, Unreachable
from pytest_hkexprt.evidence.journal import Journal, read
from pytest_hkexprt.evidence.record import Check
from pytest_hkexprt.model import Site
from pytest_hkexprt.progress import Progress
from pytest_hkexprt.systems.rap import backup, baseline
from pytest_hkexprt.systems.rap.visit_backup import DailyBackups, back_up
from tests.systems.rap.samples import FRIDAY, USER

MONDAY, TUESDAY = dt.date(2023, 4, 17), dt.date(2023, 4, 18)


class Omitted(Exception):
    """What a scenario that has nothing to check ends with here."""


def omit(reason: str) -> None:
    raise Omitted(reason)


@pytest.fixture
def daily(simulate, visit, tmp_path):
    """Make the back-ups of Monday and Tuesday; the simulator shows Friday's reports unless told another date."""

    def make(*drills, now=TUESDAY, evenings=(), shown=lambda: MONDAY, journal=None):
        simulator = simulate(*drills, site=Site.PRIMARY)
        return DailyBackups(
            lambda: visit(simulator.endpoints, timeout_s=2.0),
            journal or Journal(None),
            data=tmp_path,
            user=USER,
            dates=(MONDAY, TUESDAY),
            evenings=evenings,
            at=lambda _: contextlib.nullcontext(),
            now=lambda: dt.datetime.combine(now, dt.time(9), HONG_KONG),
            shown=shown,
            progress=Progress(None),
            omit=omit,
        )

    return make


@pytest.fixture
def backed_up(simulate, visit, tmp_path):
    """Back up from a simulator of Friday's reports."""
    simulator = simulate(site=Site.PRIMARY)

    def do(date=FRIDAY):
        return back_up(visit(simulator.endpoints), business_date=date, data=tmp_path, progress=Progress(None))

    return do


def test_a_back_up_is_complete_when_it_ends(backed_up, tmp_path):
    done = backed_up()
    assert (len(done.transferred), done.proven, done.gone) == (41, (), ())
    assert backup.examine(tmp_path, USER, FRIDAY).complete


def test_a_second_one_of_the_day_transfers_nothing(backed_up):
    backed_up()
    done = backed_up()
    assert (done.transferred, len(done.proven)) == ((), 41)


def test_the_key_that_logged_in_is_kept_with_the_baseline(backed_up, tmp_path, key):
    backed_up()
    assert baseline.load(tmp_path, USER, FRIDAY).key == key.fingerprint


def test_a_folder_that_still_shows_an_earlier_date_is_no_back_up_of_this_one(backed_up, tmp_path):
    backed_up(FRIDAY)
    with pytest.raises(RemoteProtocolError, match="what the folder showed on 2023-04-14, times included"):
        backed_up(MONDAY)
    assert backup.examine(tmp_path, USER, MONDAY).problems == ("no back-up",)


def test_a_download_cut_short_leaves_no_list(simulate, visit, tmp_path):
    client = visit(simulate("download-cut").endpoints)
    with pytest.raises(RemoteProtocolError):
        back_up(client, business_date=FRIDAY, data=tmp_path, progress=Progress(None))
    assert not backup.examine(tmp_path, USER, FRIDAY).complete


def test_how_far_it_is_is_told_to_the_last_byte(simulate, visit, tmp_path):
    class Told(Progress):
        total_bytes = came_bytes = 0

        @contextlib.contextmanager
        def transfer(self, title, total_bytes):
            self.total_bytes = total_bytes

            def advance(more_bytes):
                self.came_bytes += more_bytes

            yield advance

    told = Told(None)
    done = back_up(visit(simulate().endpoints), business_date=FRIDAY, data=tmp_path, progress=told)
    assert told.total_bytes == told.came_bytes == done.transferred_bytes > 0


def test_a_gap_fails_and_is_named(daily):
    days = daily()
    with pytest.raises(Unmet, match="2023-04-17: no back-up"):
        days.check_complete()


def test_todays_may_still_be_due(daily, tmp_path):
    with Journal(tmp_path / "evidence.jsonl") as journal:
        days = daily(journal=journal)
        days.every_day()
        days.check_complete()
    (check,) = [line.record for line in read(tmp_path / "evidence.jsonl") if isinstance(line.record, Check)]
    assert check.came == "1 complete"
    assert "2023-04-18: still due today" in check.details


def test_todays_counts_once_it_is_there(daily):
    days = daily(now=MONDAY)
    days.every_day()
    days.check_complete()


def test_on_the_first_morning_nothing_is_due(daily):
    with pytest.raises(Omitted, match="no business date of the stabilisation period is over yet"):
        daily(now=MONDAY).check_complete()


def test_live_a_back_up_that_fails_ends_the_step(daily):
    with pytest.raises(Unreachable):
        daily("both-refused").every_day()


def test_in_a_rehearsal_a_day_that_fails_does_not_keep_the_next_from_its_turn(daily):
    evenings = [dt.datetime.combine(date, dt.time(22), HONG_KONG) for date in (MONDAY, TUESDAY)]
    days = daily("both-refused", now=dt.date(2023, 4, 19), evenings=evenings)
    days.every_day()
    with pytest.raises(Unmet, match=r"2023-04-17: no back-up: 127(.|\n)*2023-04-18: no back-up: 127"):
        days.check_complete()


def test_a_second_run_is_compared_with_a_first(daily):
    days = daily()
    days.once()
    with pytest.raises(LocalProtocolError, match="two back-ups"):
        days.check_second_run()


def test_a_second_run_that_had_to_mend_a_file_is_told(daily, tmp_path):
    days = daily()
    days.once()
    next(backup.folder_of(tmp_path, USER, MONDAY).glob("TP001*")).write_bytes(b"")
    days.once()
    with pytest.raises(Unmet, match="1 transferred, 40 proven"):
        days.check_second_run()
