"""A circular's data: the shipped one as its text has it, and mistakes told all at once."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from pytest_hkexprt import circular, shipped
from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.model import Endpoint, Period, Site
from tests.projects import CIRCULAR

HKT = dt.timezone(dt.timedelta(hours=8))

MINIMAL = CIRCULAR.replace('reference = "TEST/001"\n', "")


def written(folder: Path, text: str) -> Path:
    path = folder / "own.toml"
    path.write_text(text, "utf-8")
    return path


def mistakes(folder: Path, text: str) -> str:
    with pytest.raises(UsageFault) as caught:
        circular.read(written(folder, text))
    return str(caught.value)


def test_the_report_retrieval_circular_stands_as_its_text_has_it():
    # Source: CD/OEC/SEOCH/073/2023, first page and attachment; written by hand from the text.
    rap = circular.read(shipped.features_folder() / "rap.toml")
    assert rap.reference == "CD/OEC/SEOCH/073/2023"
    assert rap.dated == dt.date(2023, 3, 23)
    assert [(each.name, each.site) for each in rap.sessions] == [
        ("Session 1", Site.SECONDARY),
        ("Session 2", Site.PRIMARY),
    ]
    assert [(each.starts, each.ends) for each in rap.sessions] == [
        (dt.datetime(2023, 4, 15, 14, 30, tzinfo=HKT), dt.datetime(2023, 4, 15, 15, 30, tzinfo=HKT)),
        (dt.datetime(2023, 4, 15, 16, 30, tzinfo=HKT), dt.datetime(2023, 4, 15, 17, 30, tzinfo=HKT)),
    ]
    assert rap.endpoints == (
        Endpoint("rap", Site.PRIMARY, "10.151.14.121", 10022),
        Endpoint("rap", Site.PRIMARY, "10.151.14.122", 10022),
        Endpoint("rap", Site.SECONDARY, "10.152.14.121", 10022),
        Endpoint("rap", Site.SECONDARY, "10.152.14.122", 10022),
    )
    assert rap.registration is not None
    assert rap.registration.deadline == dt.datetime(2023, 4, 6, 18, 0, tzinfo=HKT)
    assert rap.stabilisation == Period(dt.date(2023, 4, 17), dt.date(2023, 4, 28))
    assert {"addresses", "login", "count", "download", "logout", "keep-primary", "backup", "keys"} <= {
        clause.id for clause in rap.clauses
    }


def test_a_minimal_circular_needs_no_reference_date_or_registration(tmp_path):
    own = circular.read(written(tmp_path, MINIMAL))
    assert (own.stem, own.reference, own.dated, own.registration) == ("own", "", None, None)


def test_all_mistakes_are_told_at_once_with_table_and_key(tmp_path):
    text = (
        MINIMAL.replace('issuer = "An issuer"\n', "")
        .replace('roles = ["CP"]', 'roles = ["CPP"]')
        .replace("ends = 2023-04-15T15:30", "ends = 2023-04-15T13:30")
        .replace('asks = "as', 'ask = "as')
    )
    told = mistakes(tmp_path, text)
    assert "own.toml: 5 mistakes" in told
    assert "issuer: missing; expected a text in quotes" in told
    assert "roles: 'CPP' is not one of CP, EP, CCEP, HSN (did you mean CP?)" in told
    assert "[session 1] ends: 2023-04-15T13:30:00+08:00 is not after the start" in told
    assert "[clause 1] asks: missing" in told
    assert "[clause 1] ask: unknown key (did you mean asks?)" in told


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('site = "secondary"', 'site = "secondery"', "'secondery' is not one of primary, secondary (did you mean"),
        ('systems = ["rap"]', 'systems = ["rep"]', "[session 1] systems: 'rep' is not one of"),
        ("[addresses.rap]", "[addresses.rpa]", "[addresses] rpa: is not one of the systems"),
        ("10.152.14.121:10022", "10.152.14.121:99999", "'10.152.14.121:99999' is not host:port"),
        ("secondary = [", "primary = [", "addresses.rap.secondary: missing; 'Only session' needs it"),
        ("starts = 2023-04-15T14:30:00+08:00", 'starts = "14:30"', "expected a date and time such as"),
        ('id = "count"', 'id = "count files"', "'count files' is not a word"),
        ('id = "count"', 'id = "count"\nasks = "twice"\n[[clause]]\nid = "count"', "'count' is an earlier clause's"),
        (
            "[addresses.rap]",
            '[registration]\nchannel = "C"\ndeadline = 2024-01-01T00:00:00+08:00\n[addresses.rap]',
            "[registration] deadline: 2024-01-01T00:00:00+08:00 is after the first session",
        ),
        (
            "[addresses.rap]",
            "[stabilisation]\nstarts = 2023-04-28\nends = 2023-04-17\n[addresses.rap]",
            "[stabilisation] ends: 2023-04-17 is before the start",
        ),
    ],
)
def test_a_mistake_is_named(tmp_path, old, new, told):
    assert told in mistakes(tmp_path, MINIMAL.replace(old, new))


def test_sessions_of_one_site_that_overlap_are_a_mistake(tmp_path):
    second = MINIMAL[MINIMAL.index("[[session]]") : MINIMAL.index("[[clause]]")].replace("Only", "Second")
    assert "[session 2] starts: overlaps 'Only session' at the same site" in mistakes(tmp_path, MINIMAL + second)


def test_broken_toml_is_told_with_its_line(tmp_path):
    assert "line 2" in mistakes(tmp_path, "issuer = 1\nsubject = \n")


def test_a_file_that_is_not_utf8_is_told_so(tmp_path):
    path = tmp_path / "own.toml"
    path.write_bytes('issuer = "香港"'.encode("big5"))
    with pytest.raises(UsageFault, match="save it as UTF-8"):
        circular.read(path)


def test_a_circular_is_found_by_stem_or_reference():
    assert circular.find("rap") is circular.find("CD/OEC/SEOCH/073/2023")


def test_a_near_miss_is_offered():
    with pytest.raises(UsageFault, match=r"rapp \(did you mean rap\?\)"):
        circular.find("rapp")


def test_a_circular_of_the_users_own_wins_over_a_shipped_one_of_its_name(tmp_path):
    (tmp_path / "rap.toml").write_text(MINIMAL, "utf-8")
    assert circular.find("rap", tmp_path).issuer == "An issuer"


FORM = """
[[form]]
name = "Result form"
returned_to = "the service desk"
deadline = 2023-04-17
when = "after"
"""


def test_a_form_has_a_name_a_receiver_a_deadline_and_a_side_of_the_sessions(tmp_path):
    (form,) = circular.read(written(tmp_path, MINIMAL + FORM)).forms
    assert (form.name, form.returned_to, form.when) == ("Result form", "the service desk", "after")


def test_a_deadline_without_a_time_of_day_lasts_to_the_end_of_its_day(tmp_path):
    (form,) = circular.read(written(tmp_path, MINIMAL + FORM)).forms
    assert form.deadline == dt.datetime(2023, 4, 17, 23, 59, 59, tzinfo=HKT)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('when = "after"', 'when = "afterwards"', "[form 1] when: 'afterwards' is not one of before, after"),
        (
            'when = "after"',
            'when = "before"',
            "[form 1] deadline: 2023-04-17T23:59:59+08:00 is after the first session",
        ),
        ("2023-04-17", "2023-04-01", "[form 1] deadline: 2023-04-01T23:59:59+08:00 is before the first session"),
        ('returned_to = "the service desk"\n', "", "[form 1] returned_to: missing"),
    ],
)
def test_a_mistake_in_a_form_is_named(tmp_path, old, new, told):
    assert told in mistakes(tmp_path, MINIMAL + FORM.replace(old, new))


SESSION = """
[[session]]
name = "Second session"
failover = ["primary", "secondary"]
date = 2023-04-22
systems = ["rap"]
subject_to = "Only session"
register_by = 2023-04-20
roles = ["CP"]
focus = "the failover"
"""
BOTH_SITES = MINIMAL.replace("secondary = [", 'primary = ["10.151.14.121:10022"]\nsecondary = [')


def test_a_session_may_be_a_failover_of_a_date_alone_with_a_condition_and_a_deadline_of_its_own(tmp_path):
    session = circular.read(written(tmp_path, BOTH_SITES + SESSION)).sessions[1]
    assert (session.sites, session.timed, session.subject_to, session.roles, session.focus, session.register_by) == (
        (Site.PRIMARY, Site.SECONDARY),
        False,
        ("Only session",),
        ("CP",),
        "the failover",
        dt.datetime(2023, 4, 20, 23, 59, 59, tzinfo=HKT),
    )


def test_a_system_whose_addresses_the_circular_does_not_give_is_said_to_be_so(tmp_path):
    text = MINIMAL.replace("[addresses.rap]", '[addresses]\nunpublished = ["otp"]\n[addresses.rap]')
    own = circular.read(written(tmp_path, text.replace('systems = ["rap"]', 'systems = ["rap", "otp"]')))
    assert own.sessions[0].systems == ("rap", "otp")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('["primary", "secondary"]', '["primary"]', "[session 2] failover: expected two sites"),
        ('["primary", "secondary"]', '["primary", "primary"]', "[session 2] failover: expected two sites"),
        ('["primary", "secondary"]', '["primary", "sekondary"]', "[session 2] failover: 'sekondary' is not one of"),
        ('failover = ["', 'site = "primary"\nfailover = ["', "[session 2] failover: beside site"),
        ('failover = ["primary", "secondary"]\n', "", "[session 2] site: missing"),
        ("date = ", "starts = 2023-04-22T09:00:00\ndate = ", "[session 2] date: beside starts and ends"),
        ("date = 2023-04-22\n", "", "[session 2] starts: missing"),
        ("date = 2023-04-22", "date = 2023-04-15", "[session 2] starts: overlaps 'Only session' at the same site"),
        ('"Only session"', '"Onley session"', "[session 2] subject_to: 'Onley session' is no session (did you mean"),
        ('"Only session"', '"Second session"', "[session 2] subject_to: 'Second session' is not an earlier session"),
        ("2023-04-20", "2023-04-23", "[session 2] register_by: 2023-04-23T23:59:59+08:00 is after the session's start"),
        ('["CP"]', '["CPP"]', "[session 2] roles: 'CPP' is not one of CP, EP, CCEP, HSN (did you mean CP?)"),
    ],
)
def test_a_mistake_in_what_a_session_says_is_named(tmp_path, old, new, told):
    assert told in mistakes(tmp_path, BOTH_SITES + SESSION.replace(old, new))


def test_a_failover_needs_addresses_at_both_sites(tmp_path):
    assert "addresses.rap.primary: missing; 'Second session' needs it" in mistakes(tmp_path, MINIMAL + SESSION)


def test_sessions_of_different_roles_may_be_at_one_site_at_one_time(tmp_path):
    second = MINIMAL[MINIMAL.index("[[session]]") : MINIMAL.index("[[clause]]")].replace("Only", "Second")
    first = MINIMAL.replace('systems = ["rap"]', 'systems = ["rap"]\nroles = ["EP"]').replace(
        '["CP"]', '["EP", "CCEP"]'
    )
    second = second.replace('systems = ["rap"]', 'systems = ["rap"]\nroles = ["CCEP"]')
    assert len(circular.read(written(tmp_path, first + second)).sessions) == 2


def test_a_window_that_ends_before_it_starts_is_told_beside_a_wrong_site(tmp_path):
    text = CIRCULAR.replace('site = "secondary"', 'site = "secondry"').replace("T15:30", "T13:30")
    told = mistakes(tmp_path, text)
    assert "did you mean secondary?" in told and "is not after the start" in told


def test_a_text_that_must_be_there_is_not_empty(tmp_path):
    assert "issuer: is empty" in mistakes(tmp_path, CIRCULAR.replace('"An issuer"', '""'))


def test_another_circulars_mistakes_do_not_hide_the_nearest_name(tmp_path):
    (tmp_path / "broken.toml").write_text("issuer = 5\n")
    with pytest.raises(UsageFault, match=r"did you mean backbone_prt\?"):
        circular.find("bakbone_prt", tmp_path)
