"""How a deal went, in words: its stages with their days, who had it, how often somebody followed up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from crmcli.domain.records import Record
from crmcli.domain.reminders.model import HUMAN_ORIGINS, day_of
from crmcli.domain.stage_history import ENDS, effective
from crmcli.domain.stage_names import in_todays_names
from crmcli.i18n import msg
from crmcli.jobs.deals.stages import renamings, stage_events_of
from crmcli.jobs.workspace import Workspace
from crmcli.store.records import chunks, fetch_where

_ARROW = " → "
_FOLLOWED = (
    "SELECT opportunity_id AS id, count(*) AS n, max(at) AS last FROM activity"
    " WHERE origin IN ({origins}) AND at <= ? AND opportunity_id IN ({marks}) GROUP BY opportunity_id"
)


@dataclass(slots=True)
class Course:
    """What is known of a deal's way: the stage events that count, changes of owner, number and last of follow-ups."""

    stages: list[Record] = field(default_factory=list)
    owners: list[Record] = field(default_factory=list)
    follow_ups: int = 0
    last: str = ""


def courses(workspace: Workspace, deals: Sequence[Record]) -> dict[int, Course]:
    """Return deal -> its course as of the workspace's clock, read for all of them at once."""
    now, names, found = workspace.now(), renamings(workspace.db), dict[int, Course]()
    for part in chunks(deals):
        ids = [deal["id"] for deal in part]
        marks = ",".join("?" * len(ids))
        events = stage_events_of(workspace.db, ids)
        for deal in part:
            told = in_todays_names(events[deal["id"]], deal["pipeline"], names)
            stages = effective([event for event in told if event["field"] == "stage"], now)
            found[deal["id"]] = Course(stages)
        where = f"field = 'owner' AND opportunity_id IN ({marks})"
        for event in sorted(fetch_where(workspace.db, "event", where, ids), key=lambda one: one["at"] or ""):
            found[event["opportunity_id"]].owners.append(event)
        sql = _FOLLOWED.format(origins=", ".join(f"'{origin}'" for origin in HUMAN_ORIGINS), marks=marks)
        for row in workspace.db.rows(sql, (now, *ids)):
            found[row["id"]].follow_ups, found[row["id"]].last = row["n"], row["last"]
    return found


def in_words(course: Course) -> str:
    """Return a course as lines: the stages, the owners where they changed, the follow-ups."""
    lines = [_ARROW.join(_stages(course.stages))] if course.stages else []
    owners = _owners(course.owners)
    if len(owners) > 1:
        lines.append(str(msg("owners: {names}", names=_ARROW.join(owners))))
    if course.follow_ups:
        day = str(day_of(course.last))
        lines.append(str(msg("follow-ups: {n}, the last on {day}", n=course.follow_ups, day=day)))
    else:
        lines.append(str(msg("nobody followed up")))
    return "\n".join(lines)


def _stages(events: Sequence[Record]) -> list[str]:
    told = []
    for event, following in zip(events, [*events[1:], None], strict=True):
        entered = day_of(event["at"])
        if event["kind"] in ENDS:
            told.append(f"{event['value']} {entered or ''}".strip())
        else:
            told.append(_stay(event, entered, day_of(following["at"]) if following else None))
    return told


def _stay(event: Record, entered: date | None, left: date | None) -> str:
    if entered is None or left is None:
        return str(event["value"])
    days = (left - entered).days
    if event["inferred"] or event["not_before"] or event["not_after"]:
        return str(msg("{stage} about {n} days", stage=event["value"], n=days))
    return str(msg("{stage} {n} days", stage=event["value"], n=days))


def _owners(changes: Sequence[Record]) -> list[str]:
    """Return who had a deal, in order; "—" where nobody had it for a time."""
    if not changes:
        return []
    names = [changes[0]["from_value"] or "", *(change["value"] or "" for change in changes)]
    return [
        name or "—"
        for place, name in enumerate(names)
        if (place or name) and name != (names[place - 1] if place else None)
    ]
