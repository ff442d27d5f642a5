"""Plain rows that find nothing: their records are made column by column, with nothing looked at twice.

Such a row makes just what `crmcli.jobs.importing.chunk` would make of it, under the same numbers.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from crmcli.domain.identity import Key, home_of_lead, keys_of_column, within
from crmcli.domain.intake import column_value
from crmcli.importers.plain import KINDS, PlainRows
from crmcli.jobs.importing.context import ImportContext, SheetPlace, SheetTally
from crmcli.jobs.importing.fresh_columns import FreshPart, FreshSaid
from crmcli.jobs.importing.fresh_deals import FreshDeals, nameless_keys
from crmcli.jobs.importing.fresh_keys import FreshKeys
from crmcli.store.provenance import add_new_rows
from crmcli.store.records import find_by_keys, has_keys

Numbers = Mapping[str, Sequence[int]]


@dataclass(slots=True)
class FreshRows:
    """The writer of one sheet's fresh rows. `_known` are the kinds of which something was there before the sheet."""

    context: ImportContext
    place: SheetPlace
    tally: SheetTally
    _known: set[str] = field(init=False)
    _deals: FreshDeals = field(init=False)
    _keys: FreshKeys = field(init=False)

    def __post_init__(self) -> None:
        self._deals = FreshDeals(self.context, self.place.system, self.tally)
        self._keys = FreshKeys(self.context.run)
        self._known = {entity for entity in KINDS if has_keys(self.context.run.db, entity)}

    def among(self, plain: PlainRows) -> PlainRows:
        """Return those of the rows that find no record that was there before."""
        if self.place.kind == "lead" and "lead" in self._known:  # known ones may get this row's company or name
            return plain.between(0, 0)
        if self.place.kind == "opportunity":
            plain = self._deals.among(plain)
        for entity in ("customer", "contact", "opportunity"):
            if entity in self._known and len(plain.rows):
                keys = self._row_keys(entity, plain)
                found = find_by_keys(self.context.run.db, entity, (key for own in keys for key in own)).keys()
                names = self.context.other_names(entity)
                plain = plain.but(
                    [place for place, own in enumerate(keys) if any(key in found or key in names for key in own)]
                )
        return plain

    def _row_keys(self, entity: str, plain: PlainRows) -> list[list[Key]]:
        """Return the keys of each row that might find something; what is within a new customer cannot."""
        columns = [key for key in plain.keys(entity) if entity == "customer" or key != "name"]
        by_column = [self._column_keys(entity, key, plain) for key in columns]
        return [[key for own in rows for key in own] for rows in zip(*by_column, strict=True)]

    def _column_keys(self, entity: str, key: str, plain: PlainRows) -> list[list[Key]]:
        column = "external_ids" if key == "external_id" else key

        def keys_of_value(value: Any) -> list[Key]:
            return [] if value is None else keys_of_column(entity, column, column_value(key, value, self.place.system))

        return plain.value(f"{entity}.{key}", keys_of_value)

    def announce(self, plain: PlainRows, source_rows: Sequence[int]) -> None:
        """Let numbers be left for the records of these rows while others are written; see `write`."""
        self.context.fresh = {
            entity: [row for row, has in zip(source_rows, plain.having(entity), strict=True) if has]
            for entity in KINDS if len(plain.rows)
        }  # fmt: skip

    def write(self, said: FreshSaid, source_rows: Sequence[int], made_by: Numbers) -> None:
        """Make the records of announced rows.

        `made_by` are, by kind of record, the source rows of those made in this chunk before.
        """
        ids: dict[str, dict[int, int]] = {}
        for part in said.parts:
            of_rows = self.context.fresh[part.entity]
            own = ids[part.entity] = self._numbers(part.entity, of_rows, made_by.get(part.entity, ()))
            at_home = part.entity in ("contact", "opportunity")
            self._make(part, own, [ids["customer"][row] for row in of_rows] if at_home else None)
            self.tally.records[part.entity] += len(of_rows)
        self.context.fresh = {}
        self.tally.counts["new"] += len(source_rows)
        kind = self.place.kind
        made = list(map(ids.get(kind, {}).get, source_rows))
        columns = (said.cells, source_rows, said.rows, made, said.witnessed)
        add_new_rows(self.context.run, self.place.source_sheet, kind, *columns)
        self._keys.write_some()

    def _numbers(self, entity: str, source_rows: Sequence[int], others: Sequence[int]) -> dict[int, int]:
        """Return source row -> number of its record, in the order of the rows of the chunk."""
        first = self.context.run.reserve(entity, len(source_rows)) - len(others)
        if not others:
            return dict(zip(source_rows, count(first)))
        return {row: first + place + bisect_left(others, row) for place, row in enumerate(source_rows)}

    def _make(self, part: FreshPart, ids: dict[int, int], homes: Sequence[int] | None) -> None:
        numbers, columns = list(ids.values()), dict(part.columns)
        if homes is not None:
            columns["customer_id"] = homes
        if part.entity == "opportunity":
            columns |= self._deals.columns(part.said, numbers)
            self._deals.add_sums(part.rows, part.said)
        self.context.run.insert_columns(part.entity, numbers, columns, list(ids))
        self._note_keys(part, numbers, homes)
        if part.entity == "opportunity":
            self._keys.add("event", "event", *self._deals.write_events(part.said, numbers, list(ids)))

    def _note_keys(self, part: FreshPart, numbers: Sequence[int], homes: Sequence[int] | None) -> None:
        """Note the search keys of new records."""
        if part.entity == "opportunity" and homes is not None:
            self._keys.add(part.entity, "name", *nameless_keys(part.said, numbers, homes))
        for kind, found, places in part.keys:
            keys = found
            if kind == "name" and part.entity != "customer":
                inside: Sequence[int | str] = homes or [
                    home_of_lead(company) for company in part.said.get("company", [None] * len(numbers))
                ]
                keys = [within(inside[place], key) for key, place in zip(found, places, strict=True)]
            self._keys.add(part.entity, kind, keys, map(numbers.__getitem__, places))

    def finish(self) -> None:
        """Write the search keys that still wait, and wait until all is written."""
        self._keys.write_all()
        self.context.run.beside.settle()
