"""In which order a sheet's rows are taken, so that shuffled rows give the same records."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any, BinaryIO

from crmcli.domain.problem import Problem
from crmcli.domain.values.text import fold
from crmcli.importers.parsers import Person
from crmcli.importers.parsing import ColumnParser, ParsedColumn, parse_block
from crmcli.importers.sheet import Block, Column, Sheet

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Rows = NDArray[np.int64]

_KEYS = ("external_id", "credit_code", "name", "short_name", "company", "phones", "wechat")
_NUMBER = "external_id"
_SUREST = (_NUMBER, "credit_code")
# what is called so within its customer only, and what tells customers apart
_AT_HOME = ("contact", "opportunity")
_HOMES = ("customer.external_id", "customer.credit_code", "customer.name")
_ODD = 0x9E3779B97F4A7C1  # mixes two hashes, so that equal ones do not cancel out
_COMPARED = 96  # bytes of a row's content that are compared as written; beyond them a digest tells rows apart


def blocks_in_order(sheet: Sheet, parsers: Sequence[ColumnParser], kind: str) -> Iterator[Block]:
    """Yield a sheet's blocks with their rows as they are to be taken.

    It is the sheet's own order, but for rows that name the same thing (a number, or a name or phone where not each
    row has a number of its own): among themselves they are taken by what they say, those with a number first.
    """
    shared = _rows_that_share(sheet, parsers, kind)
    return _rearranged(sheet, parsers, kind, shared) if len(shared) else sheet.blocks()


def _names(parser: ColumnParser, kind: str) -> bool:
    entity, _, key = parser.map.path.partition(".")
    return entity == kind and key in _KEYS


def _is_number(parser: ColumnParser) -> bool:
    return parser.map.path.endswith(f".{_NUMBER}")


def _rows_that_share(sheet: Sheet, parsers: Sequence[ColumnParser], kind: str) -> Rows:
    """Return the rows, ascending, that have a key in common with another row."""
    import numpy as np

    none = np.empty(0, np.int64)
    own = [parser for parser in parsers if _names(parser, kind)]
    numbers = [_keys_by_row(sheet, parser) for parser in own if _is_number(parser)]
    shared = [_shared(*keys) for keys in numbers]
    unsure = np.setdiff1d(np.arange(sheet.count), np.concatenate([*(rows for _keys, rows in numbers), none]))
    if len(unsure):
        others = [_keys_by_row(sheet, parser) for parser in own if not _is_number(parser)]
        homes = [parser for parser in parsers if parser.map.path in _HOMES] if kind in _AT_HOME else []
        shared += _shared_within(sheet, others, unsure, homes) if homes else [_shared(*keys, unsure) for keys in others]
    return np.unique(np.concatenate([*shared, none]))


def _shared_within(
    sheet: Sheet, keys: Sequence[tuple[Rows, Rows]], unsure: Rows, homes: Sequence[ColumnParser]
) -> list[Rows]:
    """Return the rows that share a key with one of the same customer, or of which one names no customer."""
    import numpy as np

    homeless = np.ones(sheet.count, bool)
    shared: list[Rows] = []
    for parser in homes:
        home = np.zeros(sheet.count, np.int64)
        hashes, rows = _keys_by_row(sheet, parser)
        home[rows] = hashes
        homeless[rows] = False
        for own, of_row in keys:
            at_home = home[of_row] != 0
            both = own[at_home] ^ (home[of_row[at_home]] * np.int64(_ODD))
            shared.append(_shared(both, of_row[at_home], unsure))
    lone = np.flatnonzero(homeless)
    return shared + ([_shared(own, of_row, lone) for own, of_row in keys] if len(lone) else [])


def _keys_by_row(sheet: Sheet, parser: ColumnParser) -> tuple[Rows, Rows]:
    """Return (hash of a key, row that has it) for all rows and keys of one column."""
    import numpy as np

    hashes, rows = array("q"), array("q")
    for block in sheet.blocks():
        parsed = parser.parse(block.columns[parser.map.index])
        keys = [[hash(key) for key in _keys_of(value)] for value in parsed.values]
        for row, code in enumerate(parsed.codes, start=block.start):
            for key in keys[code]:
                hashes.append(key)
                rows.append(row)
    return np.frombuffer(hashes, np.int64), np.frombuffer(rows, np.int64)


def _shared(hashes: Rows, rows: Rows, unsure: Rows | None = None) -> Rows:
    """Return the rows whose key another has too; where `unsure` rows are given, one of them must have it."""
    import numpy as np

    order = np.argsort(hashes, kind="stable")
    ordered = hashes[order]
    same = ordered[1:] == ordered[:-1]
    twice = np.zeros(len(ordered), bool)
    twice[1:] |= same
    twice[:-1] |= same
    where = order[twice]
    if unsure is not None:
        where = where[np.isin(hashes[where], hashes[np.isin(rows, unsure)])]
    return np.unique(rows[where])


def _keys_of(value: Any) -> list[str]:
    if value is None or isinstance(value, Problem):
        return []
    if isinstance(value, list):
        return value
    if not isinstance(value, Person):
        return [fold(str(value))]
    names = [fold(value.name), *(fold(other.name) for other in value.others)]
    return [*names, *value.phones, *(phone for other in value.others for phone in other.phones)]


def _rearranged(sheet: Sheet, parsers: Sequence[ColumnParser], kind: str, shared: Rows) -> Iterator[Block]:
    """Yield the blocks with the shared rows sorted among the places that they hold; the rows wait in a file."""
    with TemporaryFile() as waiting:
        places = _kept_rows(sheet, parsers, kind, shared, waiting)
        sorted_rows = _read_back(waiting, [start for _content, start in sorted(places)])
        for block in sheet.blocks():
            here = _within(shared, block) - block.start
            yield _with_rows(block, here.tolist(), sorted_rows) if len(here) else block


def _within(shared: Rows, block: Block) -> Rows:
    return shared[(shared >= block.start) & (shared < block.start + len(block.rows))]


def _kept_rows(
    sheet: Sheet, parsers: Sequence[ColumnParser], kind: str, shared: Rows, file: BinaryIO
) -> list[tuple[bytes, int]]:
    """Return (what to sort by, where it is kept) of the shared rows."""
    import orjson

    kept: list[tuple[bytes, int]] = []
    for block in sheet.blocks():
        columns = parse_block(block, parsers)
        surest = [column for column in columns if _is_surest(column, kind)]
        by_header = sorted(columns, key=lambda column: (column.map.path, column.map.header))
        for index in (_within(shared, block) - block.start).tolist():
            kept.append((_content(index, surest, by_header), file.tell()))
            file.write(orjson.dumps([block.rows[index], *block.cells(index)]) + b"\n")
    return kept


def _is_surest(column: ParsedColumn, kind: str) -> bool:
    entity, _, key = column.map.path.partition(".")
    return entity == kind and key in _SUREST


def _content(index: int, surest: Sequence[ParsedColumn], by_header: Sequence[ParsedColumn]) -> bytes:
    unsure = sum(column.values[column.codes[index]] is None for column in surest)
    content = "\x1f".join([column.texts[column.codes[index]] for column in by_header]).encode("utf-8", "surrogatepass")
    return bytes((unsure,)) + content[:_COMPARED] + blake2b(content, digest_size=16).digest()


def _read_back(file: BinaryIO, starts: Sequence[int]) -> Iterator[list[Any]]:
    import orjson

    for start in starts:
        file.seek(start)
        yield orjson.loads(file.readline())


def _with_rows(block: Block, places: Sequence[int], replacing: Iterator[list[Any]]) -> Block:
    rows, columns = list(block.rows), [list(column.texts()) for column in block.columns]
    for place in places:
        rows[place], *cells = next(replacing)
        for texts, cell in zip(columns, cells, strict=True):
            texts[place] = cell
    encoded = [_encoded(column, texts) for column, texts in zip(block.columns, columns, strict=True)]
    return Block(block.start, rows, encoded, block.skipped, block.rejected)


def _encoded(column: Column, texts: Sequence[str]) -> Column:
    values = list(dict.fromkeys(texts))
    code = {text: number for number, text in enumerate(values)}
    return Column(column.header, column.position, values, [code[text] for text in texts])
