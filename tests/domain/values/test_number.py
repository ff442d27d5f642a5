from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.domain.problem import Problem
from crmcli.domain.values.number import parse_integer, parse_percent, percent_scale


@pytest.mark.parametrize(("text", "number"), [("12", 12), ("12.0", 12), ("1,200", 1200), ("－３", -3), ("50人", 50)])
def test_whole_numbers(text: str, number: int) -> None:
    assert parse_integer(text) == number


@pytest.mark.parametrize("text", ["1.5", "50-99人", "多", "1,20"])
def test_other_numbers_are_problems(text: str) -> None:
    assert parse_integer(text) == Problem("number.invalid", text)


@pytest.mark.parametrize(
    ("texts", "percents"),
    [
        (["30%", "100%"], ["30", "100"]),
        (["0.3", "1", "0"], ["30", "100", "0"]),
        (["0.5", "30"], ["0.5", "30"]),
        (["0.3", "30％"], ["30", "30"]),
    ],
)
def test_a_columns_scale_is_decided_once(texts: list[str], percents: list[str]) -> None:
    scale = percent_scale(texts)
    assert [parse_percent(text, scale) for text in texts] == [Decimal(percent) for percent in percents]


@pytest.mark.parametrize(
    ("text", "code"), [("130", "percent.out_of_range"), ("-1%", "percent.out_of_range"), ("高", "percent.invalid")]
)
def test_what_is_no_percentage_says_why(text: str, code: str) -> None:
    assert parse_percent(text) == Problem(code, text)


@given(st.text() | st.text("0123456789.,%-+", max_size=12))
def test_no_text_breaks_the_parsers(text: str) -> None:
    assert isinstance(parse_integer(text), int | Problem)
    assert isinstance(parse_percent(text, percent_scale([text])), Decimal | Problem)
