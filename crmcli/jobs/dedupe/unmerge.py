"""Taking one merge back: both customers as they were, later changes kept, and the decision remembered."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from crmcli.domain.records import Record, children, parse_number, record_number
from crmcli.errors import CrmError
from crmcli.i18n import msg
from crmcli.jobs.dedupe.merging import refill
from crmcli.jobs.dedupe.pairs import finding_of, remember
from crmcli.jobs.dedupe.survival import survivorship
from crmcli.jobs.journal.reversal import Kept, Reversal
from crmcli.jobs.records.refs import find_record
from crmcli.jobs.workspace import Workspace
from crmcli.store.changes import Change, changes_of_record, changes_of_step
from crmcli.store.database import Database
from crmcli.store.journal import Run, open_run
from crmcli.store.records import fetch, fetch_where


class NotMerged(CrmError):
    """A customer was merged into none, and none into it."""

    code = "unmerge.not_merged"

    def __init__(self, number: str) -> None:
        super().__init__(
            msg("{number} was not merged with any other customer", number=number),
            hint=msg("`crmcli history {number}` tells what happened to it", number=number),
        )


class SeveralMerged(CrmError):
    """Several customers were merged into one: which is to come back?"""

    code = "unmerge.several"

    def __init__(self, number: str, losers: Collection[str]) -> None:
        super().__init__(
            msg("several customers were merged into {number}: {losers}", number=number, losers=list(losers)),
            hint=msg("give the number of the one that is to come back"),
        )


class MergedFurther(CrmError):
    """The survivor was itself merged into another since."""

    code = "unmerge.merged_further"

    def __init__(self, survivor: str, into: str) -> None:
        super().__init__(
            msg("{survivor} was itself merged into {into} since", survivor=survivor, into=into),
            hint=msg("take that merge back first: crmcli dedupe unmerge {survivor}", survivor=survivor),
        )


@dataclass(frozen=True, slots=True)
class Merge:
    """A merge that can be taken back; `born_since` are (kind, record) that the survivor got after it."""

    loser: int
    survivor: int
    change: Change
    born_since: list[tuple[str, Record]]


@dataclass(frozen=True, slots=True)
class UnmergeResult:
    """What came back: the two customers' numbers, changes reversed, what was kept, and who got the later children.

    `born_since` has record, name and customer (the number of the one it belongs to now).
    """

    run: str | None
    restored: str
    survivor: str
    reversed: int
    kept: list[Kept]
    born_since: list[dict[str, Any]]


def find_merge(workspace: Workspace, ref: str) -> Merge:
    """Return the merge that a reference means: a customer merged away, or a survivor that took in exactly one.

    Raises:
        CrmError: the reference finds nothing, no merge, several, or one that others rest on.
    """
    db = workspace.db
    number = parse_number(ref.upper())
    found = fetch(db, "customer", [number[1]]) if number and number[0] == "customer" else {}
    record = next(iter(found.values()), None) or _named(db, ref)
    if not record["merged_into"]:
        record = _only_loser(db, record)
    survivor = fetch(db, "customer", [record["merged_into"]])[record["merged_into"]]
    if survivor["merged_into"]:
        numbers = (record_number("customer", one) for one in (survivor["id"], survivor["merged_into"]))
        raise MergedFurther(*numbers)
    change = [c for c in changes_of_record(db, "customer", record["id"]) if c.after.get("merged_into")][-1]
    return Merge(record["id"], survivor["id"], change, _born_since(db, survivor["id"], change))


def _named(db: Database, ref: str) -> Record:
    _, number = find_record(db, ref, ("customer",))
    return fetch(db, "customer", [number])[number]


def _only_loser(db: Database, record: Record) -> Record:
    losers = fetch_where(db, "customer", "merged_into = ?", (record["id"],))
    shown = record_number("customer", record["id"])
    if not losers:
        raise NotMerged(shown)
    if len(losers) > 1:
        raise SeveralMerged(shown, [f"{record_number('customer', one['id'])} {one['name'] or ''}" for one in losers])
    return losers[0]


def _born_since(db: Database, survivor: int, merge: Change) -> list[tuple[str, Record]]:
    born = []
    for child, column in children("customer").items():
        for record in fetch_where(db, child, f"{column} = ?", (survivor,)):
            made = changes_of_record(db, child, record["id"])
            if made and made[0].op == "create" and made[0].id > merge.id:
                born.append((child, record))
    return born


def unmerge(
    workspace: Workspace, merge: Merge, moving: Collection[tuple[str, int]] = (), *, dry_run: bool = False
) -> UnmergeResult:
    """Return what came back of a merge; it is remembered that the two are different.

    `moving` names the later children (kind, id) that go to the restored customer; the others stay.

    Raises:
        CrmError: the database cannot be written.
    """
    with open_run(workspace.db, workspace.start("unmerge", dry_run=dry_run)) as run:
        step = merge.change.step
        changes = [merge.change] if step is None else changes_of_step(run.db, merge.change.run_id, step)
        why = finding_of(run.db, (merge.survivor, merge.loser))
        reversal = Reversal(run)
        reversal.reverse_all(reversed(changes))
        reversal.finish()
        _move(run, merge, moving)
        refill(run, merge.survivor, survivorship(workspace.settings))
        remember(run, (merge.survivor, merge.loser), "different", workspace.actor, why)
        run.counts.update({"reversed": reversal.reversed, "kept": len(reversal.kept)})
        born = [_shown(merge, kind, record, moving) for kind, record in merge.born_since]
        numbers = [record_number("customer", number) for number in (merge.loser, merge.survivor)]
        return UnmergeResult(run.shown_id, numbers[0], numbers[1], reversal.reversed, reversal.kept, born)


def _move(run: Run, merge: Merge, moving: Collection[tuple[str, int]]) -> None:
    for kind, record in merge.born_since:
        if (kind, record["id"]) in moving:
            run.update(kind, record, {children("customer")[kind]: merge.loser})


def _shown(merge: Merge, kind: str, record: Record, moving: Collection[tuple[str, int]]) -> dict[str, Any]:
    home = merge.loser if (kind, record["id"]) in moving else merge.survivor
    name = record.get("name") or record.get("text") or ""
    return {
        "record": record_number(kind, record["id"]),
        "name": name,
        "customer": record_number("customer", home),
    }
