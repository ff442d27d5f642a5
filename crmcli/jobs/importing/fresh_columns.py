"""What plain rows say, column by column: all that their records will hold besides their own numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crmcli.domain.area_guess import guessed_areas
from crmcli.domain.identity import keys_by_kind
from crmcli.domain.intake import AREA, column_of, column_value, completed_area
from crmcli.domain.records import ENTITIES
from crmcli.domain.values.money import Amount, yuan_to_fen
from crmcli.importers.plain import KINDS, PlainRows
from crmcli.importers.sheet import Block
from crmcli.jobs.importing.context import ImportContext, SheetPlace
from crmcli.jobs.importing.witness import Witness
from crmcli.store.records import known_value

_TELLING = ("address", "phones", "name")  # of a customer's area


@dataclass(frozen=True, slots=True)
class FreshPart:
    """The new records of one kind: record i is of row `rows.rows[i]` of the block.

    `said` are their columns as they were read, `columns` as they are to be kept; `keys` are (kind of key, the keys,
    the place of the record that each finds).
    """

    entity: str
    rows: PlainRows
    said: Mapping[str, Sequence[Any]]
    columns: dict[str, Sequence[Any]]
    keys: list[tuple[str, Sequence[str], Sequence[int]]]


@dataclass(frozen=True, slots=True)
class FreshSaid:
    """What some plain rows of a block say: by kind of record, and beside the raw cells of each row (`witnessed`)."""

    parts: list[FreshPart]
    rows: list[int]
    cells: list[tuple[str, ...]]
    witnessed: list[tuple[str | int | None, ...]]


@dataclass(frozen=True, slots=True)
class FreshColumns:
    """The reader of one sheet's fresh rows."""

    context: ImportContext
    place: SheetPlace
    witness: Witness

    def read(self, plain: PlainRows, block: Block) -> FreshSaid:
        """Return what plain rows of a block say."""
        having = {entity: plain.having(entity) for entity in KINDS}
        parts = [self._part(entity, plain.only(rows)) for entity, rows in having.items() if rows.any()]
        places = plain.rows.tolist()
        numbers = list(map(block.rows.__getitem__, places))
        return FreshSaid(parts, numbers, list(block.cells_of(places)), self._witnessed(plain))

    def _part(self, entity: str, plain: PlainRows) -> FreshPart:
        said = {column_of(key): self._said(entity, key, plain) for key in plain.keys(entity)}
        said = {column: values for column, values in said.items() if column in ENTITIES[entity].columns}
        keys = [
            (kind, found, places)
            for column, values in said.items()
            for kind, (found, places) in keys_by_kind(entity, column, values).items()
        ]
        columns: dict[str, Sequence[Any]] = {column: list(map(known_value, values)) for column, values in said.items()}
        if entity == "customer":
            _add_areas(columns, plain)
        if plain.extra and entity in (self.place.kind, "customer"):
            about = self._are_about(entity, plain)
            columns["extra"] = [extra or None if own else None
                                for extra, own in zip(plain.extras(), about, strict=True)]  # fmt: skip
        return FreshPart(entity, plain, said, columns, keys)

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

    def _witnessed(self, plain: PlainRows) -> list[tuple[str | int | None, ...]]:
        """Return what is kept of each row beside its cells; see `Witness`."""
        kind = self.place.kind
        day = self.witness.day or "created_at"
        stages, amounts_fen = (
            plain.value(f"{kind}.{key}", change) if key in plain.keys(kind) else [None] * len(plain.rows)
            for key, change in (("stage", None), ("amount", _fen))
        )
        return self.witness.keep_fresh(self._of_main("owner", plain), stages, self._of_main(day, plain), amounts_fen)


def _fen(amount: Amount | None) -> int | None:
    return None if amount is None else yuan_to_fen(amount.value)


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
