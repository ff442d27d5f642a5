"""What a row's stage does to a deal: moves it, competes with other sources, or is kept beside the one that counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from crmcli.domain.records import Record
from crmcli.jobs.deals.stages import stage_event
from crmcli.jobs.importing.batch import Batch
from crmcli.jobs.importing.context import ImportContext, Row, SheetPlace
from crmcli.jobs.importing.deal_rows import DealRow, first_events
from crmcli.jobs.importing.untaken import list_untaken
from crmcli.store.records import fetch


def enter(
    context: ImportContext, batch: Batch, number: int, row: Row, deal: DealRow, system: str, *, moves: bool, spoke: bool
) -> list[Record]:
    """Return the events of a stage that a row says: a real one where its source moves on, else an inferred one."""
    stands, present = deal.stands, batch.present[number]
    if stands is None or stands.name == present["stage"] or (spoke and not moves):
        return []
    recorded = context.run.started
    if not spoke:
        return first_events(deal, number, system, recorded)
    batch.change(number, {"stage_text": deal.columns.get("stage_text")}, row.source_row)
    more = {"system": system, "from_value": present["stage"], "reason": deal.reason, "extra": deal.waiting}
    return [stage_event(number, stands, deal.closed_at or recorded, recorded, **more)]


def keep_said(place: SheetPlace, batch: Batch, number: int, row: Row, deal: DealRow, key: str) -> None:
    """Keep what a row says of a moving field on which another source decides; of an end its date and reason too."""
    said = {key: deal.said[key]}
    if key == "stage":
        stage = deal.stands.name if deal.stands else deal.said[key]
        ended = (
            {"closed_at": deal.closed_at, "loss_reason": deal.reason} if stage != batch.present[number]["stage"] else {}
        )
        said = {"stage": stage} | {column: value for column, value in ended.items() if value}
    differing = [(column, value) for column, value in said.items() if value != batch.present[number][column]]
    list_untaken(place, batch, row, batch.keep(number, differing, place.system, row.source_row))


def keep_stages(
    context: ImportContext,
    place: SheetPlace,
    batch: Batch,
    found: Mapping[int, Sequence[tuple[Row, DealRow]]],
    before: Mapping[int, str | None],
) -> None:
    """Keep the stages that rows say and their deals do not stand in: of sources that differ one counts."""
    for number, now in fetch(context.run.db, "opportunity", found).items():
        batch.present[number] = now
        moved = "stage" in context.said[number, place.system][0] and number not in context.made_deals
        for row, deal in found[number] if not moved else ():
            lost = {deal.stands.name if deal.stands else None, before[number]} - {now["stage"], None}
            for stage in sorted(filter(None, lost)):
                said_by = _said_by(context, number, stage) or place.system
                list_untaken(place, batch, row, batch.keep(number, [("stage", stage)], said_by, row.source_row))


def _said_by(context: ImportContext, number: int, stage: str) -> str | None:
    sql = "SELECT system FROM event WHERE opportunity_id = ? AND field = 'stage' AND value = ? ORDER BY id"
    return next(iter(context.run.db.values(sql, (number, stage))), None)
