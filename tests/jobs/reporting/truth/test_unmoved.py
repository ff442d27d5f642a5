"""What must not move a figure does not: the order of rows, a record outside the period, how a period is cut."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from .ask import Row, tables
from .play import World
from .seen import Asked
from .setting import ZONE

NOW = datetime(2026, 6, 30, 18, tzinfo=ZONE)
WHOLE = Asked(NOW)
NAMES = ("funnel", "winrate", "loss", "pipeline", "flow", "cycle", "stage-age", "forecast", "rep", "velocity")


@pytest.mark.slow
@pytest.mark.parametrize("names", [NAMES[:5], NAMES[5:]])
def test_the_order_of_the_rows_that_came_in_moves_no_figure(play: Any, names: tuple[str, ...]) -> None:
    one, other = play(7), play(7, shuffled=True)
    for name in names:
        assert _unnumbered(tables(one, name, WHOLE)) == _unnumbered(tables(other, name, WHOLE)), name


def _unnumbered(found: dict[str, list[Row]]) -> dict[str, list[Row]]:
    """Return the rows without the numbers that records were given as they came in."""
    return {
        name: [{k: v for k, v in row.items() if k != "opportunity"} for row in rows] for name, rows in found.items()
    }


def _renamed(value: Any, names: Callable[[str], str]) -> Any:
    if isinstance(value, dict):
        return {names(str(key)): _renamed(one, names) for key, one in value.items()}
    return names(value) if isinstance(value, str) else value


@pytest.mark.slow
@pytest.mark.parametrize("name", ["funnel", "winrate", "cycle", "pipeline", "rep", "loss"])
def test_an_owner_of_another_name_has_the_same_figures(play: Any, name: str) -> None:
    def names(text: str) -> str:
        return text.replace("张伟", "张伟明")

    asked = replace(WHOLE, by="" if name in ("rep", "loss") else "owner")
    one, other = (tables(world, name, asked) for world in (play(9), play(9, names=names)))

    def rows(found: dict[str, list[Row]]) -> dict[str, list[str]]:
        return {table: sorted(map(str, (sorted(row.items()) for row in rows))) for table, rows in found.items()}

    assert rows({table: [_renamed(row, names) for row in held] for table, held in one.items()}) == rows(other)


def _counts(world: World, name: str, table: str, start: date, end: date, *keys: str) -> dict[str, int]:
    found = tables(world, name, Asked(NOW, None, start, end))[table]
    sums = dict.fromkeys(keys, 0)
    for row in found:
        for key in keys:
            sums[key] += row[key] or 0
    return sums


FLOWS = ("in_forward", "in_back", "in_new", "in_reopened", "out_forward", "out_back", "out_won", "out_lost", "out_void")


@pytest.mark.slow
@pytest.mark.parametrize("seed", [11, 12])
def test_the_counts_of_two_parts_of_a_period_add_up_to_those_of_the_whole(play: Any, seed: int) -> None:
    world = play(seed)
    first, middle, last = date(2026, 2, 1), date(2026, 3, 17), date(2026, 6, 1)
    for name, table, keys in (
        ("winrate", "winrate", ("won", "lost", "void")),
        ("winrate", "cohort", ("created", "won", "lost", "void", "open")),
        ("loss", "loss", ("n",)),
        ("cycle", "cycle", ("n", "excluded")),
        ("rep", "rep", ("created", "won", "lost", "void")),
        ("flow", "flow", FLOWS),
    ):
        before, after, both = (
            _counts(world, name, table, *days, *keys) for days in ((first, middle), (middle, last), (first, last))
        )
        assert {key: before[key] + after[key] for key in keys} == both, name
        assert sum(both.values()) > 0


def test_what_closes_one_part_of_a_period_opens_the_next(play: Any) -> None:
    world = play(11)
    first, middle, last = date(2026, 2, 1), date(2026, 3, 17), date(2026, 6, 1)
    one, other = (tables(world, "flow", Asked(NOW, None, *days))["flow"] for days in ((first, middle), (middle, last)))
    closing = {row["stage"]: row["closing"] for row in one if row["closing"]}
    assert closing == {row["stage"]: row["opening"] for row in other if row["opening"]} != {}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["winrate", "loss", "cycle"])
def test_a_deal_outside_the_period_moves_nothing_in_it(play: Any, name: str) -> None:
    world, asked = play(13), Asked(NOW, None, date(2026, 2, 1), date(2026, 5, 1))
    before = tables(world, name, asked)
    headers = ("商机编号", "商机名称", "创建时间", "阶段", "结束时间", "丢单原因", "商机金额")
    world.load(world.write("e.csv", headers, [("X1", "外", "2026-05-02", "输单", "2026-06-02", "价格", "100")]))
    assert tables(world, name, asked) == before
    assert tables(world, name, replace(asked, end=None)) != before
