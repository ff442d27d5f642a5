from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crmcli.domain.metrics.funnel import FunnelFigures, Mode, funnel
from crmcli.domain.metrics.grouping import UnknownGroupingError
from crmcli.domain.metrics.period import Period
from crmcli.domain.metrics.population import DEAL_COLUMNS, EVENT_COLUMNS, Population, Stages
from crmcli.domain.metrics.rate import share
from crmcli.domain.metrics.timeline import Standing, Timeline, standing, timeline

See = Callable[..., tuple[Timeline, Standing]]
ALL = Period()

# written by hand from the definitions: 10 deals begun in January 2026
DEALS: tuple[tuple[Any, ...], ...] = (
    # 1 straight to won
    (1, "2026-01-01", [("2026-01-01", "初步接触"), ("2026-01-05", "需求确认"), ("2026-01-10", "方案报价"),
                       ("2026-01-15", "商务谈判"), ("2026-02-01", "赢单")], {"amount_fen": 100_00}),
    # 2 skips rank 2 and 3, won
    (2, "2026-01-02", [("2026-01-02", "初步接触"), ("2026-01-08", "商务谈判"), ("2026-02-03", "赢单")],
     {"amount_fen": 200_00}),
    # 3 goes back from 3 to 2 and is lost there
    (3, "2026-01-03", [("2026-01-03", "初步接触"), ("2026-01-05", "需求确认"), ("2026-01-07", "方案报价"),
                       ("2026-01-09", "需求确认"), ("2026-02-05", "输单")], {"amount_fen": 300_00}),
    # 4 won, reopened at 3: counts as rank 4, open
    (4, "2026-01-04", [("2026-01-04", "初步接触"), ("2026-01-20", "赢单"), ("2026-02-10", "方案报价")],
     {"amount_fen": 400_00}),
    # 5 lost, no stage known
    (5, "2026-01-05", [("2026-02-01", "输单")], {"amount_fen": 500_00}),
    # 6 imported with its present stage only
    (6, "2026-01-06", [("2026-01-06", "方案报价", {"inferred": True})], {"amount_fen": None}),
    # 7 void after rank 1
    (7, "2026-01-07", [("2026-01-07", "初步接触"), ("2026-01-12", "无效")], {"amount_fen": 700_00}),
    # 8 its only stage no pipeline knows
    (8, "2026-01-08", [("2026-01-08", "老阶段")], {"amount_fen": 800_00}),
    # 9 a future win is not a win yet
    (9, "2026-01-09", [("2026-01-09", "初步接触"), ("2027-05-01", "赢单")], {"amount_fen": 900_00}),
    # 10 lost, reopened, lost again at rank 2: counts once
    (10, "2026-01-10", [("2026-01-10", "需求确认"), ("2026-01-11", "输单"), ("2026-01-20", "需求确认"),
                        ("2026-01-30", "输单")], {"amount_fen": 1000_00}),
    # 11 and 12 are outside: begun in February, begun nobody knows when
    (11, "2026-02-01", [("2026-02-01", "初步接触")]),
    (12, None, [(None, "初步接触", {"inferred": True})]),
)  # fmt: skip
JANUARY = Period(date(2026, 1, 1), date(2026, 2, 1))


def _column(figures: FunnelFigures, name: str) -> list[Any]:
    return [getattr(row, name) for row in figures.rows]


def test_reached_is_the_highest_rank_ever_held(see: See) -> None:
    figures = funnel(*see(*DEALS), JANUARY, home="CNY")
    assert _column(figures, "stage") == ["初步接触", "需求确认", "方案报价", "商务谈判", "赢单"]
    assert _column(figures, "reached") == [10, 6, 5, 3, 2]
    assert _column(figures, "lost") == [0, 1, 1, 0, None]
    assert _column(figures, "void") == [1, 0, 0, 0, None]
    assert _column(figures, "open") == [1, 0, 1, 1, None]
    assert _column(figures, "unplaced") == [2, 0, 0, 0, 0]
    assert _column(figures, "imbalance") == [0] * 5


def test_entered_skipped_and_regressed(see: See) -> None:
    figures = funnel(*see(*DEALS), JANUARY, home="CNY")
    # rank 1: 1 2 3 4 7 9 entered; 5, 6, 8 unclear or of no known stage; 10 began at rank 2
    assert _column(figures, "entered") == [6, 3, 3, 2, 2]
    assert _column(figures, "unclear") == [2, 1, 1, 0, 0]
    assert _column(figures, "skipped") == [2, 2, 1, 1, 0]
    assert _column(figures, "regressed") == [0, 0, 1, 0, 1]


