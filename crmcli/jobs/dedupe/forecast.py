"""How many duplicates a sheet would bring, before anything is imported."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from crmcli.jobs.dedupe.spreadsheet import FileChoices, batch_of
from crmcli.jobs.importing.plan import PlannedSheet
from crmcli.matching.find import find_duplicates


@dataclass(frozen=True, slots=True)
class Forecast:
    """Of the rows looked at: how many say again what another says, and how many a person should look at."""

    rows: int
    again: int
    to_review: int


def forecast_duplicates(planned: PlannedSheet) -> Forecast:
    """Return what comparing a sheet's rows with each other finds; the database is not looked at."""
    found = find_duplicates(batch_of(planned, FileChoices()))
    clusters = Counter(found.cluster_ids)
    return Forecast(
        planned.sheet.count, sum(size - 1 for size in clusters.values()), sum(tier == "review" for tier in found.tiers)
    )
