"""What a deal's gates ask before a person brings it somewhere, and how a refusal is told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from crmcli.domain.fields import catalogue
from crmcli.domain.gates import Lack, lacking
from crmcli.domain.pipeline import Pipeline, StagePlace
from crmcli.domain.records import Record, record_number
from crmcli.errors import CrmError
from crmcli.i18n import Message, current_language, enumerated, msg
from crmcli.jobs.records.listing import show_records
from crmcli.store.database import Database

# what was decided of deals' entering stages, the last word of each last
_DECIDED = (
    "SELECT opportunity_id, for_stage, decision FROM approval"
    " WHERE for_stage IS NOT NULL AND decision IS NOT NULL AND (opportunity_id = :deal OR :deal IS NULL)"
    " ORDER BY decided_at, id"
)


class MoveRefused(CrmError):
    """The opportunity cannot go where it was sent."""

    code = "stage.refused"

    def __init__(self, deal: str, reasons: list[Message], hint: Message | None = None) -> None:
        super().__init__(msg("not moved: {reasons}", reasons=enumerated(reasons)), where=deal, hint=hint)


class ReasonNeeded(CrmError):
    """A loss without a reason, or with one that the list does not have."""

    code = "loss.reason"

    def __init__(self, deal: str, reason: Message) -> None:
        super().__init__(reason, where=deal, hint=msg('crmcli opp lose {deal} --reason "..."', deal=deal))


@dataclass(frozen=True, slots=True)
class Passing:
    """How a closed gate is passed: not at all, or by force, which needs to be told why."""

    force: bool = False
    because: str = ""


def lack_of(db: Database, deal: Record, pipeline: Pipeline, place: StagePlace) -> Lack:
    """Return what a deal lacks to enter a place of its pipeline."""
    fields = show_records(db, "opportunity", [deal])[0]
    approved = approved_in(pipeline, approvals(db, deal["id"]).get(deal["id"], ()))
    return lacking(pipeline, place, fields, deal["checklist"], approved)


def approvals(db: Database, deal: int | None = None) -> dict[int, list[tuple[str, str]]]:
    """Return deal -> (stage, "approved" or "refused") in the order of decision, of one deal or of all."""
    found: dict[int, list[tuple[str, str]]] = {}
    for row in db.rows(_DECIDED, {"deal": deal}):
        found.setdefault(row["opportunity_id"], []).append((row["for_stage"], row["decision"]))
    return found


def approved_in(pipeline: Pipeline, decided: Iterable[tuple[str, str]]) -> list[str]:
    """Return the stages that may be entered by what was decided last of each, under today's names."""
    last = {pipeline.place(stage).name: decision for stage, decision in decided}
    return [stage for stage, decision in last.items() if decision == "approved"]


def pass_gate(db: Database, deal: Record, pipeline: Pipeline, place: StagePlace, passing: Passing) -> dict[str, Any]:
    """Return what the event of passing a gate keeps: {} where it stood open, `forced` with what was lacking.

    Raises:
        MoveRefused: something is lacking; all of it is told.
    """
    lack = lack_of(db, deal, pipeline, place)
    if not lack:
        return {}
    because = passing.because.strip()
    if passing.force and because:
        return {"forced": lack.as_data()}
    reasons = in_words(lack, place)
    if passing.force:
        reasons.append(msg("--force needs --because: why the gate is passed"))
    number = record_number("opportunity", deal["id"])
    raise MoveRefused(number, reasons, _way_through(number, lack))


def in_words(lack: Lack, place: StagePlace) -> list[Message]:
    """Return all that is lacking, fields by their label."""
    return [_labelled(reason) for reason in lack.reasons(place.name)]


def _way_through(number: str, lack: Lack) -> Message:
    commands = []
    if lack.fields:
        commands.append(" ".join(["crmcli opp set", number, *(f"{key}=..." for key in lack.fields)]))
    commands += [f'crmcli opp tick {number} "{item}"' for item in lack.items]
    commands += [f'crmcli approval request {number} --stage "{stage}"' for stage, _ in lack.approvals]
    shown = "; ".join(f"`{command}`" for command in commands)
    return msg("supply what is missing with {commands}, or use --force --because WHY", commands=shown)


def _labelled(reason: Message) -> Message:
    field = catalogue().get(f"opportunity.{reason.args.get('field', '')}")
    if field is None:
        return reason
    return Message(reason.text, reason.args | {"field": f"{field.label(current_language())} ({field.key})"})
