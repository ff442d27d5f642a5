"""The database -> what reports are computed from."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from itertools import groupby
from typing import Any

from crmcli.config.parts import owners
from crmcli.domain.identity import external_id
from crmcli.domain.metrics.deal_columns import Counting, Moves, deals_at, events_frame
from crmcli.domain.metrics.event_columns import (
    EventColumns,
    among,
    joined,
    of_deals,
    of_rows,
    to_look_at,
    with_stage_left,
)
from crmcli.domain.metrics.population import (
    MOVE_COLUMNS,
    MOVED,
    Population,
    StageRules,
    Stages,
    frame_of,
    local_moment,
)
from crmcli.domain.metrics.unpacked import Places, for_each
from crmcli.domain.pipeline import Pipeline, Stage, pipeline_of
from crmcli.domain.stage_history import ENDS, counts_until, in_order, lies_between
from crmcli.domain.stage_names import Renaming, in_todays_names
from crmcli.domain.values.text import fold
from crmcli.jobs.deals.stages import renamings
from crmcli.jobs.reporting.reading_beside import deals_in, events_beside
from crmcli.jobs.vocabulary import pipelines
from crmcli.jobs.workspace import Workspace
from crmcli.store.deal_columns import source_places, whole_events
from crmcli.store.records import fetch_where
from crmcli.store.reporting import before_later_edits, value_events

Row = dict[str, Any]
_EDITED = ("probability", "probability_source", "next_at")


def load_population(
    workspace: Workspace, as_of: str, pipeline: Pipeline | None = None, *, with_moves: bool = False
) -> Population:
    """Return the deals as they were at `as_of` (ISO) with all their stage events, in the stages of today.

    They are those of one pipeline, or all of them, in the stages of the first one: what it does not know stands under
    its own name.
    """
    known, timezone = pipelines(workspace), workspace.settings.workspace.timezone
    shown = pipeline or known[0]
    with events_beside(workspace.db, timezone) as read_events:
        columns = deals_in(workspace.db)
        columns["process"] = for_each(partial(_process, known), columns["pipeline"], columns["stage"])
        if pipeline:
            mine = columns["process"] == pipeline.key
            columns = {key: values[mine] for key, values in columns.items()}
        events = _events(workspace, read_events(), columns, as_of)
    workspace.db.let_pages_go()
    _take_back_edits(workspace, columns, as_of)
    moment = local_moment(datetime.fromisoformat(as_of), timezone)
    changed = value_events(workspace.db)
    moves = Moves(changed, columns["opportunity_id"], timezone)
    columns["external_id"] = for_each(_first_id, columns.pop("external_ids"))
    columns["pipeline"] = columns.pop("process")
    deals = deals_at(columns, moves, Counting(events, columns["opportunity_id"], moment), moment, _staff(workspace))
    columns.clear()  # of a million deals two hundred megabytes, which the events need now
    return Population(
        deals,
        events_frame(events, shown),
        _stages(shown, several=len(known) > 1),
        timezone,
        tuple(_stages(one, several=True) for one in known if one is not shown),
        moves=frame_of([row for row in changed if row["field"] in MOVED], MOVE_COLUMNS) if with_moves else None,
        sources=partial(source_places, workspace.db, "opportunity"),
        places=partial(source_places, workspace.db),
    )


def _take_back_edits(workspace: Workspace, columns: dict[str, Any], as_of: str) -> None:
    """Put the probabilities and next steps that were set after `as_of` back to what they were: no event tells of them.

    What a record was made with is taken as it is, for nobody knows since when it was so.
    """
    earlier = before_later_edits(workspace.db, _EDITED, as_of)
    if not earlier:
        return
    for at, number in enumerate(columns["opportunity_id"]):
        for key, value in earlier.get(number, {}).items():
            columns[key][at] = value


def _process(known: Sequence[Pipeline], pipeline: str | None, stage: str | None) -> str:
    """Return the key of the pipeline of deals."""
    return pipeline_of(known, {"pipeline": pipeline, "stage": stage}).key


def _first_id(stored: str | None) -> str | None:
    ids = json.loads(stored) if stored else ()
    return external_id(ids[0]) if ids else None


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


def _staff(workspace: Workspace) -> dict[str, tuple[str | None, ...]]:
    """Return folded name -> team, region and manager."""
    people = owners(workspace.settings, fetch_where(workspace.db, "owner"))
    return {
        fold(person.name): (person.team or None, person.region or None, person.manager or None) for person in people
    }


def _events(workspace: Workspace, read: EventColumns, deals: Mapping[str, Sequence[Any]], as_of: str) -> EventColumns:
    """Return the stage events of deals, in order: up to `as_of`, then what came later. Stages have today's names."""
    db, timezone = workspace.db, workspace.settings.workspace.timezone
    names, places = renamings(db), Places.of_names(read.names)
    events = of_deals(read, deals["opportunity_id"])
    odd = to_look_at(events, [one.was for one in names])
    if not len(odd):
        return with_stage_left(events)
    plain = with_stage_left(events.taken(~among(events.deal, odd)))
    processes = dict(zip(deals["opportunity_id"], deals["pipeline"], strict=True))
    rows = list(_looked_at(whole_events(db, odd.tolist()), processes, names, as_of))
    return joined(plain, of_rows(rows, timezone, places))


def _looked_at(
    rows: Iterable[Row], processes: Mapping[int, str | None], names: Sequence[Renaming], as_of: str
) -> Iterator[Row]:
    """Yield events of deals that are looked at one by one: those that ever count, in order, with what each left.

    `until` is when an event gives way to real ones; None never.
    """
    for number, group in groupby(rows, key=lambda event: event["opportunity_id"]):
        raw = list(group)
        named = zip(raw, in_todays_names(raw, processes[number], names), strict=True)
        listed = [event | {"was": old["value"]} for old, event in named]
        events = [event | {"until": counts_until(event, listed)} for event in listed]
        events = [event for event in events if event["until"] != ""]
        later = [event for event in events if event["at"] and event["at"] > as_of]
        past = [event for event in events if not event["at"] or event["at"] <= as_of]
        held = None
        for event in _without_merged(in_order(past) + in_order(later)):
            left = event["from_value"] or (held if event["kind"] in ENDS else None)
            yield event | {"left": left, "between": lies_between(event)}
            held = event["value"] if event["until"] is None else held


def _without_merged(events: list[Row]) -> list[Row]:
    """Return events without the moves between stages that have become one since."""
    pairs = zip([None, *events], events, strict=False)
    return [event for before, event in pairs if before is None or not _is_merged(before, event)]


def _is_merged(before: Row, event: Row) -> bool:
    is_open = event["kind"] == before["kind"] == "open"
    return bool(is_open and event["value"] == before["value"] and event["was"] != before["was"])
