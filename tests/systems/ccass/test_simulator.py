"""The stand-in terminals: strict to whoever breaks the rules, and gone when they stop."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from html import unescape

import pytest

from pytest_hkexprt.errors import LocalProtocolError
from pytest_hkexprt.model import Site
from pytest_hkexprt.systems.ccass import pages, report
from tests.systems.ccass.web import CHECKER, LINK, Visitor


@pytest.fixture
def visitor(standing):
    standing.begin(Site.PRIMARY)
    for terminals in standing.terminals.values():
        terminals.broken.clear()
    return Visitor(standing)


def broken(visitor: Visitor) -> list[str]:
    return visitor.simulator.terminals[visitor.site].broken


def test_one_logs_on_with_password_and_code(visitor):
    assert "You are logged on." in visitor.log_on().text


def test_every_page_says_simulator_and_is_in_two_languages(visitor):
    for page in (
        visitor.ask("GET", ""),
        visitor.log_on(),
        visitor.ask("GET", "enquiry"),
        visitor.ask("GET", "reports"),
    ):
        assert "<b>SIMULATOR</b>" in page.text
        assert "模擬系統" in page.text


def test_a_wrong_password_is_refused(visitor):
    front = visitor.ask("GET", "")
    said = visitor.ask("POST", "logon", {"token": front.token, "user": visitor.simulator.user, "password": "wrong"})
    assert "Invalid user ID or password" in said.text


def test_a_wrong_code_is_refused_and_the_right_one_is_then_used_up(visitor):
    front = visitor.ask("GET", "")
    password = visitor.simulator.password.reveal()
    visitor.ask("POST", "logon", {"token": front.token, "user": visitor.simulator.user, "password": password})
    page = visitor.ask("GET", "code")
    code = visitor.simulator.code("CCMS").reveal()
    said = visitor.ask("POST", "code", {"token": page.token, "code": "x"})
    assert "Invalid code" in said.text
    assert "Invalid code" in visitor.ask("POST", "code", {"token": said.token, "code": code}).text


def test_a_form_without_its_token_is_refused(visitor):
    visitor.ask("GET", "")
    said = visitor.ask("POST", "logon", {"user": visitor.simulator.user, "password": "x"})
    assert said.status == 403
    assert broken(visitor) == ["CCMS: 'POST logon' came without a token"]


def test_a_token_used_before_is_refused(visitor):
    visitor.log_on()
    token = visitor.ask("GET", "enquiry").token
    assert visitor.ask("POST", "enquiry", {"token": token}).status == 200
    assert visitor.ask("POST", "enquiry", {"token": token}).status == 403
    assert "used before" in broken(visitor)[0]


def test_a_token_of_another_visitor_is_refused(visitor):
    other = Visitor(visitor.simulator)
    token = other.ask("GET", "").token
    visitor.ask("GET", "")
    assert visitor.ask("POST", "logon", {"token": token, "user": "x", "password": "y"}).status == 403


def test_pages_out_of_their_order_are_refused(visitor):
    token = visitor.log_on().token
    assert visitor.ask("POST", "enquiry", {"token": token}).status == 403
    assert "may not be asked for while logged on" in broken(visitor)[0]


def test_the_code_cannot_be_skipped(visitor):
    front = visitor.ask("GET", "")
    password = visitor.simulator.password.reveal()
    visitor.ask("POST", "logon", {"token": front.token, "user": visitor.simulator.user, "password": password})
    assert visitor.ask("GET", "home").status == 403


def test_who_is_not_logged_on_is_led_to_the_logon_page(visitor):
    assert visitor.ask("GET", "reports").location == "/ccms/"


def test_a_page_nobody_has_is_not_found(visitor):
    assert visitor.ask("GET", "nowhere").status == 404
    assert visitor.ask("GET", "", path="/static/../simulator.py").status == 404


def test_one_logged_on_gets_a_new_cookie(visitor):
    visitor.ask("GET", "")
    before = dict(visitor.cookies)
    visitor.log_on()
    assert visitor.cookies != before


def test_a_second_session_of_a_user_is_refused(visitor):
    visitor.log_on()
    second = Visitor(visitor.simulator)
    front = second.ask("GET", "")
    password = visitor.simulator.password.reveal()
    said = second.ask("POST", "logon", {"token": front.token, "user": visitor.simulator.user, "password": password})
    assert "already logged on" in said.text


def test_another_user_may_log_on_beside(visitor):
    visitor.log_on()
    assert "You are logged on." in Visitor(visitor.simulator).log_on(CHECKER).text


def test_a_session_nobody_uses_ends(simulate):
    visitor = Visitor(simulate(idle_s=0.0))
    front = visitor.ask("GET", "")
    assert visitor.ask("POST", "logon", {"token": front.token, "user": "x", "password": "y"}).status == 403
    broken(visitor).clear()


def test_after_logging_off_a_page_of_the_session_wants_a_logon(visitor):
    token = visitor.log_on().token
    assert "You have logged off" in visitor.ask("POST", "logoff", {"token": token}).text
    assert visitor.ask("GET", "home").location == "/ccms/"


def test_a_maker_cannot_be_the_checker(visitor):
    visitor.log_on()
    page = visitor.ask("POST", "instruction", {"token": visitor.ask("GET", "instruction").token})
    number = str(len(visitor.simulator.terminals[Site.PRIMARY].sessions["CCMS"].instructions))
    assert visitor.ask("POST", "authorise", {"token": page.token, "number": number}).status == 403
    assert "its maker cannot be its checker" in broken(visitor)[0]
    checker = Visitor(visitor.simulator)
    checker.log_on(CHECKER)
    page = checker.ask("GET", "instruction")
    assert checker.ask("POST", "authorise", {"token": page.token, "number": number}).status == 200


def test_a_reports_link_is_good_once(visitor):
    visitor.log_on()
    links = LINK.findall(visitor.ask("GET", "reports").text)
    assert len(links) == 2
    assert visitor.ask("GET", "", path=f"/ccms/report?t={links[0]}").status == 200
    assert visitor.ask("GET", "", path=f"/ccms/report?t={links[0]}").status == 403


def test_a_link_of_an_earlier_list_is_refused(visitor):
    visitor.log_on()
    link = LINK.findall(visitor.ask("GET", "reports").text)[0]
    visitor.ask("GET", "reports")
    assert visitor.ask("GET", "", path=f"/ccms/report?t={link}").status == 403


def test_the_report_has_the_form_its_description_says(visitor):
    visitor.log_on()
    link = LINK.findall(visitor.ask("GET", "reports").text)[0]
    got = visitor.ask("GET", "", path=f"/ccms/report?t={link}")
    form = pages.read(pages.SHIPPED / "standin.toml").of("CCMS").report.form
    assert report.faults(form, [line + b"\n" for line in got.text.encode().split(b"\n") if line]) == ()
    assert "CCMDS01_20240322.txt" in got.headers["Content-Disposition"]


def test_a_closed_terminal_says_so_and_shows_no_function(visitor):
    visitor.simulator.close("CCMS")
    page = visitor.log_on()
    assert "Function not available" in unescape(page.text)
    assert 'id="functions"' not in page.text
    assert visitor.ask("GET", "enquiry").status == 403


def test_the_other_terminal_stays_open(visitor):
    visitor.simulator.close("CCMS")
    other = Visitor(visitor.simulator, terminal="ccass")
    assert 'id="functions"' in other.log_on().text


def test_both_sites_show_the_same_data(visitor):
    shown = []
    for site in Site:
        visitor = Visitor(visitor.simulator, site)
        visitor.log_on()
        text = visitor.ask("POST", "enquiry", {"token": visitor.ask("GET", "enquiry").token}).text
        shown.append(text[text.index("<table") : text.index("</table>")])
    assert shown[0] == shown[1]


def test_a_rule_that_was_broken_reaches_the_test(simulate):
    simulator = simulate()
    Visitor(simulator).ask("POST", "logon", {"user": "x"})
    with pytest.raises(LocalProtocolError, match="without a token"):
        simulator.raise_errors()
    for terminals in simulator.terminals.values():
        terminals.broken.clear()


def test_a_form_too_long_is_refused(visitor):
    assert visitor.ask("POST", "logon", {"user": "x" * 70_000}).status == 413


def test_what_is_no_http_disturbs_nobody(visitor):
    at = visitor.simulator.addresses[Site.PRIMARY]
    with socket.create_connection((at.host, at.port), 10) as rude:
        rude.sendall(b"SSH-2.0-rude\r\n" * 20)
        rude.settimeout(10)
        with suppress(ConnectionResetError):
            while rude.recv(4096):
                pass
    assert visitor.ask("GET", "").status == 200
    assert visitor.simulator.errors == []


def test_a_site_that_is_gone_refuses_and_comes_back_at_the_same_address(visitor):
    at = visitor.simulator.addresses[Site.PRIMARY]
    visitor.simulator.fail_over()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((at.host, at.port), 10)
    visitor.simulator.begin(Site.PRIMARY)
    assert visitor.ask("GET", "").status == 200


def test_nothing_listens_and_no_thread_lives_when_it_has_stopped(simulate):
    before = set(threading.enumerate())
    simulator = simulate()
    Visitor(simulator).log_on()
    idle = [socket.create_connection((at.host, at.port), 10) for at in simulator.endpoints]
    ports = [*simulator.endpoints, simulator.relay.endpoint]
    simulator.stop()
    assert set(threading.enumerate()) <= before
    for at in ports:
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((at.host, at.port), 10)
    for each in idle:
        each.close()
