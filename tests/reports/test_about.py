from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Literal

import pytest

from crmcli.domain.metrics.rate import Rate
from crmcli.i18n import msg
from crmcli.reports.about import about, change, settings
from crmcli.reports.model import Cell, ColumnType, Headline, Report, Section
from crmcli.reports.options import ReportOptions


@pytest.fixture
def report(options: ReportOptions) -> Report:
    return Report("weekly", msg("Weekly"), options.period, options.as_of, Section(()), company="示例公司", min_n=5)


def test_what_is_not_known_is_not_said(report: Report) -> None:
    assert about(report) == ["示例公司", "Period: whole history", "As of 2026-03-10 09:00+08:00"]
    written = replace(report, company="", data_time=datetime.fromisoformat("2026-03-09T20:00:00+08:00"))
    assert about(written)[-1] == "data of 2026-03-09 20:00+08:00"
    assert len(about(written)) == 3


def test_settings_are_all_that_the_figures_depend_on(report: Report) -> None:
    plain = dict(settings(report))
    assert (plain["Data time"], plain["Smallest sample (min_n)"], "Known at" in plain) == ("—", "5", False)
    asked = replace(report, known_at=report.as_of, arguments=(("by", "owner"), ("working_days", "true")))
    given = dict(settings(asked))
    assert (given["Known at"], given["--by"], given["--working-days"]) == (
        "2026-03-10T09:00:00+08:00", "owner", "true",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "now", "before", "more_is", "words", "mood"),
    [
        ("int", 3, 5, "good", "week before 5  ▼ 2", "bad"),
        ("int", 3, 5, "bad", "week before 5  ▼ 2", "good"),
        ("int", 5, 3, "neither", "week before 3  ▲ 2", "same"),
        ("int", 5, 5, "good", "week before 5  ＝ 0", "same"),
        ("money", Decimal("1500.00"), Decimal("500.00"), "good", "week before 500  ▲ 1,000", "good"),
        ("rate", Rate(6, 10, 10), Rate(5, 10, 10), "good", "week before 50.0%  ▲ 10.0 points", "good"),
        ("rate", Rate(6, 10, 10), Rate(1, 2, 2), "good", "week before sample too small (n=2)", "same"),
        ("money", Decimal(5), None, "good", "week before —", "same"),
    ],
)
def test_how_a_headline_changed(
    kind: ColumnType, now: Cell, before: Cell, more_is: Literal["good", "bad", "neither"], words: str, mood: str
) -> None:
    assert change(Headline("key", msg("Key"), kind, now, before, more_is), 5) == (words, mood)
