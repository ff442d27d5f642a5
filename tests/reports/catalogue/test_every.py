from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from crmcli.domain.metrics.leads import Lead
from crmcli.domain.metrics.period import Period
from crmcli.domain.metrics.population import Population, Target
from crmcli.reports.catalogue import every
from crmcli.reports.catalogue.every import REPORTS, report_kind
from crmcli.reports.defined import definitions_of
from crmcli.reports.model import Report, Table
from crmcli.reports.options import ReportOptions

TEXTS = ("text", "date")
HALF = Period(date(2026, 1, 1), date(2026, 7, 1))
SOMETIMES = {
    "unplaced", "funnel_compared", "competitor", "reopened", "unmapped", "reason_stage", "reason_competitor",
    "by_owner", "forecast_buckets", "forecast_targets", "over_age", "reasons",
}  # fmt: skip
"""Tables that a report has only where there is something to show."""


@pytest.fixture(scope="module")
def reports(population: Population) -> list[Report]:
    """Return every report of deals in two currencies, a competitor in one and a loss that was reopened."""
    as_of = datetime.fromisoformat("2026-03-10T09:00:00+08:00")
    options = ReportOptions(as_of=as_of, loss_reasons=("价格", "竞品"), min_n=3)
    deals = population.deals.assign(competitor="友商")
    deals.loc[deals["opportunity_id"] == 2, "currency"] = "USD"
    again = population.events[population.events["opportunity_id"] == 1].head(1)
    again = again.assign(opportunity_id=3, at="2026-03-08", seq=2)
    events = pd.concat([population.events, again], ignore_index=True)
    target = Target("张伟", "", "2026-03", date(2026, 3, 1), date(2026, 4, 1), 100_00, 2)
    leads = (Lead(1, "open", created="2026-02-01"), Lead(2, "disqualified", created="2026-02-02", reason="无需求"))
    full = replace(population, deals=deals, events=events, targets=(target,), leads=leads)
    found = [kind.build(full, replace(options, interval=True)) for kind in REPORTS]
    asked: dict[str, dict[str, Any]] = {
        "funnel": {"period": HALF, "mode": "visited"}, "review": {"by": ("owner",)}, "changes": {"closing": HALF},
        "loss": {"by": ("owner",)}, "baseline": {"event": date(2026, 2, 1)},
    }  # fmt: skip
    found += [report_kind(name).build(full, replace(options, **given)) for name, given in asked.items()]
    earlier = Period(date(2026, 2, 1), date(2026, 3, 1))
    return [*found, *(report_kind(name).build(full, replace(options, period=earlier)) for name in ("funnel", "loss"))]


def test_every_figure_of_every_report_has_a_definition(reports: list[Report]) -> None:
    bare = [
        f"{report.name}: {table.name}.{column.key}"
        for report in reports
        for table in report.tables
        for column in table.columns
        if column.type not in TEXTS and not definitions_of(table.name, column, report.section.definitions)
    ]
    assert bare == []


def test_the_figures_that_the_modules_name_are_those_seen(reports: list[Report]) -> None:
    tables: list[Table] = [table for report in reports for table in report.tables]
    assert {table.name for table in tables} >= SOMETIMES
    seen = {column.key for table in tables for column in table.columns}
    assert "amount_usd" in seen
    written = set(_written(Path(every.__file__).parent))
    assert len(written) > len(REPORTS)
    assert written <= seen


def _written(folder: Path) -> Iterator[str]:
    """Yield the keys of the columns of figures that the modules of a folder write out."""
    for path in sorted(folder.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Column":
                key, _label, kind = node.args
                if isinstance(key, ast.Constant) and isinstance(kind, ast.Constant) and kind.value not in TEXTS:
                    yield str(key.value)
