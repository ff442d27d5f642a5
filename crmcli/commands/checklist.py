"""`opp tick`: what a deal's stages ask to be ticked."""

from __future__ import annotations

from typing import Annotated

import typer

from crmcli.commands.shell import Shell, command
from crmcli.commands.written import undo_lines
from crmcli.i18n import _


def add_tick(opp: typer.Typer) -> None:
    """Add `opp tick`."""
    about = _("Tick an item of the stages' checklists; without one, show them all.")

    @command(opp, "tick", about, writes=True)
    def tick(
        shell: Shell,
        ref: Annotated[str, typer.Argument(help=_("a number (O7), an id or an unambiguous name"))],
        item: Annotated[str, typer.Argument(help=_("the item, or a part of it"))] = "",
        undo: Annotated[bool, typer.Option("--undo", help=_("take the tick away"))] = False,
    ) -> None:
        from crmcli.jobs.deals import checklists

        with shell.workspace() as workspace:
            if item:
                found = checklists.tick(workspace, ref, item, undo=undo, dry_run=shell.dry_run)
            else:
                found = checklists.checklist(workspace, ref)
        lines = [f"{'[x]' if one['ticked'] else '[ ]'} {one['stage']}: {one['item']}" for one in found["items"]]
        shell.show(found, *(lines or [_("no stage of its pipeline has a checklist")]), *undo_lines(found["run"]))
