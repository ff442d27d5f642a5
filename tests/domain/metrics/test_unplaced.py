from __future__ import annotations

from collections.abc import Callable
from datetime import date

from crmcli.domain.metrics.funnel import cohort
from crmcli.domain.metrics.maturity import maturity
from crmcli.domain.metrics.period import Period
from crmcli.domain.metrics.timeline import Standing, Timeline
from crmcli.domain.metrics.unplaced import unplaced

See = Callable[..., tuple[Timeline, Standing]]
JANUARY = Period(date(2026, 1, 1), date(2026, 2, 1))


def test_lines_of_what_has_no_place(see: See) -> None:
    line, stand = see(
        (1, "2026-01-01", [("2026-02-01", "输单")], {"amount_fen": 5}),
        (2, "2026-01-01", [("2026-02-01", "无效")]),
        (3, "2026-01-01", [("2026-01-05", "老阶段")]),
        (4, "2026-01-01", [("2026-01-05", "老阶段"), ("2026-02-01", "输单")]),
        (5, None, [(None, "需求确认", {"inferred": True})]),
        (6, "2026-01-01", [("2026-01-05", "老阶段"), ("2026-01-06", "需求确认")]),
    )
    lines, evidence = unplaced(line, stand, JANUARY, home="CNY")
    assert [(row.stage, row.n, row.reached, row.open, row.lost, row.void) for row in lines] == [
        ("终止阶段未知", 2, 2, 0, 1, 1), ("老阶段", 2, 2, 1, 1, 0), ("无日期", 1, 0, 1, 0, 0),
    ]  # fmt: skip
    assert lines[0].amounts == {"CNY": 5}
    assert [block.count for block in evidence.blocks.values()] == [2, 2, 1, 2, 2]
    whole, _evidence = unplaced(line, stand, Period(), home="CNY")
    assert whole[-1].reached == 1


def test_a_young_or_open_cohort_is_immature(see: See) -> None:
    wins = [(n, "2026-01-01", [("2026-03-02", "赢单")]) for n in range(6)]  # 60 days each
    line, stand = see(*wins, at="2026-03-15")
    march = Period(date(2026, 3, 1), date(2026, 3, 14))
    assert not maturity(line, stand, cohort(line, stand, march), march, min_n=5).immature
    young = maturity(line, stand, cohort(line, stand, JANUARY), JANUARY, min_n=5)
    assert (young.age_days, young.cycle_days, young.immature) == (42.0, 60.0, True)
    line, stand = see(*wins, at="2026-04-15")
    assert not maturity(line, stand, cohort(line, stand, JANUARY), JANUARY, min_n=5).immature
    line, stand = see(*wins, (7, "2026-01-01", []), (8, "2026-01-01", []), at="2026-12-01")
    held = maturity(line, stand, cohort(line, stand, JANUARY), JANUARY, min_n=5)
    assert (held.open.numerator, held.open.denominator, held.immature) == (2, 8, True)
