"""Empty values in arrays of texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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


def only(condition: NDArray[Any], values: NDArray[Any]) -> NDArray[Any]:
    """Return `values` where `condition` holds and None elsewhere."""
    import numpy as np

    return np.where(condition, values, np.asarray(None, dtype=object))
