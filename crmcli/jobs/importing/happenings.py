"""Rows about things that happened: stage changes and follow-ups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from crmcli.domain.identity import Key, keys_of
from crmcli.domain.pipeline import place_among
from crmcli.domain.records import ENTITIES, Record
from crmcli.domain.stage_history import ENDS
from crmcli.i18n import msg
from crmcli.jobs.deals.stages import record_events, refresh_state, stage_event
from crmcli.jobs.importing.batch import Batch
from crmcli.jobs.importing.context import ImportContext, Reason, Row, SheetPlace
from crmcli.jobs.importing.deal_owned import side_by_side
from crmcli.jobs.importing.deal_pipelines import event_keys, own_pipelines
from crmcli.jobs.importing.references import find_deals
from crmcli.jobs.importing.untaken import list_untaken


def write_stage_history(context: ImportContext, place: SheetPlace, rows: Sequence[Row]) -> None:
    """Write the stage changes of a chunk; a row whose deal is unknown is rejected."""
    find_deals(context, place, rows, required=True)
    own = own_pipelines(context, rows)
    wanted = [(row, event) for row in rows if not row.stopped and (event := _event(context, row, place, own))]
    wanted = side_by_side(context, place, wanted)
    again = _write_events(context, place, wanted)
    if again:
        _write_events(context, place, again)


def _write_events(
    context: ImportContext, place: SheetPlace, wanted: Sequence[tuple[Row, Record]]
) -> list[tuple[Row, Record]]:
    """Write events; returns those that stand twice in the chunk, to be put into the ones just written."""
    batch = Batch(context, "event")
    batch.load(key for _, event in wanted for key in event_keys(context, event))
    fresh: dict[Key, tuple[Record, int]] = {}
    changed: set[int] = set()
    again = []
    for row, event in wanted:
        key = keys_of("event", event)[0]
        found = [number for one in event_keys(context, event) for number in batch.find(one)]
        known = [number for number in found if batch.present[number]["inferred"] == event["inferred"]]
        if known:
            merged = batch.merge(known[0], _said(event), place.system, row.source_row)
            list_untaken(place, batch, row, merged.kept)
            if merged.changed:
                row.touched("stage_history", made=False, main=True)
                changed.add(event["opportunity_id"])
        elif key in fresh:
            again.append((row, event))
        else:
            fresh[key] = (event, row.source_row)
            row.touched("stage_history", made=True, main=True)
    batch.flush()
    refresh_state(context.run, changed)
    record_events(context.run, [event for event, _ in fresh.values()], [source for _, source in fresh.values()])
    return again


def _said(event: Record) -> Record:
    """Return what a row may add to an event that is known."""
    added = {key: event[key] for key in ("from_value", "by", "reason", "note", "extra")}
    return {key: value for key, value in added.items() if value not in (None, {})}


def _event(context: ImportContext, row: Row, place: SheetPlace, own: Mapping[int, str | None]) -> Record | None:
    part = row.draft.parts.get("stage_history", {})
    stage = part.get("stage")
    if not stage:
        header = place.mapping.header_of("stage_history.stage")
        row.stop("rejected", Reason("event.no_stage", msg("the row names no stage"), msg("fill in the stage"), header))
        return None
    pipeline = own.get(row.ids["opportunity"])
    written = place_among(context.pipelines, stage, pipeline)[1]
    if written.kind == "unknown":
        words = msg("{stage} is a stage of no pipeline: kept under its own name", stage=stage)
        row.list(place.mapping.header_of("stage_history.stage"), stage, "stage.unknown", words)
    left, reason = part.get("from_stage"), part.get("reason")
    if reason and written.kind == "lost":
        reason = context.loss_reasons.match(reason) or reason
    extra = {"stage_text": stage} if written.name != stage else {}
    return stage_event(
        row.ids["opportunity"],
        written,
        part.get("at"),
        context.run.started,
        from_value=place_among(context.pipelines, left, pipeline)[1].name if left else None,
        by=part.get("by"),
        reason=reason,
        note=part.get("note"),
        system=place.system,
        extra=extra | row.draft.extra,
        inferred=0 if part.get("at") or written.kind in ENDS else 1,
    )


def write_activities(context: ImportContext, place: SheetPlace, rows: Sequence[Row]) -> None:
    """Write the follow-ups of a chunk, each with its own author and date."""
    find_deals(context, place, rows, required=False)
    batch = Batch(context, "activity")
    wanted = [(row, _activity(row)) for row in rows if not row.stopped]
    batch.load(key for _, record in wanted for key in _keys(record))
    for row, record in wanted:
        if not any(record[f"{kind}_id"] for kind in ("customer", "contact", "opportunity")):
            _refuse(place, row)
            continue
        known = next((number for key in _keys(record) for number in batch.find(key)), None)
        if known is None:
            batch.create(record, row.source_row)
            row.touched("activity", made=True, main=True)
        elif _merge(place, batch, known, row, record):
            row.touched("activity", made=False, main=True)
    batch.flush()


def _keys(record: Record) -> list[Key]:
    """Return the keys under which a follow-up is found: of its deal, and of what it had before the deal was known."""
    without = record | {"opportunity_id": None}
    return [keys_of("activity", record)[0], keys_of("activity", without)[0]]


def _merge(place: SheetPlace, batch: Batch, number: int, row: Row, record: Record) -> bool:
    """Return whether a row added something to a follow-up that is known."""
    present = batch.present[number]
    changed = False
    if record["opportunity_id"] and not present["opportunity_id"]:
        extra = {key: value for key, value in present["extra"].items() if key != "opportunity"}
        changed = batch.change(number, {"opportunity_id": record["opportunity_id"], "extra": extra}, row.source_row)
    said = {key: value for key, value in record.items() if value not in (None, {}, []) and not key.endswith("_id")}
    merged = batch.merge(number, said, place.system, row.source_row)
    list_untaken(place, batch, row, merged.kept)
    links = {key: record[key] for key in ("customer_id", "contact_id") if record[key] and not present[key]}
    return batch.change(number, links, row.source_row) or merged.changed or changed


def _refuse(place: SheetPlace, row: Row) -> None:
    message = msg("the follow-up names no customer, contact or opportunity that is known")
    header = place.mapping.header_of("opportunity.external_id") or place.mapping.header_of("opportunity.name")
    value = row.draft.extra.get("opportunity", "")
    suggestion = msg("fill in the customer's name, or import the opportunities first")
    row.stop("rejected", Reason("activity.no_record", message, suggestion, header, value))


def _activity(row: Row) -> Record:
    part = row.draft.parts.get("activity", {})
    own = {key: value for key, value in part.items() if key in ENTITIES["activity"].columns}
    links = {f"{kind}_id": row.ids.get(kind) for kind in ("customer", "contact", "opportunity")}
    return ENTITIES["activity"].blank() | own | links | {"origin": "import", "extra": dict(row.draft.extra)}
