"""Rows about contracts, and about what is due and received for them.

They make no other record: the customer, deal and contract that a row names are looked up.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from crmcli.domain.identity import Key, fingerprint, keys_of, plan_keys
from crmcli.domain.intake import column_of, columns_from
from crmcli.domain.records import ENTITIES, Record, references
from crmcli.domain.values.money import Amount
from crmcli.i18n import msg
from crmcli.jobs.importing.batch import Batch
from crmcli.jobs.importing.context import ImportContext, Reason, Row, SheetPlace
from crmcli.jobs.importing.identify import Verdict
from crmcli.jobs.importing.references import find_contracts, find_customers, find_deals
from crmcli.jobs.importing.untaken import hold_back, list_untaken

_WHOSE = ("customer", "contract", "opportunity")
_NOT_COMPARED = ("fingerprint", "extra")
_OF_PAYMENT = ("due_on", "due_amount", "received_on", "received_amount")


def write_contracts(context: ImportContext, place: SheetPlace, rows: Sequence[Row]) -> Batch:
    """Write the contracts of a chunk; return the batch that holds them."""
    _refuse_unidentified(rows, _is_contract)
    find_customers(context, place, rows)
    find_deals(context, place, rows, required=False)
    return _write(context, place, rows)


def write_payments(context: ImportContext, place: SheetPlace, rows: Sequence[Row]) -> Batch:
    """Write the plans and receipts of a chunk; return the batch that holds them.

    One that names a contract and no customer or deal has the contract's.
    """
    _refuse_unidentified(rows, _is_payment)
    find_customers(context, place, rows)
    find_contracts(context, place, rows)
    find_deals(context, place, rows, required=False)
    return _write(context, place, rows)


def _is_contract(row: Row) -> bool:
    part = row.draft.parts.get("contract", {})
    named = part.get("external_id") or part.get("name")
    return bool(named or (row.draft.parts.get("customer") and part.get("amount")))


def _is_payment(row: Row) -> bool:
    parts = row.draft.parts
    part = parts.get("payment", {})
    whose = part.get("external_id") or any(parts.get(kind) for kind in _WHOSE)
    return bool(whose) and any(part.get(key) for key in _OF_PAYMENT)


def _refuse_unidentified(rows: Sequence[Row], is_known: Any) -> None:
    for row in rows:
        if not is_known(row):
            blame = next(iter(row.draft.problems), None)
            header, value = (blame.header, blame.problem.text) if blame else ("", "")
            message = msg("nothing in this row says which record it is")
            hint = msg("fill in whose it is, and the number, the day or the amount")
            row.stop("rejected", Reason("row.no_identity", message, hint, header, value))


def _write(context: ImportContext, place: SheetPlace, rows: Sequence[Row]) -> Batch:
    batch = Batch(context, place.kind)
    wanted = [(row, _record(place, row)) for row in rows if not row.stopped]
    batch.load(key for _, record in wanted for key in keys_of(place.kind, record))
    for row, record in wanted:
        found = _hits(batch, _keys(record)) or _completed(context, batch, record)
        if len(found) > 1 and record["external_ids"]:
            hold_back(batch, row, Verdict(found))
        elif not found:
            row.ids[place.kind] = batch.create(record, row.source_row)
            row.touched(place.kind, made=True, main=True)
        else:
            row.ids[place.kind] = found[0]
            if _merge(place, batch, row, record, found[0]):
                row.touched(place.kind, made=False, main=True)
            elif record["fingerprint"] and context.made_here(place.kind, found[0]):
                row.list("", "", "row.repeated", _REPEATED)
    batch.flush()
    return batch


_REPEATED = msg("another row says exactly the same: taken once; give each a number of its own if they are two")


def _keys(record: Record) -> list[Key]:
    """Return the keys that find the record: by number, else by all that the row says; never by name alone."""
    return [*(("external", key) for key in record["external_ids"]), ("event", record["fingerprint"] or "")]


def _hits(batch: Batch, keys: Iterable[Key]) -> list[int]:
    return list(dict.fromkeys(number for key in keys for number in batch.find(key)))


def _completed(context: ImportContext, batch: Batch, record: Record) -> list[int]:
    """Return the plan of an earlier import that a row says again without contradicting it, with more or with less.

    Its receipt may have come in since, or the row may be of an older file.
    """
    if batch.entity != "payment":
        return []
    said = {key: value for key, value in record.items() if value not in (None, [], {}) and key not in _NOT_COMPARED}
    return [
        number
        for number in _hits(batch, plan_keys(record))
        if not context.made_here("payment", number)
        and all(batch.present[number][key] in (None, value) for key, value in said.items())
    ][:1]


def _record(place: SheetPlace, row: Row) -> Record:
    parts = row.draft.parts
    part = parts.get(place.kind, {})
    links = {column: row.ids.get(kind) for column, kind in references(place.kind).items()}
    own = columns_from(place.kind, part, place.system) | links | {"extra": dict(row.draft.extra)}
    said = {f"{kind}.{key}": _written(value) for kind, one in parts.items() for key, value in one.items()}
    unnumbered = {} if part.get("external_id") else {"fingerprint": fingerprint(said)}
    return ENTITIES[place.kind].blank() | own | unnumbered


def _written(value: Any) -> str:
    return f"{value.value} {value.currency or ''}" if isinstance(value, Amount) else str(value)


def _merge(place: SheetPlace, batch: Batch, row: Row, record: Record, number: int) -> bool:
    """Return whether a row added something to a record that is known; what it names is linked once that is there."""
    present = batch.present[number]
    links = references(place.kind)
    fuller = record["received_amount_fen"] is not None if place.kind == "payment" else False
    if fuller and record["fingerprint"]:
        batch.change(number, {"fingerprint": record["fingerprint"]}, row.source_row)
    made = {column: record[column] for column in links if record[column] and not present[column]}
    if made:
        gone = {links[column] for column in made}
        extra = {key: text for key, text in present["extra"].items() if key not in gone}
        batch.change(number, made | {"extra": extra}, row.source_row)
    moved = batch.settle_customer(number, record["customer_id"], place.system, row.source_row)
    said = {key: value for key, value in record.items() if value not in (None, [], {}) and key not in links}
    said.pop("fingerprint", None)
    merged = batch.merge(number, said, place.system, row.source_row)
    list_untaken(place, batch, row, [*moved.kept, *merged.kept])
    blanks = [column_of(path.split(".")[1]) for path in row.draft.blanks if path.startswith(f"{place.kind}.")]
    cleared = batch.clear(number, blanks, place.system, row.source_row)
    return bool(made) or moved.changed or merged.changed or cleared
