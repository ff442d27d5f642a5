"""Single figures of a span of days, by key: what scorecards set targets for and before-and-after reports compare."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from crmcli.domain.metrics.closings import closed_in
from crmcli.domain.metrics.contacts import NOBODY, contacts
from crmcli.domain.metrics.cycle import lengths
from crmcli.domain.metrics.due_actions import MISSED, ON_TIME, DueActions, due_actions
from crmcli.domain.metrics.funnel import cohort
from crmcli.domain.metrics.money import currencies, fen
from crmcli.domain.metrics.rate import Rate, share
from crmcli.domain.metrics.timeline import LOST, OPEN, WON, Standing, Timeline
from crmcli.domain.metrics.whose import grouped

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from crmcli.domain.metrics.period import Period

Kind = Literal["money", "count", "rate", "days"]
Better = Literal["higher", "lower"]


@dataclass(frozen=True, slots=True)
class Scope:
    """A span of days as seen from a standing, and whose deals count: by present owner, and by owner at the close.

    `home` is the currency that money is counted in. `by` are the keys of the group and `label` its values: planned
    actions are of whoever planned them, whosever the deal is; without `by` all of them count.
    """

    line: Timeline
    stand: Standing
    span: Period
    now: NDArray[Any]
    then: NDArray[Any]
    home: str
    by: tuple[str, ...] = ()
    label: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure: fen, a number, a share 0-1 or days, resting on `n` cases; None where there is nothing to measure.

    `deals` are the positions of the deals behind it, `values` the single days where it is a median. `actions` are the
    planned actions that it counts instead of deals.
    """

    value: float | None
    n: int
    deals: NDArray[Any]
    rate: Rate | None = None
    values: list[float] = field(default_factory=list)
    actions: DueActions | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """How a figure is measured, and whether more or less of it is better."""

    kind: Kind
    better: Better
    of: Callable[[Scope], Measured]

    @property
    def adds_up(self) -> bool:
        """Return whether the figure grows as its days go on, so that part of them has part of it."""
        return self.kind in ("money", "count")


def _created(scope: Scope) -> Measured:
    deals = cohort(scope.line, scope.stand, scope.span)
    deals = deals[scope.now[deals]]
    return Measured(len(deals), len(deals), deals)


def _closed(scope: Scope, *kinds: int) -> NDArray[Any]:
    import numpy as np

    deals = closed_in(scope.stand, scope.span)
    deals = deals[np.isin(scope.stand.status[deals], kinds or (WON, LOST))]
    picked: NDArray[Any] = deals[scope.then[deals]]
    return picked


def _won(scope: Scope) -> Measured:
    deals = _closed(scope, WON)
    return Measured(len(deals), len(deals), deals)


def _lost(scope: Scope) -> Measured:
    deals = _closed(scope, LOST)
    return Measured(len(deals), len(deals), deals)


def _amount_won(scope: Scope) -> Measured:
    deals = _closed(scope, WON)
    deals = deals[currencies(scope.line, deals, scope.home)[1] == 0]
    return Measured(int(fen(scope.line, deals)[0].sum()), len(deals), deals)


def _winrate(scope: Scope) -> Measured:
    deals = _closed(scope, WON, LOST)
    return _share(int((scope.stand.status[deals] == WON).sum()), deals)


def _share(part: int, deals: NDArray[Any]) -> Measured:
    rate = share(part, len(deals))
    return Measured(rate.value(1), len(deals), deals, rate)


def _conversion(scope: Scope) -> Measured:
    deals = cohort(scope.line, scope.stand, scope.span)
    deals = deals[scope.now[deals]]
    return _share(int((scope.stand.status[deals] == WON).sum()), deals)


def _cycle(scope: Scope) -> Measured:
    import numpy as np

    deals = _closed(scope, WON)
    days = lengths(scope.line, scope.stand).days[deals]
    deals, days = deals[~np.isnan(days)], days[~np.isnan(days)]
    value = round(float(np.median(days)), 1) if len(days) else None
    return Measured(value, len(days), deals, values=sorted(days.tolist()))


def _followed(scope: Scope) -> Measured:
    """Return the share of the deals open at the span's end that somebody followed up in the span."""
    import numpy as np

    found = contacts(scope.line, scope.stand.at)
    inside = scope.span.covers(found.when) & (found.deal >= 0)
    deals = np.flatnonzero((scope.stand.status == OPEN) & scope.now)
    return _share(int(np.isin(deals, found.deal[inside]).sum()), deals)


def _on_time(scope: Scope) -> Measured:
    return _actions(scope, late=False)


def _missed(scope: Scope) -> Measured:
    return _actions(scope, late=True)


def _actions(scope: Scope, *, late: bool) -> Measured:
    """Return the share of the planned actions due in the span that were done by their day, or not done at all."""
    import numpy as np

    found = due_actions(scope.line, scope.stand, scope.span)
    groups = grouped(scope.line, found.deal, found.owner, scope.by)
    code = groups.labels.index(scope.label) if scope.label in groups.labels else NOBODY
    mine_only = found.ordered(groups.codes == code)
    deals = mine_only.deal
    rate = share(int((mine_only.state == (MISSED if late else ON_TIME)).sum()), len(deals))
    return Measured(rate.value(1), rate.denominator, np.unique(deals[deals != NOBODY]), rate, actions=mine_only)


MEASURES: dict[str, Measure] = {
    "amount_won": Measure("money", "higher", _amount_won),
    "won": Measure("count", "higher", _won),
    "lost": Measure("count", "lower", _lost),
    "created": Measure("count", "higher", _created),
    "winrate": Measure("rate", "higher", _winrate),
    "conversion": Measure("rate", "higher", _conversion),
    "cycle_days": Measure("days", "lower", _cycle),
    "on_time_rate": Measure("rate", "higher", _on_time),
    "missed_rate": Measure("rate", "lower", _missed),
    "follow_up_rate": Measure("rate", "higher", _followed),
}
"""Key -> measure, in the order in which they are shown."""
