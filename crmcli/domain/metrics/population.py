"""What every figure is computed from: the deals and their stage events, as tables.

The frames hold what is known at one recorded time; business time is filtered by the metrics themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo

from crmcli.domain.metrics.fairness import Givings
from crmcli.domain.metrics.quality import Quality

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from crmcli.domain.assignment.model import Owner
    from crmcli.domain.metrics.collision_counts import CollisionLine
    from crmcli.domain.metrics.leads import Lead
    from crmcli.domain.metrics.pool_stays import Stay
    from crmcli.domain.metrics.receivables import Payment
    from crmcli.domain.metrics.review import Teller
    from crmcli.domain.reminders.model import Plan

MISSING = "未填"
"""The data's own name of an empty owner, reason, product ... in every language."""

DAY_LENGTH = len("2026-03-05")

DEAL_COLUMNS = (
    "opportunity_id", "external_id", "name", "customer_id", "customer", "owner", "team", "region", "manager",
    "product", "source", "province", "industry", "grade", "currency", "amount_fen", "stage", "status", "pipeline",
    "created_at", "expected_close", "closed_at", "loss_reason", "competitor", "probability",
    "probability_source",
)  # fmt: skip
"""Columns that `Population.deals` must have."""

AT_CLOSE = ("owner", "team", "region", "manager")
"""Fields that a closed deal may also have as of its close, in columns `owner_at_close` ..."""

EVENT_COLUMNS = (
    "opportunity_id", "at", "stage", "rank", "kind", "from_stage", "from_rank", "inferred", "until",
    "between", "reason", "seq",
)  # fmt: skip
"""Columns that `Population.events` must have."""

MOVE_COLUMNS = ("opportunity_id", "field", "at", "recorded", "from_value", "value")
"""Columns of `Population.moves`: changes of `MOVED` fields, values as text (amounts in fen)."""
MOVED = ("amount_fen", "owner", "expected_close")
BY_HAND = "by_hand"
"""The field of `Population.by_hand`: the probability (0-100) that a person had set, None where nobody had."""

ACTIVITY_COLUMNS = (
    "activity_id", "opportunity_id", "customer_id", "at", "by", "type", "human", "next_action", "next_at",
    "source_file", "source_sheet", "source_row",
)  # fmt: skip
"""Columns of `Population.activities`; `human`: a person did it, not a rule or an import."""

TASK_COLUMNS = ("task_id", "opportunity_id", "customer_id", "title", "owner", "due", "created_at", "done_at")
"""Columns of `Population.tasks`: planned actions that are records of their own."""


@dataclass(frozen=True, slots=True)
class StageRules:
    """What crm.toml says of a stage: probability 0-1 and days, None where it says nothing, and forecast category."""

    probability: float | None = None
    rot_days: int | None = None
    max_days: int | None = None
    category: str = "pipeline"


@dataclass(frozen=True, slots=True)
class Target:
    """What an owner, a team or (neither) everybody is to win in [start, end): fen, deals; None where not said.

    `period` is how it was written: 2026Q4. `where` names the source: a sheet's cell, or crm.toml.
    """

    owner: str
    team: str
    period: str
    start: date
    end: date
    amount_fen: int | None = None
    count: int | None = None
    where: str = "crm.toml"


@dataclass(frozen=True, slots=True)
class Goal:
    """What a figure of `measures.MEASURES` is to be in [start, end), for an owner, a team or (neither) everybody.

    `value` is in fen, a number, a share 0-1 or days; `better` None: as is usual for the figure.
    """

    metric: str
    owner: str
    team: str
    period: str
    start: date
    end: date
    value: float
    better: Literal["higher", "lower"] | None = None
    where: str = "crm.toml"


@dataclass(frozen=True, slots=True)
class Working:
    """What counts as working time: the holiday calendar ("" none) and the hours of a day, None: round the clock."""

    calendar: str = ""
    hours: tuple[time, time] | None = None


@dataclass(frozen=True, slots=True)
class Stages:
    """A pipeline's open stages in rank order (rank 1 first) and the names of its three ends.

    `key` is the pipeline's, `name` what readers call it; both are "" where it is the only one. `rules` align with
    `names`, or are empty where nothing is known. A deal is qualified from the stage `qualified` on; "": none is named.
    """

    names: tuple[str, ...]
    won: str = "赢单"
    lost: str = "输单"
    void: str = "无效"
    key: str = ""
    name: str = ""
    rules: tuple[StageRules, ...] = ()
    qualified: str = ""

    @property
    def ends(self) -> tuple[str, str, str]:
        """Return the names of won, lost and void."""
        return (self.won, self.lost, self.void)

    @property
    def qualified_rank(self) -> int:
        """Return the rank of the stage from which a deal is qualified, 0 where none is named."""
        return self.names.index(self.qualified) + 1 if self.qualified in self.names else 0

    def rules_of(self, rank: int) -> StageRules:
        """Return what crm.toml says of the stage of a rank (from 1)."""
        return self.rules[rank - 1] if self.rules else StageRules()


Place = tuple[str, str, int]
"""File, sheet and row that a record was made from."""


