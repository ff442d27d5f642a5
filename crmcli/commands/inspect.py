"""`inspect`: what would be read, and why; needs no database, and looks into one for a trial of some rows."""

from __future__ import annotations

from typing import Annotated

import typer

from crmcli.commands.reading import EVERYTHING, Reading
from crmcli.commands.shell import Shell, command, finish
from crmcli.errors import ExitCode
from crmcli.i18n import _


def add(app: typer.Typer) -> None:
    """Add `inspect`."""
    about = _("Show what a file holds and how it would be read; nothing is written.")

    @command(app, "inspect", about, reads=EVERYTHING)
    def inspect(
        shell: Shell,
        reading: Reading,
        files: Annotated[list[str], typer.Argument(help=_("files, folders or patterns"))],
    ) -> None:
        from crmcli.commands.inspect_shown import inspect_document, inspect_tables
        from crmcli.jobs.inspect_files import inspect_files

        choices = reading.choices()
        if choices.limit is not None and shell.db_path.is_file():
            with shell.workspace() as workspace:
                found = inspect_files(workspace.settings, files, choices, workspace.db)
        else:
            found = inspect_files(shell.settings(), files, choices)
        shell.show(inspect_document(found), *inspect_tables(found))
        if found.unread:
            finish(ExitCode.FAILURE)
        if any(sheet.needs_attention for sheet in found.sheets):
            finish(ExitCode.ATTENTION)
