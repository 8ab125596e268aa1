"""Phrases of NAME."""

# Fixtures are known by name here, as steps may not know a system's insides; so their types are not written.
# mypy: allow-untyped-defs, allow-untyped-calls

from pytest_bdd import parsers, then, when


@when(parsers.parse("the participant asks NAME for {word}"))
def participant_asks(NAME_visit, word):
    NAME_visit.ask(word)


@then(parsers.parse("NAME answers {word}"))
def service_answers(NAME_visit, word):
    NAME_visit.check_answer(word)
