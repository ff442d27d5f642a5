"""`series`: dated versions of one sheet in, the history of its opportunities out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from crmcli.commands.reading import TABLE, Reading
from crmcli.commands.shell import Shell, command, finish
from crmcli.errors import ExitCode
from crmcli.i18n import _

_READS = ("kind", "preset", *TABLE, "source")


def add(app: typer.Typer) -> None:
    """Add `series`."""
    about = _("Rebuild the history from dated versions of one old sheet; another sheet needs a --source of its own.")

    @command(app, "series", about, writes=True, reads=_READS)
    def series(
        shell: Shell,
        reading: Reading,
        files: Annotated[list[str], typer.Argument(help=_("the versions: files, folders or patterns, in any order"))],
        dates: Annotated[
            list[str] | None, typer.Option(metavar="name|title|modified|FILE=DAY", help=_("which day a version is of"))
        ] = None,
        year: Annotated[int | None, typer.Option(min=1970, max=2100, help=_("the first version's year"))] = None,
        rejects: Annotated[Path | None, typer.Option(help=_("where to write the rows that were refused"))] = None,
    ) -> None:
        from crmcli.commands.choices import date_choices
        from crmcli.commands.progress import progress
        from crmcli.commands.series_shown import series_document, series_tables
        from crmcli.jobs.series.read_series import SeriesOptions, read_series

        options = SeriesOptions(reading.choices(), date_choices(dates or [], year), shell.dry_run, rejects)
        with shell.workspace() as workspace:
            with progress(shell) as tell:
                result = read_series(workspace, files, options, tell)
            shell.show(series_document(result), *series_tables(result))
        if result.listed:
            finish(ExitCode.ATTENTION)
