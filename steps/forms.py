"""Phrases of registrations and forms: what a participant declares to have sent."""

# Fixtures are known by name here, as steps may not know a system's insides; so their types are not written.
# mypy: allow-untyped-defs, allow-untyped-calls

from pytest_bdd import parsers, then


@then("the participant's registration was made before its deadline")
@then("參與者已在限期前登記")
def registration_was_made_in_time(forms_returns):
    forms_returns.check_registered()


@then(parsers.parse("the {form} was returned before its deadline"))
@then(parsers.parse("{form} 已在限期前交回"))
def form_was_returned_in_time(forms_returns, form):
    forms_returns.check_returned(form)
