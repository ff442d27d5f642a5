"""The records behind figures of follow-up: planned actions, and assignments with their first response."""

from __future__ import annotations

from datetime import date
from math import isnan
from typing import Any

from crmcli.domain.metrics.due_actions import STATES, STEP, TASK, DueActions
from crmcli.domain.metrics.first_response import Responses
from crmcli.domain.metrics.gaps import plain_rows
from crmcli.domain.metrics.timeline import Timeline
from crmcli.i18n import Message, msg
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
    Column("source_file", msg("Source file"), "text"),
    Column("source_sheet", msg("Sheet"), "text"),
    Column("source_row", msg("Row"), "int"),
)
_GIVEN = (
    Column("opportunity", msg("Opportunity"), "text"),
    Column("name", msg("Opportunity name"), "text"),
    Column("customer", msg("Customer"), "text"),
    Column("owner", msg("Owner"), "text"),
    Column("assigned", msg("Assigned at"), "text"),
    Column("answered", msg("First contact at"), "text"),
    Column("hours", msg("Working hours"), "days"),
    Column("source_file", msg("Source file"), "text"),
    Column("source_sheet", msg("Sheet"), "text"),
    Column("source_row", msg("Row"), "int"),
)
_SOURCE = ("source_file", "source_sheet", "source_row")
_DEAL = ("opportunity_id", "name", "customer")
_STEP = ("activity_id", "customer_id", "next_action", *_SOURCE)
_TASK = ("task_id", "customer_id", "title")


def due_records(name: str, title: Message, line: Timeline, due: DueActions, options: ReportOptions) -> Records:
    """Return the planned actions, one a row."""
    shown = due.ordered(slice(options.records_limit))
    deals = plain_rows(line.deals, shown.deal, _DEAL)
    steps, tasks = (
        _made(line.population.activities, _STEP, shown, STEP),
        _made(line.population.tasks, _TASK, shown, TASK),
    )
    rows = (
        _due(shown, at, deal, step if shown.kind[at] == STEP else task)
        for at, (deal, step, task) in enumerate(zip(deals, steps, tasks, strict=True))
    )
    return Records(name, title, _DUE, tuple(rows), len(due.due))


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
    shown = given.ordered(slice(options.records_limit))
    deals = plain_rows(line.deals, shown.deal, _DEAL)
    sources = line.population.sources
    places = sources([deal["opportunity_id"] for deal in deals]) if sources else {}
    rows = tuple(
        (_number(deal), deal["name"], deal["customer"], shown.owner[at], _time(shown.given[at]),
         _time(shown.answered[at]), None if isnan(hours) else hours,
         *places.get(deal["opportunity_id"], (None, None, None)))
        for at, (deal, hours) in enumerate(zip(deals, shown.hours.tolist(), strict=True))
    )  # fmt: skip
    return Records(name, title, _GIVEN, rows, len(given.given))


def _day(time: Any) -> date | None:
    day: date | None = time.astype("datetime64[D]").item()
    return day


def _time(time: Any) -> str | None:
    text = str(time.astype("datetime64[m]")).replace("T", " ")
    return None if text == "NaT" else text
