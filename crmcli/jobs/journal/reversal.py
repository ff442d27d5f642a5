"""Taking single changes back: field by field, never over what somebody did since. Undo and unmerge rest on it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from crmcli.domain.changes import Edit, Inverse, inverse, with_values, written_since
from crmcli.domain.records import ENTITIES, Record, children, record_number, references
from crmcli.domain.runs import BACK, HUMAN
from crmcli.domain.words import word
from crmcli.i18n import Message, msg
from crmcli.jobs.deals.owner import STANDS_IN
from crmcli.jobs.deals.stages import STATE, refresh_state
from crmcli.store.changes import Change, changes_of_record
from crmcli.store.journal import Run
from crmcli.store.records import fetch, fetch_where

Place = tuple[str, int]  # kind and id of a record

# what only describes records: it is taken out with them
BOOKKEEPING = ("cursor", "pair", "relation", "alternate", "assignment", "model")
# what several columns of a record say together: who has it, what was decided
_TOGETHER = {
    "customer": ("owner", "pool"),
    "opportunity": ("owner", "owner_by", "pool", f"extra.{STANDS_IN}"),
    "lead": ("status", "reason", "decided_at", "decided_by", "customer_id", "contact_id", "opportunity_id"),
}


@dataclass(frozen=True, slots=True)
class Kept:
    """Something that was not taken back: the record, the field ("" for the whole record) and why."""

    record: str
    field: str
    why: Message


class TakenBack(NamedTuple):
    """A change that was taken back: its record, what had been done to it (as in the journal), the fields restored."""

    entity: str
    record_id: int
    op: str
    fields: tuple[str, ...] = ()


@dataclass(slots=True)
class Reversal:
    """Changes on their way back inside one run.

    `done` holds the ids of changes that were dealt with, `stays` the records that must not go and why,
    `back` lists the changes taken back, `kept` what was not.
    """

    run: Run
    back: list[TakenBack] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)
    done: set[int] = field(default_factory=set)
    stays: dict[Place, Message] = field(default_factory=dict)
    _deals: set[int] = field(default_factory=set)
    _reasons: dict[int, str | None] = field(default_factory=dict)

    @property
    def reversed(self) -> int:
        """Return how many changes were taken back."""
        return len(self.back)

    def _note(self, change: Change, *fields: str) -> None:
        self.back.append(TakenBack(change.entity, change.record_id, change.op, fields))

    def finish(self) -> None:
        """Bring the deals whose events came or went into the state that their events leave them in now."""
        refresh_state(self.run, self._deals, self._reasons)

    def reverse_all(self, changes: Iterable[Change]) -> None:
        """Take changes back, in the order given: the last one that was made should come first."""
        for change in changes:
            self.reverse(change)

    def reverse(self, change: Change) -> None:
        """Take one change back, once."""
        if change.id in self.done:
            return
        self.done.add(change.id)
        if change.entity == "opportunity":
            self._deals.add(change.record_id)
        present = fetch(self.run.db, change.entity, [change.record_id]).get(change.record_id)
        if change.op == "create" and present is not None:
            self._remove(change, present)
        elif change.op == "remove" and present is None:
            self._bring_back(change)
        elif change.op == "update" and present is not None:
            self._restore_fields(change, present)

    def _bring_back(self, change: Change) -> None:
        """Put a removed record back, unless it was back since or what it belongs to is gone."""
        if changes_of_record(self.run.db, change.entity, change.record_id)[-1].id != change.id:
            return
        if (gone := self._gone(change.entity, change.before)) is not None:
            self.kept.append(Kept(record_number(change.entity, change.record_id), "", gone))
            return
        self.run.restore(change.entity, change.record_id, change.before)
        self._note(change)

    def _remember_reason(self, change: Change, present: Record) -> None:
        """Note the loss reason that a deal had before a change, unless it was given another one since.

        Its stage events do not tell it where the loss that they end in has none.
        """
        if change.entity != "opportunity" or "loss_reason" not in change.after:
            return
        history = changes_of_record(self.run.db, change.entity, change.record_id)
        edits = _edits(one for one in history if one.id == change.id or one.id not in self.done)
        if not written_since(change.id, ("loss_reason",), present, edits):
            self._reasons[change.record_id] = change.before.get("loss_reason")

    def way_back(self, change: Change, present: Record) -> Inverse:
        """Return how an update is taken back on its record as it is at present."""
        edits = _edits(changes_of_record(self.run.db, change.entity, change.record_id))
        mine = next(edit for edit in edits if edit.id == change.id)
        return inverse(_own_word(change, mine, present), present, edits, _TOGETHER.get(change.entity, ()))

    def _restore_fields(self, change: Change, present: Record) -> None:
        back = self.way_back(change, present)
        if self._made_what_stays(change, (change.entity, change.record_id)):
            back.values.clear()  # a record that stays is kept whole, as the run left it
        else:
            self._remember_reason(change, present)
        if (gone := self._gone(change.entity, back.values)) is not None:
            self.kept.append(Kept(record_number(change.entity, change.record_id), "", gone))
            return
        if back.values:
            columns = {key.partition(".")[0] for key in back.values}
            after = with_values(present, back.values)
            self.run.update(change.entity, present, {column: after[column] for column in columns})
            self._note(change, *back.values)
        history = changes_of_record(self.run.db, change.entity, change.record_id) if back.kept else []
        for key, later in back.kept.items():
            why = because(next(c for c in history if c.id == later))
            self.kept.append(Kept(record_number(change.entity, change.record_id), key, why))

    def _gone(self, entity: str, values: Record) -> Message | None:
        """Return why values cannot come back: they point at a record that is no longer there."""
        for column, parent in references(entity).items():
            number = values.get(column)
            if number and not fetch(self.run.db, parent, [number]):
                return msg("{record} is no longer there", record=record_number(parent, number))
        return None

    def _remove(self, change: Change, present: Record) -> None:
        place = (change.entity, change.record_id)
        if self._is_part_of_what_stays(change, present) or self._leads_to_what_stays(change, present):
            return
        why = self.stays.get(place) or self._held_by(change.entity, change.record_id)
        if why is not None:
            self.stays[place] = why
            if change.entity not in BOOKKEEPING:
                self.kept.append(Kept(record_number(*place), "", why))
            return
        self._remove_bookkeeping(change.entity, change.record_id)
        self.run.remove(change.entity, present)
        self._note(change)

    def _is_part_of_what_stays(self, change: Change, record: Record) -> bool:
        """Return whether a record is but a part of one that stays: a deal's events, the alternates of a record.

        Who had a customer, and what was to be done about a deal, is a part where it came with the record itself.
        """
        if change.entity in ("event", "assignment"):
            return ("opportunity", record["opportunity_id"]) in self.stays
        if change.entity == "holding":
            return self._made_what_stays(change, ("customer", record["customer_id"]))
        if change.entity == "task":
            return self._made_what_stays(change, ("opportunity", record["opportunity_id"]))
        return change.entity == "alternate" and (record["entity"], record["entity_id"]) in self.stays

    def _made_what_stays(self, change: Change, place: Place) -> bool:
        """Return whether the run of a change made a record that stays."""
        sql = "SELECT 1 FROM change WHERE entity = ? AND record_id = ? AND run_id = ? AND op = 'create'"
        return place in self.stays and self.run.db.value(sql, (*place, change.run_id)) is not None

    def _leads_to_what_stays(self, change: Change, record: Record) -> bool:
        """Return whether a record tells who got something that was passed on since: the history has no gaps."""
        parent = {"holding": "customer", "event": "opportunity" if record.get("field") == "owner" else ""}
        entity = parent.get(change.entity)
        if not entity:
            return False
        number, keys = record[f"{entity}_id"], _TOGETHER[entity]
        present = fetch(self.run.db, entity, [number])[number]
        edits = _edits(changes_of_record(self.run.db, entity, number))
        own = [edit.id for edit in edits if edit.run == change.run_id and edit.after.keys() & set(keys)]
        return bool(own) and written_since(own[-1], keys, present, edits)

    def _held_by(self, entity: str, record_id: int) -> Message | None:
        for child, column in children(entity).items():
            if child in BOOKKEEPING:
                continue
            ids = self.run.db.values(f"SELECT id FROM {child} WHERE {column} = ? LIMIT 1", (record_id,))  # noqa: S608
            if ids:
                return msg("{record} belongs to it", record=record_number(child, ids[0]))
        if "merged_into" in ENTITIES[entity].columns:
            ids = self.run.db.values(f"SELECT id FROM {entity} WHERE merged_into = ? LIMIT 1", (record_id,))  # noqa: S608
            if ids:
                return msg("{record} was merged into it", record=record_number(entity, ids[0]))
        return None

    def _remove_bookkeeping(self, entity: str, record_id: int) -> None:
        """Take out what only describes the record: alternates, pairs, relations, decisions of assignment."""
        about: dict[str, list[Record]] = {}
        values = (entity, record_id)
        about["alternate"] = fetch_where(self.run.db, "alternate", "entity = ? AND entity_id = ?", values)
        if entity == "customer":
            for kind in ("pair", "relation"):
                about[kind] = fetch_where(self.run.db, kind, "a_id = ? OR b_id = ?", (record_id, record_id))
        if entity == "opportunity":
            about["assignment"] = fetch_where(self.run.db, "assignment", "opportunity_id = ?", (record_id,))
        for kind, records in about.items():
            for record in records:
                self.run.remove(kind, record)


def _edits(history: Iterable[Change]) -> list[Edit]:
    return [Edit(c.id, c.before, c.after, c.run_id, c.run_kind in BACK, c.undoes) for c in history if c.op == "update"]


def _own_word(change: Change, edit: Edit, present: Record) -> Edit:
    """Return an edit without what a deal's stage events decide: that follows from the events that are left."""
    if change.entity != "opportunity":
        return edit
    decided = set(STATE)
    if present["probability_source"] != "manual" and "probability_source" not in edit.after:
        decided.add("probability")
    after = {key: value for key, value in edit.after.items() if key not in decided}
    return replace(edit, after=after)


def because(change: Change) -> Message:
    """Return in words who made a later change."""
    run = f"R{change.run_id}"
    if change.run_kind in HUMAN:
        return msg("a person changed it since ({run})", run=run)
    return msg("{kind} {run} changed it since", kind=word(change.run_kind), run=run)
