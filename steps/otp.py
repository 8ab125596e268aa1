"""Phrases of OTP-C and OTP-CSC: a participant logs in, trades a day where it may, and logs out."""

# Fixtures are known by name here, as steps may not know a system's insides; so their types are not written.
# mypy: allow-untyped-defs, allow-untyped-calls

from pytest_bdd import given, parsers, then, when


@given(parsers.re(r"the (?P<gateway>OTP-C|OTP-CSC) gateway of the session's site is looked up"))
@given(parsers.re(r"已查找時段所屬中心的 (?P<gateway>OTP-C|OTP-CSC) 閘道"))
def gateway_is_looked_up(otp_visits, gateway):
    otp_visits.of(gateway).look_up()


@given(parsers.parse("the participant speaks {protocol} to the OTP-C gateway of the session's site"))
@given(parsers.parse("參與者以 {protocol} 協議與時段所屬中心的 OTP-C 閘道通訊"))
def participant_speaks(otp_visits, protocol):
    otp_visits.speak(protocol)
    otp_visits.of("OTP-C").look_up()


@when(parsers.re(r"the participant logs in to (?P<gateway>OTP-C|OTP-CSC)"))
@when(parsers.re(r"參與者登入 (?P<gateway>OTP-C|OTP-CSC) 閘道"))
def participant_logs_in(otp_visits, gateway):
    otp_visits.of(gateway).logon()


@then(parsers.re(r"(?P<gateway>OTP-C|OTP-CSC) says that the session is active"))
@then(parsers.re(r"(?P<gateway>OTP-C|OTP-CSC) 表示連線時段有效"))
def session_is_active(otp_visits, gateway):
    otp_visits.of(gateway).check_active()


@when(parsers.re(r"the participant logs out of (?P<gateway>OTP-C|OTP-CSC)"))
@when(parsers.re(r"參與者登出 (?P<gateway>OTP-C|OTP-CSC) 閘道"))
def participant_logs_out(otp_visits, gateway):
    otp_visits.of(gateway).logout()


@then(parsers.re(r"the (?P<gateway>OTP-C|OTP-CSC) session is closed on both sides"))
@then(parsers.re(r"(?P<gateway>OTP-C|OTP-CSC) 的連線時段已由雙方關閉"))
def session_is_closed(otp_visits, gateway):
    otp_visits.of(gateway).check_closed()


@then("nothing but session messages was sent")
@then("除連線時段本身的訊息外沒有送出任何訊息")
def nothing_but_session_messages(otp_visits):
    otp_visits.of("OTP-CSC").check_login_only()


@when("the participant enters an order, amends it and cancels it")
@when("參與者輸入一個買賣盤，修改後取消")
def order_from_entry_to_cancel(otp_visits):
    visit = otp_visits.of("OTP-C")
    visit.enter()
    visit.amend_down()
    visit.amend_up()
    visit.cancel()


@then("each request is confirmed, and the order is no longer in the book")
@then("每項要求均獲確認，該買賣盤不再留於買賣盤簿")
def each_request_is_confirmed(otp_visits):
    otp_visits.of("OTP-C").check_confirmed()


@when("the participant trades")
@when("參與者進行交易")
@when("two of the participant's orders cross")
@when("參與者的兩個買賣盤互相成交")
def participant_trades(otp_visits):
    otp_visits.of("OTP-C").trade()


@then("the execution is reported on the trading and the drop-copy session")
@then("成交於交易及抄送連線均有回報")
def execution_is_reported(otp_visits):
    otp_visits.of("OTP-C").check_executions()


@when("the participant asks OTP-C for its throttle and its entitlements")
@when("參與者向 OTP-C 查詢其流量限額及權限")
def participant_asks(otp_visits):
    otp_visits.of("OTP-C").ask()


@then("OTP-C has told both")
@then("OTP-C 已答覆兩者")
def both_were_told(otp_visits):
    otp_visits.of("OTP-C").check_told()


@when("the participant enters a limit order")
@when("參與者輸入一個限價盤")
def participant_enters_an_order(otp_visits):
    otp_visits.of("OTP-C").enter()


@then("OTP-C accepts the order")
@then("OTP-C 接納該買賣盤")
@then("OTP-C accepts the odd lot")
@then("OTP-C 接納該碎股盤")
def order_is_accepted(otp_visits):
    otp_visits.of("OTP-C").check_accepted()


@when("the order's quantity is amended down")
@when("調低買賣盤的數量")
def amended_down(otp_visits):
    otp_visits.of("OTP-C").amend_down()


@then("the order keeps its OrderID")
@then("買賣盤的 OrderID 不變")
def keeps_its_id(otp_visits):
    otp_visits.of("OTP-C").check_same_id()


@when("the order's quantity is amended up")
@when("調高買賣盤的數量")
def amended_up(otp_visits):
    otp_visits.of("OTP-C").amend_up()


@then("the order has a new OrderID")
@then("買賣盤有新的 OrderID")
def has_a_new_id(otp_visits):
    otp_visits.of("OTP-C").check_new_id()


@when("the participant cancels the order")
@when("參與者取消該買賣盤")
def participant_cancels(otp_visits):
    otp_visits.of("OTP-C").cancel()


