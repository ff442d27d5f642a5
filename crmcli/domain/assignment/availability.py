"""Who can be given a deal today: staff left, on leave, at rest, full, or of another territory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from crmcli.domain.assignment.model import Loads, Owner, Switches
from crmcli.domain.calendar import works_on
from crmcli.domain.conditions import read_values
from crmcli.i18n import Message, msg


def why_absent(owner: Owner, today: date, switches: Switches) -> Message | None:
    """Return why an owner gets nothing today, whatever the deal; None where the owner is there."""
    if not owner.active:
        return msg("left the company")
    for first, last in owner.leave:
        if first <= today <= last:
            return msg("on leave from {first} to {last}", first=first.isoformat(), last=last.isoformat())
    if not works_on(today, calendar=switches.holidays, work_days=owner.work_days):
        return msg("{day} is a rest day", day=today.isoformat())
    return None


def is_at_work(owner: Owner, day: date, switches: Switches) -> bool:
    """Return whether an owner works on a day: no rest day of theirs, no public holiday, no leave."""
    away = any(first <= day <= last for first, last in owner.leave)
    return not away and works_on(day, calendar=switches.holidays, work_days=owner.work_days)


class Territories:
    """Which provinces each owner covers, read the way a deal's province is read."""

    def __init__(self, owners: Sequence[Owner]) -> None:
        self._covered = {owner.name: set(read_values("province", owner.provinces)) for owner in owners}

    def why_not(self, owner: Owner, fields: Mapping[str, Any]) -> Message | None:
        """Return why a deal lies outside an owner's provinces; None where it does not, or where nothing is known."""
        covered = self._covered[owner.name]
        if not covered:
            return None
        province = read_values("province", fields.get("province"))
        if not province or covered.intersection(province):
            return None
        return msg("{province} is not in the territory", province=fields["province"])


class Capacity:
    """How much each owner has, counted on during a run."""

    def __init__(self, loads: Loads) -> None:
        self._open = Counter(loads.open)
        self._today = Counter(loads.today)
        self._this_month = Counter(loads.this_month)

    def why_full(self, owner: Owner, together: int = 1) -> Message | None:
        """Return which limit keeps an owner from getting so many deals together, None where there is room."""
        name, full = owner.name, None
        if owner.max_open is not None and self._open[name] + together > owner.max_open:
            full = msg("full: {n} of {most} open", n=self._open[name], most=owner.max_open)
        elif owner.max_per_day is not None and self._today[name] + together > owner.max_per_day:
            full = msg("full: {n} of {most} today", n=self._today[name], most=owner.max_per_day)
        elif owner.max_per_month is not None and self._this_month[name] + together > owner.max_per_month:
            full = msg("full: {n} of {most} this month", n=self._this_month[name], most=owner.max_per_month)
        return msg("{full}, and {n} come together", full=full, n=together) if full and together > 1 else full

    def load(self, owner: Owner) -> float:
        """Return an owner's open deals for each unit of weight."""
        return self._open[owner.name] / owner.weight

    def give(self, name: str, number: int = 1) -> None:
        """Count more deals that an owner is given."""
        self._today[name] += number
        self._this_month[name] += number
        self._open[name] += number

    def release(self, name: str, number: int = 1) -> None:
        """Count open deals less: they are being decided anew."""
        self._open[name] -= number

    def hold(self, name: str, number: int = 1) -> None:
        """Count open deals that stay where they were."""
        self._open[name] += number
