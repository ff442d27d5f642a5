from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from crmcli.domain.assignment.model import Owner
from crmcli.domain.metrics.grouping import UnknownGroupingError
from crmcli.domain.metrics.leads import Lead, WonDeal, days_to_decide, lead_figures, whole_row
from crmcli.domain.metrics.period import WHOLE_HISTORY, Period
from crmcli.domain.metrics.rate import Rate
from crmcli.domain.metrics.staff import Staff

LEADS = (
    Lead(1, "qualified", source="展会", owner="王芳", created="2026-03-01", decided="2026-03-05", deal=7),
    Lead(2, "qualified", source="展会", owner="李伟", created="2026-03-02", decided="2026-03-04", deal=7),
    Lead(3, "disqualified", source="展会", owner="王芳", created="2026-04-01", decided="2026-04-02", reason="无需求"),
    Lead(4, "open", source="官网", created="2026-04-02"),
    Lead(5, "disqualified", created="2026-04-03"),
    Lead(6, "qualified", source="官网", deal=8),
)
WON = {7: WonDeal("CNY", 100_00), 8: WonDeal("USD", None)}


def _rows(period: Period = WHOLE_HISTORY, by: tuple[str, ...] = ("source",)) -> dict[tuple[str, ...], Any]:
    return {row.group: row for row in lead_figures(LEADS, WON, period, by, "CNY").rows}


def test_every_lead_is_in_one_state_of_one_source() -> None:
    figures = lead_figures(LEADS, WON, WHOLE_HISTORY, ("source",), "CNY")
    counts = {row.group[0]: tuple(row.counts.values()) for row in figures.rows}
    assert counts == {"官网": (1, 0, 1), "展会": (2, 1, 0), "未填": (0, 1, 0)}
    assert [lead.id for lead in figures.leads] == [6, 4, 1, 2, 3, 5]
    assert [(row.first, row.n) for row in figures.rows] == [(0, 2), (2, 3), (5, 1)]
    assert figures.reasons == (("无需求", 1), ("未填", 1))


def test_a_rate_has_its_parts() -> None:
    fair = _rows()[("展会",)]
    assert (fair.rate, fair.decided_rate) == (Rate(2, 3, 3), Rate(2, 3, 3))
    site = _rows()[("官网",)]
    assert (site.rate, site.decided_rate) == (Rate(1, 2, 2), Rate(1, 1, 1))
    assert site.rate.value(5) is None


def test_a_deal_of_two_leads_counts_for_the_one_decided_first() -> None:
    by_owner = _rows(by=("owner",))
    assert [by_owner[(owner,)].won for owner in ("李伟", "王芳", "未填")] == [1, 0, 1]
    figures = lead_figures(LEADS, WON, WHOLE_HISTORY, ("owner",), "CNY")
    assert whole_row(figures, WON, "CNY").won == 2


def test_currencies_never_mix_and_an_unknown_amount_is_no_zero() -> None:
    rows = _rows()
    assert rows[("展会",)].amounts == {"CNY": 100_00, "USD": 0}
    assert rows[("官网",)].amounts == {"CNY": 0, "USD": None}


def test_the_period_is_that_of_creation_and_undated_leads_are_told() -> None:
    march = lead_figures(LEADS, WON, Period(date(2026, 3, 1), date(2026, 4, 1)), ("month",), "CNY")
    assert [(row.group, row.n) for row in march.rows] == [(("2026-03",), 2)]
    assert march.undated == 1
    assert lead_figures(LEADS, WON, WHOLE_HISTORY, (), "CNY").undated == 0


@pytest.mark.parametrize(
    ("created", "decided", "days"),
    [
        ("2026-03-01", "2026-03-04T23:00:00+08:00", 3.0),
        ("2026-03-01T09:00:00+08:00", "2026-03-02T21:00:00+08:00", 1.5),
        (None, "2026-03-04", None),
        ("2026-03-01", None, None),
    ],
)
def test_days_to_decide(created: str | None, decided: str | None, days: float | None) -> None:
    assert days_to_decide(Lead(1, "qualified", created=created, decided=decided)) == days


def test_the_median_is_of_those_with_both_days() -> None:
    fair, site = (_rows()[(source,)] for source in ("展会", "官网"))
    assert (fair.days, fair.timed, site.days, site.timed) == (3.0, 2, None, 0)


def test_leads_have_few_groups() -> None:
    with pytest.raises(UnknownGroupingError):
        lead_figures(LEADS, WON, WHOLE_HISTORY, ("industry",), "CNY")


def test_without_leads_there_is_nothing() -> None:
    figures = lead_figures((), WON, WHOLE_HISTORY, ("source",), "CNY")
    assert (figures.rows, whole_row(figures, WON, "CNY").n) == ((), 0)


def test_the_owner_of_a_lead_tells_its_team_and_region() -> None:
    staff = Staff([Owner("王芳", team="华东", region="东部", manager="老赵")])
    leads = [Lead(1, "open", owner="王芳"), Lead(2, "open", owner="别人"), Lead(3, "open")]
    figures = lead_figures(leads, {}, WHOLE_HISTORY, ("team", "region", "manager"), "CNY", staff)
    assert [(row.group, row.n) for row in figures.rows] == [
        (("华东", "东部", "老赵"), 1), (("未填", "未填", "未填"), 2),
    ]  # fmt: skip
