"""The records behind a number of activities."""

from __future__ import annotations

from functools import partial
from typing import Any

from crmcli.domain.metrics.gaps import plain_rows
from crmcli.domain.metrics.timeline import Timeline
from crmcli.i18n import Message, msg
from crmcli.reports.columns import SOURCE
from crmcli.reports.listed import listed
from crmcli.reports.model import Cell, Column, Records
from crmcli.reports.options import ReportOptions

_COLUMNS = (
    Column("activity", msg("Activity"), "text"),
    Column("at", msg("At"), "text"),
    Column("by", msg("Owner"), "text"),
    Column("type", msg("Type"), "text"),
    Column("opportunity", msg("Opportunity"), "text"),
    Column("customer", msg("Customer"), "text"),
    *SOURCE,
)
_KEYS = (
    "activity_id",
    "at",
    "by",
    "type",
    "opportunity_id",
    "customer_id",
    "source_file",
    "source_sheet",
    "source_row",
)


def activity_records(name: str, title: Message, line: Timeline, rows: Any, options: ReportOptions) -> Records:
    """Return the activities at the places `rows` of the population's, in that order."""
    return listed(name, title, _COLUMNS, rows, partial(_rows, line), options.records_limit)


def _rows(line: Timeline, rows: Any) -> list[tuple[Cell, ...]]:
    activities = line.population.activities
    found = [] if activities is None else plain_rows(activities, rows, _KEYS)
    return [
        (f"A{one['activity_id']}", one["at"], one["by"], one["type"], _number("O", one["opportunity_id"]),
         _number("C", one["customer_id"]), one["source_file"], one["source_sheet"], one["source_row"])
        for one in found
    ]  # fmt: skip


def _number(letter: str, number: Any) -> str | None:
    return None if number is None else f"{letter}{int(number)}"
