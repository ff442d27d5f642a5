"""A report, asked for by name: read, computed, checked."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from crmcli.config import config_hash
from crmcli.domain.metrics.funnel import Mode
from crmcli.domain.metrics.period import WHOLE_HISTORY, Period
from crmcli.jobs.collisions import load_collisions
from crmcli.jobs.deal_pipeline import known_pipeline
from crmcli.jobs.givings import load_givings
from crmcli.jobs.lead_population import load_leads
from crmcli.jobs.pool.stays import load_stays
from crmcli.jobs.population import load_population
from crmcli.jobs.workspace import Workspace
from crmcli.reports.catalogue.assignment import NAME as ASSIGNMENT
from crmcli.reports.catalogue.collisions import NAME as COLLISIONS
from crmcli.reports.catalogue.every import report_kind
from crmcli.reports.catalogue.leads import NAME as LEADS
from crmcli.reports.catalogue.pool import NAME as POOL
from crmcli.reports.files import whole_file
from crmcli.reports.json import document
from crmcli.reports.model import Report
from crmcli.reports.options import ReportOptions
from crmcli.store.reporting import last_recorded


def make_report(
    workspace: Workspace,
    name: str,
    *,
    period: Period = WHOLE_HISTORY,
    by: tuple[str, ...] = (),
    mode: Mode = "reached",
    interval: bool = False,
    pipeline: str = "",
) -> Report:
    """Return a report on the database as of the workspace's clock: of all deals, or of one pipeline's.

    Raises:
        UnknownReportError: there is no such report.
        UnknownPipeline: there is no such pipeline.
        UnbalancedReportError: its figures contradict each other.
    """
    kind = report_kind(name)
    settings = workspace.settings
    recorded = last_recorded(workspace.db)
    options = ReportOptions(
        as_of=datetime.fromisoformat(workspace.now()),
        period=period,
        by=by,
        min_n=settings.workspace.min_n,
        mode=mode,
        interval=interval,
        currency=settings.workspace.currency,
        config_hash=config_hash(settings),
        company=settings.workspace.name,
        data_time=datetime.fromisoformat(recorded) if recorded else None,
        week_starts=settings.workspace.week_starts,
        loss_reasons=settings.loss.reasons,
    )
    chosen = known_pipeline(workspace, pipeline) if pipeline else None
    population = load_population(workspace, workspace.now(), chosen)
    if name == LEADS:
        population = replace(population, leads=load_leads(workspace, workspace.now()))
    if name == ASSIGNMENT:
        population = replace(population, givings=load_givings(workspace, workspace.now()))
    if name == POOL:
        population = replace(population, stays=load_stays(workspace))
    if name == COLLISIONS:
        population = replace(population, collisions=load_collisions(workspace))
    return kind.build(population, options)


def save_report(report: Report, path: Path, form: str) -> None:
    """Write a report as a workbook ("xlsx") or as its document ("json"), whole or not at all.

    Raises:
        FileNotWritten: the file cannot be written.
    """
    if form == "json":
        with whole_file(path) as file:
            file.write(json.dumps(document(report), ensure_ascii=False, indent=2).encode())
        return
    from crmcli.reports.excel import write_workbook

    write_workbook(report, path)
