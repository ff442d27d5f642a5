"""The search keys of fresh rows' records: they wait until there are many of a kind, which is much faster.

Until they are written nothing finds the records: no other row of the sheet has a key of theirs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from crmcli.store.journal import Run

_MOST = 400_000  # that wait to be written


@dataclass(slots=True)
class FreshKeys:
    """Keys by (kind of record, kind of key): value -> record."""

    run: Run
    _waiting: dict[tuple[str, str], dict[str, int]] = field(default_factory=dict)

    def add(self, entity: str, kind: str, values: Iterable[str], numbers: Iterable[int]) -> None:
        """Note keys of one kind: their values and the records they find."""
        pairs = list(zip(values, numbers, strict=True))
        own = dict(pairs)
        waiting = self._waiting.setdefault((entity, kind), {})
        if len(own) < len(pairs) or not own.keys().isdisjoint(waiting):  # a key of several records
            self.run.add_keys(entity, kind, pairs)
        else:
            waiting |= own

    def write_some(self) -> None:
        """Write those of the kind that has most, where too many wait."""
        if sum(map(len, self._waiting.values())) > _MOST:
            self._write(max(self._waiting, key=lambda kind: len(self._waiting[kind])))

    def write_all(self) -> None:
        """Write all that wait."""
        for kind in list(self._waiting):
            self._write(kind)

    def _write(self, kind: tuple[str, str]) -> None:
        self.run.add_keys(*kind, self._waiting.pop(kind).items())
