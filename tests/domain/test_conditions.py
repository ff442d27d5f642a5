from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.domain.conditions import Condition, known_fields, parse_condition


def condition(**when: Any) -> Condition:
    parsed = parse_condition(when)
    assert isinstance(parsed, Condition), parsed
    return parsed


def mistakes(**when: Any) -> list[str]:
    parsed = parse_condition(when)
    assert isinstance(parsed, list)
    return [str(mistake.message) for mistake in parsed]


def holds(fields: dict[str, Any], **when: Any) -> bool:
    return condition(**when).miss(fields) is None


@pytest.mark.parametrize(
    ("wanted", "amount", "expected"),
    [
        (">= 500000", Decimal(500000), True),
        (">=50万", Decimal("499999.99"), False),
        ("> 50w", "50万", False),
        ("< 3.5万", 34999, True),
        ("≤ 10", Decimal("10.00"), True),
        ("＞＝ 10", 10, True),
        (500000, "500,000", True),
        ("= 5", Decimal("5.0"), True),
        ("!= 5", 6, True),
        (["< 5", "> 10"], 11, True),
        (["< 5", "> 10"], 7, False),
        (">= 0", None, False),
        ("< 5", "很多", False),
        ("!= 5", None, True),
        ("", None, True),
        ("", 0, False),
        ("!=", 0, True),
    ],
)
def test_amounts(wanted: Any, amount: Any, expected: bool) -> None:
    assert holds({"amount": amount}, amount=wanted) is expected


@pytest.mark.parametrize(
    ("field", "wanted", "held", "expected"),
    [
        ("product", "GTX Pro", "GTXPro", True),
        ("product", ["A", "gtx pro"], "GTX Pro", True),
        ("source", "!= 老客户转介绍", "老客户 转介绍", False),
        ("source", "!= 老客户转介绍", "", True),
        ("province", "江苏", "江苏省", True),
        ("province", ["上海市", "内蒙古自治区"], "内蒙古", True),
        ("province", "江苏", "浙江", False),
        ("province", "华东", "华东", True),
        ("province", "", None, True),
        ("province", "未知", "上海", False),
        ("tags", "重点", ["老客户", "重点"], True),
        ("tags", "!= 重点", ["老客户", "重点"], False),
        ("tags", "", [], True),
        ("created_at", ">= 2026-01-01", "2026-01-01T10:00:00+08:00", True),
        ("created_at", "< 2026年1月1日", "2026-01-01", False),
        ("expected_close", date(2026, 3, 1), "2026-03-01", True),
        ("probability", "> 50", 80.0, True),
        ("probability", ">= 50%", 50, True),
    ],
)
def test_other_fields(field: str, wanted: Any, held: Any, expected: bool) -> None:
    assert holds({field: held}, **{field: wanted}) is expected


def test_every_key_must_hold_and_the_empty_condition_does() -> None:
    both = {"amount": ">= 10", "product": ["A", "B"]}
    assert holds({"amount": 10, "product": "B"}, **both)
    assert not holds({"amount": 10, "product": "C"}, **both)
    assert not holds({"amount": 9, "product": "B"}, **both)
    assert holds({})


def test_a_miss_says_which_field_held_what() -> None:
    rule = condition(amount=">= 50万", source=["展会", "官网"])
    assert str(rule.miss({"amount": 5, "source": "展会"})) == "amount is 5, not >= 50万"
    assert str(rule.miss({"amount": "60万", "source": "电话"})) == "source is 电话, not 展会 / 官网"
    assert str(rule.miss({"source": "电话"})) == "amount is unknown, not >= 50万"


@pytest.mark.parametrize(
    ("when", "sentence"),
    [
        ({"amout": 5}, "there is no field amout; known are address, amount"),
        ({"amount": "> lots"}, "amount: lots is not an amount"),
        ({"amount": ">="}, "amount: >= is followed by nothing"),
        ({"amount": {"min": 5}}, "amount: a text, a number or a list of them is expected"),
        ({"grade": ">= B"}, "grade is a text: >= compares only numbers and dates"),
        ({"created_at": "> someday"}, "created_at: someday is not a date"),
        ({"source": []}, "source: the list is empty"),
    ],
)
def test_mistakes_are_named(when: dict[str, Any], sentence: str) -> None:
    (found,) = mistakes(**when)
    assert found.startswith(sentence)


def test_all_mistakes_are_named() -> None:
    assert len(mistakes(amount=["x", "> y"], nothing=1)) == 3


def test_the_opportunitys_and_the_customers_fields_are_known() -> None:
    assert {
        "amount": "amount",
        "province": "region",
        "industry": "text",
        "grade": "text",
    }.items() <= known_fields().items()
    assert "id" not in known_fields()


signs = st.sampled_from(["=", "!=", ">", ">=", "<", "<="])
tests = st.lists(st.builds(lambda sign, value: f"{sign} {value}", signs, st.integers(0, 4)), min_size=1, max_size=2)
whens = st.dictionaries(st.sampled_from(["amount", "probability"]), tests, max_size=2)


@given(whens, whens)
def test_what_covers_another_condition_holds_wherever_it_does(one: dict[str, Any], other: dict[str, Any]) -> None:
    first, second = condition(**one), condition(**other)
    values = (None, *range(-1, 6))
    cases = [{"amount": a, "probability": max(b, 0) if b is not None else None} for a in values for b in values]
    if first.covers(second):
        assert all(first.miss(case) is None for case in cases if second.miss(case) is None)
    assert first.covers(first)
    assert Condition().covers(first)
