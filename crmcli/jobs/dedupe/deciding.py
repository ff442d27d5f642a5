"""What people decide about pairs of customers: checked against all other decisions, remembered, the same merged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from crmcli.domain.changes import Flat
from crmcli.domain.records import Record
from crmcli.errors import CrmError
from crmcli.i18n import Message, msg
from crmcli.jobs.dedupe.merging import Merging, choose_survivor, choose_values, merge_customer
from crmcli.jobs.dedupe.pairs import Pair, remember
from crmcli.jobs.dedupe.sides import heading
from crmcli.jobs.dedupe.survival import Survivorship, survivorship
from crmcli.jobs.workspace import Workspace
from crmcli.matching.clusters import group
from crmcli.store.changes import changes_of_record
from crmcli.store.database import Database
from crmcli.store.journal import Run, open_run
from crmcli.store.records import fetch, fetch_where, survivors

_APART = ("different", "related")


class NotDecided(CrmError):
    """A decision cannot be taken: others stand against it, or a value is to be chosen first."""

    code = "review.not_decided"

    def __init__(self, why: Message) -> None:
        super().__init__(why, hint=msg("`crmcli dedupe unmerge` and `crmcli undo` take earlier decisions back"))


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person says of a stored pair: same, different, related or unsure. `row` is where it stood, if anywhere."""

    pair: Record
    decision: str
    row: int = 0

    @property
    def customers(self) -> Pair:
        """Return the numbers of the two customers, as they were when they were compared."""
        return self.pair["a_id"], self.pair["b_id"]


def decide_pair(workspace: Workspace, pair: Record, decision: str, chosen: Flat | None = None) -> str | None:
    """Return the number of the run in which one decision was taken; `chosen` are values that are to stay.

    Raises:
        NotDecided: another decision or a value still to choose stands against it.
        CrmError: the database cannot be written.
    """
    with open_run(workspace.db, workspace.start("decide")) as run:
        one = Decision(pair, decision)
        choices = {pair["a_id"]: chosen} if chosen else {}
        for refused in (contradictions(run.db, [one]), unchosen(run, [one], survivorship(workspace.settings), choices)):
            for why in refused.values():
                raise NotDecided(why)
        merged = take_decisions(run, workspace, [one], choices)
        run.counts.update({"decided": 1, "merged": merged})
        return run.shown_id


def contradictions(db: Database, decisions: Sequence[Decision]) -> dict[int, Message]:
    """Return pair -> why its decision cannot hold.

    It would join, over others, two that were called different, or part two that are one customer already.
    """
    now = {one.pair["id"] for one in decisions}
    before = [pair for pair in fetch_where(db, "pair", "decision IS NOT NULL") if pair["id"] not in now]
    apart = [(pair["a_id"], pair["b_id"]) for pair in before if pair["decision"] in _APART]
    apart += [one.customers for one in decisions if one.decision in _APART]
    merged = [(c["id"], c["merged_into"]) for c in fetch_where(db, "customer", "merged_into IS NOT NULL")]
    same = [one.customers for one in decisions if one.decision == "same"]
    _, cut = _joined(same, apart, merged)
    apart_by_others = msg("by other decisions these two are different")
    one_already = msg("the two are one customer since: `crmcli dedupe unmerge` takes that back")
    joined = [one for one in decisions if one.decision != "same" and len(set(_alive(db, one.customers))) == 1]
    refused = {one.pair["id"]: one_already for one in joined}
    return refused | {one.pair["id"]: apart_by_others for one in decisions
                      if one.decision == "same" and one.customers in cut}  # fmt: skip


def unchosen(
    run: Run, decisions: Sequence[Decision], rules: Survivorship, choices: Mapping[int, Flat]
) -> dict[int, Message]:
    """Return pair -> which values only a person may choose and nobody did, for pairs that are called the same."""
    found: dict[int, Message] = {}
    for whole in same_groups(run.db, decisions):
        plan = rules.plan(run.db, "customer", list(fetch(run.db, "customer", whole).values()))
        if left := rules.by_hand("customer", plan, _chosen(run.db, whole, choices)):
            why = msg("choose what stays: {fields}", fields=[_called(key) for key in left])
            found |= {one.pair["id"]: why for one in decisions
                      if one.decision == "same" and _alive(run.db, one.customers)[0] in whole}  # fmt: skip
    return found


def take_decisions(
    run: Run, workspace: Workspace, decisions: Sequence[Decision], choices: Mapping[int, Flat] | None = None
) -> int:
    """Return how many customers were merged away; `choices` are values to stay by a customer of the group they are of.

    The decisions were checked before.
    """
    for one in decisions:
        remember(run, one.customers, one.decision, workspace.actor)
    rules, merged = survivorship(workspace.settings), 0
    for whole in same_groups(run.db, decisions):
        chosen = _chosen(run.db, whole, choices or {})
        survivor, losers = choose_survivor(run, whole, rules, chosen)
        for loser in losers:
            merge_customer(run, survivor, loser, merging=Merging(rules, chosen))
        merged += len(losers)
    return merged


def same_groups(db: Database, decisions: Iterable[Decision]) -> list[list[int]]:
    """Return the groups of living customers that decisions make one, each in order."""
    pairs = [_alive(db, one.customers) for one in decisions if one.decision == "same"]
    members, _ = _joined([pair for pair in pairs if pair[0] != pair[1]], (), ())
    return members


def keep_choices(run: Run, customer: int, chosen: Flat) -> bool:
    """Return whether values that a person chose for a customer merged before were news to it; they are its own now.

    What was chosen so once, and changed since, stays changed.
    """
    alive = survivors(run.db, "customer", [customer])[customer]
    present = fetch(run.db, "customer", [alive])[alive]
    told = [change.after for change in changes_of_record(run.db, "customer", alive) if change.before == change.after]
    news = {
        key: value
        for key, value in chosen.items()
        if present[key] != value and not any(after.get(key) == value for after in told)
    }
    if news:
        choose_values(run, alive, news)
    return bool(news)


def _chosen(db: Database, whole: Sequence[int], choices: Mapping[int, Flat]) -> Flat:
    alive = survivors(db, "customer", choices.keys())
    return {key: value for number, said in choices.items() if alive[number] in whole for key, value in said.items()}


def _alive(db: Database, pair: Pair) -> Pair:
    alive = survivors(db, "customer", pair)
    return alive[pair[0]], alive[pair[1]]


def _joined(same: Sequence[Pair], apart: Sequence[Pair], before: Sequence[Pair]) -> tuple[list[list[int]], set[Pair]]:
    """Return the groups that `same` makes after `before`, and the pairs of `same` that `apart` forbids."""
    ids = sorted({number for pair in (*same, *apart, *before) for number in pair})
    row_of = {number: row for row, number in enumerate(ids)}
    rows = [[(row_of[a], row_of[b]) for a, b in pairs] for pairs in (same, apart, before)]
    grouping, cut = group(len(ids), rows[0], rows[1], forced=rows[2], max_size=len(ids))
    members: dict[int, list[int]] = {}
    for row, number in enumerate(ids):
        members.setdefault(grouping.find(row), []).append(number)
    return [whole for whole in members.values() if len(whole) > 1], {(ids[a], ids[b]) for a, b in cut}


def _called(key: str) -> str:
    column, _, name = key.partition(".")
    return name or heading(column)
