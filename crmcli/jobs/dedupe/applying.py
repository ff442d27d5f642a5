"""The review workbook back in: decisions remembered, those called the same merged, values kept as chosen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from crmcli.domain.changes import Flat
from crmcli.domain.records import Record, parse_number, record_number
from crmcli.errors import CrmError
from crmcli.i18n import Message, msg
from crmcli.jobs.dedupe.choices import Choice, read_choices
from crmcli.jobs.dedupe.deciding import Decision, contradictions, keep_choices, take_decisions, unchosen
from crmcli.jobs.dedupe.review import KEPT, WHOLE, fingerprint
from crmcli.jobs.dedupe.survival import survivorship
from crmcli.jobs.returned import Returned, ReturnedRow
from crmcli.jobs.workspace import Workspace
from crmcli.reports.decisions import DECISION_HEADERS, DECISIONS, PAIR_HEADER, decision_of
from crmcli.store.changes import changes_of_record
from crmcli.store.database import Database
from crmcli.store.journal import Run, open_run
from crmcli.store.records import fetch, survivors

# runs in which people decide on pairs: what these change is no news to them
_OWN = ("decide", "undo", "unmerge")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row that was not applied: its number in the sheet, the pair or the heading it is about, and why."""

    row: int
    pair: str
    why: Message


@dataclass(slots=True)
class ApplyResult:
    """What a reviewed workbook changed. `rows` counts the pairs it asks about, `decided` new decisions by kind.

    `chosen` counts groups for which a person chose values; `undecided` pairs were left blank.
    """

    run: str | None
    rows: int = 0
    decided: Counter[str] = field(default_factory=Counter)
    merged: int = 0
    chosen: int = 0
    unchanged: int = 0
    undecided: int = 0
    left_out: list[LeftOut] = field(default_factory=list)


class NoReview(CrmError):
    """The file is no review workbook."""

    code = "apply.no_review"

    def __init__(self, path: Path) -> None:
        super().__init__(
            msg("this is no workbook of `dedupe review`: its decision column or its hidden column is missing"),
            where=str(path),
            hint=msg("write a new one with `crmcli dedupe review --out FILE` and fill that in"),
        )


@dataclass(frozen=True, slots=True)
class _Said:
    """What a cell says of a pair: where it stood, the pair's hidden cell, the text."""

    row: int
    key: str
    text: str


def apply_review(workspace: Workspace, returned: Returned, *, dry_run: bool = False) -> ApplyResult:
    """Return what the decisions of a workbook changed; all rows are checked before anything is written.

    Raises:
        NoReview: the workbook asked something else.
        CrmError: the database cannot be written.
    """
    if returned.kind != PAIR_HEADER:
        raise NoReview(returned.path)
    result = ApplyResult(None)
    with open_run(workspace.db, workspace.start("decide", dry_run=dry_run)) as run:
        result.run = run.shown_id
        said = _said(workspace.db, returned.rows, result)
        result.rows = len(said)
        decided = _check(workspace, said, result)
        choices = read_choices(workspace, [row for row in returned.rows if row.key.startswith(KEPT)])
        result.left_out += [LeftOut(row, heading, why) for row, heading, why in choices.left_out]
        _take(workspace, run, decided, choices.made, result)
        run.counts.update({"decided": result.decided.total(), "merged": result.merged,
                           "left_out": len(result.left_out)})  # fmt: skip
    result.left_out.sort(key=lambda left: left.row)
    return result


def _take(
    workspace: Workspace, run: Run, decided: list[Decision], choices: Sequence[Choice], result: ApplyResult
) -> None:
    """Write the decisions that hold, and the values that were chosen."""
    chosen: dict[int, Flat] = {choice.customers[0]: choice.values for choice in choices}
    decided = _without(decided, contradictions(run.db, decided), result)
    decided = _without(decided, unchosen(run, decided, survivorship(workspace.settings), chosen), result)
    result.decided.update(one.decision for one in decided)
    result.merged = take_decisions(run, workspace, decided, chosen)
    for choice in choices:
        alive = survivors(run.db, "customer", choice.customers)
        first = choice.customers[0]
        if any(alive[other] == alive[first] for other in choice.customers[1:]):
            fresh = any(set(one.customers) <= set(choice.customers) for one in decided if one.decision == "same")
            result.chosen += keep_choices(run, first, choice.values) or fresh
        else:
            why = msg("nothing of this group is merged: the values chosen are not written")
            result.left_out.append(LeftOut(choice.row, record_number("customer", first), why))


def _without(decided: list[Decision], refused: dict[int, Message], result: ApplyResult) -> list[Decision]:
    """Return the decisions without those that are refused, which are listed."""
    for one in decided:
        if one.pair["id"] in refused:
            left = LeftOut(one.row, record_number("pair", one.pair["id"]), refused[one.pair["id"]])
            result.left_out.append(left)
    return [one for one in decided if one.pair["id"] not in refused]


