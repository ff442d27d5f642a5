"""A new deal begins in its pipeline's first stage, unless that asks for more than is known."""

from __future__ import annotations

from crmcli.domain.pipeline import pipeline_of
from crmcli.domain.records import Record
from crmcli.i18n import Message, msg
from crmcli.jobs.deals.gates import lack_of
from crmcli.jobs.deals.stage_entry import enter_stage
from crmcli.jobs.deals.stages import stage_event
from crmcli.jobs.vocabulary import pipelines
from crmcli.jobs.workspace import Workspace
from crmcli.store.journal import Run


def enter_first_stage(workspace: Workspace, run: Run, deal: Record) -> Message | None:
    """Return None after a new deal came into its pipeline's first stage; else why it stays without one.

    It entered when it was created, where that was told as a time of the past, else now.
    """
    pipeline = pipeline_of(pipelines(workspace), deal)
    place = pipeline.place(pipeline.stages[0].name)
    if lack_of(run.db, deal, pipeline, place):
        return msg("{stage} asks for more than is known: opp move", stage=place.name)
    entered = min(deal["created_at"] or run.started, run.started)
    event = stage_event(deal["id"], place, entered, run.started, by=workspace.actor)
    enter_stage(workspace, run, event, pipeline)
    return None


def with_currency(workspace: Workspace, deal: Record) -> Record:
    """Return a new deal whose amount is in the workspace's currency where nobody named one."""
    lacks = deal.get("amount_fen") is not None and not deal.get("currency")
    return deal | {"currency": workspace.settings.workspace.currency} if lacks else deal
