"""Empty values in arrays of texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray


def empty(values: NDArray[Any]) -> NDArray[Any]:
    """Return where `values` holds None (or NaN, as frames write it)."""
    import pandas as pd

    mask: NDArray[Any] = pd.isna(values)
    return mask


def filled(values: NDArray[Any], instead: object) -> NDArray[Any]:
    """Return `values` with `instead` (one value, or an aligned array) where they are empty."""
    import numpy as np

    result: NDArray[Any] = np.where(empty(values), np.asarray(instead, dtype=object), values)
    return result


def texts_of(column: pd.Series[Any]) -> list[str]:
    """Return the texts of a column; what is empty is an empty text."""
    known = column.notna()
    texts: list[str] = (column if known.all() else column.astype(object).where(known, "")).tolist()
    return texts


def only(condition: NDArray[Any], values: NDArray[Any]) -> NDArray[Any]:
    """Return `values` where `condition` holds and None elsewhere."""
    import numpy as np

    return np.where(condition, values, np.asarray(None, dtype=object))


def plain_rows(frame: pd.DataFrame, places: NDArray[Any], keys: Sequence[str]) -> list[dict[str, Any]]:
    """Return the rows of a frame at `places` with the columns `keys`, what is empty as None; place -1 is all empty."""
    import numpy as np

    at = np.maximum(places, 0) if len(frame) else np.empty(0, dtype="int64")
    part = frame[list(keys)].iloc[at].astype(object)
    rows = part.where(part.notna(), None).to_numpy(dtype=object).tolist() if len(frame) else [[]] * len(places)
    nothing = dict.fromkeys(keys)
    return [
        dict(zip(keys, row, strict=True)) if place >= 0 else nothing
        for place, row in zip(places.tolist(), rows, strict=True)
    ]
