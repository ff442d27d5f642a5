"""The deals behind the funnel's figures that overlap: a layer a column."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from crmcli.domain.metrics.layers import Layer
from crmcli.domain.metrics.money import fen
from crmcli.domain.metrics.timeline import LOST, OPEN, VOID

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from crmcli.domain.metrics.funnel import FunnelFigures, Mode
    from crmcli.domain.metrics.timeline import Timeline


class _Tables:
    """What makes layers of tables of one row a deal and one column a rank (the won row's last)."""

    def __init__(self, figures: FunnelFigures) -> None:
        import numpy as np

        people = figures.cohort
        self._people, self.ranks = people, people.inside.shape[1]
        self.inside = np.column_stack([people.inside, figures.won])
        self.passed = np.column_stack([people.passed, np.zeros(len(people.picked), dtype=bool)])

    def layer(self, key: str, table: NDArray[Any], counted: NDArray[Any] | None = None,
              worth: str | None = None) -> Layer:  # fmt: skip
        """Return the layer of a column: the deals and ranks where `table` is true."""
        import numpy as np

        rank, at = np.nonzero(table.T)
        rows = self._people.groups.codes[at] * (self.ranks + 1) + rank
        return Layer(key, self._people.picked[at], rows, None if counted is None else counted[at, rank], worth)

    def ranked(self, whether: NDArray[Any]) -> NDArray[Any]:
        """Return a table that says the same of each deal in every row but the won one."""
        import numpy as np

        table: NDArray[Any] = whether[:, None] & (np.arange(self.ranks + 1) < self.ranks)
        return table


def funnel_layers(line: Timeline, figures: FunnelFigures, mode: Mode) -> Iterator[Layer]:
    """Return the deals behind the figures that are no block of the funnel's own order."""
    import numpy as np

    people, tables = figures.cohort, _Tables(figures)
    inside = tables.inside
    entered = np.column_stack([people.passage.entered, ~people.end_inferred]) & inside
    unclear = np.column_stack([people.passage.unclear, people.end_inferred]) & inside
    yield tables.layer("entered", entered)
    yield tables.layer("skipped", inside & ~entered & ~unclear)
    yield tables.layer("entry_unknown", unclear)
    yield tables.layer("regressed", people.passage.regressed)
    first = np.arange(tables.ranks + 1) == 0
    nowhere = people.unplaced & inside[:, 0]
    yield tables.layer("unplaced", nowhere[:, None] & first)
    yield tables.layer("no_amount", inside & ~fen(line, people.picked)[1][:, None])
    yield tables.layer("amount_first", inside, worth="amount_first_fen")
    if mode != "reached":
        yield from _ends(figures, tables, strict=mode == "strict")
    if nowhere.any():
        yield from _bounds(figures, tables, nowhere, decided=mode == "reached")


def _ends(figures: FunnelFigures, tables: _Tables, *, strict: bool) -> Iterator[Layer]:
    """Return what the funnel by highest stage has as blocks.

    Who entered a stage may not have entered the first one: only in order the first row is what the others are out of.
    """
    import numpy as np

    people, inside, passed = figures.cohort, tables.inside, tables.passed
    stages = np.arange(tables.ranks + 1) < tables.ranks
    stays = people.highest[:, None] == np.arange(1, tables.ranks + 2)
    here = inside & ~passed & stages
    yield replace(tables.layer("reached", inside), also=() if strict else ("cumulative_rate",))
    yield tables.layer("amount", inside, worth="amount_fen")
    for key, status in (("lost_here", LOST), ("void_here", VOID), ("open_here", OPEN)):
        yield tables.layer(key, here & stays & (people.status == status)[:, None])
    yield tables.layer("left", here & ~stays & ~people.unplaced[:, None])
    not_open = ~(here & stays & (people.status == OPEN)[:, None])
    first = np.arange(tables.ranks + 1) == 0
    placed = ~(people.unplaced[:, None] & first)
    yield tables.layer("step_rate", inside & stages & placed, passed)
    yield tables.layer("decided_rate", inside & stages & not_open, passed)
    if strict:
        begun = np.repeat(inside[:, :1], tables.ranks + 1, axis=1)
        yield tables.layer("cumulative_rate", begun, inside)


def _bounds(figures: FunnelFigures, tables: _Tables, nowhere: NDArray[Any], *, decided: bool) -> Iterator[Layer]:
    """Return what the rates are with the deals without a place, of which nobody knows whether they passed."""
    import numpy as np

    people, passed = figures.cohort, tables.passed
    rows = tables.ranked(np.ones(len(nowhere), dtype=bool))
    first = np.arange(tables.ranks + 1) == 0
    placed = tables.inside & rows & ~(nowhere[:, None] & first)
    yield tables.layer("step_rate_low", placed | (nowhere[:, None] & rows), passed)
    could = nowhere[:, None] & (np.arange(tables.ranks + 1) < tables.ranks - 1)
    yield tables.layer("step_rate_high", placed | could, passed | could)
    if decided:
        still_open = (people.highest == 1) & (people.status == OPEN) & ~people.unplaced
        yield tables.layer("decided_rate", tables.inside & first & ~still_open[:, None], passed)
