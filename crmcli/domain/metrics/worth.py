"""What each deal is worth and how it stands at a time, for figures that start from something else than deals."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from crmcli.domain.metrics.fairness import Worth
from crmcli.domain.metrics.money import currencies, fen
from crmcli.domain.metrics.population import Population
from crmcli.domain.metrics.timeline import LOST, OPEN, VOID, WON, standing, timeline

if TYPE_CHECKING:
    import pandas as pd

_STATUS = {OPEN: "open", WON: "won", LOST: "lost", VOID: "void"}


def _texts(column: pd.Series[Any]) -> list[str | None]:
    """Return a column's texts, None for what is empty."""
    texts: list[str | None] = column.astype(object).where(column.notna(), None).tolist()
    return texts


def worth_of(population: Population, as_of: datetime, home: str) -> dict[int, Worth]:
    """Return opportunity -> its name, amount and status as of a time."""
    import numpy as np

    line = timeline(population)
    everything = np.arange(line.size)
    status = standing(line, line.moment(as_of)).status.tolist()
    amount, known = fen(line, everything)
    names, places = currencies(line, everything, home)
    deals = line.deals
    found = zip(
        deals["opportunity_id"].tolist(), *(_texts(deals[key]) for key in ("name", "customer")),
        places.tolist(), amount.tolist(), known.tolist(), status, strict=True,
    )  # fmt: skip
    return {
        int(number): Worth(name or "", customer or None, names[place], value if is_known else None,
                           _STATUS.get(state, "open"))
        for number, name, customer, place, value, is_known, state in found
    }  # fmt: skip
