"""Gold is read as YAML 1.2: the same as a full reader of it gives, many times faster."""

import datetime

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from summariser.evals.gold import yaml12
from tests.conftest import ROOT

SCALARS = [
    "NO", "no", "yes", "on", "off", "y", "12:30", "0.5", "-3", "+4", "1e3", ".5", "~", "null", "true", "FALSE",
    "2025-03-01", "2025-3-1", "0123", "010", "[a, b]", "{a: 1}", "'NO'", '"12"', "a b", "5 per cent", "9.4", "1.",
    ".nan", ".inf",
]  # fmt: skip


def oracle(text: str) -> object:
    return YAML(typ="safe", pure=True).load(text)


@pytest.mark.parametrize("scalar", SCALARS)
def test_a_scalar_is_what_yaml_1_2_says_it_is(scalar: str):
    text = f"key: {scalar}"
    assert repr(yaml12.load(text)) == repr(oracle(text))


@given(st.recursive(st.text("ab: #-'\"\nNO1.é“", max_size=8), lambda inner: st.lists(inner, max_size=3), max_leaves=8))
def test_whatever_is_written_comes_back(value: object):
    assert yaml12.load(yaml.safe_dump({"key": value}, allow_unicode=True)) == {"key": value}


def test_the_suites_own_labels_are_read_the_same():
    paths = sorted((ROOT / "evals" / "gold").glob("*/gold.yaml"))[::6]
    for path in paths:
        text = path.read_text("utf-8")
        assert yaml12.load(text) == oracle(text)


def test_a_key_that_stands_twice_is_an_error_with_its_line():
    with pytest.raises(yaml.YAMLError, match="line 1 already") as raised:
        yaml12.load("a: 1\nb: 2\na: 3\n")
    assert raised.value.problem_mark.line == 2


@pytest.mark.parametrize("text", ["[" * 100_000, "- " * 100_000 + "1", "a: [" * 100])
def test_a_text_that_is_nested_too_deeply_is_an_error(text: str):
    with pytest.raises(yaml.YAMLError):
        yaml12.load(text)


def test_a_day_is_a_date():
    assert yaml12.load("on: 2025-03-01") == {"on": datetime.date(2025, 3, 1)}


def test_lines_are_told_by_place():
    text = "a:\n  - {id: x}\n  - id: y\n    b: 3\n"
    assert [yaml12.line_of(text, loc) for loc in ([], ["a", 0, "id"], ["a", 1, "b"], ["a", 9], ["z"])] == [
        None, 2, 4, 1, None,
    ]  # fmt: skip
