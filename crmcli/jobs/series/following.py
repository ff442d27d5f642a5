"""The state that the last version leaves deals in, where other sources and people spoke of them too.

Source: definitions.md, "Import, undo, merge" (fill, two systems side by side).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from crmcli.domain.intake import in_key_order
from crmcli.domain.pipeline import place_among
from crmcli.domain.records import Record
from crmcli.domain.series import VALUES, latest, stands
from crmcli.jobs.importing.batch import Batch
from crmcli.jobs.importing.context import ImportContext
from crmcli.jobs.importing.deal_owned import retire_events, yields
from crmcli.jobs.importing.deal_rows import COMPANIONS
from crmcli.jobs.importing.sightings import Sightings

Seen = Mapping[str, Mapping[str, Any]]


@dataclass(slots=True)
class Outcome:
    """What became of the history: `written` events by field, `moved` in time, `removed`.

    `doubts` are closing days that contradict the versions, (deal, version, day), and `not_taken` values that were
    newly kept beside the ones that count, (deal, column, value).
    """

    written: Counter[str] = field(default_factory=Counter)
    moved: int = 0
    removed: int = 0
    doubts: list[tuple[int, str, str]] = field(default_factory=list)
    not_taken: list[tuple[int, str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Deal:
    """One deal with all its sightings, those before this run, and its events of this series."""

    record: Record
    seen: Seen
    before: Seen
    events: Sequence[Record]


def follow(context: ImportContext, sightings: Sightings, deals: Iterable[Deal], outcome: Outcome) -> None:
    """Bring deals to what the last version says of them, once their events are written.

    A first word competes with those of other sources as an import's does; later ones move the deal, unless somebody
    else changed it since. What is not taken is kept beside.
    """
    batch = Batch(context, "opportunity")
    told = {deal.record["id"]: deal for deal in deals if deal.record["id"] in sightings.now}
    batch.fetch(told)
    following = [_Following(context, sightings, batch, deal, number) for number, deal in told.items()]
    for key in ("stage", *VALUES):
        first = {one.number: one.first_words(key) for one in following if one.takes_over(key)}
        retire_events(context, batch, key, first)
    for one in following:
        outcome.not_taken += [(one.number, column, value) for column, value in one.bring()]
    batch.flush()


@dataclass(frozen=True, slots=True)
class _Following:
    """One deal and what the versions said last of it."""

    context: ImportContext
    sightings: Sightings
    batch: Batch
    deal: Deal
    number: int

    def takes_over(self, key: str) -> bool:
        """Return whether its source decides on a field and speaks of it for the first time."""
        system = self.sightings.system
        if not self.context.ownership.decides("opportunity", key, system):
            return False
        return self._last(key) is not None and key not in self.batch.present[self.number]["said"].get(system, {})

    def first_words(self, key: str) -> tuple[int | None, set[str]]:
        """Return the source row that speaks now and the values that the versions say of a field."""
        keys = ("stage", "end") if key == "stage" else (key,)
        said = {str(one[name]) for one in self.deal.seen.values() for name in keys if one.get(name) is not None}
        return self._source_row(key), said

    def bring(self) -> list[tuple[str, str]]:
        """Return the (column, value) pairs that are newly kept beside, after the deal is brought up to date."""
        kept = self._put_stage()
        for key in VALUES:
            kept += self._put(key)
        present, system = self.batch.present[self.number], self.sightings.system
        if present["said"].get(system, {}) in ({}, _words(self.deal.before)):
            said = {"said": in_key_order({**present["said"], system: _words(self.deal.seen)})}
            self.batch.change(self.number, said, None)
        return kept

    def _put(self, key: str) -> list[tuple[str, str]]:
        value, before = self._last(key), latest(self.deal.before, key)
        present, system, source_row = self.batch.present[self.number], self.sightings.system, self._source_row(key)
        if value is None or value == before:
            return []
        spoke = before is not None or key in present["said"].get(system, {})
        decided = yields(self.context, present, key, system)
        if decided:
            self._keep_older(key, value)
        if decided or (spoke and present[key] not in (None, before, value)):
            return self.batch.keep(self.number, [(key, value)], system, source_row) if value != present[key] else []
        if spoke:
            self.batch.change(self.number, {key: value}, source_row)
            kept: list[tuple[str, str]] = []
        else:
            kept = self.batch.merge(self.number, {key: value}, system, source_row).kept
        if key in COMPANIONS and self.batch.present[self.number][key] != present[key]:
            self.batch.change(self.number, dict([COMPANIONS[key]]), source_row)
        return kept

    def _put_stage(self) -> list[tuple[str, str]]:
        """Keep beside what lost: the events have settled where the deal stands."""
        present, system = self.batch.present[self.number], self.sightings.system
        decided = yields(self.context, present, "stage", system)
        written, before = latest(self.deal.seen, "stage_text"), latest(self.deal.before, "stage_text")
        if written is not None and not decided and present["stage_text"] in (None, before):
            self.batch.change(self.number, {"stage_text": written}, self._source_row("stage"))
        stage, is_end = stands(self.deal.seen)
        if stage is None or stage == stands(self.deal.before)[0]:
            return []
        stage = place_among(self.context.pipelines, stage)[1].name
        if decided:
            self._keep_older("stage", stage)
        lost = self._said_elsewhere(self.deal.record["stage"], present["stage"])
        if stage != present["stage"]:
            lost.append(("stage", stage, system))
            ended = {"closed_at": self._last("closed_at"), "loss_reason": self._last("reason")} if is_end else {}
            lost += [(column, value, system) for column, value in ended.items() if value not in (None, present[column])]
        row = self._source_row("stage")
        return [
            pair for column, value, who in lost for pair in self.batch.keep(self.number, [(column, value)], who, row)
        ]

    def _keep_older(self, key: str, newest: Any) -> None:
        """Keep what older versions said of a field on which another source decides: no news, so it names no row."""
        present = self.batch.present[self.number][key]
        older = sorted(self.first_words(key)[1] - {str(newest), str(present)})
        self.batch.keep(self.number, [(key, value) for value in older], self.sightings.system, None)

    def _said_elsewhere(self, stood: str | None, stands_now: str | None) -> list[tuple[str, str, str]]:
        """Return the stage that another source said and that the versions' words replaced."""
        if stood in (None, stands_now):
            return []
        sql = "SELECT system FROM event WHERE opportunity_id = ? AND field = 'stage' AND value = ? ORDER BY id"
        systems = set(self.context.run.db.values(sql, (self.number, stood)))
        others = sorted(one for one in systems if one) if self.sightings.system not in systems else []
        return [("stage", str(stood), others[0])] if others and None not in systems else []

    def _last(self, key: str) -> Any:
        return stands(self.deal.seen)[0] if key == "stage" else latest(self.deal.seen, key)

    def _source_row(self, key: str) -> int | None:
        """Return the row of this run that said last what the versions say of a field, None where it stood before."""
        keys = ("stage", "end") if key == "stage" else (key,)
        days = [day for day in sorted(self.deal.seen) if any(self.deal.seen[day].get(one) is not None for one in keys)]
        return self.sightings.source_rows.get((self.number, days[-1])) if days else None


def _words(seen: Seen) -> dict[str, Any]:
    """Return what a source said last of a deal, as an import of the last version alone would have kept it."""
    said = {key: latest(seen, key) for key in VALUES} | {"stage": latest(seen, "written")}
    return {key: value for key, value in sorted(said.items()) if value is not None}
