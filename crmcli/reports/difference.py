"""Why a report says something else than an earlier output of it: each figure's difference, split by cause."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from typing import Literal

from crmcli.i18n import Message, coded, msg
from crmcli.reports.finished import finished
from crmcli.reports.listed import listed
from crmcli.reports.model import Cell, Check, Column, ColumnType, Definition, Link, Report, Section, Table
from crmcli.reports.options import ReportOptions
from crmcli.reports.printed import TOTAL, Key, Number
from crmcli.reports.records_behind import Behind, differing, unlike

Cause = Literal["late", "fields", "merged", "settings", "time", "program", "rest"]
CAUSES: dict[Cause, Message] = {
    "late": msg("Entered late"),
    "fields": msg("Fields changed"),
    "merged": msg("Merged or taken back"),
    "settings": msg("Settings changed"),
    "time": msg("Time passed"),
    "program": msg("Program changed"),
    "rest": msg("Not explained"),
}
NAME = "diff"
TITLE = msg("Why the figures differ")
SHEET = msg("Differences")
_BEHIND = "diff_records"
_TYPES: dict[ColumnType, tuple[str, Message]] = {
    "int": ("counts", msg("Counts that differ")),
    "money": ("amounts", msg("Amounts that differ")),
    "rate": ("rates", msg("Rates that differ")),
    "days": ("days", msg("Days that differ")),
}
DEFINITIONS = (
    Definition(msg("First, second, difference"), msg(
        "The figure as the first and as the second output print it, and the second less the first: the sum of the "
        "causes beside it."), ("old", "new", "difference")),
    Definition(msg("How it is found"), msg(
        "The first report is made again from the journal as it was known then; then as it was known when the second "
        "was made; then as of the second's time. Each step's difference is a cause. What outputs of this "
        "program print must be what is found so: Not explained is always 0, or there is no report."), ("rest",)),
    Definition(msg("Entered late"), msg(
        "Recorded since the first output, but dated before its as-of time: opportunities, stage events, follow-ups."),
        ("late",)),
    Definition(msg("Fields changed"), msg(
        "Values that were overwritten since, and amounts, owners and expected closes that were changed between the two "
        "as-of times on opportunities that did not move otherwise."), ("fields",)),
    Definition(msg("Merged or taken back"), msg("What merges, undo and unmerge did since."), ("merged",)),
    Definition(msg("Settings changed"), msg(
        "crm.toml is not the same in both outputs: the first is made again with its own settings, then with those of "
        "the second. An output of a program that did not keep them yet is made again with the settings of today."),
        ("settings",)),
    Definition(msg("Time passed"), msg("What is dated between the two as-of times, or another period."), ("time",)),
    Definition(msg("Program changed"), msg(
        "Another crmcli wrote an output: what it printed otherwise than this one finds of the same data and settings. "
        "Cells that were changed by hand in such an output cannot be told apart."), ("program",)),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """The figures after a step, and the cause of what is different from the step before (the first has none).

    `behind` are the records behind each figure then.
    """

    cause: Cause | None
    figures: Mapping[Key, Number]
    behind: Mapping[Key, Behind] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Why:
    """What was recorded of a record, when, and in which run."""

    what: str
    when: str | None
    run: str | None


@dataclass(frozen=True, slots=True)
class Compared:
    """Both outputs and the steps from one to the other.

    Attributes:
        steps: The figures that the first prints, those of each step, those that the second prints.
        shown: The report as the second shows it: titles, labels and types of the figures.
        told: (cause, record's number) -> what was recorded of it.
        words: (table, texts that name a row) -> what readers see it called.
    """

    steps: Sequence[Step]
    shown: Report
    told: Mapping[tuple[str, str], Sequence[Why]]
    words: Mapping[tuple[str, tuple[str, ...]], str] = field(default_factory=dict)

    def called(self, key: Key) -> Cell:
        """Return what a figure's row is called."""
        return msg("Total") if key[1] == TOTAL else self.words.get(key[:2], " ".join(key[1]))


def difference_report(compared: Compared, options: ReportOptions) -> Report:
    """Return the report on the differences, every figure that is not the same once.

    Raises:
        UnbalancedReportError: the outputs print what cannot be found again.
    """
    first, last = compared.steps[0].figures, compared.steps[-1].figures
    keys = [key for key in dict.fromkeys((*last, *first)) if first.get(key) != last.get(key)]
    kinds = {(table.name, column.key): (table, column) for table in compared.shown.tables for column in table.columns}
    keys = [key for key in keys if (key[0], key[2]) in kinds and _is_told(first, last, key, kinds[key[0], key[2]][1])]
    rows: list[tuple[Cell, ...]] = []
    links: dict[ColumnType, dict[tuple[int, str], Link]] = {kind: {} for kind in _TYPES}
    lines: dict[ColumnType, list[tuple[Cell, ...]]] = {kind: [] for kind in _TYPES}
    for key in keys:
        column = kinds[key[0], key[2]][1]
        causes = _by_cause(compared.steps, key, column.type)
        for cause in CAUSES:
            behind = _records(compared, key, cause, column.type)
            if behind:
                links[column.type][len(lines[column.type]), cause] = Link(_BEHIND, len(rows), len(behind))
                rows += behind
        line = _line(key, compared.called(key), kinds[key[0], key[2]], first.get(key), last.get(key), causes)
        lines[column.type].append(line)
    tables = tuple(
        Table(name, title, _columns(kind, lines[kind]), tuple(lines[kind]), SHEET, None, links[kind])
        for kind, (name, title) in _TYPES.items() if lines[kind] or kind == "int"
    )  # fmt: skip
    why = Table("why", msg("What was recorded"), _WHY, tuple(dict.fromkeys(row[2:] for row in rows)),
                msg("What was recorded"))  # fmt: skip
    title, columns = msg("Records: {title}", title=TITLE), (*_FIGURE, *_WHY)
    kept = listed(_BEHIND, title, columns, rows, lambda some: some, options.records_limit)
    section = Section((*tables, why), (kept,), (_check(compared.steps, len(keys)),), (), (), DEFINITIONS)
    return finished(NAME, TITLE, section, options)


def _is_told(first: Mapping[Key, Number], last: Mapping[Key, Number], key: Key, column: Column) -> bool:
    """Return whether a difference says anything: a row that has come or gone with nothing in it does not."""
    return column.type not in ("int", "money") or (first.get(key) or 0) != (last.get(key) or 0)


_FIGURE = (Column("row", msg("Row"), "text"), Column("figure", msg("Figure"), "text"))
_WHY = (
    Column("cause", msg("Cause"), "text"), Column("record", msg("Record"), "text"),
    Column("what", msg("What changed"), "text"), Column("when", msg("Recorded"), "text"),
    Column("run", msg("Run"), "text"),
)  # fmt: skip


def _columns(kind: ColumnType, lines: Sequence[tuple[Cell, ...]]) -> tuple[Column, ...]:
    """Return the columns of figures of a type; causes that explain none of them are minor."""
    seen = {cause for at, cause in enumerate(CAUSES, -len(CAUSES)) if any(line[at] for line in lines)}
    return (
        Column("table", msg("Table"), "text"), Column("row", msg("Row"), "text"),
        Column("figure", msg("Figure"), "text"), Column("key", msg("Key"), "text", minor=True),
        Column("row_key", msg("Key of the row"), "text", minor=True),
        Column("old", msg("First"), kind), Column("new", msg("Second"), kind),
        Column("difference", msg("Difference"), kind),
        *(Column(cause, label, kind, minor=cause not in seen) for cause, label in CAUSES.items()),
    )  # fmt: skip


def _by_cause(steps: Sequence[Step], key: Key, kind: ColumnType) -> dict[Cause, Decimal] | None:
    """Return what each cause adds; None for a rate or a median that is unknown at one of the steps."""
    numbers = [step.figures.get(key) for step in steps]
    if kind in ("rate", "days") and None in numbers:
        return None
    found: dict[Cause, Decimal] = dict.fromkeys(CAUSES, Decimal(0))
    for (_before, after), (old, new) in zip(pairwise(steps), pairwise(numbers), strict=True):
        if after.cause:
            found[after.cause] += (new or Decimal(0)) - (old or Decimal(0))
    return found


def _line(
    key: Key, words: Cell, kind: tuple[Table, Column], old: Number, new: Number, causes: dict[Cause, Decimal] | None
) -> tuple[Cell, ...]:
    (name, row, figure), (table, column) = key, kind
    numbers = [old, new, (new or Decimal(0)) - (old or Decimal(0)) if causes else None]
    numbers += list(causes.values()) if causes else [None] * len(CAUSES)
    return (
        table.title, words, column.label, f"{name}.{figure}", " ".join(row),
        *(_cell(number, column.type) for number in numbers),
    )  # fmt: skip


def _cell(number: Number, kind: ColumnType) -> Cell:
    if number is None:
        return None
    return int(number) if kind == "int" else round(number, 2) if kind == "money" else float(number)


def _records(compared: Compared, key: Key, cause: Cause, kind: ColumnType) -> list[tuple[Cell, ...]]:
    """Return what is known of each record that a cause brought behind a figure, took away or changed, a row a thing."""
    changed: dict[str, list[Why]] = {}
    for before, after in pairwise(compared.steps):
        is_its = after.cause == cause and before.figures.get(key) != after.figures.get(key)
        if is_its and before.behind and after.behind:  # printed figures have none
            old, new = before.behind.get(key, {}), after.behind.get(key, {})
            for record in differing(old, new, kind):
                told = compared.told.get((cause, record))
                said = told or [Why(str(one), None, None) for one in unlike(old.get(record), new.get(record))]
                changed.setdefault(record, []).extend(said)
    return [
        (compared.called(key), f"{key[0]}.{key[2]}", coded(cause, CAUSES[cause]), record, why.what, why.when, why.run)
        for record, said in changed.items() for why in dict.fromkeys(said)
    ]  # fmt: skip


def _check(steps: Sequence[Step], count: int) -> Check:
    """Return whether both outputs print what is found again, as far as the settings are the same."""
    wrong = [
        key for before, after in pairwise(steps) if after.cause == "rest"
        for key in dict.fromkeys((*before.figures, *after.figures))
        if (before.figures.get(key) or 0) != (after.figures.get(key) or 0)
    ]  # fmt: skip
    detail = (
        msg("{table}.{figure} {row} is printed otherwise than it can be found again", table=wrong[0][0],
            figure=wrong[0][2], row=" ".join(wrong[0][1])) if wrong
        else msg("{n} differences are wholly explained", n=count)
    )  # fmt: skip
    return Check("diff_rest", not wrong, detail)
