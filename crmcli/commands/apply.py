"""`apply`: workbooks that asked something, filled in, taken back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crmcli.commands.shell import Shell, command, finish
from crmcli.errors import ExitCode
from crmcli.i18n import _

if TYPE_CHECKING:
    from crmcli.jobs.conflicts.applying import Decided
    from crmcli.jobs.returned import LeftRow, Returned
    from crmcli.jobs.workspace import Workspace


def add(app: typer.Typer) -> None:
    """Add `apply` and `words`."""
    _add_words(app)

    @command(app, "apply", _("Take a workbook back that was filled in: worklists, conflicts, words."), writes=True)
    def apply_(shell: Shell, file: Annotated[Path, typer.Argument(help=_("the workbook, filled in"))]) -> None:
        from crmcli.jobs.returned import read_returned

        with shell.workspace() as workspace:
            document, lines, left = _APPLYING[(returned := read_returned(file)).kind](shell, workspace, returned)
        shell.show(document, *lines)
        if left:
            finish(ExitCode.ATTENTION)


def _add_words(app: typer.Typer) -> None:
    @command(app, "words", _("Write stages, loss reasons and owners that nobody knows into a workbook to fill in."))
    def words(shell: Shell, out: Annotated[Path, typer.Option("--out", help=_("the workbook to write"))]) -> None:
        from crmcli.jobs.words.finding import word_workbook

        with shell.workspace() as workspace:
            number = word_workbook(workspace, out)
        lines = [_("{number} texts to place in {path}").format(number=number, path=out)]
        if number:
            lines.append(_("fill in the last column and take it back with: crmcli apply {path}").format(path=out))
        shell.show({"words": number, "out": str(out)}, *lines)


def _left_out(rows: Sequence[LeftRow]) -> list[dict[str, Any]]:
    return [{"row": left.row, "column": left.column, "why": str(left.why)} for left in rows]


def _left_lines(left_out: Sequence[dict[str, Any]]) -> list[str]:
    return [_("left out: row {row} ({column}): {why}").format(**left) for left in left_out]


Taken = tuple[dict[str, Any], list[str], bool]


def _pairs(shell: Shell, workspace: Workspace, returned: Returned) -> Taken:
    from crmcli.commands.review_shown import apply_document, apply_lines
    from crmcli.jobs.dedupe.applying import apply_review

    done = apply_review(workspace, returned, dry_run=shell.dry_run)
    return {"kind": "pairs"} | apply_document(done), apply_lines(done), bool(done.left_out or done.undecided)


def _conflicts(shell: Shell, workspace: Workspace, returned: Returned) -> Taken:
    from crmcli.jobs.conflicts.applying import apply_conflicts

    done = apply_conflicts(workspace, returned, dry_run=shell.dry_run)
    return {"kind": "conflicts"} | _document(done), _lines(done), done.needs_attention


def _document(done: Decided) -> dict[str, Any]:
    left_out = _left_out(done.left_out)
    counts = {kind: done.decided[kind] for kind in ("ours", "theirs", "typed")}
    counts |= {"unchanged": done.unchanged, "undecided": done.undecided, "changed_since": done.changed_since}
    path = str(done.conflicts) if done.conflicts else None
    return {"run": done.run, "rows": done.rows} | counts | {"conflicts": path, "left_out": left_out}


def _lines(done: Decided) -> list[str]:
    document = _document(done)
    words = _(
        "{rows} rows: {ours} keep ours, {theirs} take theirs, {typed} as typed, {undecided} left open,"
        " {unchanged} decided so before"
    )
    lines = [words.format(**document)]
    if done.changed_since:
        lines.append(_("{changed_since} rows changed since and are asked again: {conflicts}").format(**document))
    lines += _left_lines(document["left_out"])
    if done.run and done.decided:
        lines.append(_("run {run}; take it back with: crmcli undo {run}").format(run=done.run))
    return lines


def _words(shell: Shell, workspace: Workspace, returned: Returned) -> Taken:
    from crmcli.jobs.words.applying import apply_words

    done = apply_words(workspace, returned, dry_run=shell.dry_run)
    left_out = _left_out(done.left_out)
    counts = {
        key: getattr(done, key) for key in ("rows", "placed", "kept", "records", "unchanged", "undecided", "waiting")
    }
    document = {"kind": "words", "run": done.run} | counts | {"left_out": left_out}
    words = _(
        "{rows} texts: {placed} placed ({records} records with them), {kept} stay as they are, {undecided} left open,"
        " {unchanged} said so before"
    )
    lines = [words.format(**counts), *_left_lines(left_out)]
    if done.waiting:
        lines.append(_("{waiting} texts wait for a meaning: crmcli words --out FILE.xlsx").format(**counts))
    if done.run and (done.placed or done.kept):
        lines.append(_("run {run}; take it back with: crmcli undo {run}").format(run=done.run))
    return document, lines, done.needs_attention


def _worklist(shell: Shell, workspace: Workspace, returned: Returned) -> Taken:
    from crmcli.commands.worklist_shown import taken_document, taken_lines
    from crmcli.jobs.worklists.applying import apply_worklist

    done = apply_worklist(workspace, returned, dry_run=shell.dry_run)
    document = taken_document(returned.kind.removeprefix("crmcli:"), done)
    return document, taken_lines(document), done.needs_attention


_APPLYING = {
    "crmcli:pair": _pairs,
    "crmcli:conflict": _conflicts,
    "crmcli:word": _words,
    "crmcli:worklist": _worklist,
    "crmcli:review": _worklist,
}
