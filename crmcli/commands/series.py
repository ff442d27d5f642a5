"""`series`: dated versions of one sheet in, the history of its opportunities out."""

from __future__ import annotations

from typing import Annotated

import typer

from crmcli.commands.shell import Shell, command, finish
from crmcli.errors import ExitCode
from crmcli.i18n import _


def add(app: typer.Typer) -> None:
    """Add `series`."""

    @command(app, "series", _("Rebuild the history from dated versions of one old sheet."), writes=True)
    def series(
        shell: Shell,
        files: Annotated[list[str], typer.Argument(help=_("the versions: files, folders or patterns, in any order"))],
        dates: Annotated[
            list[str] | None, typer.Option(metavar="name|title|modified|FILE=DAY", help=_("which day a version is of"))
        ] = None,
        year: Annotated[int | None, typer.Option(min=1970, max=2100, help=_("the first version's year"))] = None,
        sheet: Annotated[str, typer.Option(help=_("only this sheet"))] = "",
        header_row: Annotated[int | None, typer.Option(min=0, max=2**31, help=_("the headers' row; 0: none"))] = None,
        password_env: Annotated[str, typer.Option(help=_("the variable that holds a file's password"))] = "",
        mapped: Annotated[
            list[str] | None, typer.Option("--map", metavar="HEADER=FIELD", help=_("what a column holds"))
        ] = None,
        source: Annotated[str, typer.Option(help=_("the name of this series; another sheet is another one"))] = "",
    ) -> None:
        from crmcli.commands.choices import date_choices, read_choices
        from crmcli.commands.progress import progress
        from crmcli.commands.series_shown import series_document, series_tables
        from crmcli.jobs.series.read_series import SeriesOptions, read_series

        read = read_choices("", "", sheet, header_row, "", mapped or [], None, source, password_env)
        options = SeriesOptions(read, date_choices(dates or [], year), shell.dry_run)
        with shell.workspace() as workspace:
            with progress(shell) as tell:
                result = read_series(workspace, files, options, tell)
            shell.show(series_document(result), *series_tables(result))
        if result.listed:
            finish(ExitCode.ATTENTION)
