"""Targets against actuals, and before against after a day, by brute force.

A figure of a span is as the page defines it: won, lost and win rate by the last close in the span that still holds,
begun and conversion by the start in it. What the page leaves open is as the reports say of themselves.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from math import comb, sqrt
from statistics import median

from .house import FIRST, GOALS, MIN_N, OWN_TARGETS, TARGETS, TEAMS, ZONE, House, known
from .house_followup import due_actions, label_of
from .house_seen import Row, SeenDeal, day_of, deals_seen, moment, yuan
from .seen import Asked

MONEY, COUNT, RATE, DAYS = "money", "count", "rate", "days"
KINDS = {"amount_won": MONEY, "won": COUNT, "lost": COUNT, "created": COUNT, "winrate": RATE, "conversion": RATE,
         "cycle_days": DAYS, "on_time_rate": RATE, "missed_rate": RATE, "follow_up_rate": RATE}  # fmt: skip
LOWER = ("lost", "cycle_days", "missed_rate")


@dataclass(frozen=True)
class Figure:
    """A figure: fen, a number, a share or days, and on how many cases it rests; `part` is a rate's numerator."""

    value: float | None
    n: int
    part: int = 0
    days: list[float] = field(default_factory=list)


def _share(part: int, n: int) -> Figure:
    return Figure(part / n if n else None, n, part)


Whose = Callable[[str | None, SeenDeal | None], bool]


def figures(house: House, asked: Asked, mine: Whose, planned: Whose) -> dict[str, Figure]:
    """Return every figure of the period asked for, of those deals and planned actions that are somebody's."""
    deals = deals_seen(house, asked)
    now = [one for one in deals if mine(one.owner(), one)]
    ended = [one for one in deals if one.closed_on and one.last and asked.covers(one.last.at)
             and mine(one.owner_at_close, one)]  # fmt: skip
    won, lost = ([one for one in ended if one.status == end] for end in ("won", "lost"))
    begun = [one for one in now if asked.covers(one.deal.created)]
    days = sorted(one.days for one in won if one.days is not None and one.days >= 0)
    due = [one for one in due_actions(house, asked) if planned(one.owner, one.deal)]
    still = [one for one in now if one.status == "open"]
    spoken = {one.deal for one in known(house.contacts, asked) if moment(one.at) <= asked.at and asked.covers(one.at)}
    home = [one for one in won if one.deal.currency == "CNY"]
    return {
        "amount_won": Figure(sum(one.fen or 0 for one in home), len(home)),
        "won": Figure(len(won), len(won)),
        "lost": Figure(len(lost), len(lost)),
        "created": Figure(len(begun), len(begun)),
        "winrate": _share(len(won), len(won) + len(lost)),
        "conversion": _share(sum(one.status == "won" for one in begun), len(begun)),
        "cycle_days": Figure(round(median(days), 1) if days else None, len(days), 0, days),
        "on_time_rate": _share(sum(one.state == "on_time" for one in due), len(due)),
        "missed_rate": _share(sum(one.state == "missed" for one in due), len(due)),
        "follow_up_rate": _share(sum(one.deal.key in spoken for one in still), len(still)),
    }


def span_of(period: str) -> tuple[date, date]:
    """Return the days of 2026-05, 2026Q2 or 2026, the last one not included."""
    year = int(period[:4])
    first, last = (1, 12) if len(period) == 4 else (int(period[5:]), int(period[5:]))
    if "Q" in period:
        first, last = 3 * int(period[5:]) - 2, 3 * int(period[5:])
    return date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1]) + timedelta(days=1)


def _wanted(asked: Asked) -> list[tuple[str, str, str, str, float]]:
    """Return (level, who, figure, period, target): those given, and what follows for teams and the company."""
    sheet = TARGETS if asked.known is None or asked.known >= FIRST else ()
    own = {(owner, team, period) for owner, team, period, _, _ in OWN_TARGETS}
    given = [*OWN_TARGETS, *(one for one in sheet if one[:3] not in own)]
    found: list[tuple[str, str, str, str, float]] = []
    for period in dict.fromkeys(one[2] for one in given):
        owners = [one for one in given if one[2] == period and one[0]]
        by_team = {team: [one for one in owners if TEAMS[one[0]] == team] for team in {TEAMS[one[0]] for one in owners}}
        alone = by_team.pop("", [])
        by_team |= {one[1]: [one] for one in given if one[2] == period and one[1]}
        whole = [one for one in given if one[2] == period and not one[0] and not one[1]]
        company = whole or [*alone, *(one for team in by_team.values() for one in team)]
        parts = [("company", "", company), *(("team", team, of) for team, of in by_team.items()),
                 *(("owner", one[0], [one]) for one in owners)]  # fmt: skip
        for level, who, of in parts:
            for place, metric in ((3, "amount_won"), (4, "won")):
                values = [wanted for one in of if isinstance(wanted := one[place], int)]
                if values:
                    found.append((level, who, metric, period, sum(values) * (100 if place == 3 else 1)))
    for metric, owner, team, period, value in GOALS:
        found.append(("owner" if owner else "team" if team else "company", owner or team, metric, period, value))
    return found


def scorecard(house: House, asked: Asked) -> dict[tuple[str, str, str, str], Row]:
    """Return the rows by level, who, figure and period."""
    rows = {}
    today = asked.at.date()
    for level, who, metric, period, target in _wanted(asked):
        start, end = span_of(period)
        meets = (asked.end is None or start < asked.end) and (asked.start is None or asked.start < end)
        if not (meets if asked.start or asked.end else start <= today < end):
            continue

        def mine(owner: str | None, _deal: SeenDeal | None, level: str = level, who: str = who) -> bool:
            return {"company": True, "team": TEAMS.get(owner or "") == who, "owner": owner == who}[level]

        found = figures(house, replace(asked, start=start, end=end), mine, mine)[metric]
        rows[level, who, metric, period] = _score(metric, target, found, _elapsed(start, end, today))
    return rows