@then("the order is cancelled")
@then("該買賣盤已取消")
def order_is_cancelled(otp_visits):
    otp_visits.of("OTP-C").check_cancelled()


@then("both are traded in full")
@then("兩者均全數成交")
def both_are_traded(otp_visits):
    otp_visits.of("OTP-C").check_executions()


@when("an order meets a part of its quantity")
@when("一個買賣盤只遇上部分數量的對手盤")
def order_meets_a_part(otp_visits):
    otp_visits.of("OTP-C").trade_in_part()


@then("it is filled in part, and the rest is in the book")
@then("它部分成交，餘額留於買賣盤簿")
def filled_in_part(otp_visits):
    otp_visits.of("OTP-C").check_in_part()


@when("the participant enters an odd lot")
@when("參與者輸入一個碎股盤")
def participant_enters_an_odd_lot(otp_visits):
    otp_visits.of("OTP-C").enter_odd()


@when("the participant quotes both sides")
@when("參與者作雙邊報價")
def participant_quotes(otp_visits):
    otp_visits.of("OTP-C").quote()


@then("each side of the quote is an order of its own")
@then("報價的每一邊各為一個買賣盤")
def quote_is_two_orders(otp_visits):
    otp_visits.of("OTP-C").check_quoted()


@when("the participant cancels all its orders")
@when("參與者取消其所有買賣盤")
def participant_cancels_all(otp_visits):
    otp_visits.of("OTP-C").cancel_all()


@then("the mass cancel is reported, and no order is left in the book")
@then("大量取消已有回報，買賣盤簿再無其買賣盤")
def no_order_is_left(otp_visits):
    otp_visits.of("OTP-C").check_all_cancelled()


@when("the participant enters an order that breaks a rule on purpose")
@when("參與者故意輸入一個違規的買賣盤")
def participant_breaks_a_rule(otp_visits):
    otp_visits.of("OTP-C").break_a_rule()


@then("OTP-C rejects it with a documented code")
@then("OTP-C 以文件所載的代碼拒絕")
def order_is_rejected(otp_visits):
    otp_visits.of("OTP-C").check_rejected()


@when(parsers.re(r"the (?P<gateway>OTP-C|OTP-CSC) session is kept for (?P<heartbeats>\d+) heartbeats?"))
@when(parsers.re(r"(?P<gateway>OTP-C|OTP-CSC) 的連線時段維持 (?P<heartbeats>\d+) 次心跳"))
def session_is_kept(otp_visits, gateway, heartbeats):
    otp_visits.of(gateway).keep(int(heartbeats))


@then(parsers.re(r"each side of (?P<gateway>OTP-C|OTP-CSC) has heard the other's heartbeat"))
@then(parsers.re(r"(?P<gateway>OTP-C|OTP-CSC) 的雙方均已收到對方的心跳"))
def heartbeats_were_heard(otp_visits, gateway):
    otp_visits.of(gateway).check_kept()


@when("the connection is cut with reports under way")
@when("連線在回報途中被切斷")
def connection_is_cut(otp_visits):
    otp_visits.of("OTP-C").cut()


@when("the participant reconnects as the documents prescribe")
@when("參與者按文件所訂重新連線")
def participant_reconnects(otp_visits):
    otp_visits.of("OTP-C").reconnect()


@then("every report that was missed is recovered once")
@then("每個錯過的回報均已補回一次")
def reports_are_recovered(otp_visits):
    otp_visits.of("OTP-C").check_recovered()


@then("the books of both sides agree")
@then("雙方的買賣盤簿一致")
def books_agree(otp_visits):
    otp_visits.of("OTP-C").check_books()


@given(parsers.re(r"the participant is logged in to (?P<gateway>OTP-C|OTP-CSC) at the primary site"))
@given(parsers.re(r"參與者已在主要中心登入 (?P<gateway>OTP-C|OTP-CSC) 閘道"))
def participant_is_logged_in(otp_visits, gateway):
    otp_visits.of(gateway).begin()


@when(parsers.re(r"(?P<gateway>OTP-C|OTP-CSC) fails over to the backup site"))
@when(parsers.re(r"(?P<gateway>OTP-C|OTP-CSC) 轉移至後備中心"))
def gateway_fails_over(otp_visits, gateway):
    otp_visits.of(gateway).fail_over()


@then("the participant's connection to the primary site is lost")
@then("參與者與主要中心的連線中斷")
def connection_is_lost(otp_visits):
    otp_visits.last.check_lost()


@when(parsers.re(r"the participant looks the (?P<gateway>OTP-C|OTP-CSC) gateway up again and logs in"))
@when(parsers.re(r"參與者再次查找 (?P<gateway>OTP-C|OTP-CSC) 閘道並登入"))
def participant_looks_up_again(otp_visits, gateway):
    otp_visits.of(gateway).find_again()


@then(parsers.re(r"(?P<gateway>OTP-C|OTP-CSC) is served by the backup site"))
@then(parsers.re(r"(?P<gateway>OTP-C|OTP-CSC) 由後備中心提供服務"))
def served_by_the_backup_site(otp_visits, gateway):
    otp_visits.of(gateway).check_site()


@then("no message of the session is missing")
@then("連線時段沒有缺失任何訊息")
def no_message_is_missing(otp_visits):
    otp_visits.last.check_nothing_lost()
