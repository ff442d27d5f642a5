"""What plain rows about deals make besides their plain columns: they find nothing and say nothing of a stage.

See `crmcli.jobs.importing.fresh`; such a row makes just what `crmcli.jobs.importing.deals` would make of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from crmcli.domain.records import ENTITIES
from crmcli.importers.plain import PlainRows
from crmcli.jobs.importing.context import ImportContext, SheetTally, Sums
from crmcli.jobs.importing.deal_rows import COMPANIONS, MOVING
from crmcli.jobs.stages import with_state
from crmcli.store.records import to_json

_AMOUNT = "opportunity.amount"
Columns = Mapping[str, Sequence[Any]]


def takes_plain_deals(context: ImportContext) -> bool:
    """Return whether a new deal rests on its own row only: one pipeline takes all, no versions of a sheet."""
    return context.sightings is None and len(context.pipelines) == 1 and context.pipelines[0].when is None


def deal_columns(said: Columns, count: int, system: str, now: str) -> dict[str, Sequence[Any]]:
    """Return the columns of `count` new deals beyond those that their rows fill: who wrote what, their state."""
    blank = ENTITIES["opportunity"].blank()
    found: dict[str, Sequence[Any]] = {
        column: [value] * count for column, value in with_state(blank, [], now).items() if value != blank.get(column)
    }
    for column, (companion, by) in COMPANIONS.items():
        if column in said:
            found[companion] = [None if value is None else by for value in said[column]]
    moving = sorted(column for column in MOVING if column in said)
    rows = zip(*(said[column] for column in moving), strict=True) if moving else [()] * count
    spoken = ({column: value for column, value in zip(moving, row, strict=True) if value is not None} for row in rows)
    return found | {"said": [to_json({system: own}) if own else None for own in spoken]}


def nameless_keys(said: Columns, numbers: Sequence[int], homes: Sequence[int]) -> Iterator[tuple[str, int]]:
    """Yield the keys of deals that have neither number nor name: each is its customer's."""
    nothing = [None] * len(numbers)
    named = zip(said.get("external_ids", nothing), said.get("name", nothing), strict=True)
    for number, home, (external_ids, name) in zip(numbers, homes, named, strict=True):
        if not external_ids and not name:
            yield f"{home}|", number


def add_sums(tally: SheetTally, plain: PlainRows, said: Columns) -> None:
    """Add the amounts of new deals to a sheet's sums, in the file and as they are stored."""
    if "amount_fen" in said:
        sums = tally.sums.setdefault(_AMOUNT, Sums())
        sums.add("source", sum((amount.value for amount in plain.value(_AMOUNT) if amount), Decimal(0)))
        sums.add("stored", Decimal(sum(fen for fen in said["amount_fen"] if fen)) / 100)
