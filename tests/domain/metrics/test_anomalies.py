from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from crmcli.domain.metrics.anomalies import StageChange, earlier_of, stage_changes
from crmcli.domain.metrics.period import WHOLE_HISTORY, Period
from crmcli.domain.metrics.rate import Rate
from crmcli.domain.metrics.timeline import Standing, Timeline

See = Callable[..., tuple[Timeline, Standing]]
FEBRUARY = Period(date(2026, 2, 1), date(2026, 3, 1))


def _begun(month: int, first: int, count: int, went_on: int, after: int = 1) -> list[tuple[Any, ...]]:
    """Return deals of a month; of them `went_on` reached the second stage on a day `after` months later."""
    return [
        (first + at, f"2026-0{month}-03", [(f"2026-0{month}-03", "初步接触"),
         *([(f"2026-0{month + after}-04", "需求确认")] if at < went_on else [])])
        for at in range(count)
    ]  # fmt: skip


def _changes(seen: tuple[Timeline, Standing]) -> tuple[StageChange, ...]:
    earlier = earlier_of(*seen, FEBRUARY)
    assert earlier
    return stage_changes(*seen, FEBRUARY, earlier, 5)


def _first(seen: tuple[Timeline, Standing]) -> StageChange:
    return _changes(seen)[0]


def test_a_stage_that_fell_is_told_with_both_rates_and_the_chance(see: See) -> None:
    seen = see(*_begun(1, 1, 20, 16, after=0), *_begun(2, 21, 20, 4, after=0), at="2026-03-10")
    first, second, *_rest = _changes(seen)
    assert (first.stage, first.now, first.before) == ("初步接触", Rate(4, 20, 20), Rate(16, 20, 20))
    assert first.chance is not None
    assert first.chance < 0.001
    assert first.verdict == "fell"
    assert (second.now, second.before, second.verdict) == (Rate(0, 4, 4), Rate(0, 16, 16), "too_few")


def test_a_small_fall_may_be_chance_and_a_rise_is_none(see: See) -> None:
    fall = see(*_begun(1, 1, 20, 11, after=0), *_begun(2, 21, 20, 10, after=0), at="2026-03-10")
    assert _first(fall).verdict == "perhaps"
    rise = see(*_begun(1, 1, 20, 2, after=0), *_begun(2, 21, 20, 18, after=0), at="2026-03-10")
    assert _first(rise).verdict == "not_lower"


def test_both_cohorts_are_equally_old(see: See) -> None:
    # the deals of January went on in February: as long after the end of their month as now, none had
    seen = see(*_begun(1, 1, 20, 20), *_begun(2, 21, 20, 0), at="2026-03-02")
    first = _first(seen)
    assert (first.before, first.verdict) == (Rate(0, 20, 20), "not_lower")


def test_too_few_cases_have_no_chance() -> None:
    assert StageChange("初步接触", Rate(0, 4, 4), Rate(9, 9, 9), None).verdict == "too_few"


def test_without_bounds_nothing_comes_before(see: See) -> None:
    assert earlier_of(*see(*_begun(1, 1, 3, 1)), WHOLE_HISTORY) is None
    assert earlier_of(*see(*_begun(1, 1, 3, 1)), Period(date(2026, 1, 1), None)) is None
