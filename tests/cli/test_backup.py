from __future__ import annotations

import json
import os
import pty
import subprocess

import pytest

from pytest_hkexprt.systems.rap import keys
from tests.cli.conftest import COMMAND


def reads_as_ok(path) -> bool:
    """Ask the real sha256sum."""
    asked = subprocess.run(
        ["sha256sum", "--check", "--strict", path.name], cwd=path.parent, capture_output=True, check=False
    )
    return asked.returncode == 0


def test_every_report_is_brought_home(folder):
    done = folder.run("backup")
    assert (done.returncode, done.stderr) == (0, "")
    assert "3 reports at primary" in done.stdout
    assert "3 transferred (120,000 bytes), 0 proven by digest" in done.stdout
    (brought,) = folder.path.glob("hkexprt-data/backups/rap/*/????-??-??")
    assert {it.name: it.read_bytes() for it in brought.iterdir()} == {
        it.name: it.read_bytes() for it in folder.reports.iterdir()
    }


def test_the_list_is_one_that_sha256sum_reads(folder):
    folder.run("backup")
    assert reads_as_ok(*folder.lists)


def test_the_baseline_of_the_day_is_kept_too(folder):
    folder.run("backup")
    assert "3 files" in folder.run("baseline", "list").stdout


def test_a_second_run_of_the_day_transfers_nothing(folder):
    folder.run("backup")
    assert "0 transferred (0 bytes), 3 proven by digest" in folder.run("backup").stdout


def test_a_second_run_transfers_what_changed(folder):
    folder.run("backup")
    folder.reports.joinpath("TP001.csv").write_text("another")
    assert "1 transferred (7 bytes), 2 proven by digest" in folder.run("backup").stdout
    assert reads_as_ok(*folder.lists)


def test_a_second_run_mends_what_was_changed_here(folder):
    folder.run("backup")
    (victim,) = folder.path.glob("hkexprt-data/backups/rap/*/*/TP001.csv")
    before = victim.stat()
    victim.write_bytes(b"x" * before.st_size)
    os.utime(victim, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert "1 transferred (40,000 bytes), 2 proven by digest" in folder.run("backup").stdout
    assert reads_as_ok(*folder.lists)


def test_a_report_that_left_the_folder_is_kept(folder):
    folder.run("backup")
    folder.reports.joinpath("TP002.csv").unlink()
    assert "1 kept that are no longer in the folder" in folder.run("backup").stdout
    assert len(folder.lists[0].read_text().splitlines()) == 3


def test_two_runs_at_once_leave_one_whole_back_up(folder):
    runs = [folder.start("backup") for _ in range(2)]
    assert [(run.communicate(timeout=60)[1], run.returncode) for run in runs] == [("", 0), ("", 0)]
    assert reads_as_ok(*folder.lists)


def test_nothing_but_its_result_is_written_when_piped(folder):
    done = folder.run("backup")
    assert len(done.stdout.splitlines()) == 2
    assert done.stderr == ""


def test_a_bar_is_shown_on_a_terminal(folder):
    with folder.reports.joinpath("large.bin").open("wb") as large:
        large.truncate(300_000_000)
    ours, theirs = pty.openpty()
    run = subprocess.Popen([COMMAND, "backup"], cwd=folder.path, stdout=subprocess.PIPE, stderr=theirs)
    os.close(theirs)
    told = b""
    try:
        while block := os.read(ours, 65536):
            told += block
    except OSError:  # Linux's end of a terminal
        pass
    finally:
        os.close(ours)
    run.communicate(timeout=60)
    assert run.returncode == 0
    assert b"backing up" in told


def test_nobody_answering_may_be_tried_again(folder):
    folder.write(address="127.0.0.1:1")
    done = folder.run("backup")
    assert (done.returncode, done.stdout) == (1, "")
    assert "127.0.0.1:1" in done.stderr
    assert folder.lists == []


def test_a_wrong_host_key_is_no_back_up(folder):
    folder.write(host_key=keys.generate().fingerprint)
    done = folder.run("backup")
    assert (done.returncode, folder.lists) == (1, [])
    assert "host key refused" in done.stderr


def test_an_empty_folder_is_no_back_up(folder):
    for each in folder.reports.iterdir():
        each.unlink()
    done = folder.run("backup")
    assert (done.returncode, folder.lists) == (1, [])
    assert "an empty folder" in done.stderr


def test_a_list_that_was_edited_is_refused(folder):
    folder.run("backup")
    with folder.lists[0].open("a") as listed:
        listed.write("0" * 64 + "  ../../elsewhere\n")
    done = folder.run("backup")
    assert done.returncode == 2
    assert "line 4" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["backup", "--site=primry"], "did you mean primary?"),
        (["backup", "--circular=rop"], "--circular"),
        (["backup", "--participant-file=none.toml"], "no such file"),
        (["backup", "now"], "unexpected extra argument"),
    ],
)
def test_wrong_use_is_told(folder, arguments, told):
    done = folder.run(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr


def test_a_missing_participant_file_says_what_to_write(folder):
    folder.path.joinpath("hkexprt.toml").unlink()
    done = folder.run("backup")
    assert (done.returncode, done.stdout) == (2, "")
    assert "[rap.host_keys]" in done.stderr


def test_a_key_others_may_read_is_refused(folder):
    folder.path.joinpath("key").chmod(0o644)
    done = folder.run("backup")
    assert done.returncode == 2
    assert "chmod 600" in done.stderr


def test_the_exit_statuses_are_in_the_help(folder):
    assert "Exit status: 0 complete; 1 not complete" in " ".join(folder.run("backup", "--help").stdout.split())


def test_a_script_is_told_what_was_backed_up(folder):
    (told,) = json.loads(folder.run("backup", "--json").stdout)
    assert (told["participant"], told["reports"], told["transferred"]) == ("A participant", 3, 3)
    assert told["list"] == str(folder.lists[0])


def test_a_script_is_told_what_was_recorded(folder):
    (told,) = json.loads(folder.run("baseline", "record", "--json").stdout)
    assert (told["user"], told["files"]) == (folder.server.user, 3)
