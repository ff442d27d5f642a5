"""The cohort funnel: of the deals that began in a period, how many reached each stage.

Three readings: reached (highest rank ever held; a skipped stage counts), visited (entry events), strict (in order).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from crmcli.domain.metrics.evidence import Block, Evidence
from crmcli.domain.metrics.gaps import empty, filled, only
from crmcli.domain.metrics.grouping import Groups, group, month_names
from crmcli.domain.metrics.money import Fen, Tally, tally
from crmcli.domain.metrics.passage import Passage, followed_on, passage
from crmcli.domain.metrics.rate import Rate, share
from crmcli.domain.metrics.timeline import ABSENT, LOST, OPEN, VOID, WON, Standing, Timeline

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from crmcli.domain.metrics.period import Period

Mode = Literal["reached", "visited", "strict"]
END_UNKNOWN = "终止阶段未知"
"""The line of deals that were lost or void and of which no stage is known."""

_OPEN_LAST = VOID + 1
_STATUSES = _OPEN_LAST + 1


@dataclass(frozen=True, slots=True)
class FunnelRow:
    """One stage of one group. Counts of deals; None in the won row where a figure has no meaning.

    The identity: reached = passed + lost + void + open + left (+ unplaced in the first row).
    """

    group: tuple[str, ...]
    stage: str
    reached: int
    entered: int
    unclear: int
    skipped: int
    regressed: int
    passed: int | None
    lost: int | None
    void: int | None
    open: int | None
    left: int | None
    unplaced: int
    step: Rate | None
    step_low: Rate | None
    step_high: Rate | None
    cumulative: Rate
    decided: Rate | None
    no_amount: int
    amounts: dict[str, Fen]
    amounts_first: dict[str, Fen]

    @property
    def imbalance(self) -> int:
        """Return what the identity is off by; 0 where it holds."""
        if self.passed is None:
            return 0
        parts = (self.passed, self.lost, self.void, self.open, self.left, self.unplaced)
        return self.reached - sum(part or 0 for part in parts)


@dataclass(frozen=True, slots=True)
class FunnelFigures:
    """The rows group by group in rank order, each group's won row last, and the deals' order behind them.

    `won` says which deals are in the won row.
    """

    rows: tuple[FunnelRow, ...]
    evidence: Evidence
    cohort: Cohort
    won: NDArray[Any]


@dataclass(frozen=True, slots=True)
class Cohort:
    """The deals of the funnel with what the rows are counted from; arrays align with `picked`, tables go by rank."""

    picked: NDArray[Any]
    groups: Groups
    status: NDArray[Any]
    highest: NDArray[Any]
    unplaced: NDArray[Any]
    end_inferred: NDArray[Any]
    inside: NDArray[Any]
    passed: NDArray[Any]
    passage: Passage


def cohort(line: Timeline, stand: Standing, period: Period) -> NDArray[Any]:
    """Return the positions of the deals that began in the period, not after the standing's time."""
    import numpy as np

    return np.flatnonzero((stand.status != ABSENT) & _begun(line, stand) & period.covers(line.start))


def undated(line: Timeline, stand: Standing) -> NDArray[Any]:
    """Return the positions of the deals of which nobody knows when they began."""
    import numpy as np

    return np.flatnonzero((stand.status != ABSENT) & np.isnat(line.start))


def unplaced_names(stand: Standing, picked: NDArray[Any]) -> NDArray[Any]:
    """Return for deals that no row can hold the name of their line, else None.

    A stage that no pipeline knows stands under its own name; a lost or void deal without any stage is 终止阶段未知.
    """
    import numpy as np

    unknown, status = stand.unknown_stage[picked], stand.status[picked]
    nowhere = np.where(empty(unknown) & (status > WON), END_UNKNOWN, unknown)
    return only(stand.highest[picked] == 0, nowhere)


