"""The statement of imports (迁移对账单) as a report: what people sign, and what scripts read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from pathlib import PurePath
from typing import Any

from crmcli.domain.metrics.period import WHOLE_HISTORY
from crmcli.domain.statement import IN, OUTCOMES, Difference, Label, Pair, SheetStatement, Statement
from crmcli.domain.tallies import CUTS
from crmcli.domain.values.money import fen_to_text
from crmcli.domain.values.phone import mask_mobiles
from crmcli.domain.words import word
from crmcli.i18n import Message, msg
from crmcli.reports.columns import yuan
from crmcli.reports.json import document
from crmcli.reports.model import Cell, Column, Link, Note, Records, Report, Section, Table
from crmcli.reports.reconciling.checks import checks_of
from crmcli.reports.reconciling.columns import (
    ALL_RECORDS,
    AMOUNT_COLUMNS,
    AMOUNTS,
    CUT_COLUMNS,
    CUT_WORDS,
    FACTS,
    KIND_COLUMNS,
    LIST_COLUMNS,
    PLACE,
    ROWS,
    RUN_COLUMNS,
    SHEET_COLUMNS,
    SOURCE_COLUMNS,
    SOURCES,
)
from crmcli.reports.reconciling.terms import definitions

DIFFERENCES = "differences"
_MAIN = ("sheets", "amounts", "kinds")
SHOWN = 50_000
"""Differences that a workbook lists; the JSON document holds them all."""
NOT_FILLED = "未填"
_CELL = 60  # characters of a cell, or of a row as a whole, that the list shows


@dataclass(frozen=True, slots=True)
class StatementSettings:
    """What a statement is dressed with; `stages` are in the order in which they are shown."""

    as_of: datetime
    company: str = ""
    config_hash: str = ""
    currency: str = "CNY"
    stages: Sequence[str] = ()
    data_time: datetime | None = None


def statement_report(statement: Statement, settings: StatementSettings) -> Report:
    """Return the statement as a report, with the checks that it has to stand."""
    section = Section(
        tables=(
            _sheets(statement), _amounts(statement), _kinds(statement),
            *(_cut(statement, cut, settings) for cut in CUTS if any(cut in one.cuts() for one in statement.sheets)),
            _runs(statement), _sources(statement),
        ),
        records=(_listed(statement),),
        checks=checks_of(statement),
        notes=tuple(_notes(statement)),
        definitions=definitions(statement),
    )  # fmt: skip
    return Report(
        "reconcile", msg("Statement of imports"), WHOLE_HISTORY, settings.as_of, section,
        config_hash=settings.config_hash, company=settings.company, data_time=settings.data_time,
    )  # fmt: skip


def statement_document(report: Report, statement: Statement) -> dict[str, Any]:
    """Return the report's JSON document with the imports it states and every difference."""
    runs = [f"R{one.run}" for one in statement.runs]
    return document(report) | {
        "runs": runs,
        DIFFERENCES: [_difference(statement, one) for one in statement.differences],
    }


def _difference(statement: Statement, one: Difference) -> dict[str, Any]:
    sheet = statement.sheets[one.sheet]
    place = {"run": f"R{sheet.run}", "file": sheet.file, "sheet": sheet.sheet, "row": one.row}
    source, database = _values(one)
    moves = {currency: fen_to_text(fen) for currency, fen in one.moves.items()}
    return place | {
        "outcome": one.outcome, "differs": one.fact, "cell": one.cell, "source": source, "database": database,
        "moves": moves, "record": one.record or None, "why": str(one.why) if one.why else None,
    }  # fmt: skip


def place_of(sheet: SheetStatement) -> tuple[str, str, str]:
    """Return the cells that name a sheet."""
    return f"R{sheet.run}", PurePath(sheet.file).name, sheet.sheet


def _stated(statement: Statement) -> list[tuple[int, SheetStatement]]:
    return [(number, sheet) for number, sheet in enumerate(statement.sheets) if sheet.left_out is None]


def _sheets(statement: Statement) -> Table:
    alone, items = statement.without_record(), _blocks(statement)
    rows: list[tuple[Any, ...]] = []
    links: dict[tuple[int, str], Link] = {}
    for number, sheet in _stated(statement):
        counts = [sheet.counts.get(outcome, 0) for outcome in OUTCOMES]
        only = sheet.same.rows
        balance = sheet.records + only + alone[number] - sheet.rows
        first, many = items[number]
        if many:
            links[len(rows), "differences"] = Link(DIFFERENCES, first, many)
        rows.append((*place_of(sheet), word(sheet.kind), sheet.read, *counts, sheet.rows, sheet.records, only,
                     alone[number], balance, many))  # fmt: skip
    total = _total(SHEET_COLUMNS, rows, 4)
    return Table("sheets", msg("What became of every row"), SHEET_COLUMNS, tuple(rows), ROWS, total, links)


