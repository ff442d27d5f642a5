"""Many rows read as few texts: SQLite joins the values of thousands of rows, so that Python need not fetch each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from crmcli.store.database import Database, statement

ROW = "\x1e"
"""What parts the rows of a packed column."""
PART = "\x1f"
"""What parts the values of a row where a packed column holds several."""
_SPAN = 20_000
_MOST_SPANS = 10_000

Group = tuple[str, ...]
"""SQL expressions that are packed into one column."""
Block = tuple[int, tuple[bytes, ...]]
"""A number of rows, and their packed columns: UTF-8, an unknown value is empty."""


def packed(db: Database, groups: Sequence[Group], source: str, key: str, table: str) -> Iterator[Block]:
    """Yield rows in blocks of packed columns, one a group.

    Args:
        db: The file.
        groups: What is read.
        source: What follows FROM; it ends in a condition.
        key: The number that rows have there; blocks come in its order, the rows in a block in any.
        table: The table that has these numbers as `id`.

    Raises:
        CrmError: the file cannot be read, or a text in it is none.
    """
    with statement(db.path):
        # each by itself is looked up, both together would go through the whole table
        ends = f"SELECT (SELECT min(id) FROM {table}), (SELECT max(id) FROM {table})"  # noqa: S608 (ours)
        first, last = db.connection.execute(ends).fetchone()
    if first is None:
        return
    span = max(_SPAN, (last - first) // _MOST_SPANS)
    plain, careful = (_select(groups, source, key, careful=careful) for careful in (False, True))
    for start in range(first, last + 1, span):
        count, columns = _block(db, plain, start, start + span)
        if not all(_is_whole(column, count, len(group)) for column, group in zip(columns, groups, strict=True)):
            count, columns = _block(db, careful, start, start + span)
        if count:
            yield count, columns


def _select(groups: Sequence[Group], source: str, key: str, *, careful: bool) -> str:
    """Return the query of a span of numbers; where it is `careful`, texts lose what parts rows and values."""
    rows = [_row([_parted(one) for one in group] if careful else group) for group in groups]
    columns = [f"CAST(group_concat({row}, '{ROW}') AS BLOB)" for row in rows]
    return f"SELECT count(*), {', '.join(columns)} FROM {source} AND {key} >= ? AND {key} < ?"  # noqa: S608 (ours)


def _row(values: Sequence[str]) -> str:
    if len(values) == 1:
        return f"ifnull({values[0]}, '')"
    return f"printf('{PART.join(['%s'] * len(values))}', {', '.join(values)})"


def _parted(value: str) -> str:
    return f"replace(replace({value}, '{ROW}', ' '), '{PART}', ' ')"


def _block(db: Database, sql: str, start: int, end: int) -> Block:
    with statement(db.path):
        count, *columns = db.connection.execute(sql, (start, end)).fetchone()
        for column in columns:
            (column or b"").decode()  # a text that is none is told here, where its file is known
    return count, tuple(column or b"" for column in columns)


def _is_whole(column: bytes, count: int, width: int) -> bool:
    """Return whether no text has what parts rows and values in it."""
    parts = column.count(PART.encode()) if width > 1 else 0
    return not count or (column.count(ROW.encode()) == count - 1 and parts == count * (width - 1))
