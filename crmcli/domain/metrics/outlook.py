"""What the open deals promise at a time: when each is expected to close, with what chance, in which category."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crmcli.domain.metrics.chances import chances
from crmcli.domain.metrics.moves import amount_at, close_at
from crmcli.domain.metrics.timeline import OPEN, Standing, Timeline

if TYPE_CHECKING:
    from datetime import date

    from numpy.typing import NDArray

DUE, OVERDUE, NO_CLOSE_DATE, NO_AMOUNT, NO_PROBABILITY = range(5)
BUCKETS = ("overdue", "no_close_date", "no_amount", "no_probability")
"""What keeps a deal out of the forecast; an open deal is in the first that fits: no date, overdue, amount, chance."""
CATEGORIES = ("commit", "best_case", "pipeline", "omitted")


@dataclass(frozen=True, slots=True)
class Outlook:
    """The open deals at one time; arrays align with `picked`, positions of deals.

    Attributes:
        closes: Local day of the expected close, NaT unknown.
        place: DUE where the deal is in the forecast, else 1 + its place in `BUCKETS`.
        amount: Fen, 0 where unknown.
        weighted: Fen x probability, rounded a deal; 0 where one of them is unknown.
        chance: Probability 0-1, NaN unknown, and `source` where it is from (`chances`).
        category: Place in `CATEGORIES`, by the present stage.
    """

    picked: NDArray[Any]
    closes: NDArray[Any]
    place: NDArray[Any]
    amount: NDArray[Any]
    weighted: NDArray[Any]
    chance: NDArray[Any]
    source: NDArray[Any]
    category: NDArray[Any]


def outlook(line: Timeline, stand: Standing, today: date, latest: Standing | None = None) -> Outlook:
    """Return the open deals as of a standing, whose local day is `today`.

    `latest` is where the deals stand at the as-of time, if `stand` is earlier.
    """
    import numpy as np
    import pandas as pd

    picked = np.flatnonzero(stand.status == OPEN)
    likely = chances(line, stand, latest)
    chance = likely.value[picked]
    amount, known = (values[picked] for values in amount_at(line, stand.at))
    closes = close_at(line, stand.at)[picked].astype("datetime64[D]")
    place = np.select(
        [np.isnat(closes), closes < np.datetime64(today), ~known, np.isnan(chance)],
        [NO_CLOSE_DATE, OVERDUE, NO_AMOUNT, NO_PROBABILITY], DUE,
    )  # fmt: skip
    category = pd.Index(CATEGORIES).get_indexer(pd.Index(likely.category[picked], dtype=object))
    weighted = np.where(np.isnan(chance) | ~known, 0, np.round(amount * np.nan_to_num(chance))).astype("int64")
    return Outlook(picked, closes, place, amount, weighted, chance, likely.source[picked], category)
