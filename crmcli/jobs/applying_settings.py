"""crm.toml has changed: what the data make of it. Old stages take their new names, and history stays as it was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from crmcli.domain.pipeline import Pipeline, pipeline_of, place_among
from crmcli.domain.records import Record
from crmcli.domain.stage_names import todays_name
from crmcli.jobs.deals.stages import recalculated_event, record_events, refresh_state, rename_stage, renamings
from crmcli.jobs.vocabulary import pipelines
from crmcli.jobs.words.placing import place_stage
from crmcli.jobs.workspace import Workspace
from crmcli.store.journal import Run, open_run
from crmcli.store.records import chunks, fetch_columns, fetch_where

_COLUMNS = ("pipeline", "stage", "status", "probability", "probability_source")
_UNPLACED = "SELECT DISTINCT value FROM event WHERE field = 'stage' AND kind = 'unknown' ORDER BY value"


@dataclass(slots=True)
class Settled:
    """What settings did to the data; each entry counts the deals it is about.

    `pipelines`: deals that had no pipeline, by the one they are in now; `renamed`: stages under a new name; `placed`:
    texts that no pipeline knew and one knows now; `probabilities`: stages whose open deals got the stage's present
    probability; `unknown`: stages of open deals that no pipeline knows.
    """

    run: str | None = None
    dry_run: bool = False
    pipelines: list[dict[str, Any]] = field(default_factory=list)
    renamed: list[dict[str, Any]] = field(default_factory=list)
    placed: list[dict[str, Any]] = field(default_factory=list)
    probabilities: list[dict[str, Any]] = field(default_factory=list)
    unknown: list[dict[str, Any]] = field(default_factory=list)


def apply_settings(workspace: Workspace, *, probabilities: bool = False, dry_run: bool = False) -> Settled:
    """Return what the settings did to the data; `probabilities` gives open deals their stage's present probability.

    Raises:
        CrmError: the database cannot be written.
    """
    known = pipelines(workspace)
    with open_run(workspace.db, workspace.start("config", dry_run=dry_run)) as run:
        done = Settled(run.shown_id, dry_run)
        done.pipelines = _settle_pipelines(run, known)
        done.renamed = [entry for pipeline in known for entry in _rename(run, pipeline, known)]
        done.placed = list(_place(workspace, run, known))
        done.probabilities = _recalculate(run, known) if probabilities else []
        done.unknown = _unknown(run, known)
        kinds = ("pipelines", "renamed", "placed", "probabilities")
        run.counts.update({kind: sum(entry["deals"] for entry in getattr(done, kind)) for kind in kinds})
    return done


def _settle_pipelines(run: Run, known: Sequence[Pipeline]) -> list[dict[str, Any]]:
    """Put deals without a pipeline into the one that knows their stage, where there are several to be in."""
    if len(known) == 1:
        return []
    counts: Counter[str] = Counter()
    for deal in fetch_where(run.db, "opportunity", "pipeline IS NULL"):
        key = pipeline_of(known, deal).key
        run.update("opportunity", deal, {"pipeline": key})
        counts[key] += 1
    return [{"pipeline": key, "deals": number} for key, number in sorted(counts.items())]


def _rename(run: Run, pipeline: Pipeline, known: Sequence[Pipeline]) -> Iterator[dict[str, Any]]:
    """Give the deals of stages of old the names of now."""
    for old in sorted(pipeline.renamed, key=lambda name: pipeline.renamed[name] not in pipeline.names):
        new = pipeline.now_called(old)
        standing = [
            deal["id"]
            for deal in fetch_columns(run.db, "opportunity", ("pipeline", "stage"), "stage IS NOT NULL")
            if deal["stage"] == old and pipeline_of(known, deal) is pipeline
        ]
        is_known = todays_name(old, pipeline.key, None, renamings(run.db)) == new
        if new is None or (is_known and not standing):
            continue
        rename_stage(run, pipeline.key, old, new)
        refresh_state(run, standing)
        yield {"pipeline": pipeline.key, "from": old, "to": new, "deals": len(standing)}


def _place(workspace: Workspace, run: Run, known: Sequence[Pipeline]) -> Iterator[dict[str, Any]]:
    """Place what stands under texts that no pipeline knew when they came and one knows now."""
    for text in run.db.values(_UNPLACED):
        place = place_among(known, text)[1]
        if place.kind != "unknown":
            yield {"from": text, "to": place.name, "deals": place_stage(workspace, run, text, place.name)}


def _recalculate(run: Run, known: Sequence[Pipeline]) -> list[dict[str, Any]]:
    """Give open deals the probability that their stage has now, where nobody set it by hand."""
    counts: Counter[tuple[str, str, float | None]] = Counter()
    changed: list[tuple[Record, float | None]] = []
    for deal in fetch_columns(run.db, "opportunity", _COLUMNS, "status = 'open' AND stage IS NOT NULL"):
        pipeline = pipeline_of(known, deal)
        stage = pipeline.stage(deal["stage"])
        if stage and deal["probability_source"] != "manual" and deal["probability"] != stage.probability:
            changed.append((deal, stage.probability))
            counts[pipeline.key, stage.name, stage.probability] += 1
    for part in chunks(changed):
        record_events(run, [recalculated_event(deal, probability, run) for deal, probability in part], refresh=False)
    refresh_state(run, [deal["id"] for deal, _ in changed])
    keys = ("pipeline", "stage", "probability")
    return [dict(zip(keys, key, strict=True)) | {"deals": number} for key, number in counts.items()]


def _unknown(run: Run, known: Sequence[Pipeline]) -> list[dict[str, Any]]:
    """Return the stages of open deals that their pipeline does not have."""
    counts: Counter[tuple[str, str]] = Counter()
    for deal in fetch_columns(run.db, "opportunity", ("pipeline", "stage"), "status = 'open' AND stage IS NOT NULL"):
        pipeline = pipeline_of(known, deal)
        if deal["stage"] not in pipeline.names:
            counts[pipeline.key, deal["stage"]] += 1
    return [{"pipeline": key, "stage": stage, "deals": n} for (key, stage), n in sorted(counts.items())]
