"""`report diff`: why an output of a report says something else than an earlier one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from crmcli.commands.shell import Shell, command
from crmcli.i18n import _


def add_diff(reports: typer.Typer) -> None:
    """Add `report diff` to the reports' commands."""

    @command(reports, "diff", _("Why an output of a report differs from an earlier one, cause by cause."))
    def diff(
        shell: Shell,
        first: Annotated[Path, typer.Argument(metavar="A", help=_("the earlier output: .xlsx or .json"))],
        second: Annotated[Path, typer.Argument(metavar="B", help=_("the later output"))],
        out: Annotated[Path | None, typer.Option("--out", help=_("the workbook to write"))] = None,
    ) -> None:
        from crmcli.jobs.reporting.differing import diff_reports
        from crmcli.jobs.reporting.write_report import save_report
        from crmcli.reports.json import document
        from crmcli.reports.terminal import show

        with shell.workspace() as workspace:
            made = diff_reports(workspace, first, second)
        form = "json" if out is not None and out.suffix.lower() == ".json" else "xlsx"
        files = save_report(made, out, form) if out is not None else []
        for path in files:
            shell.note(_("wrote {path}").format(path=path))
        if shell.json:
            shell.show(document(made) | ({"files": [str(path) for path in files]} if files else {}))
        elif out is None:
            show(made, shell.console())
