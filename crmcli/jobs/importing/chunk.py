"""A chunk of rows -> records: kind by kind, parents first, everything looked up in batches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crmcli.domain.identity import keys_of
from crmcli.domain.intake import columns_from
from crmcli.domain.records import ENTITIES, Record
from crmcli.domain.values.text import fold
from crmcli.i18n import msg
from crmcli.importers.extract import Draft
from crmcli.jobs.importing.batch import Batch
from crmcli.jobs.importing.context import ImportContext, Row, SheetPlace
from crmcli.jobs.importing.deals import DealRow, as_record, make, move, read_deal
from crmcli.jobs.importing.happenings import write_activities, write_stage_history
from crmcli.jobs.importing.identify import Verdict, identify
from crmcli.jobs.stages import record_events

_PLAIN = ("owner", "product", "customer", "contact", "lead")
_IDENTIFYING = {
    "owner": ("name", "external_ids"),
    "product": ("name", "external_ids"),
    "customer": ("name", "external_ids", "credit_code", "short_name"),
    "contact": ("name", "external_ids", "phones", "wechat"),
    "lead": ("name", "external_ids", "phones", "company"),
    "opportunity": ("name", "external_ids"),
}


def write_chunk(context: ImportContext, place: SheetPlace, drafts: Sequence[Draft]) -> tuple[list[Row], list[Batch]]:
    """Return the rows with what became of them, and the batches that hold the records they touched."""
    first = context.run.reserve("source_row", len(drafts))
    rows = [Row(draft, first + i) for i, draft in enumerate(drafts)]
    for row in rows:
        _name_owners(context, row)
    _refuse_unidentified(place, rows)
    if place.kind == "stage_history":
        write_stage_history(context, place, rows)
        return rows, []
    batches = [_write_plain(context, place, entity, rows) for entity in _PLAIN if _some(rows, entity)]
    if place.kind == "opportunity" and _some(rows, "opportunity"):
        batches.append(_write_deals(context, place, rows))
    if place.kind == "activity":
        write_activities(context, place, rows)
    return rows, batches


def _some(rows: Sequence[Row], entity: str) -> bool:
    return any(row.draft.parts.get(entity) for row in rows)


def _name_owners(context: ImportContext, row: Row) -> None:
    """Write owners and products as they are known; the written form is kept where it differs."""
    for part in row.draft.parts.values():
        for key, known in (("owner", context.known_owners), ("by", context.known_owners)):
            if key in part:
                part[key] = known.get(fold(part[key]), part[key])
    deal = row.draft.parts.get("opportunity", {})
    written = deal.get("product")
    canonical = context.known_products.get(fold(written)) if written else None
    if written and canonical and canonical != written:
        deal["product"] = canonical
        context.renamed[written, canonical] += 1
        row.draft.extra.setdefault("product", written)


def _refuse_unidentified(place: SheetPlace, rows: Sequence[Row]) -> None:
    keys = _IDENTIFYING.get(place.kind)
    for row in rows:
        part = row.draft.parts.get(place.kind) or {}
        named = [part.get("external_id" if key == "external_ids" else key) for key in keys or ()]
        of_customer = place.kind in ("opportunity", "contact") and _names_customer(row)
        if keys and not any(named) and not of_customer:
            row.stop(
                "rejected",
                "row.no_identity",
                msg("nothing in this row says which record it is"),
                msg("fill in a name or a number"),
            )


def _names_customer(row: Row) -> bool:
    customer = row.draft.parts.get("customer", {})
    return any(customer.get(key) for key in ("name", "external_id", "credit_code"))


def _write_plain(context: ImportContext, place: SheetPlace, entity: str, rows: Sequence[Row]) -> Batch:
    batch = Batch(context.run, entity, context.mode)
    wanted: list[tuple[Row, Record]] = []
    for row in rows:
        part = row.draft.parts.get(entity)
        if part and not row.stopped:
            wanted.append((row, _record(entity, part, row, place)))
    batch.load(key for _, record in wanted for key in keys_of(entity, record))
    for row, record in wanted:
        if _known(entity, record):
            _put(context, place, batch, row, record)
    batch.flush()
    return batch


def _record(entity: str, part: dict[str, Any], row: Row, place: SheetPlace) -> Record:
    record = ENTITIES[entity].blank() | columns_from(entity, part, place.system)
    if entity == "contact":
        record["customer_id"] = row.ids.get("customer")
    if entity == _main(place, row):
        record["extra"] = dict(row.draft.extra)
    return record


def _main(place: SheetPlace, row: Row) -> str:
    """Return the kind of record that a row is mainly about: a contact row that names nobody is its customer's."""
    contact = row.draft.parts.get("contact")
    return "customer" if place.kind == "contact" and not contact else place.kind


