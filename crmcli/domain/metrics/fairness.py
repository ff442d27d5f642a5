"""Whether rules gave everybody their share: expected by weight and attendance against what each got.

Source: definitions.md, reports, 15.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from crmcli.domain.assignment.availability import is_at_work
from crmcli.domain.assignment.model import FALLBACK, TIMEOUT, Owner, Switches
from crmcli.domain.metrics.period import Period
from crmcli.domain.metrics.rate import Rate, share
from crmcli.domain.values.text import fold


@dataclass(frozen=True, slots=True)
class Given:
    """A deal that a rule gave to somebody; `at` is the local instant as ISO text."""

    opportunity_id: int
    owner: str
    at: str
    rule: str

    @property
    def day(self) -> date:
        """Return the day of it."""
        return date.fromisoformat(self.at[:10])


@dataclass(frozen=True, slots=True)
class Worth:
    """What became of a deal: `status` is open, won, lost or void; `fen` None where the amount is not known."""

    name: str
    customer: str | None
    currency: str
    fen: int | None
    status: str


@dataclass(frozen=True, slots=True)
class Givings:
    """Who was given what by rule, and who was there to be given something.

    `members` are the names that the rules of today can choose; None: everybody.
    """

    given: tuple[Given, ...] = ()
    staff: tuple[Owner, ...] = ()
    switches: Switches = field(default_factory=Switches)
    members: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class ShareRow:
    """One owner's share, or that of all in a `group`; the deals stand at `first` and on in `Fairness.given`.

    `days` are working days present, `expected` the share of all deals and `expected_fen` of all amounts that weight
    times days makes; `fen` None where of none an amount is known. `rate` is won out of decided.
    """

    owner: str
    weight: float
    days: int
    first: int
    n: int
    expected: float
    fen: dict[str, int | None]
    expected_fen: dict[str, int]
    rate: Rate
    group: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fairness:
    """All shares, and the deals behind them by share, then time; `first_day` and `last_day` are the days counted."""

    rows: tuple[ShareRow, ...]
    given: tuple[Given, ...]
    first_day: date | None = None
    last_day: date | None = None


def fair_shares(
    givings: Givings, worth: Mapping[int, Worth], period: Period, today: date, currencies: Sequence[str]
) -> Fairness:
    """Return everybody's share of the deals that rules gave in the period, up to `today`.

    A deal that was moved on counts for each who was given it. Without a first day the period begins with the first
    deal given. Who has left counts as present until the last deal they got. Shares are expected of those only whom a
    rule can choose, or whom one or the customer they have did choose.
    """
    counted = [one for one in givings.given if one.opportunity_id in worth and _is_in(one.day, period, today)]
    if not counted:
        return Fairness((), ())
    first = period.start or min(one.day for one in counted)
    last = min(today, period.end - timedelta(days=1)) if period.end else today
    by_owner: dict[str, list[Given]] = {owner.name: [] for owner in givings.staff}
    named = {fold(owner.name): owner.name for owner in reversed(givings.staff)}
    for one in sorted(counted, key=lambda one: (one.at, one.opportunity_id)):
        name = named.get(fold(one.owner), one.owner)
        by_owner.setdefault(name, []).append(replace(one, owner=name))
    staff = {owner.name: owner for owner in givings.staff}
    days = {
        name: _days(staff.get(name) or Owner(name), had, first, last, givings.switches)
        for name, had in by_owner.items()
    }
    claims = {name: days[name] * (staff[name].weight if name in staff else 1) for name in by_owner}
    claims = _of_candidates(claims, by_owner, givings.members)
    total = _sums(counted, worth, currencies)
    rows, ordered = [], list[Given]()
    for name, had in sorted(by_owner.items(), key=lambda pair: (-claims[pair[0]], pair[0])):
        if not had and not claims[name]:
            continue
        part = claims[name] / (sum(claims.values()) or 1)
        won, lost = (sum(worth[one.opportunity_id].status == end for one in had) for end in ("won", "lost"))
        rows.append(
            ShareRow(
                owner=name,
                weight=staff[name].weight if name in staff else 1,
                days=days[name],
                first=len(ordered),
                n=len(had),
                expected=part * len(counted),
                fen=_sums(had, worth, currencies),
                expected_fen={code: round(part * (amount or 0)) for code, amount in total.items()},
                rate=share(won, won + lost),
                group=(name,),
            )
        )
        ordered += had
    return Fairness(tuple(rows), tuple(ordered), first, last)


def _of_candidates(
    claims: Mapping[str, float], had: Mapping[str, Sequence[Given]], members: Collection[str] | None
) -> dict[str, float]:
    """Return the claims without those of whom no rule could choose; all of them where nobody would be left."""
    if members is None:
        return dict(claims)
    chosen = {name for name, given in had.items() if any(one.rule not in {TIMEOUT, FALLBACK} for one in given)}
    kept = {name: claim if name in chosen or name in members else 0 for name, claim in claims.items()}
    return kept if any(kept.values()) else dict(claims)


def _is_in(day: date, period: Period, today: date) -> bool:
    return (period.start or day) <= day <= today and (period.end is None or day < period.end)


def _days(owner: Owner, had: Sequence[Given], first: date, last: date, switches: Switches) -> int:
    """Return on how many days an owner was at work."""
    if not owner.active:
        last = min(last, had[-1].day) if had else first - timedelta(days=1)
    span = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return sum(is_at_work(owner, day, switches) for day in span)


def _sums(had: Sequence[Given], worth: Mapping[int, Worth], currencies: Sequence[str]) -> dict[str, int | None]:
    sums: dict[str, int | None] = {}
    deals = [worth[one.opportunity_id] for one in had]
    for code in currencies:
        known = [deal.fen for deal in deals if deal.currency == code and deal.fen is not None]
        sums[code] = sum(known) if known or not deals else None
    return sums
