"""What can be seen of the facts at one moment: plain Python, written from the definitions and not from the code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from .setting import CHANCE, ENDS, MIN_N, PIPELINES, STANDARD, TEAMS, ZONE
from .told import Contact, Deal, Fact, moment, yuan

NONE = "未填"
UNKNOWN_END = "终止阶段未知"


@dataclass(frozen=True)
class Asked:
    """A moment, what was known then (None: everything), a period of days and what to break down by."""

    at: datetime
    known: datetime | None = None
    start: date | None = None
    end: date | None = None
    by: str = ""
    pipeline: str = ""

    @property
    def shown(self) -> str:
        """Return the sales process whose stages tables of stages show: the first, where none is asked for."""
        return self.pipeline or STANDARD

    @property
    def ladder(self) -> tuple[str, ...]:
        """Return its stages, in order."""
        return PIPELINES[self.shown]

    def covers(self, at: str | None) -> bool:
        """Return whether a time lies in the period; an unknown one does in the whole history only."""
        if at is None:
            return not (self.start or self.end)
        day = moment(at).astimezone(ZONE).date()
        return (self.start is None or day >= self.start) and (self.end is None or day < self.end)


@dataclass(frozen=True)
class Event:
    """A stage or an end entered; `rank` is None for an end and for a stage that its sales process does not know."""

    at: str | None
    name: str
    reason: str | None
    inferred: bool
    left: str | None
    rank: int | None

    @property
    def kind(self) -> str:
        return ENDS.get(self.name, "open")


def rank_of(name: str | None, ladder: tuple[str, ...]) -> int | None:
    """Return the rank of a stage, from 1; None of an end and of a stage that is not of that sales process."""
    return ladder.index(name) + 1 if name in ladder else None


def is_known(told: Fact | Deal | Contact, asked: Asked) -> bool:
    """Return whether something had been recorded by then, and had not been taken back."""
    removed = told.removed is not None and (asked.known is None or asked.known >= told.removed)
    return not removed and (asked.known is None or told.recorded <= asked.known)


def _known(facts: Sequence[Fact], asked: Asked) -> list[Fact]:
    return [fact for fact in facts if is_known(fact, asked)]


def _counting(facts: Sequence[Fact], asked: Asked) -> list[Fact]:
    """Return the facts that count: what was read off a present row gives way to what was told of how it came so.

    An end gives way to any end that was told of; a stage to a change of before it was read off, else from the first
    change after that on.
    """
    told = [fact for fact in facts if not fact.inferred]
    kept = list(told)
    for fact in facts:
        since = min((moment(one.at or "") for one in _rivals(fact, told)), default=None)
        if fact.inferred and not _tells_the_way(fact, told) and (since is None or since > asked.at):
            kept.append(fact)
    return kept


def _rivals(fact: Fact, told: Sequence[Fact]) -> list[Fact]:
    return [one for one in told if fact.value not in ENDS or one.value in ENDS]


def _tells_the_way(fact: Fact, told: Sequence[Fact]) -> bool:
    """Return whether what was told is of the way to what was read off, which then never counted."""
    known = [(one, one.recorded if fact.value in ENDS else fact.recorded) for one in _rivals(fact, told)]
    return any(moment(one.at or "") <= recorded for one, recorded in known)


def _first(facts: Sequence[Fact]) -> str | None:
    """Return when the first of them was; None where a stage had been read off before, whenever that began."""
    told = [fact for fact in facts if not fact.inferred]
    for fact in facts:
        if fact.inferred and not fact.at and fact.value not in ENDS and not _tells_the_way(fact, told):
            return None
    return min((fact.at for fact in facts if fact.at), key=moment, default=None)


def _order(event: Event) -> tuple[Any, ...]:
    when = moment(event.at).timestamp() if event.at else float("-inf")
    return (when, event.kind != "open", event.rank or 0)


def in_order(events: Sequence[Event]) -> list[Event]:
    """Return events in the order of time; those of one time by rank, ends last."""
    return sorted(events, key=_order)


class Seen:
    """One opportunity at a moment."""

    def __init__(self, deal: Deal, asked: Asked) -> None:
        self.deal, self.asked, self.ladder = deal, asked, deal.ladder
        told = [
            Event(f.at, str(f.value), f.reason, f.inferred, f.left, rank_of(f.value, self.ladder))
            for f in _counting(_known(deal.stages, asked), asked)
        ]
        self.events = [one for one in in_order(told) if one.at is None or moment(one.at) <= asked.at]
        self.last = self.events[-1] if self.events else None
        self.status = self.last.kind if self.last else "open"
        self.stage = self.last.name if self.last and self.status == "open" else None
        self.start = deal.created or _first(_known(deal.stages, asked))

    @property
    def there(self) -> bool:
        """Return whether it had begun, or was in a stage without anybody knowing since when."""
        return self.begun or bool(self.events)

    @property
    def begun(self) -> bool:
        """Return whether it had begun, as far as anybody knows."""
        return self.start is None or moment(self.start) <= self.asked.at

    @property
    def counted(self) -> bool:
        """Return whether it is of the cohort of those that began in the period."""
        return self.begun and self.asked.covers(self.start)

    def _as_of(self, first: str | None, facts: Sequence[Fact], when: datetime) -> str | None:
        told = [f for f in _known(facts, self.asked) if f.at and moment(f.at) <= when]
        return told[-1].value if told else first

    def owner(self, at: str | None = None) -> str | None:
        """Return whose it is, or was."""
        return self._as_of(self.deal.owner, self.deal.owners, moment(at) if at else self.asked.at)

    def amount(self, at: str | None = None) -> Decimal | None:
        """Return what it is worth, or was."""
        return yuan(self._as_of(self.deal.amount, self.deal.amounts, moment(at) if at else self.asked.at))

    @property
    def amount_first(self) -> Decimal | None:
        """Return the first amount that anybody knew, up to the moment."""
        told = [f.value for f in _known(self.deal.amounts, self.asked) if f.at and moment(f.at) <= self.asked.at]
        return next((yuan(value) for value in [self.deal.amount, *told] if value is not None), None)

    @property
    def weighted(self) -> Decimal | None:
        """Return amount x chance in whole fen, None where either is unknown."""
        worth = self.amount()
        if worth is None or self.chance is None:
            return None
        return (worth * self.chance / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)

    @property
    def close(self) -> str | None:
        """Return the day it is expected to close on."""
        return self._as_of(self.deal.close, self.deal.closes, self.asked.at)

    @property
    def by_hand(self) -> int | None:
        """Return the percentage that a person set."""
        told = self._as_of(None, self.deal.chances, self.asked.at)
        return None if told is None else int(told)

    @property
    def chance(self) -> int | None:
        """Return the percentage that a person set, else the one that came with its stage."""
        return self.of_stage if self.by_hand is None else self.by_hand

    @property
    def of_stage(self) -> int | None:
        """Return the percentage that came with its stage."""
        return CHANCE.get((self.deal.pipeline, self.stage or ""))

    @property
    def top(self) -> int:
        """Return the highest rank it ever held, also one that it was told to have left: won is one more, a win taken
        back is the last; 0: none is known."""
        if self.status == "won":
            return len(self.ladder) + 1
        names = [name for one in self.events for name in (one.name, one.left)]
        last = len(self.ladder)
        return max((last if name == "赢单" else rank_of(name, self.ladder) or 0 for name in names), default=0)

    @property
    def nowhere(self) -> str:
        """Return the line it stands in where it has no place in the funnel."""
        if self.top:
            return ""
        odd = [name for one in self.events for name in (one.left, one.name) if name and name not in ENDS]
        if odd:
            return odd[-1]
        return UNKNOWN_END if self.status in ("lost", "void") else ""

    @property
    def before_end(self) -> str:
        """Return the last open stage before its last end."""
        if self.last and self.last.left and self.last.left not in ENDS:
            return self.last.left
        held = [one.name for one in self.events[:-1] if one.kind == "open"]
        return held[-1] if held else UNKNOWN_END

    def group(self, at: str | None = None) -> str:
        """Return what it is counted under; its owner is the one of a day where one is named."""
        by = self.asked.by
        if by in ("owner", "team"):
            owner = self.owner(at)
            return (owner if by == "owner" else TEAMS.get(owner or "")) or NONE
        if by == "month":
            return (self.close or NONE)[:7]
        return getattr(self.deal, by) or NONE


def population(deals: Sequence[Deal], asked: Asked) -> list[Seen]:
    """Return all opportunities that there are at the moment, as they are then."""
    them = [deal for deal in deals if is_known(deal, asked) and asked.pipeline in ("", deal.pipeline)]
    return [one for one in (Seen(deal, asked) for deal in them) if one.there]


def of_shown(deals: Sequence[Deal], asked: Asked) -> list[Seen]:
    """Return those of the sales process that tables of stages show."""
    return [one for one in population(deals, asked) if one.deal.pipeline == asked.shown]


def rate(part: int | Decimal, whole: int | Decimal, n: int | None = None) -> float | None:
    """Return a share, None where it rests on too few."""
    if (whole if n is None else n) < MIN_N or not whole:
        return None
    return float(part / whole)


def summed(values: Sequence[tuple[Seen, Decimal | None]], currency: str = "CNY") -> str:
    """Return the sum of what is known in a currency."""
    total = sum((value for seen, value in values if value is not None and seen.deal.currency == currency), Decimal())
    return f"{total:.2f}"


def days_between(start: str, end: str) -> float:
    """Return days: whole ones where either is a day, else to one decimal."""
    first, last = moment(start), moment(end)
    if len(start) == len("2026-03-05") or len(end) == len("2026-03-05"):
        return float((last.astimezone(ZONE).date() - first.astimezone(ZONE).date()).days)
    return round((last - first).total_seconds() / 86400, 1)


def quantile(values: Sequence[float], share: float) -> float:
    """Return the value under which a share of the values lies, interpolated in a straight line."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def figure(values: Sequence[float], share: float) -> float | None:
    """Return a quantile to two decimals, None of too few."""
    return round(quantile(values, share), 2) if len(values) >= MIN_N else None
