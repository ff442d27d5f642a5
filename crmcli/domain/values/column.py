"""The one way to apply a scalar parser to a column."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from crmcli.domain.problem import Problem
from crmcli.domain.values.text import is_blank

T = TypeVar("T")


def parse_column(parser: Callable[[str], T | Problem], values: Sequence[str]) -> list[T | Problem | None]:
    """Return what `parser` makes of each text, in order; None for a blank cell.

    Each distinct text is parsed once, so hand over a column's distinct values where they are known.
    """
    parsed: dict[str, T | Problem | None] = {}
    for text in values:
        if text not in parsed:
            parsed[text] = None if is_blank(text) else parser(text)
    return [parsed[text] for text in values]
