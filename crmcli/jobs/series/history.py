"""The sightings of deals -> their events, and the state that the last version leaves the deals in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from crmcli.domain.intake import in_key_order
from crmcli.domain.pipeline import place_among
from crmcli.domain.records import ENTITIES, Record
from crmcli.domain.series import VALUES, Happening, latest, told
from crmcli.domain.stage_history import ENDS
from crmcli.errors import CrmError
from crmcli.i18n import msg
from crmcli.jobs.importing.context import ImportContext
from crmcli.jobs.importing.deal_owned import yields
from crmcli.jobs.importing.deal_rows import COMPANIONS
from crmcli.jobs.importing.sightings import Sightings
from crmcli.jobs.stages import rewrite_events, stage_event
from crmcli.store.records import chunks, fetch, fetch_where

ORIGIN = "series"
_KEPT_OF_EVENT = ("at", "not_before", "not_after", "from_value", "reason", "inferred")
_VERSIONS = "SELECT DISTINCT versions.key FROM sighting, json_each(sighting.seen) AS versions WHERE system = ?"


@dataclass(slots=True)
class Outcome:
    """What became of the history: `written` events by field, `moved` in time, `removed`.

    `doubts` are closing days that contradict the versions, (deal, version, day), and `not_taken` values of the newest
    version that somebody else's stand against, (deal, field, value).
    """

    written: Counter[str] = field(default_factory=Counter)
    moved: int = 0
    removed: int = 0
    doubts: list[tuple[int, str, str]] = field(default_factory=list)
    not_taken: list[tuple[int, str, str]] = field(default_factory=list)


@dataclass(slots=True)
class _Rewriting:
    """What is to be done to events: see `rewrite_events`."""

    made: list[tuple[Record, int | None]] = field(default_factory=list)
    changed: list[tuple[Record, Record, int | None]] = field(default_factory=list)
    gone: list[Record] = field(default_factory=list)

    def add(self, known: Record | None, event: Record, source_row: int | None) -> None:
        """Note an event to be there: a new one, or what differs from the `known` one."""
        if known is None:
            self.made.append((event, source_row))
            return
        changes = {column: event[column] for column in _KEPT_OF_EVENT if event[column] != known[column]}
        if changes:
            self.changed.append((known, changes, source_row))


@dataclass(frozen=True, slots=True)
class _Deal:
    """One deal with all its sightings, those before this run, and its events of this series."""

    record: Record
    seen: Mapping[str, Mapping[str, Any]]
    before: Mapping[str, Mapping[str, Any]]
    events: Sequence[Record]


class OtherSeries(CrmError):
    """The files share no deal with the versions of the same source that were read before."""

    code = "series.other"

    def __init__(self, system: str) -> None:
        super().__init__(
            msg("these versions share no opportunity with those read before from the source {source}", source=system),
            hint=msg("another sheet is another series: give it a name of its own with --source NAME"),
        )


def write_history(context: ImportContext, sightings: Sightings) -> Outcome:
    """Return what became of the deals' events after the sightings of this run are kept.

    All deals of the series are looked at again where something new was seen: a version between two others narrows the
    time of changes, one before all others dates what was there.

    Raises:
        OtherSeries: none of the deals was seen before, and others of the same source were.
    """
    outcome = Outcome()
    fresh = sightings.fresh
    if not fresh:
        return outcome
    before = {number: dict(record["seen"]) for number, record in sightings.stored.items()}
    _refuse_other_series(context, sightings)
    _keep(context, sightings, fresh)
    versions = sorted(context.run.db.values(_VERSIONS, (sightings.system,)))
    records = fetch_where(context.run.db, "sighting", "system = ?", (sightings.system,))
    for part in chunks(records):
        deals = _deals(context, part, before)
        rewriting = _Rewriting()
        for deal in deals:
            _plan(context, sightings, deal, versions, rewriting, outcome)
        rewrite_events(context.run, rewriting.made, rewriting.changed, rewriting.gone)
        outcome.moved += len(rewriting.changed)
        outcome.removed += len(rewriting.gone)
        present = fetch(context.run.db, "opportunity", [deal.record["id"] for deal in deals])
        for deal in deals:
            _follow(context, sightings, deal, present[deal.record["id"]], outcome)
    return outcome


def _refuse_other_series(context: ImportContext, sightings: Sightings) -> None:
    known = sightings.stored.keys() & sightings.now.keys()
    others = context.run.db.value("SELECT count(*) FROM sighting WHERE system = ?", (sightings.system,))
    if others and not known:
        raise OtherSeries(sightings.system)


def _keep(context: ImportContext, sightings: Sightings, fresh: Iterable[int]) -> None:
    made = []
    for number in fresh:
        seen = {"seen": in_key_order(sightings.seen(number))}
        if number in sightings.stored:
            context.run.update("sighting", sightings.stored[number], seen)
        else:
            made.append(ENTITIES["sighting"].blank() | {"system": sightings.system, "opportunity_id": number} | seen)
    context.run.insert("sighting", made)


def _deals(context: ImportContext, records: Sequence[Record], before: Mapping[int, Any]) -> list[_Deal]:
    numbers = [record["opportunity_id"] for record in records]
    deals = fetch(context.run.db, "opportunity", numbers)
    marks = ",".join("?" * len(numbers))
    where = f"origin = ? AND system = ? AND opportunity_id IN ({marks})"
    events: dict[int, list[Record]] = {}
    for event in fetch_where(context.run.db, "event", where, (ORIGIN, records[0]["system"], *numbers)):
        events.setdefault(event["opportunity_id"], []).append(event)
    return [
        _Deal(deals[number], record["seen"], before.get(number, {}), events.get(number, []))
        for record in records
        if (number := record["opportunity_id"]) in deals
    ]


def _plan(
    context: ImportContext,
    sightings: Sightings,
    deal: _Deal,
    versions: Sequence[str],
    rewriting: _Rewriting,
    outcome: Outcome,
) -> None:
    """Compare the events that a deal has with those that its sightings tell."""
    number = deal.record["id"]
    placed = {day: _placed(context, said) for day, said in deal.seen.items()}
    history = told(placed, versions, deal.record["created_at"])
    for key in ("stage", *VALUES):
        own = sorted((event for event in deal.events if event["field"] == key), key=_in_time)
        decided = yields(context, deal.record, key, sightings.system)
        wanted = [happening for happening in history.happenings if happening.field == key and not decided]
        pairs, fresh, lost = _paired(own, wanted)
        rewriting.gone += lost
        outcome.written[key.removesuffix("_fen")] += len(fresh)
        for known, happening in [*((None, one) for one in fresh), *pairs]:
            event = _event(context, number, happening, sightings.system)
            rewriting.add(known, event, sightings.source_rows.get((number, happening.seen)))
    outcome.doubts += [(number, day, closed) for day, closed in history.doubts if number in sightings.now]


def _placed(context: ImportContext, said: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a sighting with the stage that its text means by now: a dictionary may have come since."""
    stage = said.get("stage")
    place = place_among(context.pipelines, stage)[1] if stage else None
    if place is None or place.name == stage:
        return said
    return {**said, "stage": None, "end": said.get("end") or place.name} if place.kind in ENDS else {
        **said, "stage": place.name
    }  # fmt: skip


