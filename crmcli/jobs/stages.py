"""The one write path for stages: every stage event and the state it leaves a deal in pass through here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from crmcli.domain.pipeline import StagePlace
from crmcli.domain.records import ENTITIES, Record
from crmcli.domain.stage_history import stage_columns
from crmcli.store.journal import Run
from crmcli.store.records import chunks, fetch, fetch_where

STATE = ("stage", "status", "closed_at", "loss_reason")


def stage_event(opportunity_id: int, place: StagePlace, at: str | None, recorded: str, **more: object) -> Record:
    """Return a stage event: the stage's name and rank as they are now, so that renames don't rewrite the past.

    `more` may give from_value, by, reason, note, system, inferred (1 where the time or step is not known for sure).
    """
    event = ENTITIES["event"].blank() | {
        "opportunity_id": opportunity_id,
        "field": "stage",
        "at": at,
        "value": place.name,
        "kind": place.kind,
        "rank": place.rank if place.kind in ("open", "won") else None,
        "recorded": recorded,
        "inferred": 0,
    }
    return event | more


def with_state(opportunity: Record, events: Sequence[Record], now: str) -> Record:
    """Return a new deal's record with the state that its events leave it in."""
    return opportunity | {"status": "open"} | stage_columns(events, now)


def record_events(
    run: Run, events: Sequence[Record], source_rows: Sequence[int | None] | None = None, *, refresh: bool = True
) -> None:
    """Write stage events and bring the deals they belong to into the state they leave.

    `refresh=False` is for deals that were just made by `with_state`.
    """
    run.insert("event", events, source_rows)
    if refresh:
        refresh_state(run, {event["opportunity_id"] for event in events if event["field"] == "stage"})


def refresh_state(run: Run, opportunity_ids: Iterable[int]) -> None:
    """Recompute the present state of deals from their stage events."""
    for part in chunks(sorted(opportunity_ids)):
        deals = fetch(run.db, "opportunity", part)
        marks = ",".join("?" * len(part))
        by_deal: dict[int, list[Record]] = {}
        for event in fetch_where(run.db, "event", f"field = 'stage' AND opportunity_id IN ({marks})", part):
            by_deal.setdefault(event["opportunity_id"], []).append(event)
        for deal_id, deal in deals.items():
            state = stage_columns(by_deal.get(deal_id, []), run.started)
            if state.get("status") == "lost" and not state["loss_reason"] and deal["status"] == "lost":
                state["loss_reason"] = deal["loss_reason"]
            run.update("opportunity", deal, state or {"stage": None, "status": "open", "closed_at": None})
