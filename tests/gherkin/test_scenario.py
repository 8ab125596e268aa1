"""Scenarios as they run: arguments, fixtures, outcomes, and what is told of each step."""

from tests.scenarios import LISTENER, STEPS, project

pytest_plugins = ["pytester"]
__all__ = ["project"]

THREE = """
Feature: f
  Scenario: Three
    Given one
    When two
    Then three
"""


def three(second, first="pass", third="pass"):
    """Return steps for the three, and a listener."""
    return f"""
import pytest
from pytest_bdd import given, then, when
from pytest_hkexprt.errors import Unmet, UsageFault

@given("one")
def _():
    {first}

@when("two")
def _():
    {second}

@then("three")
def _():
    {third}
{LISTENER}"""


def test_steps_run_in_order_with_the_background_first(project):
    project.feature("""
        Feature: f
          Background:
            Given zero
          Scenario: s
            When one
            Then two
    """)
    project.steps("""
from pytest_bdd import parsers, step
seen = []
@step(parsers.parse("{what}"))
def _(what):
    seen.append(what)
    assert what != "two" or seen == ["zero", "one", "two"]
""")
    project.run("try.feature").assert_outcomes(passed=1)


def test_a_passing_scenario_tells_every_step_as_passed(project):
    project.feature(THREE)
    project.steps(three("pass"))
    project.run("try.feature")
    assert project.steps_done() == ["0|passed|", "1|passed|", "2|passed|"]


def test_steps_after_a_failure_are_told_as_not_run(project):
    project.feature(THREE)
    project.steps(three('raise Unmet("the folder")'))
    project.run("try.feature").assert_outcomes(failed=1)
    assert project.steps_done() == ["0|passed|", "1|failed|the folder", "2|not run|"]


def test_an_assertion_is_a_failure(project):
    project.feature(THREE)
    project.steps(three("assert not 1, 'one'"))
    project.run("try.feature")
    assert project.steps_done()[1].startswith("1|failed|AssertionError: one")


def test_a_broken_step_function_is_an_error(project):
    project.feature(THREE)
    project.steps(three("1 / 0"))
    project.run("try.feature").assert_outcomes(failed=1)
    assert project.steps_done()[1] == "1|error|ZeroDivisionError: division by zero"


def test_a_mistake_of_the_user_is_an_error(project):
    project.feature(THREE)
    project.steps(three('raise UsageFault("hkexprt.toml")'))
    project.run("try.feature").assert_outcomes(failed=1)
    assert project.steps_done()[1] == "1|error|hkexprt.toml"


def test_a_skip_in_a_step_is_told_as_skipped_and_the_rest_as_not_run(project):
    project.feature(THREE)
    project.steps(three('pytest.skip("no line")'))
    project.run("try.feature").assert_outcomes(skipped=1)
    assert project.steps_done() == ["0|passed|", "1|skipped|no line", "2|not run|"]


def test_a_step_stopped_from_the_keyboard_is_closed(project):
    project.feature(THREE)
    project.steps(three("raise KeyboardInterrupt"))
    project.run_apart("try.feature")
    assert project.steps_done() == ["0|passed|", "1|error|stopped from the keyboard", "2|not run|"]


def test_an_undefined_step_keeps_all_others_from_running(project):
    project.feature(THREE.replace("Then three", "Then four"))
    project.steps(three("pass", first="raise SystemError"))
    project.run("try.feature").assert_outcomes(failed=1)
    assert [each.rpartition("|")[0] for each in project.steps_done()] == ["0|not run", "1|not run", "2|error"]


def test_target_fixture_hands_a_value_to_later_steps(project):
    project.feature("""
        Feature: f
          Scenario: s
            Given the number 5
            When it is doubled
            Then it is 10
    """)
    project.run("try.feature").assert_outcomes(passed=1)