def _said(db: Database, rows: Sequence[ReturnedRow], result: ApplyResult) -> list[_Said]:
    """Return what is said of each pair: beside it, else in the first row of its group."""
    groups = [row for row in rows if row.key.startswith(WHOLE)]
    whole = {key: _Said(row.row, key, _text(row)) for row in groups for key in row.key.split(WHOLE)[1:]}
    said: dict[str, _Said] = {}
    for row in rows:
        if row.key.startswith((WHOLE, KEPT)):
            continue
        if row.key in said:
            why = msg("this pair is decided in an earlier row already")
            result.left_out.append(LeftOut(row.row, _pair_shown(row.key), why))
            continue
        own = _Said(row.row, row.key, _text(row))
        said[row.key] = own if own.text and not _is_old(db, own) else whole.get(row.key, own)
        if own.text and not said[row.key].text:
            said[row.key] = own
    return list(said.values())


def _is_old(db: Database, said: _Said) -> bool:
    """Return whether a cell says what was decided before, as it was written: what the group's row says goes first."""
    pair = _pair(db, said.key)
    return pair is not None and pair["decision"] == decision_of(said.text)


def _text(row: ReturnedRow) -> str:
    return row.of(*DECISION_HEADERS)


def _check(workspace: Workspace, said: Sequence[_Said], result: ApplyResult) -> list[Decision]:
    """Return the new decisions that can be applied; the others are counted or listed."""
    decided = []
    for one in said:
        decision = decision_of(one.text)
        pair = _pair(workspace.db, one.key)
        if decision == "":
            result.undecided += 1
        elif pair is not None and decision and pair["decision"] == decision:
            result.unchanged += 1
        elif why := _problem(workspace, one, pair):
            result.left_out.append(LeftOut(one.row, _pair_shown(one.key), why))
        elif pair is not None and decision:
            decided.append(Decision(pair, decision, one.row))
    return decided


def _pair(db: Database, key: str) -> Record | None:
    number = parse_number(key.partition(":")[0])
    return fetch(db, "pair", [number[1]]).get(number[1]) if number and number[0] == "pair" else None


def _problem(workspace: Workspace, said: _Said, pair: Record | None) -> Message | None:
    """Return why a decision cannot be applied, None where it can."""
    if decision_of(said.text) is None:
        known = [word for words in DECISIONS.values() for word in words]
        return msg("{text} is no decision: {known}", text=said.text, known=known)
    shown, _, rest = said.key.partition(":")
    written, _, mark = rest.partition(":")
    if parse_number(shown) is None or not written.isdigit() or not mark:
        return msg("the hidden column of this row was changed")
    if pair is None:
        return msg("there is no such pair any more")
    if why := _decided_since(workspace, pair, int(written), decision_of(said.text) or ""):
        return why
    return _changed(workspace.db, pair, int(written), mark)


def _decided_since(workspace: Workspace, pair: Record, written: int, decision: str) -> Message | None:
    """Return who decided otherwise since the workbook was written, or since this decision was taken from it."""
    db = workspace.db
    changes = [change for change in changes_of_record(db, "pair", pair["id"]) if change.run_id > written]
    undone = {change.undoes for change in changes}
    said = [change.after["decision"] for change in changes if change.run_id not in undone and not change.undoes
            and "decision" in change.after]  # fmt: skip
    if pair["decision"] and said and (decision in said or pair["decided_by"] != workspace.actor):
        return msg("{person} decided this pair otherwise since", person=pair["decided_by"] or "?")
    return None


def _changed(db: Database, pair: Record, written: int, mark: str) -> Message | None:
    """Return what became of the two customers since the workbook was written, other than by decisions; or None."""
    numbers = (pair["a_id"], pair["b_id"])
    records = fetch(db, "customer", numbers)
    gone = [number for number in numbers if number not in records]
    if gone:
        return msg("{customer} is no longer there", customer=record_number("customer", gone[0]))
    if fingerprint(*(records[number] for number in numbers)) == mark:
        return None
    since = {number: [change for change in changes_of_record(db, "customer", number) if change.run_id > written]
             for number in numbers}  # fmt: skip
    others = [change for changes in since.values() for change in changes if change.run_kind not in _OWN]
    if merged := next((change.record_id for change in others if "merged_into" in change.after), None):
        shown = [record_number("customer", one) for one in (merged, survivors(db, "customer", [merged])[merged])]
        return msg("{customer} was merged into {survivor} since", customer=shown[0], survivor=shown[1])
    if others:
        return msg("one of the two records changed since the workbook was written: look at the pair again")
    return None if any(since.values()) else msg("the hidden column of this row was changed")


def _pair_shown(key: str) -> str:
    number = parse_number(key.partition(":")[0])
    return record_number(*number) if number else key