def _blocks(statement: Statement) -> list[tuple[int, int]]:
    """Return, a sheet, where its differences start in the list and how many there are."""
    counts = [0] * len(statement.sheets)
    for one in statement.differences:
        counts[one.sheet] += 1
    return [(sum(counts[:number]), many) for number, many in enumerate(counts)]


def _amounts(statement: Statement) -> Table:
    moved, items = statement.moved(), _blocks(statement)
    rows: list[tuple[Any, ...]] = []
    links: dict[tuple[int, str], Link] = {}
    for number, sheet in _stated(statement):
        if not sheet.states_money:
            continue
        sums = sheet.sums()
        for currency in sorted({*sums, *sheet.beside, *moved[number]}):
            source, database = sums.get(currency, (0, 0))
            explained = moved[number].get(currency, 0)
            beside = sheet.beside.get(currency, Counter())
            fen = [source, database, database - source, explained, database - source - explained,
                   *(beside.get(outcome, 0) for outcome in OUTCOMES[3:])]  # fmt: skip
            if items[number][1]:
                links[len(rows), "difference"] = Link(DIFFERENCES, *items[number])
            rows.append((*place_of(sheet), word(sheet.kind), sheet.facts["amount"], currency, *map(yuan, fen)))
    alike = len({(row[3], row[5]) for row in rows}) == 1  # prices and deals, or two currencies, are not added up
    total = _total(AMOUNT_COLUMNS, rows, 6) if alike else None
    return Table("amounts", msg("Sums of the amounts"), AMOUNT_COLUMNS, tuple(rows), AMOUNTS, total, links)


def _total(columns: Sequence[Column], rows: Sequence[tuple[Any, ...]], first: int) -> tuple[Cell, ...] | None:
    """Return the sums of the columns from `first` on."""
    if not rows:
        return None
    sums = [sum((row[at] for row in rows), Decimal(0) if columns[at].type == "money" else 0)
            for at in range(first, len(columns))]  # fmt: skip
    return (msg("Total"), *[""] * (first - 1), *sums)


def _kinds(statement: Statement) -> Table:
    rows = [
        (word(one.kind), one.listed, one.shared, one.beside, one.other, one.present, one.balance)
        for one in statement.kinds
    ]
    title = msg("The records of the sheets and all of the database")
    return Table("kinds", title, KIND_COLUMNS, tuple(rows), ALL_RECORDS)


def _cut(statement: Statement, cut: str, settings: StatementSettings) -> Table:
    title, label = CUT_WORDS[cut]
    more = (Column("field", msg("Date of"), "text"),) if cut == "month" else ()
    columns = (*PLACE, *more, Column(cut, label, "text"), *CUT_COLUMNS)
    rows: list[tuple[Cell, ...]] = []
    for _number, sheet in _stated(statement):
        if cut in sheet.cuts():
            field = (sheet.facts["day"],) if more else ()
            lines = _lines(sheet.cells[cut], settings, _order(cut, settings))
            rows += [(*place_of(sheet), *field, *line) for line in lines]
    return Table(f"by_{cut}", title, columns, tuple(rows), title)


def _order(cut: str, settings: StatementSettings) -> Callable[[str | None], Any]:
    """Return the sort key of a cut's labels: stages as the pipelines have them, what is not filled in last."""
    known = {stage: place for place, stage in enumerate(settings.stages)} if cut == "stage" else {}
    return lambda label: (label is None, known.get(label or "", len(known)), label or "")


def _lines(
    cells: dict[Label, Pair], settings: StatementSettings, order: Callable[[str | None], Any]
) -> Iterable[tuple[Cell, ...]]:
    """Yield a line a label; of several currencies the others stand on lines of their own, without counts."""
    for label in sorted({label for label, _ in cells}, key=order):
        own = {currency: cell for (name, currency), cell in cells.items() if name == label}
        source, records = (sum(cell[at] for cell in own.values()) for at in (0, 2))
        counts: tuple[Cell, ...] = (source, records, records - source)
        named = sorted(filter(None, own), key=lambda currency: (currency != settings.currency, currency))
        shown = label if label is not None else NOT_FILLED
        for currency in named or [""]:
            cell = own.get(currency)
            amounts: tuple[Cell, ...] = (
                (yuan(cell[1]), yuan(cell[3]), yuan(cell[3] - cell[1])) if cell else (None, None, None)
            )
            yield (shown, *counts, currency, *amounts)
            counts = (None, None, None)


