"""Any spreadsheet de-duplicated, without a database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from operator import itemgetter
from pathlib import Path
from zoneinfo import ZoneInfo

from crmcli.config import Settings
from crmcli.domain.fields import normalise_header
from crmcli.errors import CrmError
from crmcli.i18n import Message, msg
from crmcli.importers.sheet import OddRow
from crmcli.jobs.dedupe.cells import Cells, odd_rows
from crmcli.jobs.dedupe.pairs import as_finding, reason_in_words
from crmcli.jobs.dedupe.sheet_records import kind_of, records_of
from crmcli.jobs.importing.plan import PlannedSheet, ReadChoices, plan_file, presets_of
from crmcli.matching.explain import explain_all
from crmcli.matching.features import word_counts
from crmcli.matching.find import Duplicates, Engine, compare_here, find_duplicates
from crmcli.matching.model import DEFAULT, Model
from crmcli.matching.people_counts import people_counts
from crmcli.matching.records import MatchBatch, ReadOnce
from crmcli.reports.marked_rows import MarkedBlock, MarkedRow, write_marked
from crmcli.store.collector import collector_paused


@dataclass(frozen=True, slots=True)
class FileChoices:
    """What the user said: how to read the file, the column that holds ids, whether to write reasons.

    `engine` compares elsewhere; None: on this machine.
    """

    read: ReadChoices = field(default_factory=ReadChoices)
    id_header: str = ""
    reasons: bool = False
    engine: Engine | None = None


@dataclass(frozen=True, slots=True)
class FileResult:
    """What was found in a file: rows compared, groups that may be merged with the rows in them, and doubtful ones.

    `columns` are (header, field) of what was compared, `left_out` the other sheets with why, `odd` the rows that are
    no records (totals, notes), which are in the output unmarked.
    """

    out: Path
    sheet: str
    rows: int
    clusters: int
    clustered: int
    review_groups: int
    to_review: int
    candidates: int
    columns: list[tuple[str, str]]
    odd: int
    left_out: list[tuple[str, Message]]


class NoSuchColumn(CrmError):
    """`--id` names a column that the file lacks."""

    code = "dedupe.no_column"

    def __init__(self, header: str, headers: list[str]) -> None:
        super().__init__(
            msg("there is no column {header}", header=header), hint=msg("the columns are: {headers}", headers=headers)
        )


class NotUnique(CrmError):
    """The column that `--id` names holds no ids."""

    code = "dedupe.not_unique"

    def __init__(self, header: str, value: str) -> None:
        super().__init__(
            msg('column {header} does not tell the rows apart: "{value}" occurs twice', header=header, value=value),
            hint=msg("name another column with --id, or none: then the row numbers are the ids"),
        )


class NoTable(CrmError):
    """No sheet of the file holds a table."""

    code = "dedupe.no_table"

    def __init__(self, path: Path) -> None:
        super().__init__(
            msg("no sheet of this file holds a table"),
            where=str(path),
            hint=msg("look at it with: crmcli inspect FILE"),
        )


def dedupe_file(path: Path, out: Path, choices: FileChoices, settings: Settings) -> FileResult:
    """Return what was found in the first usable sheet of a file; the marked rows are written to `out`.

    Raises:
        CrmError: the file cannot be read or understood, or `out` not written.
    """
    with collector_paused():
        planned, others = _plan(path, choices, settings)
        batch, odd = _records(planned, choices)
        model = replace(DEFAULT, words=word_counts(batch), people=people_counts(batch))
        found = find_duplicates(batch, model, engine=choices.engine or compare_here)
        reasons = _reasons(batch, found, model) if choices.reasons else None
        write_marked(out, _headers(planned, odd), _rows(planned, found, reasons), reasons=choices.reasons)
        return _result(out, planned, found, others, len(odd))


def _plan(path: Path, choices: FileChoices, settings: Settings) -> tuple[PlannedSheet, list[PlannedSheet]]:
    """Return the sheet to look at and the others; a sheet of customers if it can be one, else of what it is."""
    zone = ZoneInfo(settings.workspace.timezone)
    for kind in ("customer", ""):
        read = replace(choices.read, kind=kind)
        sheets = plan_file(path, read, presets_of(settings), zone, refuse=not kind)
        usable = [sheet for sheet in sheets if sheet.left_out is None]
        if usable:
            return usable[0], [sheet for sheet in sheets if sheet is not usable[0]]
    raise NoTable(path)


def batch_of(planned: PlannedSheet) -> MatchBatch:
    """Return a sheet's rows as records to compare."""
    cells = Cells(planned)
    return records_of(planned, cells, _ids(planned, "", cells))


