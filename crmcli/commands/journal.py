"""`runs`, `undo`, `history`: reading the journal and taking things back."""

from __future__ import annotations

from decimal import Decimal
from pathlib import PurePath
from typing import Annotated, Any

import typer

from crmcli.commands.shell import Shell, command, finish
from crmcli.commands.undo_shown import column_words, undo_document, undo_told
from crmcli.domain.moves import move_in_words
from crmcli.domain.records import parse_number
from crmcli.domain.words import word
from crmcli.errors import ExitCode
from crmcli.i18n import _, enumerated


def add(app: typer.Typer) -> None:
    """Add the commands about the journal."""

    @command(app, "runs", _("List what was done, newest first; each run can be taken back."))
    def runs(
        shell: Shell,
        limit: Annotated[
            int | None, typer.Option(min=0, max=2**31, help=_("list no more than so many, the newest"))
        ] = None,
    ) -> None:
        from crmcli.store.changes import runs

        with shell.workspace() as workspace:
            found = runs(workspace.db, limit)
        keys = ("kind", "command", "actor", "started", "finished", "status", "counts")
        shell.show([{"run": f"R{run['id']}"} | {key: run[key] for key in keys} for run in found], _runs_table(found))

    @command(app, "undo", _("Take a run back; what was changed since is kept and named."), writes=True)
    def undo(shell: Shell, run: Annotated[str, typer.Argument(help=_("the run, as in R7"))]) -> None:
        from crmcli.jobs.journal.undo import undo_run

        with shell.workspace() as workspace:
            result = undo_run(workspace, run, dry_run=shell.dry_run)
        shell.show(undo_document(result), *undo_told(result))
        if result.kept or result.blocked:
            finish(ExitCode.ATTENTION)

    @command(app, "history", _("Show all that happened to one record: who, when, what, from which cell."))
    def history(
        shell: Shell, ref: Annotated[str, typer.Argument(help=_("a number (C12), an id, a phone or a name"))]
    ) -> None:
        from crmcli.jobs.journal.history import record_history

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
    for title in (_("when"), _("run"), _("who"), _("what"), _("field"), _("before"), _("after"), _("why"), _("source")):
        table.add_column(title, overflow="fold")
    for entry in entries:
        head, place = [entry["at"], entry["run"], entry["actor"], _done_to(entry)], _place(entry["source"])
        why = _why(entry["move"]) or entry["why"] or ""
        for row in _changed(entry) or [("", "", "")]:
            table.add_row(*head, *row, why, place)
            head, why, place = ["", "", "", ""], "", ""
    return table


def _done_to(entry: dict[str, Any]) -> str:
    """Return what was done, and to which task, approval or file, as far as it is one."""
    kind = (parse_number(entry["record"]) or ("",))[0]
    told = (word(kind), entry["record"]) if kind in ("task", "approval", "attachment") else ()
    return " ".join([*told, word(entry["op"])])


def _why(move: dict[str, Any] | None) -> str:
    """Return why and how a stage changed; "" where it did not."""
    said = [move[key] for key in ("reason", "note") if move[key]] if move else []
    return enumerated([*said, *move_in_words(move)]) if move else ""


def _place(source: dict[str, Any] | None) -> str:
    """Return the file's name, the sheet and the row; "" where no file said it."""
    if source is None:
        return ""
    row = _("row {number}").format(number=source["row"])
    return " ".join(part for part in (PurePath(source["file"]).name, source["sheet"], row) if part)


def _changed(entry: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Return (field, before, after) of each field in words; the cells of a file as they stand there."""
    if entry["op"] == "create" and entry["source"]:
        return [(field["field"], "", str(field["after"])) for field in entry["fields"]]
    entity = (parse_number(entry["record"]) or ("",))[0]
    return [
        (column_words(entity, key), _value(key, field["before"]), _value(key, field["after"]))
        for field in entry["fields"]
        for key in [field["field"]]
    ]


def _value(key: str, value: Any) -> str:
    if value is None:
        return ""
    if key in ("amount", "price"):
        return f"{Decimal(value):,.2f}"
    if isinstance(value, list):
        return enumerated(value)
    return word(value) if key == "status" else str(value)
