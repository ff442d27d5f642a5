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
from crmcli.importers.extract import ParsedColumn
from crmcli.importers.readers.failures import FileNotReadable
from crmcli.importers.readers.sheet_choice import EXPECTED
from crmcli.jobs.importing.find_files import find_files
from crmcli.jobs.importing.plan import PlannedSheet, ReadChoices, check_choices, plan_file, presets_of


@dataclass(frozen=True, slots=True)
class ColumnFacts:
    """One column: how full, how many distinct values, its sum where it holds amounts, its problems by code."""

    column: ParsedColumn
    filled: int
    distinct: int
    total: Decimal | None
    problems: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class InspectedSheet:
    """One sheet as it would be imported."""

    planned: PlannedSheet
    columns: list[ColumnFacts]

    @property
    def needs_attention(self) -> bool:
        """Return whether it would not be imported as it is, though somebody may expect it to be."""
        return self.planned.left_out is not None and self.planned.left_out not in EXPECTED


@dataclass(frozen=True, slots=True)
class Inspection:
    """What files hold: every sheet, those left out too, and the files whose bytes cannot be read."""

    sheets: list[InspectedSheet]
    unread: list[tuple[Path, CrmError]]


def inspect_files(settings: Settings, paths: Sequence[str], choices: ReadChoices) -> Inspection:
    """Return what the files hold.

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
    return Inspection(
        [InspectedSheet(sheet, [_facts(column) for column in sheet.columns]) for sheet in planned], unread
    )


def _facts(column: ParsedColumn) -> ColumnFacts:
    rows = Counter(column.codes)
    pairs = [(column.texts[code], column.values[code], number) for code, number in rows.items()]
    filled = sum(number for text, _value, number in pairs if text)
    amounts = [value.value * number for _text, value, number in pairs if isinstance(value, Amount)]
    problems: Counter[str] = Counter()
    for _text, value, number in pairs:
        if isinstance(value, Problem):
            problems[value.code] += number
    distinct = len({text for text, _value, _number in pairs if text})
    return ColumnFacts(column, filled, distinct, sum(amounts, Decimal(0)) if amounts else None, problems)
