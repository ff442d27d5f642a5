"""Forecast, its accuracy and the sales velocity by brute force."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import Any

from .closes import at_close, closed, length
from .seen import Asked, Seen, figure, population, rate, summed
from .setting import CATEGORY, MIN_N, TARGETS, TEAMS, ZONE
from .told import Deal

Row = dict[str, Any]
Key = tuple[str, ...]
CATEGORIES = ("commit", "best_case", "pipeline", "omitted")
HISTORY = 20


@dataclass(frozen=True)
class Open:
    """An open opportunity as the forecast sees it."""

    seen: Seen
    chance: Fraction | None
    bucket: str

    @property
    def weighted(self) -> Decimal:
        """Return amount x chance in whole fen, a half to the even one (the page does not say)."""
        fen = Fraction(self.seen.amount() or 0) * 100 * (self.chance or 0)
        whole = Decimal(fen.numerator) / Decimal(fen.denominator)
        return whole.quantize(Decimal(1), ROUND_HALF_EVEN) / 100

    @property
    def category(self) -> str:
        """Return what crm.toml makes of its stage."""
        return CATEGORY.get((self.seen.deal.pipeline, self.seen.stage or ""), "pipeline")


def outlook(deals: Sequence[Deal], asked: Asked) -> list[Open]:
    """Return the open opportunities."""
    them = population(deals, asked)
    found = []
    for seen in them:
        if seen.status == "open":
            chance = _chance(seen, them, seen.by_hand)
            found.append(Open(seen, chance, _bucket(seen, chance)))
    return found


def _chance(seen: Seen, them: Sequence[Seen], by_hand: int | None) -> Fraction | None:
    """Return the probability: by hand, else that of those that ever came to its stage, else the stage's own."""
    if by_hand is not None:
        return Fraction(by_hand, 100)
    rank = seen.ladder.index(seen.stage) + 1 if seen.stage in seen.ladder else 0
    ended = [one for one in them if one.deal.pipeline == seen.deal.pipeline and one.status != "open"
             and max(one.top, 1) >= rank]  # fmt: skip
    if rank and len(ended) >= HISTORY:
        return Fraction(sum(one.status == "won" for one in ended), len(ended))
    return None if seen.of_stage is None else Fraction(seen.of_stage, 100)


def _bucket(seen: Seen, chance: Fraction | None) -> str:
    today = seen.asked.at.astimezone(ZONE).date().isoformat()
    if seen.close is None:
        return "no_close_date"
    if seen.close < today:
        return "overdue"
    if seen.amount() is None:
        return "no_amount"
    return "no_probability" if chance is None else ""


def months_of(asked: Asked) -> Asked:
    """Return the question with the whole months that a forecast shows: from this month on, where none is named."""
    first = (asked.start or asked.at.astimezone(ZONE).date()).replace(day=1)
    end = asked.end if asked.end is None or asked.end.day == 1 else next_month(asked.end)
    return replace(asked, start=first, end=end)


def next_month(day: date) -> date:
    """Return the first day of the month after."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def forecast(deals: Sequence[Deal], asked: Asked) -> dict[Key, Row]:
    """Return the rows by month."""
    span = months_of(asked)
    due, won = defaultdict[Key, list[Open]](list), defaultdict[Key, list[Seen]](list)
    for one in outlook(deals, asked):
        if not one.bucket and span.covers(one.seen.close):
            due[((one.seen.group(),) if asked.by else ()) + ((one.seen.close or "")[:7],)].append(one)
    for seen in closed(deals, span, "won"):
        won[((at_close(seen),) if asked.by else ()) + (_month(seen),)].append(seen)
    return {key: _month_row(due[key], won[key], _target(asked.by, key)) for key in {*due, *won}}


def _month(seen: Seen) -> str:
    return (seen.last.at or "")[:7] if seen.last else ""


def _month_row(due: Sequence[Open], won: Sequence[Seen], target: Decimal | None) -> Row:
    worth = [(one.seen, one.seen.amount()) for one in due]
    weighted = [(one.seen, one.weighted) for one in due]
    gained = [(seen, seen.amount()) for seen in won]
    row: Row = {"n": len(due), "won": len(won)}
    for suffix, code in (("", "CNY"), ("_usd", "USD")):
        row |= {f"amount{suffix}": summed(worth, code), f"weighted{suffix}": summed(weighted, code),
                f"amount_won{suffix}": summed(gained, code)}  # fmt: skip
        row |= {f"{key}{suffix}": summed([(one.seen, one.seen.amount()) for one in due if one.category == key], code)
                for key in CATEGORIES}  # fmt: skip
    running = Decimal(row["amount_won"])
    for key in CATEGORIES[:-1]:
        running += Decimal(row[key])
        row[f"{key}_cumulative"] = f"{running:.2f}"
    return row | against(target, row)


def against(target: Decimal | None, row: Row) -> Row:
    """Return target, gap and what covers it; nothing covers what is won already."""
    gap = None if target is None else target - Decimal(row["amount_won"])
    covers = gap is not None and gap > 0
    return {
        "target": None if target is None else f"{target:.2f}",
        "gap": None if gap is None else f"{gap:.2f}",
        "coverage_weighted": float(Decimal(row["weighted"]) / gap) if gap and covers else None,
        "coverage": float(Decimal(row["amount"]) / gap) if gap and covers else None,
    }


def buckets(deals: Sequence[Deal], asked: Asked) -> dict[Key, Row]:
    """Return what no month has, by why."""
    rows = defaultdict[Key, list[Seen]](list)
    for one in outlook(deals, asked):
        if one.bucket:
            rows[((one.seen.group(),) if asked.by else ()) + (one.bucket,)].append(one.seen)
    for name in () if asked.by else ("overdue", "no_close_date", "no_amount", "no_probability"):
        rows[name,] += []
    return {key: {"n": len(group), "amount": summed([(one, one.amount()) for one in group]),
                  "amount_usd": summed([(one, one.amount()) for one in group], "USD"),
                  "no_amount": sum(one.amount() is None for one in group)} for key, group in rows.items()}  # fmt: skip


def _span(period: str) -> tuple[date, date]:
    year = int(period[:4])
    if period[4:5] == "Q":
        first = date(year, 3 * int(period[5]) - 2, 1)
        return first, next_month(next_month(next_month(first)))
    if period[4:5] == "-":
        return date(year, int(period[5:]), 1), next_month(date(year, int(period[5:]), 1))
    return date(year, 1, 1), date(year + 1, 1, 1)


Wanted = tuple[Decimal | None, int | None]


def _wanted() -> dict[tuple[str, str, str], Wanted]:
    """Return (level, who, period) -> yuan and deals: a team's own, else its owners'; the company's own, else all."""
    found: dict[tuple[str, str, str], Wanted] = {}
    for period in {one[2] for one in TARGETS}:
        own = [one for one in TARGETS if one[2] == period]
        for owner, _, _, amount, count in (one for one in own if one[0]):
            found["owner", owner, period] = (None if amount is None else Decimal(amount), count)
        for team in sorted(set(TEAMS.values())):
            told: list[tuple[Any, Any]] = [one[3:] for one in own if one[1] == team and not one[0]]
            parts = told or [one[3:] for one in own if one[0] and TEAMS[one[0]] == team]
            if parts:
                found["team", team, period] = _added(parts)
        told = [one[3:] for one in own if not one[0] and not one[1]]
        found["company", "", period] = _added(told or [found[key] for key in found if key[0] == "team"
                                                       and key[2] == period])  # fmt: skip
    return found


