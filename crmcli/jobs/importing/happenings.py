"""Rows about things that happened: stage changes and follow-ups."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crmcli.domain.identity import Key, external_key, keys_of
from crmcli.domain.pipeline import place_among
from crmcli.domain.records import ENTITIES, Record
from crmcli.domain.stage_history import ENDS
from crmcli.domain.values.text import fold
from crmcli.i18n import msg
from crmcli.jobs.importing.batch import Batch
from crmcli.jobs.importing.context import ImportContext, Row, SheetPlace
from crmcli.jobs.stages import record_events, stage_event
from crmcli.store.records import find_by_keys


def write_stage_history(context: ImportContext, place: SheetPlace, rows: Sequence[Row]) -> None:
    """Write the stage changes of a chunk; a row whose deal is unknown is rejected."""
    _find_deals(context, place, rows, required=True)
    batch = Batch(context.run, "event", context.mode)
    wanted = [(row, _event(context, row, place)) for row in rows if not row.stopped]
    batch.load(key for _, event in wanted if event for key in keys_of("event", event))
    fresh: list[tuple[Record, int]] = []
    seen: set[Key] = set()
    for row, event in wanted:
        if event is None:
            row.stop("rejected", "event.no_stage", msg("the row says neither a stage nor when"), None)
            continue
        key = keys_of("event", event)[0]
        known = [n for n in batch.find(key) if not batch.present[n]["inferred"]]
        if key not in seen and not known:
            fresh.append((event, row.source_row))
            row.touched("stage_history", made=True, main=True)
        seen.add(key)
    record_events(context.run, [event for event, _ in fresh], [source for _, source in fresh])


def _event(context: ImportContext, row: Row, place: SheetPlace) -> Record | None:
    part = row.draft.parts.get("stage_history", {})
    stage = part.get("stage")
    if not stage:
        return None
    written = place_among(context.pipelines, stage)[1]
    left = part.get("from_stage")
    reason = part.get("reason") or row.draft.parts.get("opportunity", {}).get("loss_reason")
    if reason and written.kind == "lost":
        reason = context.loss_reasons.match(reason) or reason
    return stage_event(
        row.ids["opportunity"],
        written,
        part.get("at"),
        context.run.started,
        from_value=place_among(context.pipelines, left)[1].name if left else None,
        by=part.get("by"),
        reason=reason,
        note=part.get("note"),
        system=place.system,
        extra={"stage_text": stage, **row.draft.extra} if written.name != stage else dict(row.draft.extra),
        inferred=0 if part.get("at") or written.kind in ENDS else 1,
    )


def _find_deals(context: ImportContext, place: SheetPlace, rows: Sequence[Row], *, required: bool) -> None:
    """Note on each row the deal it names: by number, else by customer and name."""
    by_number = [_number_key(row, place) for row in rows]
    found = find_by_keys(context.run.db, "opportunity", [key for key in by_number if key])
    customers = find_by_keys(context.run.db, "customer", [key for row in rows if (key := _customer_key(row))])
    names = [_name_keys(row, customers) for row in rows]
    found |= find_by_keys(context.run.db, "opportunity", [key for keys in names for key in keys])
    for row, number, by_name in zip(rows, by_number, names, strict=True):
        hits = [n for key in ([number] if number else by_name) for n in found.get(key, [])]
        if len(hits) == 1:
            row.ids["opportunity"] = hits[0]
        elif required and not row.stopped:
            _refuse_deal(row, hits)
        elif number or row.draft.parts.get("opportunity"):
            _list_deal(row)


def _refuse_deal(row: Row, hits: list[int]) -> None:
    text = row.draft.parts.get("opportunity", {})
    shown = text.get("external_id") or text.get("name") or ""
    if hits:
        row.stop("review", "reference.ambiguous", msg("several opportunities are called {name}", name=shown), None)
    else:
        row.stop(
            "rejected",
            "reference.unknown_opportunity",
            msg("no opportunity {name} is known", name=shown),
            msg("import the opportunities first, or correct the number"),
        )


def _list_deal(row: Row) -> None:
    part = row.draft.parts.get("opportunity", {})
    shown = part.get("external_id") or part.get("name") or ""
    row.draft.extra["opportunity"] = shown
    row.list("", shown, "reference.unknown_opportunity", msg("no opportunity {name} is known", name=shown))


def _number_key(row: Row, place: SheetPlace) -> Key | None:
    number = row.draft.parts.get("opportunity", {}).get("external_id")
    return ("external", external_key(place.system, number)) if number else None


def _customer_key(row: Row) -> Key | None:
    name = row.draft.parts.get("customer", {}).get("name")
    return ("name", fold(name)) if name else None


def _name_keys(row: Row, customers: dict[Key, list[int]]) -> list[Key]:
    name = row.draft.parts.get("opportunity", {}).get("name")
    if not name:
        return []
    customer = _customer_key(row)
    homes: list[Any] = list(customers.get(customer, [])) if customer else [""]
    return [("name", f"{home}|{fold(name)}") for home in homes]


def write_activities(context: ImportContext, place: SheetPlace, rows: Sequence[Row]) -> None:
    """Write the follow-ups of a chunk, each with its own author and date."""
    _find_deals(context, place, rows, required=False)
    batch = Batch(context.run, "activity", context.mode)
    wanted = [(row, _activity(row)) for row in rows if not row.stopped]
    batch.load(key for _, record in wanted for key in keys_of("activity", record))
    for row, record in wanted:
        if not any(record[f"{kind}_id"] for kind in ("customer", "contact", "opportunity")):
            row.stop(
                "rejected",
                "activity.no_record",
                msg("the follow-up names no customer, contact or opportunity that is known"),
                msg("fill in the customer's name"),
            )
            continue
        known = batch.find(keys_of("activity", record)[0])
        if known:
            changed, _ = batch.merge(known[0], _filled(record), place.system, row.source_row)
            if changed:
                row.touched("activity", made=False, main=True)
        else:
            batch.create(record, row.source_row)
            row.touched("activity", made=True, main=True)
    batch.flush()


def _activity(row: Row) -> Record:
    part = row.draft.parts.get("activity", {})
    own = {key: value for key, value in part.items() if key in ENTITIES["activity"].columns}
    links = {f"{kind}_id": row.ids.get(kind) for kind in ("customer", "contact", "opportunity")}
    return ENTITIES["activity"].blank() | own | links | {"origin": "import", "extra": dict(row.draft.extra)}


def _filled(record: Record) -> Record:
    return {key: value for key, value in record.items() if value not in (None, {}, [])}
