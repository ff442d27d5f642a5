"""What the rows of a sheet name, as hashes: which rows name the same thing, found without holding the sheet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

from crmcli.domain.problem import Problem
from crmcli.domain.values.text import fold, fold_all
from crmcli.importers.parsers import Person
from crmcli.importers.parsing import ColumnParser, ParsedColumn
from crmcli.importers.sheet import Sheet

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Rows = NDArray[np.int64]

_MIXED = 0x9E3779B97F4A7C1  # mixes two hashes, so that equal ones do not cancel out
# what finds a record, by field -> the kind of key; phones and names are looked for whoever's they are
_FOUND_BY = {
    "customer.external_id": "customer number",
    "customer.credit_code": "credit code",
    "customer.name": "firm",
    "customer.phones": "phone",
    "contact.external_id": "contact number",
    "contact.phones": "phone",
    "contact.wechat": "wechat",
    "lead.external_id": "lead number",
    "lead.phones": "phone",
    "opportunity.external_id": "deal number",
}
_PERSONS = "contact.name"
_LEAD, _LEADS_FIRM = "lead.name", "lead.company"


@dataclass(frozen=True, slots=True)
class Keys:
    """Keys of a sheet's rows: `hashes[i]` is of a key that row `rows[i]` has; a row may have several."""

    hashes: Rows
    rows: Rows

    def shared(self, unsure: Rows | None = None) -> Rows:
        """Return the rows whose key another row has too; where `unsure` rows are given, one of them must have it."""
        import numpy as np

        in_order = np.sort(self.hashes)
        twice = np.isin(self.hashes, in_order[1:][in_order[1:] == in_order[:-1]])
        if not twice.any():
            return self.rows[:0]
        order = np.argsort(self.hashes[twice], kind="stable")
        hashes, rows = self.hashes[twice][order], self.rows[twice][order]
        starts = np.flatnonzero(np.concatenate([[True], hashes[1:] != hashes[:-1]]))
        several = np.minimum.reduceat(rows, starts) != np.maximum.reduceat(rows, starts)
        if unsure is not None:
            several &= np.logical_or.reduceat(np.isin(rows, unsure), starts)
        return np.unique(rows[np.repeat(several, np.diff(np.append(starts, len(rows))))])

    def within(self, home: Rows) -> Keys:
        """Return the keys of the rows that have a home (`home[row]`, 0 for none), each as one of that home only."""
        import numpy as np

        own = home[self.rows]
        at_home = own != 0
        return Keys(self.hashes[at_home] ^ (own[at_home] * np.int64(_MIXED)), self.rows[at_home])


Naming = Callable[[Any], Sequence[str]]
Wanted = Mapping[str, tuple[ColumnParser, Naming]]


def named(value: Any) -> list[str]:
    """Return what a parsed cell names: a folded text, the items of a list, all people of a cell with their phones."""
    if value is None or isinstance(value, Problem):
        return []
    if isinstance(value, list):
        return value
    if not isinstance(value, Person):
        return [fold(str(value))]
    names = [fold(value.name), *(fold(other.name) for other in value.others)]
    return [*names, *_phones(value)]


def _phones(value: Any) -> list[str]:
    if not isinstance(value, Person):
        return []
    return [*value.phones, *(phone for other in value.others for phone in other.phones)]


def _firm(value: Any) -> list[str]:
    return [fold(value.company)] if isinstance(value, Person) and value.company else []


_OF_PERSONS = (_phones, _firm)


def keys_of_columns(sheet: Sheet, wanted: Wanted) -> dict[str, Keys]:
    """Return the keys of columns, found in one pass: each is asked for by a name, with what its cells name."""
    import numpy as np

    parsers = {parser.map.index: parser for parser, _naming in wanted.values()}
    found: dict[str, list[tuple[Rows, Rows]]] = {name: [] for name in wanted}
    for block in sheet.blocks() if wanted else ():
        parsed = {at: parser.parse(block.columns[at]) for at, parser in parsers.items()}
        known: dict[tuple[int, Naming], tuple[Rows, Rows]] = {}
        for name, (parser, naming) in wanted.items():
            column = parsed[parser.map.index]
            if (parser.map.index, naming) not in known:
                hashes, places = _hashes_of(column, naming)
                known[parser.map.index, naming] = (hashes, places + block.start)
            found[name].append(known[parser.map.index, naming])
    none = np.empty(0, np.int64)
    return {name: Keys(*(np.concatenate([none, *part]) for part in zip(*own, strict=True)) if own else (none, none))
            for name, own in found.items()}  # fmt: skip


