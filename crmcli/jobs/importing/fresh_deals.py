"""What plain rows about deals make besides their plain columns: they find nothing, and their stage is an open one.

See `crmcli.jobs.importing.fresh`; such a row makes just what `crmcli.jobs.importing.deals` would make of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from crmcli.domain.identity import keys_of
from crmcli.domain.pipeline import StagePlace, place_among
from crmcli.domain.records import ENTITIES, Record
from crmcli.domain.stage_history import ENDS
from crmcli.importers.plain import PlainRows
from crmcli.jobs.deals.stages import stage_event, with_state
from crmcli.jobs.importing.context import ImportContext, SheetTally, Sums
from crmcli.jobs.importing.deal_rows import COMPANIONS, MOVING
from crmcli.store.records import known_value

_AMOUNT = "opportunity.amount"
_KEPT = 1 << 14  # beginnings that are kept
_SAID = sorted([*MOVING, "stage"])
Columns = Mapping[str, Sequence[Any]]
Beginning = tuple[Record, Record | None]  # the columns of the state a deal begins in, the event that tells of it


@dataclass(slots=True)
class FreshDeals:
    """The new deals of one sheet's fresh rows; `system` is whose sheet it is."""

    context: ImportContext
    system: str
    tally: SheetTally
    _stages: dict[str, StagePlace | None] = field(default_factory=dict)
    _beginnings: dict[tuple[str | None, str | None], Beginning] = field(default_factory=dict)

    def among(self, plain: PlainRows) -> PlainRows:
        """Return those of the rows whose deal rests on nothing else: one pipeline takes all and has its stage open."""
        pipelines = self.context.pipelines
        if self.context.sightings is not None or len(pipelines) > 1 or pipelines[0].when is not None:
            return plain.between(0, 0)
        if "stage" not in plain.keys("opportunity"):
            return plain
        stages = plain.value("opportunity.stage")
        return plain.but([place for place, stage in enumerate(stages) if stage and self._open_stage(stage) is None])

    def columns(self, said: Columns, numbers: Sequence[int]) -> dict[str, Sequence[Any]]:
        """Return the columns of new deals beyond those that their rows fill: who wrote what, how they begin."""
        states = [state for state, _event in self._begin(said, len(numbers))]
        known = {id(state): state for state in states}.values()
        found: dict[str, Sequence[Any]] = {
            column: [state.get(column) for state in states] for column in sorted({c for state in known for c in state})
        }
        for column, (companion, by) in COMPANIONS.items():
            if column in said:
                found[companion] = [None if value is None else by for value in said[column]]
        self.context.made_deals.update(numbers)
        self.context.taken_deals.update(numbers)
        return found | {"said": self._own_words(said, len(numbers))}

    def write_events(
        self, said: Columns, numbers: Sequence[int], source_rows: Sequence[int]
    ) -> tuple[list[str], list[int]]:
        """Write the events of how new deals begin; return their search keys and the events that they find."""
        begun = zip(self._begin(said, len(numbers)), numbers, source_rows, strict=True)
        told = [(event, number, row) for (_state, event), number, row in begun if event is not None]
        if not told:
            return [], []
        events, deals, rows = zip(*told, strict=True)
        first = self.context.run.reserve("event", len(told))
        ids = range(first, first + len(told))
        columns = {column: [known_value(event[column]) for event in events] for column in ENTITIES["event"].columns}
        columns["opportunity_id"] = list(deals)
        self.context.run.insert_columns("event", ids, columns, rows)
        keys = (keys_of("event", event | {"opportunity_id": deal}) for event, deal in zip(events, deals, strict=True))
        found = [(value, number) for number, own in zip(ids, keys, strict=True) for _kind, value in own]
        return [value for value, _number in found], [number for _value, number in found]

    def add_sums(self, plain: PlainRows, said: Columns) -> None:
        """Add the amounts of new deals to the sheet's sums, in the file and as they are stored."""
        if "amount_fen" in said:
            sums = self.tally.sums.setdefault(_AMOUNT, Sums())
            sums.add("source", sum((amount.value for amount in plain.value(_AMOUNT) if amount), Decimal(0)))
            sums.add("stored", Decimal(sum(fen for fen in said["amount_fen"] if fen)) / 100)

    def _own_words(self, said: Columns, count: int) -> list[dict[str, Any] | None]:
        """Return what the source says of each deal."""
        columns = [column for column in _SAID if column in said]
        rows = zip(*(said[column] for column in columns), strict=True) if columns else [()] * count
        words = ({c: value for c, value in zip(columns, row, strict=True) if value is not None} for row in rows)
        return [{self.system: own} if own else None for own in words]

    def _begin(self, said: Columns, count: int) -> Iterator[Beginning]:
        nothing = [None] * count
        return map(self._beginning, said.get("stage", nothing), said.get("created_at", nothing))

    def _beginning(self, stage: str | None, entered: str | None) -> Beginning:
        if (stage, entered) not in self._beginnings:
            if len(self._beginnings) >= _KEPT:
                self._beginnings.clear()
            self._beginnings[stage, entered] = self._begun(stage, entered)
        return self._beginnings[stage, entered]

    def _begun(self, stage: str | None, entered: str | None) -> Beginning:
        blank, started = ENTITIES["opportunity"].blank(), self.context.run.started
        place = self._open_stage(stage) if stage else None
        event = None
        if place:
            event = stage_event(0, place, entered, started, extra={}, system=self.system, inferred=1)
        state = with_state(blank, [event] if event else [], started)
        if place and place.name != stage:
            state["stage_text"] = stage
        return {column: known_value(value) for column, value in state.items() if value != blank.get(column)}, event

    def _open_stage(self, written: str) -> StagePlace | None:
        """Return the stage that a text means, None where it is no open one of the pipeline."""
        if written not in self._stages:
            place = place_among(self.context.pipelines, written)[1]
            self._stages[written] = None if place.kind in ENDS or place.kind == "unknown" else place
        return self._stages[written]


def nameless_keys(said: Columns, numbers: Sequence[int], homes: Sequence[int]) -> tuple[list[str], list[int]]:
    """Return the keys of deals that have neither number nor name (each is its customer's), and these deals."""
    nothing = [None] * len(numbers)
    named = zip(said.get("external_ids", nothing), said.get("name", nothing), strict=True)
    places = [place for place, (external_ids, name) in enumerate(named) if not external_ids and not name]
    return [f"{homes[place]}|" for place in places], [numbers[place] for place in places]
