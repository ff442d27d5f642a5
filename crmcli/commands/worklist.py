"""`worklist`: the salespeople's workbooks, and the one of closed deals to be reviewed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crmcli.commands.moments import parse_day
from crmcli.commands.shell import Shell, command
from crmcli.i18n import _

if TYPE_CHECKING:
    from crmcli.domain.metrics.period import Period


def add(app: typer.Typer) -> None:
    """Add `worklist`."""

    @command(app, "worklist", _("Write everybody's workbook of what to do today, to be filled in."), timed=True)
    def worklist(
        shell: Shell,
        out: Annotated[Path, typer.Option("--out", help=_("the workbook to write; without --owner a folder of them"))],
        owner: Annotated[str, typer.Option("--owner", metavar=_("WHO"), help=_("only this person's"))] = "",
        review: Annotated[bool, typer.Option("--review", help=_("the closed deals, to be reviewed"))] = False,
        start: Annotated[
            str | None, typer.Option("--from", metavar=_("DATE"), help=_("the first day (--review)"))
        ] = None,
        end: Annotated[
            str | None, typer.Option("--to", metavar=_("DATE"), help=_("the day after the last (--review)"))
        ] = None,
    ) -> None:
        from crmcli.commands.worklist_shown import written_document, written_lines
        from crmcli.jobs.worklists.review import write_review
        from crmcli.jobs.worklists.writing import write_worklist, write_worklists

        period = _period(start, end)
        with shell.workspace() as workspace:
            if review:
                files = [write_review(workspace, out, period, owner)]
            else:
                files = [write_worklist(workspace, owner, out)] if owner else write_worklists(workspace, out)
        shell.show(written_document(files), *written_lines(files))


def _period(start: str | None, end: str | None) -> Period | None:
    """Return the days asked for, None where none are."""
    from crmcli.domain.metrics.period import Period

    return Period(parse_day(start) if start else None, parse_day(end) if end else None) if start or end else None
