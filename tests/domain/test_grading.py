from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from crmcli.domain.assignment.model import deal_fields
from crmcli.domain.conditions import Condition, parse_condition
from crmcli.domain.grading import GradeRule, GradeScale, graded, missed


def rule(name: str, points: int, **when: Any) -> GradeRule:
    condition = parse_condition(when)
    assert isinstance(condition, Condition)
    return GradeRule(name, condition, points)


SCALE = GradeScale(
    60,
    30,
    (
        rule("large", 30, amount=">= 20万"),
        rule("budget", 25, budget="> 100000"),
        rule("asked", 10, demand=["明确", "迫切"], intent="高"),
        rule("trade", 20, industry="制造", size=["100-499人", "500人以上"]),
        rule("sceptic", -15, source="陌拜"),
    ),
)


@pytest.mark.parametrize(
    ("fields", "grade", "points", "names"),
    [
        ({}, "C", 0, []),
        ({"amount": Decimal(200_000)}, "B", 30, ["large"]),
        ({"budget": Decimal(100_000)}, "C", 0, []),
        ({"amount": Decimal(200_000), "budget": Decimal(200_000), "source": "陌拜"}, "B", 40, None),
        ({"demand": "迫切", "intent": "高"}, "C", 10, ["asked"]),
        ({"demand": "迫切"}, "C", 0, []),
        ({"industry": "制造", "size": "500人以上", "amount": "25万", "intent": "高", "demand": "明确"}, "A", 60, None),
    ],
)
def test_points_of_the_rules_that_hold_add_up(
    fields: dict[str, Any], grade: str, points: int, names: list[str] | None
) -> None:
    found = graded(fields, SCALE)
    assert (found.grade, found.points) == (grade, points)
    assert len(found.given) + len(missed(fields, SCALE)) == len(SCALE.rules)
    assert names is None or [one.name for one in found.given] == names


def test_why_and_why_not() -> None:
    fields = {"amount": Decimal(300_000), "source": "陌拜"}
    assert graded(fields, SCALE).reason == "large +30; sceptic -15; = 15"
    assert str({one.name: why for one, why in missed(fields, SCALE)}["budget"]) == "budget is unknown, not > 100000"


def test_the_deals_own_word_comes_before_its_customers() -> None:
    fields = deal_fields({"budget_fen": 15_000_000, "source": "展会"}, {"source": "陌拜", "industry": "制造"})
    assert [one.name for one in graded(fields, SCALE).given] == ["budget"]
