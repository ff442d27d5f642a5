"""Closed deals looked back on: how each went, and what they have in common by reason, stage and competitor."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crmcli.domain.metrics.closings import closed_in, fields_at_close
from crmcli.domain.metrics.cycle import lengths
from crmcli.domain.metrics.evidence import Block, Evidence
from crmcli.domain.metrics.gaps import only
from crmcli.domain.metrics.grouping import group, month_names
from crmcli.domain.metrics.layers import Layer, some_of
from crmcli.domain.metrics.loss import lost_stages, reasons
from crmcli.domain.metrics.money import Fen, fen, tally
from crmcli.domain.metrics.timeline import LOST, VOID, WON, Standing, Timeline

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from crmcli.domain.metrics.period import Period

ENDS = {WON: "won", LOST: "lost", VOID: "void"}


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a closed deal: its way in words, the note on its loss, what was concluded; "" nothing."""

    course: str = ""
    note: str = ""
    conclusion: str = ""


Teller = Callable[[Sequence[int]], Mapping[int, Told]]
"""What tells of deals by their numbers."""


@dataclass(frozen=True, slots=True)
class Closed:
    """The deals closed in a period, won before lost before void, the dearest first; arrays align with `picked`.

    `reason` is None of deals that were not lost, `days` NaN where no length is known.
    """

    picked: NDArray[Any]
    ends: NDArray[Any]
    reason: NDArray[Any]
    stage: NDArray[Any]
    month: NDArray[Any]
    days: NDArray[Any]


@dataclass(frozen=True, slots=True)
class LessonRow:
    """The closed deals of one group; `days` is the median of those with a length, None under `min_n` of them."""

    group: tuple[str, ...]
    n: int
    won: int
    lost: int
    void: int
    amounts: dict[str, Fen]
    days: float | None


def closed_deals(line: Timeline, stand: Standing, period: Period) -> Closed:
    """Return the deals closed in `period` and still so closed."""
    import numpy as np

    picked = closed_in(stand, period)
    picked = picked[np.lexsort((picked, -fen(line, picked)[0], stand.status[picked]))]
    ends = stand.status[picked]
    return Closed(picked, ends, only(ends == LOST, reasons(line, stand, picked)), lost_stages(stand, picked),
                  month_names(stand.closed[picked]), lengths(line, stand).days[picked])  # fmt: skip


def lessons(
    line: Timeline, closed: Closed, by: tuple[str, ...], *, home: str, min_n: int
) -> tuple[tuple[LessonRow, ...], Evidence]:
    """Return the closed deals by `by`, the largest group first: fields of a deal as of the close, reason, stage, month.

    By reason there are only lost deals, by competitor only those that name one.

    Raises:
        UnknownGroupingError: A key of `by` is none of these.
    """
    import numpy as np

    kept = np.ones(len(closed.picked), dtype=bool)
    if "reason" in by:
        kept &= closed.ends == LOST
    if "competitor" in by:
        kept &= line.deals["competitor"].notna().to_numpy(dtype=bool)[closed.picked]
    picked, ends, days = closed.picked[kept], closed.ends[kept], closed.days[kept]
    extra = {"reason": closed.reason[kept], "stage": closed.stage[kept], "month": closed.month[kept]}
    extra |= fields_at_close(line, picked)
    groups = group(line, picked, by, extra)
    table = tally(line, picked, groups.codes, groups.count, home=home)
    order = sorted(range(groups.count), key=lambda code: (-int(table.n[code]), code))
    rows: list[LessonRow] = []
    chunks: list[NDArray[Any]] = [np.empty(0, dtype="int64")]
    blocks: dict[tuple[int, str], Block] = {}
    first = 0
    for at, code in enumerate(code for code in order if table.n[code]):
        mine = groups.codes == code
        known = days[mine][~np.isnan(days[mine])]
        median = round(float(np.median(known)), 1) if len(known) >= min_n else None
        won, lost, void = (int((ends[mine] == end).sum()) for end in ENDS)
        rows.append(LessonRow(groups.labels[code], int(mine.sum()), won, lost, void, table.amounts(code), median))
        blocks[at, "n"] = Block(first, int(mine.sum()))
        for key, count in (("won", won), ("lost", lost), ("void", void)):
            blocks[at, key] = Block(first, count)
            first += count
        chunks.append(picked[mine])
    return tuple(rows), Evidence(np.concatenate(chunks), blocks)


def lesson_layers(line: Timeline, stand: Standing, evidence: Evidence) -> Iterator[Layer]:
    """Return the closed deals whose length is known."""
    import numpy as np

    yield some_of("days", evidence, "n", ~np.isnan(lengths(line, stand).days[evidence.order]))
