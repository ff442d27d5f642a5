"""`doctor`, `backup`, `restore`: keeping the workspace safe."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from crmcli.commands.environment import ENVIRONMENT
from crmcli.commands.shell import Shell, command, finish
from crmcli.errors import CrmError, ExitCode
from crmcli.i18n import _


def add(app: typer.Typer) -> None:
    """Add the commands that keep the workspace safe."""

    @command(app, "doctor", _("Check the database's health and the quality of what it holds."))
    def doctor(shell: Shell) -> None:
        from crmcli.jobs.safety.doctor import as_document, examine

        with shell.workspace() as workspace:
            findings = examine(workspace)
        marks = {"error": "✗", "warning": "!", "info": "·"}
        lines = [f"{marks[f.severity]} {f.message} {' '.join(f.records)}".rstrip() for f in findings]
        sound = not any(finding.severity == "error" for finding in findings)
        verdict = _("the database is sound") if sound else _("the database is damaged: see `crmcli restore`")
        shell.show([as_document(finding) for finding in findings], *lines, verdict)
        if not sound:
            finish(ExitCode.FAILURE)

    @command(app, "backup", _("Write a checked copy of the database to backups/."))
    def backup(
        shell: Shell,
        out: Annotated[Path | None, typer.Option(help=_("the file to write, if not one in backups/"))] = None,
    ) -> None:
        from crmcli.jobs.safety.backups import backup

        with shell.workspace() as workspace:
            made = backup(workspace, out)
        shell.show({"backup": str(made)}, _("wrote {path}").format(path=made))

    @command(app, "restore", _("Put a backup in the place of the database; the present one is put aside."))
    def restore(
        shell: Shell, source: Annotated[Path | None, typer.Argument(help=_("the backup; by default the newest"))] = None
    ) -> None:
        from crmcli.jobs.safety.backups import newest_backup, restore

        chosen = source or newest_backup(shell.db_path)
        if not shell.confirm(_("Replace {db} by {source}?").format(db=shell.db_path, source=chosen)):
            finish(ExitCode.FAILURE)
        aside = restore(chosen, shell.db_path, _local_now(shell))
        document = {"restored": str(chosen), "put_aside": str(aside) if aside else None}
        lines = [_("restored {path}").format(path=chosen)]
        lines += [_("the database before it is kept as {path}").format(path=aside)] if aside else []
        shell.show(document, *lines)


def _local_now(shell: Shell) -> datetime:
    """Return the present instant in the workspace's time zone; the machine's where crm.toml cannot be read."""
    now = ENVIRONMENT.clock()
    with suppress(CrmError):
        now = now.astimezone(ZoneInfo(shell.settings().workspace.timezone))
    return now
