"""Tables that list deals: who and what each is, what the report says of it, and its amount."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TypeVar

from crmcli.domain.metrics.evidence import deals_in_order
from crmcli.domain.metrics.timeline import Timeline
from crmcli.i18n import Message, msg
from crmcli.reports.columns import yuan
from crmcli.reports.model import Cell, Column, Note, Table
from crmcli.reports.options import ReportOptions
from crmcli.reports.whole_lists import plain_lines

Item = TypeVar("Item")
Told = tuple[int, tuple[Cell, ...]]
"""A deal's position and what a table says of it."""
_WHO = (
    Column("opportunity", msg("Opportunity"), "text"),
    Column("external_id", msg("Opportunity no."), "text"),
    Column("name", msg("Opportunity name"), "text"),
    Column("customer", msg("Customer"), "text"),
    Column("owner", msg("Owner"), "text"),
)
_WORTH = (Column("amount", msg("Amount"), "money"), Column("currency", msg("Currency"), "text"))


def deal_table(
    name: str, title: Message, sheet: Message, own: Iterable[Column], line: Timeline, items: Sequence[Item],
    told: Callable[[Sequence[Item]], Iterable[Told]], options: ReportOptions,
) -> Table:  # fmt: skip
    """Return a table of the first of `items`, with what gives all of them.

    Args:
        name: The table's name.
        title: Its title.
        sheet: The sheet that it stands on.
        own: Its columns between who a deal is and what it is worth.
        line: The deals.
        items: What is listed.
        told: Gives of some items each deal's position and the cells of the table's own columns.
        options: What the report is asked with.
    """

    def rows(some: Sequence[Item]) -> tuple[tuple[Cell, ...], ...]:
        return _deal_rows(line, list(told(some)), options.currency)

    shown = rows(items[: options.records_limit])
    return Table(name, title, (*_WHO, *own, *_WORTH), shown, sheet, count=len(items),
                 whole=partial(plain_lines, items, rows))  # fmt: skip


def _deal_rows(line: Timeline, listed: Sequence[Told], home: str) -> tuple[tuple[Cell, ...], ...]:
    deals = deals_in_order(line, [deal for deal, _cells in listed], home)
    return tuple(
        (f"O{number}", *(fields[column.key] for column in _WHO[1:]), *cells, yuan(amount), currency)
        for (_deal, cells), (number, fields, amount, currency) in zip(listed, deals, strict=True)
    )


def cut(table: str, listed: int, options: ReportOptions) -> tuple[Note, ...]:
    """Return the note that a table lists fewer deals than there are."""
    if listed <= options.records_limit:
        return ()
    words: Message = msg(
        "The first {shown} of {n} are listed; --format csv lists all of them.", shown=options.records_limit, n=listed
    )
    return (Note("cut", table, words),)
