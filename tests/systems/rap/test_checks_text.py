"""What a check of the report folder tells its reader, word for word: where, expected, came, and what to do next."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pytest_hkexprt.model import Site
from pytest_hkexprt.systems.rap import baseline, checks
from pytest_hkexprt.systems.rap.facts import Dialled, Download, Login, Logout
from tests.systems.rap.samples import FRIDAY, USER, listing, loopback, report
from tests.systems.told import told

FIRST, SECOND = (replace(endpoint, port=10022) for endpoint in loopback())
OTHER = replace(loopback(Site.PRIMARY)[0], port=10022)
ELEVEN = tuple(f"r{number:02}" for number in range(11))
LOGIN = Login(FIRST, USER, "ssh-ed25519", "SHA256:now")


def addresses(*dials):
    return told(checks.addresses(dials, (FIRST, SECOND), (OTHER,)))


def before(*reports, key="SHA256:then"):
    taken = listing(*reports, site=Site.PRIMARY)
    return baseline.of(taken, user=USER, business_date=FRIDAY, host_key="", tool_version="1", key=key)


EXPECTED = (
    "expected connections to 127.152.14.121:10022 (for 10.152.14.121:10022), "
    "127.152.14.122:10022 (for 10.152.14.122:10022) and to nothing else"
)
POINT = "next point the SFTP connection to the session's site, in hkexprt.toml [rap.addresses] if it has any"


def test_addresses_that_all_answered_are_told_each_with_its_peer():
    assert addresses(Dialled(FIRST, FIRST.address), Dialled(SECOND, SECOND.address)) == "\n".join(
        [
            "rap/secondary: addresses in use: met",
            EXPECTED,
            "came connected to 127.152.14.121:10022, 127.152.14.122:10022",
            f"  {FIRST} answered from 127.152.14.121:10022",
            f"  {SECOND} answered from 127.152.14.122:10022",
            POINT,
        ]
    )


def test_an_address_that_did_not_answer_and_one_not_tried_are_told():
    assert addresses(Dialled(FIRST, "", "connection refused")) == "\n".join(
        [
            "rap/secondary: addresses in use: not met",
            EXPECTED,
            "came connected to none of them",
            f"  {FIRST} did not answer: connection refused",
            "  127.152.14.122:10022 was not tried",
            POINT,
        ]
    )


def test_a_peer_of_the_other_site_is_told_as_one():
    assert addresses(Dialled(FIRST, OTHER.address), Dialled(SECOND, SECOND.address)) == "\n".join(
        [
            "rap/secondary: addresses in use: not met",
            EXPECTED,
            "came connected to 127.151.14.121:10022, 127.152.14.122:10022",
            f"  {FIRST} answered from 127.151.14.121:10022",
            f"  {SECOND} answered from 127.152.14.122:10022",
            "  127.151.14.121:10022 is an address of the other site",
            POINT,
        ]
    )


@pytest.mark.parametrize("published", ["", FIRST.address], ids=["none published", "as published"])
def test_an_address_that_is_the_published_one_is_told_once(published):
    plain = replace(FIRST, published=published)
    check = checks.addresses([Dialled(plain, plain.address)], [plain], [])
    assert check.expected == "connections to 127.152.14.121:10022 and to nothing else"


def test_a_login_is_told_with_its_user_and_key():
    assert told(checks.logged_in(LOGIN)) == "\n".join(
        [
            f"{FIRST}: login with User ID and SSH key: met",
            "expected granted by public key",
            "came granted to CP0001 with ssh-ed25519 SHA256:now",
        ]
    )


def test_an_unchanged_folder_is_told_without_a_next_step():
    assert told(checks.unchanged(before(report("a")), listing(report("a")))) == "\n".join(
        [
            f"{listing().endpoint}: number of files: met",
            "expected 1 files as on 2023-04-14 (taken at primary)",
            "came 1 files",
        ]
    )


def test_a_changed_folder_is_told_with_every_kind_of_difference():
    then = before(report("a"), report("b"), report("same"), report("size", 1000))
    now = listing(report("c"), report("d"), report("same"), report("size", None))
    assert told(checks.unchanged(then, now)) == "\n".join(
        [
            f"{now.endpoint}: number of files: not met",
            "expected 4 files as on 2023-04-14 (taken at primary)",
            "came 4 files, but not the same ones",
            "  missing a, b",
            "  new c, d",
            "  another size: size (1,000 bytes then, a size the server does not list now)",
            "next ask the DCASS hotline which of the differences are meant",
        ]
    )


def test_two_files_of_one_name_are_not_the_one_of_the_baseline():
    assert not checks.unchanged(before(report("a")), listing(report("a"), report("a"))).met


@pytest.mark.parametrize(
    ("names", "line"),
    [
        ((), ""),
        (ELEVEN[:10], "r00, r01, r02, r03, r04, r05, r06, r07, r08, r09"),
        (ELEVEN, "r00, r01, r02, r03, r04, r05, r06, r07, r08, r09 and 1 more"),
    ],
    ids=["none", "as many as are shown", "one more"],
)
def test_the_first_ten_names_are_told_and_the_others_counted(names, line):
    assert checks.some(names) == line


def test_folders_alike_at_both_data_centres_are_told_as_the_same():
    one, other = listing(report("a"), site=Site.PRIMARY), listing(report("a"))
    assert told(checks.same_at_both(one, other)) == "\n".join(
        [
            f"{one.endpoint} and {other.endpoint}: reports at both data centres: met",
            "expected the 1 files of the primary site at the secondary too",
            "came 1 files, the same by name and size",
            "next ask the DCASS hotline which of the two folders is right",
        ]
    )


def test_folders_that_differ_between_the_data_centres_are_told_with_what_differs():
    one, other = listing(report("a"), report("b"), site=Site.PRIMARY), listing(report("a"))
    assert told(checks.same_at_both(one, other)) == "\n".join(
        [
            f"{one.endpoint} and {other.endpoint}: reports at both data centres: not met",
            "expected the 2 files of the primary site at the secondary too",
            "came 1 files, with differences",
            "  missing b",
            "next ask the DCASS hotline which of the two folders is right",
        ]
    )


def test_two_empty_folders_prove_nothing():
    assert not checks.same_at_both(listing(site=Site.PRIMARY), listing()).met


KEEP = "next log in with the key of before the period; SSH keys are not renewed in it"


@pytest.mark.parametrize(
    ("key", "met", "expected", "came"),
    [
        ("SHA256:now", "met", "SHA256:now as on 2023-04-14", "SHA256:now"),
        ("SHA256:then", "not met", "SHA256:then as on 2023-04-14", "SHA256:now"),
        ("", "not met", "the key as on 2023-04-14", "no key: the baseline was taken by a version that kept none"),
    ],
    ids=["the same", "another", "none kept"],
)
def test_the_key_in_use_is_told_beside_the_baselines(key, met, expected, came):
    lines = [f"{FIRST}: SSH key in use: {met}", f"expected {expected}", f"came {came}", KEEP]
    assert told(checks.key_kept(before(key=key), LOGIN)) == "\n".join(lines)


SET = 'next set the file\'s name in hkexprt.toml: [rap.reports] TP001 = "…"'


@pytest.mark.parametrize(
    ("names", "told_of_it"),
    [
        (["TP001_1"], ["met", "came TP001_1"]),
        (
            ["TP001_1", "TP001_2", "TP001_3"],
            ["met", "came TP001_3", "  3 files fit, the newest is taken; the others: TP001_2, TP001_1"],
        ),
        (["TP002_1", "TP002_2"], ["not met", "came none among 2 files", "  nearest names: TP002_1, TP002_2"]),
        ([], ["not met", "came none among 0 files"]),
    ],
    ids=["one", "several", "others", "nothing"],
)
def test_a_report_looked_for_is_told_with_what_is_there(names, told_of_it):
    met, came, *details = told_of_it
    folder = listing(*(report(name) for name in names))
    assert told(checks.present(folder, "TP001", "*TP001*")) == "\n".join(
        [
            f"{folder.endpoint}: report TP001 in the folder: {met}",
            "expected a file named like *TP001*",
            came,
            *details,
            SET,
        ]
    )


def test_available_reports_are_told_by_number_and_by_the_first_ten_names():
    folder = listing(*(report(name) for name in ELEVEN))
    assert told(checks.available(folder)) == "\n".join(
        [
            "127.152.14.121:0 (for 10.152.14.121:10022): reports available: met",
            "expected at least one report",
            "came 11 reports",
            *(f"  {name}" for name in reversed(ELEVEN[1:])),
        ]
    )


def test_an_empty_folder_is_told_with_whom_to_ask():
    assert told(checks.available(listing())) == "\n".join(
        [
            "127.152.14.121:0 (for 10.152.14.121:10022): reports available: not met",
            "expected at least one report",
            "came 0 reports",
            "next ask the hotline of the circular; the folder was read and is empty",
        ]
    )


def test_of_several_reports_the_newest_is_chosen():
    folder = listing(report("TP001_1", day=14), report("TP001_2", day=13))
    assert checks.chosen(folder, "TP001*") == report("TP001_1", day=14)


def test_of_no_report_none_is_chosen():
    assert checks.chosen(listing(report("TP001")), "TP002*") is None


@pytest.mark.parametrize(
    ("listed", "expected"),
    [(1234, "1,234 bytes"), (None, "a size the server does not list")],
    ids=["listed", "not listed"],
)
def test_a_download_is_told_with_both_sizes_and_its_digest(listed, expected):
    download = Download(report("a", listed), Path("a"), 1234, "00ff")
    assert told(checks.download_matches(download, FIRST)) == "\n".join(
        [
            f"{FIRST}: download of a: met",
            f"expected {expected}",
            "came 1,234 bytes, SHA-256 00ff",
            "next download it again; if it differs again, tell the DCASS hotline",
        ]
    )


@pytest.mark.parametrize(
    ("here", "there", "met", "came"),
    [
        (True, True, "met", "closed here; the server closed its side after 0.50 s"),
        (True, False, "not met", "closed here; the server still kept its side open after 0.50 s"),
        (False, True, "not met", "open here; the server closed its side after 0.50 s"),
    ],
)
def test_the_end_of_a_connection_is_told_for_both_sides(here, there, met, came):
    logout = Logout(FIRST, closed_here=here, closed_there=there, took_s=0.5)
    assert told(checks.closed_on_both_sides(logout)) == "\n".join(
        [
            f"{FIRST}: connection after the logout: {met}",
            "expected closed on both sides",
            f"came {came}",
            "next a session left open may block the next login; ask the DCASS hotline to close it",
        ]
    )
