"""Which sales process a deal runs through: chosen for new ones, changed by people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crmcli.domain.assignment.model import deal_fields
from crmcli.domain.pipeline import Pipeline, pipeline_for, pipeline_named, pipeline_of
from crmcli.domain.records import ENTITIES, Record
from crmcli.errors import CrmError, ExitCode
from crmcli.i18n import Message, msg
from crmcli.jobs.deals.stages import record_events, stage_event
from crmcli.jobs.vocabulary import pipelines
from crmcli.jobs.workspace import Workspace
from crmcli.store.journal import Run


class UnknownPipeline(CrmError):
    """No pipeline of crm.toml has this key or name."""

    code = "pipeline.unknown"
    exit_code = ExitCode.USAGE

    def __init__(self, text: str, known: Sequence[Pipeline]) -> None:
        names = [one.key if one.name == one.key else f"{one.key} ({one.name})" for one in known]
        super().__init__(msg("there is no pipeline {text}; there are {names}", text=text, names=names), where=text)


def known_pipeline(workspace: Workspace, text: str) -> Pipeline:
    """Return the pipeline of that key or name.

    Raises:
        UnknownPipeline: there is none.
    """
    known = pipelines(workspace)
    found = pipeline_named(known, text)
    if found is None:
        raise UnknownPipeline(text, known)
    return found


def pipeline_of_new(known: Sequence[Pipeline], deal: Record, customer: Record | None) -> str | None:
    """Return the key of a new deal's pipeline; None where there is but one, so that nothing is to be chosen."""
    return pipeline_for(known, deal_fields(deal, customer)).key if len(known) > 1 else None


def put_in_pipeline(run: Run, deal: Record, key: str, by: str) -> Record:
    """Return a deal after it was put in a pipeline, which is kept as an event too."""
    event: dict[str, Any] = {"opportunity_id": deal["id"], "field": "pipeline", "at": run.started, "by": by}
    event |= {"from_value": deal["pipeline"], "value": key, "recorded": run.started, "inferred": 0}
    run.insert("event", [ENTITIES["event"].blank() | event])
    return run.update("opportunity", deal, {"pipeline": key})


def why_not_in(known: Sequence[Pipeline], deal: Record, key: str) -> Message | None:
    """Return why a deal cannot go to another pipeline as it stands: its stage or end is none there. None: it can."""
    target, stage = pipeline_named(known, key), deal["stage"]
    if target is None or not stage:
        return None
    kind = target.place(stage).kind
    if kind == "unknown" or (kind != deal["status"]):
        return msg(
            "pipeline {key} has no stage {stage}: opp move {deal} STAGE --pipeline {key} takes it there",
            key=key,
            stage=stage,
            deal=f"O{deal['id']}",
        )
    return None


def follow_pipeline(run: Run, known: Sequence[Pipeline], before: Record, after: Record, by: str) -> None:
    """Write the event of an open deal's stage being a stage of another pipeline now: its rank and probability there."""
    old, new = pipeline_of(known, before), pipeline_of(known, after)
    if old is not new and after["stage"] and after["status"] == "open":
        place = new.place(after["stage"])
        more = {"from_value": after["stage"], "by": by, "extra": {"pipeline": new.key}}
        record_events(run, [stage_event(after["id"], place, run.started, run.started, **more)])
