"""Cells as readers see them in text."""

from __future__ import annotations

import unicodedata
from datetime import date
from decimal import Decimal

from crmcli.domain.metrics.rate import Rate
from crmcli.i18n import Message, _, msg
from crmcli.reports.model import Cell, Column, Report

UNKNOWN = "—"


def too_few(n: int) -> Message:
    """Return what stands instead of a rate over too few cases: 样本不足(n=3)."""
    return msg("sample too small (n={n})", n=n)


def parts(cell: Cell) -> str:
    """Return a rate's numerator and denominator, `4,238/6,711`; empty for anything else."""
    return f"{cell.numerator:,}/{cell.denominator:,}" if isinstance(cell, Rate) else ""


def wording(cell: Cell, column: Column, min_n: int) -> str:
    """Return the text of a cell; what is unknown is a dash.

    >>> wording(Decimal("1234.5"), Column("amount", msg("Amount"), "money"), 5)
    '1,234.50'
    """
    match cell:
        case None:
            return UNKNOWN
        case Rate():
            share = cell.value(min_n)
            return str(too_few(cell.n)) if share is None else f"{share:.1%}"
        case Decimal():
            return f"{cell:+,.2f}" if column.signed and cell else f"{cell:,.2f}"
        case float():
            sign = "+" if column.signed and cell else ""
            return f"{cell:{sign}.1%}" if column.type == "rate" else f"{cell:{sign}.1f}"
        case int():
            return f"{cell:+,}" if column.signed and cell else f"{cell:,}"
        case date():
            return cell.isoformat()
        case _:
            return str(cell)


def number(cell: Cell, min_n: int) -> float | None:
    """Return the cell as a number to draw or to subtract; None where there is none, or too few cases for a rate."""
    match cell:
        case Rate():
            return cell.value(min_n)
        case int() | float() | Decimal():
            return float(cell)
        case _:
            return None


def span(report: Report) -> str:
    """Return the period in words."""
    period = report.period
    if period.is_whole_history:
        return _("whole history")
    start = period.start.isoformat() if period.start else "…"
    end = period.end.isoformat() if period.end else "…"
    return _("from {start} until before {end}").format(start=start, end=end)


def width(text: str) -> int:
    """Return how many columns a text fills; a full-width character fills two.

    >>> width("赢单 won")
    8
    """
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)
