"""What is true of a demo: the figures that import, de-duplication and reports must come to.

Everything here is counted from the generator's own rows and event lists, by the definitions, and by no other
code of this package.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from crmcli.demo_data.deals import ON_HOLD, WRITTEN_REASONS
from crmcli.demo_data.model import ENDS, LOST, STAGES, VOID, WON, Deal, Demo, Row, SampleFile
from crmcli.demo_data.spelling import exact_key

NO_REASON = "未填"
UNKNOWN_END = "终止阶段未知"
REMARKS = "微信联系人.csv"


@dataclass(frozen=True, slots=True)
class FileTruth:
    """One sheet that holds records; row numbers as Excel shows them, for csv the line a record starts on.

    `records` counts rows that come in, the `repeats` among them (word for word a row above) too.
    `skipped` lists rows after the header that are no records (totals, notes, chat rooms), `above` those before
    it, `rejected` those that nobody can identify. `listed` are (row, header) of cells that hold no value.
    """

    sheet: str
    header_row: int
    records: int
    repeats: int
    rejected: tuple[int, ...]
    skipped: tuple[int, ...]
    above: tuple[int, ...]
    listed: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class FunnelTruth:
    """The cohort funnel over the whole history, by stages in rank order; `reached` has won as its last.

    `lost_here`, `void_here` and `open_here` are by highest rank, winners that were reopened at the last stage.
    `unplaced` counts deals that are in the first stage's `reached` only, by why.
    """

    reached: tuple[int, ...]
    lost_here: tuple[int, ...]
    void_here: tuple[int, ...]
    open_here: tuple[int, ...]
    unplaced: dict[str, int]


@dataclass(frozen=True, slots=True)
class Truth:
    """All that is known of a demo.

    `firms` are the true customers; `imported_customers` is how many records exact names and credit codes leave
    of them before de-duplication, WeChat remarks aside: `remark_names` are the firms that those name.
    `duplicate_groups` holds the written names of each firm that has several, as distinct exact names.
    `amount_yuan` sums the amounts written as such; the `approximate` deals written 约…万 would add
    `approximate_yuan`, and `without_amount` deals say nothing.
    `lost_by_reason` uses the configured reasons, `未填`, and unknown texts as written. Rates are 0 to 1.
    """

    files: dict[str, FileTruth]
    firms: int
    imported_customers: int
    remark_names: tuple[str, ...]
    duplicate_groups: tuple[tuple[str, ...], ...]
    opportunities: int
    without_customer: int
    won: int
    lost: int
    void: int
    open: int
    win_rate: float
    lost_by_reason: dict[str, int]
    funnel: FunnelTruth
    amount_yuan: Decimal
    approximate: int
    approximate_yuan: Decimal
    without_amount: int
    unassigned: int
    stage_events: int


def truth(demo: Demo) -> Truth:
    """Return what is true of the demo at its fixed day."""
    rows = [row for file in demo.files if file.name != REMARKS for row in _customer_rows(file)]
    remarks = [row for file in demo.files if file.name == REMARKS for row in _customer_rows(file)]
    ends = Counter(deal.stage if deal.stage in ENDS else "" for deal in demo.deals)
    vague = [deal.amount_yuan for deal in demo.deals if deal.amount_yuan is not None and deal.approximate]
    exact = [deal.amount_yuan for deal in demo.deals if deal.amount_yuan is not None and not deal.approximate]
    return Truth(
        files={file.name: _file_truth(file) for file in demo.files},
        firms=len({row.firm for row in rows}),
        imported_customers=_exact_customers(rows),
        remark_names=tuple(sorted({row.customer for row in remarks})),
        duplicate_groups=_groups(rows),
        opportunities=len(demo.deals),
        without_customer=sum(deal.firm is None for deal in demo.deals),
        won=ends[WON],
        lost=ends[LOST],
        void=ends[VOID],
        open=ends[""],
        win_rate=ends[WON] / (ends[WON] + ends[LOST]),
        lost_by_reason=dict(Counter(_reason(deal) for deal in demo.deals if deal.stage == LOST)),
        funnel=_funnel(demo.deals),
        amount_yuan=sum(exact, Decimal(0)),
        approximate=len(vague),
        approximate_yuan=sum(vague, Decimal(0)),
        without_amount=sum(deal.amount_yuan is None for deal in demo.deals),
        unassigned=sum(not deal.owner for deal in demo.deals),
        stage_events=sum(len(deal.steps) for deal in demo.deals if deal.recorded),
    )


def _customer_rows(file: SampleFile) -> list[Row]:
    return [row for row in file.tables[0].rows if row.customer]


def _file_truth(file: SampleFile) -> FileTruth:
    table = file.tables[0]
    numbers: dict[str, list[int]] = {}
    listed: list[tuple[int, str]] = []
    number = 1
    for row in table.rows:
        numbers.setdefault(row.tag, []).append(number)
        listed += [(number, header) for header in row.bad]
        breaks = sum(cell.count("\n") for cell in row.cells if isinstance(cell, str)) if file.encoding else 0
        number += 1 + breaks
    repeats = len(numbers.get("repeat", ()))
    return FileTruth(
        sheet=table.name,
        header_row=numbers["header"][0],
        records=len(numbers.get("record", ())) + repeats,
        repeats=repeats,
        rejected=tuple(numbers.get("rejected", ())),
        skipped=tuple(numbers.get("skipped", ())),
        above=tuple(numbers.get("above", ())),
        listed=tuple(listed),
    )


def _exact_customers(rows: Iterable[Row]) -> int:
    """Return how many customers are left where rows with one credit code or one exact name are one."""
    parent: dict[str, str] = {}

    def root(key: str) -> str:
        while parent.setdefault(key, key) != key:
            key = parent[key]
        return key

    for row in rows:
        name = root(exact_key(row.customer))
        if row.credit_code:
            parent[root(row.credit_code)] = name
    return len({root(key) for key in parent})


def _groups(rows: Iterable[Row]) -> tuple[tuple[str, ...], ...]:
    spellings: dict[int, dict[str, str]] = {}
    for row in rows:
        if row.firm is not None:
            spellings.setdefault(row.firm, {}).setdefault(exact_key(row.customer), row.customer)
    return tuple(tuple(names.values()) for _, names in sorted(spellings.items()) if len(names) > 1)


def _reason(deal: Deal) -> str:
    known = (reason for reason, texts in WRITTEN_REASONS.items() if deal.reason in texts)
    return next(known, deal.reason) or NO_REASON


def _highest(deal: Deal) -> int | None:
    """Return the highest rank ever held, one above the last stage for won, None where no stage is known."""
    if deal.stage == WON:
        return len(STAGES) + 1
    if deal.stage == ON_HOLD or (not deal.recorded and deal.stage in ENDS):
        return None
    seen = [step.stage for step in deal.steps] if deal.recorded else [deal.stage]
    ranks = [len(STAGES) if stage == WON else STAGES.index(stage) + 1 for stage in seen if stage not in (LOST, VOID)]
    return max(ranks)


def _funnel(deals: tuple[Deal, ...]) -> FunnelTruth:
    highest = [(_highest(deal), deal.stage) for deal in deals]
    ranks = range(1, len(STAGES) + 1)
    ends = Counter((rank, stage if stage in ENDS else "") for rank, stage in highest if rank is not None)
    reached = [sum(rank is not None and rank >= step for rank, _ in highest) for step in (*ranks, len(STAGES) + 1)]
    reached[0] = len(deals)
    return FunnelTruth(
        reached=tuple(reached),
        lost_here=tuple(ends[rank, LOST] for rank in ranks),
        void_here=tuple(ends[rank, VOID] for rank in ranks),
        open_here=tuple(ends[rank, ""] for rank in ranks),
        unplaced=dict(Counter(stage if stage == ON_HOLD else UNKNOWN_END for rank, stage in highest if rank is None)),
    )
