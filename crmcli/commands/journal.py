"""`runs`, `undo`, `history`: reading the journal and taking things back."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from crmcli.commands.shell import Shell, command, finish
from crmcli.domain.words import word
from crmcli.errors import ExitCode
from crmcli.i18n import _, enumerated

_SHOWN_KEPT = 20


def add(app: typer.Typer) -> None:
    """Add the commands about the journal."""

    @command(app, "runs", _("List what was done, newest first; each run can be taken back."))
    def runs(
        shell: Shell, limit: Annotated[int | None, typer.Option(min=0, max=2**31, help=_("only the newest"))] = None
    ) -> None:
        from crmcli.store.changes import runs

        with shell.workspace() as workspace:
            found = runs(workspace.db, limit)
        keys = ("kind", "command", "actor", "started", "finished", "status", "counts")
        shell.show([{"run": f"R{run['id']}"} | {key: run[key] for key in keys} for run in found], _runs_table(found))

    @command(app, "undo", _("Take a run back; what was changed since is kept and named."), writes=True)
    def undo(shell: Shell, run: Annotated[str, typer.Argument(help=_("the run, as in R7"))]) -> None:
        from crmcli.jobs.undo import undo_run

        with shell.workspace() as workspace:
            result = undo_run(workspace, run, dry_run=shell.dry_run)
        kept = [{"record": kept.record, "field": kept.field, "why": str(kept.why)} for kept in result.kept]
        blocked = [{"record": kept.record, "field": kept.field, "why": str(kept.why)} for kept in result.blocked]
        document = {"run": result.run, "undoes": result.undoes, "reversed": result.reversed}
        words = _("{run} taken back: {reversed} changes reversed, {kept} kept")
        lines = [words.format(run=result.undoes, reversed=result.reversed, kept=len(kept))]
        lines += [_("kept: {record} {field}: {why}").format(**row) for row in kept[:_SHOWN_KEPT]]
        if len(kept) > _SHOWN_KEPT:
            lines.append(_("and {number} more (--json lists all)").format(number=len(kept) - _SHOWN_KEPT))
        shell.show(document | {"kept": kept, "blocked": blocked}, *lines)
        if kept or blocked:
            finish(ExitCode.ATTENTION)

    @command(app, "history", _("Show all that happened to one record: who, when, what, from which cell."))
    def history(
        shell: Shell, ref: Annotated[str, typer.Argument(help=_("a number (C12), an id, a phone or a name"))]
    ) -> None:
        from crmcli.jobs.history import record_history

        with shell.workspace() as workspace:
            entries = record_history(workspace, ref)
        shell.show(entries, history_table(entries))


def _runs_table(found: list[dict[str, Any]]) -> Any:
    from rich.table import Table

    table = Table()
    for title in (_("run"), _("kind"), _("when"), _("who"), _("status"), _("counts"), _("command")):
        table.add_column(title, overflow="fold")
    for run in found:
        counts = enumerated(f"{word(name)} {number}" for name, number in run["counts"].items() if number)
        kind, status = word(run["kind"]), word(run["status"])
        table.add_row(f"R{run['id']}", kind, run["started"], run["actor"], status, counts, run["command"])
    return table


def history_table(entries: list[dict[str, Any]]) -> Any:
    """Return a record's history for the terminal."""
    from rich.table import Table

    table = Table()
    for title in (_("when"), _("run"), _("who"), _("what"), _("field"), _("before"), _("after"), _("source")):
        table.add_column(title, overflow="fold")
    for entry in entries:
        source = entry["source"] or {}
        place = f"{source.get('file', '')} {source.get('sheet', '')} {source.get('row', '')}".strip()
        head = [entry["at"], entry["run"], entry["actor"], word(entry["op"])]
        for field in entry["fields"] or [{"field": "", "before": "", "after": ""}]:
            shown = [str(field[key]) if field[key] is not None else "" for key in ("field", "before", "after")]
            table.add_row(*head, *shown, place)
            head = ["", "", "", ""]
    return table
