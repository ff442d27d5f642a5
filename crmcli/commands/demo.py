"""`demo`: the whole journey on the samples."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from crmcli.commands.shell import Shell, command
from crmcli.i18n import _


def add(app: typer.Typer) -> None:
    """Add `demo`."""

    @command(app, "demo", _("Show the whole journey on made-up samples, in a folder of its own."))
    def demo(
        shell: Shell, folder: Annotated[Path, typer.Argument(metavar="[DIR]", help=_("where"))] = Path("demo")
    ) -> None:
        from crmcli.commands.import_shown import import_tables
        from crmcli.jobs.demo import run_demo

        done = run_demo(folder, shell.note)
        document = {
            "folder": str(folder),
            "imported": {sheet.planned.sheet.file: dict(sheet.tally.counts) for sheet in done.imported.sheets},
            "merged": done.deduped.merged,
            "review": done.deduped.review,
            "assigned": done.assigned.by_owner,
            "workbooks": [str(done.weekly), str(done.review), str(done.imported.rejects)],
        }
        found = _("{merged} duplicate customers merged, {review} pairs left for a person to judge")
        given = _("{number} opportunities given to {owners} owners by rule")
        total = sum(done.assigned.by_owner.values())
        shell.show(
            document,
            import_tables(done.imported)[0],
            _("rows to fix and import again: {path}").format(path=done.imported.rejects),
            found.format(merged=done.deduped.merged, review=done.deduped.review),
            given.format(number=total, owners=len(done.assigned.by_owner)),
            _("duplicates to judge: {path}").format(path=done.review),
            _("go on: cd {folder}; crmcli runs; crmcli undo R1").format(folder=folder),
            _("open this workbook: {path}").format(path=done.weekly),
        )
