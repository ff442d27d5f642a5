"""Tables that list deals: who and what each is, what the report says of it, and its amount."""

from __future__ import annotations

from collections.abc import Iterable

from crmcli.domain.metrics.evidence import deals_in_order
from crmcli.domain.metrics.timeline import Timeline
from crmcli.i18n import Message, msg
from crmcli.reports.columns import yuan
from crmcli.reports.model import Cell, Column, Note
from crmcli.reports.options import ReportOptions

_WHO = (
    Column("opportunity", msg("Opportunity"), "text"),
    Column("external_id", msg("Opportunity no."), "text"),
    Column("name", msg("Opportunity name"), "text"),
    Column("customer", msg("Customer"), "text"),
    Column("owner", msg("Owner"), "text"),
)
_WORTH = (Column("amount", msg("Amount"), "money"), Column("currency", msg("Currency"), "text"))


def deal_columns(own: Iterable[Column]) -> tuple[Column, ...]:
    """Return the columns of a table of deals with `own` ones between who it is and what it is worth."""
    return (*_WHO, *own, *_WORTH)


def deal_rows(
    line: Timeline, told: Iterable[tuple[int, tuple[Cell, ...]]], options: ReportOptions
) -> tuple[tuple[Cell, ...], ...]:
    """Return a row for each of `told`: a deal's position and the cells of the table's own columns."""
    listed = list(told)[: options.records_limit]
    deals = deals_in_order(line, [deal for deal, _cells in listed], options.currency)
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
