"""Columns that say when a deal entered each stage: every filled cell is one event of its history."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from crmcli.domain.identity import Key, keys_of
from crmcli.domain.pipeline import place_among
from crmcli.domain.records import Record
from crmcli.jobs.deals.stages import record_events, stage_event
from crmcli.jobs.importing.batch import Batch
from crmcli.jobs.importing.context import ImportContext, Row, SheetPlace
from crmcli.jobs.importing.deal_owned import side_by_side
from crmcli.jobs.importing.deal_pipelines import event_keys, own_pipelines


def write_stage_dates(context: ImportContext, place: SheetPlace, rows: Sequence[Row]) -> None:
    """Write the stage events that a chunk's deals bring along in columns of their own; known ones change nothing."""
    own = own_pipelines(context, rows)
    wanted = [(row, event) for row in rows if "opportunity" in row.ids for event in _events(context, place, row, own)]
    if not wanted:
        return
    batch = Batch(context, "event")
    batch.load(key for _, event in wanted for key in event_keys(context, event))
    fresh: dict[Key, tuple[Record, int]] = {}
    for row, event in side_by_side(context, place, wanted):
        key = keys_of("event", event)[0]
        found = [number for one in event_keys(context, event) for number in batch.find(one)]
        if key not in fresh and all(batch.present[number]["inferred"] for number in found):
            fresh[key] = (event, row.source_row)
            row.touched("stage_history", made=True, main=False)
    record_events(context.run, [event for event, _ in fresh.values()], [source for _, source in fresh.values()])


def _events(context: ImportContext, place: SheetPlace, row: Row, own: Mapping[int, str | None]) -> Iterator[Record]:
    for stage, at in row.draft.parts["opportunity"].get("stage_dates", ()):
        written = place_among(context.pipelines, stage, own.get(row.ids["opportunity"]))[1]
        extra = {"stage_text": stage} if written.name != stage else {}
        recorded = context.run.started
        yield stage_event(row.ids["opportunity"], written, at, recorded, system=place.system, extra=extra)
