from __future__ import annotations

from dataclasses import replace

import pytest

from crmcli.domain.metrics.population import Population
from crmcli.domain.metrics.timeline import standing, timeline
from crmcli.domain.metrics.winrate import win_rates
from crmcli.i18n import msg
from crmcli.reports.behind import check_of_records
from crmcli.reports.catalogue.funnel import build
from crmcli.reports.model import Check, UnbalancedReportError, balanced
from crmcli.reports.options import ReportOptions


def test_a_report_that_does_not_balance_is_refused(population: Population, options: ReportOptions) -> None:
    report = build(population, options)
    assert balanced(report) is report
    broken = replace(report.section, checks=(Check("sums", ok=False, detail=msg("3 is not 4")),))
    with pytest.raises(UnbalancedReportError, match="sums: 3 is not 4"):
        balanced(replace(report, section=broken))


def test_records_that_do_not_add_up_fail_the_check(population: Population, options: ReportOptions) -> None:
    line = timeline(population)
    seen = line, standing(line, line.moment(options.as_of))
    _rows, evidence = win_rates(*seen, options.period, home="CNY")
    right = check_of_records("r", seen, evidence, {(0, "won"): 2}, {(0, "won"): {"CNY": 3000_00}}, "CNY")
    miscounted = check_of_records("r", seen, evidence, {(0, "won"): 3}, {}, "CNY")
    misadded = check_of_records("r", seen, evidence, {}, {(0, "won"): {"CNY": 1}}, "CNY")
    assert (right.ok, miscounted.ok, misadded.ok) == (True, False, False)
