from __future__ import annotations

from crmcli.domain.metrics.population import Population
from crmcli.reports.catalogue.every import report_kind
from crmcli.reports.markdown import markdown
from crmcli.reports.options import ReportOptions


def test_tables_warnings_and_definitions_as_text(population: Population, options: ReportOptions) -> None:
    text = markdown(report_kind("loss").build(population, options))
    lines = text.splitlines()
    assert lines[0] == "# Loss reasons"
    head = next(line for line in lines if line.startswith("| Loss reason"))
    row = next(line for line in lines if line.startswith("| 未填"))
    assert head.count("|") == row.count("|") == lines[lines.index(head) + 1].count("|")
    assert lines[lines.index(head) + 1].startswith("| --- | ---: |")
    assert "## Definitions" in lines
    assert lines[-1].endswith("checks, all hold")


def test_signs_of_the_data_stay_text(population: Population, options: ReportOptions) -> None:
    deals = population.deals.assign(owner="a|b*c<script>")
    changed = type(population)(deals, population.events, population.stages)
    report = report_kind("winrate").build(changed, options.__class__(as_of=options.as_of, by=("owner",)))
    assert r"a\|b\*c\<script\>" in markdown(report)
