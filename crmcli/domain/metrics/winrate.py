"""Won out of won and lost, beside won out of all closed: what moves from lost to void shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crmcli.domain.metrics.closings import closed_in, fields_at_close
from crmcli.domain.metrics.evidence import Block, Evidence
from crmcli.domain.metrics.funnel import cohort
from crmcli.domain.metrics.grouping import Groups, group, month_names
from crmcli.domain.metrics.layers import Layer, of_ends, some_of
from crmcli.domain.metrics.money import currencies, fen, tally
from crmcli.domain.metrics.rate import Rate, share
from crmcli.domain.metrics.timeline import LOST, OPEN, VOID, WON, Standing, Timeline

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from crmcli.domain.metrics.period import Period


@dataclass(frozen=True, slots=True)
class AmountRate:
    """Fen won, lost and void in one currency, and won out of won and lost by amount (known amounts only)."""

    won: int
    lost: int
    void: int
    rate: Rate


@dataclass(frozen=True, slots=True)
class WinRow:
    """One group: closed deals by their end, rates (a) without and (b) with void, and by amount per currency."""

    group: tuple[str, ...]
    won: int
    lost: int
    void: int
    no_amount: int
    amounts: dict[str, AmountRate]

    @property
    def rate(self) -> Rate:
        """Return (a): won out of won and lost."""
        return share(self.won, self.won + self.lost)

    @property
    def rate_with_void(self) -> Rate:
        """Return (b): won out of won, lost and void."""
        return share(self.won, self.won + self.lost + self.void)


@dataclass(frozen=True, slots=True)
class CohortWinRow:
    """Deals begun in the period by how they stand; won out of all begun says little while many are open."""

    group: tuple[str, ...]
    created: int
    won: int
    lost: int
    void: int
    open: int

    @property
    def rate(self) -> Rate:
        """Return (d): won out of all that began."""
        return share(self.won, self.created)

    @property
    def open_share(self) -> Rate:
        """Return open out of all that began."""
        return share(self.open, self.created)


def win_rates(line: Timeline, stand: Standing, period: Period, *, home: str,
              by: tuple[str, ...] = ()) -> tuple[tuple[WinRow, ...], Evidence]:  # fmt: skip
    """Return one row a group of the deals that closed in `period` (one row without `by`), and the deals behind.

    Raises:
        UnknownGroupingError: A key of `by` is not a field of a deal or `month` (the month it closed).
    """
    import numpy as np

    picked = closed_in(stand, period)
    extra = {"month": month_names(stand.closed[picked])} | fields_at_close(line, picked)
    groups = group(line, picked, by, extra)
    rows = _win_rows(line, stand, picked, groups.codes, groups.labels, home)
    status = stand.status[picked]
    order = np.lexsort((picked, stand.closed[picked], status, groups.codes))
    blocks: dict[tuple[int, str], Block] = {}
    first = 0
    for at, row in enumerate(rows):
        for key, count in (("won", row.won), ("lost", row.lost), ("void", row.void)):
            blocks[at, key] = Block(first, count)
            first += count
        for key, count in (("rate", row.rate.denominator), ("rate_with_void", row.rate_with_void.denominator)):
            blocks[at, key] = Block(blocks[at, "won"].first, count)
    return rows, Evidence(picked[order], blocks)


def win_layers(line: Timeline, stand: Standing, evidence: Evidence) -> Iterator[Layer]:
    """Return the deals without an amount, and those that the rates by amount rest on."""
    import numpy as np

    known, status = fen(line, evidence.order)[1], stand.status[evidence.order]
    yield some_of("no_amount", evidence, "rate_with_void", ~known)
    decided = known & np.isin(status, (WON, LOST))
    yield some_of("rate_amount", evidence, "rate", decided, counted=status == WON, worth="amount_fen")


def layers_from_stage(line: Timeline, stand: Standing, period: Period) -> Iterator[Layer]:
    """Return the deals behind the rows of `win_rates_from_stage`."""
    import numpy as np

    picked = closed_in(stand, period)
    ranks = np.arange(1, len(line.stages.names) + 1)
    row, at = np.nonzero(((stand.highest[picked][:, None] >= ranks) | (ranks == 1)).T)
    return of_ends(picked[at], row, stand.status[picked[at]])


def layers_against(line: Timeline, stand: Standing, period: Period) -> Iterator[Layer]:
    """Return the deals behind the rows of `win_rates_against`."""
    picked, groups = _against(line, stand, period)
    return of_ends(picked, groups.codes, stand.status[picked])


def _against(line: Timeline, stand: Standing, period: Period) -> tuple[NDArray[Any], Groups]:
    picked = closed_in(stand, period)
    picked = picked[line.deals["competitor"].notna().to_numpy(dtype=bool)[picked]]
    return picked, group(line, picked, ("competitor",))


def win_rates_from_stage(line: Timeline, stand: Standing, period: Period, *, home: str) -> tuple[WinRow, ...]:
    """Return (e): one row a stage, of the deals closed in `period` those that ever reached it."""
    picked = closed_in(stand, period)
    rows: list[WinRow] = []
    for rank, name in enumerate(line.stages.names, 1):
        those = picked[(stand.highest[picked] >= rank) | (rank == 1)]
        rows += _win_rows(line, stand, those, _zeros(those), ((name,),), home)
    return tuple(rows)


def win_rates_against(line: Timeline, stand: Standing, period: Period, *, home: str) -> tuple[WinRow, ...]:
    """Return (f): one row a competitor, of the deals closed in `period` in which one is named."""
    picked, groups = _against(line, stand, period)
    return _win_rows(line, stand, picked, groups.codes, groups.labels, home)


def win_rates_of_cohort(
    line: Timeline, stand: Standing, period: Period, *, by: tuple[str, ...] = ()
) -> tuple[tuple[CohortWinRow, ...], Evidence]:
    """Return (d): one row a group of the deals that began in `period` (`month`: the month it began), and the deals."""
    import numpy as np

    picked = cohort(line, stand, period)
    groups = group(line, picked, by, {"month": month_names(line.start[picked])})
    counts = np.zeros((groups.count, VOID + 1), dtype="int64")
    np.add.at(counts, (groups.codes, stand.status[picked]), 1)
    rows = tuple(
        CohortWinRow(label, sum(row), row[WON], row[LOST], row[VOID], row[OPEN])
        for label, row in zip(groups.labels, counts.tolist(), strict=True)
    )
    status = stand.status[picked]
    order = np.lexsort((picked, np.where(status == OPEN, VOID + 1, status), groups.codes))
    blocks: dict[tuple[int, str], Block] = {}
    first = 0
    for at, row in enumerate(rows):
        for key in ("created", "rate", "open_share"):
            blocks[at, key] = Block(first, row.created)
        for key, count in (("won", row.won), ("lost", row.lost), ("void", row.void), ("open", row.open)):
            blocks[at, key] = Block(first, count)
            first += count
    return rows, Evidence(picked[order], blocks)


def _zeros(picked: NDArray[Any]) -> NDArray[Any]:
    import numpy as np

    return np.zeros(len(picked), dtype="int64")


def _win_rows(line: Timeline, stand: Standing, picked: NDArray[Any], codes: NDArray[Any],
              labels: tuple[tuple[str, ...], ...], home: str) -> tuple[WinRow, ...]:  # fmt: skip
    import numpy as np

    size, width = len(labels), VOID + 1
    table = tally(line, picked, codes * width + stand.status[picked], size * width, home=home).shaped(size, width)
    names, currency = currencies(line, picked, home)
    decided = fen(line, picked)[1] & np.isin(stand.status[picked], (WON, LOST))
    cases = np.zeros((len(names), size), dtype="int64")
    np.add.at(cases, (currency[decided], codes[decided]), 1)
    rows = []
    for g, label in enumerate(labels):
        won, lost, void = (int(table.n[g, code]) for code in (WON, LOST, VOID))
        amounts = {}
        for place, name in enumerate(names):
            for_won, for_lost, for_void = (int(table.sums[name][g, code]) for code in (WON, LOST, VOID))
            amounts[name] = AmountRate(for_won, for_lost, for_void,
                                       Rate(for_won, for_won + for_lost, int(cases[place, g]), money=True))  # fmt: skip
        rows.append(WinRow(label, won, lost, void, int(table.unknown[g].sum()), amounts))
    return tuple(rows)
