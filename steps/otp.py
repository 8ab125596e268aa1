"""Phrases of OTP-C and OTP-CSC: a participant logs in, trades a day where it may, and logs out."""

# Fixtures are known by name here, as steps may not know a system's insides; so their types are not written.
# mypy: allow-untyped-defs, allow-untyped-calls

from pytest_bdd import given, parsers, then, when


@given(parsers.re(r"the (?P<gateway>OTP-C|OTP-CSC) gateway of the session's site is looked up"))
def gateway_is_looked_up(otp_visits, gateway):
    otp_visits.of(gateway).look_up()


@given(parsers.parse("the participant speaks {protocol} to the OTP-C gateway of the session's site"))
def participant_speaks(otp_visits, protocol):
    otp_visits.speak(protocol)
    otp_visits.of("OTP-C").look_up()


@when(parsers.re(r"the participant logs in to (?P<gateway>OTP-C|OTP-CSC)"))
def participant_logs_in(otp_visits, gateway):
    otp_visits.of(gateway).logon()


@then(parsers.re(r"(?P<gateway>OTP-C|OTP-CSC) says that the session is active"))
def session_is_active(otp_visits, gateway):
    otp_visits.of(gateway).check_active()


@when(parsers.re(r"the participant logs out of (?P<gateway>OTP-C|OTP-CSC)"))
def participant_logs_out(otp_visits, gateway):
    otp_visits.of(gateway).logout()


@then(parsers.re(r"the (?P<gateway>OTP-C|OTP-CSC) session is closed on both sides"))
def session_is_closed(otp_visits, gateway):
    otp_visits.of(gateway).check_closed()


@then("nothing but session messages was sent")
def nothing_but_session_messages(otp_visits):
    otp_visits.of("OTP-CSC").check_login_only()


@when("the participant enters an order, amends it and cancels it")
def order_from_entry_to_cancel(otp_visits):
    visit = otp_visits.of("OTP-C")
    visit.enter()
    visit.amend_down()
    visit.amend_up()
    visit.cancel()


@then("each request is confirmed, and the order is no longer in the book")
def each_request_is_confirmed(otp_visits):
    otp_visits.of("OTP-C").check_confirmed()


@when("the participant trades")
@when("two of the participant's orders cross")
def participant_trades(otp_visits):
    otp_visits.of("OTP-C").trade()


@then("the execution is reported on the trading and the drop-copy session")
def execution_is_reported(otp_visits):
    otp_visits.of("OTP-C").check_executions()


@when("the participant asks OTP-C for its throttle and its entitlements")
def participant_asks(otp_visits):
    otp_visits.of("OTP-C").ask()


@then("OTP-C has told both")
def both_were_told(otp_visits):
    otp_visits.of("OTP-C").check_told()


@when("the participant enters a limit order")
def participant_enters_an_order(otp_visits):
    otp_visits.of("OTP-C").enter()


@then("OTP-C accepts the order")
@then("OTP-C accepts the odd lot")
def order_is_accepted(otp_visits):
    otp_visits.of("OTP-C").check_accepted()


@when("the order's quantity is amended down")
def amended_down(otp_visits):
    otp_visits.of("OTP-C").amend_down()


@then("the order keeps its OrderID")
def keeps_its_id(otp_visits):
    otp_visits.of("OTP-C").check_same_id()


@when("the order's quantity is amended up")
def amended_up(otp_visits):
    otp_visits.of("OTP-C").amend_up()


@then("the order has a new OrderID")
def has_a_new_id(otp_visits):
    otp_visits.of("OTP-C").check_new_id()


@when("the participant cancels the order")
def participant_cancels(otp_visits):
    otp_visits.of("OTP-C").cancel()


@then("the order is cancelled")
def order_is_cancelled(otp_visits):
    otp_visits.of("OTP-C").check_cancelled()


@then("both are traded in full")
def both_are_traded(otp_visits):
    otp_visits.of("OTP-C").check_executions()