def test_rates_leave_out_what_has_no_place_and_give_the_range(see: See) -> None:
    figures = funnel(*see(*DEALS), JANUARY, home="CNY")
    first, second, *_others = figures.rows
    assert (first.step, first.step_low, first.step_high) == (share(6, 8), share(6, 10), share(8, 10))
    assert (second.step, second.step_low, second.step_high) == (share(5, 6), share(5, 8), share(7, 8))
    assert figures.rows[3].step_high == share(2, 3)
    assert first.decided == share(6, 9)
    assert figures.rows[4].cumulative == share(2, 10)


def test_amounts_and_unknown_amounts(see: See) -> None:
    figures = funnel(*see(*DEALS), JANUARY, home="CNY")
    assert [row.amounts["CNY"] for row in figures.rows] == [4900_00, 2000_00, 1000_00, 700_00, 300_00]
    assert _column(figures, "no_amount") == [1, 1, 1, 0, 0]
    assert figures.rows[0].amounts_first == {"CNY": None}


def test_currencies_are_never_mixed(see: See) -> None:
    figures = funnel(
        *see(
            (1, "2026-01-01", [("2026-01-01", "初步接触")], {"amount_fen": 5, "currency": "USD"}),
            (2, "2026-01-01", [("2026-01-01", "需求确认")], {"amount_fen": 7}),
        ),
        ALL,
        home="CNY",
    )
    assert [row.amounts for row in figures.rows] == [
        {"CNY": 7, "USD": 5}, {"CNY": 7, "USD": 0}, {"CNY": 0, "USD": 0}, {"CNY": 0, "USD": 0}, {"CNY": 0, "USD": 0},
    ]  # fmt: skip


def test_deals_without_a_start_are_in_the_whole_history_only(see: See) -> None:
    assert funnel(*see(*DEALS), ALL, home="CNY").rows[0].reached == 12
    assert funnel(*see(*DEALS), Period(date(2000, 1, 1), None), home="CNY").rows[0].reached == 11


def test_visited_counts_entries_and_those_who_went_on(see: See) -> None:
    figures = funnel(*see(*DEALS), JANUARY, home="CNY", mode="visited")
    assert _column(figures, "reached") == [6, 3, 3, 2, 2]
    # rank 1: deals 1 and 3 entered 2, deal 2 won; rank 2: 1 and 3; rank 3: 1 only; rank 4: 1 and 2 won
    assert _column(figures, "passed") == [3, 2, 1, 2, None]
    assert _column(figures, "imbalance") == [0] * 5


def test_visited_counts_a_win_that_entered_no_late_stage(see: See) -> None:
    steps = [("2026-01-06", "初步接触"), ("2026-01-16", "方案报价"), ("2026-02-01", "输单"),
             ("2026-03-01", "方案报价"), ("2026-03-10", "赢单")]  # fmt: skip
    seen = see((5, "2026-01-06", steps, {"amount_fen": 60000_00}), (9, "2026-01-10", [("2026-01-10", "初步接触")]))
    won = funnel(*seen, ALL, home="CNY", mode="visited").rows[-1]
    assert (won.reached, won.cumulative, won.amounts) == (1, share(1, 2), {"CNY": 60000_00})
    assert funnel(*seen, ALL, home="CNY", mode="strict").rows[-1].reached == 0


def test_strict_drops_who_skips(see: See) -> None:
    figures = funnel(*see(*DEALS), JANUARY, home="CNY", mode="strict")
    assert _column(figures, "reached") == [6, 2, 2, 1, 1]
    assert _column(figures, "passed") == [2, 2, 1, 1, None]
    assert _column(figures, "imbalance") == [0] * 5


def test_by_splits_the_rows_and_empty_is_a_group(see: See) -> None:
    line, stand = see(
        (1, "2026-01-01", [("2026-01-01", "初步接触")], {"owner": "王芳"}),
        (2, "2026-02-01", [("2026-01-01", "需求确认")], {"owner": None}),
        (3, "2026-02-01", [("2026-01-01", "需求确认")], {"owner": "张伟"}),
    )
    rows = funnel(line, stand, ALL, home="CNY", by=("owner", "month")).rows
    assert [(row.group, row.reached) for row in rows if row.stage == "初步接触"] == [
        (("张伟", "2026-02"), 1), (("王芳", "2026-01"), 1), (("未填", "2026-02"), 1),
    ]  # fmt: skip
    with pytest.raises(UnknownGroupingError, match="colour"):
        funnel(line, stand, ALL, home="CNY", by=("colour",))


