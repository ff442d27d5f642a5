"""How long deals took from their start to their end, won and lost apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crmcli.domain.metrics.ages import days_between
from crmcli.domain.metrics.closings import closed_between, closed_in, fields_at_close
from crmcli.domain.metrics.evidence import Block, Evidence
from crmcli.domain.metrics.gaps import only
from crmcli.domain.metrics.grouping import group, month_names
from crmcli.domain.metrics.kept import once
from crmcli.domain.metrics.spread import spread
from crmcli.domain.metrics.timeline import LOST, OPEN, WON, Standing, Timeline
from crmcli.domain.metrics.working_time import working_days_between

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from crmcli.domain.metrics.period import Period

OUTCOMES = (WON, LOST)
UNDATED, INFERRED, UNQUALIFIED, BACKWARDS = "undated", "inferred", "unqualified", "backwards"
REASONS = (UNDATED, INFERRED, UNQUALIFIED, BACKWARDS)
"""Why a closed deal has no length: a date is unknown or only inferred, it never was qualified, or ended before it
began."""


@dataclass(frozen=True, slots=True)
class Cycle:
    """How long each deal took; arrays align with `Timeline.deals`.

    Attributes:
        start: From when it counts; NaT unknown.
        days: Days from then to the last close; NaN where there is none to count.
        why: Which of `REASONS` is why a closed deal has none; None where it has.
    """

    start: NDArray[Any]
    days: NDArray[Any]
    why: NDArray[Any]


@dataclass(frozen=True, slots=True)
class CycleRow:
    """One group and outcome: closed deals with (`n`) and without (`excluded`) a length, and the days that they took.

    Days are None under `min_n` deals.
    """

    group: tuple[str, ...]
    outcome: str
    n: int
    median: float | None
    p75: float | None
    mean: float | None
    excluded: int


def lengths(line: Timeline, stand: Standing, *, working_days: bool = False) -> Cycle:
    """Return how long each closed deal took, from its start or from the entry of the qualified stage, where named.

    It is not to be written into.
    """
    name = "lengths in working days" if working_days else "lengths"
    return once(stand.kept, name, lambda: _lengths(line, stand, working_days=working_days), line)


def _lengths(line: Timeline, stand: Standing, *, working_days: bool) -> Cycle:
    import numpy as np

    start, why = _qualified(line, stand) if line.stages.qualified_rank else _begun(line)
    closed = stand.status > OPEN
    why = np.where(closed & closed_between(line, stand), INFERRED, why)
    why = np.where(np.isnat(start) & (why == ""), UNDATED, why)
    why = np.where(np.isnat(stand.closed), UNDATED, why)
    days = (
        working_days_between(start, stand.closed, line.population.working)
        if working_days
        else days_between(start, stand.closed)
    )
    why = np.where((why == "") & (stand.closed < start), BACKWARDS, why)
    counts = closed & (why == "")
    return Cycle(start, np.where(counts, days, np.nan), only(closed & ~counts, why.astype(object)))


def _begun(line: Timeline) -> tuple[NDArray[Any], NDArray[Any]]:
    import numpy as np

    return line.start, np.where(line.start_between, INFERRED, "").astype("U16")


def _qualified(line: Timeline, stand: Standing) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return when each deal first came to the qualified stage or a later one, and why that is not known.

    What was there before its first recorded event, or is only read off a present stage, has no day.
    """
    import numpy as np

    rank = line.stages.qualified_rank
    there = stand.used & (((line.kind == OPEN) & (line.rank >= rank)) | (line.from_rank >= rank))
    first = np.full(line.size, -1, dtype="int64")
    events = np.flatnonzero(there)[::-1]
    first[line.deal[events]] = events
    start, why = np.full(line.size, np.datetime64("NaT", "us")), np.full(line.size, UNQUALIFIED, dtype="U16")
    found = np.flatnonzero(first >= 0)
    event = first[found]
    start[found] = np.where(line.from_rank[event] >= rank, np.datetime64("NaT", "us"), line.at[event])
    why[found] = np.where(line.inferred[event] | line.between[event], INFERRED, "")
    return start, np.where((stand.status == WON) & (why == UNQUALIFIED), UNDATED, why)


def why_left_out(evidence: Evidence) -> list[str | None]:
    """Return of each deal behind the rows of `cycles` which of `REASONS` is why it has no length."""
    why = evidence.marks["no_days"]
    return [] if callable(why) else why.tolist()


def cycles(
    line: Timeline, stand: Standing, period: Period, min_n: int, *, by: tuple[str, ...] = (),
    working_days: bool = False,
) -> tuple[tuple[CycleRow, ...], Evidence]:  # fmt: skip
    """Return a row a group and outcome of the deals won or lost in `period`, and the deals behind: the longest first.

    Without `by` there is a row for each outcome, else for those that a group has.

    Raises:
        UnknownGroupingError: A key of `by` is not a field of a deal or `month` (the month it closed).
    """
    import numpy as np

    picked = closed_in(stand, period)
    picked = picked[np.isin(stand.status[picked], OUTCOMES)]
    taken = lengths(line, stand, working_days=working_days)
    extra = {"month": month_names(stand.closed[picked])} | fields_at_close(line, picked)
    groups = group(line, picked, by, extra)
    codes = groups.codes * len(OUTCOMES) + (stand.status[picked] == LOST)
    days = taken.days[picked]
    order = np.lexsort((picked, -np.nan_to_num(days), np.isnan(days), codes))
    picked, codes, days = picked[order], codes[order], days[order]
    known = spread(days, codes, groups.count * len(OUTCOMES))
    total = np.bincount(codes, minlength=groups.count * len(OUTCOMES))
    rows: list[CycleRow] = []
    blocks: dict[tuple[int, str], Block] = {}
    first = 0
    for code in range(groups.count * len(OUTCOMES)):
        n, everyone = int(known.n[code]), int(total[code])
        if everyone or not by:
            blocks[len(rows), "n"] = Block(first, n)
            blocks[len(rows), "excluded"] = Block(first + n, everyone - n)
            rows.append(CycleRow(
                groups.labels[code // len(OUTCOMES)], line.stages.ends[code % len(OUTCOMES)], n,
                known.quantile(code, 0.5, min_n), known.quantile(code, 0.75, min_n), known.mean(code, min_n),
                everyone - n,
            ))  # fmt: skip
        first += everyone
    marks = {
        "days": only(~np.isnan(days), days),
        "counted_from": taken.start[picked].astype("datetime64[D]"),
        "no_days": taken.why[picked],
    }
    return tuple(rows), Evidence(picked, blocks, marks)
