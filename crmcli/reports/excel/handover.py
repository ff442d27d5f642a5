"""The handover workbook: what everybody got, equal to what was there before, and a sheet for each kind of record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from openpyxl.workbook import Workbook

from crmcli.domain.handover import KINDS, Item, Share, open_fen, shares
from crmcli.i18n import Message, _, msg
from crmcli.reports.columns import yuan
from crmcli.reports.excel.records import add_records, sheet_name
from crmcli.reports.excel.style import new_workbook, put_text, set_print, set_widths
from crmcli.reports.excel.table import place
from crmcli.reports.files import save_workbook
from crmcli.reports.model import Cell, Column, Records, Table

_TITLES: dict[str, Message] = {
    "customer": msg("Customers"),
    "opportunity": msg("Deals"),
    "contact": msg("Contacts"),
    "lead": msg("Leads"),
    "task": msg("Tasks"),
    "plan": msg("Planned follow-ups"),
}
_ALL = {
    column.key: column
    for column in (
        Column("id", msg("No."), "text"),
        Column("name", msg("What"), "text"),
        Column("customer", msg("Customer"), "text"),
        Column("level", msg("Level"), "text"),
        Column("stage", msg("Stage"), "text"),
        Column("status", msg("State"), "text"),
        Column("deals", msg("Open opportunities"), "int"),
        Column("amount", msg("Amount"), "money"),
        Column("currency", msg("Currency"), "text"),
        Column("last_contact", msg("Last contact"), "date"),
        Column("next_step", msg("Next step"), "text"),
        Column("next_at", msg("Next date"), "date"),
        Column("due", msg("Due"), "date"),
        Column("owner", msg("New owner"), "text"),
        Column("why", msg("Why"), "text"),
    )
}
_LAST = ("owner", "why")
_STEPS = ("last_contact", "next_step", "next_at")
_SHOWN = {
    "customer": ("id", "name", "level", "deals", "amount", "currency", *_STEPS, *_LAST),
    "opportunity": ("id", "name", "customer", "stage", "amount", "currency", *_STEPS, *_LAST),
    "contact": ("id", "name", "customer", "last_contact", *_LAST),
    "lead": ("id", "name", "customer", "status", *_STEPS, *_LAST),
    "task": ("id", "name", "customer", "due", *_LAST),
    "plan": ("id", "next_step", "customer", "last_contact", "next_at", "owner"),
}
NOBODY = msg("nobody")


def write_handover(path: Path, leaver: str, day: str, items: Sequence[Item], home: str) -> None:
    """Write the workbook of a handover on a day; `home` is the workspace's currency.

    Raises:
        FileNotWritten: the file cannot be written; what was there before is left as it was.
    """
    book = new_workbook()
    taken: set[str] = set()
    _add_summary(book, sheet_name(taken, _("Handover")), leaver, day, items, home)
    for kind in KINDS:
        own = [item for item in items if item.kind == kind]
        if own:
            columns = tuple(_ALL[key] for key in _SHOWN[kind])
            rows = tuple(tuple(_cell(item, key) for key in _SHOWN[kind]) for item in own)
            records = Records(kind, _TITLES[kind], columns, rows, len(rows))
            add_records(book, sheet_name(taken, str(_TITLES[kind])), records)
    save_workbook(book, path)


def _add_summary(book: Workbook, name: str, leaver: str, day: str, items: Sequence[Item], home: str) -> None:
    """Add who got what: the rows add up to what the leaver had, which stands in the last row."""
    sheet = book.create_sheet(name)
    put_text(sheet.cell(1, 1), _("Handover of {name}").format(name=leaver), "crm title")
    put_text(sheet.cell(2, 1), day, "crm small")
    given = shares(items, home)
    codes = [home, *sorted({code for share in given.values() for code in share.fen} - {home})]
    amount = (Column(f"amount_{code}", msg("Open amount ({currency})", currency=code), "money") for code in codes)
    columns = (
        Column("owner", msg("New owner"), "text"),
        *(Column(kind, _TITLES[kind], "int") for kind in KINDS),
        *amount,
    )
    rows = tuple((who or NOBODY, *_figures(share, codes)) for who, share in given.items())
    before = (msg("Before: {name}", name=leaver), *_figures(_whole(items, home), codes))
    placed = place(
        sheet, Table("handover", msg("Handover"), columns, rows, msg("Handover"), before), 4, 0, lambda _: None
    )
    set_widths(sheet, placed.widths)
    set_print(sheet)


def _whole(items: Sequence[Item], home: str) -> Share:
    """Return what the leaver had, counted from the records themselves."""
    return Share({kind: sum(item.kind == kind for item in items) for kind in KINDS}, open_fen(items, home))


def _figures(share: Share, codes: Sequence[str]) -> tuple[Cell, ...]:
    counts: Mapping[str, int] = share.counts
    return (*(counts.get(kind, 0) for kind in KINDS), *(yuan(share.fen.get(code, 0)) for code in codes))


def _cell(item: Item, key: str) -> Cell:
    """Return one cell of an item's row."""
    if key == "owner":
        return item.heir.owner or item.heir.pool or NOBODY
    if key == "why":
        return item.heir.why
    if key == "amount":
        return yuan(item.fen)
    if key in ("last_contact", "next_at", "due"):
        day = item.next_at if key == "due" else getattr(item, key)
        return date.fromisoformat(day) if day else None
    value: Cell = getattr(item, "stage" if key in ("level", "status") else key)
    return value
