"""Rows about opportunities: where the written stage stands, what a weekly sheet moves, which events follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from crmcli.domain.intake import columns_from
from crmcli.domain.loss_reasons import LossReasons
from crmcli.domain.pipeline import Pipeline, StagePlace, place_among
from crmcli.domain.records import ENTITIES, Record
from crmcli.domain.stage_history import ENDS
from crmcli.jobs.importing.batch import Batch
from crmcli.jobs.importing.context import ImportContext, Row
from crmcli.jobs.stages import stage_event, with_state

# what the same source says later moves the deal, instead of competing with what it said before
MOVING = ("amount_fen", "owner", "expected_close")


@dataclass(frozen=True, slots=True)
class DealRow:
    """What a row says of a deal: plain columns, what its source says of the moving fields, where it stands."""

    columns: Record
    said: dict[str, Any]
    place: StagePlace | None
    end: StagePlace | None
    closed_at: str | None
    reason: str | None


def read_deal(part: dict[str, Any], system: str, pipelines: Sequence[Pipeline], reasons: LossReasons) -> DealRow:
    """Return a row's deal. A bare closing date is `closed_at` on a closed row, else the expected close."""
    part = dict(part)
    stage, status = part.pop("stage", None), part.pop("status", None)
    closing, reason = part.pop("closed_at", None), part.pop("loss_reason", None)
    place = place_among(pipelines, stage)[1] if stage else None
    stated = place_among(pipelines, status)[1] if status else None
    end = next((p for p in (stated, place) if p and p.kind in ENDS), None)
    if not place and stated and not end:
        place = stated
    columns = columns_from("opportunity", part, system)
    if not end and closing and "expected_close" not in columns:
        columns["expected_close"], closing = closing, None
    if stage and place and place.name != stage:
        columns["stage_text"] = stage
    if "probability" in columns:
        columns["probability_source"] = "manual"
    if "owner" in columns:
        columns["owner_by"] = "import"
    said = {key: columns[key] for key in MOVING if key in columns}
    said |= {"stage": status if stated else stage} if stage or status else {}
    if not end and reason:
        columns["loss_note"] = reason
        reason = None
    canonical = (reasons.match(reason) or reason) if reason else None
    if canonical != reason:
        columns.setdefault("loss_note", reason)
    open_place = place if place and place.kind not in ENDS else None
    return DealRow(columns, said, open_place, end, closing if end else None, canonical)


def as_record(deal: DealRow, customer_id: int | None, system: str) -> Record:
    """Return the row's deal as a record for finding and making it."""
    said = {system: deal.said} if deal.said else {}
    return ENTITIES["opportunity"].blank() | deal.columns | {"customer_id": customer_id, "said": said}


def first_events(deal: DealRow, number: int, system: str, recorded: str) -> list[Record]:
    """Return a new deal's events: the present stage is inferred, at the engaged or created date or unknown."""
    events = []
    if deal.place:
        at = deal.columns.get("created_at")
        events.append(stage_event(number, deal.place, at, recorded, system=system, inferred=1))
    if deal.end:
        events.append(
            stage_event(number, deal.end, deal.closed_at, recorded, system=system, inferred=1, reason=deal.reason)
        )
    return events


def make(context: ImportContext, batch: Batch, row: Row, deal: DealRow, record: Record, system: str) -> list[Record]:
    """Make the deal of a row; returns its first events."""
    events = first_events(deal, 0, system, context.run.started)
    if deal.end is None and not events:
        record = record | {"status": "open"}
    number = batch.create(with_state(record, events, context.run.started), row.source_row)
    row.ids["opportunity"] = number
    row.touched("opportunity", made=True, main=True)
    context.touched_deals[number] = system
    return [event | {"opportunity_id": number} for event in events]


def move(context: ImportContext, batch: Batch, row: Row, deal: DealRow, number: int, system: str) -> list[Record]:
    """Put a row into a deal that is there; returns the events of what the same source says anew."""
    present = batch.present[number]
    before = present["said"].get(system, {})
    again = context.touched_deals.get(number) == system
    anew = {key: value for key, value in deal.said.items() if key in before and before[key] != value and not again}
    plain = {key: value for key, value in deal.columns.items() if key not in anew}
    plain = {key: value for key, value in plain.items() if not (key in before and before[key] == value)}
    if "owner" not in plain:
        plain.pop("owner_by", None)
    changed, _ = batch.merge(number, plain, system, row.source_row)
    events = [_moved(context, number, key, present, value, system) for key, value in anew.items() if key != "stage"]
    columns = {key: value for key, value in anew.items() if key != "stage"}
    if "stage" in anew or ("stage" not in before and "stage" in deal.said and not present["stage"]):
        events += _entered(context, deal, present, system, fresh="stage" in anew)
    said = {**before, **{k: v for k, v in deal.said.items() if k not in before or k in anew}}
    changed |= batch.change(number, columns | {"said": present["said"] | {system: said}}, row.source_row)
    if changed or events:
        row.touched("opportunity", made=False, main=True)
    context.touched_deals[number] = system
    return events


def _entered(context: ImportContext, deal: DealRow, present: Record, system: str, *, fresh: bool) -> list[Record]:
    recorded = context.run.started
    more = {"system": system, "from_value": present["stage"]} if fresh else {"system": system, "inferred": 1}
    place = deal.end or deal.place
    if place is None or place.name == present["stage"]:
        return []
    at = deal.closed_at if deal.end else None
    if fresh:
        at = at or recorded
    return [stage_event(present["id"], place, at, recorded, reason=deal.reason, **more)]


def _moved(context: ImportContext, number: int, key: str, present: Record, value: Any, system: str) -> Record:
    started = context.run.started
    change = {"opportunity_id": number, "field": key, "at": started, "recorded": started, "system": system}
    values = {"from_value": _text(present[key]), "value": _text(value), "inferred": 0}
    return ENTITIES["event"].blank() | change | values


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
