from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, get_args

import pytest

from crmcli.domain.metrics.rate import Rate
from crmcli.i18n import msg, set_language
from crmcli.reports.html.charts import MOST_MARKS, figure, is_drawn
from crmcli.reports.model import Cell, Chart, ChartKind, Column, Table

COLUMNS = (
    Column("step", msg("Step"), "text"), Column("n", msg("Number"), "int"), Column("won", msg("Won"), "int"),
    Column("share", msg("Share"), "rate", parts=True), Column("amount", msg("Amount"), "money"),
    Column("week", msg("Week"), "date"),
)  # fmt: skip
ROWS: tuple[tuple[Cell, ...], ...] = (
    ("期初", 9, 4, Rate(9, 12, 12), Decimal("100.00"), date(2026, 3, 2)),
    ("赢单", -2, 1, Rate(11, 12, 12), Decimal("-20.50"), date(2026, 3, 9)),
    ("期初", 7, 0, Rate(12, 12, 12), Decimal("79.50"), date(2026, 3, 16)),
)


def _table(rows: tuple[tuple[Cell, ...], ...] = ROWS) -> Table:
    return Table("t", msg("Table"), COLUMNS, rows, msg("Sheet"))


def _figure(kind: ChartKind, *values: str, line: str | None = None, category: str = "step", min_n: int = 5) -> Any:
    return figure(Chart(kind, msg("Chart"), "t", category, values, line), _table(), min_n)


@pytest.mark.parametrize("kind", get_args(ChartKind))
def test_every_kind_draws_the_table_s_figures(kind: ChartKind) -> None:
    trace = _figure(kind, "n")["data"][0]
    assert (trace["x"] if kind == "funnel" else trace["y"]) == [9, -2, 7]
    assert trace["text"] == ["9", "-2", "7"]


def test_rows_of_one_name_stand_apart() -> None:
    made = _figure("bar", "n")
    assert made["data"][0]["x"] == [0, 1, 2]
    assert made["layout"]["xaxis"]["ticktext"] == ["期初", "赢单", "期初"]


def test_a_pareto_has_its_running_share_on_a_second_axis() -> None:
    made = _figure("pareto", "n", line="share")
    bars, line = made["data"]
    assert (bars["type"], line["type"], line["yaxis"]) == ("bar", "scatter", "y2")
    assert line["y"] == [0.75, 11 / 12, 1]
    assert line["hovertext"][0] == "期初<br>Share: 75.0% 9/12"


def test_shares_over_too_few_cases_are_no_line() -> None:
    assert len(_figure("pareto", "n", line="share", min_n=13)["data"]) == 1


def test_a_rate_over_too_few_cases_is_a_gap_that_says_why() -> None:
    made = _figure("bar", "share", min_n=13)
    assert made["data"][0]["y"] == [None, None, None]
    assert [said["text"] for said in made["layout"]["annotations"]] == ["sample too small (n=12)"] * 3


def test_a_waterfall_stands_between_two_levels() -> None:
    (trace,) = _figure("waterfall", "amount")["data"]
    assert trace["measure"] == ["absolute", "relative", "absolute"]
    assert trace["text"] == ["100", "-20.50", "79.50"]


def test_a_waterfall_s_levels_may_stand_between_its_steps() -> None:
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (step, n, 0, None, None, None) for step, n in zip("印补始加末", (100, 5, 105, 3, 108), strict=True)
    )
    chart = Chart("waterfall", msg("Chart"), "t", "step", ("n",), levels=(0, 2, 4))
    made = figure(chart, _table(rows), 5)
    assert made["data"][0]["measure"] == ["absolute", "relative", "absolute", "relative", "absolute"]
    assert made["layout"]["yaxis"]["range"][1] < 120


def test_stacked_columns_stand_on_each_other() -> None:
    made = _figure("stacked", "n", "won")
    assert made["layout"]["barmode"] == "relative"
    assert [trace["name"] for trace in made["data"]] == ["Number", "Won"]
    assert made["layout"]["showlegend"]


def test_lines_over_days_stand_at_their_days() -> None:
    made = _figure("line", "n", "won", category="week")
    assert made["data"][1]["x"] == ["2026-03-02", "2026-03-09", "2026-03-16"]
    assert made["layout"]["xaxis"]["ticktext"] == ["03-02", "03-09", "03-16"]
    assert [trace["line"]["color"] for trace in made["data"]] == ["@s1", "@good"]


def test_too_many_bars_and_no_rows_are_not_drawn() -> None:
    bars, line = (Chart(kind, msg("Chart"), "t", "step", ("n",)) for kind in ("bar", "line"))
    many = _table(ROWS[:1] * (MOST_MARKS + 1))
    assert (is_drawn(bars, many), is_drawn(line, many), is_drawn(line, _table(()))) == (False, True, False)
    assert is_drawn(bars, _table())


def test_many_bars_lie_each_beside_its_name() -> None:
    many = _table(tuple((f"名 {n}", n, 0, None, None, None) for n in range(20)))
    made = figure(Chart("bar", msg("Chart"), "t", "step", ("n",)), many, 5)
    (trace,) = made["data"]
    assert (trace["orientation"], trace["x"], trace["y"]) == ("h", list(range(20)), list(range(20)))
    assert made["layout"]["height"] > made["layout"]["yaxis"]["tickvals"][-1] * 20
    assert made["layout"]["yaxis"]["ticktext"][19] == "名 19"


def test_large_amounts_are_drawn_in_wan_and_said_to_the_fen() -> None:
    rows: tuple[tuple[Cell, ...], ...] = (
        ("一", 1, 0, None, Decimal("78102400.50"), None), ("二", 1, 0, None, None, None),
    )  # fmt: skip
    set_language("zh")
    made = figure(Chart("bar", msg("Chart"), "t", "step", ("amount",)), _table(rows), 5)
    set_language("en")
    (trace,) = made["data"]
    assert (trace["y"], trace["text"]) == ([7810.24005, None], ["7,810万", ""])
    assert trace["hovertext"][0].endswith("78,102,400.50")
    assert made["layout"]["yaxis"]["ticksuffix"] == "万"


def test_a_waterfall_seen_from_close_by_says_so() -> None:
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (step, n, 0, None, None, None) for step, n in zip("始加减末", (100, 8, -3, 105), strict=True)
    )
    made = figure(Chart("waterfall", msg("Chart"), "t", "step", ("n",)), _table(rows), 5)
    low, high = made["layout"]["yaxis"]["range"]
    assert 0 < low < 100
    assert high > 108
    assert made["layout"]["annotations"][0]["text"] == "the axis does not start at 0"


def test_too_many_marks_carry_no_figures() -> None:
    many = _table(tuple((f"{n}", n, 1, None, None, None) for n in range(12)))
    made = figure(Chart("pareto", msg("Chart"), "t", "step", ("n", "won")), many, 5)
    assert made["data"][0]["text"] == [""] * 12
