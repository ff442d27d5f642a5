"""Plain rows that find nothing: their records are made column by column, with nothing looked at twice.

Such a row makes just what `crmcli.jobs.importing.chunk` would make of it, under the same numbers.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from operator import itemgetter
from typing import Any

from crmcli.domain.area_guess import guessed_areas
from crmcli.domain.identity import Key, home_of_lead, keys_by_kind, keys_of_column, within
from crmcli.domain.intake import AREA, column_of, column_value, completed_area, in_key_order
from crmcli.domain.records import ENTITIES
from crmcli.importers.plain import KINDS, PlainRows
from crmcli.importers.sheet import Block
from crmcli.jobs.importing.context import ImportContext, SheetPlace, SheetTally
from crmcli.jobs.importing.fresh_deals import FreshDeals, nameless_keys
from crmcli.jobs.importing.witness import Witness
from crmcli.store.provenance import add_new_rows
from crmcli.store.records import encode_value, find_by_keys, has_keys

_MOST_KEYS = 400_000  # that wait to be written
_TELLING = ("address", "phones", "name")  # of a customer's area
Numbers = Mapping[str, Sequence[int]]


@dataclass(slots=True)
class FreshRows:
    """The writer of one sheet's fresh rows. `_known` are the kinds of which something was there before the sheet."""

    context: ImportContext
    place: SheetPlace
    witness: Witness
    tally: SheetTally
    _known: set[str] = field(init=False)
    _deals: FreshDeals = field(init=False)
    _keys: dict[tuple[str, str], list[tuple[str, int]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._deals = FreshDeals(self.context, self.place.system, self.tally)
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

    def write(self, plain: PlainRows, source_rows: Sequence[int], made_by: Numbers, block: Block) -> None:
        """Make the records of announced rows of a block.

        `made_by` are, by kind of record, the source rows of those made in this chunk before.
        """
        ids: dict[str, dict[int, int]] = {}
        for entity in KINDS:
            having = plain.having(entity)
            if having.any():
                own = plain.only(having)
                of_rows = self.context.fresh[entity]
                ids[entity] = self._numbers(entity, of_rows, made_by.get(entity, ()))
                homes = [ids["customer"][row] for row in of_rows] if entity in ("contact", "opportunity") else None
                self._make(entity, own, ids[entity], homes)
                self.tally.records[entity] += len(of_rows)
        self.context.fresh = {}
        self.tally.counts["new"] += len(source_rows)
        self._keep(plain, source_rows, ids.get(self.place.kind, {}), block)

    def _numbers(self, entity: str, source_rows: Sequence[int], others: Sequence[int]) -> dict[int, int]:
        """Return source row -> number of its record, in the order of the rows of the chunk."""
        first = self.context.run.reserve(entity, len(source_rows)) - len(others)
        if not others:
            return dict(zip(source_rows, count(first)))
        return {row: first + place + bisect_left(others, row) for place, row in enumerate(source_rows)}

    def _make(self, entity: str, plain: PlainRows, ids: dict[int, int], homes: Sequence[int] | None) -> None:
        said = {column_of(key): self._said(entity, key, plain) for key in plain.keys(entity)}
        said = {column: values for column, values in said.items() if column in ENTITIES[entity].columns}
        numbers = list(ids.values())
        self._note_keys(entity, said, numbers, homes)
        columns = {column: _stored(values) for column, values in said.items()}
        if homes is not None:
            columns["customer_id"] = homes
        if entity == "opportunity":
            columns |= self._deals.columns(said, numbers)
            self._deals.add_sums(plain, said)
        if entity == "customer":
            _add_areas(columns, plain)
        if plain.extra and entity in (self.place.kind, "customer"):
            about = self._are_about(entity, plain)
            columns["extra"] = [encode_value(in_key_order(extra)) if own else None
                                for extra, own in zip(plain.extras(), about, strict=True)]  # fmt: skip
        self.context.run.insert_columns(entity, numbers, columns, list(ids))
        if entity == "opportunity":
            keys = self._deals.write_events(said, numbers, list(ids))
            self._keys.setdefault(("event", "event"), []).extend(keys)

    def _note_keys(
        self, entity: str, said: Mapping[str, Sequence[Any]], numbers: Sequence[int], homes: Sequence[int] | None
    ) -> None:
        """Note the search keys of new records; see `finish`."""
        if entity == "opportunity" and homes is not None:
            self._keys.setdefault((entity, "name"), []).extend(nameless_keys(said, numbers, homes))
        for column, values in said.items():
            for kind, (found, places) in keys_by_kind(entity, column, values).items():
                keys = found
                if kind == "name" and entity != "customer":
                    inside: Sequence[int | str] = homes or [
                        home_of_lead(company) for company in said.get("company", [None] * len(numbers))
                    ]
                    keys = [within(inside[place], key) for key, place in zip(found, places, strict=True)]
                pending = self._keys.setdefault((entity, kind), [])
                pending += zip(keys, map(numbers.__getitem__, places), strict=True)
        if sum(map(len, self._keys.values())) > _MOST_KEYS:
            self.finish()

    def finish(self) -> None:
        """Write the search keys that were noted: many at once and sorted, which is much faster.

        Until then nothing finds the records: no other row of the sheet has a key of theirs.
        """
        for (entity, kind), pending in self._keys.items():
            pending.sort(key=itemgetter(0))
            self.context.run.add_keys(entity, kind, pending)
        self._keys.clear()

    def _are_about(self, entity: str, plain: PlainRows) -> Sequence[bool]:
        """Return which rows are mainly about a kind: a sheet of contacts may name customers without any."""
        if entity == self.place.kind:
            return [True] * len(plain.rows)
        others: list[bool] = (~plain.having(self.place.kind)).tolist()
        return others

    def _said(self, entity: str, key: str, plain: PlainRows) -> list[Any]:
        """Return what a field's column holds."""
        path = f"{entity}.{key}"
        if key == "owner":
            written = plain.value(path)
            for name, rows in Counter(written).items():
                if name:
                    self.context.owner_named(name, rows)
            return self._known_owners(written)
        if key != "external_id" and {str, type(None)}.issuperset(map(type, plain.fields[path].values)):
            return plain.value(path)
        return plain.value(path, lambda value: None if value is None else column_value(key, value, self.place.system))

    def _known_owners(self, written: Sequence[str | None]) -> list[str | None]:
        """Return owners as they are known; see `ImportContext.owner_named`."""
        names = {name: self.context.owner_named(name, 0) for name in set(written) if name}
        return [names[name] if name else None for name in written]

    def _of_main(self, key: str, plain: PlainRows) -> list[Any]:
        """Return a field of what each row is mainly about."""
        found: list[Any] = [None] * len(plain.rows)
        for kind in ("customer", self.place.kind):
            values = plain.value(f"{kind}.{key}") if key in plain.keys(kind) else [None] * len(found)
            mine = plain.having(kind) if kind == self.place.kind else self._are_about(kind, plain)
            found = [value if own else old for value, own, old in zip(values, mine, found, strict=True)]
        return self._known_owners(found) if key == "owner" else found

    def _keep(self, plain: PlainRows, source_rows: Sequence[int], ids: dict[int, int], block: Block) -> None:
        """Keep the raw cells of the rows, and what they were read as."""
        kind = self.place.kind
        day = self.witness.day or "created_at"
        stages, amounts = (
            plain.value(f"{kind}.{key}") if key in plain.keys(kind) else [None] * len(source_rows)
            for key in ("stage", "amount")
        )
        said = self.witness.keep_fresh(self._of_main("owner", plain), stages, self._of_main(day, plain), amounts)
        places = plain.rows.tolist()
        rows, made = map(block.rows.__getitem__, places), map(ids.get, source_rows)
        cells = block.cells_of(places)
        add_new_rows(self.context.run, self.place.source_sheet, kind, cells, source_rows, rows, made, said)


def _stored(values: Sequence[Any]) -> Sequence[Any]:
    """Return a column's values as SQLite keeps them."""
    if {list, dict}.isdisjoint(map(type, values)):
        return values
    return list(map(encode_value, values))


def _add_areas(columns: dict[str, Sequence[Any]], plain: PlainRows) -> None:
    """Add to customers what their addresses, landlines and names say of their area."""
    count = len(plain.rows)
    nothing = [None] * count
    known = zip(*(columns.get(key) or nothing for key in AREA), strict=True)
    address, phones, name = (
        plain.value(f"customer.{key}") if key in plain.keys("customer") else nothing for key in _TELLING
    )
    guesses = guessed_areas(_filled(address, ""), _filled(phones, ()), _filled(name, ""))
    area = map(completed_area, known, guesses)
    columns.update(zip(AREA, zip(*area, strict=True), strict=True))


def _filled(values: Sequence[Any], blank: Any) -> Sequence[Any]:
    return values if None not in values else [blank if value is None else value for value in values]
