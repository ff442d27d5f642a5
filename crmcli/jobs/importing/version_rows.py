"""Rows of a dated version of a sheet: which deal each means, and what the version says of it on its day."""

from __future__ import annotations

from collections.abc import Sequence

from crmcli.domain.fields import normalise_header
from crmcli.domain.identity import keys_of
from crmcli.domain.records import Record
from crmcli.domain.values.date import parse_date
from crmcli.domain.values.date_style import DateStyle
from crmcli.domain.values.text import clean
from crmcli.i18n import msg
from crmcli.jobs.deals.stages import with_state
from crmcli.jobs.importing.batch import Batch
from crmcli.jobs.importing.context import ImportContext, Reason, Row, SheetPlace
from crmcli.jobs.importing.deal_rows import MOVING, DealRow
from crmcli.jobs.importing.deals import follow_deal, settle_deal, wanted_deals
from crmcli.jobs.importing.identify import identify
from crmcli.jobs.importing.sightings import Said, Sightings, shared_key
from crmcli.jobs.importing.untaken import hold_back

# headers of times that narrow a change: when the present stage was entered, when the row was last touched
_ENTERED = "阶段变更时间 阶段更新时间 阶段进入时间 进入阶段时间 进入时间 变更时间 变更日期 推进时间 进入日期"
_TOUCHED = "更新时间 更新日期 最后更新时间 最近更新时间 修改时间 最后修改时间 最近修改时间 lastmodifieddate"
_TIMES = dict.fromkeys(_ENTERED.split(), "entered_at") | dict.fromkeys(_TOUCHED.split(), "updated_at")
# what the sightings decide when all are read
_LATER = dict.fromkeys((*MOVING, "closed_at", "loss_reason", "stage_text", "owner_by")) | {"said": {}}


def write_version_rows(context: ImportContext, place: SheetPlace, rows: Sequence[Row]) -> Batch:
    """Return the deals of a chunk with their plain columns; what moves them is only noted in `context.sightings`."""
    sightings = context.sightings
    assert sightings is not None  # noqa: S101 - the caller asked
    batch = Batch(context, "opportunity")
    wanted = wanted_deals(context, place, rows)
    batch.load(key for _, _, record in wanted for key in keys_of("opportunity", record))
    sightings.load(context.run.db, batch.present)
    for row, deal, record in wanted:
        number = _number_of(context, sightings, place, batch, row, record)
        if row.stopped:
            continue
        if number is None:
            number = batch.create(with_state(record | _LATER, [], context.run.started), row.source_row)
            row.touched("opportunity", made=True, main=True)
        else:
            held = batch.present[number]
            changed = settle_deal(place, batch, number, row, deal, MOVING)
            if follow_deal(context, place, batch, number, row, deal, held) or changed:
                row.touched("opportunity", made=False, main=True)
        row.ids["opportunity"] = number
        context.taken_deals.add(number)
        if sightings.add(number, _said(row, deal, sightings), row.source_row):
            row.touched("opportunity", made=False, main=True)
    batch.flush()
    return batch


def _number_of(
    context: ImportContext, sightings: Sightings, place: SheetPlace, batch: Batch, row: Row, record: Record
) -> int | None:
    """Return the deal that a row means, None where it is new; a row that may mean several is held back.

    Only number and name find it: what a version says of a deal is of another day than what the deal says now.
    """
    if shared_key(row.draft.parts) in sightings.crowded:
        _hold(row)
        return None
    of_its_day = record | {"said": {place.system: {"": sightings.day}}}
    verdict = identify(batch, of_its_day)
    if len(verdict.ids) > 1:
        hold_back(batch, row, verdict)
    elif verdict.ids and verdict.ids[0] in context.taken_deals:
        _hold(row)
    return verdict.ids[0] if verdict.ids else None


def _hold(row: Row) -> None:
    words = msg("several rows of this version are of one customer and name: which is which cannot be told")
    row.stop("review", Reason("series.same_name", words, msg("give these rows numbers or names of their own")))


def _said(row: Row, deal: DealRow, sightings: Sightings) -> Said:
    said: Said = {key: deal.columns.get(key) for key in (*MOVING, "stage_text")}
    said |= {
        "stage": deal.place and deal.place.name,
        "end": deal.end and deal.end.name,
        "written": deal.said.get("stage"),
        "closed_at": deal.closed_at,
        "reason": deal.reason,
    }
    for header, text in row.draft.extra.items():
        key = _TIMES.get(normalise_header(header).replace(" ", ""))
        time = parse_date(clean(text), DateStyle(), sightings.zone) if key else None
        if key and isinstance(time, str):
            said[key] = time
    return {key: value for key, value in sorted(said.items()) if value is not None}
