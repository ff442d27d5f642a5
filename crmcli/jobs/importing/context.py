"""What the rows of one import share, and what is kept of each row on its way through."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from crmcli.domain.loss_reasons import LossReasons
from crmcli.domain.pipeline import Pipeline
from crmcli.domain.settle import Mode
from crmcli.domain.values.text import fold
from crmcli.i18n import Message
from crmcli.importers.extract import Draft
from crmcli.store.journal import Run
from crmcli.store.records import fetch_where

OUTCOMES = ("new", "updated", "same", "skipped", "rejected", "review")


@dataclass(frozen=True, slots=True)
class Listed:
    """A cell or row that came in and that somebody should look at. `row` is the sheet's row number."""

    row: int
    header: str
    value: str
    code: str
    message: Message


@dataclass(slots=True)
class Row:
    """One row on its way: what it said, what became of it, and the records it touched by kind."""

    draft: Draft
    source_row: int
    outcome: str = "same"
    ids: dict[str, int] = field(default_factory=dict)
    made: set[str] = field(default_factory=set)
    reason: tuple[str, Message, Message | None] | None = None
    listed: list[Listed] = field(default_factory=list)

    @property
    def stopped(self) -> bool:
        """Return whether the row goes no further."""
        return self.outcome in ("rejected", "review", "skipped")

    def stop(self, outcome: str, code: str, message: Message, suggestion: Message | None = None) -> None:
        """Send the row to the rejects workbook."""
        self.outcome = outcome
        self.reason = (code, message, suggestion)

    def touched(self, entity: str, *, made: bool, main: bool) -> None:
        """Note that the row made or changed a record."""
        if made:
            self.made.add(entity)
        if main and made:
            self.outcome = "new"
        elif self.outcome == "same":
            self.outcome = "updated"

    def list(self, header: str, value: str, code: str, message: Message) -> None:
        """Note something that somebody should look at."""
        self.listed.append(Listed(self.draft.row, header, value, code, message))


@dataclass(slots=True)
class Sums:
    """One amount field's sums over a sheet, in the field's unit."""

    source: Decimal = Decimal(0)
    stored: Decimal = Decimal(0)
    skipped: Decimal = Decimal(0)
    rejected: Decimal = Decimal(0)
    review: Decimal = Decimal(0)


@dataclass(slots=True)
class SheetTally:
    """What became of a sheet's rows: `counts` by outcome, `records` made by kind, `sums` by field."""

    counts: Counter[str] = field(default_factory=Counter)
    records: Counter[str] = field(default_factory=Counter)
    sums: dict[str, Sums] = field(default_factory=dict)
    listed: list[Listed] = field(default_factory=list)
    notes: list[Message] = field(default_factory=list)


@dataclass(slots=True)
class ImportContext:
    """What is the same for every row of a run."""

    run: Run
    mode: Mode
    pipelines: Sequence[Pipeline]
    loss_reasons: LossReasons
    known_owners: dict[str, str] = field(default_factory=dict)
    known_products: dict[str, str] = field(default_factory=dict)
    near: set[tuple[int, int]] = field(default_factory=set)
    touched_deals: dict[int, str] = field(default_factory=dict)
    renamed: Counter[tuple[str, str]] = field(default_factory=Counter)

    def refresh_names(self, configured_owners: Sequence[str]) -> None:
        """Read the names of owners and products that rows may mean."""
        owners = [owner["name"] for owner in fetch_where(self.run.db, "owner")]
        self.known_owners = {fold(name): name for name in (*owners, *configured_owners) if name}
        products = fetch_where(self.run.db, "product")
        self.known_products = {fold(product["name"]): product["name"] for product in products if product["name"]}


@dataclass(frozen=True, slots=True)
class SheetPlace:
    """Where rows come from: the stored sheet, its main kind and the system its ids belong to."""

    source_sheet: int
    kind: str
    system: str
    file: str
    sheet: str
    headers: tuple[str, ...]
