"""The ``[rap]`` table whole: every key read into its place, every mistake told word for word."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.model import Site
from pytest_hkexprt.systems.rap.pace import Pace
from pytest_hkexprt.systems.rap.settings import Program, RapSettings, read

FILE = Path("/etc/acme/hkexprt.toml")
PIN = "SHA256:" + "A" * 43
ED25519 = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGZ2oDkGXpxQEZ6mSTuXvDt9RrDJ0RRMXFhqVqHzyUQV"
FEWEST = {"user": "CP0001", "key": "id_ed25519", "host_keys": {"primary": [PIN]}}
COMMANDS = {"list": ["own", "ls", "{host}"], "get": ["/opt/own", "get", "{reports}"]}
WORDS = "{host}, {into}, {key}, {known_hosts}, {port}, {remote}, {reports}, {user}"


def told(table: dict[str, object], *, rehearsal: bool = False) -> list[str]:
    with pytest.raises(UsageFault) as caught:
        read(table, FILE, rehearsal=rehearsal)
    first, *rest = str(caught.value).splitlines()
    count = "one mistake" if len(rest) == 1 else f"{len(rest)} mistakes"
    assert first == f"{FILE}: {count}"
    return [line.strip() for line in rest]


def test_every_key_is_read_into_its_place():
    table = {
        "user": "CP0001",
        "key": "~/id_ed25519",
        "passphrase_env": "RAP_PASSPHRASE",
        "agent": True,
        "known_hosts": "/etc/ssh/known_hosts",
        "host_keys": {"primary": [PIN, ED25519], "secondary": [ED25519]},
        "folder": "/out",
        "timeout_s": 1.5,
        "least_bytes_per_s": 5000,
        "least_over_s": 10,
        "logout_timeout_s": 2.5,
        "reports": {"TP001": "DTP001*.gz", "TP002": "x"},
        "addresses": {"primary": ["relay:1"], "secondary": ["10.0.0.1:65535", "relay:22"]},
        "downloader": {"files": ["own.ini", "~/own.xml"]},
        "program": {**COMMANDS, "timeout_s": 30},
    }
    assert read(table, FILE) == RapSettings(
        user="CP0001",
        key=Path.home() / "id_ed25519",
        passphrase_env="RAP_PASSPHRASE",
        agent=True,
        known_hosts=Path("/etc/ssh/known_hosts"),
        host_keys={Site.PRIMARY: (PIN, ED25519), Site.SECONDARY: (ED25519,)},
        folder="/out",
        timeout_s=1.5,
        pace=Pace(5000, 10),
        logout_timeout_s=2.5,
        reports={"TP001": "DTP001*.gz", "TP002": "x"},
        addresses={Site.PRIMARY: ("relay:1",), Site.SECONDARY: ("10.0.0.1:65535", "relay:22")},
        downloader=(FILE.parent / "own.ini", Path.home() / "own.xml"),
        program=Program(("own", "ls", "{host}"), ("/opt/own", "get", "{reports}"), FILE.parent, 30),
    )


def test_what_is_left_out_has_a_working_value():
    assert read(FEWEST, FILE) == RapSettings(
        user="CP0001", key=FILE.parent / "id_ed25519", host_keys={Site.PRIMARY: (PIN,)}
    )


def test_a_rehearsal_needs_no_table_at_all():
    assert read({}, FILE, rehearsal=True) == RapSettings(user="REHEARSAL")


def test_a_rehearsal_has_the_participants_user_where_it_is_given():
    assert read({"user": "CP0001"}, FILE, rehearsal=True).user == "CP0001"


def test_the_agent_stands_for_the_key():
    assert read({"user": "CP0001", "agent": True, "known_hosts": "known"}, FILE).key is None


def test_an_adapter_is_kept():
    assert read(FEWEST | {"adapter": "own:Downloader"}, FILE).adapter == "own:Downloader"


def test_a_program_waits_two_minutes_unless_told():
    assert read(FEWEST | {"program": COMMANDS}, FILE).program.timeout_s == 120


def test_a_program_is_called_by_the_last_part_of_what_gets():
    assert read(FEWEST | {"program": COMMANDS}, FILE).program.name == "own"


def test_what_is_missing_is_told_whole():
    assert told({}) == [
        "[rap] user: missing; expected a text in quotes",
        "[rap] key: missing; expected the file of the private key, or agent = true",
        "[rap] host_keys: missing; expected the servers' host keys here, or known_hosts = a file that has them",
    ]


@pytest.mark.parametrize(
    ("changed", "mistake"),
    [
        ({"user": ""}, "[rap] user: is empty"),
        ({"keey": "x"}, "[rap] keey: unknown key (did you mean key?)"),
        ({"agent": "yes"}, "[rap] agent: expected true or false, came 'yes'"),
        ({"passphrase_env": 1}, "[rap] passphrase_env: expected a text in quotes, came 1"),
        ({"known_hosts": 1}, "[rap] known_hosts: expected a text in quotes, came 1"),
        ({"timeout_s": -1}, "[rap] timeout_s: expected a number above zero, came -1"),
        ({"least_bytes_per_s": 0}, "[rap] least_bytes_per_s: expected a number above zero, came 0"),
        ({"least_over_s": 0}, "[rap] least_over_s: expected a number above zero, came 0"),
        ({"logout_timeout_s": 0}, "[rap] logout_timeout_s: expected a number above zero, came 0"),
        (
            {"adapter": "own:Downloader", "program": COMMANDS},
            "[rap] adapter: there is a [rap.program] too; one thing takes our client's place, or the other",
        ),
        ({"reports": {"TP001": ""}}, "[rap.reports] TP001: is empty"),
        ({"downloader": {}}, "[rap.downloader] files: missing; expected a list in square brackets"),
        ({"downloader": {"files": [], "fils": []}}, "[rap.downloader] fils: unknown key (did you mean files?)"),
        ({"program": {"get": ["own"]}}, "[rap.program] list: missing; expected a list in square brackets"),
        ({"program": {"list": ["own"]}}, "[rap.program] get: missing; expected a list in square brackets"),
        (
            {"program": COMMANDS | {"get": []}},
            "[rap.program] get: no word in it; expected the program and its options",
        ),
        (
            {"program": COMMANDS | {"list": ["own", "{hosts}"]}},
            f"[rap.program] list: {{hosts}} stands for nothing; there are {WORDS} (did you mean host?)",
        ),
        ({"program": COMMANDS | {"timeout_s": 0}}, "[rap.program] timeout_s: expected a number above zero, came 0"),
        (
            {"program": COMMANDS | {"timeout": 1}},
            "[rap.program] timeout: unknown key (did you mean timeout_s?)",
        ),
        (
            {"addresses": {"primery": ["relay:22"]}},
            "[rap.addresses] primery: unknown site; expected primary or secondary (did you mean primary?)",
        ),
        (
            {"addresses": {"primary": ["relay:65536"]}},
            "[rap.addresses] primary: 'relay:65536' is not host:port, such as 10.152.14.121:10022",
        ),
        (
            {"host_keys": {"secondary": ["md5:aa:bb"]}},
            "[rap.host_keys] secondary: 'md5:aa:bb' is an MD5 fingerprint, which proves nothing today; "
            "expected SHA256:…",
        ),
        (
            {"host_keys": {"primary": ["SHA256:abc"]}},
            "[rap.host_keys] primary: 'SHA256:abc' is neither SHA256: and 43 characters nor a public key "
            "such as 'ssh-ed25519 AAAA…'",
        ),
        (
            {"host_keys": {"primary": ["ssh-ed25519 AA*AA"]}},
            "[rap.host_keys] primary: 'ssh-ed25519 AA*AA' is neither SHA256: and 43 characters nor a public key "
            "such as 'ssh-ed25519 AAAA…'",
        ),
        (
            {"host_keys": {"primary": ["ssh-rsa AAAA"]}},
            "[rap.host_keys] primary: 'ssh-rsa AAAA': the key is not of type ssh-rsa",
        ),
    ],
)
def test_a_mistake_is_told_whole(changed, mistake):
    assert told(FEWEST | changed) == [mistake]


def test_a_rehearsal_is_told_its_mistakes_too():
    assert told({"colour": "red"}, rehearsal=True) == ["[rap] colour: unknown key"]
