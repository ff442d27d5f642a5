"""Rows that are counted and not kept one by one: how many, and what they said, by owner, stage and month."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from crmcli.domain.said import Said

# what a statement is broken down by
CUTS = ("owner", "stage", "month")
Cell = list[int]  # rows, and the sum of their amounts in fen
Label = tuple[str | None, str | None]  # what the cut calls the rows, and their amounts' currency


class SourceTally:
    """Rows of one sheet in sum; `cells` goes by cut, then by (label, currency)."""

    def __init__(self) -> None:
        self.rows = 0
        self.cells: dict[str, dict[Label, Cell]] = {cut: {} for cut in CUTS}

    def add(self, said: Said) -> None:
        """Count one row."""
        self.rows += 1
        fen = said.amount_fen or 0
        for cut, label in zip(CUTS, (said.owner, said.stage, said.month), strict=True):
            cell = self.cells[cut].setdefault((label, said.currency), [0, 0])
            cell[0] += 1
            cell[1] += fen

    def sums(self) -> dict[str, int]:
        """Return currency -> the sum of the amounts in fen."""
        found: dict[str, int] = {}
        for (_label, currency), (_rows, fen) in self.cells["owner"].items():
            if currency is not None:
                found[currency] = found.get(currency, 0) + fen
        return found

    def as_json(self) -> dict[str, Any]:
        """Return what `from_json` takes."""
        cells = {cut: [[*label, *cell] for label, cell in own.items()] for cut, own in self.cells.items()}
        return {"rows": self.rows, "cells": cells}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> SourceTally:
        """Return the tally that was kept as JSON."""
        tally = cls()
        tally.rows = stored["rows"]
        for cut, rows in stored["cells"].items():
            tally.cells[cut] = {(label, currency): [n, fen] for label, currency, n, fen in rows}
        return tally

    @classmethod
    def of(cls, rows: Iterable[Said]) -> SourceTally:
        """Return the tally of rows."""
        tally = cls()
        for said in rows:
            tally.add(said)
        return tally
