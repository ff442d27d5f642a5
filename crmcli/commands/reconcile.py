"""`reconcile`: the statement of imports to sign."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from crmcli.commands.shell import Shell, command
from crmcli.i18n import _


def add(app: typer.Typer) -> None:
    """Add `reconcile`."""

    @command(app, "reconcile", _("Compare what was imported with the database, row by row: a statement to sign."))
    def reconcile(
        shell: Shell,
        run: Annotated[str, typer.Argument(help=_("the import, as in R7; without it, all that stand"))] = "",
        out: Annotated[Path | None, typer.Option("--out", help=_("the workbook to write"))] = None,
        duplicates: Annotated[
            Path | None, typer.Option(help=_("where to write the rows that hit a known record"))
        ] = None,
    ) -> None:
        from crmcli.commands.progress import progress
        from crmcli.jobs.reconciling.duplicates import save_duplicates
        from crmcli.jobs.reconciling.report import reconcile, save_statement
        from crmcli.reports.reconciling.statement import main_tables, statement_document
        from crmcli.reports.terminal import show

        with shell.workspace() as workspace, progress(shell) as tell:
            statement, report = reconcile(workspace, run, tell)
            if out is not None:
                save_statement(report, out)
            hits = save_duplicates(workspace, run, duplicates) if duplicates is not None else 0
        if shell.json:
            shell.show(statement_document(report, statement))
        else:
            show(main_tables(report), shell.console())
            shell.note(_("{n} differences, each with its reason").format(n=len(statement.differences)))
        if out is not None:
            shell.note(_("wrote {path}").format(path=out))
        if duplicates is not None:
            shell.note(_("{n} rows hit a record that was there already: {path}").format(n=hits, path=duplicates))
