from __future__ import annotations

from dataclasses import replace

import pytest

from crmcli.domain.metrics.population import Population
from crmcli.i18n import msg
from crmcli.reports.catalogue.every import report_kind
from crmcli.reports.model import Note, Report, Section
from crmcli.reports.options import ReportOptions
from crmcli.reports.warnings import warnings


@pytest.fixture
def weekly(population: Population, options: ReportOptions) -> Report:
    return report_kind("weekly").build(population, options)


def noted(report: Report, *notes: tuple[str, str, str]) -> Report:
    section = Section(report.tables, notes=tuple(Note(code, table, msg("{x}", x=text)) for code, table, text in notes))
    return replace(report, section=section)


def test_what_is_true_of_several_tables_is_said_once_with_their_names(weekly: Report) -> None:
    said = noted(weekly, ("unplaced", "funnel_13w", "2 left out"), ("unplaced", "funnel_12m", "2 left out"))
    assert warnings(said) == ["Funnel, last 13 weeks, Funnel, last 12 months: 2 left out"]


def test_the_most_important_come_first_and_the_rest_is_counted(weekly: Report) -> None:
    said = noted(weekly, *(("reopened_wins", "week", f"minor {n}") for n in range(6)),
                 ("immature_cohort", "week", "young"))  # fmt: skip
    lines = warnings(said, 6)
    assert [lines[0], lines[-1]] == ["Week by week: young", "and 2 more, see the tables"]
    assert (len(lines), len(warnings(said)), len(warnings(said, 7))) == (6, 7, 7)


def test_the_weekly_report_repeats_no_warning(weekly: Report) -> None:
    lines = [line.split(": ", 1)[1] for line in warnings(weekly)]
    assert lines
    assert len(set(lines)) == len(lines) <= len(weekly.section.notes)


def test_a_cycle_of_too_few_wins_is_not_known(population: Population, options: ReportOptions) -> None:
    (line, *_others) = warnings(report_kind("funnel").build(population, options))
    assert "the P75 of the sales cycle is not known (too few wins)" in line
    assert "?" not in line