def test_target_fixture_replaces_a_fixture_already_in_use(project):
    project.feature("""
        Feature: f
          Scenario: s
            Given the word is old
            When it becomes new
            Then the word is new
    """)
    project.steps("""
import pytest
from pytest_bdd import parsers, step
@pytest.fixture
def word():
    return "old"
@step(parsers.parse("the word is {expected}"))
def _(word, request, expected):
    assert word == request.getfixturevalue("word") == expected
@step("it becomes new", target_fixture="word")
def _():
    return "new"
""")
    project.run("try.feature").assert_outcomes(passed=1)


def test_target_fixture_leaves_a_session_fixture_as_it_was_for_the_next_scenario(project):
    project.feature("""
        Feature: f
          Scenario: First
            Given the word is old
            When it becomes new
            Then the word is new
          Scenario: Second
            Given the word is old
    """)
    project.steps("""
import pytest
from pytest_bdd import parsers, step
@pytest.fixture(scope="session")
def word():
    return "old"
@step(parsers.parse("the word is {expected}"))
def _(word, expected):
    assert word == expected
@step("it becomes new", target_fixture="word")
def _():
    return "new"
""")
    project.run("try.feature").assert_outcomes(passed=2)


def test_target_fixture_reaches_fixtures_asked_for_later(project):
    project.feature("""
        Feature: f
          Scenario: s
            Given a word
            Then it is shouted
    """)
    project.steps("""
import pytest
from pytest_bdd import given, then
@pytest.fixture
def shouted(word):
    return word.upper()
@given("a word", target_fixture="word")
def _():
    return "hush"
@then("it is shouted")
def _(shouted):
    assert shouted == "HUSH"
""")
    project.run("try.feature").assert_outcomes(passed=1)


def test_a_step_that_yields_is_torn_down_after_the_scenario(project):
    project.feature(THREE)
    project.steps("""
from pytest_bdd import given, then, when
open_doors = []
@given("one")
def _():
    open_doors.append(1)
    yield
    print("closed after", len(open_doors))
@when("two")
def _():
    pass
@then("three")
def _():
    open_doors.append(3)
""")
    project.run("-rP", "try.feature").stdout.fnmatch_lines(["*teardown*", "closed after 2"])


def test_a_step_that_yields_gives_what_it_yields(project):
    project.feature("Feature: f\n  Scenario: s\n    Given a door\n    Then it is open\n")
    project.steps("""
from pytest_bdd import given, then
@given("a door", target_fixture="door")
def _():
    yield "open"
@then("it is open")
def _(door):
    assert door == "open"
""")
    project.run("try.feature").assert_outcomes(passed=1)


def test_an_async_step_fails_instead_of_passing_unawaited(project):
    project.feature("Feature: f\n  Scenario: s\n    Given a wait\n")
    project.steps("from pytest_bdd import given\n@given('a wait')\nasync def _():\n    pass\n")
    result = project.run("try.feature")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*came:*an async one, which nobody awaits"])


def test_tables_and_doc_strings_reach_the_step(project):
    project.feature('''
        Feature: f
          Scenario: s
            Given a table
              | name  | size |
              | TP001 | 5    |
            And a text
              """
              two
                lines
              """
    ''')
    project.steps("""
from pytest_bdd import given
@given("a table")
def _(datatable):
    assert datatable == [["name", "size"], ["TP001", "5"]]
@given("a text")
def _(docstring):
    assert docstring == "two\\n  lines"
""")
    project.run("try.feature").assert_outcomes(passed=1)


def test_converters_are_asked_anew_for_every_scenario(project):
    project.feature("""
        Feature: f
          Scenario: First
            Given a list of 1
          Scenario: Second
            Given a list of 1
    """)
    project.steps("""
from pytest_bdd import given, parsers
@given(parsers.parse("a list of {items}"), converters={"items": lambda text: [text]})
def _(items):
    items.append("more")
    assert len(items) == 2
""")
    project.run("try.feature").assert_outcomes(passed=2)


def test_what_a_pattern_builds_is_not_shared_between_scenarios(project):
    project.feature("""
        Feature: f
          Scenario: First
            Given a list of a,b
          Scenario: Second
            Given a list of a,b
    """)
    project.steps("""
from pytest_bdd import given, parsers
@given(parsers.parse("a list of {items:List}", extra_types={"List": lambda text: text.split(",")}))
def _(items):
    items.append("c")
    assert len(items) == 3
""")
    project.run("try.feature").assert_outcomes(passed=2)


