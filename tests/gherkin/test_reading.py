"""Feature files with mistakes, each refused with its line and its remedy."""

import textwrap

import pytest

from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.gherkin.reading import read


@pytest.fixture
def refused(tmp_path):
    def refused(text, encoding="utf-8"):
        path = tmp_path / "try.feature"
        path.write_text(textwrap.dedent(text).lstrip("\n"), encoding=encoding)
        with pytest.raises(UsageFault) as caught:
            read(path, "try.feature")
        return str(caught.value)

    return refused


def test_two_scenarios_of_one_name_are_refused_with_both_lines(refused):
    told = refused("""
        Feature: f
          Scenario: One
            Given a
          Scenario: One
            Given b
    """)
    assert "try.feature:4" in told
    assert "'One', which stands in line 2, too" in told


def test_a_name_used_again_in_another_rule_is_refused(refused):
    told = refused("""
        Feature: f
          Scenario: One
            Given a
          Rule: r
            Scenario: One
              Given b
    """)
    assert "try.feature:5" in told


def test_a_scenario_without_steps_is_refused(refused):
    assert "try.feature:2\n  expected: steps" in refused("Feature: f\n  Scenario: One\n")


def test_a_scenario_without_a_name_is_refused(refused):
    assert "expected: a scenario's name" in refused("Feature: f\n  Scenario:\n    Given a\n")


def test_a_name_with_two_colons_is_refused_because_it_cannot_be_selected(refused):
    assert "expected: a name without ::" in refused("Feature: f\n  Scenario: a::b\n    Given a\n")


def test_an_outline_without_examples_is_refused(refused):
    told = refused("Feature: f\n  Scenario Outline: One\n    Given <x>\n")
    assert "try.feature:2\n  expected: Examples: with rows" in told


def test_an_outline_without_examples_is_refused_in_chinese_too(refused):
    told = refused("# language: zh-TW\n功能: 報表\n  場景大綱: 甲\n    假如 <x>\n")
    assert "try.feature:3\n  expected: Examples: with rows" in told


def test_examples_with_a_header_alone_are_refused(refused):
    told = refused("""
        Feature: f
          Scenario Outline: One
            Given <x>
            Examples:
              | x |
    """)
    assert "try.feature:4\n  expected: example rows below the header" in told


def test_a_placeholder_that_is_no_column_is_refused_with_its_step(refused):
    told = refused("""
        Feature: f
          Scenario Outline: One
            Given <count>
            And <coumt>
            Examples:
              | count |
              | 1     |
    """)
    assert "try.feature:4" in told
    assert "came:     <coumt>" in told


def test_a_placeholder_in_a_table_that_is_no_column_is_refused(refused):
    told = refused("""
        Feature: f
          Scenario Outline: One
            Given <x>
              | <y> |
            Examples:
              | x |
              | 1 |
    """)
    assert "try.feature:3" in told
    assert "came:     <y>" in told


def test_a_column_that_comes_twice_is_refused(refused):
    told = refused("""
        Feature: f
          Scenario Outline: One
            Given <x>
            Examples:
              | x | x |
              | 1 | 2 |
    """)
    assert "expected: each column once" in told


@pytest.mark.parametrize("keyword", ["And", "But", "*"])
def test_a_first_step_that_follows_nothing_is_refused(refused, keyword):
    told = refused(f"Feature: f\n  Scenario: One\n    {keyword} a\n")
    assert "try.feature:3\n  expected: Given, When or Then in the first step" in told


def test_an_empty_file_is_refused(refused):
    assert "came:     an empty file" in refused("")


def test_a_file_of_remarks_alone_is_refused(refused):
    assert "came:     a file without a Feature: line" in refused("# nothing\n")


def test_a_feature_without_scenarios_is_refused(refused):
    assert "expected: at least one scenario" in refused("Feature: f\n")


def test_a_misspelt_first_step_does_not_vanish_into_the_description(refused):
    told = refused("Feature: f\n  Scenario: One\n    Gvien a\n    Then b\n")
    assert "'Gvien a' in the description" in told


def test_a_step_in_capitals_does_not_vanish_into_the_description(refused):
    assert "'GIVEN a' in the description" in refused("Feature: f\n  Scenario: One\n    GIVEN a\n    Then b\n")


def test_a_misspelt_later_step_is_refused_with_its_line(refused):
    told = refused("Feature: f\n  Scenario: One\n    Given a\n    Thne b\n")
    assert "try.feature:4" in told
    assert "came:     Thne b" in told


def test_a_table_row_with_a_cell_too_few_is_refused(refused):
    told = refused("Feature: f\n  Scenario: One\n    Given a\n      | 1 | 2 |\n      | 1 |\n")
    assert "try.feature:5\n  expected: as many cells as in the table's first row" in told


def test_a_doc_string_left_open_is_refused(refused):
    told = refused('Feature: f\n  Scenario: One\n    Given a\n      """\n      text\n')
    assert 'next:     close the doc string with """' in told


def test_a_second_feature_in_the_file_is_refused(refused):
    told = refused("Feature: f\n  Scenario: One\n    Given a\nFeature: g\n")
    assert "try.feature:4" in told
    assert "keep one feature in a file" in told


def test_a_background_after_a_scenario_is_refused(refused):
    told = refused("Feature: f\n  Scenario: One\n    Given a\n  Background:\n    Given b\n")
    assert "put the one Background before the first scenario" in told


def test_a_language_gherkin_does_not_know_is_refused(refused):
    assert "try.feature:1\n  expected: a language Gherkin knows" in refused("# language: xx\nFeature: f\n")


def test_all_mistakes_are_told_at_once_in_the_order_of_lines(refused):
    told = refused("""
        Feature: f
          Scenario: One
            And a
          Scenario: Two
          Scenario: One
            Given b
    """)
    assert [line for line in told.splitlines() if line.startswith("try")] == [
        "try.feature:3",
        "try.feature:4",
        "try.feature:5",
    ]


@pytest.mark.parametrize(
    ("encoding", "text", "seems"),
    [
        ("big5", "功能: 報表\n  場景: 甲\n    假如 乙\n", "Big5"),
        ("gb18030", "# language: zh-CN\n功能: 报表\n  场景: 甲\n    假如 乙\n", "GB18030"),
        ("utf-16", "Feature: f\n", "UTF-16"),
        ("utf-16-le", "Feature: f\n", "UTF-16"),
    ],
)
def test_a_file_in_another_encoding_is_told_which_it_seems_to_be(refused, encoding, text, seems):
    told = refused(text, encoding)
    assert f"seem to be {seems}\n  next:     save the file as UTF-8" in told


def test_a_file_that_is_not_there_is_refused_by_name(tmp_path):
    with pytest.raises(UsageFault, match=r"gone\.feature"):
        read(tmp_path / "gone.feature", "gone.feature")
