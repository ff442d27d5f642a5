from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from crmcli.domain.metrics.period import WHOLE_HISTORY, Period
from crmcli.domain.metrics.population import Population, StageRules
from crmcli.domain.metrics.stage_age import Limit, OverAge, StageAgeRow, stage_ages
from crmcli.domain.metrics.timeline import Standing, Timeline, standing, timeline
from crmcli.domain.metrics.visits import visits

See = Callable[..., tuple[Timeline, Standing]]
Found = tuple[dict[str, StageAgeRow], tuple[OverAge, ...]]


def ages(seen: tuple[Timeline, Standing], period: Period = WHOLE_HISTORY, min_n: int = 1) -> Found:
    rows, _evidence, _left, over = stage_ages(*seen, visits(*seen), period, min_n)
    return {row.stage: row for row in rows}, over


def test_finished_and_running_visits_never_meet_in_a_median(see: See) -> None:
    found, over = ages(see(
        (1, None, [("2026-01-01", "初步接触"), ("2026-01-11", "需求确认"), ("2026-01-31", "赢单")]),
        (2, None, [("2026-01-01", "初步接触"), ("2026-01-21", "输单")]),
        (3, None, [("2026-01-01", "初步接触")]),
        at="2026-12-31",
    ))  # fmt: skip
    first = found["初步接触"]
    assert (first.n, first.median, first.p75) == (2, 15.0, 17.5)
    assert (first.current, first.current_median, first.current_max) == (1, 364.0, 364.0)
    assert (found["需求确认"].n, found["需求确认"].median, found["需求确认"].current) == (1, 20.0, 0)
    assert (first.limit, first.over_age, over) == (Limit(), None, ())


def test_each_visit_the_latest_and_all_together(see: See) -> None:
    steps = [("2026-01-01", "初步接触"), ("2026-01-11", "需求确认"), ("2026-01-16", "初步接触"), ("2026-01-20", "输单")]
    found, _over = ages(see((1, None, steps), (2, None, steps[:3])))
    row = found["初步接触"]
    assert (row.n, row.median) == (3, 10.0)
    assert (row.deals, row.latest, row.cumulative) == (1, 4.0, 14.0)
    assert row.current == 1


def test_a_stage_said_again_is_one_visit_and_a_step_back_ends_it(see: See) -> None:
    steps = [("2026-01-01", "需求确认"), ("2026-01-05", "需求确认"), ("2026-01-11", "初步接触")]
    found, _over = ages(see((1, None, steps)))
    assert (found["需求确认"].n, found["需求确认"].median) == (1, 10.0)


def test_what_is_inferred_is_counted_and_in_no_median(see: See) -> None:
    found, _over = ages(see(
        (1, None, [("2026-01-01", "初步接触", {"inferred": True})]),
        (2, None, [("2026-01-01", "初步接触", {"between": True}), ("2026-01-05", "输单")]),
        (3, None, [("2026-01-01", "初步接触"), ("2026-01-05", "需求确认", {"between": True})]),
        (4, None, [(None, "初步接触"), ("2026-01-05", "老阶段")]),
        at="2026-02-01",
    ))  # fmt: skip
    first = found["初步接触"]
    assert (first.n, first.unknown, first.median, first.current, first.current_unknown) == (0, 3, None, 0, 1)
    assert (found["需求确认"].current_unknown, found["老阶段"].current_max) == (1, 27.0)


def won(number: int, days: int, end: str = "赢单") -> tuple[Any, ...]:
    return (number, None, [("2026-01-01", "初步接触"), (f"2026-01-{days + 1:02}", end)])


def test_over_age_is_above_the_p75_of_ten_visits_of_won_deals(see: See) -> None:
    running = [(50, None, [("2026-05-22", "初步接触")]), (51, None, [("2026-05-20", "初步接触")])]
    many = [won(number, number) for number in range(1, 11)] + [won(20 + n, 30, "输单") for n in range(9)]
    found, over = ages(see(*many, *running, at="2026-06-01"))
    assert (found["初步接触"].limit, found["初步接触"].over_age) == (Limit(7.75, "won_p75"), 2)
    assert [(one.deal, one.days) for one in over] == [(20, 12.0), (19, 10.0)]
    assert ages(see(*many[1:], *running, at="2026-06-01"))[0]["初步接触"].over_age is None


def test_without_enough_won_the_settings_say_the_limit(build: Callable[..., Population]) -> None:
    whole = build((1, None, [("2026-05-20", "初步接触")]), (2, None, [("2026-05-22", "初步接触")]))
    rules = (StageRules(max_days=10), *(StageRules(),) * 3)
    line = timeline(replace(whole, stages=replace(whole.stages, rules=rules)))
    seen = line, standing(line, line.moment(datetime.fromisoformat("2026-06-01T00:00:00+08:00")))
    found, over = ages(seen)
    assert (found["初步接触"].limit, found["初步接触"].over_age, len(over)) == (Limit(10, "max_days"), 1, 1)


def test_finished_visits_are_of_the_period_running_ones_of_now_and_too_few_say_nothing(see: See) -> None:
    seen = see(won(1, 10), won(2, 20), (3, None, [("2026-01-01", "初步接触")]), at="2026-02-01")
    found, _over = ages(seen, Period(date(2026, 1, 15), date(2026, 2, 1)))
    assert (found["初步接触"].n, found["初步接触"].median, found["初步接触"].current) == (1, 20.0, 1)
    few = ages(seen, min_n=3)[0]["初步接触"]
    assert (few.n, few.median, few.current_median, few.current_max) == (2, None, None, 31.0)


def test_by_owner(see: See) -> None:
    seen = see((*won(1, 10), {"owner": "甲"}), (*won(2, 20), {"owner": "乙"}))
    rows, evidence, _left, _over = stage_ages(*seen, visits(*seen), WHOLE_HISTORY, 1, ("owner",))
    assert [(row.group, row.stage, row.median) for row in rows] == [
        (("乙",), "初步接触", 20.0),
        (("甲",), "初步接触", 10.0),
    ]
    assert evidence.blocks[1, "n"].count == 1
