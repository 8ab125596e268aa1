from __future__ import annotations

import datetime as dt
import hashlib
import json

import pytest

from pytest_hkexprt.systems.rap import baseline
from pytest_hkexprt.systems.rap.baseline import Baseline
from tests.systems.rap.samples import listing, report


@pytest.fixture
def kept(folder):
    """Two baselines: on the 13th and on the 14th."""
    data = folder.path / "hkexprt-data"
    for day, reports in ((13, [report("A", 10), report("B", 5)]), (14, [report("A", 12), report("C", None)])):
        made = baseline.of(
            listing(*reports),
            user=folder.server.user,
            business_date=dt.date(2023, 4, day),
            host_key="SHA256:host",
            tool_version="1",
            key="SHA256:mine" if day == 14 else "",
        )
        baseline.save(made, data)
    return folder


def test_a_baseline_is_recorded(folder):
    done = folder.run("baseline", "record")
    assert (done.returncode, done.stderr) == (0, "")
    assert "3 files of" in done.stdout and f"at primary {folder.server.address}" in done.stdout


def test_the_key_that_took_it_is_recorded(folder):
    folder.run("baseline", "record")
    assert "key            SHA256:" in folder.run("baseline", "show").stdout


def test_two_recordings_at_once_leave_one_baseline(folder):
    runs = [folder.start("baseline", "record") for _ in range(2)]
    assert [(run.communicate(timeout=60)[1], run.returncode) for run in runs] == [("", 0), ("", 0)]
    assert len(list(folder.path.glob("hkexprt-data/baselines/rap/*/*"))) == 1


def test_baselines_are_listed_the_newest_first(kept):
    assert [line[:10] for line in kept.run("baseline", "list").stdout.splitlines()] == ["2023-04-14", "2023-04-13"]


def test_one_is_shown_with_where_and_when_it_was_taken(kept):
    done = kept.run("baseline", "show", "2023-04-14")
    assert done.returncode == 0
    assert done.stdout.splitlines()[:6] == [
        f"user           {kept.server.user}",
        "business date  2023-04-14",
        "taken          2023-04-15T14:31:00+08:00",
        "at             secondary 127.152.14.121:0",
        "host key       SHA256:host",
        "key            SHA256:mine",
    ]


def test_the_newest_is_shown_where_none_is_named(kept):
    assert "business date  2023-04-14" in kept.run("baseline", "show").stdout


def test_one_without_a_key_says_so(kept):
    assert "key            not kept by the version that took it" in kept.run("baseline", "show", "2023-04-13").stdout


def test_two_that_differ_are_compared_line_by_line(kept):
    done = kept.run("baseline", "diff", "2023-04-13", "2023-04-14")
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.splitlines() == ["~ A  10 bytes, then 12 bytes", "- B  5 bytes", "+ C  no size"]


def test_one_is_the_same_as_itself(kept):
    done = kept.run("baseline", "diff", "2023-04-14", "2023-04-14")
    assert (done.returncode, done.stdout) == (0, "the same 2 files by name and size\n")


def test_an_edited_one_is_refused(kept):
    (path,) = kept.path.glob("hkexprt-data/baselines/rap/*/2023-04-14.json")
    path.write_bytes(path.read_bytes().replace(b'"A"', b'"B"'))
    done = kept.run("baseline", "show", "2023-04-14")
    assert (done.returncode, done.stdout) == (2, "")
    assert "changed after it was written" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["show", "14.4.2023"], "does not match the format"),
        (["show", "2023-04-12"], "baselines for 2023-04-13, 2023-04-14 only"),
        (["diff", "2023-04-14"], "Missing argument 'AFTER'"),
        (["diff", "2023-04-14", "2023-04-12"], "no baseline of"),
        (["records"], "No such command 'records'"),
    ],
)
def test_wrong_use_is_told(kept, arguments, told):
    done = kept.run("baseline", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr


def test_no_baseline_at_all_says_how_to_take_one(folder):
    done = folder.run("baseline", "list")
    assert (done.returncode, done.stdout) == (2, "")
    assert "hkexprt baseline record" in done.stderr


def test_a_file_of_before_the_key_was_kept_is_still_read():
    old = (
        b'{"sha256":"%s","baseline":{"user":"U","business_date":"2023-04-14","site":"primary","address":"h:1",'
        b'"host_key":"k","taken":"t","tool_version":"1","reports":[]}}'
    )
    plain = old.split(b'"baseline":')[1][:-1]
    text = old % hashlib.sha256(plain).hexdigest().encode()
    assert isinstance(baseline.decode(text, None), Baseline)


def test_a_script_is_told_the_baselines_one_of_them_and_their_difference(kept):
    listed = json.loads(kept.run("baseline", "list", "--json").stdout)
    assert [(each["business_date"], each["files"]) for each in listed] == [("2023-04-14", 2), ("2023-04-13", 2)]
    shown = json.loads(kept.run("baseline", "show", "2023-04-14", "--json").stdout)
    assert [each["name"] for each in shown["files"]] == ["A", "C"]
    done = kept.run("baseline", "diff", "2023-04-13", "2023-04-14", "--json")
    assert (done.returncode, json.loads(done.stdout)["same"]) == (1, False)


def test_baselines_of_several_participants_are_each_ones_own(folder):
    path = folder.path / "hkexprt.toml"
    table = path.read_text().partition("[rap]")[2].replace("[rap.", "[participant.rap.")
    both = [f'[[participant]]\nname = "{name}"\nroles = ["CP"]\n[participant.rap]{table}' for name in ("Alpha", "Beta")]
    path.write_text("\n".join(both))
    refused = folder.run("baseline", "record")
    assert refused.returncode == 2 and "expected: the name of one: Alpha, Beta" in refused.stderr
    done = folder.run("baseline", "record", "--participant", "all")
    assert (done.returncode, done.stderr) == (0, "")
    assert [line for line in done.stdout.splitlines() if line.endswith(":")] == ["Alpha:", "Beta:"]
    assert len(list(folder.path.glob("hkexprt-data/*/baselines/rap/*/*"))) == 2


def test_what_goes_wrong_for_one_of_several_does_not_keep_the_others_waiting(folder):
    path = folder.path / "hkexprt.toml"
    table = path.read_text().partition("[rap]")[2].replace("[rap.", "[participant.rap.")
    wrong = table.replace(folder.server.address, "127.0.0.1:1")
    both = [
        f'[[participant]]\nname = "{name}"\nroles = ["CP"]\n[participant.rap]{its}'
        for name, its in (("Alpha", wrong), ("Beta", table))
    ]
    path.write_text("\n".join(both))
    done = folder.run("backup", "--participant", "all")
    assert done.returncode == 1
    assert done.stderr.startswith("Alpha: ") and "127.0.0.1:1" in done.stderr
    assert len(list(folder.path.glob("hkexprt-data/beta/backups/rap/*/*.sha256"))) == 1
