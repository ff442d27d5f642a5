"""What files hold, looked at without a database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from crmcli.config import Settings
from crmcli.domain.problem import Problem
from crmcli.domain.values.money import Amount
from crmcli.errors import CrmError
from crmcli.importers.mapping import ColumnMap
from crmcli.importers.parsing import ParsedColumn
from crmcli.importers.readers.failures import FileNotReadable
from crmcli.importers.readers.sheet_choice import EXPECTED
from crmcli.jobs.dedupe.candidates import Candidates, load_candidates
from crmcli.jobs.dedupe.forecast import Forecast, forecast_duplicates
from crmcli.jobs.importing.find_files import find_files
from crmcli.jobs.importing.plan import PlannedSheet, ReadChoices, check_choices, plan_file, presets_of
from crmcli.store.database import Database

# so many distinct texts of a column are told apart; of more it is only said that there are more
MOST_DISTINCT = 100_000


@dataclass(slots=True)
class ColumnFacts:
    """One column: how full, how many distinct values, its sum where it holds amounts, its problems by code.

    `distinct` stops at `MOST_DISTINCT`. `examples` holds one problem a code.
    """

    map: ColumnMap
    filled: int = 0
    total: Decimal | None = None
    problems: Counter[str] = field(default_factory=Counter)
    examples: dict[str, Problem] = field(default_factory=dict)
    _seen: set[int] = field(default_factory=set)

    @property
    def distinct(self) -> int:
        """Return how many distinct texts there are, as far as they were told apart."""
        return len(self._seen)

    def look_at(self, column: ParsedColumn) -> None:
        """Count a block's column."""
        for code, number in Counter(column.codes).items():
            text, value = column.texts[code], column.values[code]
            if not text:
                continue
            self.filled += number
            if len(self._seen) < MOST_DISTINCT:
                self._seen.add(hash(text))
            if isinstance(value, Amount):
                self.total = (self.total or Decimal(0)) + value.value * number
            elif isinstance(value, Problem):
                self.problems[value.code] += number
                self.examples.setdefault(value.code, value)


@dataclass(frozen=True, slots=True)
class InspectedSheet:
    """One sheet as it would be imported; `skipped` and `rejected` are (row, code) of rows that are no records.

    `forecast` is there for a trial of some rows only.
    """

    planned: PlannedSheet
    columns: list[ColumnFacts]
    forecast: Forecast | None = None
    skipped: list[tuple[int, str]] = field(default_factory=list)
    rejected: list[tuple[int, str]] = field(default_factory=list)

    @property
    def needs_attention(self) -> bool:
        """Return whether it would not be imported as it is, though somebody may expect it to be."""
        return self.planned.left_out is not None and self.planned.left_out not in EXPECTED


@dataclass(frozen=True, slots=True)
class Inspection:
    """What files hold: every sheet, those left out too, and the files whose bytes cannot be read."""

    sheets: list[InspectedSheet]
    unread: list[tuple[Path, CrmError]]


def inspect_files(
    settings: Settings, paths: Sequence[str], choices: ReadChoices, db: Database | None = None
) -> Inspection:
    """Return what the files hold; a trial of some rows is compared with the customers of `db`.

    Raises:
        CrmError: no file's bytes can be read as a table or text; an option names what is not there.
    """
    presets, zone = presets_of(settings), ZoneInfo(settings.workspace.timezone)
    planned: list[PlannedSheet] = []
    unread: list[tuple[Path, CrmError]] = []
    for path, _named in find_files(paths):
        try:
            planned += plan_file(path, choices, presets, zone, refuse=False)
        except FileNotReadable as failure:
            unread.append((path, failure))
    if unread and not planned:
        raise unread[0][1]
    check_choices(planned, choices)
    there = load_candidates(db) if db is not None and choices.limit is not None else None
    return Inspection([_look(sheet, choices, there) for sheet in planned], unread)


def _look(planned: PlannedSheet, choices: ReadChoices, there: Candidates | None) -> InspectedSheet:
    trial = choices.limit is not None and planned.left_out is None
    facts = [ColumnFacts(parser.map) for parser in planned.parsers]
    found = InspectedSheet(planned, facts, forecast_duplicates(planned, there) if trial else None)
    for block, columns, _meeting in planned.blocks():
        found.skipped.extend((odd.row, odd.code) for odd in block.skipped)
        found.rejected.extend((odd.row, odd.code) for odd in block.rejected)
        for fact, column in zip(found.columns, columns, strict=True):
            fact.look_at(column)
    return found
