"""`report`: the figures, on the terminal, as JSON or as a workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from crmcli.commands.asked import Asked, taken_options
from crmcli.commands.report_diff import add_diff
from crmcli.commands.shell import Shell, command, group
from crmcli.i18n import _

if TYPE_CHECKING:
    from pathlib import Path

    from crmcli.reports.model import Report


def add(app: typer.Typer) -> None:
    """Add `report` with a command for each report of the catalogue."""
    from crmcli.reports.names import REPORT_NAMES

    reports = group(_("The figures: funnel, win rate, loss reasons, pipeline, the weekly workbook."))
    app.add_typer(reports, name="report")

    @command(reports, "list", _("List the reports."))
    def list_(shell: Shell) -> None:
        from crmcli.reports.catalogue.every import REPORTS

        found = [
            {"name": kind.name, "title": str(kind.title), "summary": str(kind.summary),
             "options": taken_options(kind.name)}
            for kind in REPORTS
        ]  # fmt: skip
        lines = _("{name}: {title}. {summary}\n  takes {options}")
        shell.show(found, *(lines.format(**row | {"options": " ".join(row["options"])}) for row in found))

    add_diff(reports)
    for name, summary in REPORT_NAMES.items():
        _add_report(reports, name, str(summary))


def _add_report(reports: typer.Typer, name: str, summary: str) -> None:
    @command(reports, name, summary, timed=True, asks=True)
    def report(shell: Shell, asked: Asked) -> None:
        from crmcli.jobs.reporting.write_report import make_report, save_report
        from crmcli.store.records import count

        form, template = asked.form(), asked.template
        with shell.workspace() as workspace:
            asking = asked.asking(workspace.now(), workspace.zone, workspace.settings.workspace.week_starts)
            made = make_report(workspace, name, asking)
            if not count(workspace.db, "opportunity"):
                shell.note(_("there are no opportunities yet: `crmcli import FILE...` brings them in"))
            files = save_report(made, asked.out, form, template) if asked.out is not None else []
        _give(shell, made, asked, form, files)


def _give(shell: Shell, report: Report, asked: Asked, form: str, files: list[Path]) -> None:
    from crmcli.reports.json import document

    for path in files:
        shell.note(_("wrote {path}").format(path=path))
    if shell.json or (form == "json" and asked.out is None):
        shell.as_json().show(document(report) | ({"files": [str(path) for path in files]} if files else {}))
    elif asked.out is None and form:
        from crmcli.jobs.reporting.write_report import as_text

        typer.echo(as_text(report, form), nl=False)
    elif asked.out is None:
        from crmcli.reports.terminal import show

        show(report, shell.console())
