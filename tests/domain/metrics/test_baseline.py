from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from crmcli.domain.metrics.baseline import baseline, spans
from crmcli.domain.metrics.period import Period
from crmcli.domain.metrics.rate import share
from crmcli.domain.metrics.timeline import Standing, Timeline

See = Callable[..., tuple[Timeline, Standing]]
EVENT = date(2026, 3, 1)


def deals(first: date, ends: list[str], start: int) -> list[tuple[Any, ...]]:
    """Return deals that begin on successive days and end ten days later."""
    found: list[tuple[Any, ...]] = []
    for at, end in enumerate(ends):
        day = first + timedelta(days=at)
        steps = [(day.isoformat(), "初步接触"), ((day + timedelta(days=10)).isoformat(), end)]
        found.append((start + at, day.isoformat(), steps, {"amount_fen": 100, "owner": "甲"}))
    return found


def test_a_clear_change_and_its_interval(see: See) -> None:
    before = deals(date(2026, 1, 1), ["赢单", "输单", "输单", "输单"] * 6, 1)
    after = deals(date(2026, 3, 1), ["赢单"] * 20 + ["输单"] * 4, 100)
    line, stand = see(*before, *after, at="2026-06-01")
    spans_of = spans(line, EVENT, date(2026, 6, 1), Period())
    assert spans_of == (Period(date(2026, 1, 1), EVENT), Period(EVENT, date(2026, 4, 29)))
    found = baseline(line, stand, *(spans_of or ()), home="CNY", min_n=5)
    rows = {row.metric: row for row in found.rows}
    row = rows["winrate"]
    assert (row.before.rate, row.after.rate) == (share(6, 24), share(20, 24))
    assert row.verdict == "better"
    assert (row.chance or 1) < 0.001
    assert 0.2 < (row.low or 0) < 20 / 24 - 6 / 24 < (row.high or 1) < 0.8
    assert (rows["cycle_days"].change, rows["cycle_days"].verdict) == (0, "unclear")
    assert (rows["created"].change, rows["created"].chance) == (0, 1.0)
    assert rows["missed_rate"].verdict == "too_few"
    assert not found.young


def test_each_span_is_seen_from_its_own_end(see: See) -> None:
    # begun before the event, won after it: no conversion of the span before
    late = (1, "2026-02-20", [("2026-02-20", "初步接触"), ("2026-03-05", "赢单")], {"amount_fen": 100})
    line, stand = see(late, at="2026-06-01")
    found = baseline(
        line, stand, Period(date(2026, 2, 19), EVENT), Period(EVENT, date(2026, 3, 11)), home="CNY", min_n=1
    )
    rows = {row.metric: row for row in found.rows}
    assert (rows["conversion"].before.value, rows["won"].before.n, rows["won"].after.n) == (0, 0, 1)


def test_a_short_span_is_flagged_and_a_day_is_needed(see: See) -> None:
    line, stand = see(
        *deals(date(2026, 1, 1), ["赢单"] * 20, 1), *deals(date(2026, 3, 1), ["赢单"] * 3, 50), at="2026-03-06"
    )
    found = baseline(
        line, stand, *(spans(line, EVENT, date(2026, 3, 6), Period()) or ()), home="CNY", min_n=5, by=("owner",)
    )
    assert found.young
    assert (found.open_after.numerator, found.open_after.denominator) == (3, 3)
    assert {row.group for row in found.rows} == {("甲",)}
    for event in (None, date(2026, 3, 6), date(2025, 1, 1)):
        assert spans(line, event, date(2026, 3, 6), Period()) is None
