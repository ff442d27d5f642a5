"""When a customer falls out of its owner's hands into a public pool, and who may take it out again.

A clock counts whole days: one of 30 days that starts on 1 March lets the customer fall on 1 April, when 30 days have
passed in between. A clock whose date nobody knows makes nothing fall.

Source: definitions.md, "Public pool and collisions"; the clocks are those of Wukong CRM (now - date > limit).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Literal

from crmcli.domain.calendar import works_on
from crmcli.domain.conditions import Condition
from crmcli.domain.values.text import fold
from crmcli.i18n import Message, msg

State = Literal["counting", "protected", "undated", "unruled"]
_MARGIN = 40  # days beyond a limit in working days, so that the longest holidays fit
_DAY = len("2026-03-05")


@dataclass(frozen=True, slots=True)
class RecycleRule:
    """Days after which a customer of these levels (empty: every level) falls; a clock that is None does not run."""

    levels: tuple[str, ...] = ()
    no_follow_up_days: int | None = None
    no_opportunity_days: int | None = None
    no_deal_days: int | None = None

    @property
    def limits(self) -> tuple[int, ...]:
        """Return the days of the clocks that run."""
        days = (self.no_follow_up_days, self.no_opportunity_days, self.no_deal_days)
        return tuple(limit for limit in days if limit is not None)


@dataclass(frozen=True, slots=True)
class PublicPool:
    """A pool: whose customers fall into it, by which rules, and who may claim from it; a limit None does not hold.

    `members` are folded names of people and teams, empty: everybody. `calendar` is that of the working days that
    clocks count, None where every day counts.
    """

    name: str
    enabled: bool = True
    when: Condition = field(default_factory=Condition)
    rules: tuple[RecycleRule, ...] = ()
    protect: tuple[str, ...] = ("open_deal", "contract", "receivable", "locked")
    open_deals: str = "keep"
    calendar: str | None = None
    notice_days: int = 3
    members: frozenset[str] = frozenset()
    claim_per_day: int | None = None
    max_owned: int | None = None
    previous_owner_days: int = 0
    new_days: int = 0

    def rule_for(self, level: str | None) -> RecycleRule | None:
        """Return the first rule that is for a level, None where there is none or no clock of it runs."""
        fits = (rule for rule in self.rules if not rule.levels or fold(level or "") in {fold(x) for x in rule.levels})
        found = next(fits, None)
        return found if found and found.limits else None


@dataclass(frozen=True, slots=True)
class Held:
    """A customer that somebody has, and what its clocks count from: days or instants, None unknown or never.

    `received` is when its owner got it, at the earliest when it was imported or made here. `followed_up`, `began` and
    `won` are the last follow-up by people, the last opportunity's beginning and the last win. `undated_...` is when
    the last of them that has no date of its own became known: it happened then or before. `contracts` are those in
    force, the last until `contract_until` (None: the end of one is not known); `receivable` is what is still to be
    received, amounts in words, "" nothing.
    """

    id: int
    owner: str
    level: str | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    received: str | None = None
    followed_up: str | None = None
    undated_follow_up: str | None = None
    began: str | None = None
    undated_began: str | None = None
    won: str | None = None
    undated_won: str | None = None
    open_deals: int = 0
    won_deals: int = 0
    locked_until: str | None = None
    contracts: int = 0
    contract_until: str | None = None
    receivable: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a customer stands to its pool (None: no pool is for it).

    `counting`: it falls on `falls_on`, `remaining_days` from now (0: today is its last day, below: the next run takes
    it); `since` is the day that the clock counts from. `protected`, `undated` (a date is missing) and `unruled` (no
    clock runs) do not fall. `code` says why in one word, `reason` in a sentence.
    """

    customer: int
    owner: str
    pool: str | None
    state: State
    code: str
    reason: Message
    remaining_days: int | None = None
    falls_on: date | None = None
    since: date | None = None

    @property
    def falls(self) -> bool:
        """Return whether the next run takes it."""
        return self.remaining_days is not None and self.remaining_days < 0


class Recycling:
    """The pools in order, asked on one day how customers stand to them."""

    def __init__(self, pools: Sequence[PublicPool], today: date) -> None:
        self.pools = tuple(pool for pool in pools if pool.enabled)
        self.today = today
        self._days = {pool.calendar: _Days(pool.calendar, today, self._longest()) for pool in self.pools}

    def _longest(self) -> int:
        return max((limit for pool in self.pools for rule in pool.rules for limit in rule.limits), default=0)

    def standing(self, held: Held) -> Standing:
        """Return how a customer stands to the first pool that is for it."""
        pool = next((pool for pool in self.pools if pool.when.miss(held.fields) is None), None)
        rule = pool.rule_for(held.level) if pool else None
        if pool is None or rule is None:
            words = msg("no rule of a pool is for level {level}", level=held.level) if held.level else _NO_RULE
            return self._safe(held, pool, "unruled", "no_rule", words)
        for kind, words in _protections(pool, held, self.today):
            return self._safe(held, pool, "protected", kind, words)
        clocks = list(_clocks(rule, held))
        missing = next((clock for clock in clocks if clock.since is None), None)
        if missing is not None:
            return self._safe(held, pool, "undated", missing.code, missing.words)
        if not clocks:
            return self._safe(held, pool, "protected", "active", msg("it has had an opportunity since it was received"))
        return min((self._counted(held, pool, clock) for clock in clocks), key=lambda found: found.falls_on or date.max)

    def _safe(self, held: Held, pool: PublicPool | None, state: State, code: str, words: Message) -> Standing:
        return Standing(held.id, held.owner, pool.name if pool else None, state, code, words)

    def _counted(self, held: Held, pool: PublicPool, clock: _Clock) -> Standing:
        since = _day(clock.since or "")
        elapsed, falls_on = self._days[pool.calendar].counted(since, clock.limit)
        args = {"day": since.isoformat(), "elapsed": elapsed, "limit": clock.limit}
        words = Message(clock.words.text, args)
        left = clock.limit - elapsed
        return Standing(held.id, held.owner, pool.name, "counting", clock.code, words, left, falls_on, since)


