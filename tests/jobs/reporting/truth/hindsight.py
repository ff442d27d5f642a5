"""How right past forecasts were, by brute force: each is made again as of the moment before a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from .ahead import next_month, outlook, start_of
from .closes import at_close, closed
from .seen import Asked, Seen, population
from .setting import ZONE
from .told import Deal

Row = dict[str, Any]
Key = tuple[str, ...]
HOME = "CNY"  # the report says that others are left out
_NONE = Decimal()


def months_of(asked: Asked) -> list[date]:
    """Return the first days of the months that are over: of the period asked for, else of the last twelve."""
    today = asked.at.astimezone(ZONE).date()
    last = min(asked.end or today, today).replace(day=1)
    month = asked.start.replace(day=1) if asked.start else last.replace(year=last.year - 1)
    found = []
    while month < last:
        found.append(month)
        month = next_month(month)
    return found


class Then:
    """The forecast for a month as of the beginning of a day, by group, and what became of it."""

    def __init__(self, deals: Sequence[Deal], asked: Asked, month: date, day: date) -> None:
        end = next_month(month)
        then = replace(asked, at=start_of(day), start=month, end=end)
        # the page has forecasts taken from snapshots
        self.due = [one for one in outlook(deals, then)
                    if not one.bucket and then.covers(one.seen.close) and one.seen.deal.currency == HOME
                    and (one.seen.close or "") >= day.isoformat()]  # fmt: skip
        self.before = _home(closed(deals, then, "won"))
        self.won = _home(closed(deals, replace(asked, start=month, end=end), "won"))
        self.after = {one.deal.key: one.status for one in population(deals, replace(asked, at=start_of(end)))}

    def row(self, label: str | None = None) -> Row | None:
        """Return the figures of a group, None where it has none; of all without `label`."""
        due = [one for one in self.due if label is None or one.seen.group() == label]
        before, won = ([one for one in them if label is None or at_close(one) == label]
                       for them in (self.before, self.won))  # fmt: skip
        if label is not None and not (due or before or won):
            return None
        known = {one.seen.deal.key for one in due} | {one.deal.key for one in self.before}
        known |= {one.seen.deal.key for one in self.due}
        slipped = [one for one in due if self.after.get(one.seen.deal.key) == "open"]
        sudden = [one for one in won if one.deal.key not in known]
        won_before = _sum(before)
        forecast = won_before + sum((one.weighted for one in due), _NONE)
        actual = _sum(won)
        return {
            "n": len(due), "amount": _sum([one.seen for one in due]), "won_before": won_before, "forecast": forecast,
            "actual": actual, "error": forecast - actual, "actual_n": len(won), "slipped_n": len(slipped),
            "slipped": _sum([one.seen for one in slipped]), "unforeseen_n": len(sudden), "unforeseen": _sum(sudden),
            "lost_n": sum(self.after.get(one.seen.deal.key) in ("lost", "void") for one in due),
            "error_share": float((forecast - actual) / actual) if actual else None,
        }  # fmt: skip

    @property
    def labels(self) -> set[str]:
        """Return all groups that have any."""
        return {one.seen.group() for one in self.due} | {at_close(one) for one in [*self.before, *self.won]}


def _home(them: Sequence[Seen]) -> list[Seen]:
    return [one for one in them if one.deal.currency == HOME]


def _sum(them: Sequence[Seen]) -> Decimal:
    return sum((one.amount() or _NONE for one in them), _NONE)


def _written(row: Row) -> Row:
    return {key: f"{value:.2f}" if isinstance(value, Decimal) else value for key, value in row.items()}


def _without(row: Row, *keys: str) -> Row:
    return {key: value for key, value in _written(row).items() if key not in keys}


def months(deals: Sequence[Deal], asked: Asked) -> dict[Key, Row]:
    """Return the rows by month."""
    rows: dict[Key, Row] = {}
    for month in months_of(asked):
        then = Then(deals, asked, month, month)
        for label in sorted(then.labels) if asked.by else [None]:
            row = then.row(label)
            if row:
                key = (*(() if label is None else (label,)), f"{month:%Y-%m}")
                rows[key] = _without(row, "won_before")
    return rows


def weeks(deals: Sequence[Deal], asked: Asked) -> dict[Key, Row]:
    """Return the rows by month and day: its first, and the Mondays in it."""
    rows, asked = dict[Key, Row](), replace(asked, by="")
    for month in months_of(asked):
        days = [month + timedelta(days=at) for at in range((next_month(month) - month).days)]
        for day in (one for one in days if one == month or one.weekday() == 0):
            row = Then(deals, asked, month, day).row() or {}
            kept = ("n", "won_before", "forecast", "actual", "error", "error_share")
            rows[f"{month:%Y-%m}", day.isoformat()] = {key: _written(row)[key] for key in kept}
    return rows


def owners(deals: Sequence[Deal], asked: Asked) -> dict[Key, Row]:
    """Return the rows by owner, over all months."""
    asked, found = replace(asked, by="owner"), defaultdict[str, list[Row]](list)
    for month in months_of(asked):
        then = Then(deals, asked, month, month)
        for label in then.labels:
            found[label].append(then.row(label) or {})
    return {(name,): _over_all(rows) for name, rows in found.items()}


def _over_all(rows: Sequence[Row]) -> Row:
    added = {key: sum((row[key] for row in rows), _NONE) for key in ("forecast", "actual", "error", "slipped")}
    actual, apart = added["actual"], sum((abs(row["error"]) for row in rows), _NONE)
    return _written(added) | {
        "months": len(rows),
        "slipped_n": sum(row["slipped_n"] for row in rows),
        "bias": float(added["error"] / actual) if actual else None,
        "wape": float(apart / actual) if actual else None,
    }
