"""How the journal keeps creations whose values are those of a source row: a few numbers each."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence


def creation(
    entity: str, run_id: int, first: int, ids: Sequence[int], source_rows: Sequence[int]
) -> tuple[str, tuple[str]]:
    """Return the statement that logs that records, which are there, were made from source rows, and its values.

    Args:
        entity: The kind of record.
        run_id: The run that made them.
        first: The number of the first of the changes, which follow each other as the records do.
        ids: The records, ascending.
        source_rows: Of each record.
    """
    spans = [
        (first + start - ids[start], source_rows[start] - ids[start], ids[start], ids[end - 1])
        for start, end in _consecutive(ids, source_rows)
    ]
    ahead, row, least, most = (f"json_extract(span.value, '$[{place}]')" for place in range(4))
    values = f"'{entity}', {run_id}, made.id, made.id + {ahead}, made.id + {row}"
    source = f"json_each(?) span CROSS JOIN {entity} made ON made.id BETWEEN {least} AND {most}"
    into = "INSERT INTO creation (entity, run_id, record_id, id, source_row)"
    return f"{into} SELECT {values} FROM {source}", (json.dumps(spans),)  # noqa: S608 (our own names)


def _consecutive(ids: Sequence[int], source_rows: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of the places whose records and source rows follow each other by one."""
    start = 0
    for place in range(1, len(ids) + 1):
        follows = place < len(ids) and ids[place] - ids[place - 1] == source_rows[place] - source_rows[place - 1] == 1
        if not follows:
            yield start, place
            start = place