def _elapsed(start: date, end: date, today: date) -> float:
    return min(1.0, max(0.0, ((today - start).days + 1) / (end - start).days))


def _score(metric: str, target: float, found: Figure, elapsed: float) -> Row:
    kind, low = KINDS[metric], metric in LOWER
    due = elapsed if kind in (MONEY, COUNT) else 1.0
    value = found.value if kind in (MONEY, COUNT) or found.n >= MIN_N else None
    top, bottom = (target, value) if low else (value, target)
    light = "grey"
    if value is not None:
        wanted = target * due
        fine, nearly = (value <= wanted, value * 0.9 <= wanted) if low else (value >= wanted, value >= 0.9 * wanted)
        light = "green" if fine else "yellow" if nearly else "red"
    return {"light": light, "target": _cell(kind, target), "actual": _cell(kind, value), "n": found.n,
            "attained": top / bottom if top is not None and bottom else None, "due": due}  # fmt: skip


def _cell(kind: str, value: float | None) -> object:
    if value is None:
        return None
    return yuan(round(value)) if kind == MONEY else float(value) if kind in (DAYS, RATE) else round(value)


def baseline(
    house: House, asked: Asked, event: date, by: str
) -> tuple[tuple[date, date, date], dict[tuple[str, ...], Row]]:
    """Return the first day before, that of the event and the end, and the rows by group and figure."""
    first = min(day_of(one.deal.created) for one in deals_seen(house, asked))
    first, last = max(first, asked.start or first), min(asked.at.date(), asked.end or date.max)
    length = timedelta(days=min((event - first).days, (last - event).days))
    sides = []
    for start in (event - length, event):
        end = datetime.combine(start + length, time(), ZONE) - timedelta(microseconds=1)
        sides.append(replace(asked, at=end, start=start, end=start + length))
    labels = {one.deal.key: one.label(by, one.owner()) if by else "" for one in deals_seen(house, asked)}
    names = set(labels.values()) if by else {""}
    rows: dict[tuple[str, ...], Row] = {}
    for name in names:
        old, new = (figures(house, side, *_of_group(by, name, labels)) for side in sides)
        for metric in KINDS:
            rows[(name, metric) if by else (metric,)] = _compared(metric, old[metric], new[metric])
    return (event - length, event, event + length), rows


def _of_group(by: str, name: str, labels: dict[str, str]) -> tuple[Whose, Whose]:
    """Return whether deals are of a group at the time of asking, and planned actions: of whoever planned them."""

    def mine(_owner: str | None, deal: SeenDeal | None) -> bool:
        return deal is not None and labels.get(deal.deal.key) == name

    def planned(owner: str | None, deal: SeenDeal | None) -> bool:
        return label_of(by, owner, deal) == name

    return mine, planned


def _compared(metric: str, old: Figure, new: Figure) -> Row:
    kind = KINDS[metric]
    row: Row = {"before_n": old.n, "after_n": new.n}
    few = kind in (RATE, DAYS) and min(old.n, new.n) < MIN_N
    for key, one in (("before", old), ("after", new)):
        row[key] = _cell(kind, one.value if kind in (MONEY, COUNT) or one.n >= MIN_N else None)
    if few:
        return row | {"change": None, "low": None, "high": None, "chance": None, "verdict_key": "too_few"}
    change = (new.value or 0) - (old.value or 0)
    chance = _chance(kind, old, new)
    row |= {"change": _cell(kind, round(change, 4) if kind == RATE else change), "chance": chance}
    row |= dict(zip(("low", "high"), _newcombe(old, new) if kind == RATE else (None, None), strict=True))
    clear = chance is not None and chance < 0.05 and change
    verdict = ("better" if (change > 0) != (metric in LOWER) else "worse") if clear else "unclear"
    return row | {"verdict_key": "untested" if chance is None else verdict}


def _chance(kind: str, old: Figure, new: Figure) -> float | None:
    """Return how often chance alone makes so large a difference: Fisher, equal Poisson rates; ranks by scipy."""
    if kind == RATE:
        whole, hits = old.n + new.n, old.part + new.part
        ways = [
            comb(hits, k) * comb(whole - hits, old.n - k)
            for k in range(max(0, old.n - whole + hits), min(hits, old.n) + 1)
        ]
        own = comb(hits, old.part) * comb(whole - hits, old.n - old.part)
        return sum(way for way in ways if way <= own) / comb(whole, old.n)
    if kind == COUNT and old.n + new.n:
        n = old.n + new.n
        return sum(comb(n, k) for k in range(n + 1) if comb(n, k) <= comb(n, new.n)) / (1 << n)
    if kind == DAYS:
        from scipy.stats import mannwhitneyu

        chance: float = mannwhitneyu(old.days, new.days, alternative="two-sided").pvalue
        return chance
    return None


def _wilson(part: int, n: int) -> tuple[float, float]:
    z, p = 1.959963984540054, part / n
    middle, wide = p + z * z / (2 * n), z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return (middle - wide) / (1 + z * z / n), (middle + wide) / (1 + z * z / n)


def _newcombe(old: Figure, new: Figure) -> tuple[float, float]:
    (low, high), (under, over) = _wilson(old.part, old.n), _wilson(new.part, new.n)
    p, q = old.part / old.n, new.part / new.n
    return q - p - sqrt((q - under) ** 2 + (high - p) ** 2), q - p + sqrt((over - q) ** 2 + (p - low) ** 2)
