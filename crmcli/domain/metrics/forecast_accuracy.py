"""What the forecast said when a month, and each week of it, began, against what was won in the month in the end.

The past forecast is rebuilt from stage events and from what amounts, owners and dates were then. All sums are in the
workspace's currency.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any

from crmcli.domain.metrics.closings import closed_in, fields_at_close
from crmcli.domain.metrics.evidence import Block, Evidence
from crmcli.domain.metrics.forecast_accuracy_layers import Deals, Part
from crmcli.domain.metrics.grouping import group
from crmcli.domain.metrics.money import currencies, fen
from crmcli.domain.metrics.moves import amount_at, value_at
from crmcli.domain.metrics.outlook import DUE, outlook
from crmcli.domain.metrics.period import WEEKDAYS, Period, months_before
from crmcli.domain.metrics.timeline import LOST, OPEN, VOID, WON, Standing, Timeline, standing, status_at
from crmcli.domain.metrics.whose import OF_PEOPLE, of_owner

if TYPE_CHECKING:
    from numpy.typing import NDArray

USUAL_MONTHS = 12


@dataclass(frozen=True, slots=True)
class AccuracyRow:
    """One group's forecast as of the start of `day` for `month`, and what became of it; sums in fen.

    Attributes:
        n: Open deals expected to close in the rest of the month, worth `amount`.
        forecast: Their weighted amount, with what had been won in the month before `day` (`won_before`).
        actual: Amount of the `actual_n` deals that were won in the month, as it is known now.
        slipped: Amount of the `slipped_n` forecast deals that were still open when the month was over.
        lost_n: Forecast deals that were lost or void by then.
        unforeseen: Amount of the `unforeseen_n` wins of the month that the forecast did not hold.
    """

    group: tuple[str, ...]
    month: str
    day: date
    n: int
    amount: int
    won_before: int
    forecast: int
    actual_n: int
    actual: int
    slipped_n: int
    slipped: int
    lost_n: int
    unforeseen_n: int
    unforeseen: int

    @property
    def error(self) -> int:
        """Return forecast - actual."""
        return self.forecast - self.actual


@dataclass(frozen=True, slots=True)
class OwnerAccuracy:
    """One group over all months: Σ|error| / Σ actual is its WAPE, Σ error / Σ actual its bias; None without wins."""

    group: tuple[str, ...]
    months: int
    forecast: int
    actual: int
    error: int
    absolute: int
    slipped_n: int
    slipped: int

    @property
    def wape(self) -> float | None:
        """Return the weighted absolute percentage error."""
        return self.absolute / self.actual if self.actual else None

    @property
    def bias(self) -> float | None:
        """Return by how much the forecast was too high (+) or too low (-)."""
        return self.error / self.actual if self.actual else None


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Rows by month start, by week, over all months by group, and the deals behind the counts by month start.

    `behind` has the deals behind the sums of each, in the order of the rows; an owner's are those of all months.
    """

    months: tuple[AccuracyRow, ...]
    weeks: tuple[AccuracyRow, ...]
    owners: tuple[OwnerAccuracy, ...]
    evidence: Evidence
    behind: dict[Part, list[tuple[int, Deals]]]


def whole_months(period: Period, today: date) -> tuple[Period, ...]:
    """Return the months of a period that are over on `today`; the last twelve where no start is given.

    >>> whole_months(Period(date(2026, 1, 1), date(2026, 4, 1)), date(2026, 3, 10))[-1]
    Period(start=datetime.date(2026, 2, 1), end=datetime.date(2026, 3, 1))
    """
    last = min(period.end or today, today).replace(day=1)
    first = (period.start or months_before(last, USUAL_MONTHS)).replace(day=1)
    months = []
    while first < last:
        months.append(Period(first, months_before(first, -1)))
        first = months_before(first, -1)
    return tuple(months)


def accuracy(
    line: Timeline, latest: Standing, months: tuple[Period, ...], *, home: str, by: tuple[str, ...] = (),
    week_starts: str = "monday",
) -> Accuracy:  # fmt: skip
    """Return how right the forecasts for `months` were, as far as is known at `latest`.

    Raises:
        UnknownGroupingError: A key of `by` is not a field of a deal.
    """
    import numpy as np

    rows: list[AccuracyRow] = []
    weeks: list[AccuracyRow] = []
    owners: list[AccuracyRow] = []
    behind = _Behind([], [], [], {})
    parts: dict[Part, list[tuple[int, Deals]]] = {"months": [], "weeks": [], "owners": []}
    by_owner: list[tuple[tuple[str, ...], Deals]] = []
    for month in months:
        start, end = month.start or date.min, month.end or date.max
        then = _Then(line, latest, month, start, home)
        for row, deals, own in then.rows(by):
            behind.add(len(rows), then, deals, row.month)
            parts["months"].append((len(rows), own))
            rows.append(row)
        for row, _deals, own in then.rows(("owner",)):
            owners.append(row)
            by_owner.append((row.group, own))
        for seen in (then, *(_Then(line, latest, month, day, home) for day in _weeks_in(start, end, week_starts))):
            for row, _deals, own in seen.rows(()):
                parts["weeks"].append((len(weeks), own))
                weeks.append(row)
    whole = _over_all(owners)
    place = {row.group: at for at, row in enumerate(whole)}
    parts["owners"] = [(place[label], own) for label, own in by_owner]
    nothing = np.empty(0, dtype="int64")
    marks = {"month": np.array(behind.months, dtype=object),
             "weighted": np.concatenate([nothing, *behind.weights])}  # fmt: skip
    order = np.concatenate([nothing, *behind.chunks])
    return Accuracy(tuple(rows), tuple(weeks), whole, Evidence(order, behind.blocks, marks), parts)


