"""Tables that list deals: who and what each is, what the report says of it, and its amount."""

from __future__ import annotations

from collections.abc import Iterable

from crmcli.domain.metrics.money import currencies, fen
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
    import numpy as np

    listed = list(told)[: options.records_limit]
    picked = np.array([deal for deal, _cells in listed], dtype="int64")
    amount, known = fen(line, picked)
    names, currency = currencies(line, picked, options.currency)
    deals = line.deals.iloc[picked][["opportunity_id", *(column.key for column in _WHO[1:])]].astype(object)
    fields = deals.where(deals.notna(), None).itertuples(index=False, name=None)
    return tuple(
        (f"O{number}", *texts, *cells, yuan(int(amount[at])) if known[at] else None, names[currency[at]])
        for at, ((_deal, cells), (number, *texts)) in enumerate(zip(listed, fields, strict=True))
    )


def cut(table: str, listed: int, options: ReportOptions) -> tuple[Note, ...]:
    """Return the note that a table lists fewer deals than there are."""
    if listed <= options.records_limit:
        return ()
    words: Message = msg("The first {shown} of {n} are listed.", shown=options.records_limit, n=listed)
    return (Note("cut", table, words),)
