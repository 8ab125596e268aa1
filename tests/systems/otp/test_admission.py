"""Who is let in, as the policy has it: wrong passwords, changes, what was used before, what grew too old."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest

from pytest_hkexprt.systems.otp import password as passwords
from pytest_hkexprt.systems.otp.messages import Kind, Message
from pytest_hkexprt.systems.otp.password import Password
from pytest_hkexprt.systems.otp.profiles import OCG_3, WireProtocol
from pytest_hkexprt.systems.otp.simulator_admission import Admission, OnFile
from pytest_hkexprt.systems.otp.words import SessionStatus
from tests.systems.otp.firm import FIRST, PASSWORD

UTC = dt.datetime(2024, 1, 6, 1, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


@pytest.fixture
def desk(rsa_key):
    return Desk(*rsa_key)


class Desk:
    """A gateway's keeper of passwords, and who comes to it."""

    def __init__(self, private: bytes, public: bytes) -> None:
        self.public, self.kept = public, OnFile(PASSWORD)
        self.admission = Admission(OCG_3, private, {FIRST: self.kept}, ())

    def logon(self, password: Password = PASSWORD, new: Password | None = None, utc: dt.datetime = UTC) -> Message:
        def sealed(text: Password) -> str:
            return passwords.encrypted(text, self.public, OCG_3, WireProtocol.FIX, utc)

        changed = sealed(new) if new is not None else None
        said = Message.of(Kind.LOGON, EncryptedPassword=sealed(password), EncryptedNewPassword=changed)
        return self.admission.judge(said, FIRST, WireProtocol.FIX, utc)

    def status(self, *said, **more) -> object:
        return self.logon(*said, **more)["SessionStatus"]


WRONG = Password("Wrong123")


def test_a_right_password_lets_in(desk):
    answer = desk.logon()
    assert (answer.kind, answer["SessionStatus"], "Text" in answer) == (Kind.LOGON, SessionStatus.ACTIVE, False)


def test_the_third_wrong_password_locks(desk):
    told = [desk.status(WRONG) for _ in range(3)]
    assert told == [*[SessionStatus.INVALID_USER_OR_PASSWORD] * 2, SessionStatus.ACCOUNT_LOCKED]
    assert desk.status() == SessionStatus.ACCOUNT_LOCKED


def test_a_right_password_between_wrong_ones_begins_the_count_anew(desk):
    for _ in range(4):
        desk.status(WRONG)
        desk.kept.wrong = min(desk.kept.wrong, 2)
        assert desk.status() == SessionStatus.ACTIVE
    assert [desk.status(WRONG) for _ in range(2)][-1] == SessionStatus.INVALID_USER_OR_PASSWORD


def test_a_password_is_changed_once_a_day(desk):
    first, second = Password("Newer123"), Password("Newest12")
    assert desk.status(PASSWORD, first) == SessionStatus.PASSWORD_CHANGED
    assert desk.status(first, second) == SessionStatus.NEW_PASSWORD_NOT_COMPLIANT
    assert desk.status(first, second, utc=UTC + DAY) == SessionStatus.PASSWORD_CHANGED


def test_none_of_the_last_five_passwords_comes_again(desk):
    used = [PASSWORD, *(Password(f"Number{each:02}") for each in range(5))]
    for day, (before, after) in enumerate(pairwise(used)):
        assert desk.status(before, after, utc=UTC + day * DAY) == SessionStatus.PASSWORD_CHANGED
    assert desk.status(used[-1], used[1], utc=UTC + 10 * DAY) == SessionStatus.NEW_PASSWORD_NOT_COMPLIANT
    assert desk.status(used[-1], used[0], utc=UTC + 10 * DAY) == SessionStatus.PASSWORD_CHANGED


@pytest.mark.parametrize(
    ("age", "status", "text"),
    [
        (0, SessionStatus.ACTIVE, ""),
        (75, SessionStatus.ACTIVE, ""),
        (76, SessionStatus.PASSWORD_DUE_TO_EXPIRE, "14"),
        (89, SessionStatus.PASSWORD_DUE_TO_EXPIRE, "1"),
        (90, SessionStatus.PASSWORD_EXPIRED, "Password expired"),
    ],
)
def test_a_password_lasts_ninety_days_and_its_end_is_told_before(desk, age, status, text):
    desk.kept.changed = (UTC - age * DAY).date()
    answer = desk.logon()
    assert (answer["SessionStatus"], answer.text("Text")) == (status, text)
    assert answer.kind is (Kind.LOGOUT if status is SessionStatus.PASSWORD_EXPIRED else Kind.LOGON)
