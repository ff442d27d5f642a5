"""What the rows of one import share, and what is kept of each row on its way through."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from crmcli.domain.loss_reasons import LossReasons
from crmcli.domain.ownership import Ownership
from crmcli.domain.pipeline import Pipeline
from crmcli.domain.settle import Modes
from crmcli.domain.values.text import fold
from crmcli.i18n import Message, msg
from crmcli.importers.extract import Draft
from crmcli.importers.mapping import SheetMapping
from crmcli.jobs.importing.other_names import OtherNames
from crmcli.jobs.importing.sightings import Sightings
from crmcli.jobs.vocabulary import stored_words
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


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a row goes to the rejects workbook, what would let it in, and the cell to blame where one is."""

    code: str
    message: Message
    suggestion: Message | None = None
    header: str = ""
    value: str = ""


@dataclass(slots=True)
class Row:
    """One row on its way: what it said, what became of it, and the records it touched by kind."""

    draft: Draft
    source_row: int
    outcome: str = "same"
    ids: dict[str, int] = field(default_factory=dict)
    made: Counter[str] = field(default_factory=Counter)
    reason: Reason | None = None
    listed: list[Listed] = field(default_factory=list)
    alternates: int = 0

    @property
    def stopped(self) -> bool:
        """Return whether the row goes no further."""
        return self.reason is not None

    def stop(self, outcome: str, reason: Reason) -> None:
        """Send the row to the rejects workbook."""
        self.outcome, self.reason = outcome, reason

    def touched(self, entity: str, *, made: bool, main: bool) -> None:
        """Note that the row made or changed a record."""
        if made:
            self.made[entity] += 1
        if main and made:
            self.outcome = "new"
        elif self.outcome == "same":
            self.outcome = "updated"

    def list(self, header: str, value: str, code: str, message: Message) -> None:
        """Note something that somebody should look at."""
        self.listed.append(Listed(self.draft.row, header, value, code, message))


@dataclass(slots=True)
class Sums:
    """One amount field's sums over a sheet, in one currency."""

    source: Decimal = Decimal(0)
    stored: Decimal = Decimal(0)
    skipped: Decimal = Decimal(0)
    rejected: Decimal = Decimal(0)
    review: Decimal = Decimal(0)

    def add(self, name: str, amount: Decimal) -> None:
        """Add to one of the sums."""
        setattr(self, name, getattr(self, name) + amount)


@dataclass(slots=True)
class SheetTally:
    """What became of a sheet's rows: `counts` by outcome, `records` made by kind, `sums` by field.

    Currencies are summed apart: "opportunity.amount" is the workspace's, "opportunity.amount USD" another.
    `alternates` counts the values that were not taken and are kept beside the ones that were. `witness` is what a
    statement needs to know of the sheet (`crmcli.jobs.importing.witness`).
    """

    counts: Counter[str] = field(default_factory=Counter)
    records: Counter[str] = field(default_factory=Counter)
    sums: dict[str, Sums] = field(default_factory=dict)
    listed: list[Listed] = field(default_factory=list)
    notes: list[Message] = field(default_factory=list)
    alternates: int = 0
    witness: dict[str, Any] = field(default_factory=dict)

    def sums_as_text(self) -> dict[str, dict[str, str]]:
        """Return the sums by field and name as decimal texts."""
        return {path: {name: str(amount) for name, amount in asdict(sums).items()} for path, sums in self.sums.items()}


@dataclass(slots=True)
class ImportContext:
    """What is the same for every row of a run; `modes` are those of the sheet that is being written.

    `said` holds what each source had said of a deal before this run and what it says in it:
    (deal, system) -> (before, now). `sightings` is there where the files are versions of one sheet. `fresh` are the
    source rows, by kind of record, that make one and are written after the others of their chunk.
    """

    run: Run
    modes: Modes
    pipelines: Sequence[Pipeline]
    loss_reasons: LossReasons
    currency: str
    ownership: Ownership = field(default_factory=Ownership)
    known_owners: dict[str, str] = field(default_factory=dict)
    known_products: dict[str, str] = field(default_factory=dict)
    near: set[tuple[int, int]] = field(default_factory=set)
    said: dict[tuple[int, str], tuple[dict[str, Any], dict[str, Any]]] = field(default_factory=dict)
    made_deals: set[int] = field(default_factory=set)
    taken_deals: set[int] = field(default_factory=set)
    renamed: Counter[tuple[str, str]] = field(default_factory=Counter)
    strangers: Counter[str] = field(default_factory=Counter)
    pools: frozenset[str] = frozenset()
    sightings: Sightings | None = None
    fresh: dict[str, list[int]] = field(default_factory=dict)
    _other_names: dict[str, OtherNames] = field(default_factory=dict)
    _next: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._next = dict(self.run.next_numbers())

    def made_here(self, entity: str, number: int) -> bool:
        """Return whether this run made a record."""
        return number >= self._next.get(entity, 1)

    def refresh_names(self, configured_owners: Sequence[str], pools: Sequence[str]) -> None:
        """Read the names of owners and products that rows may mean; one of `pools` as an owner is no stranger."""
        self.pools = frozenset(fold(name) for name in pools)
        owners = [owner["name"] for owner in fetch_where(self.run.db, "owner")]
        self.known_owners = {fold(name): name for name in (*owners, *configured_owners) if name}
        written = {fold(text): name for text, name in stored_words(self.run.db, "owner").items()}
        self.known_owners = written | self.known_owners if self.known_owners else {}
        products = fetch_where(self.run.db, "product")
        self.known_products = {fold(product["name"]): product["name"] for product in products if product["name"]}

    def owner_named(self, written: str, rows: int = 1) -> str:
        """Return an owner's name as it is known; one that nobody knows stays as written and its rows are counted."""
        known = self.known_owners.get(fold(written))
        if known is None and self.known_owners and rows and fold(written) not in self.pools:
            self.strangers[written] += rows
        return known or written

    def other_names(self, entity: str) -> OtherNames:
        """Return what the records of a kind were called besides: they are found by it too."""
        if entity not in self._other_names:
            self._other_names[entity] = OtherNames.stored(self.run.db, entity)
        return self._other_names[entity]

    def notes(self) -> list[Message]:
        """Return what a sheet's rows were read as, and forget it."""
        notes = [
            msg("{written} is read as {known} ({number} rows)", written=written, known=known, number=number)
            for (written, known), number in sorted(self.renamed.items())
        ]
        notes += [
            msg("{name} is no owner in crm.toml or the owner table: kept as written ({number} rows)", name=n, number=k)
            for n, k in sorted(self.strangers.items())
        ]
        self.renamed.clear()
        self.strangers.clear()
        return notes


@dataclass(frozen=True, slots=True)
class SheetPlace:
    """Where rows come from: the stored sheet, its main kind, the system its ids belong to, what its columns mean.

    `named` is what a person said of its columns: (header, field).
    """

    source_sheet: int
    kind: str
    system: str
    file: str
    sheet: str
    headers: tuple[str, ...]
    mapping: SheetMapping
    named: tuple[tuple[str, str], ...] = ()