def _hashes_of(column: ParsedColumn, naming: Naming) -> tuple[Rows, Rows]:
    """Return (hash, place) of every key of a block's column."""
    import numpy as np

    kinds = set(map(type, column.values))
    if naming in _OF_PERSONS and Person not in kinds:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    if naming is not named or kinds != {str}:
        return _spread([naming(value) for value in column.values], column.codes)
    hashes = np.fromiter(map(hash, fold_all(column.values)), np.int64, len(column.values))
    return hashes[np.asarray(column.codes, dtype=np.int64)], np.arange(len(column.codes))


def _spread(keys: Sequence[Sequence[str]], codes: Sequence[int]) -> tuple[Rows, Rows]:
    """Return (hash, place) of every key of a block's column, of which a distinct value may have none or several."""
    import numpy as np

    flat = np.fromiter(map(hash, chain.from_iterable(keys)), np.int64)
    counts = np.fromiter(map(len, keys), np.int64, len(keys))
    starts = np.cumsum(counts) - counts
    of_row = np.asarray(codes, dtype=np.int64)
    number = counts[of_row]
    before = np.cumsum(number) - number
    places = np.repeat(np.arange(len(of_row)), number)
    return flat[np.repeat(starts[of_row] - before, number) + np.arange(len(places))], places


def finding(parsers: Sequence[ColumnParser]) -> Wanted:
    """Return the columns that say what finds a customer, a contact or a lead, to be asked for by `keys_of_columns`."""
    wanted: dict[str, tuple[ColumnParser, Naming]] = {}
    for parser in parsers:
        path = parser.map.path
        if path in _FOUND_BY or path in (_LEAD, _LEADS_FIRM):
            wanted[f"{path} {parser.map.index}"] = (parser, named)
        if path in (_PERSONS, _LEAD):
            wanted[f"phones in {parser.map.index}"] = (parser, _phones)
            wanted[f"firm in {parser.map.index}"] = (parser, _firm)
    return wanted


def rows_that_may_meet(keys: Mapping[str, Keys]) -> Rows:
    """Return the rows that might find a record that other rows of the sheet make; `keys` are those of `finding`."""
    import numpy as np

    spaces: dict[str, list[Keys]] = {}
    for name, own in keys.items():
        spaces.setdefault(_space(name), []).append(own)
    united = {space: _united(parts) for space, parts in spaces.items()}
    leads = _leads_that_may_meet(united.pop(_LEAD, None), united.pop(_LEADS_FIRM, None))
    return np.unique(np.concatenate([leads, *(own.shared() for own in united.values())]))


def _leads_that_may_meet(names: Keys | None, firms: Keys | None) -> Rows:
    """Return the rows whose lead is called as another and whose company is another's too, or that name none.

    A lead is its name within its company, but it may have got the one from this row and the other from that.
    """
    import numpy as np

    none = np.empty(0, np.int64)
    alike = names.shared() if names is not None else none
    with_firm, sharing = (firms.rows, firms.shared()) if firms is not None else (none, none)
    return np.setdiff1d(alike, np.setdiff1d(with_firm, sharing))


def _space(name: str) -> str:
    """Return in which space keys are compared: phones, firms and numbers each in one, whoever's they are."""
    path = name.partition(" ")[0]
    if path in (_LEAD, _LEADS_FIRM):
        return path
    return _FOUND_BY.get(path) or ("phone" if name.startswith("phones") else "firm")


def _united(parts: Sequence[Keys]) -> Keys:
    import numpy as np

    return Keys(np.concatenate([part.hashes for part in parts]), np.concatenate([part.rows for part in parts]))
