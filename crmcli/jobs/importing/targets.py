"""Rows of targets: whose, for which period, how much; a row with a month a column is a target a month."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crmcli.domain.headings_targets import MONTHS
from crmcli.domain.identity import keys_of
from crmcli.domain.intake import column_of, columns_from
from crmcli.domain.records import ENTITIES, Record
from crmcli.domain.target_period import target_period
from crmcli.i18n import msg
from crmcli.jobs.importing.batch import Batch
from crmcli.jobs.importing.context import ImportContext, Reason, Row, SheetPlace
from crmcli.jobs.importing.untaken import list_untaken

_WHOLE = ("全公司", "公司", "合计", "company")
_NO_PERIOD = msg("nothing in this row says for which period the target is")
_PERIOD_HINT = msg("write 2026, 2026H1, 2026Q4, 2026-10 or 2026年10月; beside columns of months a column 年份 (year)")


def write_targets(context: ImportContext, place: SheetPlace, rows: Sequence[Row]) -> Batch:
    """Write the targets of a chunk; return the batch that holds them."""
    batch = Batch(context, "target")
    wanted = [(row, record) for row in rows for record in _records(place, row)]
    batch.load(key for _, record in wanted for key in keys_of("target", record))
    for row, record in wanted:
        _put(place, batch, row, record)
    batch.flush()
    return batch


def _records(place: SheetPlace, row: Row) -> list[Record]:
    """Return the targets of a row; none, and the row rejected, where it names no period."""
    part = dict(row.draft.parts.get("target", {}))
    months = {key: part.pop(key) for key in [path.partition(".")[2] for path in MONTHS] if key in part}
    year = target_period(str(part.pop("year", "") or ""))
    written = str(part.pop("period", "") or "")
    part = {key: value for key, value in part.items() if key not in ("owner", "team") or value not in _WHOLE}
    period = target_period(written) or (target_period(f"{year}年{written}") if year and written else None) or year
    spans = [(f"{year}-{key[1:]}", {"amount": amount}) for key, amount in months.items()] if year else []
    if not spans and period and not months:
        spans = [(period, {})]
    if not spans:
        row.stop("rejected", Reason("row.no_identity", _NO_PERIOD, _PERIOD_HINT, place.mapping.header_of(
            "target.period"), written))  # fmt: skip
    return [_record(place, row, part | more, span) for span, more in spans] if not row.stopped else []


def _record(place: SheetPlace, row: Row, part: dict[str, Any], period: str) -> Record:
    own = columns_from("target", part, place.system) | {"period": period, "extra": dict(row.draft.extra)}
    if own.get("count") is not None:
        own["count"] = int(own["count"])
    return ENTITIES["target"].blank() | own


def _put(place: SheetPlace, batch: Batch, row: Row, record: Record) -> None:
    found = [number for key in keys_of("target", record) for number in batch.find(key)]
    if not found:
        row.ids["target"] = batch.create(record, row.source_row)
        row.touched("target", made=True, main=True)
        return
    row.ids["target"] = number = found[0]
    said = {key: value for key, value in record.items() if value not in (None, [], {})}
    merged = batch.merge(number, said, place.system, row.source_row)
    list_untaken(place, batch, row, merged.kept)
    blanks = [column_of(path.split(".")[1]) for path in row.draft.blanks if path.startswith("target.")]
    if batch.clear(number, blanks, place.system, row.source_row) or merged.changed:
        row.touched("target", made=False, main=True)
