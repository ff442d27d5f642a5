from __future__ import annotations

from dataclasses import replace
from io import StringIO

from rich.console import Console

from crmcli.domain.metrics.population import Population
from crmcli.reports.catalogue.every import report_kind
from crmcli.reports.options import ReportOptions
from crmcli.reports.terminal import show


def _shown(name: str, population: Population, options: ReportOptions, width: int = 200) -> str:
    out = StringIO()
    show(report_kind(name).build(population, options), Console(file=out, width=width))
    return out.getvalue()


def test_rates_carry_their_counts(population: Population, options: ReportOptions) -> None:
    text = _shown("winrate", population, options)
    assert "40.0% 2/5" in text
    assert "33.3% 2/6" in text


def test_too_few_cases_are_said_and_unknown_is_a_dash(population: Population, options: ReportOptions) -> None:
    text = _shown("loss", population, replace(options, min_n=4))
    assert "sample too small (n=3)" in text
    assert "未填" in text
    assert "—" in text


def test_warnings_and_checks_are_under_the_tables(population: Population, options: ReportOptions) -> None:
    text = _shown("funnel", population, options)
    assert "! Funnel: cohort conversion: Immature cohort: 2 of 8 are still open" in text
    assert "6 checks, all hold" in text


def test_a_narrow_terminal_cuts_no_figure(population: Population, options: ReportOptions) -> None:
    text = _shown("funnel", population, options, width=60)
    assert "…" not in text
    assert "33,000.00" in text
    assert max(len(line) for line in text.splitlines() if "初步接触" in line) <= 60
