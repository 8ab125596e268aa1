"""What a check of the terminals tells its reader, word for word: where, expected, came, and what to do next."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_hkexprt.systems.ccass import checks
from pytest_hkexprt.systems.ccass.facts import Listed
from tests.systems.ccass.samples import FRIDAY, OURS, TERMINAL, THURSDAY, download, enquiry, logon, logout
from tests.systems.told import told

CCMS = f"{TERMINAL} CCMS"


@pytest.mark.parametrize(
    ("by_person", "came"),
    [("", "granted to USER01"), ("smartcard: done", "granted to USER01; smartcard: done")],
    ids=["alone", "by a person"],
)
def test_a_logon_is_told_with_its_user_and_who_helped(by_person, came):
    lines = [f"{CCMS}: logon: met", "expected granted", f"came {came}"]
    assert told(checks.logged_on(logon(by_person=by_person))) == "\n".join(lines)


@pytest.mark.parametrize(
    ("is_open", "notice", "met", "came"),
    [
        (True, "", "met", "its functions"),
        (False, "", "not met", "none of them; it says nothing"),
        (False, "Closed", "not met", "none of them; it says 'Closed'"),
    ],
    ids=["open", "mute", "closed"],
)
def test_a_terminal_is_told_by_what_it_shows_after_the_logon(is_open, notice, met, came):
    assert told(checks.terminal_open(logon(is_open=is_open, notice=notice))) == "\n".join(
        [
            f"{CCMS}: CCMS after the logon: {met}",
            "expected its functions",
            f"came {came}",
            "next ask the hotline of the circular whether the terminal is to be open now",
        ]
    )


@pytest.mark.parametrize(
    ("is_open", "notice", "met", "came"),
    [
        (False, "Not\n open yet", "met", "'Not open yet'"),
        (False, "", "not met", "no message"),
        (True, "Not open", "not met", "its functions: it let the user in, and says 'Not open'"),
        (True, "", "not met", "its functions: it let the user in"),
    ],
    ids=["said", "mute", "open and said", "open"],
)
def test_a_closed_terminals_message_is_told_beside_the_announced_one(is_open, notice, met, came):
    assert told(checks.notice(logon(is_open=is_open, notice=notice), "Not open")) == "\n".join(
        [
            f"{CCMS}: message of CCMS: {met}",
            "expected 'Not open', and no functions",
            f"came {came}",
            "next look at the picture, and tell the hotline of the circular what is shown",
        ]
    )


ACCOUNT = "next look at the date and the account of the enquiry; tell the hotline what is missing"


def test_production_data_are_told_by_rows_date_owner_and_digest():
    found = enquiry()
    assert told(checks.enquiry(found, FRIDAY, "SIM00001")) == "\n".join(
        [
            f"{CCMS}: production data in CCMS: met",
            "expected rows, as of 2024-03-22, of SIM00001",
            "came 1 rows, as of 2024-03-22, of SIM00001",
            "  columns: Stock, Quantity",
            f"  SHA-256 of columns and rows {found.sha256}",
            ACCOUNT,
        ]
    )


@pytest.mark.parametrize(
    ("found", "came"),
    [
        (enquiry((), as_of=None, owner=""), "0 rows, as of no date, of nobody"),
        (replace(enquiry(as_of=None), as_of_text="some\nday"), "1 rows, as of some day, of SIM00001"),
        (enquiry(as_of=THURSDAY, owner="SIM\n09999"), "1 rows, as of 2024-03-21, of SIM 09999"),
    ],
    ids=["nothing", "a date in no known form", "others"],
)
def test_production_data_of_another_day_or_owner_are_told(found, came):
    check = checks.enquiry(found, FRIDAY, "SIM00001")
    assert (check.met, check.came) == (False, came)


def test_where_the_terminal_does_not_say_whose_data_they_are_no_owner_is_asked_for():
    check = checks.enquiry(enquiry(owner=""), FRIDAY, "")
    assert (check.met, check.expected, check.came) == (True, "rows, as of 2024-03-22", "1 rows, as of 2024-03-22")


WANTED = "next look at wanted of the page description; ask the hotline when the report is made"


def test_a_listed_report_is_told_by_its_name():
    report = Listed(0, "CCMDS01.txt", 1)
    assert told(checks.listed([report], report, "CCMDS01*", "here")) == "\n".join(
        ["here: report in the list: met", "expected CCMDS01*", "came CCMDS01.txt", WANTED]
    )


def test_a_report_that_is_not_listed_is_told_with_the_first_ten_that_are():
    others = [Listed(row, f"OTHER{row:02}.txt", 1) for row in range(11)]
    assert told(checks.listed(others, None, "CCMDS01*", "here")) == "\n".join(
        [
            "here: report in the list: not met",
            "expected CCMDS01*",
            "came none of that name among 11",
            *(f"  OTHER{row:02}.txt" for row in range(10)),
            WANTED,
        ]
    )


AGAIN = "next download it again; if it is the same again, tell the hotline"
WHOLE = "expected the report listed, whole: control header, records of one length, control trailer, checksum"


def test_a_whole_download_is_told_with_its_size_and_digest():
    assert told(checks.complete(download(listed_bytes=1234, size_bytes=1234), (), form_known=True)) == "\n".join(
        [f"{CCMS}: download of CCMDS01_20240322.txt: met", WHOLE, f"came 1,234 bytes, SHA-256 {OURS}", AGAIN]
    )


def test_a_download_whose_form_nobody_knows_is_told_so():
    assert told(checks.complete(download(listed_bytes=None), (), form_known=False)) == "\n".join(
        [
            f"{CCMS}: download of CCMDS01_20240322.txt: met",
            "expected the report listed, whole",
            f"came 500 bytes, SHA-256 {OURS}",
            "  its form inside is not known to the page description, and was not looked at",
            AGAIN,
        ]
    )


def test_all_that_is_wrong_with_a_download_is_told():
    broken = download(suggested="other\n.txt", listed_bytes=1234, size_bytes=0)
    assert told(checks.complete(broken, ("no control trailer",), form_known=True)) == "\n".join(
        [
            f"{CCMS}: download of CCMDS01_20240322.txt: not met",
            WHOLE,
            f"came 0 bytes, SHA-256 {OURS}; it came with the name 'other .txt'; 1,234 bytes are listed; it is empty; "
            "no control trailer",
            AGAIN,
        ]
    )


@pytest.mark.parametrize(
    ("number", "rest"), [(10, ""), (11, "; and 1 faults more")], ids=["as many as are shown", "one more"]
)
def test_the_first_ten_faults_are_told_and_the_others_counted(number, rest):
    faults = [f"fault {each}" for each in range(number)]
    check = checks.complete(download(), faults, form_known=True)
    assert check.came == f"500 bytes, SHA-256 {OURS}" + "".join(f"; fault {each}" for each in range(10)) + rest


@pytest.mark.parametrize(
    ("ended", "asks_again", "met", "came"),
    [
        (True, True, "met", "it says 'You have logged off'; a page of the session wants a logon"),
        (True, False, "not met", "it says 'You have logged off'; a page of the session still opens"),
        (False, True, "not met", "it does not say that one is logged off; a page of the session wants a logon"),
    ],
)
def test_a_logout_is_told_by_what_is_said_and_what_still_opens(ended, asks_again, met, came):
    assert told(checks.closed(logout(ended=ended, asks_again=asks_again))) == "\n".join(
        [
            f"{CCMS}: session of CCMS after the logout: {met}",
            "expected logged off, and a page of the session wants a logon",
            f"came {came}",
            "next a session left open may keep its user out; ask the hotline to end it",
        ]
    )
