"""The records behind figures of follow-up: planned actions, and assignments with their first response."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from math import isnan
from typing import Any

from crmcli.domain.metrics.due_actions import STATES, STEP, TASK, DueActions
from crmcli.domain.metrics.first_response import Responses
from crmcli.domain.metrics.gaps import plain_rows
from crmcli.domain.metrics.timeline import Timeline
from crmcli.i18n import Message, msg
from crmcli.reports.columns import SOURCE
from crmcli.reports.listed import listed
from crmcli.reports.model import Cell, Column, Records
from crmcli.reports.options import ReportOptions

_WORDS = {"on_time": msg("on time"), "late": msg("late"), "missed": msg("missed")}
_DUE = (
    Column("record", msg("Record"), "text"),
    Column("action", msg("Planned"), "text"),
    Column("owner", msg("Owner"), "text"),
    Column("due", msg("Due on"), "date"),
    Column("done", msg("Done on"), "date"),
    Column("state", msg("How"), "text"),
    Column("opportunity", msg("Opportunity"), "text"),
    Column("name", msg("Opportunity name"), "text"),
    Column("customer", msg("Customer"), "text"),
    *SOURCE,
)
_GIVEN = (
    Column("opportunity", msg("Opportunity"), "text"),
    Column("name", msg("Opportunity name"), "text"),
    Column("customer", msg("Customer"), "text"),
    Column("owner", msg("Owner"), "text"),
    Column("assigned", msg("Assigned at"), "text"),
    Column("answered", msg("First contact at"), "text"),
    Column("hours", msg("Working hours"), "days"),
    *SOURCE,
)
_SOURCE = ("source_file", "source_sheet", "source_row")
_DEAL = ("opportunity_id", "name", "customer")
_STEP = ("activity_id", "customer_id", "next_action", *_SOURCE)
_TASK = ("task_id", "customer_id", "title")


def due_records(name: str, title: Message, line: Timeline, due: DueActions, options: ReportOptions) -> Records:
    """Return the planned actions, one a row."""
    return listed(name, title, _DUE, range(len(due.due)), partial(_due_rows, line, due), options.records_limit)


def _due_rows(line: Timeline, due: DueActions, places: Sequence[int]) -> list[tuple[Cell, ...]]:
    shown = due.ordered(_slice(places))
    deals = plain_rows(line.deals, shown.deal, _DEAL)
    steps, tasks = (
        _made(line.population.activities, _STEP, shown, STEP),
        _made(line.population.tasks, _TASK, shown, TASK),
    )
    return [
        _due(shown, at, deal, step if shown.kind[at] == STEP else task)
        for at, (deal, step, task) in enumerate(zip(deals, steps, tasks, strict=True))
    ]


def _slice(places: Sequence[int]) -> slice:
    """Return neighbouring places as a slice."""
    return slice(places[0], places[-1] + 1) if places else slice(0)


def _made(frame: Any, keys: tuple[str, ...], due: DueActions, kind: str) -> list[dict[str, Any]]:
    """Return the records that planned actions of a kind stand in; those of others are empty."""
    if frame is None:
        return [dict.fromkeys(keys)] * len(due.row)
    return plain_rows(frame, due.places(kind), keys)


def _due(due: DueActions, at: int, deal: dict[str, Any], made: dict[str, Any]) -> tuple[Cell, ...]:
    number = f"A{made['activity_id']}" if due.kind[at] == STEP else f"T{made['task_id']}"
    customer = deal["customer"] or (f"C{int(made['customer_id'])}" if made["customer_id"] else None)
    return (
        number, made.get("next_action") or made.get("title"), due.owner[at], _day(due.due[at]), _day(due.done[at]),
        _WORDS[STATES[due.state[at]]], _number(deal), deal["name"], customer, *(made.get(key) for key in _SOURCE),
    )  # fmt: skip


def _number(deal: dict[str, Any]) -> str | None:
    return f"O{deal['opportunity_id']}" if deal["opportunity_id"] else None


def answer_records(name: str, title: Message, line: Timeline, given: Responses, options: ReportOptions) -> Records:
    """Return the assignments, one a row."""
    rows_of = partial(_given_rows, line, given)
    return listed(name, title, _GIVEN, range(len(given.given)), rows_of, options.records_limit)


def _given_rows(line: Timeline, given: Responses, places: Sequence[int]) -> list[tuple[Cell, ...]]:
    shown = given.ordered(_slice(places))
    deals = plain_rows(line.deals, shown.deal, _DEAL)
    sources = line.population.sources
    found = sources([deal["opportunity_id"] for deal in deals]) if sources else {}
    return [
        (_number(deal), deal["name"], deal["customer"], shown.owner[at], _time(shown.given[at]),
         _time(shown.answered[at]), None if isnan(hours) else hours,
         *found.get(deal["opportunity_id"], (None, None, None)))
        for at, (deal, hours) in enumerate(zip(deals, shown.hours.tolist(), strict=True))
    ]  # fmt: skip


def _day(time: Any) -> date | None:
    day: date | None = time.astype("datetime64[D]").item()
    return day


def _time(time: Any) -> str | None:
    text = str(time.astype("datetime64[m]")).replace("T", " ")
    return None if text == "NaT" else text
