"""What can be seen of a house at one moment: plain Python, written from the definitions and not from the code."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from .house import CUSTOMERS_SOURCE, ENDS, NONE, TEAMS, ZONE, Deal, House, Step, known
from .seen import Asked

Row = dict[str, Any]
One = TypeVar("One")
Key = TypeVar("Key")


def moment(at: str) -> datetime:
    """Return an instant, that of a day's beginning."""
    found = datetime.fromisoformat(at)
    return found.astimezone(ZONE) if found.tzinfo else found.replace(tzinfo=ZONE)


def day_of(at: str) -> date:
    """Return the local day of a time."""
    return moment(at).date()


class SeenDeal:
    """One opportunity at a moment; `until` looks back at an earlier one than it was asked for."""

    def __init__(self, deal: Deal, asked: Asked, until: datetime | None = None) -> None:
        self.deal, self.asked, self.until = deal, asked, until or asked.at
        told = [step for step in known(deal.steps, asked) if moment(step.at) <= self.until]
        self.steps = sorted(told, key=lambda step: (moment(step.at), step.name in ENDS))
        self.last: Step | None = self.steps[-1] if self.steps else None
        self.status = ENDS.get(self.last.name, "open") if self.last else "open"
        self.begun = moment(deal.created) <= self.until

    @property
    def closed_on(self) -> date | None:
        """Return the day of its last close, if it still holds."""
        return day_of(self.last.at) if self.last and self.status != "open" else None

    @property
    def stage_before(self) -> str:
        """Return the last open stage before the end."""
        return next((step.name for step in reversed(self.steps) if step.name not in ENDS), "终止阶段未知")

    def owner(self, when: datetime | None = None) -> str | None:
        """Return whose it is, or was: at a moment; a day's is that of its beginning."""
        at = min(when or self.asked.at, self.asked.at)
        given = [one for one in known(self.deal.given, self.asked) if one.recorded <= at]
        return given[-1].owner if given else self.deal.owner

    @property
    def owner_at_close(self) -> str | None:
        return self.owner(moment(self.last.at)) if self.last and self.status != "open" else self.owner()

    @property
    def fen(self) -> int | None:
        return None if self.deal.amount is None else int(Decimal(self.deal.amount) * 100)

    @property
    def days(self) -> float | None:
        """Return days from its creation to its close: whole ones where either is a day."""
        return None if self.last is None else days_between(self.deal.created, self.last.at)

    def label(self, by: str, owner: str | None) -> str:
        """Return what it is counted under, its owner being a certain one."""
        if by in ("owner", "team"):
            return (owner if by == "owner" else TEAMS.get(owner or "")) or NONE
        return getattr(self.deal, by) or (CUSTOMERS_SOURCE if by == "source" else NONE)


def deals_seen(house: House, asked: Asked, until: datetime | None = None) -> list[SeenDeal]:
    """Return the opportunities that had begun."""
    found = [SeenDeal(deal, asked, until) for deal in known(house.deals, asked)]
    return [one for one in found if one.begun]


def days_between(start: str, end: str) -> float:
    """Return days: whole ones where either is a day, else to one decimal."""
    if min(len(start), len(end)) == len("2026-03-05"):
        return float((day_of(end) - day_of(start)).days)
    return round((moment(end) - moment(start)) / timedelta(days=1), 1)


def yuan(fen: int) -> str:
    """Return an amount as reports write it."""
    return f"{Decimal(fen) / 100:.2f}"


def summed(deals: Iterable[SeenDeal], currency: str = "CNY") -> int:
    """Return what is known of their amounts in a currency."""
    return sum(one.fen or 0 for one in deals if one.deal.currency == currency)


def grouped(them: Sequence[One], key: Callable[[One], Key]) -> dict[Key, list[One]]:
    """Return group -> its members, in order."""
    groups: dict[Key, list[One]] = {}
    for one in them:
        groups.setdefault(key(one), []).append(one)
    return groups