@dataclass(frozen=True, slots=True)
class _Clock:
    """A clock that runs: from when (None: unknown, and `words` say why), how many days, and what it counts."""

    code: str
    since: str | None
    limit: int
    words: Message


_NO_RULE = msg("no rule of a pool is for it")
_SILENT = msg("no follow-up since {day}: {elapsed} days of {limit}")
_NEVER_CONTACTED = msg("no follow-up since it was received on {day}: {elapsed} days of {limit}")
_NO_OPPORTUNITY = msg("no opportunity since it was received on {day}: {elapsed} days of {limit}")
_NO_WIN = msg("nothing won since it was received on {day}: {elapsed} days of {limit}")
_NOT_RECEIVED = msg("nobody knows since when its owner has it")
_UNDATED_FOLLOW_UP = msg("a follow-up has no date: nobody knows how long it has been silent")
_UNDATED_OPPORTUNITY = msg("an opportunity has no date: nobody knows whether it began since the customer was received")
_UNDATED_WIN = msg("a win has no date: nobody knows whether it was since the customer was received")


_OF_CLOCK = {
    _SILENT.text: "no_follow_up",
    _NEVER_CONTACTED.text: "no_follow_up",
    _NO_OPPORTUNITY.text: "no_opportunity",
    _NO_WIN.text: "no_deal",
}


def clock_of(reason: Message) -> str | None:
    """Return the clock that ran out (no_follow_up, no_opportunity, no_deal) of a reason, None where it names none."""
    return _OF_CLOCK.get(reason.text)


def _protections(pool: PublicPool, held: Held, today: date) -> Iterator[tuple[str, Message]]:
    locked = held.locked_until and _day(held.locked_until) >= today
    if "locked" in pool.protect and locked:
        yield "locked", msg("locked until {day}", day=str(held.locked_until)[:_DAY])
    if "open_deal" in pool.protect and held.open_deals:
        yield "open_deal", msg("{number} open opportunities", number=held.open_deals)
    if "contract" in pool.protect and held.contracts:
        runs_on = msg("{number} contracts in force, the end of one is not known", number=held.contracts)
        until = msg("{number} contracts in force, until {day}", number=held.contracts, day=held.contract_until)
        yield "contract", until if held.contract_until else runs_on
    if "receivable" in pool.protect and held.receivable:
        yield "receivable", msg("{amount} is still to be received", amount=held.receivable)
    if "won_deal" in pool.protect and held.won_deals:
        yield "won_deal", msg("{number} opportunities won", number=held.won_deals)


def _clocks(rule: RecycleRule, held: Held) -> Iterator[_Clock]:
    """Yield the clocks of a rule that run for a customer."""
    received = held.received
    if rule.no_follow_up_days is not None:
        yield _silence(held, rule.no_follow_up_days)
    since = ("no_opportunity", rule.no_opportunity_days, held.began, held.undated_began, _NO_OPPORTUNITY)
    wins = ("no_deal", rule.no_deal_days, held.won, held.undated_won, _NO_WIN)
    for (code, limit, last, undated, words), unknown in ((since, _UNDATED_OPPORTUNITY), (wins, _UNDATED_WIN)):
        if limit is None or (code == "no_opportunity" and held.open_deals):
            continue
        if received is None:
            yield _Clock("received", None, limit, _NOT_RECEIVED)
        elif not (last and last[:_DAY] >= received[:_DAY]):
            is_known = not undated or undated < received
            yield _Clock(code, received if is_known else None, limit, words if is_known else unknown)


def _silence(held: Held, limit: int) -> _Clock:
    if held.received is None:
        return _Clock("received", None, limit, _NOT_RECEIVED)
    last = max(held.received, held.followed_up or "")
    if held.undated_follow_up and held.undated_follow_up >= last:
        return _Clock("follow_up_date", None, limit, _UNDATED_FOLLOW_UP)
    followed = bool(held.followed_up) and held.followed_up == last
    return _Clock("no_follow_up", last, limit, _SILENT if followed else _NEVER_CONTACTED)


@lru_cache(maxsize=4096)
def _day(text: str) -> date:
    return date.fromisoformat(text[:_DAY])


class _Days:
    """Days as a pool counts them up to today: all of them (calendar None), or the working ones of a calendar."""

    def __init__(self, calendar: str | None, today: date, longest: int) -> None:
        self.calendar, self.today = calendar, today
        self._end = today + timedelta(days=2 * longest + _MARGIN)
        self._first = today
        self._working: list[int] = []

    def counted(self, since: date, limit: int) -> tuple[int, date]:
        """Return how many days have passed since a day, and the first day on which they are more than `limit`."""
        if self.calendar is None:
            return (self.today - since).days, since + timedelta(days=limit + 1)
        if not self._working or since < self._first:
            self._first = min(since, self._first)
            span = (self._end - self._first).days
            days = (self._first + timedelta(days=n) for n in range(1, span + 1))
            self._working = [day.toordinal() for day in days if works_on(day, calendar=self.calendar)]
        start = bisect_right(self._working, since.toordinal())
        passed = bisect_right(self._working, self.today.toordinal()) - start
        return passed, date.fromordinal(self._working[start + limit])
