"""Tasks: what somebody is to do until a day, and what it says when it is done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from crmcli.domain.records import ENTITIES, Record, record_number, references
from crmcli.i18n import Message, msg

BY_PERSON = "person"
# what a follow-up that came of a task names it under
_TASK = "任务"
_DAY = len("2026-03-05")


def is_open(task: Mapping[str, Any]) -> bool:
    """Return whether a task is still to be done."""
    return not task["done_at"]


def days_late(task: Mapping[str, Any], today: date) -> int:
    """Return how many days an open task is past its day; 0 where it is done, not past it, or has none."""
    if not is_open(task) or not task["due"]:
        return 0
    return max(0, (today - date.fromisoformat(task["due"][:_DAY])).days)


def soonest_first(task: Mapping[str, Any]) -> tuple[bool, str]:
    """Return what tasks are sorted by: their day, those without one last."""
    return not task["due"], task["due"] or ""


def why_not_done(task: Record) -> Message | None:
    """Return why a task cannot be done now: it is done."""
    if is_open(task):
        return None
    return msg("it was done at {at} by {by}", at=task["done_at"], by=task["done_by"])


def why_not_reopened(task: Record) -> Message | None:
    """Return why a task cannot be opened again: it is open."""
    return msg("the task is open") if is_open(task) else None


def done(by: str, at: str, result: str) -> Record:
    """Return the columns of a task that is done."""
    return {"done_at": at, "done_by": by, "result": result or None}


def reopened() -> Record:
    """Return the columns of a task that is open again."""
    return {"done_at": None, "done_by": None, "result": None}


def follow_up(task: Record, by: str, at: str, text: str) -> Record:
    """Return the follow-up that tells what came of a task, about what the task is about."""
    links = {column: task[column] for column in references("task")}
    named = {_TASK: f"{record_number('task', task['id'])} {task['title']}"}
    said = {"at": at, "by": by, "text": text, "origin": "human", "extra": named}
    return ENTITIES["activity"].blank() | links | said
