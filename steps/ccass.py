"""Phrases of the web terminals, CCASS and CCMS: a participant logs on, looks, downloads, logs out."""

# Fixtures are known by name here, as steps may not know a system's insides; so their types are not written.
# mypy: allow-untyped-defs, allow-untyped-calls

from pytest_bdd import given, parsers, then, when


@given(parsers.re(r"(?P<terminal>CCASS|CCMS) is closed for business"))
@given(parsers.re(r"(?P<terminal>CCASS|CCMS) 未開放使用"))
def terminal_is_closed_for_business(ccass_visit, terminal):
    """What its circular says of the session; a rehearsal closes the terminal, live it is the exchange's doing."""
    ccass_visit.close_for_business(terminal)


@given(parsers.re(r"the (?P<terminal>CCASS|CCMS) terminal points to the address of the circular"))
@given(parsers.re(r"(?P<terminal>CCASS|CCMS) 終端指向通告所載的網址"))
@given(parsers.re(r"the (?P<terminal>CCASS|CCMS) terminal points to the session's site"))
@given(parsers.re(r"(?P<terminal>CCASS|CCMS) 終端指向時段所屬的中心"))
def terminal_points_to_the_site(ccass_visit, terminal):
    """The name is resolved and dialled, and its certificate is verified, before any browser goes there."""
    ccass_visit.point_to(terminal)


@given(parsers.re(r"the participant is logged on to (?P<terminal>CCASS|CCMS)"))
@given(parsers.re(r"參與者已登入 (?P<terminal>CCASS|CCMS)"))
def participant_is_logged_on(ccass_visit, terminal):
    """All that comes before, and the terminal is open and served by the session's site."""
    ccass_visit.logged_on_to(terminal)


@when(parsers.re(r"the participant logs on to (?P<terminal>CCASS|CCMS)"))
@when(parsers.re(r"參與者登入 (?P<terminal>CCASS|CCMS)"))
def participant_logs_on(ccass_visit, terminal):
    """By what its pages ask for: user id and password, a code, or a person with a smartcard."""
    ccass_visit.logon(terminal)


@then(parsers.re(r'(?P<terminal>CCASS|CCMS) says "(?P<text>[^"]+)"'))
@then(parsers.re(r"(?P<terminal>CCASS|CCMS) 顯示「(?P<text>[^」]+)」"))
def terminal_says(ccass_visit, terminal, text):
    """And lets nobody in: a terminal whose functions are there does not say it."""
    ccass_visit.check_notice(terminal, text)


@then(parsers.re(r"(?P<terminal>CCASS|CCMS) is open for business"))
@then(parsers.re(r"(?P<terminal>CCASS|CCMS) 已開放使用"))
def terminal_is_open(ccass_visit, terminal):
    ccass_visit.check_open(terminal)


@then(parsers.re(r"(?P<terminal>CCASS|CCMS) is served by the session's site"))
@then(parsers.re(r"(?P<terminal>CCASS|CCMS) 由時段所屬的中心提供服務"))
def terminal_is_served_by_the_site(ccass_visit, terminal):
    """By the certificate the browser was shown, and the address it is connected with."""
    ccass_visit.check_site(terminal)


@when(parsers.re(r"the participant enquires about its production data in (?P<terminal>CCASS|CCMS)"))
@when(parsers.re(r"參與者在 (?P<terminal>CCASS|CCMS) 查詢其生產數據"))
def participant_enquires(ccass_visit, terminal):
    ccass_visit.enquire(terminal)


@then(parsers.re(r"the enquiry in (?P<terminal>CCASS|CCMS) shows the participant's own data of the last business date"))
@then(parsers.re(r"(?P<terminal>CCASS|CCMS) 的查詢顯示參與者本身於上一營業日的數據"))
def enquiry_shows_own_data(ccass_visit, terminal):
    """Rows, date and owner are compared; the values are looked at and never kept."""
    ccass_visit.check_enquiry(terminal)


@when(parsers.re(r"the participant fetches a report from (?P<terminal>CCASS|CCMS)"))
@when(parsers.re(r"參與者從 (?P<terminal>CCASS|CCMS) 取得一份報告"))
def participant_downloads_a_report(ccass_visit, terminal):
    ccass_visit.download(terminal)


@then(parsers.re(r"the report from (?P<terminal>CCASS|CCMS) is complete"))
@then(parsers.re(r"(?P<terminal>CCASS|CCMS) 的報告完整"))
def report_is_complete(ccass_visit, terminal):
    """By its name and size in the list, and by header, trailer and checksum where its form is known."""
    ccass_visit.check_report(terminal)


@when(parsers.re(r"the participant logs out of (?P<terminal>CCASS|CCMS)"))
@when(parsers.re(r"參與者登出 (?P<terminal>CCASS|CCMS)"))
def participant_logs_out(ccass_visit, terminal):
    ccass_visit.logout(terminal)


@then(parsers.re(r"the (?P<terminal>CCASS|CCMS) session is closed"))
@then(parsers.re(r"(?P<terminal>CCASS|CCMS) 的登入時段已關閉"))
def session_is_closed(ccass_visit, terminal):
    """The terminal says so, and a page of the session, asked for again, wants a logon."""
    ccass_visit.check_closed(terminal)


@given(parsers.re(r"the participant is logged on to (?P<terminal>CCASS|CCMS) at the other site"))
@given(parsers.re(r"參與者已在另一中心登入 (?P<terminal>CCASS|CCMS)"))
def participant_is_logged_on_at_the_other_site(ccass_visit, terminal):
    ccass_visit.logged_on_before(terminal)


@given(parsers.re(r"the participant has found its production data and a report in (?P<terminal>CCASS|CCMS)"))
@given(parsers.re(r"參與者已在 (?P<terminal>CCASS|CCMS) 找到其生產數據及一份報告"))
def participant_has_found_data_and_a_report(ccass_visit, terminal):
    ccass_visit.found_before(terminal)


@when(parsers.re(r"(?P<terminal>CCASS|CCMS) fails over to the session's site in the middle of the session"))
@when(parsers.re(r"(?P<terminal>CCASS|CCMS) 在登入期間轉移至時段所屬的中心"))
def terminal_fails_over(ccass_visit, terminal):
    """A rehearsal lets the other site go away; live it is waited for. Then the name must lead to the session's."""
    ccass_visit.fail_over(terminal)


@when(parsers.re(r"the participant logs on to (?P<terminal>CCASS|CCMS) again"))
@when(parsers.re(r"參與者再次登入 (?P<terminal>CCASS|CCMS)"))
def participant_logs_on_again(ccass_visit, terminal):
    """How much time was lost, from the last answer of the other site, is evidence."""
    ccass_visit.logon_again(terminal)


@then(parsers.re(r"data and report in (?P<terminal>CCASS|CCMS) are those found before the failover"))
@then(parsers.re(r"(?P<terminal>CCASS|CCMS) 的數據及報告與轉移前所見相同"))
def data_and_report_are_the_same(ccass_visit, terminal):
    """Both are looked at once more and compared by digest."""
    ccass_visit.check_same(terminal)
