"""How good an opportunity is: points by rules, a grade by thresholds, and which rule gave what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crmcli.domain.conditions import Condition
from crmcli.i18n import Message

GRADES = ("A", "B", "C")


@dataclass(frozen=True, slots=True)
class GradeRule:
    """Points for a deal that meets a condition; `name` is how people know the rule."""

    name: str
    when: Condition
    points: int


@dataclass(frozen=True, slots=True)
class GradeScale:
    """Grade A from `a` points, B from `b`, else C; the points are those of all `rules` that hold."""

    a: int
    b: int
    rules: tuple[GradeRule, ...] = ()

    def grade(self, points: int) -> str:
        """Return the grade of so many points.

        >>> [GradeScale(60, 30).grade(points) for points in (60, 59, 29)]
        ['A', 'B', 'C']
        """
        return GRADES[0] if points >= self.a else GRADES[1] if points >= self.b else GRADES[2]


@dataclass(frozen=True, slots=True)
class Graded:
    """A deal's grade: `given` are the rules that hold."""

    grade: str
    points: int
    given: tuple[GradeRule, ...]

    @property
    def reason(self) -> str:
        """Return which rule gave how many points, as it is kept with the grade's history."""
        return " ".join([*(f"{rule.name} {rule.points:+};" for rule in self.given), f"= {self.points}"])


def graded(fields: Mapping[str, Any], scale: GradeScale) -> Graded:
    """Return the grade of a deal; `fields` are what `deal_fields` returns."""
    given = tuple(rule for rule in scale.rules if rule.when.holds(fields))
    points = sum(rule.points for rule in given)
    return Graded(scale.grade(points), points, given)


def missed(fields: Mapping[str, Any], scale: GradeScale) -> list[tuple[GradeRule, Message]]:
    """Return the rules that give a deal nothing, each with why."""
    return [(rule, why) for rule in scale.rules if (why := rule.when.miss(fields))]