def funnel(line: Timeline, stand: Standing, period: Period, *, home: str, by: tuple[str, ...] = (),
           mode: Mode = "reached") -> FunnelFigures:  # fmt: skip
    """Return the funnel of the deals that began in `period`, as it stands at the standing's time.

    Raises:
        UnknownGroupingError: A key of `by` is not a field of a deal or `month` (the month it began).
    """
    import numpy as np

    picked = cohort(line, stand, period)
    groups = group(line, picked, by, {"month": month_names(line.start[picked])})
    way = passage(line, stand)
    way = Passage(way.entered[picked], way.unclear[picked], way.regressed[picked])
    unplaced = ~empty(unplaced_names(stand, picked))
    highest = np.where(unplaced, 0, np.maximum(stand.highest[picked], 1))
    ranks = np.arange(1, len(line.stages.names) + 1)
    if mode == "reached":
        inside, passed = highest[:, None] >= ranks, highest[:, None] > ranks
        inside[:, 0] |= unplaced
    else:
        inside, passed = (table[picked] for table in followed_on(line, stand, strict=mode == "strict"))
    last = stand.last[picked]
    end_inferred = (last >= 0) & np.r_[line.inferred, False][last]
    people = Cohort(picked, groups, stand.status[picked], highest, unplaced, end_inferred, inside, passed, way)
    order = _order(people, picked)
    won = (people.status == WON) & (passed[:, -1] | (mode != "strict"))  # in order: who came to the last row
    rows = _rows(line, people, home, won)
    blocks = _blocks(people, order, rows, len(ranks)) if mode == "reached" else {}
    names = np.array([None, *line.stages.names, line.stages.won], dtype=object)
    marks = {"highest_stage": filled(names[highest], unplaced_names(stand, picked))[order]}
    return FunnelFigures(tuple(rows), Evidence(picked[order], blocks, marks), people, won)


def _begun(line: Timeline, stand: Standing) -> NDArray[Any]:
    import numpy as np

    begun: NDArray[Any] = (line.start <= stand.at) | np.isnat(line.start)
    return begun


def _rows(line: Timeline, people: Cohort, home: str, won: NDArray[Any]) -> list[FunnelRow]:
    """Return the rows; every figure is one table of groups by ranks."""
    import numpy as np

    k, size = len(line.stages.names), people.groups.count
    codes, status, ranks = people.groups.codes, people.status, np.arange(1, k + 1)
    way, here = people.passage, people.inside & ~people.passed
    stays = people.highest[:, None] == ranks

    def count(table: NDArray[Any]) -> NDArray[Any]:
        sums = np.zeros((size, table.shape[1]), dtype="int64")
        for column in range(table.shape[1]):
            sums[:, column] = np.bincount(codes[table[:, column]], minlength=size)
        return sums

    ends = {code: count(here & stays & (status == code)[:, None]) for code in (LOST, VOID, OPEN)}
    figures = {
        "reached": count(people.inside), "entered": count(way.entered & people.inside),
        "unclear": count(way.unclear & people.inside), "passed": count(people.passed),
        "left": count(here & ~stays & ~people.unplaced[:, None]),
        "regressed": count(way.regressed), "lost": ends[LOST], "void": ends[VOID], "open": ends[OPEN],
        "won": count(won[:, None]), "won_inferred": count((won & people.end_inferred)[:, None]),
        "unplaced": count((people.unplaced & people.inside[:, 0])[:, None]),
    }  # fmt: skip
    now = _sums(line, people, won, home, "amount_fen")
    first = _sums(line, people, won, home, "amount_first_fen")
    return [
        _row(line, people.groups.labels[g], {name: table[g] for name, table in figures.items()}, rank, (g, rank),
             now, first)
        for g in range(size) for rank in range(k + 1)
    ]  # fmt: skip


