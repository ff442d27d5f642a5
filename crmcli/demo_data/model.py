"""What the made-up world holds (what is true) and what its files hold (what people wrote down)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from crmcli.demo_data.words import Place

COMPANY = "上海启衡工业自动化有限公司"
AS_OF = date(2026, 6, 30)  # the fixed day the demo plays on; nothing in the files is later than the day before
STAGES = ("初步接触", "需求确认", "方案报价", "商务谈判")
WON, LOST, VOID = "赢单", "输单", "无效"
ENDS = (WON, LOST, VOID)

Cell = str | int | float | date | datetime | None


@dataclass(frozen=True, slots=True)
class Owner:
    """A salesperson of the made-up company. `weight` is turns a round; `leave` ISO days, both ends included."""

    name: str
    team: str
    region: str
    manager: str
    provinces: tuple[str, ...]
    weight: int
    active: bool = True
    leave: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Product:
    """A product with its list price in yuan."""

    number: str
    name: str
    category: str
    price: Decimal


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at a firm. `mobile` is 11 digits."""

    name: str
    title: str
    mobile: str


@dataclass(frozen=True, slots=True)
class Firm:
    """One true customer, whatever it is called in the files.

    `distinct` marks firms that look like another one (same brand elsewhere, a branch, one character apart).
    `owner` is "" where nobody looks after the firm yet.
    """

    number: int
    place: Place
    brand: str
    trade: str
    legal: str
    name: str
    credit_code: str
    people: tuple[Person, ...]
    landline: str
    district: str
    street: str
    owner: str
    source: str
    level: str
    filed: date
    distinct: bool = False

    @property
    def address(self) -> str:
        """Return district, street and house number."""
        return self.district + self.street


@dataclass(frozen=True, slots=True)
class Step:
    """One stage event: `from_stage` is "" for the first."""

    at: datetime
    from_stage: str
    stage: str
    by: str


@dataclass(frozen=True, slots=True)
class Deal:
    """One true opportunity.

    `number` is "" where the sheet gives none; `firm` and `created` None where the sheet leaves them out; `owner`
    "" where nobody has it. `steps` is everything that happened; `recorded` says whether a stage history was kept.
    `stage` is the last stage or end; `written_stage` its text. `reason` is the loss reason as written.
    """

    number: str
    name: str
    firm: int | None
    product: str
    amount_yuan: Decimal | None
    written_amount: Cell
    owner: str
    created: date | None
    expected_close: date | None
    closed: date | None
    steps: tuple[Step, ...]
    recorded: bool
    stage: str
    written_stage: str
    reason: str = ""

    @property
    def approximate(self) -> bool:
        """Return whether the sheet gives the amount as 约…万 only."""
        return str(self.written_amount).startswith("约")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file.

    `tag` says what it is to an importer: record, repeat (word for word a row above it), rejected (a record that
    nobody can identify), skipped (a total, a note, a chat room ...), above (title and notes before the header),
    header, blank. `firm` is the true firm behind the customer's name `customer`; `bad` are the headers of cells
    that hold no value.
    """

    cells: tuple[Cell, ...]
    tag: str = "record"
    firm: int | None = None
    customer: str = ""
    credit_code: str = ""
    bad: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet. `merges` are (first row, first column, last row, last column), from 1; `widths` in characters.

    `choices` maps a column number to a range that its dropdown offers; `filtered` puts an autofilter on the header.
    """

    name: str
    rows: tuple[Row, ...]
    merges: tuple[tuple[int, int, int, int], ...] = ()
    widths: tuple[int, ...] = ()
    choices: dict[int, str] = field(default_factory=dict)
    hidden: bool = False
    filtered: bool = False

    @property
    def header(self) -> tuple[str, ...]:
        """Return the header's texts, empty where the sheet has none."""
        return next((tuple(map(str, row.cells)) for row in self.rows if row.tag == "header"), ())


@dataclass(frozen=True, slots=True)
class SampleFile:
    """A file as people send it. `encoding` is "" for workbooks; a csv has one table."""

    name: str
    tables: tuple[Table, ...]
    encoding: str = ""


@dataclass(frozen=True, slots=True)
class Demo:
    """The made-up world and its files, in the order a user would import them."""

    seed: int
    owners: tuple[Owner, ...]
    products: tuple[Product, ...]
    firms: tuple[Firm, ...]
    deals: tuple[Deal, ...]
    files: tuple[SampleFile, ...]
