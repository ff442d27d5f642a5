"""`remind`: what is due, in words, as a workbook or a calendar, or sent to a group."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crmcli.commands.environment import ENVIRONMENT
from crmcli.commands.shell import Shell, command, finish
from crmcli.errors import ExitCode
from crmcli.i18n import _

if TYPE_CHECKING:
    from crmcli.jobs.reminders.notifying import Sent


def add(app: typer.Typer) -> None:
    """Add `remind`."""

    @command(
        app, "remind", _("Say what is due, overdue, stalled or silent; ends with 10 where anything is."), timed=True
    )
    def remind(
        shell: Shell,
        owner: Annotated[str, typer.Option("--owner", metavar=_("WHO"), help=_("only what concerns this person"))] = "",
        out: Annotated[
            Path | None, typer.Option("--out", help=_("a file for all of it: .xlsx, or .ics for a calendar"))
        ] = None,
        send: Annotated[bool, typer.Option("--send", help=_("send it to the addresses of [remind] notify"))] = False,
    ) -> None:
        from crmcli.commands.remind_shown import shown
        from crmcli.jobs.reminders.collect import collect_reminders
        from crmcli.jobs.reminders.document import document
        from crmcli.jobs.reminders.files import check_ending, write_file
        from crmcli.jobs.reminders.notifying import send_reminders
        from crmcli.jobs.reminders.then import as_known_then

        if out is not None:
            check_ending(out)
        with shell.workspace() as workspace:
            with as_known_then(workspace, ENVIRONMENT.clock()) as is_known:
                found = collect_reminders(workspace, owner)
            if out is not None:
                write_file(workspace, found, out)
            sent = send_reminders(workspace, found) if send else []
        if shell.json or found.items:
            shell.show(document(found, sent, is_known=is_known) if shell.json else None, *shown(found.items))
        if not is_known:
            shell.note(_("nothing was recorded by then: owners, stages and plans are shown as they are now"))
        _end(shell, sent, due=bool(found.items))


def _end(shell: Shell, sent: list[Sent], *, due: bool) -> None:
    """End with 1 where a message did not arrive, else with 10 where anything is due."""
    from crmcli.jobs.reminders.notifying import NotSent

    failed = [one for one in sent if one.why is not None]
    if failed and not shell.json:
        raise NotSent(failed)
    if failed:
        finish(ExitCode.FAILURE)
    for one in sent:
        shell.note(_("sent to {label}: {n}").format(label=one.label, n=one.items))
    if due:
        finish(ExitCode.DUE)
