"""A feature file as values: steps with backgrounds and rows worked in, and what a line stands for."""

import textwrap

import pytest

from pytest_hkexprt.gherkin.reading import read

FULL = """
    @feature-tag
    Feature: Everything
      What it is about.

      Background:
        Given a base

      @own
      Scenario: Plain
        When it runs
        And it runs on
        Then it ends

      Scenario Outline: Rows of <n>
        Given the number <n>
          | n   |
          | <n> |
        Then it says
          \"\"\"
          <n> and <b>
          \"\"\"
        Examples: small
          | n | b |
          | 1 | x |
        @big
        Examples: large
          | n  | b |
          | 10 | y |

      @rule-tag
      Rule: A rule
        Background:
          Given a rule's base

        Scenario: Ruled
          When it rules
"""


@pytest.fixture
def parsed(tmp_path):
    def parsed(text, encoding="utf-8"):
        path = tmp_path / "try.feature"
        path.write_text(textwrap.dedent(text).lstrip("\n"), encoding=encoding)
        return read(path)

    return parsed


@pytest.fixture
def full(parsed):
    return parsed(FULL)


def test_scenarios_stand_in_file_order_with_a_scenario_for_each_row(full):
    assert [(each.name, each.row) for each in full.scenarios] == [
        ("Plain", 0),
        ("Rows of <n>", 1),
        ("Rows of <n>", 2),
        ("Ruled", 0),
    ]


def test_the_background_comes_first(full):
    assert [step.text for step in full.scenarios[0].steps] == ["a base", "it runs", "it runs on", "it ends"]


def test_a_rules_background_follows_the_features(full):
    assert [step.text for step in full.scenarios[3].steps] == ["a base", "a rule's base", "it rules"]


def test_a_step_says_whether_a_background_has_it(full):
    ruled = full.scenarios[-1]
    assert [(step.text, step.background) for step in ruled.steps] == [
        ("a base", True), ("a rule's base", True), ("it rules", False),
    ]  # fmt: skip


def test_a_row_keeps_what_is_the_backgrounds(full):
    assert [step.background for step in full.scenarios[1].steps] == [True, False, False]


def test_and_takes_the_kind_of_the_step_before(full):
    assert [step.kind for step in full.scenarios[0].steps] == ["given", "when", "when", "then"]


def test_tags_of_feature_rule_and_examples_reach_the_scenario(full):
    assert [each.tags for each in full.scenarios] == [
        ("feature-tag", "own"),
        ("feature-tag",),
        ("feature-tag", "big"),
        ("feature-tag", "rule-tag"),
    ]


def test_a_rows_values_fill_title_text_table_and_doc_string(full):
    row = full.scenarios[2]
    given, then = row.steps[1:]
    assert (row.title, given.text, given.table, then.docstring) == (
        "Rows of 10",
        "the number 10",
        (("n",), ("10",)),
        "10 and y",
    )


def test_tags_are_found_again_by_line(full):
    assert full.tag_lines == {"feature-tag": 1, "own": 8, "big": 25, "rule-tag": 30}


@pytest.mark.parametrize(
    ("line", "titles"),
    [
        (8, ["Plain"]),  # its tag
        (9, ["Plain"]),
        (12, ["Plain"]),
        (13, ["Plain"]),  # the empty line below
        (14, ["Rows of 1", "Rows of 10"]),
        (24, ["Rows of 1"]),
        (28, ["Rows of 10"]),
        (27, ["Rows of 1", "Rows of 10"]),  # a table's header
        (33, ["Ruled"]),  # a rule's background
        (2, ["Plain", "Rows of 1", "Rows of 10", "Ruled"]),
        (6, ["Plain", "Rows of 1", "Rows of 10", "Ruled"]),  # the background
        (0, []),
        (99, []),
    ],
)
def test_a_line_stands_for_what_it_belongs_to(full, line, titles):
    assert [each.title for each in full.at(line)] == titles


def test_a_byte_order_mark_is_no_part_of_the_text(parsed):
    assert parsed("Feature: f\n  Scenario: s\n    Given a\n", "utf-8-sig").name == "f"


def test_a_language_header_is_understood(parsed):
    feature = parsed("# language: zh-TW\n功能: 報表\n  場景: 甲\n    假如 乙\n    當 丙\n    而且 丁\n    那麼 戊\n")
    assert [(step.keyword, step.kind, step.text) for step in feature.scenarios[0].steps] == [
        ("假如", "given", "乙"),
        ("當", "when", "丙"),
        ("而且", "when", "丁"),
        ("那麼", "then", "戊"),
    ]


def test_lines_that_end_as_on_windows_are_read_alike(parsed, tmp_path):
    path = tmp_path / "crlf.feature"
    path.write_bytes(b"Feature: f\r\n  Scenario: s\r\n    Given a\r\n")
    assert read(path).scenarios[0].steps[0].text == "a"


def test_a_plain_scenario_may_say_something_in_angle_brackets(parsed):
    assert parsed("Feature: f\n  Scenario: s\n    Given <b>bold</b>\n").scenarios[0].steps[0].text == "<b>bold</b>"
