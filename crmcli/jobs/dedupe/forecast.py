"""How many duplicates a sheet would bring, before anything is imported."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, fields, replace
from functools import partial
from typing import Any

from crmcli.jobs.dedupe.candidates import Candidates
from crmcli.jobs.dedupe.spreadsheet import batch_of
from crmcli.jobs.importing.plan import PlannedSheet
from crmcli.matching.find import compare_here, find_duplicates
from crmcli.matching.records import MatchBatch

_ROW = "row "  # before the ids of a sheet's rows: they come after every customer's


@dataclass(frozen=True, slots=True)
class Forecast:
    """Of the rows looked at: how many say again what another says, and how many a person should look at.

    `known` are those that are surely customers of the database; None where there is none.
    """

    rows: int
    again: int
    to_review: int
    known: int | None = None


def forecast_duplicates(planned: PlannedSheet, there: Candidates | None = None) -> Forecast:
    """Return what comparing a sheet's rows finds: with each other, and with the customers that are `there`."""
    rows = batch_of(planned)
    rows = replace(rows, ids=[f"{_ROW}{number}" for number in range(len(rows))])
    if there is None:
        found = find_duplicates(rows)
    else:
        engine = partial(compare_here, touching=frozenset(rows.ids))
        both = _joined(there.batch, rows)
        found = find_duplicates(both, there.model, there.forbidden, there.forced, engine)
    mine = [place for place, record in enumerate(found.ids) if record.startswith(_ROW)]
    clusters = Counter(found.cluster_ids[place] for place in mine)
    known = {cluster for cluster in clusters if not cluster.startswith(_ROW)}  # the oldest record names a cluster
    return Forecast(
        planned.sheet.count,
        sum(size - 1 for size in clusters.values()),
        sum(found.tiers[place] == "review" for place in mine),
        None if there is None else sum(clusters[cluster] for cluster in known),
    )


def _joined(first: MatchBatch, second: MatchBatch) -> MatchBatch:
    """Return the records of both; a column that neither has stays unknown."""
    columns: dict[str, Any] = {
        column.name: first.column(column.name) + second.column(column.name)
        for column in fields(MatchBatch)
        if getattr(first, column.name) is not None or getattr(second, column.name) is not None
    }
    return MatchBatch(**columns)