def _records(planned: PlannedSheet, choices: FileChoices) -> tuple[MatchBatch, list[OddRow]]:
    """Return a sheet's rows as records to compare, and the rows that are no records."""
    cells = _cells(planned, choices)
    batch = records_of(planned, cells, _ids(planned, choices.id_header, cells))
    return batch if choices.reasons or choices.engine else ReadOnce.of(batch), cells.odd


def _cells(planned: PlannedSheet, choices: FileChoices) -> Cells:
    """Return a sheet's cells, those of the column with the ids as they are written."""
    if not choices.id_header:
        return Cells(planned)
    names = [normalise_header(column.header) for column in planned.sheet.columns]
    if normalise_header(choices.id_header) not in names:
        raise NoSuchColumn(choices.id_header, [column.header for column in planned.sheet.columns])
    return Cells(planned, names.index(normalise_header(choices.id_header)))


def _ids(planned: PlannedSheet, header: str, cells: Cells) -> list[str]:
    """Return the ids of the rows: the column that the user names, else the external id's, else the row numbers."""
    if header:
        if len(set(cells.written)) < len(cells.written):
            raise NotUnique(header, next(value for value, times in Counter(cells.written).items() if times > 1))
        return cells.written
    own = cells.texts(f"{kind_of(cells, planned)}.external_id") or []
    if own and all(own) and len(set(own)) == len(own):
        return own
    return list(map(str, cells.rows))


def _reasons(batch: MatchBatch, found: Duplicates, model: Model) -> dict[str, str]:
    """Return id -> why it is like the record that it is most like; the pairs come best score first."""
    best: dict[str, tuple[str, str]] = {}
    for a, b, tier in zip(found.pairs.a, found.pairs.b, found.pairs.tier, strict=True):
        if tier != "related":
            best.setdefault(a, (a, b))
            best.setdefault(b, (a, b))
    pairs = list(dict.fromkeys(best.values()))
    told = dict(zip(pairs, map(as_finding, explain_all(batch, pairs, model)), strict=True))
    words = {pair: "; ".join(reason_in_words(r) for r in f.reasons if r["weight"]) for pair, f in told.items()}
    return {one: f"{pair[0]} ~ {pair[1]}: {words[pair]}" for one, pair in best.items()}


def _headers(planned: PlannedSheet, odd: list[OddRow]) -> list[str]:
    """Return the headers of the columns, with blank ones for what odd rows hold beyond them."""
    headers = [column.header for column in planned.sheet.columns]
    return headers + [""] * (max((len(row.cells) for row in odd), default=0) - len(headers))


def _rows(
    planned: PlannedSheet, found: Duplicates, reasons: dict[str, str] | None
) -> Iterator[MarkedRow | MarkedBlock]:
    """Yield the input's rows in their order, those that are no records unmarked."""
    scores = {score: f"{score:g}" for score in set(found.scores)}
    columns: list[Iterable[str]] = [found.cluster_ids, found.review_groups, found.tiers]
    columns.append(map(scores.__getitem__, found.scores))
    if reasons is not None:
        columns.append(reasons.get(record_id, "") for record_id in found.ids)
    marks = list(map(iter, columns))
    for block in planned.sheet.blocks():
        texts = [(column.values, column.codes) for column in block.columns]
        marked = MarkedBlock(texts, [list(islice(column, len(block.rows))) for column in marks])
        odd = [(odd.row, MarkedRow(odd.cells, ())) for odd in odd_rows(planned, block)]
        if odd:
            rows = chain(zip(block.rows, marked.rows(), strict=True), odd)
            yield from (row for _, row in sorted(rows, key=itemgetter(0)))
        else:
            yield marked


def _result(out: Path, planned: PlannedSheet, found: Duplicates, others: list[PlannedSheet], odd: int) -> FileResult:
    columns = zip(found.review_groups, found.cluster_ids, found.tiers, strict=True)
    linked = [(group, cluster) for group, cluster, tier in columns if tier != "single"]
    clusters = [size for size in Counter(cluster for _, cluster in linked).values() if size > 1]
    cluster_of = dict(linked)
    doubtful = {group for group, cluster in linked if cluster != cluster_of[group]}
    why = msg("only one sheet is compared at a time")
    return FileResult(
        out=out,
        sheet=planned.sheet.name,
        rows=planned.sheet.count,
        clusters=len(clusters),
        clustered=sum(clusters),
        review_groups=len(doubtful),
        to_review=sum(tier == "review" for tier in found.tiers),
        candidates=found.candidates,
        columns=[(column.map.header, column.map.path) for column in planned.parsers if column.map.path],
        odd=odd,
        left_out=[(sheet.sheet.name, sheet.left_out or why) for sheet in others],
    )
