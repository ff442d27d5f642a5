"""What happened week by week: begun, won, lost, void, and what was open at each week's end."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from crmcli.domain.metrics.closings import closed_in
from crmcli.domain.metrics.evidence import Block, Evidence
from crmcli.domain.metrics.funnel import cohort
from crmcli.domain.metrics.layers import Layer
from crmcli.domain.metrics.money import Fen, currencies, tally
from crmcli.domain.metrics.moves import amounts_at
from crmcli.domain.metrics.timeline import LOST, OPEN, VOID, WON, Standing, Timeline, statuses_at

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from crmcli.domain.metrics.period import Period

FIGURES = ("created", "won", "lost", "void", "open")


@dataclass(frozen=True, slots=True)
class WeekRow:
    """One week: counts and amounts (fen by currency) by figure of `FIGURES`."""

    week: Period
    counts: dict[str, int]
    amounts: dict[str, dict[str, Fen]]


def weekly_counts(
    line: Timeline, stand: Standing, weeks: tuple[Period, ...], *, home: str
) -> tuple[tuple[WeekRow, ...], Evidence, Layer]:
    """Return one row a week (at least one, the earliest first), and the deals behind the counts.

    Begun and closed deals are seen from the standing's time; open is what was open when the week ended, with the
    amounts of that time: it overlaps, and is the layer.
    """
    import numpy as np

    rows: list[WeekRow] = []
    chunks: list[NDArray[Any]] = []
    open_then: list[NDArray[Any]] = []
    worth: list[NDArray[Any]] = []
    names: list[NDArray[Any]] = []
    starts: list[NDArray[Any]] = []
    blocks: dict[tuple[int, str], Block] = {}
    first = 0
    places = currencies(line, np.arange(line.size), home)
    ends = [_last_moment(week) for week in weeks]
    then = zip(weeks, statuses_at(line, ends), amounts_at(line, ends), strict=True)
    for at, (week, status, (amounts, are_known)) in enumerate(then):
        behind = _deals_of_week(line, stand, week)
        tables = {key: tally(line, deals, np.zeros(len(deals), dtype="int64"), 1, home=home)
                  for key, deals in behind.items()}  # fmt: skip
        still = np.flatnonzero(status == OPEN).astype("int32")
        amount, known = amounts[still], are_known[still]
        rows.append(WeekRow(week, {key: int(table.n[0]) for key, table in tables.items()} | {"open": len(still)},
                            {key: table.amounts(0) for key, table in tables.items()}
                            | {"open": _summed(amount, known, places[0], places[1][still])}))  # fmt: skip
        open_then.append(still)
        worth.append(np.where(known, amount, np.nan))
        for key, deals in behind.items():
            blocks[at, key] = Block(first, len(deals))
            first += len(deals)
            chunks.append(deals)
            names.append(np.full(len(deals), key, dtype=object))
            starts.append(np.full(len(deals), np.datetime64(week.start, "D")))
    marks = {"week": np.concatenate(starts), "figure": np.concatenate(names)}
    of_week = np.repeat(np.arange(len(weeks), dtype="int16"), [len(deals) for deals in open_then])
    still_open = Layer("open", np.concatenate(open_then), of_week, worth=np.concatenate(worth), amounts="amount_open")
    return _in_all_currencies(rows, home), Evidence(np.concatenate(chunks), blocks, marks), still_open


def _in_all_currencies(rows: list[WeekRow], home: str) -> tuple[WeekRow, ...]:
    """Return the rows with a sum in every currency that any of them has, `home` first."""
    known = {code for row in rows for sums in row.amounts.values() for code in sums}
    codes = (home, *sorted(known - {home}))
    return tuple(
        replace(row, amounts={key: {code: sums.get(code, 0) for code in codes} for key, sums in row.amounts.items()})
        for row in rows
    )


def _deals_of_week(line: Timeline, stand: Standing, week: Period) -> dict[str, NDArray[Any]]:
    closed = closed_in(stand, week)
    by_end = {name: closed[stand.status[closed] == code] for name, code in
              (("won", WON), ("lost", LOST), ("void", VOID))}  # fmt: skip
    return {"created": cohort(line, stand, week), **by_end}


def _last_moment(week: Period) -> NDArray[Any]:
    import numpy as np

    return np.asarray(np.datetime64(week.end, "us") - np.timedelta64(1, "us"))


def _summed(amount: NDArray[Any], known: NDArray[Any], codes: list[str], place: NDArray[Any]) -> dict[str, Fen]:
    """Return the sums of amounts in fen (0 where unknown) by currency, the first one always; None if none is known."""
    import numpy as np

    present = np.bincount(place, minlength=len(codes)) > 0
    shown = [at for at in range(len(codes)) if at == 0 or present[at]]
    nothing_known = bool(len(known)) and not known.any()
    return {codes[at]: None if nothing_known else int(amount[place == at].sum()) for at in shown}