def _added(parts: Sequence[tuple[Any, Any]]) -> Wanted:
    amounts, counts = ([value for value in column if value is not None] for column in zip(*parts, strict=True))
    return (Decimal(sum(amounts)) if amounts else None, sum(counts) if counts else None)


def _target(by: str, key: Key) -> Decimal | None:
    """Return what was to be won in exactly that month; a longer target is not spread."""
    level = {"": "company", "owner": "owner", "team": "team"}.get(by)
    return _wanted().get((level or "", key[0] if by else "", key[-1]), (None, None))[0]


def targets(deals: Sequence[Deal], asked: Asked) -> dict[Key, Row]:
    """Return all targets of the days shown, beside what was won in theirs and is open to close in them."""
    shown, rows = months_of(asked), dict[Key, Row]()
    for (level, who, period), (amount, count) in _wanted().items():
        first, end = _span(period)
        if (shown.end and first >= shown.end) or (shown.start and end <= shown.start):
            continue
        span = replace(asked, start=first, end=end, by="" if level == "company" else level)
        won = [one for one in closed(deals, span, "won") if level == "company" or at_close(one) == who]
        due = [one for one in outlook(deals, span) if not one.bucket and span.covers(one.seen.close)
               and (level == "company" or one.seen.group() == who)]  # fmt: skip
        row = _month_row(due, won, amount)
        kept = ("n", "won", "amount", "weighted", "amount_won", "target", "gap", "coverage", "coverage_weighted")
        attained = float(Decimal(row["amount_won"]) / amount) if amount else None
        rows[level, who, period] = {key: row[key] for key in kept} | {"target_count": count, "attainment": attained}
    return rows


def velocity(deals: Sequence[Deal], asked: Asked) -> dict[Key, Row]:
    """Return the rows by currency: of the period asked for, else of the twelve months up to and with this day."""
    if not (asked.start or asked.end):
        end = asked.at.astimezone(ZONE).date() + timedelta(days=1)
        asked = replace(asked, start=end.replace(year=end.year - 1), end=end)
    groups = defaultdict[Key, list[Seen]](list)
    for one in population(deals, asked):
        if one.status == "open":
            groups[((one.group(),) if asked.by else ()) + (one.deal.currency,)].append(one)
    for one in closed(deals, asked, "won", "lost"):
        groups[((at_close(one),) if asked.by else ()) + (one.deal.currency,)].append(one)
    if not asked.by:
        groups["CNY",] += []
    return {key: _pace(group) for key, group in groups.items()}


def _pace(group: Sequence[Seen]) -> Row:
    won = [one for one in group if one.status == "won"]
    ended = sum(one.status != "open" for one in group)
    worth = [value for one in won if (value := one.amount()) is not None]
    days = [long for one in won if (long := length(one)) is not None]
    n, share, median = len(group) - ended, rate(len(won), ended), figure(days, 0.5)
    mean = sum(worth, Decimal()) / len(worth) if len(worth) >= MIN_N else None
    known = n >= MIN_N and share is not None and mean is not None and median
    return {
        "open": n, "win_rate": share, "win_rate_numerator": len(won), "win_rate_denominator": ended,
        "mean_won": None if mean is None else f"{mean:.2f}", "median_days": median, "mean_n": len(worth),
        "cycle_n": len(days),
        "velocity": f"{n * (share or 0) * float(mean or 0) / (median or 1):.2f}" if known else None,
    }  # fmt: skip


def start_of(day: date) -> datetime:
    """Return the last moment before a day."""
    return datetime.combine(day, time(), ZONE) - timedelta(microseconds=1)
