"""What `dedupe` prints: documents for scripts, tables and lines for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crmcli.i18n import _, enumerated

if TYPE_CHECKING:
    from crmcli.jobs.dedupe.run import DedupeResult
    from crmcli.jobs.dedupe.spreadsheet import FileResult


_MOST_TOLD = 10  # of merges that were taken back, by number


def run_lines(done: DedupeResult) -> list[str]:
    """Return what a run did, in words."""
    words = _("{candidates} pairs compared: {merged} duplicate customers merged away, {left} customers are left")
    lines = [words.format(candidates=done.candidates, merged=done.merged, left=done.customers - done.merged)]
    again = _("{fresh} customers are new or changed since the last run: {scored} pairs were scored")
    lines.append(again.format(fresh=done.fresh, scored=done.scored))
    if done.parted:
        apart = _("{count} merges of earlier runs do not hold any more and were taken back: {customers}")
        customers = enumerated(f"{one} ({other})" for one, other in done.parted[:_MOST_TOLD])
        lines.append(apart.format(count=len(done.parted), customers=customers))
    if done.review:
        line = _("{pairs} pairs are for a person to decide: crmcli dedupe review --out FILE.xlsx")
        lines.append(line.format(pairs=done.review))
    if done.run and (done.merged or done.parted):
        lines.append(_("run {run}; take it back with: crmcli undo {run}").format(run=done.run))
    return lines


def file_document(done: FileResult) -> dict[str, Any]:
    """Return what was found in a spreadsheet."""
    columns = [{"header": header, "field": path} for header, path in done.columns]
    left_out = [{"sheet": name, "why": str(why)} for name, why in done.left_out]
    counts = {"rows": done.rows, "candidates": done.candidates, "clusters": done.clusters, "clustered": done.clustered}
    counts |= {"review_groups": done.review_groups, "to_review": done.to_review, "no_records": done.odd}
    return {"out": str(done.out), "sheet": done.sheet} | counts | {"columns": columns, "left_out": left_out}


def file_lines(done: FileResult) -> list[str]:
    """Return what was found in a spreadsheet, in words."""
    document = file_document(done)
    words = _("{rows} rows, {candidates} pairs compared: {clustered} rows are {clusters} records for sure")
    lines = [words.format(**document)]
    compared = enumerated(f"{header} = {path}" for header, path in done.columns)
    lines.append(_("compared by: {columns}").format(columns=compared))
    if done.review_groups:
        lines.append(_("{review_groups} groups hold records that are perhaps the same").format(**document))
    if done.odd:
        lines.append(_("{no_records} rows are no records (totals, notes) and were not compared").format(**document))
    lines += [_("sheet {sheet}: left out ({why})").format(**left) for left in document["left_out"]]
    return [*lines, _("written: {path}").format(path=done.out)]
