"""The database -> what reports are computed from."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from itertools import groupby
from typing import Any

from crmcli.config.parts import owners, pipelines
from crmcli.domain.identity import external_id
from crmcli.domain.metrics.population import DEAL_COLUMNS, EVENT_COLUMNS, Population, Stages, population_of
from crmcli.domain.pipeline import Pipeline
from crmcli.domain.stage_history import ENDS, effective
from crmcli.domain.values.text import fold
from crmcli.jobs.workspace import Workspace
from crmcli.store.records import fetch_where
from crmcli.store.reporting import deals, stage_events, value_events

Row = dict[str, Any]


def load_population(workspace: Workspace, as_of: str) -> Population:
    """Return the deals as they were at `as_of` (ISO) with all their stage events."""
    pipeline = pipelines(workspace.settings)[0]
    people = owners(workspace.settings, fetch_where(workspace.db, "owner"))
    teams = {
        fold(person.name): {"team": person.team, "region": person.region, "manager": person.manager}
        for person in people
    }
    moves = _moves(workspace)
    rows = [_deal(row, pipeline, teams, moves.get(row["opportunity_id"], []), as_of) for row in deals(workspace.db)]
    columns = (*DEAL_COLUMNS, "amount_first_fen", "next_at")
    stages = Stages(tuple(stage.name for stage in pipeline.stages), pipeline.won, pipeline.lost, pipeline.void)
    return population_of(
        {key: [row[key] for row in rows] for key in columns},
        _events(workspace, pipeline),
        stages,
        workspace.settings.workspace.timezone,
    )


def _moves(workspace: Workspace) -> dict[int, list[Row]]:
    moves: dict[int, list[Row]] = defaultdict(list)
    for event in value_events(workspace.db):
        moves[event["opportunity_id"]].append(event)
    return moves


def _deal(row: Row, pipeline: Pipeline, teams: Mapping[str, Mapping[str, str]], moves: list[Row], as_of: str) -> Row:
    ids = json.loads(row.pop("external_ids") or "[]")
    row |= {"external_id": external_id(ids[0]) if ids else None, "pipeline": pipeline.key}
    row["amount_first_fen"] = _first(moves, "amount_fen", row["amount_fen"])
    for key in ("amount_fen", "owner", "expected_close"):
        row[key] = _value_at(moves, key, row[key], as_of)
    row |= dict.fromkeys(("team", "region", "manager"))
    row |= {key: value or None for key, value in teams.get(fold(row["owner"] or ""), {}).items()}
    stage = pipeline.stage(row["stage"] or "")
    if row["probability"] is None and stage is not None and stage.probability is not None:
        row |= {"probability": stage.probability, "probability_source": "stage"}
    row["probability"] = None if row["probability"] is None else row["probability"] / 100
    return row


def _value_at(moves: list[Row], field: str, now: Any, as_of: str) -> Any:
    """Return what a field held at `as_of`: what the first later change replaced, else what it holds now."""
    later = next((move for move in moves if move["field"] == field and move["at"] > as_of), None)
    return now if later is None else _typed(field, later["from_value"])


def _first(moves: list[Row], field: str, now: Any) -> Any:
    first = next((move for move in moves if move["field"] == field and move["from_value"] is not None), None)
    return now if first is None else _typed(field, first["from_value"])


def _typed(field: str, text: str | None) -> Any:
    return int(text) if field == "amount_fen" and text is not None else text


def _events(workspace: Workspace, pipeline: Pipeline) -> dict[str, list[Any]]:
    columns: dict[str, list[Any]] = {key: [] for key in EVENT_COLUMNS}
    for _number, group in groupby(stage_events(workspace.db), key=lambda event: event["opportunity_id"]):
        for seq, event in enumerate(effective(group)):
            place = pipeline.place(event["from_value"]) if event["from_value"] else None
            row = event | {"stage": event["value"], "from_stage": event["from_value"], "seq": seq}
            row["from_rank"] = place.rank if place else None
            row["inferred"] = bool(event["inferred"]) and event["kind"] not in ENDS
            for key in EVENT_COLUMNS:
                columns[key].append(row[key])
    return columns