def test_a_default_of_the_step_function_stands_where_the_phrase_gives_nothing(project):
    project.feature("Feature: f\n  Scenario: s\n    Given a number\n")
    project.steps("""
from pytest_bdd import given, parsers
@given(parsers.re("a number(?P<unused>)"))
def _(n=7):
    assert n == 7
""")
    project.run("try.feature").assert_outcomes(passed=1)


def test_a_fixture_that_does_not_exist_names_the_step_function(project):
    project.feature("Feature: f\n  Scenario: s\n    Given a thing\n")
    project.steps("from pytest_bdd import given\n@given('a thing')\ndef _(thign):\n    pass\n")
    project.run("try.feature").stdout.fnmatch_lines(
        ["*conftest.py:*", "  expected: 'thign' to be a fixture, or an argument in the phrase"]
    )


def test_a_module_fixture_lives_as_long_as_the_file(project):
    project.feature("Feature: f\n  Scenario: a\n    Given one\n  Scenario: b\n    Given one\n")
    project.steps("""
import pytest
from pytest_bdd import given
made = []
@pytest.fixture(scope="module")
def costly():
    made.append(1)
@given("one")
def _(costly):
    assert made == [1]
""")
    project.run("try.feature").assert_outcomes(passed=2)


def test_autouse_fixtures_of_the_conftest_apply(project):
    project.feature("Feature: f\n  Scenario: a\n    Given one\n")
    project.steps("""
import pytest
from pytest_bdd import given
ready = []
@pytest.fixture(autouse=True)
def always():
    ready.append(1)
@given("one")
def _():
    assert ready
""")
    project.run("try.feature").assert_outcomes(passed=1)


def test_the_hooks_of_pytest_bdd_are_called_where_somebody_listens(project):
    project.feature("""
        Feature: Hooks
          Background:
            Given the number 5
          Scenario Outline: Doubled <to>
            When it is doubled
            Then it is <to>
            Examples:
              | to |
              | 11 |
    """)
    project.steps(
        STEPS
        + """
told = []
def pytest_bdd_before_scenario(feature, scenario):
    told.append(("scenario", feature.name, scenario.name))
def pytest_bdd_before_step_call(step, step_func_args):
    told.append((step.keyword, step.name, sorted(step_func_args)))
def pytest_bdd_after_step(step):
    told.append(("passed", step.line_number))
def pytest_bdd_step_error(step, exception):
    told.append(("failed", step.line_number, type(exception).__name__))
def pytest_bdd_after_scenario():
    assert told == [
        ("scenario", "Hooks", "Doubled 11"),
        ("Given", "the number 5", ["n"]), ("passed", 3),
        ("When", "it is doubled", ["number"]), ("passed", 5),
        ("Then", "it is 11", ["n", "number"]), ("failed", 6, "AssertionError"),
    ], told
    print("ALL TOLD")
"""
    )
    project.run("try.feature").stdout.fnmatch_lines(["ALL TOLD"])


def test_pytest_bdds_hook_is_told_of_an_undefined_step(project):
    project.feature("Feature: f\n  Scenario: s\n    Given the unheard of\n")
    project.steps("def pytest_bdd_step_func_lookup_error(step):\n    print('UNKNOWN', step.name)\n")
    project.run("try.feature").stdout.fnmatch_lines(["UNKNOWN the unheard of"])


def test_pytest_bdds_gherkin_reporter_shows_the_scenario(project):
    project.feature(THREE)
    project.steps(three("pass"))
    project.run("--gherkin-terminal-reporter", "-vv", "try.feature").stdout.fnmatch_lines(
        ["Feature: f", "*Scenario: Three", "*Given one", "*When two", "*Then three", "*PASSED"]
    )


def test_pytest_bdds_cucumber_json_holds_the_scenario(project):
    project.feature(THREE)
    project.steps(three("pass"))
    project.run("--cucumber-json=out.json", "try.feature")
    assert '"name": "Three"' in (project.path / "out.json").read_text()
