"""What `worklist` wrote, and what `apply` took back of it, in words and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from crmcli.i18n import _

if TYPE_CHECKING:
    from crmcli.jobs.worklists.applying import TakenBack
    from crmcli.jobs.worklists.writing import Written

_SHOWN = 20


def written_document(files: Sequence[Written]) -> dict[str, Any]:
    """Return the workbooks that were written as JSON."""
    return {"files": [{"owner": f.owner, "path": str(f.path), "rows": f.rows, "today": f.due} for f in files]}


def written_lines(files: Sequence[Written]) -> list[str]:
    """Return the workbooks that were written, a line each."""
    if not files:
        return [_("nobody has an open opportunity")]
    lines = []
    for file in files:
        words = (
            _("{path}: {rows} closed") if file.owner is None else _("{owner}: {due} of {rows} need something: {path}")
        )
        lines.append(words.format(owner=file.owner, due=file.due, rows=file.rows, path=file.path))
    return [*lines, _("take one back with: crmcli apply {path}").format(path=files[0].path)]


def taken_document(kind: str, done: TakenBack) -> dict[str, Any]:
    """Return what became of a workbook as JSON; the cells add up to `edited`."""
    from crmcli.jobs.worklists.applying import STATES

    cells = {state: done.cells[state] for state in STATES}
    left_out = [
        {"sheet": left.sheet, "row": left.row, "column": left.column, "why": str(left.why)} for left in done.left_out
    ]
    path = str(done.conflicts) if done.conflicts else None
    head = {"kind": kind, "run": done.run, "rows": done.rows, "edited": sum(cells.values()), "cells": cells}
    return head | {"added": done.added, "conflicts": path, "left_out": left_out}


def taken_lines(document: dict[str, Any]) -> list[str]:
    """Return the same in words."""
    words = _(
        "{rows} rows, {edited} cells edited: {taken} taken, {same} said so already, {conflict} contradict what was"
        " changed meanwhile, {left_out} left out"
    )
    lines = [words.format(rows=document["rows"], edited=document["edited"], **document["cells"])]
    if document["conflicts"]:
        words = _("decide on the conflicts in {path} and take it back with: crmcli apply {path}")
        lines.append(words.format(path=document["conflicts"]))
    words = _("left out: {sheet}, row {row} ({column}): {why}")
    lines += [words.format(**left) for left in document["left_out"][:_SHOWN]]
    if (more := len(document["left_out"]) - _SHOWN) > 0:
        lines.append(_("and {n} more; --json lists all").format(n=more))
    if document["run"] and document["cells"]["taken"]:
        lines.append(_("run {run}; take it back with: crmcli undo {run}").format(run=document["run"]))
    return lines
