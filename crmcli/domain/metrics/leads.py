"""What became of leads: by source, month or their owners, how many were qualified and what was won of them.

A lead belongs to the period in which it was created; what became of it is counted up to the as-of time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median
from typing import Literal

from crmcli.domain.metrics.money import currencies, fen
from crmcli.domain.metrics.period import Period
from crmcli.domain.metrics.population import MISSING, Population
from crmcli.domain.metrics.rate import Rate, share
from crmcli.domain.metrics.staff import OF_PEOPLE, Staff, known_keys
from crmcli.domain.metrics.timeline import WON, standing, timeline

State = Literal["qualified", "disqualified", "open"]
STATES: tuple[State, ...] = ("qualified", "disqualified", "open")
GROUPS = ("source", "month", *OF_PEOPLE)
_DAY = len("2026-03-05")


@dataclass(frozen=True, slots=True)
class Lead:
    """One lead as of a time; days and instants are local ISO texts, None unknown.

    `reason` is why it came to nothing, `deal` the opportunity that came of it.
    """

    id: int
    state: State
    name: str | None = None
    company: str | None = None
    source: str | None = None
    owner: str | None = None
    created: str | None = None
    decided: str | None = None
    reason: str | None = None
    deal: int | None = None


@dataclass(frozen=True, slots=True)
class WonDeal:
    """A won opportunity; `fen` None: its amount is not known."""

    currency: str
    fen: int | None


@dataclass(frozen=True, slots=True)
class LeadRow:
    """One group's figures; its leads stand at `first` and on in the order of `LeadFigures.leads`.

    `rate` is qualified out of all, `decided_rate` out of those that are decided. `days` is the median of days from
    creation to qualification of the `timed` qualified leads where both are known, None where there are none.
    """

    group: tuple[str, ...]
    first: int
    counts: Mapping[State, int]
    won: int
    amounts: Mapping[str, int | None]
    days: float | None
    timed: int

    @property
    def n(self) -> int:
        """Return the number of leads."""
        return sum(self.counts.values())

    @property
    def rate(self) -> Rate:
        """Return qualified out of all leads."""
        return share(self.counts["qualified"], self.n)

    @property
    def decided_rate(self) -> Rate:
        """Return qualified out of qualified and disqualified leads."""
        return share(self.counts["qualified"], self.n - self.counts["open"])


@dataclass(frozen=True, slots=True)
class LeadFigures:
    """The rows, their leads in order (by row, then qualified, disqualified, open), and the reasons why leads ended.

    `undated` leads have no day of creation and are left out unless the whole history is asked for.
    """

    rows: tuple[LeadRow, ...]
    leads: tuple[Lead, ...]
    reasons: tuple[tuple[str, int], ...]
    undated: int


def won_deals(population: Population, as_of: datetime, home: str) -> dict[int, WonDeal]:
    """Return the opportunities that are won at a time, by number; `home` is the currency of those that name none."""
    import numpy as np

    line = timeline(population)
    picked = np.flatnonzero(standing(line, line.moment(as_of)).status == WON)
    amount, known = fen(line, picked)
    names, places = currencies(line, picked, home)
    numbers = line.deals["opportunity_id"].to_numpy()[picked].tolist()
    return {
        int(number): WonDeal(names[place], int(value) if is_known else None)
        for number, place, value, is_known in zip(numbers, places, amount, known, strict=True)
    }


def lead_figures(
    leads: Iterable[Lead], won: Mapping[int, WonDeal], period: Period, by: Sequence[str], home: str,
    staff: Staff | None = None,
) -> LeadFigures:  # fmt: skip
    """Return the figures of the leads that were created in a period.

    `won` are the won opportunities by number; one that several leads led to counts for the one decided on first.
    `staff` knows the teams and regions of the leads' owners.

    Raises:
        UnknownGroupingError: a key of `by` is none of `GROUPS`.
    """
    known_keys(by, GROUPS)
    people = staff or Staff(())
    everyone = list(leads)
    picked = [lead for lead in everyone if _covers(period, lead.created)]
    groups: dict[tuple[str, ...], list[Lead]] = {}
    for lead in picked:
        groups.setdefault(tuple(_label(lead, key, people) for key in by), []).append(lead)
    codes = [home, *sorted({deal.currency for deal in won.values()} - {home})]
    origins = _origins(picked)
    rows: list[LeadRow] = []
    ordered: list[Lead] = []
    for group in sorted(groups, key=lambda labels: [(label == MISSING, label) for label in labels]):
        own = sorted(groups[group], key=lambda lead: (STATES.index(lead.state), lead.id))
        mine = [won[lead.deal or 0] for lead in own if _counts(lead, won, origins)]
        rows.append(_row(group, len(ordered), own, mine, codes))
        ordered += own
    reasons = Counter(lead.reason or MISSING for lead in ordered if lead.state == "disqualified")
    undated = 0 if period.is_whole_history else sum(lead.created is None for lead in everyone)
    ranked = sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0] == MISSING, pair[0]))
    return LeadFigures(tuple(rows), tuple(ordered), tuple(ranked), undated)


def whole_row(figures: LeadFigures, won: Mapping[int, WonDeal], home: str) -> LeadRow:
    """Return the figures of all leads together."""
    codes = [home, *sorted({deal.currency for deal in won.values()} - {home})]
    mine = [won[deal] for deal in _origins(figures.leads) if deal in won]
    return _row((), 0, figures.leads, mine, codes)


def leads_behind(figures: LeadFigures, won: Mapping[int, WonDeal]) -> list[dict[str, list[Lead]]]:
    """Return of each row the leads with both days ("timed"), and those that won deals count for ("won")."""
    origins = _origins(figures.leads)
    found = []
    for row in figures.rows:
        own = figures.leads[row.first : row.first + row.n]
        timed = [lead for lead in own if lead.state == "qualified" and days_to_decide(lead) is not None]
        found.append({"timed": timed, "won": [lead for lead in own if _counts(lead, won, origins)]})
    return found


def deals_won(figures: LeadFigures, won: Mapping[int, WonDeal]) -> dict[int, WonDeal]:
    """Return lead -> the won deal that counts for it."""
    origins = _origins(figures.leads)
    return {lead.id: won[lead.deal or 0] for lead in figures.leads if _counts(lead, won, origins)}


def _counts(lead: Lead, won: Mapping[int, WonDeal], origins: Mapping[int, int]) -> bool:
    return lead.deal is not None and lead.deal in won and origins[lead.deal] == lead.id


def _covers(period: Period, created: str | None) -> bool:
    if created is None:
        return period.is_whole_history
    day = date.fromisoformat(created[:_DAY])
    return (period.start is None or day >= period.start) and (period.end is None or day < period.end)


def _label(lead: Lead, key: str, people: Staff) -> str:
    if key == "month":
        return lead.created[: len("2026-03")] if lead.created else MISSING
    return lead.source or MISSING if key == "source" else people.told(key, lead.owner)


def _origins(leads: Iterable[Lead]) -> dict[int, int]:
    """Return opportunity -> the lead that it came of: the one decided on first."""
    found: dict[int, int] = {}
    for lead in sorted(leads, key=lambda lead: (lead.decided or "", lead.id)):
        if lead.deal is not None:
            found.setdefault(lead.deal, lead.id)
    return found


def _row(
    group: tuple[str, ...], first: int, leads: Sequence[Lead], won: Sequence[WonDeal], codes: Sequence[str]
) -> LeadRow:
    states = Counter(lead.state for lead in leads)
    waits = [days for lead in leads if lead.state == "qualified" and (days := days_to_decide(lead)) is not None]
    sums: dict[str, int | None] = {}
    for code in codes:
        known = [deal.fen for deal in won if deal.currency == code and deal.fen is not None]
        sums[code] = sum(known) if known or not any(deal.currency == code for deal in won) else None
    counts = {state: states[state] for state in STATES}
    return LeadRow(group, first, counts, len(won), sums, median(waits) if waits else None, len(waits))


def days_to_decide(lead: Lead) -> float | None:
    """Return the days from a lead's creation to its decision: whole ones where either is known to the day only.

    >>> days_to_decide(Lead(1, "qualified", created="2026-03-01", decided="2026-03-04T09:00:00+08:00"))
    3.0
    """
    if not lead.created or not lead.decided:
        return None
    if len(lead.created) == _DAY or len(lead.decided) == _DAY:
        first, last = (date.fromisoformat(text[:_DAY]) for text in (lead.created, lead.decided))
        return float((last - first).days)
    waited = datetime.fromisoformat(lead.decided) - datetime.fromisoformat(lead.created)
    return round(waited.total_seconds() / 86_400, 1)