def _known(entity: str, record: Record) -> bool:
    return any(record[key] for key in _IDENTIFYING[entity])


def _put(context: ImportContext, place: SheetPlace, batch: Batch, row: Row, record: Record) -> None:
    verdict = identify(batch, record)
    if len(verdict.ids) > 1:
        _hold_back(batch, row, verdict)
        return
    main = batch.entity == _main(place, row)
    if verdict.ids:
        number = verdict.ids[0]
        incoming = {key: value for key, value in record.items() if value not in (None, [], {})}
        changed, _ = batch.merge(number, incoming, place.system, row.source_row)
        if changed:
            row.touched(batch.entity, made=False, main=main)
    else:
        number = batch.create(record, row.source_row)
        row.touched(batch.entity, made=True, main=main)
        if batch.entity == "customer":
            context.near.update((min(number, other), max(number, other)) for other in verdict.near)
    row.ids[batch.entity] = number


def _hold_back(batch: Batch, row: Row, verdict: Verdict) -> None:
    names = ", ".join(str(batch.present[number].get("name")) for number in verdict.ids)
    row.stop(
        "review",
        "row.two_records",
        msg("this row points at several records: {names}", names=names),
        msg("correct the number or name that is wrong, or merge the records first"),
    )


def _write_deals(context: ImportContext, place: SheetPlace, rows: Sequence[Row]) -> Batch:
    batch = Batch(context.run, "opportunity", context.mode)
    wanted: list[tuple[Row, DealRow, Record]] = []
    for row in rows:
        part = row.draft.parts.get("opportunity")
        if part and not row.stopped:
            deal = read_deal(part, place.system, context.pipelines, context.loss_reasons)
            if place.kind == "opportunity":
                deal.columns["extra"] = dict(row.draft.extra)
            wanted.append((row, deal, as_record(deal, row.ids.get("customer"), place.system)))
    batch.load(key for _, _, record in wanted for key in keys_of("opportunity", record))
    events: list[tuple[Record, int, bool]] = []
    for row, deal, record in wanted:
        verdict = identify(batch, record, context.touched_deals)
        if len(verdict.ids) > 1:
            _hold_back(batch, row, verdict)
        elif verdict.ids:
            row.ids["opportunity"] = verdict.ids[0]
            columns = deal.columns | {"customer_id": record["customer_id"]} if record["customer_id"] else deal.columns
            deal.columns.update(columns)
            moved = move(context, batch, row, deal, verdict.ids[0], place.system)
            events += [(event, row.source_row, True) for event in moved]
        else:
            made = make(context, batch, row, deal, record, place.system)
            events += [(event, row.source_row, False) for event in made]
        if not row.ids.get("customer") and not row.stopped:
            row.list(
                "", "", "opportunity.no_customer", msg("this opportunity names no customer; it is kept without one")
            )
    batch.flush()
    for refresh in (False, True):
        part_of = [(event, source) for event, source, moved in events if moved is refresh]
        record_events(context.run, [e for e, _ in part_of], [s for _, s in part_of], refresh=refresh)
    return batch
