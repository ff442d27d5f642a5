"""A report as data: tables, the records behind them, checks, charts and definitions. Renderers make it visible."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from crmcli.domain.metrics.period import Period
from crmcli.domain.metrics.rate import DEFAULT_MIN_N, Rate
from crmcli.errors import CrmError
from crmcli.i18n import Message, msg

ColumnType = Literal["text", "int", "money", "rate", "date", "days"]
Whole = Callable[[dict[int, Any]], Iterator[bytes]]
"""Gives csv lines in pieces; what it makes of deals it keeps in the mapping, for other lists of the same deals."""
ChartKind = Literal["funnel", "pareto", "bar", "line", "stacked", "waterfall"]
Cell = str | Message | int | float | Decimal | Rate | date | None
"""Money is Decimal in the currency's main unit; a rate is a `Rate`, or a float where it is a bound of an interval."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `key` is the contract, `label` is for readers.

    `parts` shows a rate's numerator and denominator beside it; `minor` columns stay out of narrow renderings;
    `signed` numbers are changes and carry a plus.
    """

    key: str
    label: Message
    type: ColumnType
    parts: bool = False
    minor: bool = False
    signed: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """The records behind a figure: `count` of them, the first at `first` (0-based) in the records named."""

    records: str
    first: int
    count: int


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells that align with `columns`; `total` is never among the rows.

    `links` goes by (row, column key). Tables with the same `sheet` share one sheet of a workbook. Where `rows` are only
    the first of `count`, `whole` gives all as csv lines.
    """

    name: str
    title: Message
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    sheet: Message
    total: tuple[Cell, ...] | None = None
    links: Mapping[tuple[int, str], Link] = field(default_factory=dict)
    count: int = 0
    whole: Whole | None = None

    def index(self, key: str) -> int:
        """Return the position of the column with that key."""
        return next(at for at, column in enumerate(self.columns) if column.key == key)


@dataclass(frozen=True, slots=True)
class Records:
    """The records behind a table's figures; `rows` may be fewer than `count` where a limit cut them.

    `places` says where among all `count` each of the rows is, ascending; empty: they are the first. `whole` gives all
    as csv lines.
    """

    name: str
    title: Message
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    count: int
    places: tuple[int, ...] = ()
    whole: Whole | None = None

    def listed(self, link: Link) -> tuple[int, int]:
        """Return the first of the rows that are a link's records, and how many of them are there."""
        first, past = link.first, link.first + link.count
        if self.places:
            first, past = bisect_left(self.places, first), bisect_left(self.places, past)
        return first, max(0, min(past, len(self.rows)) - first)


@dataclass(frozen=True, slots=True)
class Check:
    """An identity that must hold."""

    name: str
    ok: bool
    detail: Message


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture of columns of one table: `values` over `category`; a Pareto's `line` is its running share.

    A waterfall has one column of values; the rows at `levels` (none named: the first and the last) are levels, the
    others are signed steps. Stacked columns stand on each other.
    """

    kind: ChartKind
    title: Message
    table: str
    category: str
    values: tuple[str, ...]
    line: str | None = None
    levels: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """Something the reader must know before trusting a table's figures."""

    code: str
    table: str
    text: Message


@dataclass(frozen=True, slots=True)
class Headline:
    """A figure for the cover, with the one of the week before, and whether more of it is good, bad or neither."""

    key: str
    label: Message
    type: ColumnType
    value: Cell
    previous: Cell
    more_is: Literal["good", "bad", "neither"] = "good"


@dataclass(frozen=True, slots=True)
class Definition:
    """A term of the report and the sentence that says exactly what it means, and the columns that it defines.

    `tables` are those whose columns it defines, by name or by what their names begin with (`loss` for `loss_13w`);
    none: all of the report, but for what another definition says of one table's.
    """

    term: Message
    sentence: Message
    columns: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """What one subject puts into a report; a report is one section or several."""

    tables: tuple[Table, ...]
    records: tuple[Records, ...] = ()
    checks: tuple[Check, ...] = ()
    charts: tuple[Chart, ...] = ()
    notes: tuple[Note, ...] = ()
    definitions: tuple[Definition, ...] = ()

    def __add__(self, other: Section) -> Section:
        """Return both sections' parts, each definition and note once."""
        return Section(
            self.tables + other.tables, self.records + other.records, self.checks + other.checks,
            self.charts + other.charts, tuple(dict.fromkeys(self.notes + other.notes)),
            tuple(dict.fromkeys(self.definitions + other.definitions)),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report. `tables[0]` of the section is the main table.

    Attributes:
        as_of: The business time it shows, with offset.
        data_time: When the data was last written; None where unknown.
        known_at: The recorded time that it shows; None: all that is known now.
        arguments: Every other option that it was asked with, as the command line writes it.
        program: Which program computed it.
        settings: What of crm.toml its figures depend on, as JSON text; empty where it was not kept.
        summary: What happened and why, in sentences built from the figures.
    """

    name: str
    title: Message
    period: Period
    as_of: datetime
    section: Section
    config_hash: str = ""
    min_n: int = DEFAULT_MIN_N
    company: str = ""
    data_time: datetime | None = None
    headlines: tuple[Headline, ...] = ()
    known_at: datetime | None = None
    arguments: tuple[tuple[str, str], ...] = ()
    program: str = ""
    settings: str = ""
    summary: tuple[Message, ...] = ()

    @property
    def tables(self) -> tuple[Table, ...]:
        """Return all tables, the main one first."""
        return self.section.tables

    def table(self, name: str) -> Table:
        """Return the table of that name."""
        return next(table for table in self.tables if table.name == name)


class UnbalancedReportError(CrmError):
    """Figures of a report contradict each other; none of them is shown."""

    code = "unbalanced_report"

    def __init__(self, report: str, failed: tuple[Check, ...]) -> None:
        super().__init__(
            msg(
                "The report {report} does not balance: {checks}", report=report,
                checks="; ".join(f"{check.name}: {check.detail}" for check in failed),
            ),
            hint=msg("This is a fault of crmcli or of a damaged database: run crmcli doctor"),
        )  # fmt: skip


def balanced(report: Report) -> Report:
    """Return the report itself.

    Raises:
        UnbalancedReportError: One of its checks failed.
    """
    failed = tuple(check for check in report.section.checks if not check.ok)
    if failed:
        raise UnbalancedReportError(report.name, failed)
    return report