@when("an order meets a part of its quantity")
def order_meets_a_part(otp_visits):
    otp_visits.of("OTP-C").trade_in_part()


@then("it is filled in part, and the rest is in the book")
def filled_in_part(otp_visits):
    otp_visits.of("OTP-C").check_in_part()


@when("the participant enters an odd lot")
def participant_enters_an_odd_lot(otp_visits):
    otp_visits.of("OTP-C").enter_odd()


@when("the participant quotes both sides")
def participant_quotes(otp_visits):
    otp_visits.of("OTP-C").quote()


@then("each side of the quote is an order of its own")
def quote_is_two_orders(otp_visits):
    otp_visits.of("OTP-C").check_quoted()


@when("the participant cancels all its orders")
def participant_cancels_all(otp_visits):
    otp_visits.of("OTP-C").cancel_all()


@then("the mass cancel is reported, and no order is left in the book")
def no_order_is_left(otp_visits):
    otp_visits.of("OTP-C").check_all_cancelled()


@when("the participant enters an order that breaks a rule on purpose")
def participant_breaks_a_rule(otp_visits):
    otp_visits.of("OTP-C").break_a_rule()


@then("OTP-C rejects it with a documented code")
def order_is_rejected(otp_visits):
    otp_visits.of("OTP-C").check_rejected()


@when(parsers.re(r"the (?P<gateway>OTP-C|OTP-CSC) session is kept for (?P<heartbeats>\d+) heartbeats?"))
def session_is_kept(otp_visits, gateway, heartbeats):
    otp_visits.of(gateway).keep(int(heartbeats))


@then(parsers.re(r"each side of (?P<gateway>OTP-C|OTP-CSC) has heard the other's heartbeat"))
def heartbeats_were_heard(otp_visits, gateway):
    otp_visits.of(gateway).check_kept()


@when("the connection is cut with reports under way")
def connection_is_cut(otp_visits):
    otp_visits.of("OTP-C").cut()


@when("the participant reconnects as the documents prescribe")
def participant_reconnects(otp_visits):
    otp_visits.of("OTP-C").reconnect()


@then("every report that was missed is recovered once")
def reports_are_recovered(otp_visits):
    otp_visits.of("OTP-C").check_recovered()


@then("the books of both sides agree")
def books_agree(otp_visits):
    otp_visits.of("OTP-C").check_books()


@when("the participant logs in to OTP-C with two sessions of the firm")
def participant_logs_in_twice(otp_visits):
    otp_visits.of("OTP-C").logon_two()


@when("the second session cancels an order on behalf of the first")
def second_session_cancels(otp_visits):
    otp_visits.of("OTP-C").cancel_on_behalf()


@then("both sessions are told of the cancel")
def both_are_told(otp_visits):
    otp_visits.of("OTP-C").check_on_behalf()


@given(parsers.re(r"the participant is logged in to (?P<gateway>OTP-C|OTP-CSC) at the primary site"))
def participant_is_logged_in(otp_visits, gateway):
    otp_visits.of(gateway).begin()


@when(parsers.re(r"(?P<gateway>OTP-C|OTP-CSC) fails over to the backup site"))
def gateway_fails_over(otp_visits, gateway):
    otp_visits.of(gateway).fail_over()


@then("the participant's connection to the primary site is lost")
def connection_is_lost(otp_visits):
    otp_visits.last.check_lost()


@when(parsers.re(r"the participant looks the (?P<gateway>OTP-C|OTP-CSC) gateway up again and logs in"))
def participant_looks_up_again(otp_visits, gateway):
    otp_visits.of(gateway).find_again()


@then(parsers.re(r"(?P<gateway>OTP-C|OTP-CSC) is served by the backup site"))
def served_by_the_backup_site(otp_visits, gateway):
    otp_visits.of(gateway).check_site()


@then("no message of the session is missing")
def no_message_is_missing(otp_visits):
    otp_visits.last.check_nothing_lost()
