"""What was to be won: by owner, by team, and by everybody, without counting anything twice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from crmcli.domain.metrics.period import Period
from crmcli.domain.metrics.population import Target

Level = Literal["company", "team", "owner"]
LEVELS: tuple[Level, ...] = ("company", "team", "owner")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What `who` is to win in [start, end): fen and deals, None where not said; `parts` is what it is added up from."""

    level: Level
    who: str
    period: str
    start: date
    end: date
    amount_fen: int | None
    count: int | None
    parts: tuple[Target, ...]

    @property
    def span(self) -> Period:
        """Return the days of the target."""
        return Period(self.start, self.end)


def wanted_of(targets: Iterable[Target]) -> tuple[Wanted, ...]:
    """Return every target with those that follow from it, by period, then company, teams and owners.

    A team without a target of its own has the sum of its owners'; the company's is its own, else the sum of the teams'
    and of the owners who are in none.
    """
    spans: dict[tuple[date, date], list[Target]] = {}
    for target in targets:
        spans.setdefault((target.start, target.end), []).append(target)
    return tuple(one for span in sorted(spans) for one in _of_span(spans[span]))


def _of_span(targets: list[Target]) -> list[Wanted]:
    owners = [target for target in targets if target.owner]
    teams: dict[str, list[Target]] = {}
    for target in owners:
        teams.setdefault(target.team, []).append(target)
    alone = teams.pop("", [])
    teams |= {target.team: [target] for target in targets if target.team and not target.owner}
    whole = [target for target in targets if not target.owner and not target.team]
    company = whole or [*alone, *(target for of_team in teams.values() for target in of_team)]
    return [
        _added("company", "", company),
        *(_added("team", team, teams[team]) for team in sorted(teams)),
        *(_added("owner", target.owner, [target]) for target in sorted(owners, key=lambda one: one.owner)),
    ]


def _added(level: Level, who: str, parts: list[Target]) -> Wanted:
    amounts = [part.amount_fen for part in parts if part.amount_fen is not None]
    counts = [part.count for part in parts if part.count is not None]
    first = parts[0]
    return Wanted(level, who, first.period, first.start, first.end, sum(amounts) if amounts else None,
                  sum(counts) if counts else None, tuple(parts))  # fmt: skip


def wanted_in(wanted: Iterable[Wanted], span: Period, level: Level, who: str) -> Wanted | None:
    """Return somebody's target for exactly the days of `span`; a quarter's is never spread over its months."""
    return next((one for one in wanted if (one.level, one.who) == (level, who) and one.span == span), None)