@dataclass(frozen=True, slots=True)
class Population:
    """The deals with their stage events, of which the stages of one pipeline are known.

    Attributes:
        deals: One row a deal, columns `DEAL_COLUMNS`; amounts in fen (NA: unknown), probability 0-1 (NA: unknown),
            times as text: a day, or an instant with offset, or None. Optional columns: `amount_first_fen`
            (amount at the first event), those of `AT_CLOSE`, `next_at` (planned next step).
        events: One row a stage event, columns `EVENT_COLUMNS`; `rank` 1..k for open stages, k+1 for won; `seq`
            orders a deal's events; `at` None means the time is unknown; `until` is when an inferred event gives way
            to real ones (`stage_history.counts_until`), None never; `between` is true where `at` is only the latest
            possible time (or None: not known), for the event was concluded from versions of a sheet.
        stages: The pipeline that is shown; deals of others may be there too.
        others: Those other pipelines.
        timezone: The workspace's zone; days and months are counted in it.
        moves: One row a change of amount, owner or expected close, columns `MOVE_COLUMNS`, by deal, oldest first.
        by_hand: One row a change of what people had set as probability, columns `MOVE_COLUMNS`, like `moves`.
        activities: One row a follow-up up to the as-of time, columns `ACTIVITY_COLUMNS`.
        tasks: One row a task, columns `TASK_COLUMNS`.
        targets: What was to be won.
        goals: What other figures are to be.
        quality: How good the data is, for the report on that only.
        teller: What tells how deals went by their numbers, for the review only; None: nothing is told.
        plans: Deal -> the next step that stands for it; a deal without one is not there.
        max_plan_days: How long a planned action protects a deal from being stalled.
        working: What counts as working time.
        earlier: The same deals as they were known when the period began, for what changed since only.
        displaced: Deal -> the instant (ISO) at which it was last removed or put into another pipeline.
        sources: Numbers of deals -> file, sheet and row each was made from, where one is known; None: nothing is.
        places: Kind of records and numbers of them -> the same of each, of any kind; None: nothing is known.
        leads: The leads, for the report on them only.
        givings: What rules gave to whom, for the report on that only.
        stays: Customers' stays in public pools, for the report on that only.
        staff: The people, for reports that break down what is no deal.
        payments: What is due and what was received, for the report on that only.
        collisions: Collisions of salespeople, by kind, for the report on that only.
    """

    deals: pd.DataFrame
    events: pd.DataFrame
    stages: Stages
    timezone: str = "Asia/Shanghai"
    others: tuple[Stages, ...] = ()
    moves: pd.DataFrame | None = None
    by_hand: pd.DataFrame | None = None
    activities: pd.DataFrame | None = None
    tasks: pd.DataFrame | None = None
    targets: tuple[Target, ...] = ()
    goals: tuple[Goal, ...] = ()
    quality: Quality = field(default_factory=Quality)
    teller: Teller | None = None
    plans: Mapping[int, Plan] = field(default_factory=dict)
    max_plan_days: int = 30
    working: Working = field(default_factory=Working)
    earlier: Population | None = None
    sources: Callable[[Sequence[int]], Mapping[int, Place]] | None = None
    places: Callable[[str, Sequence[int]], Mapping[int, Place]] | None = None
    displaced: Mapping[int, str] = field(default_factory=dict)
    leads: tuple[Lead, ...] = ()
    givings: Givings = field(default_factory=Givings)
    stays: tuple[Stay, ...] = ()
    staff: tuple[Owner, ...] = ()
    payments: tuple[Payment, ...] = ()
    collisions: tuple[CollisionLine, ...] = ()


def local_times(texts: pd.Series[Any], timezone: str) -> NDArray[Any]:
    """Return local wall-clock times (datetime64[us], no zone), one for each text; NaT where there is none.

    A day becomes its midnight in the workspace; an instant is brought to the workspace's zone. Times that are local
    already stay.
    """
    import numpy as np
    import pandas as pd

    if texts.dtype.kind == "M":
        return texts.to_numpy(dtype="datetime64[us]")
    codes, distinct = pd.factorize(texts)
    values = pd.Series(np.asarray(distinct, dtype=object), dtype=object)
    is_day = np.fromiter((len(text) == DAY_LENGTH for text in values), dtype=bool, count=len(values))
    times = np.full(len(values) + 1, np.datetime64("NaT"), dtype="datetime64[us]")
    days = pd.to_datetime(values[is_day], format="%Y-%m-%d", errors="coerce")
    instants = pd.to_datetime(values[~is_day], format="ISO8601", utc=True, errors="coerce")
    times[:-1][is_day] = days.to_numpy(dtype="datetime64[us]")
    if len(instants):
        times[:-1][~is_day] = instants.dt.tz_convert(timezone).dt.tz_localize(None).to_numpy(dtype="datetime64[us]")
    result: NDArray[Any] = times[codes]
    return result


def local_moment(moment: datetime, timezone: str) -> NDArray[Any]:
    """Return a time with a zone as the local time that others are compared with."""
    import numpy as np

    return np.asarray(np.datetime64(moment.astimezone(ZoneInfo(timezone)).replace(tzinfo=None), "us"))


def frame_of(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> pd.DataFrame:
    """Return rows as a table of those columns; every value stays as it is, None where it is unknown."""
    import pandas as pd

    return pd.DataFrame({key: pd.Series([row[key] for row in rows], dtype=object) for key in columns})
