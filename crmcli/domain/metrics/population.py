"""What every figure is computed from: the deals and their stage events, as tables.

The frames hold what is known at one recorded time; business time is filtered by the metrics themselves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from crmcli.domain.metrics.fairness import Givings

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from crmcli.domain.metrics.collision_counts import CollisionLine
    from crmcli.domain.metrics.leads import Lead
    from crmcli.domain.metrics.pool_stays import Stay

MISSING = "未填"
"""The data's own name of an empty owner, reason, product ... in every language."""

DAY_LENGTH = len("2026-03-05")

DEAL_COLUMNS = (
    "opportunity_id", "external_id", "name", "customer_id", "customer", "owner", "team", "region", "manager",
    "product", "source", "province", "industry", "grade", "currency", "amount_fen", "stage", "status", "pipeline",
    "created_at", "expected_close", "closed_at", "loss_reason", "competitor", "probability",
    "probability_source", "source_file", "source_sheet", "source_row",
)  # fmt: skip
"""Columns that `Population.deals` must have."""

AT_CLOSE = ("owner", "team", "region", "manager")
"""Fields that a closed deal may also have as of its close, in columns `owner_at_close` ..."""

EVENT_COLUMNS = (
    "opportunity_id", "at", "recorded", "stage", "rank", "kind", "from_stage", "from_rank", "inferred", "until",
    "between", "reason", "seq",
)  # fmt: skip
"""Columns that `Population.events` must have."""


@dataclass(frozen=True, slots=True)
class Stages:
    """A pipeline's open stages in rank order (rank 1 first) and the names of its three ends.

    `key` is the pipeline's, `name` what readers call it; both are "" where it is the only one.
    """

    names: tuple[str, ...]
    won: str = "赢单"
    lost: str = "输单"
    void: str = "无效"
    key: str = ""
    name: str = ""

    @property
    def ends(self) -> tuple[str, str, str]:
        """Return the names of won, lost and void."""
        return (self.won, self.lost, self.void)


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
        timezone: The workspace's zone; days and months are counted in it.
        leads: The leads, for the report on them only.
        givings: What rules gave to whom, for the report on that only.
        stays: Customers' stays in public pools, for the report on that only.
        collisions: Collisions of salespeople, by kind, for the report on that only.
    """

    deals: pd.DataFrame
    events: pd.DataFrame
    stages: Stages
    timezone: str = "Asia/Shanghai"
    leads: tuple[Lead, ...] = ()
    givings: Givings = field(default_factory=Givings)
    stays: tuple[Stay, ...] = ()
    collisions: tuple[CollisionLine, ...] = ()


def local_times(texts: pd.Series[Any], timezone: str) -> NDArray[Any]:
    """Return local wall-clock times (datetime64[us], no zone), one for each text; NaT where there is none.

    A day becomes its midnight in the workspace; an instant is brought to the workspace's zone.
    """
    import numpy as np
    import pandas as pd

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


def population_of(
    deals: Mapping[str, Sequence[Any]], events: Mapping[str, Sequence[Any]], stages: Stages, timezone: str
) -> Population:
    """Return a population from plain columns, the unknown given as None."""
    import pandas as pd

    fen = [key for key in ("amount_fen", "amount_first_fen") if key in deals]
    deal_frame = pd.DataFrame({key: pd.Series(values, dtype=object) for key, values in deals.items()})
    deal_frame = deal_frame.astype({"opportunity_id": "int64", "probability": "Float64"} | dict.fromkeys(fen, "Int64"))
    event_frame = pd.DataFrame({key: pd.Series(values, dtype=object) for key, values in events.items()})
    whole = dict.fromkeys(("opportunity_id", "seq"), "int64") | dict.fromkeys(("rank", "from_rank"), "Int64")
    whole |= dict.fromkeys(("inferred", "between"), "bool")
    return Population(deal_frame, event_frame.astype(whole), stages, timezone)
