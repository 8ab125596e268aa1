from __future__ import annotations

from pathlib import Path

import pytest

from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.model import Site
from pytest_hkexprt.systems.rap.pace import Pace
from pytest_hkexprt.systems.rap.settings import read

FILE = Path("/etc/acme/hkexprt.toml")
PIN = "SHA256:" + "A" * 43
FEWEST = {"user": "CP0001", "key": "id_ed25519", "host_keys": {"primary": [PIN]}}


def mistakes(**changes) -> str:
    with pytest.raises(UsageFault) as caught:
        read(FEWEST | changes, FILE)
    return str(caught.value)


def test_the_fewest_lines_are_enough():
    assert read(FEWEST, FILE).user == "CP0001"


def test_the_keys_path_is_relative_to_the_file():
    assert read(FEWEST, FILE).key == Path("/etc/acme/id_ed25519")


def test_host_keys_are_kept_by_site():
    assert read(FEWEST, FILE).host_keys == {Site.PRIMARY: (PIN,)}


def test_a_report_without_a_pattern_is_looked_for_by_its_name():
    assert read(FEWEST, FILE).pattern("TP001") == "*TP001*"


def test_a_report_with_a_pattern_is_looked_for_by_it():
    assert read(FEWEST | {"reports": {"TP001": "DTP001*.gz"}}, FILE).pattern("TP001") == "DTP001*.gz"


def test_the_least_pace_is_slow_unless_it_is_set():
    assert read(FEWEST, FILE).pace == Pace(bytes_per_s=100, over_s=60)
    assert read(FEWEST | {"least_bytes_per_s": 5000, "least_over_s": 10}, FILE).pace == Pace(5000, 10)


def test_a_least_pace_of_nothing_is_refused():
    assert "[rap] least_bytes_per_s: expected a number above zero" in mistakes(least_bytes_per_s=0)


def test_an_unknown_key_is_told_with_the_nearest():
    assert "[rap] keey: unknown key (did you mean key?)" in mistakes(keey="x")


def test_all_mistakes_are_told_at_once():
    message = mistakes(timeout_s="soon", folder=3, colour="red")
    assert all(key in message for key in ("timeout_s", "folder", "colour"))


def test_the_file_is_named():
    assert str(FILE) in mistakes(folder=3)


def test_a_missing_user_is_told():
    with pytest.raises(UsageFault, match=r"\[rap\] user: missing"):
        read({key: value for key, value in FEWEST.items() if key != "user"}, FILE)


def test_neither_key_nor_agent_is_told():
    assert "agent = true" in mistakes(key="")


def test_no_pinned_host_key_is_told():
    assert "[rap] host_keys: missing" in mistakes(host_keys={})


def test_known_hosts_stand_for_host_keys():
    assert (
        read(FEWEST | {"host_keys": {}, "known_hosts": "known_hosts"}, FILE).known_hosts == FILE.parent / "known_hosts"
    )


def test_an_md5_fingerprint_is_refused():
    assert "MD5" in mistakes(host_keys={"primary": ["MD5:aa:bb"]})


def test_a_cut_fingerprint_is_refused():
    assert "43 characters" in mistakes(host_keys={"primary": ["SHA256:abc"]})


def test_a_public_key_under_another_type_is_refused():
    ed25519 = "AAAAC3NzaC1lZDI1NTE5AAAAIGZ2oDkGXpxQEZ6mSTuXvDt9RrDJ0RRMXFhqVqHzyUQV"
    assert "not of type ssh-rsa" in mistakes(host_keys={"primary": [f"ssh-rsa {ed25519}"]})


def test_an_unknown_site_is_told():
    assert "[rap.host_keys] secundary" in mistakes(host_keys={"secundary": [PIN], "primary": [PIN]})


@pytest.mark.parametrize("address", ["10.152.14.121", "host:0", "host:70000", ":22", "a b:22"])
def test_what_is_no_address_is_refused(address):
    assert "is not host:port" in mistakes(addresses={"primary": [address]})


def test_the_downloaders_files_are_relative_to_the_file():
    table = FEWEST | {"downloader": {"files": ["own.ini", "/opt/own.xml"]}}
    assert read(table, FILE).downloader == (Path("/etc/acme/own.ini"), Path("/opt/own.xml"))


@pytest.mark.parametrize(
    ("downloader", "told"),
    [
        ({}, "files: missing"),
        ({"files": "own.ini"}, "a list"),
        ({"files": ["own.ini"], "fils": []}, "did you mean files?"),
    ],
)
def test_a_mistake_in_the_downloaders_table_is_told(downloader, told):
    assert told in mistakes(downloader=downloader)
