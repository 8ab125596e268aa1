"""Which definition carries out a step: the nearest, and never one of two."""

from tests.scenarios import STEPS, project

pytest_plugins = ["pytester"]
__all__ = ["project"]

ONE = "Feature: f\n  Scenario: s\n    Given the door is open\n"


def says(who, phrase="'the door is open'"):
    return f"""
from pytest_bdd import given, parsers
@given({phrase})
def _():
    print("SAID BY {who}")
"""


def test_the_conftest_beside_the_feature_wins_over_one_above(project):
    project.feature(ONE, "below/try.feature")
    project.steps(says("above"))
    project.steps(says("beside"), "below/conftest.py")
    project.run("-rP", "below/try.feature").stdout.fnmatch_lines(["SAID BY beside"])


def test_a_conftest_beside_another_feature_is_out_of_sight(project):
    project.feature(ONE, "below/try.feature")
    project.feature(ONE, "aside/try.feature")
    project.steps("")
    project.steps(says("aside"), "aside/conftest.py")
    project.run("below/try.feature", "aside/try.feature").assert_outcomes(passed=1, failed=1)


def test_any_conftest_wins_over_a_plugin(project):
    project.feature(ONE)
    project.steps(says("plugin"), "vendor.py")
    project.steps(says("project"))
    project.pytester.syspathinsert()
    project.run("-p", "vendor", "-rP", "try.feature").stdout.fnmatch_lines(["SAID BY project"])


def test_a_plugin_wins_over_the_phrases_that_ship_with_the_project(project, monkeypatch):
    project.feature(ONE)
    project.steps(says("ours"), "shipped_with_us.py")
    project.steps(says("project"), "own_steps.py")
    project.steps("")
    project.pytester.syspathinsert()

    def register(config):
        config.pluginmanager.import_plugin("shipped_with_us")

    monkeypatch.setattr("pytest_hkexprt.shipped.register_steps", register)
    project.run("-p", "own_steps", "-rP", "try.feature").stdout.fnmatch_lines(["SAID BY project"])


def test_two_plugins_with_one_phrase_are_an_error_naming_both_places(project):
    project.feature(ONE)
    project.steps(says("one"), "vendor_one.py")
    project.steps(says("two"), "vendor_two.py")
    project.steps("")
    project.pytester.syspathinsert()
    result = project.run("-p", "vendor_one", "-p", "vendor_two", "try.feature")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["step 'the door is open'", "*vendor_one.py:*", "*vendor_two.py:*"])


def test_two_patterns_of_one_conftest_that_fit_one_step_are_an_error(project):
    project.feature(ONE)
    project.steps(says("one", "parsers.re('the door is .*')") + says("two", "parsers.re('the .* is open')"))
    project.run("try.feature").stdout.fnmatch_lines(["  expected: one definition"])


def test_a_definition_seen_through_two_plugins_is_still_one(project):
    project.feature(ONE)
    project.steps(says("one"), "vendor_one.py")
    project.steps("from vendor_one import *\n", "vendor_two.py")
    project.steps("")
    project.pytester.syspathinsert()
    project.run("-p", "vendor_one", "-p", "vendor_two", "try.feature").assert_outcomes(passed=1)


def test_steps_imported_into_a_conftest_are_the_conftests(project):
    project.feature(ONE)
    project.steps(says("imported"), "common.py")
    project.steps("from common import *\n")
    project.pytester.syspathinsert()
    project.run("-rP", "try.feature").stdout.fnmatch_lines(["SAID BY imported"])


def test_a_phrase_of_another_kind_does_not_fit(project):
    project.feature(ONE.replace("Given", "When"))
    project.steps(says("given"))
    result = project.run("try.feature")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*the door is open (there it is a given step)"])


def test_a_step_without_a_kind_fits_every_kind(project):
    project.feature("Feature: f\n  Scenario: s\n    Given it\n    When it\n    Then it\n")
    project.steps("from pytest_bdd import step\n@step('it')\ndef _():\n    pass\n")
    project.run("try.feature").assert_outcomes(passed=1)


def test_patterns_are_found_whatever_they_begin_with(project):
    project.feature("""
        Feature: f
          Scenario: s
            Given 5 apples are red
            And THE pears are green
            And colour or color
            And the folder holds 3 files
            And a {brace} in it
    """)
    project.steps("""
from pytest_bdd import given, parsers
@given(parsers.parse("{n:d} apples are {colour}"))
def _(n, colour):
    assert (n, colour) == (5, "red")
@given(parsers.parse("the pears are {colour}"))
def _(colour):
    assert colour == "green"
@given(parsers.re(r"colou?r or colou?r"))
def _():
    pass
@given(parsers.cfparse("the folder holds {n:Number} files", extra_types={"Number": int}))
def _(n):
    assert n == 3
@given(parsers.parse("a {{brace}} in {what}"))
def _(what):
    assert what == "it"
""")
    project.run("try.feature").assert_outcomes(passed=1)


def test_an_alternation_is_tried_whatever_the_text_begins_with(project):
    project.feature("Feature: f\n  Scenario: s\n    Given dogs bark\n")
    project.steps(
        "from pytest_bdd import given, parsers\n@given(parsers.re('cats mew|dogs bark'))\ndef _():\n    pass\n"
    )
    project.run("try.feature").assert_outcomes(passed=1)


def test_a_parser_of_the_projects_own_is_tried(project):
    project.feature("Feature: f\n  Scenario: s\n    Given yes\n")
    project.steps("""
from pytest_bdd import given, parsers
class Any(parsers.StepParser):
    def is_matching(self, name):
        return True
    def parse_arguments(self, name):
        return {"heard": name}
@given(Any("anything"))
def _(heard):
    assert heard == "yes"
""")
    project.run("try.feature").assert_outcomes(passed=1)


def test_an_argument_named_as_a_table_is_refused(project):
    project.feature("Feature: f\n  Scenario: s\n    Given a 5\n")
    project.steps(
        "from pytest_bdd import given, parsers\n@given(parsers.parse('a {datatable}'))\ndef _(datatable):\n    pass\n"
    )
    project.run("try.feature").stdout.fnmatch_lines(["  came:     datatable"])


def test_an_undefined_step_shows_the_nearest_phrase(project):
    project.feature("Feature: f\n  Scenario: s\n    Given the number 5\n    When it is dubled\n")
    project.run("try.feature").stdout.fnmatch_lines(
        ["> 4*When it is dubled", "*no phrase is defined for: When it is dubled", "*when it is doubled"]
    )


def test_what_is_to_be_pasted_for_undefined_steps_makes_them_defined(project):
    feature = """
        Feature: f
          Scenario: s
            Given the client "EP 1" sends 3 orders of 500
            When nothing {odd} comes
              | a |
    """
    project.feature(feature)
    shown = project.run("try.feature").stdout.str()
    pasted = shown[shown.index("from pytest_bdd import") : shown.index("=== short")].rpartition("\n=")[0]
    project.steps(STEPS + pasted.replace("raise NotImplementedError", "print(sorted(locals().items()))"))
    project.run("-rP", "try.feature").stdout.fnmatch_lines(
        ["*('number', 3), ('number2', 500), ('text', 'EP 1')*", "*('datatable', *['a']*"]
    )


def test_all_undefined_steps_of_a_scenario_are_told_together(project):
    project.feature("Feature: f\n  Scenario: s\n    Given this is missing\n    Then that is missing\n")
    project.run("try.feature").stdout.fnmatch_lines(
        ["> 3*this is missing", "> 4*that is missing", "*@given('this is missing')", "*@then('that is missing')"]
    )
