"""Deals of which no event tells: their own fields say where they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from crmcli.domain.metrics.population import Stages


def events_of_silent(silent: pd.DataFrame, stages: Stages) -> pd.DataFrame:
    """Return what the fields of deals without any event say: an inferred stage, an inferred end."""
    import numpy as np
    import pandas as pd

    ranks = {name: rank for rank, name in enumerate(stages.names, 1)}
    staged = silent[(silent["stage"].notna() & ~silent["stage"].isin(stages.ends)).to_numpy()]
    held = pd.DataFrame({"opportunity_id": staged["opportunity_id"], "at": staged["created_at"],
                         "stage": staged["stage"], "rank": staged["stage"].map(ranks), "seq": 0})  # fmt: skip
    held["kind"] = np.where(held["rank"].notna(), "open", "unknown")
    ended = silent[silent["status"].isin(["won", "lost", "void"]).to_numpy()]
    names = dict(zip(("won", "lost", "void"), stages.ends, strict=True))
    ends = pd.DataFrame({"opportunity_id": ended["opportunity_id"], "at": ended["closed_at"],
                         "stage": ended["status"].map(names), "kind": ended["status"], "seq": 1})  # fmt: skip
    both = pd.concat([frame for frame in (held, ends) if len(frame)] or [held])
    return both.assign(from_stage=None, from_rank=None, inferred=True, until=None, reason=None,
                       between=False, rank=both.get("rank"))  # fmt: skip
