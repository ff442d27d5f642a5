"""What is made once and asked for again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")

Kept = dict[str, tuple[Any, Any]]
"""Name -> what it was made of, and what was made."""


def once(kept: Kept, name: str, make: Callable[[], T], of: object = None) -> T:
    """Return what was made under a name, of the very same thing; it is made now where it was not.

    >>> kept: Kept = {}
    >>> once(kept, "a", lambda: 1), once(kept, "a", lambda: 2), once(kept, "a", lambda: 3, of=kept)
    (1, 1, 3)
    """
    if name not in kept or kept[name][0] is not of:
        kept[name] = of, make()
    found: T = kept[name][1]
    return found
