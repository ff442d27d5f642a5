"""Texts of deals that are made once and asked for again, and the places of a long order piece by piece."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray


def pieces(size: int, most: int) -> Iterator[NDArray[Any]]:
    """Yield the places 0 .. size - 1, at most so many at a time.

    >>> [piece.tolist() for piece in pieces(3, 2)]
    [[0, 1], [2]]
    """
    import numpy as np

    for first in range(0, size, most):
        yield np.arange(first, min(first + most, size))


class ToldOnce:
    """A text of each deal by its position, where one was told.

    >>> import numpy as np
    >>> told = ToldOnce(3)
    >>> told.put(told.missing(np.array([2, 0, 2])), [b"a", b"c"])
    >>> told.of(np.array([2, 0])), told.missing(np.array([1, 2])).tolist()
    ([b'c', b'a'], [1])
    """

    def __init__(self, size: int) -> None:
        import numpy as np

        self._texts = np.full(size, None, dtype=object)
        self._known = np.zeros(size, dtype=bool)

    def missing(self, deals: NDArray[Any]) -> NDArray[Any]:
        """Return those of the deals of which nothing was told, ascending, each once."""
        import numpy as np

        return np.unique(deals[~self._known[deals]])

    def put(self, deals: NDArray[Any], texts: list[bytes]) -> None:
        """Tell the texts of deals."""
        self._texts[deals], self._known[deals] = texts, True

    def of(self, deals: NDArray[Any]) -> list[bytes]:
        """Return the texts of deals."""
        texts: list[bytes] = self._texts[deals].tolist()
        return texts
