"""Tasks: listed, added, done, opened again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from crmcli.domain.records import ENTITIES, Record, record_number, references
from crmcli.domain.tasks import (
    BY_PERSON,
    days_late,
    done,
    follow_up,
    is_open,
    reopened,
    soonest_first,
    why_not_done,
    why_not_reopened,
)
from crmcli.domain.values.text import fold
from crmcli.errors import CrmError, ExitCode
from crmcli.i18n import Message, msg
from crmcli.jobs.deals.stage_entry import whom
from crmcli.jobs.records.listing import list_records, show_records
from crmcli.jobs.records.refs import find_record
from crmcli.jobs.workspace import Workspace
from crmcli.store.journal import Run, open_run
from crmcli.store.records import fetch

_ABOUT = ("opportunity", "customer", "contact")
_DAY = len("2026-03-05")


class NoTitle(CrmError):
    """A task that does not say what is to be done."""

    code = "task.empty"
    exit_code = ExitCode.USAGE

    def __init__(self) -> None:
        super().__init__(msg("the task has no text"), hint=msg('crmcli task add O7 "..."'))


class TaskRefused(CrmError):
    """A task cannot be done, or cannot be opened again."""

    code = "task.refused"

    def __init__(self, task: str, why: Message) -> None:
        super().__init__(why, where=task)


def list_tasks(
    workspace: Workspace,
    *,
    owner: str = "",
    until: str | None = None,
    done_too: bool = False,
    filters: Sequence[str] = (),
    sort: str = "",
    limit: int | None = None,
) -> list[dict[str, Any]]:
    """Return the open tasks (those that are done too, if asked), by their day unless sorted, undated ones last.

    `until` leaves only those due on that day or before it. Each has its `status` (open, done) and `days_late`.

    Raises:
        BadFilter: a filter or sort key is no field of tasks.
    """
    found = list_records(workspace, "task", filters, sort)
    today = workspace.now()[:_DAY]
    kept = [
        _with_status(task, today)
        for task in (found if sort else sorted(found, key=soonest_first))
        if (done_too or is_open(task))
        and (not owner or fold(task["owner"] or "") == fold(owner))
        and (until is None or (task["due"] and task["due"] <= until))
    ]
    return kept[:limit]


def add_task(
    workspace: Workspace, ref: str, title: str, *, owner: str = "", due: str | None = None, dry_run: bool = False
) -> dict[str, Any]:
    """Return the new task with its `run`; its owner is who has the record, else who has its customer, else the actor.

    `owner` may be a name, "owner" or "manager" of the record's owner.

    Raises:
        NoTitle: the title is empty.
        CrmError: the reference finds nothing or several.
    """
    if not title.strip():
        raise NoTitle
    entity, number = find_record(workspace.db, ref, _ABOUT)
    about = fetch(workspace.db, entity, [number])[number]
    links = {column: about[column] for column in references(entity)} | {f"{entity}_id": number}
    task = ENTITIES["task"].blank() | links | {
        "title": title.strip(),
        "owner": _owner(workspace, about, owner),
        "due": due,
        "origin": BY_PERSON,
        "created_by": workspace.actor,
    }  # fmt: skip
    with open_run(workspace.db, workspace.start("task", dry_run=dry_run)) as run:
        made = run.insert("task", [task | {"created_at": run.started}])[0]
        return _shown(run, made)


def _owner(workspace: Workspace, about: Record, said: str) -> str:
    home = fetch(workspace.db, "customer", [about["customer_id"]] if about.get("customer_id") else [])
    holders = [about, *home.values()]
    names = (whom(workspace, one, said or "owner") for one in holders)
    return next((name for name in names if name), workspace.actor)


def finish_task(workspace: Workspace, ref: str, *, result: str = "", dry_run: bool = False) -> dict[str, Any]:
    """Return the done task with its `run` and the `activity` that its result was noted as, None without a result.

    Raises:
        TaskRefused: it is done already.
        CrmError: there is no such task.
    """
    number = find_record(workspace.db, ref, ("task",))[1]
    with open_run(workspace.db, workspace.start("task", dry_run=dry_run)) as run:
        task = fetch(run.db, "task", [number])[number]
        if (why := why_not_done(task)) is not None:
            raise TaskRefused(record_number("task", number), why)
        made = close_task(run, task, workspace.actor, result)
        noted = record_number("activity", made) if made else None
        return _shown(run, number) | {"activity": noted}


def close_task(run: Run, task: Record, by: str, result: str = "") -> int | None:
    """Return the id of the follow-up that tells an open task's result, None without one; the task is done."""
    said = result.strip()
    run.update("task", task, done(by, run.started, said))
    return run.insert("activity", [follow_up(task, by, run.started, said)])[0] if said else None


def reopen_task(workspace: Workspace, ref: str, *, dry_run: bool = False) -> dict[str, Any]:
    """Return the task, open again, with its `run`; what was noted of its result stays in the follow-ups.

    Raises:
        TaskRefused: it is open.
        CrmError: there is no such task.
    """
    number = find_record(workspace.db, ref, ("task",))[1]
    with open_run(workspace.db, workspace.start("task", dry_run=dry_run)) as run:
        task = fetch(run.db, "task", [number])[number]
        if (why := why_not_reopened(task)) is not None:
            raise TaskRefused(record_number("task", number), why)
        run.update("task", task, reopened())
        return _shown(run, number)


def _shown(run: Run, number: int) -> dict[str, Any]:
    shown = show_records(run.db, "task", list(fetch(run.db, "task", [number]).values()))[0]
    return _with_status(shown, run.started[:_DAY]) | {"run": run.shown_id}


def _with_status(shown: dict[str, Any], today: str) -> dict[str, Any]:
    late = days_late(shown, date.fromisoformat(today))
    return shown | {"status": "open" if is_open(shown) else "done", "days_late": late}
