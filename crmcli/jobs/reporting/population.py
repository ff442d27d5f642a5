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
    StageRules,
    Stages,
    population_of,
)
from crmcli.domain.pipeline import Pipeline, Stage, StagePlace, pipeline_of
from crmcli.domain.stage_history import ENDS, counts_until, in_order, lies_between
from crmcli.domain.stage_names import in_todays_names
from crmcli.domain.values.text import fold
from crmcli.jobs.stages import renamings
from crmcli.jobs.vocabulary import pipelines
from crmcli.jobs.workspace import Workspace
from crmcli.store.records import fetch_where
from crmcli.store.reporting import deals, stage_events, value_events

Row = dict[str, Any]
Staff = Mapping[str, Mapping[str, str]]
_AT_CLOSE = tuple(f"{key}_at_close" for key in AT_CLOSE)


def load_population(workspace: Workspace, as_of: str, pipeline: Pipeline | None = None) -> Population:
    """Return the deals as they were at `as_of` (ISO) with all their stage events, in the stages of today.

    They are those of one pipeline, or all of them, in the stages of the first one: what it does not know stands under
    its own name.
    """
    known = pipelines(workspace)
    shown = pipeline or known[0]
    staff = _staff(workspace)
    found = [row for row in deals(workspace.db) if pipeline is None or pipeline_of(known, row).key == pipeline.key]
    moves, history = _by_deal(value_events(workspace.db)), _history(workspace, found, as_of)
    rows = [
        _deal(row, pipeline_of(known, row), staff, moves.get(row["opportunity_id"], []), as_of)
        | _at_close(row, staff, moves.get(row["opportunity_id"], []), history.get(row["opportunity_id"], []), as_of)
        | _probability(row, moves.get(row["opportunity_id"], []), history.get(row["opportunity_id"], []), as_of)
        for row in found
    ]
    columns = (*DEAL_COLUMNS, *_AT_CLOSE, "amount_first_fen", "next_at")
    return population_of(
        {key: [row[key] for row in rows] for key in columns},
        _events(history, shown),
        _stages(shown, several=len(known) > 1),
        workspace.settings.workspace.timezone,
    )


def _stages(shown: Pipeline, *, several: bool) -> Stages:
    return Stages(
        tuple(stage.name for stage in shown.stages),
        shown.won,
        shown.lost,
        shown.void,
        shown.key if several else "",
        (shown.name or shown.key) if several else "",
        tuple(_rules(stage) for stage in shown.stages),
        shown.qualified,
    )


def _rules(stage: Stage) -> StageRules:
    chance = None if stage.probability is None else stage.probability / 100
    return StageRules(chance, stage.rot_days, stage.max_days, stage.category)


def _staff(workspace: Workspace) -> Staff:
    people = owners(workspace.settings, fetch_where(workspace.db, "owner"))
    return {
        fold(person.name): {"team": person.team, "region": person.region, "manager": person.manager}
        for person in people
    }


def _by_deal(events: Iterable[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for event in events:
        found[event["opportunity_id"]].append(event)
    return found


def _history(workspace: Workspace, found: Iterable[Row], as_of: str) -> dict[int, list[Row]]:
    """Return the stage events of deals that ever count, in order: up to `as_of`, then what came later.

    `until` is when an event gives way to real ones; None never. Stages have today's names.
    """
    names, own = renamings(workspace.db), {row["opportunity_id"]: row["pipeline"] for row in found}
    histories = {}
    for number, group in groupby(stage_events(workspace.db), key=lambda event: event["opportunity_id"]):
        if number not in own:
            continue
        raw = list(group)
        named = zip(raw, in_todays_names(raw, own[number], names), strict=True)
        listed = [event | {"was": old["value"]} for old, event in named]
        events = [event | {"until": counts_until(event, listed)} for event in listed]
        events = [event for event in events if event["until"] != ""]
        later = [event for event in events if event["at"] and event["at"] > as_of]
        past = [event for event in events if not event["at"] or event["at"] <= as_of]
        histories[number] = in_order(past) + in_order(later)
    return histories


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


def _probability(row: Row, moves: list[Row], history: list[Row], as_of: str) -> Row:
    """Return the probability (0-1): one set by hand, else what was copied when the last open stage was entered.

    What was recalculated since counts from then on.
    """
    percent, source = row["probability"], row["probability_source"]
    if source != "manual":
        entries = [event for event in _counting(history, as_of) if event["kind"] not in ENDS]
        since = (entries[-1]["at"] or "") if entries else ""
        given = [move for move in moves if move["field"] == "probability" and since <= move["at"] <= as_of]
        percent = [*entries[-1:], *given][-1]["probability"] if entries else None
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


def _events(history: Mapping[int, list[Row]], shown: Pipeline) -> dict[str, list[Any]]:
    columns: dict[str, list[Any]] = {key: [] for key in EVENT_COLUMNS}
    for events in history.values():
        held = None
        for seq, event in enumerate(_without_merged(events)):
            left = event["from_value"] or (held if event["kind"] in ENDS else None)
            row = event | {"stage": event["value"], "from_stage": left, "seq": seq} | _rank(event, shown)
            row["from_rank"] = shown.place(left).rank if left else None
            row["between"] = lies_between(event)
            row["inferred"] = bool(event["inferred"]) and event["kind"] not in ENDS
            for key in EVENT_COLUMNS:
                columns[key].append(row[key])
            held = event["value"] if event["until"] is None else held
    return columns


def _rank(event: Row, shown: Pipeline) -> Row:
    """Return the rank and kind that an event's stage has among the stages shown: a report is read with today's eyes."""
    if event["kind"] in ENDS:
        return {"rank": len(shown.stages) + 1 if event["kind"] == "won" else None}
    place = shown.place(event["value"]) if event["kind"] == "open" else StagePlace(event["value"], "unknown")
    if place.kind != "open":
        return {"rank": None, "kind": "unknown"}
    return {"rank": place.rank, "stage": place.name}


def _without_merged(events: list[Row]) -> list[Row]:
    """Return events without the moves between stages that have become one since."""
    pairs = zip([None, *events], events, strict=False)
    return [event for before, event in pairs if before is None or not _is_merged(before, event)]


def _is_merged(before: Row, event: Row) -> bool:
    is_open = event["kind"] == before["kind"] == "open"
    return bool(is_open and event["value"] == before["value"] and event["was"] != before["was"])
