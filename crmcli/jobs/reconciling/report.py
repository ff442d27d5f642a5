"""A statement as people and scripts get it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from crmcli.config import config_hash
from crmcli.config.parts import pipelines
from crmcli.domain.statement import Statement
from crmcli.jobs.reconciling.statement import make_statement
from crmcli.jobs.workspace import Workspace
from crmcli.reports.model import Report, balanced
from crmcli.reports.reconciling.statement import StatementSettings, statement_report
from crmcli.store.reporting import last_recorded


def reconcile(
    workspace: Workspace, run: str = "", progress: Callable[[str], None] = lambda _: None
) -> tuple[Statement, Report]:
    """Return the statement of one import ("R7"), or of all that stand (""), and the report that shows it.

    Raises:
        UnbalancedReportError: source, listed differences and database do not agree: nothing is shown.
        CrmError: there is no such run or no import.
    """
    statement = make_statement(workspace, run, progress)
    settings = workspace.settings
    recorded = last_recorded(workspace.db)
    stages = [name for line in pipelines(settings) for name in line.names]
    dressed = StatementSettings(
        datetime.fromisoformat(workspace.now()),
        settings.workspace.name,
        config_hash(settings),
        settings.workspace.currency,
        list(dict.fromkeys(stages)),
        datetime.fromisoformat(recorded) if recorded else None,
    )
    return statement, balanced(statement_report(statement, dressed))


def save_statement(report: Report, path: Path) -> None:
    """Write the workbook to sign.

    Raises:
        FileNotWritten: the file cannot be written.
    """
    from crmcli.reports.excel.reconcile import write_statement

    write_statement(report, path)
