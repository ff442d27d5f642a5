"""What a field of each deal held at an earlier time: the present value, with later changes taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crmcli.domain.metrics.gaps import empty
from crmcli.domain.metrics.money import fen
from crmcli.domain.metrics.population import MOVED, local_times

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from crmcli.domain.metrics.timeline import Timeline


def value_at(line: Timeline, field: str, moment: NDArray[Any]) -> NDArray[Any]:
    """Return what `field` of every deal held at the local time `moment`, aligned with `line.deals`.

    It is what the first later move replaced, else what the deal holds. Texts, fen as whole numbers; None is empty.
    The population needs its `moves` (a report's NEEDS); without them nothing ever changed.

    Raises:
        KeyError: changes of that field are not kept (not in `MOVED`).
    """
    import numpy as np

    if field not in MOVED:
        raise KeyError(field)
    if field == "amount_fen":
        amount, known = amount_at(line, moment)
        return np.where(known, amount.astype(object), np.asarray(None, dtype=object))
    deals = line.deals[field].astype(object)
    values: NDArray[Any] = deals.where(deals.notna(), None).to_numpy(dtype=object).copy()
    deal, replaced = _replaced(line, field, moment)
    values[deal] = replaced
    return values


def amount_at(line: Timeline, moment: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the amounts of all deals at the local time `moment` in fen (0 where unknown), and which are known."""
    import numpy as np

    amount, known = (values.copy() for values in fen(line, np.arange(line.size)))
    deal, replaced = _replaced(line, "amount_fen", moment)
    known[deal] = ~empty(replaced)
    amount[deal] = np.where(known[deal], replaced, "0").astype("int64")
    return amount, known


def _replaced(line: Timeline, field: str, moment: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the positions of the deals whose field changed after `moment`, and what the first such change replaced."""
    import numpy as np

    moves = line.population.moves
    if moves is None or moves.empty:
        return np.empty(0, dtype="int64"), np.empty(0, dtype=object)
    ids = line.deals["opportunity_id"].to_numpy(dtype="int64")
    moves = moves[((moves["field"] == field) & moves["opportunity_id"].isin(ids)).to_numpy(dtype=bool)]
    later = np.flatnonzero(local_times(moves["at"], line.population.timezone) > moment)
    deal = np.searchsorted(ids, moves["opportunity_id"].to_numpy(dtype="int64")[later])
    deal, first = np.unique(deal, return_index=True)
    values = moves["from_value"].astype(object)
    return deal, values.where(values.notna(), None).to_numpy(dtype=object)[later[first]]