def _runs(statement: Statement) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for one in (*statement.runs, *statement.left_aside):
        undone = msg("taken back by {run}", run=f"R{one.undone_by}") if one.undone_by else msg("stands")
        state = undone if one in statement.runs else msg("{state}: not in this statement", state=undone)
        rows.append((f"R{one.run}", one.started, one.actor, one.config_hash, state))
    return Table("runs", msg("Imports"), RUN_COLUMNS, tuple(rows), SOURCES)


def _sources(statement: Statement) -> Table:
    files: dict[tuple[int, str, str], list[SheetStatement]] = {}
    for sheet in statement.sheets:
        files.setdefault((sheet.run, sheet.file, sheet.sha256), []).append(sheet)
    rows: list[tuple[Cell, ...]] = []
    for (run, file, sha256), sheets in files.items():
        left = "; ".join(f"{one.sheet}: {one.left_out}" for one in sheets if one.left_out)
        stated = sum(one.left_out is None for one in sheets)
        rows.append((f"R{run}", PurePath(file).name, sha256, stated, left))
    return Table("sources", msg("Source files"), SOURCE_COLUMNS, tuple(rows), SOURCES)


def _listed(statement: Statement) -> Records:
    rows = tuple(_line(statement, one) for one in statement.differences[:SHOWN])
    title = msg("Every difference, to the row")
    return Records(DIFFERENCES, title, LIST_COLUMNS, rows, len(statement.differences))


def _line(statement: Statement, one: Difference) -> tuple[Cell, ...]:
    what = FACTS[one.fact] if one.outcome in IN else Message(word(one.outcome))
    moves = one.moves
    currency = next(iter(moves), "")
    return (*place_of(statement.sheets[one.sheet]), one.row, what, _short(one.cell), *_values(one),
            yuan(moves[currency]) if moves else None, currency, one.record, one.why)  # fmt: skip


def _short(text: str) -> str:
    """Return the beginning of a text, in one line; of mobile numbers only both ends, for the list goes round."""
    line = mask_mobiles(" ".join(text.split()))
    return line if len(line) <= _CELL else f"{line[:_CELL]}…"


def _values(one: Difference) -> tuple[str, str]:
    """Return what a row said and what the database says, of the fact in which they differ."""
    if one.fact in ("row", "amount"):
        found = [f"{fen_to_text(side.amount_fen)} {side.currency}" if side.amount_fen is not None else ""
                 for side in (one.said, one.held)]  # fmt: skip
    else:
        found = [getattr(side, one.fact) or "" for side in (one.said, one.held)]
    source, database = (text or (NOT_FILLED if one.fact != "row" else "") for text in found)
    return source, database


def _notes(statement: Statement) -> Iterable[Note]:
    counted = sum(sheet.same.rows for sheet in statement.sheets)
    if counted:
        yield Note("only_counted", "sheets", msg(
            "{n} rows said just what the database held already when they were read. They are not kept one by one and "
            "stand on both sides as they were then; the import that brought them in states them row by row", n=counted,
        ))  # fmt: skip
    superseded = statement.superseded()
    if superseded:
        yield Note("superseded", "sheets", msg(
            "{n} rows are superseded: a newer version of their sheet speaks of the same record, and only the newest is "
            "compared with the database. Each is listed with the version that counts", n=superseded,
        ))  # fmt: skip
    for one in statement.left_aside:
        yield Note("undone", "sheets", msg("{run} was taken back and is not in this statement", run=f"R{one.run}"))
    for one in statement.runs:
        if one.undone_by:
            words = msg("{run} was taken back by {undo}", run=f"R{one.run}", undo=f"R{one.undone_by}")
            yield Note("undone", "sheets", words)
    for sheet in statement.sheets:
        if sheet.left_out is None and not sheet.is_witnessed:
            words = msg("{sheet}: its rows are stated in number only", sheet=" ".join(place_of(sheet)).strip())
            yield Note("in_number", "sheets", words)


def main_tables(report: Report) -> Report:
    """Return the report with the tables that a terminal shows."""
    tables = tuple(table for table in report.tables if table.name in _MAIN)
    return replace(report, section=replace(report.section, tables=tables))
