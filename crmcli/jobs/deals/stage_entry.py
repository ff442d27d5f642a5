"""A person brings a deal into a stage: the event of it, and the tasks that the stage asks for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from crmcli.config.parts import owners
from crmcli.domain.pipeline import Pipeline, Stage, StageTask
from crmcli.domain.records import ENTITIES, Record, record_number
from crmcli.domain.stage_history import ENDS
from crmcli.domain.values.text import fold
from crmcli.jobs.deals.stages import record_events
from crmcli.jobs.workspace import Workspace
from crmcli.store.journal import Run
from crmcli.store.records import fetch, fetch_where

_DAY = len("2026-03-05")
_FROM_STAGE = "stage:"


def enter_stage(workspace: Workspace, run: Run, event: Record, pipeline: Pipeline) -> list[Record]:
    """Return the tasks that were made with a stage event, in its run and step; none where the deal has moved on since.

    A task that the stage asked for before and that is still open is not made twice; one that is done neither, where a
    closed deal is opened again.
    """
    record_events(run, [event])
    stage = pipeline.stage(event["value"])
    if stage is None or not stage.tasks:
        return []
    deal = fetch(run.db, "opportunity", [event["opportunity_id"]])[event["opportunity_id"]]
    if deal["stage"] != stage.name and event["at"] <= run.started:
        return []
    origin = f"{_FROM_STAGE}{stage.name}"
    is_back = pipeline.place(event["from_value"] or "").kind in ENDS
    known = fetch_where(run.db, "task", "opportunity_id = ? AND origin = ?", (deal["id"], origin))
    asked = {fold(task["title"]) for task in known if is_back or not task["done_at"]}
    tasks = [_task(workspace, run, deal, event, stage, one) for one in stage.tasks if fold(one.title) not in asked]
    numbers = run.insert("task", tasks)
    return [{"id": number, **task} for number, task in zip(numbers, tasks, strict=True)]


def tasks_left(run: Run, deal: Record) -> list[Record]:
    """Return the open tasks that stages asked for of a deal that is closed now, by number; none of an open one."""
    where = f"opportunity_id = ? AND origin LIKE '{_FROM_STAGE}%' AND done_at IS NULL"
    return fetch_where(run.db, "task", where, (deal["id"],)) if deal["status"] != "open" else []


def shown_tasks(tasks: Iterable[Record]) -> list[dict[str, Any]]:
    """Return what is told of tasks that a move made or left: id (T3), title, owner, due."""
    return [
        {"id": record_number("task", task["id"])} | {key: task[key] for key in ("title", "owner", "due")}
        for task in tasks
    ]


def _task(workspace: Workspace, run: Run, deal: Record, event: Record, stage: Stage, asked: StageTask) -> Record:
    entered = date.fromisoformat(event["at"][:_DAY])
    return ENTITIES["task"].blank() | {
        "title": asked.title,
        "owner": whom(workspace, deal, asked.owner),
        "due": (entered + timedelta(asked.days)).isoformat(),
        "origin": f"{_FROM_STAGE}{stage.name}",
        "created_at": run.started,
        "created_by": workspace.actor,
        "opportunity_id": deal["id"],
        "customer_id": deal["customer_id"],
    }


def whom(workspace: Workspace, deal: Record, said: str) -> str | None:
    """Return whom "owner", "manager" or a name means for a deal; None where it has no owner, or he no manager."""
    staff = {fold(one.name): one for one in owners(workspace.settings, fetch_where(workspace.db, "owner"))}
    if said == "owner":
        return deal["owner"] or None
    if said == "manager":
        owner = staff.get(fold(deal["owner"] or ""))
        return (owner.manager if owner else "") or None
    named = staff.get(fold(said))
    return named.name if named else said
