"""Time in stages and opportunities that stand still by brute force."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from .seen import NONE, Asked, Event, Seen, days_between, figure, is_known, of_shown, quantile, rate, summed
from .setting import MAX_PLAN_DAYS, MOST, ROT, ZONE
from .told import Contact, Deal, moment

Row = dict[str, Any]
Key = tuple[str, ...]
WON_ENOUGH = 10


@dataclass(frozen=True)
class Visit:
    """A stay in a stage; `left` is None while it runs, `days` where its beginning or end is not known."""

    seen: Seen
    stage: str
    entered: str | None
    left: Event | None
    days: float | None

    @property
    def label(self) -> str:
        """Return its group: a month is the one in which the stage was entered (the page is silent on it)."""
        by = self.seen.asked.by
        return (self.entered or NONE)[:7] if by == "month" else self.seen.group()


def visits(seen: Seen) -> list[Visit]:
    """Return the stays of an opportunity, the last one running where it is open; told again is not entered again."""
    found: list[Visit] = []
    first: Event | None = None
    for event in [*seen.events, None]:
        if first and event and event.kind == first.kind == "open" and event.name == first.name:
            continue
        if first and first.kind == "open":
            end = event.at if event else seen.asked.at.isoformat()
            known = first.at and not first.inferred and end
            days = days_between(first.at or "", end or "") if known else None
            found.append(Visit(seen, first.name, first.at, event, days))
        first = event
    return found


def limits(deals: Sequence[Deal], asked: Asked) -> dict[str, tuple[float, str]]:
    """Return from how many days on a running visit is over age, by stage, and what says so."""
    every = [one for seen in of_shown(deals, asked) for one in visits(seen)]
    found = {}
    for stage in {*asked.ladder, *(one.stage for one in every)}:
        won = [one.days for one in every
               if one.stage == stage and one.left and one.days is not None and one.seen.status == "won"]  # fmt: skip
        if len(won) >= WON_ENOUGH:
            found[stage] = (round(quantile(won, 0.75), 2), "won")
        elif (asked.shown, stage) in MOST:
            found[stage] = (MOST[asked.shown, stage], "settings")
    return found


def stage_age(deals: Sequence[Deal], asked: Asked) -> dict[Key, Row]:
    """Return the rows by stage."""
    bounds = limits(deals, asked)
    rows = defaultdict[Key, list[Visit]](list)
    for one in (one for seen in of_shown(deals, asked) for one in visits(seen)):
        if one.left is None or asked.covers(one.left.at):
            rows[((one.label, one.stage) if asked.by else (one.stage,))].append(one)
    for name in () if asked.by else asked.ladder:
        rows[name,] += []
    return {key: _stay_row(group, bounds.get(key[-1])) for key, group in rows.items()}


def _stay_row(group: Sequence[Visit], bound: tuple[float, str] | None) -> Row:
    done, running = [one for one in group if one.left], [one for one in group if not one.left]
    days, ages = _known(done), _known(running)
    by_deal = defaultdict[str, list[Visit]](list)
    for one in group:
        by_deal[one.seen.deal.key].append(one)
    gone = [own for own in by_deal.values() if all(one.left and one.days is not None for one in own)]
    return {
        "n": len(days),
        "median_days": figure(days, 0.5),
        "p75_days": figure(days, 0.75),
        "unknown": len(done) - len(days),
        "current": len(ages),
        "current_median_days": figure(ages, 0.5),
        "current_max_days": max(ages, default=None),
        "current_unknown": len(running) - len(ages),
        "over_age": None if bound is None else sum(age > bound[0] for age in ages),
        "limit_days": None if bound is None else bound[0],
        "deals": len(gone),
        "latest_median_days": figure([own[-1].days or 0 for own in gone], 0.5),
        "cumulative_median_days": figure([sum(one.days or 0 for one in own) for own in gone], 0.5),
    }


def _known(group: Sequence[Visit]) -> list[float]:
    return [one.days for one in group if one.days is not None]


def over_age(deals: Sequence[Deal], asked: Asked) -> dict[Key, Row]:
    """Return the opportunities that have been in their stage for too long, by name."""
    bounds = limits(deals, asked)
    found: dict[Key, Row] = {}
    for one in (one for seen in of_shown(deals, asked) for one in visits(seen)):
        most = bounds.get(one.stage)
        if most and one.left is None and one.days is not None and one.days > most[0]:
            found[f"商机{one.seen.deal.key}",] = {"stage": one.stage, "days": one.days, "limit_days": most[0],
                                                "over_days": round(one.days - most[0], 2)}  # fmt: skip
    return found


@dataclass(frozen=True)
class Still:
    """An open opportunity by its two clocks, in whole days; None where no day is known."""

    seen: Seen
    stage: str
    aged: int | None
    silent: int | None
    contact: str | None
    plan: tuple[date, date] | None

    @property
    def rot(self) -> int | None:
        """Return the days of silence that its stage allows."""
        return ROT.get((self.seen.deal.pipeline, self.stage))

    @property
    def state(self) -> str:
        """Return stalled, over_max, protected, unknown or nothing."""
        quiet = self.silent is not None and self.rot is not None and self.silent >= self.rot
        most = MOST.get((self.seen.deal.pipeline, self.stage))
        if quiet and not self.is_planned:
            return "stalled"
        if self.aged is not None and most is not None and self.aged >= most:
            return "over_max"
        return "protected" if quiet else "unknown" if self.silent is None else ""

    @property
    def is_planned(self) -> bool:
        """Return whether a next step excuses it: until its day, and for so many days since it was planned."""
        today = self.seen.asked.at.astimezone(ZONE).date()
        return self.plan is not None and today <= min(self.plan[0], self.plan[1] + timedelta(days=MAX_PLAN_DAYS))


def _still(seen: Seen) -> Still:
    asked, deal = seen.asked, seen.deal
    today = asked.at.astimezone(ZONE).date()
    told = [one for one in deal.contacts if is_known(one, asked) and moment(one.at) <= asked.at]
    contact = max((one.at for one in told), key=moment, default=None)
    last = visits(seen)[-1:]
    entered = last[0].entered if last and last[0].left is None and last[0].days is not None else None
    since = contact or deal.created or entered
    aged, silent = ((today - _day(at)).days if at else None for at in (entered, since))
    return Still(seen, seen.stage or NONE, aged, silent, contact, _plan(told))


def _day(at: str) -> date:
    return moment(at).astimezone(ZONE).date()


def _plan(told: Sequence[Contact]) -> tuple[date, date] | None:
    """Return the day of the next step that stands and the day on which it was planned.

    Which one of several stands the page does not say. The reports: the one noted last on the opportunity, but that of
    the latest follow-up where that was after the other's day.
    """
    planned = [one for one in told if one.next_day]
    noted = [one for one in planned if one.noted]
    followed = max(planned, key=lambda one: moment(one.at), default=None)
    if followed is None:
        return None
    own = max(noted, key=lambda one: one.recorded, default=None)
    if own is None or own.next_day == followed.next_day or _day(followed.at) > date.fromisoformat(own.next_day or ""):
        return date.fromisoformat(followed.next_day or ""), _day(followed.at)
    return date.fromisoformat(own.next_day or ""), own.recorded.astimezone(ZONE).date()


def stalled(deals: Sequence[Deal], asked: Asked) -> dict[Key, Row]:
    """Return the rows by stage."""
    rows = defaultdict[Key, list[Still]](list)
    for seen in of_shown(deals, asked):
        if seen.status == "open":
            one = _still(seen)
            rows[((seen.group(), one.stage) if asked.by else (one.stage,))].append(one)
    for name in () if asked.by else asked.ladder:
        rows[name,] += []
    return {key: _still_row(group, ROT.get((asked.shown, key[-1]))) for key, group in rows.items()}


def _still_row(group: Sequence[Still], rot: int | None) -> Row:
    states = [one.state for one in group]
    worth = [(one.seen, one.seen.amount()) for one in group if one.state == "stalled"]
    return {
        "open": len(group),
        **{state: states.count(state) for state in ("stalled", "over_max", "protected", "unknown")},
        "rate": rate(states.count("stalled"), len(group)),
        "rate_numerator": states.count("stalled"),
        "rate_denominator": len(group),
        "amount": summed(worth),
        "amount_usd": summed(worth, "USD"),
        "no_amount": sum(value is None for _, value in worth),
        "rot_days": rot,
    }


def stalled_deals(deals: Sequence[Deal], asked: Asked) -> dict[Key, Row]:
    """Return the stalled ones, by name."""
    them = [_still(seen) for seen in of_shown(deals, asked) if seen.status == "open"]
    return {(f"商机{one.seen.deal.key}",): {
        "stage": one.stage, "stage_days": one.aged, "silent_days": one.silent, "rot_days": one.rot,
        "last_contact": _day(one.contact).isoformat() if one.contact else None,
        "planned_until": one.plan[0].isoformat() if one.plan else None,
    } for one in them if one.state == "stalled"}  # fmt: skip
