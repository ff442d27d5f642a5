"""A chunk of rows -> records: kind by kind, parents first, everything looked up in batches."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from crmcli.domain.identity import Key, keys_of
from crmcli.domain.intake import AREA, area_guess, area_to_add, column_of, columns_from
from crmcli.domain.records import ENTITIES, Record
from crmcli.domain.settle import Mode
from crmcli.domain.values.text import fold
from crmcli.i18n import msg
from crmcli.importers.extract import cells_of
from crmcli.importers.parsing import ParsedColumn
from crmcli.jobs.importing.batch import Batch
from crmcli.jobs.importing.context import ImportContext, Reason, Row, SheetPlace
from crmcli.jobs.importing.contracts import write_contracts, write_payments
from crmcli.jobs.importing.deals import write_deals
from crmcli.jobs.importing.happenings import write_activities, write_stage_history
from crmcli.jobs.importing.identify import identify
from crmcli.jobs.importing.lead_states import Word, settle_states
from crmcli.jobs.importing.stage_dates import write_stage_dates
from crmcli.jobs.importing.targets import write_targets
from crmcli.jobs.importing.untaken import hold_back, list_untaken
from crmcli.jobs.importing.version_rows import write_version_rows

_OF_ITS_OWN = {"contract": write_contracts, "payment": write_payments, "target": write_targets}
_PLAIN = ("owner", "product", "customer", "contact", "lead")
_IDENTIFYING = {
    "owner": ("name", "external_ids"),
    "product": ("name", "external_ids"),
    "customer": ("name", "external_ids", "credit_code", "short_name"),
    "contact": ("name", "external_ids", "phones", "wechat"),
    "lead": ("name", "external_ids", "phones", "company"),
    "opportunity": ("name", "external_ids"),
}


def write_chunk(
    context: ImportContext, place: SheetPlace, rows: Sequence[Row], columns: Sequence[ParsedColumn]
) -> list[Batch]:
    """Put rows in and note on each what became of it; return the batches that hold the records they touched.

    `columns` are those of the block that the rows are of.
    """
    for row in rows:
        _name_owners(context, row)
    _refuse_unidentified(place, rows)
    if place.kind == "stage_history":
        write_stage_history(context, place, rows)
        return []
    if place.kind in _OF_ITS_OWN:
        return [_OF_ITS_OWN[place.kind](context, place, rows)]
    batches = [_write_plain(context, place, entity, rows, columns) for entity in _PLAIN if _some(rows, entity)]
    if place.kind == "opportunity":
        write = write_deals if context.sightings is None else write_version_rows
        batches.append(write(context, place, rows))
        write_stage_dates(context, place, rows)
    if place.kind == "activity":
        write_activities(context, place, rows)
    return batches


def _some(rows: Sequence[Row], entity: str) -> bool:
    return any(row.draft.parts.get(entity) for row in rows)


def _name_owners(context: ImportContext, row: Row) -> None:
    """Write owners and products as they are known; the written form is kept where it differs."""
    for part in row.draft.parts.values():
        for key in ("owner", "by"):
            if part.get(key):
                part[key] = context.owner_named(part[key])
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
            message = msg("nothing in this row says which record it is")
            blame = next((p for p in row.draft.problems if p.path.partition(".")[0] in (place.kind, "customer")), None)
            header, value = (blame.header, blame.problem.text) if blame else ("", "")
            row.stop("rejected", Reason("row.no_identity", message, msg("fill in a name or a number"), header, value))


def _names_customer(row: Row) -> bool:
    customer = row.draft.parts.get("customer", {})
    return any(customer.get(key) for key in ("name", "external_id", "credit_code"))


def _write_plain(
    context: ImportContext, place: SheetPlace, entity: str, rows: Sequence[Row], columns: Sequence[ParsedColumn]
) -> Batch:
    batch = Batch(context, entity)
    wanted: list[tuple[Row, Record, list[Key], bool]] = []
    for row in rows:
        part = row.draft.parts.get(entity)
        for number, one in enumerate(_all_of(row, entity, part) if part and not row.stopped else ()):
            record = _record(entity, one, row, place, first=number == 0)
            wanted.append((row, record, keys_of(entity, record), number == 0))
    batch.load(key for _, _, keys, _ in wanted for key in keys)
    words: list[Word] = []
    for row, record, keys, first in wanted:
        if any(record[key] for key in _IDENTIFYING[entity]):
            _put(context, place, batch, row, record, keys, first=first)
            words += _status_said(entity, row, record)
        else:
            for header, text in cells_of(columns, row.draft.index, entity):
                row.draft.keep(header, text)
    settle_states(place, batch, words)
    batch.flush()
    return batch


def _status_said(entity: str, row: Row, record: Record) -> list[Word]:
    """Return what a row says of its lead's status, for the end of the chunk: nothing where it says none."""
    number, said = row.ids.get("lead"), record.get("status")
    return [(number, row, said)] if entity == "lead" and number and said else []


