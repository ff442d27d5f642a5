"""What the review of duplicates prints: decisions taken in, and merges taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crmcli.commands.undo_shown import kept_lines
from crmcli.i18n import _

if TYPE_CHECKING:
    from crmcli.jobs.dedupe.applying import ApplyResult
    from crmcli.jobs.dedupe.unmerge import UnmergeResult


def apply_document(done: ApplyResult) -> dict[str, Any]:
    """Return what a reviewed workbook changed."""
    left_out = [{"row": left.row, "pair": left.pair, "why": str(left.why)} for left in done.left_out]
    kinds = {kind: done.decided[kind] for kind in ("same", "different", "related", "unsure")}
    counts = {"merged": done.merged, "chosen": done.chosen, "unchanged": done.unchanged, "undecided": done.undecided}
    return {"run": done.run, "rows": done.rows} | kinds | counts | {"left_out": left_out}


def apply_lines(done: ApplyResult) -> list[str]:
    """Return what a reviewed workbook changed, in words."""
    document = apply_document(done)
    words = _(
        "{rows} pairs: {same} same ({merged} merged), {different} different, {related} related, {unsure} unsure,"
        " {undecided} left open, {unchanged} decided so before"
    )
    lines = [words.format(**document)]
    if done.chosen:
        lines.append(_("values were chosen by hand for {chosen} groups").format(**document))
    lines += [_("left out: row {row} ({pair}): {why}").format(**left) for left in document["left_out"]]
    if done.run and (done.decided or done.chosen):
        lines.append(_("run {run}; take it back with: crmcli undo {run}").format(run=done.run))
    return lines


def unmerge_document(done: UnmergeResult) -> dict[str, Any]:
    """Return what came back of a merge."""
    kept = [{"record": kept.record, "field": kept.field, "why": str(kept.why)} for kept in done.kept]
    numbers = {"run": done.run, "restored": done.restored, "survivor": done.survivor, "reversed": done.reversed}
    return numbers | {"kept": kept, "born_since": done.born_since}


def unmerge_lines(done: UnmergeResult) -> list[str]:
    """Return what came back of a merge, in words."""
    document = unmerge_document(done)
    words = _("{restored} is back, apart from {survivor}: {reversed} changes reversed")
    lines = [words.format(**document)]
    lines += kept_lines(document["kept"])
    lines += [
        _("{record} {name} came after the merge and is with {customer}").format(**born) for born in done.born_since
    ]
    return lines
