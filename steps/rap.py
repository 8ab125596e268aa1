"""Phrases of RAP: a participant retrieves its reports."""

# Fixtures are known by name here, as steps may not know a system's insides; so their types are not written.
# mypy: allow-untyped-defs, allow-untyped-calls

from pytest_bdd import given, parsers, then, when


@given("the SFTP connection points to the site's addresses")
def sftp_points_to_the_site(rap_visit, rap_downloader, hkex_site):
    rap_downloader.look_before(hkex_site)
    rap_visit.connect()
    rap_visit.check_addresses()


@when("the participant logs in with its User ID and SSH key")
def participant_logs_in(rap_visit):
    rap_visit.login()


@then("the number of files is unchanged from the last business date")
def files_are_unchanged(rap_visit, rap_baseline):
    rap_visit.check_unchanged(rap_baseline)


@then("production reports are available")
def production_reports_are_available(rap_visit):
    rap_visit.check_available()


@when(parsers.parse("the participant downloads {reports}"))
def participant_downloads(rap_visit, reports):
    rap_visit.download(reports)


@then("each download matches the folder's listing")
def downloads_match_the_listing(rap_visit):
    rap_visit.check_downloads()


@when("the participant logs out")
def participant_logs_out(rap_visit):
    rap_visit.logout()


@then("the connection is closed on both sides")
def connection_is_closed_on_both_sides(rap_visit):
    rap_visit.check_closed()


@then("the folder of the last session holds what that of the session before held")
def both_sites_hold_the_same(rap_comparison):
    rap_comparison.check_same()


@then("the participant's own downloader is left with the primary addresses")
def downloader_is_left_with_the_primary_addresses(rap_downloader):
    rap_downloader.check_production()


@when("the participant backs up every report of each business date")
def participant_backs_up_every_day(rap_backups):
    rap_backups.every_day()


@then("every business date of the period so far has a complete back-up")
def every_date_has_its_back_up(rap_backups):
    rap_backups.check_complete()


@given("the participant has backed up the reports of the day")
@when("the participant backs up the reports of the day again")
def participant_backs_up(rap_backups):
    rap_backups.once()


@then("only what has changed was transferred, and the rest was proven by digest")
def only_changes_were_transferred(rap_backups):
    rap_backups.check_second_run()


@then("the SSH key is the one in use before the period")
def key_is_the_one_before(rap_visit, rap_baseline):
    rap_visit.check_key(rap_baseline)
