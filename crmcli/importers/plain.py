"""Rows whose cells all say a plain value: they are taken column by column, each distinct value looked at once.

What such a row says is what `crmcli.importers.extract.drafts` would say of it; rows that need a closer look (a value
that cannot be read, a cell of several people, texts to be joined ...) are left to it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from crmcli.domain.intake import AREA, region_columns
from crmcli.domain.problem import Problem
from crmcli.domain.values.money import Amount
from crmcli.importers.mapping import SheetMapping
from crmcli.importers.meaning import EXTRA
from crmcli.importers.parsers import Person
from crmcli.importers.parsing import ParsedColumn

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Codes = NDArray[np.int64]
    Mask = NDArray[np.bool_]

KINDS = ("customer", "contact", "lead", "opportunity")
# what one of these kinds must have for a row to name it
IDENTIFYING = {
    "customer": ("name", "external_id", "credit_code", "short_name"),
    "contact": ("name", "external_id"),
    "lead": ("name", "external_id", "phones", "company"),
}
_REGION = ("region", *AREA)
# fields that are put together with others, row by row
_COMPOSED = ("nickname", "first_name")
# what tells of a deal's end, or rests on what is known elsewhere, is looked at row by row
_ENDS = ("status", "closed_at", "loss_reason", "pipeline", "probability")
_BY_ROW = frozenset({*_ENDS, "product", "currency", "budget", "members"})


@dataclass(frozen=True)
class Values:
    """One field of all rows of a block: row i has `values[codes[i]]`, None where it says nothing."""

    values: list[Any]
    codes: Codes

    @cached_property
    def filled(self) -> Mask:
        """Which rows say something."""
        import numpy as np

        if None not in self.values:
            return np.ones(len(self.codes), bool)
        return np.fromiter((value is not None for value in self.values), bool, len(self.values))[self.codes]

    @cached_property
    def _objects(self) -> NDArray[np.object_]:
        return _objects(self.values)

    def at(self, rows: Codes, change: Callable[[Any], Any] | None = None) -> list[Any]:
        """Return the values of some rows, each distinct value changed once."""
        import numpy as np

        codes = self.codes[rows]
        found: list[Any]
        if change is None:
            found = self._objects[codes].tolist()
            return found
        used, places = np.unique(codes, return_inverse=True)
        found = _objects([change(value) for value in self._objects[used].tolist()])[places].tolist()
        return found


def _objects(values: list[Any]) -> NDArray[np.object_]:
    import numpy as np

    objects = np.empty(len(values), object)
    objects[:] = values
    return objects


@dataclass(frozen=True, slots=True)
class PlainRows:
    """The plain rows of a block, ascending, and their fields by path; `extra` are the columns that are no field."""

    rows: Codes
    fields: Mapping[str, Values] = field(default_factory=dict)
    extra: Sequence[tuple[str, Values]] = ()

    def only(self, wanted: Mask) -> PlainRows:
        """Return those of the rows, by their place among them, that are wanted."""
        return PlainRows(self.rows[wanted], self.fields, self.extra)

    def but(self, places: Sequence[int]) -> PlainRows:
        """Return the rows without those at some places among them."""
        import numpy as np

        return PlainRows(np.delete(self.rows, np.array(places, np.int64)), self.fields, self.extra)

    def between(self, first: int, end: int) -> PlainRows:
        """Return those of the rows whose index in the block is from `first` to before `end`."""
        return self.only((self.rows >= first) & (self.rows < end))

    def keys(self, entity: str) -> list[str]:
        """Return the fields that some row of the block says of one kind of record."""
        return [path.partition(".")[2] for path in self.fields if path.startswith(f"{entity}.")]

    def having(self, entity: str) -> Mask:
        """Return which of the rows say anything of one kind of record."""
        import numpy as np

        said = np.zeros(len(self.rows), bool)
        for key in self.keys(entity):
            said |= self.fields[f"{entity}.{key}"].filled[self.rows]
        return said

    def value(self, path: str, change: Callable[[Any], Any] | None = None) -> list[Any]:
        """Return one field of the rows, each distinct value changed once (None too)."""
        return self.fields[path].at(self.rows, change)

    def extras(self) -> list[dict[str, str]]:
        """Return the cells that no field takes, header -> text, of each row; the headers in a fixed order."""
        headers = sorted(header for header, _values in self.extra)
        texts = {header: values.at(self.rows) for header, values in self.extra}
        if not headers:
            return [{} for _ in range(len(self.rows))]
        rows = zip(*(texts[header] for header in headers), strict=True)
        return [{header: text for header, text in zip(headers, row, strict=True) if text} for row in rows]


def plain_rows(columns: Sequence[ParsedColumn], mapping: SheetMapping, count: int, out: Collection[int]) -> PlainRows:
    """Return the plain rows of a block of `count` rows, those whose index is `out` left out.

    `columns` are the block's, parsed.
    """
    import numpy as np

    none = PlainRows(np.empty(0, np.int64))
    kind, preset = mapping.kind or "", mapping.preset
    headers = [column.map.header for column in columns if column.map.path == EXTRA]
    if kind not in KINDS or (preset and preset.constant) or len(set(headers)) < len(headers) or "" in headers:
        return none
    plain = np.ones(count, bool)
    plain[np.fromiter(out, np.int64, len(out))] = False
    fields, extra = _fields(columns, kind, plain)
    if fields is None:
        return none
    _owner_of_customer(fields, mapping)
    found = PlainRows(np.arange(count), fields, extra)
    _leave_out_unnamed(found, kind, plain)
    return found.only(plain)


def _fields(
    columns: Sequence[ParsedColumn], kind: str, plain: Mask
) -> tuple[dict[str, Values] | None, list[tuple[str, Values]]]:
    """Return the fields by path and the extra columns; rows that need a closer look are struck from `plain`."""
    by_path: dict[str, list[Values]] = {}
    extra, area = [], dict[str, Values]()
    for column in columns:
        values = _read(column, plain)
        entity, _, key = column.map.path.partition(".")
        if column.map.path == EXTRA:
            extra.append((column.map.header, values))
        elif not _is_taken(entity, key, kind) or column.map.type in ("tag_group", "stage_date"):
            plain &= ~values.filled
        elif column.map.type != "region":
            by_path.setdefault(column.map.path, []).append(values)
        elif entity != "customer" or key in area:
            return None, []
        else:
            area[key] = Values([text if value is not None else "" for text, value in
                                zip(column.texts, values.values, strict=True)], values.codes)  # fmt: skip
    fields = {path: _united(own, plain) for path, own in by_path.items()}
    return fields | (_areas(area, plain) if area else {}), extra


def _is_taken(entity: str, key: str, kind: str) -> bool:
    """Return whether a field is taken column by column in a sheet of a kind."""
    if entity == "opportunity":
        return kind == entity and key not in _BY_ROW
    return entity in KINDS and key not in _COMPOSED


def _read(column: ParsedColumn, plain: Mask) -> Values:
    """Return a column's values, a person that is nothing but a name as the name."""
    import numpy as np

    codes = np.asarray(column.codes, dtype=np.int64)
    if {Person, Problem, Amount}.isdisjoint(map(type, column.values)):
        return Values(column.values, codes)
    values = [value.name if isinstance(value, Person) else value for value in column.values]
    odd = [_is_odd(value, text) for value, text in zip(column.values, column.texts, strict=True)]
    if any(odd):
        plain &= ~np.array(odd)[codes]
    return Values(values, codes)


