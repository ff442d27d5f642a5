"""Records compared on Spark: the functions of the matcher run on its workers, the links come back for clustering."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import TYPE_CHECKING

from crmcli.jobs.dedupe.spark_session import SparkFailed, start_session
from crmcli.matching.find import Compared
from crmcli.matching.model import Model
from crmcli.matching.pairs import ScoredPairs
from crmcli.matching.partitions import (
    REFINEMENTS,
    KeyRows,
    Whole,
    distinct_pairs,
    key_rows,
    pairs_of_blocks,
    score_part,
    whole_of,
)
from crmcli.matching.records import MatchBatch

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame

# rows that a worker takes at once; more only where one group has more: a key that many records share
_ROWS_AT_ONCE = 200_000
# records whose pairs are scored together
_RECORDS_A_TASK = 10_000
_RECORDS_A_PARTITION = 20_000
_BLOCK = ("key", "token")
_TASK = ("task",)
_ENTRY = ("key", "token", "row", *(f"finer{number}" for number in range(REFINEMENTS)))
_ENTRIES = ", ".join(f"{name} long" for name in _ENTRY)
_PAIRS = "a long, b long"
_SCORED = "compared long, a array<long>, b array<long>, score array<double>, tier array<tinyint>, vetoed array<boolean>"


def compare_on_spark(records: MatchBatch, model: Model) -> Compared:
    """Return what is found among records, compared by Spark's workers; row i is record i.

    Raises:
        CrmError: pyspark, pyarrow or Java is missing, or Spark gave up.
    """
    session = start_session()
    whole = whole_of(records, model)
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    partitions = max(session.sparkContext.defaultParallelism, len(records) // _RECORDS_A_PARTITION)
    session.conf.set("spark.sql.shuffle.partitions", partitions)
    try:
        rows = session.createDataFrame(_table(records)).persist()
        pairs = _candidates(rows, whole).persist()
        scored = _scored(pairs, rows, whole).toArrow()
        pairs.unpersist()
        rows.unpersist()
    except (PySparkException, Py4JError) as error:
        raise SparkFailed(error) from error
    columns = [scored.column(field.name).combine_chunks().flatten() for field in fields(ScoredPairs)]
    return Compared(
        scored=ScoredPairs(*(column.to_numpy(zero_copy_only=False) for column in columns)),
        candidates=sum(scored.column("compared").to_pylist()),
        between=lambda asked: score_part(records, asked, whole, keep_different=True)[0],
    )


def _table(records: MatchBatch) -> pa.Table:
    """Return the records as a table: their row, and the columns that somebody has."""
    import pyarrow as pa

    columns = {field.name: getattr(records, field.name) for field in fields(MatchBatch) if field.name != "ids"}
    texts = {name: pa.array(column, pa.string()) for name, column in columns.items() if column is not None}
    return pa.table({"row": pa.array(range(len(records)), pa.int64())} | texts)


def _batch(table: pa.Table | pa.RecordBatch) -> MatchBatch:
    """Return the records of a part of the table; their ids are their places in it."""
    texts = {name: table.column(name).to_pylist() for name in table.schema.names if name != "row"}
    return MatchBatch(ids=[str(place) for place in range(table.num_rows)], **texts)


def _candidates(rows: DataFrame, whole: Whole) -> DataFrame:
    """Return the pairs of records that share a key, some of them several times."""

    def entries_of(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        for batch in batches:
            found = key_rows(_batch(batch), batch.column("row").to_numpy(), whole)
            columns = (found.key, found.token, found.row, *found.finer)
            yield pa.RecordBatch.from_arrays([pa.array(column) for column in columns], names=list(_ENTRY))

    return _sorted_apart(rows.mapInArrow(entries_of, _ENTRIES), _BLOCK).mapInArrow(_pairs_of, _PAIRS)


def _pairs_of(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Yield the pairs of entries that come sorted by block."""
    import pyarrow as pa

    for entries in _whole_groups(batches, _BLOCK):
        key, token, row, *finer = (entries.column(name).to_numpy() for name in _ENTRY)
        pairs = pairs_of_blocks(KeyRows(key, token, row, tuple(finer)))
        yield pa.RecordBatch.from_arrays([pa.array(pairs[:, side]) for side in (0, 1)], names=["a", "b"])


def _scored(pairs: DataFrame, rows: DataFrame, whole: Whole) -> DataFrame:
    """Return the pairs scored; the pairs of one smaller record are in one task, with the records that they need."""
    from pyspark.sql.functions import col, floor

    def scored_of(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for both in _whole_groups(batches, _TASK):
            yield _score(both, whole)

    tasks = pairs.withColumn("task", floor(col("a") / _RECORDS_A_TASK))
    either = [tasks.select("task", col(side).alias("row")) for side in ("a", "b")]
    needed = either[0].union(either[1]).distinct().join(rows, "row")
    both = tasks.unionByName(needed, allowMissingColumns=True)
    return _sorted_apart(both, _TASK).mapInArrow(scored_of, _SCORED)


def _score(both: pa.Table, whole: Whole) -> pa.RecordBatch:
    """Return pairs scored as one row of lists; some rows of the table are pairs, some the records in them."""
    import pyarrow as pa

    pairs = both.filter(both.column("a").is_valid())
    records = both.filter(both.column("row").is_valid()).drop_columns(["task", "a", "b"])
    asked = distinct_pairs(pairs.column("a").to_numpy(), pairs.column("b").to_numpy())
    numbers = records.column("row").to_numpy()
    scored, compared = score_part(_batch(records), asked, whole, keep_different=False, numbers=numbers)
    columns = {field.name: getattr(scored, field.name) for field in fields(ScoredPairs)}
    lists = {name: pa.array([c], pa.list_(pa.from_numpy_dtype(c.dtype))) for name, c in columns.items()}
    return pa.RecordBatch.from_pydict({"compared": pa.array([compared], pa.int64())} | lists)


def _sorted_apart(frame: DataFrame, group: tuple[str, ...]) -> DataFrame:
    """Return the rows spread over the workers, those of one group on one of them and next to each other."""
    return frame.repartition(*group).sortWithinPartitions(*group)


def _whole_groups(batches: Iterator[pa.RecordBatch], group: tuple[str, ...]) -> Iterator[pa.Table]:
    """Yield rows that come sorted by group in tables of bounded size, all rows of a group in one table."""
    import pyarrow as pa

    waiting: list[pa.RecordBatch] = []
    for batch in batches:
        waiting.append(batch)
        if sum(len(part) for part in waiting) >= _ROWS_AT_ONCE:
            rows = pa.Table.from_batches(waiting)
            end = _start_of_last(rows, group)
            if end:
                yield rows.slice(0, end)
            waiting = rows.slice(end).to_batches()
    if waiting:
        yield pa.Table.from_batches(waiting)


def _start_of_last(rows: pa.Table, group: tuple[str, ...]) -> int:
    """Return where the last group begins, which may go on in the next batch."""
    in_last = None
    for column in (rows.column(name).to_numpy() for name in group):
        same = column == column[-1]
        in_last = same if in_last is None else in_last & same
    return 0 if in_last is None else int(in_last.argmax())
