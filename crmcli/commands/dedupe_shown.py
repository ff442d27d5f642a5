"""What `dedupe` prints: documents for scripts, tables and lines for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crmcli.domain.records import record_number
from crmcli.domain.words import word
from crmcli.i18n import _, enumerated
from crmcli.jobs.dedupe.pairs import reason_in_words

if TYPE_CHECKING:
    from rich.table import Table

    from crmcli.jobs.dedupe.explaining import PairExplained
    from crmcli.jobs.dedupe.run import DedupeResult
    from crmcli.jobs.dedupe.spreadsheet import FileResult


def run_lines(done: DedupeResult) -> list[str]:
    """Return what a run did, in words."""
    words = _("{candidates} pairs compared: {merged} duplicate customers merged away, {left} customers are left")
    lines = [words.format(candidates=done.candidates, merged=done.merged, left=done.customers - done.merged)]
    again = _("{fresh} customers are new or changed since the last run: {scored} pairs were scored")
    lines.append(again.format(fresh=done.fresh, scored=done.scored))
    if done.review:
        line = _("{pairs} pairs are for a person to decide: crmcli dedupe review --out FILE.xlsx")
        lines.append(line.format(pairs=done.review))
    if done.run and done.merged:
        lines.append(_("run {run}; take it back with: crmcli undo {run}").format(run=done.run))
    return lines


def explain_document(told: PairExplained) -> dict[str, Any]:
    """Return a pair with its reasons, strongest first."""
    sides = {
        side: {"id": record_number("customer", record["id"]), "name": record["name"]}
        for side, record in (("a", told.a), ("b", told.b))
    }
    reasons = [
        {key: reason[key] for key in ("field", "level", "weight")}
        | {"text": reason_in_words(reason), "a": reason["args"]["a"], "b": reason["args"]["b"]}
        for reason in told.finding.reasons
    ]
    said = {"score": told.finding.score, "tier": told.finding.tier, "decision": told.decision, "merged": told.merged}
    return sides | said | {"model": told.model, "reasons": reasons}


def explain_shown(told: PairExplained) -> list[Any]:
    """Return the reasons as a table and the score in a line."""
    from rich.table import Table

    document = explain_document(told)
    table = Table()
    for title in (_("field"), _("weight"), _("reason")):
        table.add_column(title, overflow="fold", justify="right" if title == _("weight") else "left")
    for reason in document["reasons"]:
        table.add_row(word(reason["field"]), f"{reason['weight']:+.1f}", reason["text"])
    heads = [f"{document[side]['id']} {document[side]['name'] or ''}" for side in ("a", "b")]
    line = _("score {score} of 100: {tier}").format(score=document["score"], tier=_tier(document["tier"]))
    more = []
    if told.merged:
        more.append(_("both are {number} now").format(number=told.merged))
    if told.decision:
        more.append(_("a person said: {decision}").format(decision=_decision(told.decision)))
    return [*heads, table, line, *more]


def _tier(tier: str) -> str:
    words = {
        "auto": _("the same, merged without asking"),
        "review": _("perhaps the same, for a person to decide"),
        "related": _("related, not the same"),
        "different": _("different"),
    }
    return words[tier]


def _decision(decision: str) -> str:
    from crmcli.reports.decisions import DECISIONS, in_words

    return in_words(DECISIONS[decision])


def alias_table(aliases: list[dict[str, str]]) -> Table:
    """Return the aliases for the terminal."""
    from rich.table import Table

    table = Table()
    for title in (_("short name"), _("full name")):
        table.add_column(title, overflow="fold")
    for alias in aliases:
        table.add_row(alias["short"], alias["full"])
    return table


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