def _in_time(event: Record) -> tuple[Any, ...]:
    return (event["at"] or "", event["kind"] in ENDS, event["id"])


def _paired(
    events: Sequence[Record], happenings: Sequence[Happening]
) -> tuple[list[tuple[Record, Happening]], list[Happening], list[Record]]:
    """Return stored events with the changes that they are, changes that are new, events that nothing shows any more."""
    stored, wanted = [e["value"] for e in events], [_text(h.value) for h in happenings]
    blocks = SequenceMatcher(None, stored, wanted, autojunk=False).get_matching_blocks()
    places = [(block.a + i, block.b + i) for block in blocks for i in range(block.size)]
    known, found = {a for a, _ in places}, {b for _, b in places}
    return (
        [(events[a], happenings[b]) for a, b in places],
        [happening for place, happening in enumerate(happenings) if place not in found],
        [event for place, event in enumerate(events) if place not in known],
    )


def _event(context: ImportContext, number: int, happening: Happening, system: str) -> Record:
    more: Record = {
        "from_value": _text(happening.from_value),
        "not_before": happening.not_before,
        "not_after": happening.not_after,
        "reason": happening.reason,
        "inferred": int(happening.inferred),
        "system": system,
        "origin": ORIGIN,
    }
    recorded = context.run.started
    if happening.field == "stage":
        place = place_among(context.pipelines, happening.value)[1]
        return stage_event(number, place, happening.at, recorded, **more)
    about = {"opportunity_id": number, "field": happening.field, "at": happening.at, "recorded": recorded}
    return ENTITIES["event"].blank() | about | more | {"value": _text(happening.value)}


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _follow(context: ImportContext, sightings: Sightings, deal: _Deal, present: Record, outcome: Outcome) -> None:
    """Bring a deal's columns to what the last version says, unless somebody else changed them since."""
    number = present["id"]
    if number not in sightings.now:
        return
    changes: Record = {}
    for key in (*VALUES, "stage_text"):
        value, before = latest(deal.seen, key), latest(deal.before, key)
        if value in (None, present[key]) or yields(context, present, key, sightings.system):
            continue
        if present[key] in (None, before):
            changes |= {key: value, **(dict([COMPANIONS[key]]) if key in COMPANIONS else {})}
        elif value != before:
            outcome.not_taken.append((number, key.removesuffix("_fen"), str(value)))
    if present["said"].get(sightings.system, {}) in ({}, _words(deal.before)):
        changes["said"] = in_key_order({**present["said"], sightings.system: _words(deal.seen)})
    context.run.update("opportunity", present, changes)


def _words(seen: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return what a source said last of a deal, as an import of the last version alone would have kept it."""
    said = {key: latest(seen, key) for key in VALUES} | {"stage": latest(seen, "written")}
    return {key: value for key, value in sorted(said.items()) if value is not None}