def _is_odd(value: Any, text: str) -> bool:
    if isinstance(value, Person):
        return bool(value.company or value.phones or value.others) or value.name != text
    if isinstance(value, Amount):
        return value.currency is not None
    return isinstance(value, Problem)


def _united(parts: Sequence[Values], plain: Mask) -> Values:
    """Return one field that several columns fill: lists are united, rows with two other values left out."""
    import numpy as np

    first, *others = parts
    for other in others:
        both = first.filled & other.filled
        codes = np.where(first.filled, first.codes, other.codes + len(first.values))
        values = [*first.values, *other.values]
        for row in np.flatnonzero(both).tolist():
            one, two = first.values[first.codes[row]], other.values[other.codes[row]]
            if isinstance(one, list) and isinstance(two, list):
                codes[row] = len(values)
                values.append(list(dict.fromkeys(one + two)))
            else:
                plain[row] = False
        first = Values(values, codes)
    return first


def _areas(area: Mapping[str, Values], plain: Mask) -> dict[str, Values]:
    """Return province, city and district, read together; rows whose area finds no place in them are left out."""
    import numpy as np

    together = np.zeros(len(plain), np.int64)
    for values in area.values():
        _, together = np.unique(together * len(values.values) + values.codes, return_inverse=True)
    _, first = np.unique(together, return_index=True)
    texts = [[area[key].values[code] for code in area[key].codes[first]] if key in area else [""] * len(first)
             for key in _REGION]  # fmt: skip
    placed = [region_columns(*own) for own in zip(*texts, strict=True)]
    plain &= ~np.array([bool(unplaced) for _, unplaced in placed], bool)[together]
    return {f"customer.{key}": Values([found.get(key) for found, _ in placed], together) for key in AREA}


def _owner_of_customer(fields: dict[str, Values], mapping: SheetMapping) -> None:
    """Let the owner of a contact be its customer's where no preset says otherwise."""
    owner, own = fields.get("contact.owner"), fields.get("customer.owner")
    customer = any(path.startswith("customer.") for path in fields)
    if mapping.kind == "contact" and mapping.preset is None and owner is not None and customer:
        import numpy as np

        fields["customer.owner"] = owner if own is None else Values(
            [*own.values, *owner.values], np.where(own.filled, own.codes, owner.codes + len(own.values))
        )  # fmt: skip


def _leave_out_unnamed(found: PlainRows, kind: str, plain: Mask) -> None:
    """Strike the rows that do not name what they speak of, or that speak of a contact or a deal of nobody."""
    import numpy as np

    having = {entity: found.having(entity) for entity in KINDS}
    if kind == "opportunity":
        plain &= having["customer"]
    for entity, keys in IDENTIFYING.items():
        is_named = np.zeros(len(plain), bool)
        for key in keys:
            if f"{entity}.{key}" in found.fields:
                is_named |= found.fields[f"{entity}.{key}"].filled
        plain &= is_named | ~having[entity]
    plain &= having["customer" if kind == "contact" else kind]