def _all_of(row: Row, entity: str, part: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the parts of a row that are records of a kind: a row may name several contacts."""
    return [part, *row.draft.others] if entity == "contact" else [part]


def _record(entity: str, part: dict[str, Any], row: Row, place: SheetPlace, *, first: bool) -> Record:
    record = ENTITIES[entity].blank() | columns_from(entity, part, place.system)
    if entity == "contact":
        record["customer_id"] = row.ids.get("customer")
    if first and entity == _main(place, row):
        record["extra"] = dict(row.draft.extra)
    return record


def _main(place: SheetPlace, row: Row) -> str:
    """Return the kind of record a row is mainly about: the sheet's, else the finest that the row speaks of."""
    if place.kind not in ("contact", "opportunity"):
        return place.kind
    return next((kind for kind in (place.kind, "contact", "customer") if row.draft.parts.get(kind)), place.kind)


def _put(
    context: ImportContext,
    place: SheetPlace,
    batch: Batch,
    row: Row,
    record: Record,
    keys: Sequence[Key],
    *,
    first: bool,
) -> None:
    """Put a record of a row where it belongs; the first of its kind is the one that the row is about."""
    verdict = identify(batch, record, keys=keys)
    if len(verdict.ids) > 1:
        hold_back(batch, row, verdict)
        return
    main = first and batch.entity == _main(place, row)
    if verdict.ids:
        number = verdict.ids[0]
        if _merge(place, batch, row, record, number, row.draft.blanks if first else ()):
            row.touched(batch.entity, made=False, main=main)
    else:
        number = batch.create(_with_area(batch.entity, record), row.source_row, keys)
        row.touched(batch.entity, made=True, main=main)
    if verdict.near:
        context.near.update((min(number, other), max(number, other)) for other in verdict.near)
    if first:
        row.ids[batch.entity] = number


def _merge(place: SheetPlace, batch: Batch, row: Row, record: Record, number: int, emptied: Collection[str]) -> bool:
    incoming = {key: value for key, value in record.items() if value not in (None, [], {})}
    home = incoming.pop("customer_id", None)
    moved = batch.settle_customer(number, home, place.system, row.source_row) if batch.entity == "contact" else None
    if batch.entity == "lead":
        incoming.pop("status", None)  # settled at the end of the chunk
    before = batch.present[number]
    yields = batch.entity == "customer" and _forget_guess(batch, row, number, incoming)
    merged = batch.merge(number, incoming, place.system, row.source_row)
    merged.kept += moved.kept if moved else []
    list_untaken(place, batch, row, merged.kept)
    blanks = [column_of(path.split(".")[1]) for path in emptied if path.startswith(f"{batch.entity}.")]
    cleared = batch.clear(number, blanks, place.system, row.source_row)
    guessed = batch.entity == "customer" and batch.change(number, _area_now(batch, number, before), row.source_row)
    return merged.changed or cleared or guessed or yields or bool(moved and moved.changed)


def _with_area(entity: str, record: Record) -> Record:
    return record | area_to_add(record) if entity == "customer" else record


def _area_now(batch: Batch, number: int, before: Record) -> Record:
    """Return what changes of a customer's area now: a guess follows what it was guessed from."""
    present, guess = batch.present[number], area_guess(before)
    untouched = all(present[key] == before[key] == guess.get(key) for key in AREA)
    if guess and untouched and batch.modes.of("customer", "province") is not Mode.SKIP:
        return {key: area_guess(present).get(key) for key in AREA}
    return area_to_add(present)


def _forget_guess(batch: Batch, row: Row, number: int, incoming: Record) -> bool:
    """Return whether an area that was guessed had to give way: what is said counts more."""
    present = batch.present[number]
    guess = area_guess(present)
    said = {key: incoming.get(key) for key in AREA}
    if (
        batch.modes.of("customer", "province") is Mode.SKIP
        or not guess
        or any(present[key] != guess.get(key) for key in AREA)
    ):
        return False
    return any(value not in (None, guess.get(key)) for key, value in said.items()) and batch.change(
        number, said, row.source_row
    )
