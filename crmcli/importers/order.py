"""In which order a sheet's rows are taken, so that shuffled rows give the same records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any, BinaryIO

from crmcli.importers.parsing import ColumnParser, ParsedColumn, parse_block
from crmcli.importers.row_keys import Keys, finding, keys_of_columns, named, rows_that_may_meet
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
_COMPARED = 96  # bytes of a row's content that are compared as written; beyond them a digest tells rows apart


@dataclass(frozen=True, slots=True)
class RowOrder:
    """A sheet's rows as they are to be taken.

    `shared` are the rows, ascending, that name the same thing as another: they are taken in another order than the
    file's. `meeting` are those that might find a record that another row of the sheet makes.
    """

    sheet: Sheet
    parsers: Sequence[ColumnParser]
    kind: str
    shared: Rows
    meeting: Rows

    def blocks(self) -> Iterator[tuple[Block, list[int]]]:
        """Yield the sheet's blocks with their rows in order, and which of these rows might meet another of the sheet.

        It is the sheet's own order, but for rows that name the same thing (a number, or a name or phone where not
        each row has a number of its own): among themselves they are taken by what they say, those with a number
        first.
        """
        if len(self.shared):
            yield from _rearranged(self)
        else:
            for block in self.sheet.blocks():
                yield block, _within(self.meeting, block).tolist()


def row_order(sheet: Sheet, parsers: Sequence[ColumnParser], kind: str) -> RowOrder:
    """Return in which order a sheet's rows are taken; all of it is read once for that."""
    own = [parser for parser in parsers if _names(parser, kind)]
    homes = [parser for parser in parsers if parser.map.path in _HOMES] if kind in _AT_HOME else []
    finds = finding(parsers)
    keys = keys_of_columns(sheet, {**{_own(parser): (parser, named) for parser in (*own, *homes)}, **finds})
    shared = _rows_that_share(sheet, own, homes, keys)
    meeting = rows_that_may_meet({name: keys[name] for name in finds})
    return RowOrder(sheet, parsers, kind, shared, meeting)


def _own(parser: ColumnParser) -> str:
    return f"own {parser.map.index}"


def _names(parser: ColumnParser, kind: str) -> bool:
    entity, _, key = parser.map.path.partition(".")
    return entity == kind and key in _KEYS


def _is_number(parser: ColumnParser) -> bool:
    return parser.map.path.endswith(f".{_NUMBER}")


def _rows_that_share(
    sheet: Sheet, own: Sequence[ColumnParser], homes: Sequence[ColumnParser], keys: Mapping[str, Keys]
) -> Rows:
    """Return the rows, ascending, that have a key in common with another row."""
    import numpy as np

    none = np.empty(0, np.int64)
    numbers = [keys[_own(parser)] for parser in own if _is_number(parser)]
    shared = [number.shared() for number in numbers]
    without = np.ones(sheet.count, bool)
    for number in numbers:
        without[number.rows] = False
    unsure = np.flatnonzero(without)
    if len(unsure):
        others = [keys[_own(parser)] for parser in own if not _is_number(parser)]
        at_home = [keys[_own(parser)] for parser in homes]
        shared += _shared_within(sheet, others, unsure, at_home) if homes else [key.shared(unsure) for key in others]
    return np.unique(np.concatenate([*shared, none]))


def _shared_within(sheet: Sheet, keys: Sequence[Keys], unsure: Rows, homes: Sequence[Keys]) -> list[Rows]:
    """Return the rows that share a key with one of the same customer, or of which one names no customer."""
    import numpy as np

    homeless = np.ones(sheet.count, bool)
    shared: list[Rows] = []
    for said in homes:
        home = np.zeros(sheet.count, np.int64)
        home[said.rows] = said.hashes
        homeless[said.rows] = False
        shared += [own.within(home).shared(unsure) for own in keys]
    lone = np.flatnonzero(homeless)
    return shared + ([own.shared(lone) for own in keys] if len(lone) else [])


def _rearranged(order: RowOrder) -> Iterator[tuple[Block, list[int]]]:
    """Yield the blocks with the shared rows sorted among the places that they hold; the rows wait in a file."""
    import numpy as np

    with TemporaryFile() as waiting:
        kept = sorted(_kept_rows(order, waiting))
        came_from = order.shared[[number for _content, _start, number in kept]]
        meeting = np.union1d(np.setdiff1d(order.meeting, order.shared), order.shared[np.isin(came_from, order.meeting)])
        sorted_rows = _read_back(waiting, [start for _content, start, _number in kept])
        for block in order.sheet.blocks():
            here = _within(order.shared, block)
            moved = _with_rows(block, here.tolist(), sorted_rows) if len(here) else block
            yield moved, _within(meeting, block).tolist()


def _within(rows: Rows, block: Block) -> Rows:
    """Return which of the sheet's rows are in a block, by index."""
    return rows[(rows >= block.start) & (rows < block.start + len(block.rows))] - block.start


def _kept_rows(order: RowOrder, file: BinaryIO) -> list[tuple[bytes, int, int]]:
    """Return (what to sort by, where it is kept, its place among them) of the shared rows."""
    import orjson

    kept: list[tuple[bytes, int, int]] = []
    for block in order.sheet.blocks():
        here = _within(order.shared, block).tolist()
        columns = parse_block(block, order.parsers) if here else []
        surest = [column for column in columns if _is_surest(column, order.kind)]
        by_header = sorted(columns, key=lambda column: (column.map.path, column.map.header))
        for index in here:
            kept.append((_content(index, surest, by_header), file.tell(), len(kept)))
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
