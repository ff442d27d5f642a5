"""What is kept of a sheet's rows so that a statement can compare them with the database later.

A row that did something is kept with its cells and what they were read as. So is one that says just what its record
holds already, where another row of this import made the record, or where the record counts another value; of all other
such rows only sums are kept. Of versions of one sheet every row is kept: only the newest about a deal is compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from crmcli.domain.pipeline import place_among
from crmcli.domain.said import NOTHING, Said, Stopped, agree, columns_of, encode, facts_of, held_by, said_by
from crmcli.domain.tallies import SourceTally
from crmcli.domain.values.money import yuan_to_fen
from crmcli.i18n import Message
from crmcli.jobs.importing.batch import Batch
from crmcli.jobs.importing.context import ImportContext, Row, SheetPlace
from crmcli.jobs.importing.deal_rows import read_deal


@dataclass(slots=True)
class Witness:
    """One sheet's rows as they are counted; `same` sums up those that are not kept."""

    context: ImportContext
    place: SheetPlace
    same: SourceTally = field(default_factory=SourceTally)
    _facts: dict[str, str] = field(init=False)
    _stages: dict[tuple[str | None, str | None], str | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._facts = facts_of(self.place.kind, self.place.mapping.paths())

    def keep(self, row: Row, batches: dict[str, Batch]) -> str | None:
        """Return what to keep beside a row's cells, None where the row is only counted."""
        kind = self.place.kind
        part = row.draft.parts.get(kind) or row.draft.parts.get("customer") or {}
        said = said_by(self._facts, part, self._stage(part), self.context.currency)
        if row.reason:
            return encode(said, Stopped(row.reason.code, row.reason.header, row.reason.message))
        if row.outcome == "same" and not self._is_worth_keeping(said, row, batches.get(kind)):
            self.same.add(said)
            return None
        return encode(said)

    @property
    def day(self) -> str | None:
        """Return the field that states the day of the sheet's rows, None where none does."""
        return self._facts.get("day")

    def keep_fresh(
        self,
        owners: Sequence[str | None],
        stages: Sequence[str | None],
        days: Sequence[str | None],
        amounts_fen: Sequence[int | None],
    ) -> list[tuple[str | int | None, ...]]:
        """Return what to keep beside the cells of rows that made what they are about, by what these say of it.

        Stages are as they are written, amounts in the workspace's currency.
        """
        nothing: list[None] = [None] * len(owners)
        meant = {stage: self._stage({"stage": stage}) if stage else None for stage in set(stages)}
        currencies = [None if fen is None else self.context.currency for fen in amounts_fen]
        # the order of `Said`
        facts = (
            owners if "owner" in self._facts else nothing,
            map(meant.__getitem__, stages),
            days if self.day else nothing,
            currencies,
            amounts_fen,
        )
        return list(zip(*facts, strict=True))

    def keep_odd(self, code: str, message: Message | None, amount: Decimal) -> str:
        """Return what to keep beside the cells of a row that is no record: a total, a note, an unsafe line."""
        fen = yuan_to_fen(amount)
        said = Said(currency=self.context.currency, amount_fen=fen) if fen else NOTHING
        return encode(said, Stopped(code, "", message))

    def report(self) -> dict[str, Any]:
        """Return what is kept of the sheet: the facts it states with the columns that do, the sums of `same`.

        `named` is what a person said of its columns: (header, field); `day` which version of a series it is, or None.
        """
        columns: dict[str, list[int]] = {}
        for fact, key in self._facts.items():
            keys = ("stage", "status") if fact == "stage" else (key,)
            paths = [f"{self.place.kind}.{one}" for one in keys]
            columns[fact] = [column.index for column in self.place.mapping.columns if column.path in paths]
        named = [list(pair) for pair in self.place.named]
        day = self.context.sightings.day if self.context.sightings else None
        return {"facts": self._facts, "columns": columns, "same": self.same.as_json(), "named": named, "day": day}

    def _is_worth_keeping(self, said: Said, row: Row, batch: Batch | None) -> bool:
        number = row.ids.get(self.place.kind)
        if number is None or batch is None:
            return False
        if self.context.sightings is not None:
            return True
        held = held_by(columns_of(batch.entity, self._facts), batch.present[number], self.context.currency)
        return self.context.made_here(batch.entity, number) or not agree(said, held)

    def _stage(self, part: dict[str, Any]) -> str | None:
        """Return the stage that a row's words mean."""
        words = (part.get("stage"), part.get("status"))
        if "stage" not in self._facts or words == (None, None):
            return None
        if words not in self._stages:
            self._stages[words] = self._meant(*words)
        return self._stages[words]

    def _meant(self, stage: str | None, status: str | None) -> str | None:
        if self.place.kind != "opportunity":
            return place_among(self.context.pipelines, stage)[1].name if stage else None
        part = {"stage": stage, "status": status}
        known = {key: text for key, text in part.items() if text}
        stands = read_deal(known, "", self.context.pipelines, self.context.loss_reasons).stands
        return stands.name if stands else None