def test_every_figure_by_highest_rank_is_one_block_of_records(see: See) -> None:
    line, stand = see(*DEALS)
    figures = funnel(line, stand, JANUARY, home="CNY")
    ids = line.deals["opportunity_id"].to_numpy()[figures.evidence.order]

    def behind(row: int, key: str) -> list[int]:
        block = figures.evidence.blocks[row, key]
        return sorted(ids[block.first : block.first + block.count].tolist())

    assert behind(4, "reached") == [1, 2]
    assert behind(3, "reached") == [1, 2, 4]
    assert behind(2, "lost_here") == [3]
    assert behind(0, "open_here") == [9]
    assert behind(0, "void_here") == [7]
    assert behind(0, "reached") == list(range(1, 11))


def test_an_empty_population_has_rows_of_nothing(see: See) -> None:
    figures = funnel(*see(), ALL, home="CNY")
    assert _column(figures, "reached") == [0] * 5
    assert figures.rows[0].cumulative.value(1) is None


# ---- against a calculation written deal by deal from the definitions ----
NAMES = ("一", "二", "三")
STEPS = (*NAMES, "赢单", "输单", "无效", "别的")


def _frames(histories: list[list[str]]) -> Population:
    deals, events = [], []
    for identity, steps in enumerate(histories):
        deals.append({**dict.fromkeys(DEAL_COLUMNS), "opportunity_id": identity, "created_at": "2026-01-01",
                      "status": "open", "amount_fen": identity + 1})  # fmt: skip
        for seq, stage in enumerate(steps):
            rank = NAMES.index(stage) + 1 if stage in NAMES else None
            kind = {"赢单": "won", "输单": "lost", "无效": "void"}.get(stage, "open" if rank else "unknown")
            events.append({**dict.fromkeys(EVENT_COLUMNS), "opportunity_id": identity, "at": f"2026-01-{seq + 1:02}",
                           "stage": stage, "rank": rank, "kind": kind, "inferred": False, "seq": seq})  # fmt: skip
    return Population(pd.DataFrame(deals, columns=list(DEAL_COLUMNS)),
                      pd.DataFrame(events, columns=list(EVENT_COLUMNS)), Stages(NAMES))  # fmt: skip


def _reached(steps: list[str]) -> int:
    """Return the highest rank of one deal, 0 for a deal that no row can hold."""
    if steps and steps[-1] == "赢单":
        return 4
    held = [3 if step == "赢单" else NAMES.index(step) + 1 for step in steps if step in (*NAMES, "赢单")]
    if held:
        return max(held)
    return 0 if steps else 1


def _strictly(steps: list[str]) -> int:
    done = 0
    for step in steps:
        if done < len(NAMES) and step == NAMES[done]:
            done += 1
    return 4 if done == 3 and steps[-1] == "赢单" else done


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(st.sampled_from(STEPS), max_size=6), min_size=1, max_size=12))
def test_agrees_with_counting_deal_by_deal(histories: list[list[str]]) -> None:
    line = timeline(_frames(histories))
    stand = standing(line, line.moment(datetime.fromisoformat("2026-03-01T00:00:00+08:00")))

    def reached(mode: Mode) -> list[int]:
        figures = funnel(line, stand, ALL, home="CNY", mode=mode)
        assert [row.imbalance for row in figures.rows] == [0] * 4
        return [row.reached for row in figures.rows]

    highest = [_reached(steps) for steps in histories]
    assert reached("reached") == [len(histories)] + [sum(rank >= i for rank in highest) for i in (2, 3, 4)]
    visits = [sum(name in steps for steps in histories) for name in NAMES]
    assert reached("visited")[:3] == visits
    assert reached("strict") == [sum(_strictly(steps) >= i for steps in histories) for i in (1, 2, 3, 4)]
    rows = funnel(line, stand, ALL, home="CNY").rows
    ends = [(rank, steps[-1] if steps else "") for rank, steps in zip(highest, histories, strict=True)]
    lost_at = [ends.count((i, "输单")) for i in (1, 2, 3)]
    assert [row.lost for row in rows[:3]] == lost_at
    assert [row.amounts["CNY"] for row in rows][1:] == [
        sum(at + 1 for at, rank in enumerate(highest) if rank >= i) for i in (2, 3, 4)
    ]
