"""The database -> what reports are computed from."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from crmcli.config.parts import owners, pipelines
from crmcli.domain.identity import external_id
from crmcli.domain.metrics.population import DEAL_COLUMNS, EVENT_COLUMNS, Population, Stages, population_of
from crmcli.domain.pipeline import Pipeline
from crmcli.domain.stage_history import ENDS, effective, in_order
from crmcli.domain.values.text import fold
from crmcli.jobs.workspace import Workspace
from crmcli.store.records import fetch_where
from crmcli.store.reporting import deals, stage_events, value_events

Row = dict[str, Any]


def load_population(workspace: Workspace, as_of: str) -> Population:
    """Return the deals as they were at `as_of` (ISO) with all their stage events."""
    pipeline = pipelines(workspace.settings)[0]
    people = owners(workspace.settings, fetch_where(workspace.db, "owner"))
    staff = {
        fold(person.name): {"team": person.team, "region": person.region, "manager": person.manager}
        for person in people
    }
    moves, history = _by_deal(value_events(workspace.db)), _history(workspace, as_of)
    rows = [
        _deal(row, pipeline, staff, moves.get(row["opportunity_id"], []), as_of)
        | _probability(row, history.get(row["opportunity_id"], []), as_of)
        for row in deals(workspace.db)
    ]
    columns = (*DEAL_COLUMNS, "amount_first_fen", "next_at")
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
    """Return the stage events of every deal in order: those that count at `as_of`, then what came later."""
    found = {}
    for number, group in groupby(stage_events(workspace.db), key=lambda event: event["opportunity_id"]):
        events = list(group)
        later = [event for event in events if event["at"] and event["at"] > as_of]
        past = [event for event in events if not event["at"] or event["at"] <= as_of]
        found[number] = effective(past) + in_order(later)
    return found


def _deal(row: Row, pipeline: Pipeline, staff: Mapping[str, Mapping[str, str]], moves: list[Row], as_of: str) -> Row:
    ids = json.loads(row.pop("external_ids") or "[]")
    row |= {"external_id": external_id(ids[0]) if ids else None, "pipeline": pipeline.key}
    row["amount_first_fen"] = _first(moves, "amount_fen", row["amount_fen"])
    for key in ("amount_fen", "owner", "expected_close"):
        row[key] = _value_at(moves, key, row[key], as_of)
    row |= dict.fromkeys(("team", "region", "manager"))
    return row | {key: value or None for key, value in staff.get(fold(row["owner"] or ""), {}).items()}


def _probability(row: Row, history: list[Row], as_of: str) -> Row:
    """Return the probability (0-1): one set by hand, else what was copied when the last open stage was entered."""
    percent, source = row["probability"], row["probability_source"]
    if source != "manual":
        entries = [e for e in history if e["kind"] not in ENDS and (not e["at"] or e["at"] <= as_of)]
        percent = entries[-1]["probability"] if entries else None
        source = None if percent is None else "stage"
    return {"probability": None if percent is None else percent / 100, "probability_source": source}


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
            row["inferred"] = bool(event["inferred"]) and event["kind"] not in ENDS
            for key in EVENT_COLUMNS:
                columns[key].append(row[key])
            held = event["value"]
    return columns
