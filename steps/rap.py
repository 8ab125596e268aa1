"""Phrases of RAP: a participant retrieves its reports."""

# Fixtures are known by name here, as steps may not know a system's insides; so their types are not written.
# mypy: allow-untyped-defs, allow-untyped-calls

from pytest_bdd import given, parsers, then, when


@given("the SFTP connection points to the site's addresses")
def sftp_points_to_the_site(rap_visit):
    rap_visit.connect()
    rap_visit.check_addresses()


@when("the participant logs in with its User ID and SSH key")
def participant_logs_in(rap_visit):
    rap_visit.login()


@then("the number of files is unchanged from the last business date")
def files_are_unchanged(rap_visit, rap_baseline):
    rap_visit.check_unchanged(rap_baseline)


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
