"""What a row says of an opportunity: plain columns, what its source says of the moving ones, where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from crmcli.domain.intake import columns_from, in_key_order
from crmcli.domain.loss_reasons import LossReasons
from crmcli.domain.pipeline import Pipeline, StagePlace, pipeline_named, place_among
from crmcli.domain.records import ENTITIES, Record
from crmcli.domain.settle import fixed_order
from crmcli.domain.stage_history import ENDS
from crmcli.jobs.deals.stages import stage_event

# what the same source says later moves the deal, instead of competing with what it said before
MOVING = ("amount_fen", "owner", "expected_close")
# columns that say who wrote another one
COMPANIONS = {"owner": ("owner_by", "import"), "probability": ("probability_source", "manual")}


@dataclass(frozen=True, slots=True)
class DealRow:
    """One row's deal. `said` holds the moving columns and the stage as written; `place` and `end` where it stands.

    `waiting` holds what a stage that no pipeline knows would say of the deal's end, should it turn out to be one.
    """

    columns: Record
    said: dict[str, Any]
    place: StagePlace | None
    end: StagePlace | None
    closed_at: str | None
    reason: str | None
    waiting: dict[str, str] = field(default_factory=dict)

    @property
    def stands(self) -> StagePlace | None:
        """Return the end the row says, else its stage."""
        return self.end or self.place


def read_deal(
    part: dict[str, Any], system: str, pipelines: Sequence[Pipeline], reasons: LossReasons, own: str | None = None
) -> DealRow:
    """Return a row's deal. A bare closing date is `closed_at` on a closed row, else the expected close.

    Its stage is looked up in the pipeline that the row names, else in `own`, before others.
    """
    part = dict(part)
    named = pipeline_named(pipelines, part.get("pipeline"))
    if named:
        own = part["pipeline"] = named.key
    stage, status = part.pop("stage", None), part.pop("status", None)
    closing, reason = part.pop("closed_at", None), part.pop("loss_reason", None)
    place = place_among(pipelines, stage, own)[1] if stage else None
    stated = place_among(pipelines, status, own)[1] if status else None
    end = next((p for p in (stated, place) if p and p.kind in ENDS), None)
    if not place and stated and not end and stated.kind != "unknown":
        place = stated
    columns = columns_from("opportunity", part, system)
    if not end and closing:
        columns.setdefault("expected_close", closing)
    if stage and place and place.name != stage:
        columns["stage_text"] = stage
    if status and place is not stated and end is not stated:
        columns["extra"] = {"status": status}
    said = {key: columns[key] for key in MOVING if key in columns}
    said |= {"stage": status if end and end is stated else stage or status} if stage or status else {}
    columns |= _loss_note(columns, reason, reasons, lost=end is not None)
    canonical = (reasons.match(reason) or reason) if reason and end else None
    open_place = place if place and place.kind not in ENDS else None
    waiting = {"closed_at": closing, "loss_reason": reason} if not end and place and place.kind == "unknown" else {}
    waiting = {key: value for key, value in waiting.items() if value}
    return DealRow(columns, said, open_place, end, closing if end else None, canonical, waiting)


def _loss_note(columns: Record, reason: str | None, reasons: LossReasons, *, lost: bool) -> Record:
    """Return where a written reason goes: beside the reason it stands for, or alone on a deal that is not closed."""
    if not reason or "loss_note" in columns or (lost and (reasons.match(reason) or reason) == reason):
        return {}
    return {"loss_note": reason}


def as_record(deal: DealRow, customer_id: int | None, system: str) -> Record:
    """Return the row's deal as a record for finding and making it."""
    said = in_key_order({system: deal.said}) if deal.said else {}
    own = {"customer_id": customer_id, "said": said, "closed_at": deal.closed_at, "loss_reason": deal.reason}
    by = {column: value for key, (column, value) in COMPANIONS.items() if key in deal.columns}
    return ENTITIES["opportunity"].blank() | deal.columns | by | own


def first_events(deal: DealRow, number: int, system: str, recorded: str) -> list[Record]:
    """Return the events of a source's first word on a deal.

    The stage is inferred, at the engaged or created date or at an unknown time.
    """
    more: dict[str, Any] = {"system": system, "inferred": 1}
    events = []
    if deal.place:
        entered = deal.columns.get("created_at")
        events.append(stage_event(number, deal.place, entered, recorded, extra=deal.waiting, **more))
    if deal.end:
        events.append(stage_event(number, deal.end, deal.closed_at, recorded, reason=deal.reason, **more))
    return events


def strongest(key: str, rows: Iterable[DealRow]) -> Any:
    """Return what a source says of a deal where its rows differ: the furthest stage, else the fullest value."""
    saying = [row for row in rows if key in row.said]
    if key == "stage":
        return max(saying, key=_how_far).said[key]
    return max((row.said[key] for row in saying), key=fixed_order)


def _how_far(row: DealRow) -> tuple[Any, ...]:
    place = row.stands
    return (row.end is not None, (place.rank or 0) if place else 0, fixed_order(row.said["stage"]))
