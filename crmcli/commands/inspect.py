"""`inspect`: what would be read, and why; needs no database."""

from __future__ import annotations

from typing import Annotated

import typer

from crmcli.commands.shell import Shell, command, finish
from crmcli.errors import ExitCode
from crmcli.i18n import _


def add(app: typer.Typer) -> None:
    """Add `inspect`."""

    @command(app, "inspect", _("Show what a file holds and how it would be read; nothing is written."))
    def inspect(
        shell: Shell,
        files: Annotated[list[str], typer.Argument(help=_("files, folders or patterns"))],
        kind: Annotated[str, typer.Option(help=_("what the rows are"))] = "",
        preset: Annotated[str, typer.Option(help=_("read it as this known export"))] = "",
        sheet: Annotated[str, typer.Option(help=_("only this sheet"))] = "",
        header_row: Annotated[
            int | None, typer.Option(min=0, max=2**31, help=_("the row that holds the headers; 0: none"))
        ] = None,
        encoding: Annotated[str, typer.Option(help=_("of a text file, where the guess is wrong"))] = "",
        mapped: Annotated[
            list[str] | None, typer.Option("--map", metavar="HEADER=FIELD", help=_("what a column holds"))
        ] = None,
        limit: Annotated[int | None, typer.Option(min=0, max=2**31, help=_("read only so many rows a sheet"))] = None,
    ) -> None:
        from crmcli.commands.choices import read_choices
        from crmcli.commands.inspect_shown import inspect_document, inspect_tables
        from crmcli.jobs.inspect_files import inspect_files

        choices = read_choices(kind, preset, sheet, header_row, encoding, mapped or [], limit, "", "")
        found = inspect_files(shell.settings(), files, choices)
        shell.show(inspect_document(found), *inspect_tables(found))
        if found.unread:
            finish(ExitCode.FAILURE)
        if any(sheet.needs_attention for sheet in found.sheets):
            finish(ExitCode.ATTENTION)
