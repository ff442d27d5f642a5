"""Rows -> dictionary-encoded columns, in batches, so that a distinct text is kept once."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

from crmcli.importers.sheet import Column

_BATCH_ROWS = 8_192


class ColumnBuilder:
    """Collects a table's records and makes its columns."""

    def __init__(self, labels: Sequence[str]) -> None:
        self._labels = list(labels)
        self._values: list[list[str]] = [[] for _label in labels]
        self._indexes: list[dict[str, int]] = [{} for _label in labels]
        self._codes = [array("I") for _label in labels]
        self._batch: list[list[str]] = []
        self.rows = array("I")

    def add(self, number: int, cells: list[str]) -> None:
        """Add a record; cells beyond the columns so far make columns without a label."""
        self.rows.append(number)
        self._batch.append(cells)
        if len(self._batch) == _BATCH_ROWS:
            self._encode()

    def columns(self) -> list[Column]:
        """Return the columns; one without a label and without any text is dropped."""
        self._encode()
        return [
            Column(label, position, values, codes)
            for position, (label, values, codes) in enumerate(
                zip(self._labels, self._values, self._codes, strict=True), start=1
            )
            if label or any(values)
        ]

    def _encode(self) -> None:
        batch, self._batch = self._batch, []
        if not batch:
            return
        width = max(len(self._labels), *map(len, batch))
        done = len(self.rows) - len(batch)
        for _new in range(width - len(self._labels)):
            self._labels.append("")
            self._values.append([""] if done else [])
            self._indexes.append({"": 0} if done else {})
            self._codes.append(array("I", bytes(4 * done)))
        padded = [cells if len(cells) == width else cells + [""] * (width - len(cells)) for cells in batch]
        columns = zip(self._values, self._indexes, self._codes, zip(*padded, strict=True), strict=True)
        for values, index, codes, texts in columns:
            for text in dict.fromkeys(texts):
                if text not in index:
                    _enter(text, values, index)
            codes.extend(map(index.__getitem__, texts))


def _enter(text: str, values: list[str], index: dict[str, int]) -> None:
    """Give a new text its code; one of nothing but white space is the blank cell."""
    kept = "" if text.isspace() else text
    if kept not in index:
        index[kept] = len(values)
        values.append(kept)
    index[text] = index[kept]
