"""The review workbook back in: decisions remembered, those called the same merged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from crmcli.domain.records import Record, parse_number, record_number
from crmcli.errors import CrmError
from crmcli.i18n import Message, msg
from crmcli.jobs.dedupe.merging import choose_survivor, merge_customer
from crmcli.jobs.dedupe.pairs import Pair, remember
from crmcli.jobs.dedupe.review import pair_key
from crmcli.jobs.returned import Returned, ReturnedRow
from crmcli.jobs.workspace import Workspace
from crmcli.matching.clusters import group
from crmcli.reports.decisions import DECISION_HEADERS, DECISIONS, PAIR_HEADER, decision_of
from crmcli.store.database import Database
from crmcli.store.journal import Run, open_run
from crmcli.store.records import fetch, fetch_where

_APART = ("different", "related")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row that was not applied: its number in the sheet, the pair as written, and why."""

    row: int
    pair: str
    why: Message


@dataclass(slots=True)
class ApplyResult:
    """What a reviewed workbook changed. `decided` counts new decisions by kind; `undecided` rows were left blank."""

    run: str | None
    rows: int = 0
    decided: Counter[str] = field(default_factory=Counter)
    merged: int = 0
    unchanged: int = 0
    undecided: int = 0
    left_out: list[LeftOut] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Decided:
    row: int
    key: str
    pair: Record
    decision: str

    @property
    def customers(self) -> Pair:
        return self.pair["a_id"], self.pair["b_id"]


class NoReview(CrmError):
    """The file is no review workbook."""

    code = "apply.no_review"

    def __init__(self, path: Path) -> None:
        super().__init__(
            msg("this is no workbook of `dedupe review`: its decision column or its hidden column is missing"),
            where=str(path),
            hint=msg("write a new one with `crmcli dedupe review --out FILE` and fill that in"),
        )


def apply_review(workspace: Workspace, returned: Returned, *, dry_run: bool = False) -> ApplyResult:
    """Return what the decisions of a workbook changed; all rows are checked before anything is written.

    Raises:
        NoReview: the workbook asked something else.
        CrmError: the database cannot be written.
    """
    if returned.kind != PAIR_HEADER:
        raise NoReview(returned.path)
    result = ApplyResult(None, rows=len(returned.rows))
    with open_run(workspace.db, workspace.start("decide", dry_run=dry_run)) as run:
        result.run = run.shown_id
        decided = _check(run.db, returned.rows, result)
        decided = _without_contradictions(run.db, decided, result)
        for one in decided:
            remember(run, one.customers, one.decision, workspace.actor)
            result.decided[one.decision] += 1
        result.merged = _merge(run, [one.customers for one in decided if one.decision == "same"])
        run.counts.update({"decided": len(decided), "merged": result.merged, "left_out": len(result.left_out)})
    return result


def _check(db: Database, rows: Sequence[ReturnedRow], result: ApplyResult) -> list[_Decided]:
    """Return the rows with a new decision that can be applied; the others are counted or listed."""
    decided: dict[int, _Decided] = {}
    for asked in rows:
        row, text, key = asked.row, asked.of(*DECISION_HEADERS), asked.key
        decision = decision_of(text)
        if decision == "":
            result.undecided += 1
            continue
        pair = _pair(db, key)
        if pair is not None and decision and pair["decision"] == decision:
            result.unchanged += 1
        elif why := _problem(db, key, pair, text, decided):
            result.left_out.append(LeftOut(row, key, why))
        elif pair is not None and decision:
            decided[pair["id"]] = _Decided(row, key, pair, decision)
    return list(decided.values())


def _pair(db: Database, key: str) -> Record | None:
    number = parse_number(key.partition(":")[0])
    return fetch(db, "pair", [number[1]]).get(number[1]) if number and number[0] == "pair" else None


def _problem(db: Database, key: str, pair: Record | None, text: str, decided: Container[int]) -> Message | None:
    """Return why a row's decision cannot be applied, None where it can."""
    if decision_of(text) is None:
        known = [word for words in DECISIONS.values() for word in words]
        return msg("{text} is no decision: {known}", text=text, known=known)
    if pair is None:
        return msg("there is no such pair any more")
    if pair["id"] in decided:
        return msg("this pair is decided in an earlier row already")
    records = fetch(db, "customer", _ends(pair))
    if len(records) < len(_ends(pair)) or pair_key(pair, *records.values()) != key:
        return msg("one of the two records changed since the workbook was written: look at the pair again")
    return None


def _without_contradictions(db: Database, decided: Sequence[_Decided], result: ApplyResult) -> list[_Decided]:
    """Return the decisions without those that would join, over others, two customers that were called different."""
    now = {one.pair["id"] for one in decided}
    before = [pair for pair in fetch_where(db, "pair", "decision IS NOT NULL") if pair["id"] not in now]
    apart = [_ends(pair) for pair in before if pair["decision"] in _APART]
    apart += [one.customers for one in decided if one.decision in _APART]
    merged = [(c["id"], c["merged_into"]) for c in fetch_where(db, "customer", "merged_into IS NOT NULL")]
    same = [one.customers for one in decided if one.decision == "same"]
    ids = sorted({number for pair in (*apart, *merged, *same) for number in pair})
    row_of = {number: row for row, number in enumerate(ids)}
    rows = [_rows(pairs, row_of) for pairs in (same, apart, merged)]
    _, cut = group(len(ids), rows[0], rows[1], forced=rows[2], max_size=len(ids))
    lost = {(ids[a], ids[b]) for a, b in cut}
    for one in decided:
        if one.decision == "same" and one.customers in lost:
            why = msg("by other decisions these two are different")
            result.left_out.append(LeftOut(one.row, one.key, why))
    return [one for one in decided if one.decision != "same" or one.customers not in lost]


def _ends(pair: Record) -> Pair:
    return pair["a_id"], pair["b_id"]


def _rows(pairs: Sequence[Pair], row_of: dict[int, int]) -> list[Pair]:
    return [(row_of[a], row_of[b]) for a, b in pairs]


def _merge(run: Run, same: Sequence[Pair]) -> int:
    """Return how many customers were merged away: each group that the pairs make becomes one."""
    ids = sorted({number for pair in same for number in pair})
    row_of = {number: row for row, number in enumerate(ids)}
    grouping, _ = group(len(ids), _rows(same, row_of), (), max_size=len(ids))
    members: dict[int, list[int]] = {}
    for row, number in enumerate(ids):
        members.setdefault(grouping.find(row), []).append(number)
    merged = 0
    for whole in members.values():
        survivor, losers = choose_survivor(run, whole)
        for loser in losers:
            merge_customer(run, survivor, loser)
        merged += len(losers)
    return merged


def shown_pair(left: LeftOut) -> str:
    """Return the number of a row's pair as people see it, or what stood there."""
    number = parse_number(left.pair.partition(":")[0])
    return record_number(*number) if number else left.pair
