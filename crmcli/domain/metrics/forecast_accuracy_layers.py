"""The deals behind the sums of the forecast's accuracy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from crmcli.domain.metrics.layers import Layer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

Part = Literal["months", "weeks", "owners"]
"""Tables of the report."""


@dataclass(frozen=True, slots=True)
class Deals:
    """The deals of one group's forecast and of what was won, and what each is worth in fen.

    Attributes:
        due: Open deals expected to close, with their `weight` and their amount of `then`.
        before: Deals won before, with what they were worth at that time (`won_then`).
        won: Deals won in the month, with their present amount (`now`).
        slipped: Which of `due` were still open when the month was over. unforeseen: Which of `won` were not forecast.
    """

    due: NDArray[Any]
    weight: NDArray[Any]
    then: NDArray[Any]
    before: NDArray[Any]
    won_then: NDArray[Any]
    won: NDArray[Any]
    now: NDArray[Any]
    slipped: NDArray[Any]
    unforeseen: NDArray[Any]


def accuracy_layers(behind: list[tuple[int, Deals]]) -> Iterator[Layer]:
    """Return the layers of one table's sums; one that has no such column has no use for a layer."""
    import numpy as np

    def layer(key: str, parts: Callable[[Deals], tuple[NDArray[Any], NDArray[Any]]], *also: str,
              amounts: str = "") -> Layer:  # fmt: skip
        made = [(row, *parts(own)) for row, own in behind]
        nothing = np.empty(0, dtype="int64")
        deals, worth = (np.concatenate([nothing, *(one[at] for one in made)]) for at in (1, 2))
        rows = np.concatenate([nothing, *(np.full(len(one[1]), one[0]) for one in made)])
        return Layer(key, deals, rows, worth=worth, also=also, amounts=amounts)

    yield layer("n", lambda own: (own.due, own.then), amounts="amount")
    yield layer("won_before", lambda own: (own.before, own.won_then))
    yield layer("forecast", lambda own: (np.r_[own.due, own.before], np.r_[own.weight, own.won_then]))
    yield layer("actual", lambda own: (own.won, own.now))
    yield layer("error", lambda own: (np.r_[own.due, own.before, own.won], np.r_[own.weight, own.won_then, -own.now]),
                "error_share", "bias", "wape")  # fmt: skip
    yield layer("slipped_n", lambda own: (own.due[own.slipped], own.then[own.slipped]), amounts="slipped")
    yield layer("unforeseen_n", lambda own: (own.won[own.unforeseen], own.now[own.unforeseen]), amounts="unforeseen")