def _weeks_in(start: date, end: date, week_starts: str) -> list[date]:
    """Return the first days of weeks that lie within a month, without its own first day."""
    first = start + timedelta(days=(WEEKDAYS.index(week_starts) - start.weekday()) % 7 or 7)
    return [first + timedelta(weeks=count) for count in range((end - first).days // 7 + 1)
            if first + timedelta(weeks=count) < end]  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Behind:
    """The records behind the rows, as they are gathered."""

    chunks: list[NDArray[Any]]
    weights: list[NDArray[Any]]
    months: list[str]
    blocks: dict[tuple[int, str], Block]

    def add(self, row: int, then: _Then, deals: dict[str, NDArray[Any]], month: str) -> None:
        for key in ("n", "actual_n", "slipped_n", "lost_n", "unforeseen_n"):
            self.blocks[row, key] = Block(len(self.months), len(deals[key]))
            self.chunks.append(deals[key])
            self.weights.append(then.weight[deals[key]])
            self.months.extend([month] * len(deals[key]))


class _Then:
    """The forecast for a month as of the start of a day, and what became of it."""

    def __init__(self, line: Timeline, latest: Standing, month: Period, day: date, home: str) -> None:
        import numpy as np

        self._line, self._month, self._day = line, month, day
        moment = _just_before(day)
        stand = standing(line, moment)
        seen = outlook(line, stand, day, latest)
        here = currencies(line, np.arange(line.size), home)[1] == 0
        inside = (seen.place == DUE) & month.covers(seen.closes.astype("datetime64[us]")) & here[seen.picked]
        self.due = seen.picked[inside]
        self.weight = np.zeros(line.size, dtype="int64")
        self.weight[self.due] = seen.weighted[inside]
        self._then = amount_at(line, moment)[0]
        self._now = fen(line, np.arange(line.size))[0]
        won, before = closed_in(latest, month), closed_in(stand, month)
        self.won = won[(latest.status[won] == WON) & here[won]]
        self.before = before[(stand.status[before] == WON) & here[before]]
        self._after = status_at(line, _just_before(month.end or day))
        self._owner = value_at(line, "owner", moment)

    def rows(self, by: tuple[str, ...]) -> list[tuple[AccuracyRow, dict[str, NDArray[Any]], Deals]]:
        """Return one row a group with the deals behind its counts; without groups one row in any case."""
        import numpy as np

        picked = np.r_[self.due, self.before, self.won]
        groups = group(self._line, picked, by, self._fields(picked))
        parts = np.split(groups.codes, np.cumsum([len(self.due), len(self.before)]))
        return [
            self._row(label, self.due[parts[0] == code], self.before[parts[1] == code], self.won[parts[2] == code])
            for code, label in enumerate(groups.labels)
        ]

    def _fields(self, picked: NDArray[Any]) -> dict[str, NDArray[Any]]:
        """Return whose the deals were: the open ones their owner's of then, the won ones their owner's at the close."""
        import numpy as np

        count = len(self.due)
        at_close = fields_at_close(self._line, picked[count:]) or {
            "owner": self._line.deals["owner"].astype(object).to_numpy()[picked[count:]]
        }
        present = {key: self._line.deals[key].astype(object).to_numpy()[self.due] for key in at_close}
        present["owner"] = self._owner[self.due]
        present |= {key: of_owner(self._line, key, present["owner"]) for key in OF_PEOPLE if key in at_close}
        return {key: np.r_[present[key], values] for key, values in at_close.items()}

    def _row(
        self, label: tuple[str, ...], due: NDArray[Any], before: NDArray[Any], won: NDArray[Any]
    ) -> tuple[AccuracyRow, dict[str, NDArray[Any]], Deals]:
        import numpy as np

        after = self._after[due]
        slipped, lost = due[after == OPEN], due[(after == LOST) | (after == VOID)]
        foreseen = np.isin(won, np.r_[self.due, self.before])
        unforeseen = won[~foreseen]
        won_before = int(self._then[before].sum())
        row = AccuracyRow(
            label, f"{self._month.start:%Y-%m}", self._day, len(due), int(self._then[due].sum()), won_before,
            won_before + int(self.weight[due].sum()), len(won), int(self._now[won].sum()),
            len(slipped), int(self._then[slipped].sum()), len(lost), len(unforeseen), int(self._now[unforeseen].sum()),
        )  # fmt: skip
        counted = {"n": due, "actual_n": won, "slipped_n": slipped, "lost_n": lost, "unforeseen_n": unforeseen}
        return row, counted, Deals(due, self.weight[due], self._then[due], before, self._then[before], won,
                                   self._now[won], after == OPEN, ~foreseen)  # fmt: skip


def _just_before(day: date) -> NDArray[Any]:
    """Return the last moment before a day: what is dated on the day itself has not happened yet."""
    import numpy as np

    return np.asarray(np.datetime64(day, "us") - np.timedelta64(1, "us"))


def _over_all(rows: list[AccuracyRow]) -> tuple[OwnerAccuracy, ...]:
    ordered = sorted(rows, key=lambda row: row.group)
    return tuple(
        OwnerAccuracy(label, len(own), sum(one.forecast for one in own), sum(one.actual for one in own),
                      sum(one.error for one in own), sum(abs(one.error) for one in own),
                      sum(one.slipped_n for one in own), sum(one.slipped for one in own))
        for label, rows_of in groupby(ordered, key=lambda row: row.group) for own in [list(rows_of)]
    )  # fmt: skip
