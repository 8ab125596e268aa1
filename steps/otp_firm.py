"""Phrases of OTP-C for two sessions of one firm: one cancels for the other, and they report a trade between them."""

# Fixtures are known by name here, as steps may not know a system's insides; so their types are not written.
# mypy: allow-untyped-defs, allow-untyped-calls

from pytest_bdd import then, when


@when("the participant logs in to OTP-C with two sessions of the firm")
@when("參與者以公司的兩個連線登入 OTP-C")
def participant_logs_in_twice(otp_visits):
    otp_visits.of("OTP-C").logon_two()


@when("the second session cancels an order on behalf of the first")
@when("第二個連線代第一個連線取消買賣盤")
def second_session_cancels(otp_visits):
    otp_visits.of("OTP-C").cancel_on_behalf()


@then("both sessions are told of the cancel")
@then("兩個連線均獲通知該取消")
def both_are_told(otp_visits):
    otp_visits.of("OTP-C").check_on_behalf()


@when("the first session reports a trade with the second")
@when("第一個連線申報與第二個連線的交易")
def trade_is_reported(otp_visits):
    otp_visits.of("OTP-C").report_trade()


@then("the trade waits for the second session's word")
@then("該交易等候第二個連線確認")
def trade_waits(otp_visits):
    otp_visits.of("OTP-C").check_reported()


@when("the second session confirms the trade")
@when("第二個連線確認該交易")
def trade_is_confirmed(otp_visits):
    otp_visits.of("OTP-C").confirm_trade()


@then("both sessions are told that the trade stands")
@then("兩個連線均獲通知該交易成立")
def trade_stands(otp_visits):
    otp_visits.of("OTP-C").check_dealt()
