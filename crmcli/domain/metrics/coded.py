"""Texts of many rows of which few differ: kept once each, with a small number a row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Coded:
    """Texts of rows; `names[code]` is a row's, the last of the names is None, for code -1.

    >>> import numpy as np
    >>> held = Coded(np.array([0, -1, 0]), np.array(["a", None], dtype=object))
    >>> held[np.array([1, 2])].tolist(), held.which(lambda text: text == "a").tolist()
    ([None, 'a'], [True, False, True])
    """

    codes: NDArray[Any]
    names: NDArray[Any]

    def __getitem__(self, at: NDArray[Any]) -> NDArray[Any]:
        """Return the texts of some rows."""
        texts: NDArray[Any] = self.names[self.codes[at]]
        return texts

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.codes)

    def texts(self) -> NDArray[Any]:
        """Return the texts of all rows."""
        texts: NDArray[Any] = self.names[self.codes]
        return texts

    def which(self, holds: Callable[[str], bool]) -> NDArray[Any]:
        """Return for which rows something holds of their text; it is asked once a text, and not of None."""
        import numpy as np

        told = np.array([*(bool(holds(name)) for name in self.names[:-1]), False], dtype=bool)
        found: NDArray[Any] = told[self.codes]
        return found


def coded(values: pd.Series[Any]) -> Coded:
    """Return a column of texts; what is empty is None."""
    import numpy as np
    import pandas as pd

    if isinstance(values.dtype, pd.CategoricalDtype):
        codes, names = values.cat.codes.to_numpy(), values.cat.categories.tolist()
    else:
        codes, distinct = pd.factorize(values.to_numpy(dtype=object))
        names = distinct.tolist()
    kept = np.empty(len(names) + 1, dtype=object)
    kept[:-1] = names
    return Coded(codes, kept)


def categories(codes: NDArray[Any], names: Sequence[str]) -> pd.Categorical:
    """Return texts of rows as a column; code -1 is none."""
    import pandas as pd

    return pd.Categorical.from_codes(codes, pd.Index(list(names), dtype=object), validate=False)


def end_to_end(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return frames of the same columns as one; texts that one of them keeps once each stay so."""
    import pandas as pd
    from pandas.api.types import union_categoricals

    first = parts[0]
    shared = [key for key in first.columns if isinstance(first[key].dtype, pd.CategoricalDtype)]
    if not shared or len(parts) == 1:
        return pd.concat(parts)
    rest = pd.concat([part.drop(columns=shared) for part in parts])
    for key in shared:
        rest[key] = union_categoricals([_category(part[key]) for part in parts])
    return rest[list(first.columns)]


def _category(values: pd.Series[Any]) -> pd.Categorical:
    held = coded(values)
    return categories(held.codes, held.names[:-1].tolist())