def _sums(line: Timeline, people: Cohort, won: NDArray[Any], home: str, column: str) -> Tally:
    """Return counts and amounts by group and row; a deal counts in every row that it is in."""
    import numpy as np

    in_row = np.column_stack([people.inside, won])
    at, row = np.nonzero(in_row)
    width, size = in_row.shape[1], people.groups.count
    codes = people.groups.codes[at] * width + row
    return tally(line, people.picked[at], codes, size * width, home=home, column=column).shaped(size, width)


def _row(line: Timeline, label: tuple[str, ...], figures: dict[str, NDArray[Any]], i: int, at: tuple[int, int],
         now: Tally, first: Tally) -> FunnelRow:  # fmt: skip
    won, unclear, everyone = (int(figures[name][0]) for name in ("won", "won_inferred", "reached"))
    k, row = len(line.stages.names), partial(
        FunnelRow, group=label, regressed=int(figures["regressed"][i]), no_amount=int(now.unknown[at]),
        amounts=now.amounts(at), amounts_first=first.amounts(at),
    )  # fmt: skip
    if i == k:
        return row(
            stage=line.stages.won, reached=won, entered=won - unclear, unclear=unclear, skipped=0, passed=None,
            lost=None, void=None, open=None, left=None, unplaced=0, step=None, step_low=None, step_high=None,
            cumulative=share(won, everyone), decided=None,
        )  # fmt: skip
    reached, entered, unclear, passed, lost, void, still_open, left = (
        int(figures[name][i]) for name in ("reached", "entered", "unclear", "passed", "lost", "void", "open", "left")
    )
    nowhere = int(figures["unplaced"][0])
    here = nowhere if i == 0 else 0
    placed = reached - here
    could_pass = nowhere if i < k - 1 else 0  # none of them is won, so none of them passed the last stage
    return row(
        stage=line.stages.names[i], reached=reached, entered=entered, unclear=unclear,
        skipped=reached - entered - unclear, passed=passed, lost=lost, void=void, open=still_open, left=left,
        unplaced=here, step=share(passed, placed), step_low=share(passed, placed + nowhere) if nowhere else None,
        step_high=share(passed + could_pass, placed + could_pass) if nowhere else None,
        cumulative=share(reached, everyone), decided=share(passed, reached - still_open),
    )  # fmt: skip


def _order(people: Cohort, picked: NDArray[Any]) -> NDArray[Any]:
    """Return the order in which figures by highest rank are blocks: far ones first, then by their end, open last."""
    import numpy as np

    return np.lexsort((picked, _by_end(people.status), -people.highest, people.groups.codes))


def _by_end(status: NDArray[Any]) -> NDArray[Any]:
    import numpy as np

    return np.where(status == OPEN, _OPEN_LAST, status)


def _blocks(people: Cohort, order: NDArray[Any], rows: list[FunnelRow], k: int) -> dict[tuple[int, str], Block]:
    import numpy as np

    def place(group_code: Any, highest: Any, status: Any) -> Any:
        return (group_code * (k + 2) + (k + 1 - highest)) * _STATUSES + status

    codes = people.groups.codes[order]
    places = place(codes, people.highest[order].astype("int64"), _by_end(people.status[order]))
    start = np.searchsorted(codes, np.arange(people.groups.count))
    blocks: dict[tuple[int, str], Block] = {}
    for at, row in enumerate(rows):
        g, i = divmod(at, k + 1)
        blocks[at, "reached"] = Block(int(start[g]), row.reached)
        blocks[at, "cumulative_rate"] = Block(int(start[g]), row.cumulative.denominator)
        if row.passed is None:
            continue
        blocks[at, "step_rate"] = Block(int(start[g]), row.reached - row.unplaced)
        if not row.unplaced:
            blocks[at, "decided_rate"] = Block(int(start[g]), row.reached - (row.open or 0))
        for key, status in (("lost_here", LOST), ("void_here", VOID), ("open_here", _OPEN_LAST)):
            first, past = np.searchsorted(places, [place(g, i + 1, status), place(g, i + 1, status) + 1])
            blocks[at, key] = Block(int(first), int(past - first))
    return blocks
