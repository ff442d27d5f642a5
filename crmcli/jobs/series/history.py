"""The sightings of deals -> their events, and the state that the last version leaves the deals in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from crmcli.domain.intake import in_key_order
from crmcli.domain.pipeline import place_among
from crmcli.domain.records import ENTITIES, Record
from crmcli.domain.series import VALUES, Happening, told
from crmcli.domain.stage_history import ENDS
from crmcli.errors import CrmError
from crmcli.i18n import msg
from crmcli.jobs.deals.stages import rewrite_events, stage_event
from crmcli.jobs.importing.context import ImportContext
from crmcli.jobs.importing.deal_owned import yields
from crmcli.jobs.importing.sightings import Sightings
from crmcli.jobs.series.following import Deal, Outcome, follow
from crmcli.store.records import chunks, fetch, fetch_where

ORIGIN = "series"
_KEPT_OF_EVENT = ("at", "not_before", "not_after", "from_value", "reason", "inferred")
_VERSIONS = "SELECT DISTINCT versions.key FROM sighting, json_each(sighting.seen) AS versions WHERE system = ?"


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
        follow(context, sightings, deals, outcome)
    return outcome


def _refuse_other_series(context: ImportContext, sightings: Sightings) -> None:
    known = sightings.stored.keys() & sightings.now.keys()
    others = context.run.db.value("SELECT count(*) FROM sighting WHERE system = ?", (sightings.system,))
    if others and not known and not sightings.come_back:
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


def _deals(context: ImportContext, records: Sequence[Record], before: Mapping[int, Any]) -> list[Deal]:
    numbers = [record["opportunity_id"] for record in records]
    deals = fetch(context.run.db, "opportunity", numbers)
    marks = ",".join("?" * len(numbers))
    where = f"origin = ? AND system = ? AND opportunity_id IN ({marks})"
    events: dict[int, list[Record]] = {}
    for event in fetch_where(context.run.db, "event", where, (ORIGIN, records[0]["system"], *numbers)):
        events.setdefault(event["opportunity_id"], []).append(event)
    return [
        Deal(deals[number], record["seen"], before.get(number, {}), events.get(number, []))
        for record in records
        if (number := record["opportunity_id"]) in deals
    ]


def _plan(
    context: ImportContext,
    sightings: Sightings,
    deal: Deal,
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
