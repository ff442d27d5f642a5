"""What has no place in the funnel's rows: unknown stages, ends without a stage, deals without a start."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crmcli.domain.metrics.evidence import Evidence, contiguous
from crmcli.domain.metrics.funnel import END_UNKNOWN, cohort, undated, unplaced_names
from crmcli.domain.metrics.gaps import empty
from crmcli.domain.metrics.layers import Layer, some_of, without_amount
from crmcli.domain.metrics.money import Fen, tally
from crmcli.domain.metrics.timeline import LOST, OPEN, VOID, WON, Standing, Timeline

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crmcli.domain.metrics.period import Period

NO_DATE = "无日期"
"""The line of deals of which nobody knows when they began; they are in whole-history funnels only."""


@dataclass(frozen=True, slots=True)
class UnplacedRow:
    """One line: its deals by how they stand, and how many of them 到达_1 counts."""

    stage: str
    n: int
    reached: int
    open: int
    won: int
    lost: int
    void: int
    no_amount: int
    amounts: dict[str, Fen]


def unplaced(line: Timeline, stand: Standing, period: Period, *, home: str) -> tuple[tuple[UnplacedRow, ...], Evidence]:
    """Return the lines, 终止阶段未知 first, then unknown stages by name, 无日期 last, and the deals behind them."""
    import numpy as np

    everyone, dateless = cohort(line, stand, period), undated(line, stand)
    names = unplaced_names(stand, everyone)
    nowhere = np.flatnonzero(~empty(names))
    kinds = sorted(set(names[nowhere].tolist()), key=lambda name: (name != END_UNKNOWN, name))
    number = {name: code for code, name in enumerate(kinds)}
    codes = np.array([number[name] for name in names[nowhere].tolist()] + [len(kinds)] * len(dateless), dtype="int64")
    picked = np.concatenate([everyone[nowhere], dateless])
    order = np.lexsort((picked, codes))
    picked, codes = picked[order], codes[order]
    table = tally(line, picked, codes, len(kinds) + 1, home=home)
    rows = []
    for code, name in enumerate([*kinds, NO_DATE]):
        by_status = np.bincount(stand.status[picked[codes == code]], minlength=VOID + 1).tolist()
        n = int(table.n[code])
        reached = n if name != NO_DATE or period.is_whole_history else 0
        if n:
            rows.append(UnplacedRow(
                stage=name, n=n, reached=reached, open=by_status[OPEN], won=by_status[WON], lost=by_status[LOST],
                void=by_status[VOID], no_amount=int(table.unknown[code]), amounts=table.amounts(code),
            ))  # fmt: skip
    blocks = {(at, "n"): block for at, block in enumerate(contiguous(codes).values())}
    blocks |= {(at, "reached"): blocks[at, "n"] for at, row in enumerate(rows) if row.reached}
    return tuple(rows), Evidence(picked, blocks)


def unplaced_layers(line: Timeline, stand: Standing, evidence: Evidence) -> Iterator[Layer]:
    """Return the deals of the lines by how they stand, and those without an amount."""
    status = stand.status[evidence.order]
    for key, end in (("open", OPEN), ("won", WON), ("lost", LOST), ("void", VOID)):
        yield some_of(key, evidence, "n", status == end)
    yield without_amount(line, evidence, "n")
