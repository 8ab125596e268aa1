"""Phrases of RAP: a participant retrieves its reports."""

# Fixtures are known by name here, as steps may not know a system's insides; so their types are not written.
# mypy: allow-untyped-defs, allow-untyped-calls

from pytest_bdd import given, parsers, then, when


@given("the SFTP connection points to the site's addresses")
@given("SFTP 連線指向時段所屬中心的地址")
def sftp_points_to_the_site(rap_visit, rap_downloader, hkex_site):
    rap_downloader.look_before(hkex_site)
    rap_visit.connect()
    rap_visit.check_addresses()


@when("the participant logs in with its User ID and SSH key")
@when("參與者以用戶編號及 SSH 密鑰登入")
def participant_logs_in(rap_visit):
    rap_visit.login()


@then("the number of files is unchanged from the last business date")
@then("檔案數目與上一營業日相同")
def files_are_unchanged(rap_visit, rap_baseline):
    rap_visit.check_unchanged(rap_baseline)


@then("production reports are available")
@then("可見到正式的報告")
def production_reports_are_available(rap_visit):
    rap_visit.check_available()


@when(parsers.parse("the participant downloads {reports}"))
@when(parsers.parse("參與者下載 {reports}"))
def participant_downloads(rap_visit, reports):
    rap_visit.download(reports)


@then("each download matches the folder's listing")
@then("每個下載的檔案與資料夾清單相符")
def downloads_match_the_listing(rap_visit):
    rap_visit.check_downloads()


@when("the participant logs out")
@when("參與者登出")
def participant_logs_out(rap_visit):
    rap_visit.logout()


@then("the connection is closed on both sides")
@then("雙方均已關閉連線")
def connection_is_closed_on_both_sides(rap_visit):
    rap_visit.check_closed()


@then("the folder of the last session holds what that of the session before held")
@then("最後時段的資料夾與前一時段所見相同")
def both_sites_hold_the_same(rap_comparison):
    rap_comparison.check_same()


@then("the participant's own downloader is left with the primary addresses")
@then("參與者自己的下載程式保留主要中心的地址")
def downloader_is_left_with_the_primary_addresses(rap_downloader):
    rap_downloader.check_production()


@when("the participant backs up every report of each business date")
@when("參與者備份每個營業日的所有報告")
def participant_backs_up_every_day(rap_backups):
    rap_backups.every_day()


@then("every business date of the period so far has a complete back-up")
@then("期內至今每個營業日均有完整備份")
def every_date_has_its_back_up(rap_backups):
    rap_backups.check_complete()


@given("the participant has backed up the reports of the day")
@given("參與者已備份當日的報告")
@when("the participant backs up the reports of the day again")
@when("參與者再次備份當日的報告")
def participant_backs_up(rap_backups):
    rap_backups.once()


@then("only what has changed was transferred, and the rest was proven by digest")
@then("只傳送有改變的報告，其餘以摘要核實")
def only_changes_were_transferred(rap_backups):
    rap_backups.check_second_run()


@then("the SSH key is the one in use before the period")
@then("SSH 密鑰與穩定期前所用的相同")
def key_is_the_one_before(rap_visit, rap_baseline):
    rap_visit.check_key(rap_baseline)
