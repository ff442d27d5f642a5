"""A report, asked for by name: read, computed, checked."""

from __future__ import annotations

import json
from contextlib import nullcontext
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from crmcli.config import config_hash
from crmcli.config.kept import kept_settings
from crmcli.domain.metrics.evidence import RECORDS_LIMIT
from crmcli.domain.metrics.funnel import Mode
from crmcli.domain.metrics.loss import Sort
from crmcli.domain.metrics.period import WHOLE_HISTORY, Period
from crmcli.domain.metrics.period_words import period_of
from crmcli.domain.metrics.population import Population
from crmcli.domain.pipeline import Pipeline
from crmcli.jobs.deals.pipeline import known_pipeline
from crmcli.jobs.reporting.population import load_population
from crmcli.jobs.reporting.program import program
from crmcli.jobs.reporting.sources import load_parts
from crmcli.jobs.workspace import Workspace
from crmcli.reports.catalogue.every import ReportKind, report_kind
from crmcli.reports.csv_tables import main_table, write_tables, write_whole_lists
from crmcli.reports.files import whole_file
from crmcli.reports.json import document
from crmcli.reports.markdown import markdown
from crmcli.reports.model import Report
from crmcli.reports.options import ReportOptions
from crmcli.store.collector import collector_paused
from crmcli.store.past import as_known_at
from crmcli.store.reporting import last_recorded

EARLIER = "earlier"
"""The part of a population that is a population itself: the deals as they were known when the period began."""

MOVES = "moves"
"""The part that is read with the deals."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What a report is asked with, every default visible; `pipeline` by key or name, the rest as in `ReportOptions`.

    `known_at` has a zone; None: all that is known now.
    """

    period: Period = WHOLE_HISTORY
    by: tuple[str, ...] = ()
    mode: Mode = "reached"
    sort: Sort = "n"
    interval: bool = False
    pipeline: str = ""
    known_at: datetime | None = None
    closing: Period | None = None
    event: date | None = None
    working_days: bool = False
    records_limit: int = RECORDS_LIMIT

    def arguments(self) -> tuple[tuple[str, str], ...]:
        """Return option -> text of what differs from the defaults, without period and times."""
        own = [one.name for one in fields(self) if one.name not in ("period", "known_at", "records_limit")]
        plain = Asking()
        return tuple(
            (name, _written(getattr(self, name))) for name in own if getattr(self, name) != getattr(plain, name)
        )


def _written(value: Any) -> str:
    if isinstance(value, Period):
        return f"{value.start or ''}..{value.end or ''}"
    if isinstance(value, bool):
        return "yes"
    return ",".join(value) if isinstance(value, tuple) else str(value)


def make_report(workspace: Workspace, name: str, asking: Asking | None = None) -> Report:
    """Return a report on the database as of the workspace's clock: of all deals, or of one pipeline's.

    Raises:
        UnknownReportError: there is no such report.
        UnknownPipeline: there is no such pipeline.
        UnbalancedReportError: its figures contradict each other.
    """
    with collector_paused():
        prepared = prepare(workspace, name, asking)
        return prepared.kind.build(prepared.population, prepared.options)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A report that is read but not yet computed."""

    kind: ReportKind
    population: Population
    options: ReportOptions


def prepare(workspace: Workspace, name: str, asking: Asking | None = None) -> Prepared:
    """Return what a report is computed from.

    Raises:
        UnknownReportError: there is no such report.
        UnknownPipeline: there is no such pipeline.
    """
    kind = report_kind(name)
    asking = _with_period(workspace, asking or Asking(), kind.period)
    chosen = known_pipeline(workspace, asking.pipeline) if asking.pipeline else None
    with as_known_at(workspace.db, asking.known_at) if asking.known_at else nullcontext():
        options = _options(workspace, asking, chosen)
        population = _population(workspace, kind.needs, chosen, workspace.now())
    if EARLIER in kind.needs and asking.period.start:
        population = replace(population, earlier=_earlier(workspace, asking, chosen))
    return Prepared(kind, population, options)


def _with_period(workspace: Workspace, asking: Asking, usual: str) -> Asking:
    """Return what is asked, with a report's usual period where none is given."""
    if not usual or not asking.period.is_whole_history:
        return asking
    today = datetime.fromisoformat(workspace.now()).astimezone(workspace.zone).date()
    return replace(asking, period=period_of(usual, today, workspace.settings.workspace.week_starts))


def _population(workspace: Workspace, needs: tuple[str, ...], chosen: Pipeline | None, as_of: str) -> Population:
    population = load_population(workspace, as_of, chosen, with_moves=MOVES in needs)
    parts = load_parts(workspace, (part for part in needs if part not in (EARLIER, MOVES)), as_of)
    return replace(population, **parts)


def _earlier(workspace: Workspace, asking: Asking, chosen: Pipeline | None) -> Population:
    """Return the deals just before the period's start as they were known then; as of now where that is to come."""
    start = datetime.combine(asking.period.start or date.min, time(), workspace.zone)
    now = workspace.now()
    begins = min(start, datetime.fromisoformat(now))
    known_at = min(begins, asking.known_at) if asking.known_at else begins
    with as_known_at(workspace.db, known_at):
        as_of = (start - timedelta(microseconds=1)).isoformat() if begins == start else now
        return load_population(workspace, as_of, chosen)


def _options(workspace: Workspace, asking: Asking, chosen: Pipeline | None) -> ReportOptions:
    settings = workspace.settings
    recorded = last_recorded(workspace.db)
    return ReportOptions(
        as_of=datetime.fromisoformat(workspace.now()),
        period=asking.period,
        by=asking.by,
        min_n=settings.workspace.min_n,
        mode=asking.mode,
        sort=asking.sort,
        interval=asking.interval,
        currency=settings.workspace.currency,
        config_hash=config_hash(settings),
        program=program(),
        settings=kept_settings(settings),
        company=settings.workspace.name,
        data_time=datetime.fromisoformat(recorded) if recorded else None,
        week_starts=settings.workspace.week_starts,
        loss_reasons=settings.loss.reasons,
        known_at=asking.known_at,
        closing=asking.closing,
        event=asking.event,
        working_days=asking.working_days,
        pipeline=chosen.key if chosen else "",
        arguments=asking.arguments(),
        records_limit=asking.records_limit,
    )


@collector_paused()
def save_report(report: Report, path: Path, form: str, template: Path | None = None) -> list[Path]:
    """Return the files that a report is written to: a workbook ("xlsx"), a page ("html"), tables ("csv"), "md", "json".

    Each file is written whole or not at all; csv are several: every table and list of records has its own. Beside a
    workbook stands a csv of each list that its sheet has only a part of. A workbook is a `template` of one's own,
    filled, where there is one.

    Raises:
        FileNotWritten: a file cannot be written.
        CrmError: the template cannot be filled.
    """
    if form == "csv":
        return write_tables(report, path)
    if template is not None:
        from crmcli.reports.excel.template import fill_template

        return [path, *write_whole_lists(report, path, fill_template(report, template, path))]
    if form == "xlsx":
        from crmcli.reports.excel.workbook import write_workbook

        write_workbook(report, path)
        return [path, *write_whole_lists(report, path)]
    if form == "html":
        from crmcli.reports.html.document import write_page

        write_page(report, path)
    else:
        with whole_file(path) as file:
            file.write(as_text(report, form).encode())
    return [path]


def as_text(report: Report, form: str) -> str:
    """Return a report as "json", "md" or (its main table) "csv"."""
    if form == "json":
        return json.dumps(document(report), ensure_ascii=False, indent=2)
    return markdown(report) if form == "md" else main_table(report)
