"""The workbook of what is due: one sheet that can be filtered, the grave rows coloured."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from openpyxl.formatting.rule import Rule
from openpyxl.styles import Font, PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.worksheet.worksheet import Worksheet

from crmcli.domain.records import record_number
from crmcli.domain.reminders.escalation import gravest
from crmcli.domain.reminders.model import Reminder
from crmcli.domain.reminders.words import KIND_WORDS, LEVEL_WORDS, NOBODY, stands_in
from crmcli.i18n import _, enumerated, msg
from crmcli.reports.excel.records import HEAD, add_records
from crmcli.reports.excel.style import BAD, WARN, new_workbook
from crmcli.reports.files import save_workbook
from crmcli.reports.model import Cell, Column, Records

_COLUMNS = (
    Column("owner", msg("Owner"), "text"),
    Column("level", msg("Level"), "text"),
    Column("kind", msg("Kind"), "text"),
    Column("due", msg("Due"), "date"),
    Column("days", msg("Days overdue"), "int"),
    Column("customer", msg("Customer"), "text"),
    Column("name", msg("Name"), "text"),
    Column("why", msg("Why"), "text"),
    Column("recipients", msg("Told to"), "text"),
    Column("id", msg("Number"), "text"),
)
MOST = 20_000
"""Rows: as many as people filter and a workbook takes in seconds."""
_COLOURS = (("risk", "FCE4E4", BAD), ("manager", "FFF2CC", WARN))


def write_reminders(path: Path, reminders: Sequence[Reminder], as_of: datetime) -> None:
    """Write the workbook, in the order given; without any reminder it has only its head.

    Of more than `MOST` the gravest are written, and it says of how many.

    Raises:
        FileNotWritten: the file cannot be written; what was there before is left as it was.
    """
    book = new_workbook()
    rows = tuple(_row(reminder) for reminder in gravest(reminders, MOST))
    title = msg("Due as of {as_of}", as_of=as_of.isoformat(sep=" ", timespec="minutes"))
    name = _("Due")
    add_records(book, name, Records("reminders", title, _COLUMNS, rows, len(reminders)))
    if rows:
        _colour(book[name], HEAD + len(rows))
    save_workbook(book, path)


def _row(reminder: Reminder) -> tuple[Cell, ...]:
    found = reminder.finding
    return (
        found.owner or str(NOBODY),
        str(LEVEL_WORDS[reminder.level]),
        str(KIND_WORDS[found.kind]),
        found.due,
        reminder.days,
        found.customer,
        found.name,
        str(found.why),
        enumerated(stands_in(name) if name == reminder.deputy else name for name in reminder.recipients),
        record_number(found.entity, found.id),
    )


def _colour(sheet: Worksheet, last: int) -> None:
    """Colour rows by their level, so that they keep their colour when somebody sorts them."""
    level = "B"
    for key, fill, font in _COLOURS:
        look = DifferentialStyle(font=Font(color=font), fill=PatternFill("solid", bgColor=fill))
        rule = Rule("expression", formula=[f'${level}{HEAD + 1}="{LEVEL_WORDS[key]}"'], dxf=look)
        sheet.conditional_formatting.add(f"A{HEAD + 1}:E{last}", rule)
