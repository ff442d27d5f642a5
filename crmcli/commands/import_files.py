"""`import`: files in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from crmcli.commands.shell import Shell, command, finish
from crmcli.errors import ExitCode
from crmcli.i18n import _


def add(app: typer.Typer) -> None:
    """Add `import`."""

    @command(app, "import", _("Import spreadsheets and exports; the same file twice changes nothing."), writes=True)
    def import_(
        shell: Shell,
        files: Annotated[list[str], typer.Argument(help=_("files, folders or patterns"))],
        kind: Annotated[str, typer.Option(help=_("what the rows are: customer, contact, lead, opportunity ..."))] = "",
        preset: Annotated[str, typer.Option(help=_("read it as this known export"))] = "",
        sheet: Annotated[str, typer.Option(help=_("only this sheet"))] = "",
        header_row: Annotated[
            int | None, typer.Option(min=0, max=2**31, help=_("the row that holds the headers; 0: none"))
        ] = None,
        encoding: Annotated[str, typer.Option(help=_("of a text file, where the guess is wrong"))] = "",
        password_env: Annotated[str, typer.Option(help=_("the variable that holds a file's password"))] = "",
        mapped: Annotated[
            list[str] | None, typer.Option("--map", metavar="HEADER=FIELD", help=_("what a column holds"))
        ] = None,
        source: Annotated[str, typer.Option(help=_("the system that the numbers in these files belong to"))] = "",
        on_match: Annotated[
            list[str],
            typer.Option(
                metavar="[COLUMN=]fill|overwrite|skip",
                help=_("for records already there; COLUMN (a header or a field): for that column only"),
            ),
        ] = ["fill"],  # noqa: B006 (typer reads it, nobody changes it)
        blank_clears: Annotated[bool, typer.Option(help=_("an empty cell empties the field"))] = False,
        keep_going: Annotated[bool, typer.Option(help=_("leave out files that cannot be read"))] = False,
        limit: Annotated[int | None, typer.Option(min=0, max=2**31, help=_("read only so many rows a sheet"))] = None,
        rejects: Annotated[Path | None, typer.Option(help=_("where to write the rows that were refused"))] = None,
    ) -> None:
        from crmcli.commands.choices import modes_of, read_choices
        from crmcli.commands.import_shown import import_document, import_tables
        from crmcli.commands.progress import progress
        from crmcli.jobs.import_files import ImportOptions, import_files

        read = read_choices(kind, preset, sheet, header_row, encoding, mapped or [], limit, source, password_env)
        general, apart = modes_of(on_match)
        options = ImportOptions(read, general, blank_clears, keep_going, rejects, shell.dry_run, apart)
        with shell.workspace() as workspace:
            with progress(shell) as tell:
                result = import_files(workspace, files, options, tell)
            shell.show(import_document(result), *import_tables(result))
        if result.needs_attention:
            finish(ExitCode.ATTENTION)
