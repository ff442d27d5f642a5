"""A statement of imports: what the sheets said beside what the database holds, each difference with its reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from crmcli.domain.said import Said
from crmcli.domain.tallies import CUTS, SourceTally
from crmcli.i18n import Message

OUTCOMES = ("new", "updated", "same", "skipped", "rejected", "review")
# what became of rows that are in the database
IN = ("new", "updated", "same")
# rows of the sheet: their number, their amounts in fen; records of the database: the same
Pair = list[int]
Label = tuple[str | None, str | None]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that the database does not say as a row does.

    `fact` is "row" where the row has no record of its own in the database, else amount, owner, stage or month.
    `said` and `held` are the facts of the row and of its record; `sheet` is the statement's sheet, from 0. `cell` is
    the text as written; `why` None means that nobody can say.
    """

    sheet: int
    row: int
    outcome: str
    fact: str
    cell: str
    said: Said
    held: Said
    record: str
    why: Message | None

    @property
    def moves(self) -> dict[str, int]:
        """Return currency -> how much the database holds more than the row said, in fen."""
        found: Counter[str] = Counter()
        if self.outcome in IN and self.fact in ("row", "amount"):
            found[self.said.currency or ""] -= self.said.amount_fen or 0
            found[self.held.currency or ""] += self.held.amount_fen or 0
        return {currency: fen for currency, fen in found.items() if fen}


@dataclass(slots=True)
class SheetStatement:
    """One sheet of one import.

    `facts` are those it states -> the header of the column. `same` are the rows that were only counted, for they said
    what the database held already; `cells` goes by cut, then (label, currency): source and database. `beside` sums up
    amounts of rows that are not in the database, by currency and outcome. `printed` is what the import printed as the
    sum of its amounts, `stored` what SQLite adds up over the records (fen by currency); None where there are none.
    `version` is the day (ISO) of the version of a series that it is, "" for any other sheet.
    `is_witnessed` is False where an import kept less than a statement needs (messages, imports of earlier versions).
    """

    run: int
    file: str
    sha256: str
    sheet: str
    kind: str
    left_out: Message | None = None
    facts: dict[str, str] = field(default_factory=dict)
    day: str = ""
    read: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    kept: Counter[str] = field(default_factory=Counter)
    same: SourceTally = field(default_factory=SourceTally)
    records: int = 0
    beside: dict[str, Counter[str]] = field(default_factory=dict)
    cells: dict[str, dict[Label, Pair]] = field(default_factory=lambda: {cut: {} for cut in CUTS})
    printed: int | None = None
    stored: dict[str, int] | None = None
    is_witnessed: bool = True
    version: str = ""

    @property
    def rows(self) -> int:
        """Return how many rows of the sheet are in the database."""
        return sum(self.counts.get(outcome, 0) for outcome in IN)

    @property
    def states_money(self) -> bool:
        """Return whether the sheet has a column of amounts."""
        return "amount" in self.facts

    def cuts(self) -> list[str]:
        """Return what the sheet can be broken down by."""
        return [cut for cut in CUTS if {"month": "day"}.get(cut, cut) in self.facts]

    def add(self, said: Said, held: Said | None) -> None:
        """Count a row, and its record unless another row of the sheet brought that."""
        for cut in CUTS:
            cell = self.cells[cut].setdefault((getattr(said, cut), said.currency), [0, 0, 0, 0])
            cell[0] += 1
            cell[1] += said.amount_fen or 0
            if held is not None:
                cell = self.cells[cut].setdefault((getattr(held, cut), held.currency), [0, 0, 0, 0])
                cell[2] += 1
                cell[3] += held.amount_fen or 0
        self.records += held is not None

    def add_beside(self, outcome: str, said: Said) -> None:
        """Sum up a row that is not in the database."""
        if said.amount_fen:
            self.beside.setdefault(said.currency or "", Counter())[outcome] += said.amount_fen

    def add_same(self) -> None:
        """Count the rows that were only counted, on both sides: when they were read, the two were equal."""
        for cut, cells in self.same.cells.items():
            for label, (rows, fen) in cells.items():
                cell = self.cells[cut].setdefault(label, [0, 0, 0, 0])
                for place, number in enumerate((rows, fen, rows, fen)):
                    cell[place] += number

    def sums(self) -> dict[str, tuple[int, int]]:
        """Return currency -> the amounts of source and database in fen."""
        found: dict[str, tuple[int, int]] = {}
        for (_label, currency), (_rows, source, _records, database) in self.cells["owner"].items():
            if currency is not None:
                before = found.get(currency, (0, 0))
                found[currency] = (before[0] + source, before[1] + database)
        return dict(sorted(found.items()))

    def totals(self, cut: str) -> Pair:
        """Return the sums of all cells of a cut."""
        return [sum(column) for column in zip(*self.cells[cut].values(), strict=True)] or [0, 0, 0, 0]


@dataclass(frozen=True, slots=True)
class KindStatement:
    """One kind of record: how the records that the sheets' rows brought and all those of the database hang together.

    `listed` sums up the sheets; `shared` of those stand in several; `beside` were made by the same imports for other
    rows (the customer that a deal's row names); `other` by people, or by imports that are not stated.
    """

    kind: str
    listed: int
    shared: int
    beside: int
    other: int
    present: int

    @property
    def balance(self) -> int:
        """Return what is missing or too much: 0."""
        return self.present - (self.listed - self.shared + self.beside + self.other)


@dataclass(frozen=True, slots=True)
class RunStatement:
    """One import: `undone_by` is the run that took it back, None where it stands."""

    run: int
    command: str
    actor: str
    started: str
    config_hash: str
    undone_by: int | None = None


@dataclass(slots=True)
class Statement:
    """All that a statement says; `differences` stand in the order of sheets and rows."""

    runs: list[RunStatement]
    sheets: list[SheetStatement] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    kinds: list[KindStatement] = field(default_factory=list)
    left_aside: list[RunStatement] = field(default_factory=list)

    def superseded(self) -> int:
        """Return how many rows of older versions of a sheet have no record of their own: a newer version speaks."""
        return sum(
            bool(self.sheets[one.sheet].version) and one.fact == "row" and one.outcome in IN and bool(one.record)
            for one in self.differences
        )

    def of_sheet(self, number: int) -> Iterator[Difference]:
        """Yield the differences of one sheet."""
        return (one for one in self.differences if one.sheet == number)

    def moved(self) -> list[dict[str, int]]:
        """Return, a sheet, currency -> what its differences add up to in fen."""
        found: list[Counter[str]] = [Counter() for _ in self.sheets]
        for one in self.differences:
            found[one.sheet].update(one.moves)
        return [{currency: fen for currency, fen in sums.items() if fen} for sums in found]

    def without_record(self) -> list[int]:
        """Return, a sheet, how many of its rows are in the database and have no record of their own there."""
        found = Counter(one.sheet for one in self.differences if one.fact == "row" and one.outcome in IN)
        return [found[number] for number in range(len(self.sheets))]


def counted(items: Iterable[Difference]) -> dict[str, int]:
    """Return fact -> how many differences there are of it; rows that did not come in go by their outcome."""
    return dict(Counter(one.fact if one.outcome in IN else one.outcome for one in items))
