"""Columns that several reports share, and cells from figures."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from crmcli.domain.metrics.money import Fen, amount_keys
from crmcli.i18n import Message, msg
from crmcli.reports.model import Cell, Column

GROUP_LABELS: dict[str, Message] = {
    "owner": msg("Owner"),
    "team": msg("Team"),
    "region": msg("Region"),
    "manager": msg("Manager"),
    "product": msg("Product"),
    "source": msg("Source"),
    "province": msg("Province"),
    "industry": msg("Industry"),
    "grade": msg("Grade"),
    "customer": msg("Customer"),
    "currency": msg("Currency"),
    "competitor": msg("Competitor"),
    "month": msg("Month"),
    "stage": msg("Stage"),
}
"""What a report can be broken down by, and how the column is called."""
SOURCE = (
    Column("source_file", msg("Source file"), "text"),
    Column("source_sheet", msg("Sheet"), "text"),
    Column("source_row", msg("Row"), "int"),
)
"""The file, sheet and row that brought a record."""


def group_columns(by: tuple[str, ...]) -> tuple[Column, ...]:
    """Return one text column a key of `by`."""
    return tuple(Column(key, GROUP_LABELS[key], "text") for key in by)


def amount_columns(
    home: str, codes: Iterable[str], label: Message, stem: str = "amount", *, minor: bool = False
) -> tuple[Column, ...]:
    """Return one money column a currency; where there are several, the label names it."""
    keys = amount_keys(home, tuple(codes), stem)
    return tuple(
        Column(key, msg("{label} ({currency})", label=label, currency=code) if len(keys) > 1 else label, "money",
               minor=minor)
        for code, key in keys.items()
    )  # fmt: skip


def yuan(amount: Fen) -> Decimal | None:
    """Return fen as a decimal of the main unit with two places; None stays None.

    >>> yuan(123456)
    Decimal('1234.56')
    """
    return None if amount is None else Decimal(amount).scaleb(-2)


def amounts(sums: dict[str, Fen]) -> tuple[Cell, ...]:
    """Return the cells of one figure's sums, a cell a currency."""
    return tuple(yuan(amount) for amount in sums.values())


def currencies_of(rows: Iterable[dict[str, Fen]], home: str) -> tuple[str, ...]:
    """Return the currencies that rows have sums in; `home` is always among them."""
    return next((tuple(row) for row in rows), (home,))
