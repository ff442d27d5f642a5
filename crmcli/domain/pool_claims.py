"""Who may take a customer out of a public pool, and from when on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from crmcli.domain.pool import PublicPool
from crmcli.domain.values.text import fold
from crmcli.i18n import Message, msg


@dataclass(frozen=True, slots=True)
class Claim:
    """Somebody who wants a customer out of a pool, on a day.

    `team` is the claimer's; `fell_on` is the day on which the customer came into the pool and `last_owner` who had
    it before, None unknown; `claimed_today` counts the claimer's claims of the day, `owned` all customers they have.
    """

    who: str
    today: date
    team: str = ""
    fell_on: date | None = None
    last_owner: str | None = None
    claimed_today: int = 0
    owned: int = 0


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a claim is refused; `until` is the first day on which this reason holds no more, None: no day is known."""

    code: str
    reason: Message
    until: date | None = None


def refusals(pool: PublicPool, claim: Claim) -> list[Refusal]:
    """Return every reason that stands against a claim; none: it may be done."""
    return list(_refusals(pool, claim))


def _refusals(pool: PublicPool, claim: Claim) -> Iterator[Refusal]:
    if pool.members and not pool.members & {fold(claim.who), fold(claim.team)}:
        yield Refusal("member", msg("{who} is no member of {pool}", who=claim.who, pool=pool.name))
    if pool.max_owned is not None and claim.owned >= pool.max_owned:
        words = msg(
            "{who} has {owned} customers, {limit} at most", who=claim.who, owned=claim.owned, limit=pool.max_owned
        )
        yield Refusal("max_owned", words)
    if pool.claim_per_day is not None and claim.claimed_today >= pool.claim_per_day:
        words = msg(
            "{who} has claimed {number} today, {limit} a day at most",
            who=claim.who,
            number=claim.claimed_today,
            limit=pool.claim_per_day,
        )
        yield Refusal("per_day", words, claim.today + timedelta(days=1))
    if claim.fell_on is None:
        return
    fresh_until = claim.fell_on + timedelta(days=pool.new_days)
    if claim.today < fresh_until:
        words = msg("it fell in on {day}: nobody may claim it for {days} days", day=claim.fell_on, days=pool.new_days)
        yield Refusal("new", words, fresh_until)
    back_on = claim.fell_on + timedelta(days=pool.previous_owner_days)
    if fold(claim.last_owner or "") == fold(claim.who) and claim.today < back_on:
        words = msg(
            "{who} had it until {day}: the previous owner waits {days} days",
            who=claim.who,
            day=claim.fell_on,
            days=pool.previous_owner_days,
        )
        yield Refusal("previous_owner", words, back_on)


def allowed_from(found: list[Refusal]) -> date | None:
    """Return the first day on which none of these reasons holds, None where no day ends them all."""
    days = [refusal.until for refusal in found]
    known = [day for day in days if day is not None]
    return max(known) if known and len(known) == len(days) else None
