"""The database -> what reports are computed from."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from crmcli.config.parts import owners
from crmcli.domain.identity import external_id
from crmcli.domain.metrics.population import (
    AT_CLOSE,
    DAY_LENGTH,
    DEAL_COLUMNS,
    EVENT_COLUMNS,
    Population,
    Stages,
    population_of,
)
from crmcli.domain.pipeline import Pipeline
from crmcli.domain.stage_history import ENDS, counts_until, in_order, lies_between
from crmcli.domain.values.text import fold
from crmcli.jobs.vocabulary import pipelines
from crmcli.jobs.workspace import Workspace
from crmcli.store.records import fetch_where
from crmcli.store.reporting import deals, stage_events, value_events

Row = dict[str, Any]
Staff = Mapping[str, Mapping[str, str]]
_AT_CLOSE = tuple(f"{key}_at_close" for key in AT_CLOSE)


def load_population(workspace: Workspace, as_of: str) -> Population:
    """Return the deals as they were at `as_of` (ISO) with all their stage events."""
    pipeline = pipelines(workspace)[0]
    people = owners(workspace.settings, fetch_where(workspace.db, "owner"))
    staff = {
        fold(person.name): {"team": person.team, "region": person.region, "manager": person.manager}
        for person in people
    }
    moves, history = _by_deal(value_events(workspace.db)), _history(workspace, as_of)
    rows = [
        _deal(row, pipeline, staff, moves.get(row["opportunity_id"], []), as_of)
        | _at_close(row, staff, moves.get(row["opportunity_id"], []), history.get(row["opportunity_id"], []), as_of)
        | _probability(row, history.get(row["opportunity_id"], []), as_of)
        for row in deals(workspace.db)
    ]
    columns = (*DEAL_COLUMNS, *_AT_CLOSE, "amount_first_fen", "next_at")
    stages = Stages(tuple(stage.name for stage in pipeline.stages), pipeline.won, pipeline.lost, pipeline.void)
    return population_of(
        {key: [row[key] for row in rows] for key in columns},
        _events(history, pipeline),
        stages,
        workspace.settings.workspace.timezone,
    )


def _by_deal(events: Iterable[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for event in events:
        found[event["opportunity_id"]].append(event)
    return found


def _history(workspace: Workspace, as_of: str) -> dict[int, list[Row]]:
    """Return the stage events of every deal that ever count, in order: up to `as_of`, then what came later.

    `until` is when an event gives way to real ones; None never.
    """
    found = {}
    for number, group in groupby(stage_events(workspace.db), key=lambda event: event["opportunity_id"]):
        listed = list(group)
        events = [event | {"until": counts_until(event, listed)} for event in listed]
        events = [event for event in events if event["until"] != ""]
        later = [event for event in events if event["at"] and event["at"] > as_of]
        past = [event for event in events if not event["at"] or event["at"] <= as_of]
        found[number] = in_order(past) + in_order(later)
    return found


def _deal(row: Row, pipeline: Pipeline, staff: Staff, moves: list[Row], as_of: str) -> Row:
    ids = json.loads(row.pop("external_ids") or "[]")
    row |= {"external_id": external_id(ids[0]) if ids else None, "pipeline": pipeline.key}
    row["amount_first_fen"] = _first(moves, "amount_fen", row["amount_fen"])
    for key in ("amount_fen", "owner", "expected_close"):
        row[key] = _value_at(moves, key, row[key], as_of)
    return row | _place(staff, row["owner"])


def _place(staff: Staff, owner: str | None) -> Row:
    """Return an owner's team, region and manager."""
    known = staff.get(fold(owner or ""), {})
    return {key: known.get(key) or None for key in ("team", "region", "manager")}


def _at_close(row: Row, staff: Staff, moves: list[Row], history: list[Row], as_of: str) -> Row:
    """Return who owned a deal when it was closed (at the end of that day, where only the day is known)."""
    counting = _counting(history, as_of)
    closed = counting[-1]["at"] if counting and counting[-1]["kind"] in ENDS else None
    until = min(f"{closed}T24" if len(closed) == DAY_LENGTH else closed, as_of) if closed else as_of
    owner = _value_at(moves, "owner", row["owner"], until)
    return dict(zip(_AT_CLOSE, (owner, *_place(staff, owner).values()), strict=True))


def _probability(row: Row, history: list[Row], as_of: str) -> Row:
    """Return the probability (0-1): one set by hand, else what was copied when the last open stage was entered."""
    percent, source = row["probability"], row["probability_source"]
    if source != "manual":
        entries = [event for event in _counting(history, as_of) if event["kind"] not in ENDS]
        percent = entries[-1]["probability"] if entries else None
        source = None if percent is None else "stage"
    return {"probability": None if percent is None else percent / 100, "probability_source": source}


def _counting(history: list[Row], as_of: str) -> list[Row]:
    seen = [event for event in history if not event["at"] or event["at"] <= as_of]
    return [event for event in seen if event["until"] is None or event["until"] > as_of]


def _value_at(moves: list[Row], field: str, now: Any, as_of: str) -> Any:
    """Return what a field held at `as_of`: what the first later change replaced, else what it holds now."""
    later = next((move for move in moves if move["field"] == field and move["at"] > as_of), None)
    return now if later is None else _typed(field, later["from_value"])


def _first(moves: list[Row], field: str, now: Any) -> Any:
    first = next((move for move in moves if move["field"] == field and move["from_value"] is not None), None)
    return now if first is None else _typed(field, first["from_value"])


def _typed(field: str, text: str | None) -> Any:
    return int(text) if field == "amount_fen" and text is not None else text


def _events(history: Mapping[int, list[Row]], pipeline: Pipeline) -> dict[str, list[Any]]:
    columns: dict[str, list[Any]] = {key: [] for key in EVENT_COLUMNS}
    for events in history.values():
        held = None
        for seq, event in enumerate(events):
            left = event["from_value"] or (held if event["kind"] in ENDS else None)
            row = event | {"stage": event["value"], "from_stage": left, "seq": seq}
            row["from_rank"] = pipeline.place(left).rank if left else None
            row["between"] = lies_between(event)
            row["inferred"] = bool(event["inferred"]) and event["kind"] not in ENDS
            for key in EVENT_COLUMNS:
                columns[key].append(row[key])
            held = event["value"] if event["until"] is None else held
    return columns
