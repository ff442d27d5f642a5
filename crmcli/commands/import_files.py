"""`import`: files in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from crmcli.commands.reading import EVERYTHING, Reading
from crmcli.commands.shell import Shell, command, finish
from crmcli.errors import ExitCode
from crmcli.i18n import _


def add(app: typer.Typer) -> None:
    """Add `import`."""
    about = _("Import spreadsheets and exports; the same file twice changes nothing.")

    @command(app, "import", about, writes=True, reads=(*EVERYTHING, "source"))
    def import_(
        shell: Shell,
        reading: Reading,
        files: Annotated[list[str], typer.Argument(help=_("files, folders or patterns"))],
        on_match: Annotated[
            list[str],
            typer.Option(
                metavar="[COLUMN=]fill|overwrite|skip",
                help=_("for records already there; COLUMN (a header or a field): for that column only"),
            ),
        ] = ["fill"],  # noqa: B006 (typer reads it, nobody changes it)
        blank_clears: Annotated[bool, typer.Option(help=_("an empty cell empties the field"))] = False,
        keep_going: Annotated[bool, typer.Option(help=_("leave out files that cannot be read"))] = False,
        rejects: Annotated[Path | None, typer.Option(help=_("where to write the rows that were refused"))] = None,
    ) -> None:
        from crmcli.commands.asking import as_options, ask_about_columns
        from crmcli.commands.choices import modes_of
        from crmcli.commands.import_shown import import_document, import_tables
        from crmcli.commands.progress import progress
        from crmcli.jobs.import_files import ImportOptions, import_files

        choices, (general, apart) = reading.choices(), modes_of(on_match)
        with shell.workspace() as opened:
            said = ask_about_columns(shell, opened.settings, files, choices)
            workspace = replace(opened, command=f"{opened.command} {as_options(said)}".rstrip())
            choices = replace(choices, map={**said, **choices.map})
            options = ImportOptions(choices, general, blank_clears, keep_going, rejects, shell.dry_run, apart)
            with progress(shell) as tell:
                result = import_files(workspace, files, options, tell)
            shell.show(import_document(result), *import_tables(result))
        if said:
            shell.note(_("the same without questions: {options}").format(options=as_options(said)))
        if result.needs_attention:
            finish(ExitCode.ATTENTION)
