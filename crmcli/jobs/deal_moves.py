"""What a person does to an opportunity: move it, win it, lose it, void it, reopen it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from crmcli.config.parts import loss_reasons, pipelines
from crmcli.domain.fields import catalogue
from crmcli.domain.pipeline import Pipeline, StagePlace, check_move, place_among
from crmcli.domain.records import Record, record_number
from crmcli.domain.stage_history import ENDS
from crmcli.errors import CrmError
from crmcli.i18n import Message, current_language, msg
from crmcli.jobs.listing import show_records
from crmcli.jobs.refs import find_record
from crmcli.jobs.stages import record_events, stage_event
from crmcli.jobs.workspace import Workspace
from crmcli.store.journal import Run, open_run
from crmcli.store.records import fetch


class MoveRefused(CrmError):
    """A gate of the pipeline is closed."""

    code = "stage.refused"

    def __init__(self, deal: str, reasons: list[Message]) -> None:
        super().__init__(
            msg("not moved: {reasons}", reasons="; ".join(str(reason) for reason in reasons)),
            where=deal,
            hint=msg("fill in what is missing with `crmcli opp set`, or use --force --because WHY"),
        )


class ReasonNeeded(CrmError):
    """A loss without a reason, or with one that the list does not have."""

    code = "loss.reason"

    def __init__(self, deal: str, reason: Message) -> None:
        super().__init__(reason, where=deal, hint=msg('crmcli opp lose {deal} --reason "..."', deal=deal))


def move_deal(
    workspace: Workspace, ref: str, stage: str, *, because: str = "", at: str | None = None, dry_run: bool = False
) -> dict[str, Any]:
    """Return the deal after it entered `stage`; `because` passes a closed gate and is kept as the event's note.

    Raises:
        MoveRefused: required fields are missing, the stage is unknown, or the deal is closed.
    """

    def event(run: Run, deal: Record) -> Record:
        pipeline, place = _place(workspace, stage)
        refused = check_move(pipeline, deal["stage"], stage, show_records(workspace.db, "opportunity", [deal])[0])
        hard = place.kind == "unknown" or deal["status"] != "open" or place.kind in ENDS
        if place.kind in ENDS:
            refused = [msg("use opp win, opp lose or opp void to close it")]
        if refused and (hard or not because):
            raise MoveRefused(record_number("opportunity", deal["id"]), [_labelled(reason) for reason in refused])
        return _event(run, workspace, deal, place, at, note=because or None)

    return _change(workspace, ref, event, dry_run=dry_run)


def win_deal(workspace: Workspace, ref: str, *, at: str | None = None, dry_run: bool = False) -> dict[str, Any]:
    """Return the deal after it was won.

    Raises:
        MoveRefused: it is closed already.
    """
    return _change(workspace, ref, lambda run, deal: _closing(run, workspace, deal, "won", at), dry_run=dry_run)


def lose_deal(
    workspace: Workspace, ref: str, reason: str, *, note: str = "", at: str | None = None, dry_run: bool = False
) -> dict[str, Any]:
    """Return the deal after it was lost for a reason of the list.

    Raises:
        ReasonNeeded: no reason, or none of the list.
        MoveRefused: it is closed already.
    """

    def event(run: Run, deal: Record) -> Record:
        reasons = loss_reasons(workspace.settings)
        wrong = reasons.check(reason)
        if wrong is not None:
            raise ReasonNeeded(record_number("opportunity", deal["id"]), wrong)
        canonical = reasons.match(reason) if reason else None
        return _closing(run, workspace, deal, "lost", at) | {"reason": canonical, "note": note or None}

    return _change(workspace, ref, event, dry_run=dry_run, also={"loss_note": note} if note else {})


def void_deal(
    workspace: Workspace, ref: str, *, note: str = "", at: str | None = None, dry_run: bool = False
) -> dict[str, Any]:
    """Return the deal after it was declared void: a duplicate, a test, never real.

    Raises:
        MoveRefused: it is closed already.
    """

    def event(run: Run, deal: Record) -> Record:
        return _closing(run, workspace, deal, "void", at) | {"note": note or None}

    return _change(workspace, ref, event, dry_run=dry_run)


def reopen_deal(
    workspace: Workspace, ref: str, *, stage: str = "", at: str | None = None, dry_run: bool = False
) -> dict[str, Any]:
    """Return the deal, open again in `stage`, else in the stage it was in before it closed.

    Raises:
        MoveRefused: it is open, or no stage is known to go back to.
    """

    def event(run: Run, deal: Record) -> Record:
        number = record_number("opportunity", deal["id"])
        if deal["status"] == "open":
            raise MoveRefused(number, [msg("it is open")])
        back = stage or _last_open_stage(workspace, deal["id"]) or workspace.settings.pipeline[0].stages[0].name
        place = _place(workspace, back)[1]
        if place.kind != "open":
            raise MoveRefused(number, [msg("{stage} is no open stage", stage=back)])
        return _event(run, workspace, deal, place, at)

    return _change(workspace, ref, event, dry_run=dry_run)


def _change(
    workspace: Workspace, ref: str, make: Callable[[Run, Record], Record], *, dry_run: bool, also: Record | None = None
) -> dict[str, Any]:
    number = find_record(workspace.db, ref, ("opportunity",))[1]
    with open_run(workspace.db, workspace.start("move", dry_run=dry_run)) as run:
        deal = fetch(workspace.db, "opportunity", [number])[number]
        record_events(run, [make(run, deal)])
        if also:
            run.update("opportunity", fetch(workspace.db, "opportunity", [number])[number], also)
        shown = show_records(workspace.db, "opportunity", list(fetch(workspace.db, "opportunity", [number]).values()))
    return shown[0] | {"run": run.shown_id}


def _closing(run: Run, workspace: Workspace, deal: Record, kind: str, at: str | None) -> Record:
    if deal["status"] != "open":
        reason = msg("it is closed ({stage}): reopen it first", stage=deal["stage"])
        raise MoveRefused(record_number("opportunity", deal["id"]), [reason])
    pipeline = _place(workspace, deal["stage"] or "")[0]
    place = pipeline.place({"won": pipeline.won, "lost": pipeline.lost, "void": pipeline.void}[kind])
    return _event(run, workspace, deal, place, at)


def _event(run: Run, workspace: Workspace, deal: Record, place: StagePlace, at: str | None, **more: object) -> Record:
    when = at or run.started
    more |= {"from_value": deal["stage"], "by": workspace.actor}
    return stage_event(deal["id"], place, when, run.started, **more)


def _place(workspace: Workspace, stage: str) -> tuple[Pipeline, StagePlace]:
    return place_among(pipelines(workspace.settings), stage)


def _last_open_stage(workspace: Workspace, number: int) -> str | None:
    names = workspace.db.values(
        "SELECT value FROM event WHERE opportunity_id = ? AND field = 'stage' AND kind = 'open'"
        " ORDER BY at DESC, id DESC LIMIT 1",
        (number,),
    )
    return str(names[0]) if names else None


def _labelled(reason: Message) -> Message:
    field = catalogue().get(f"opportunity.{reason.args.get('field', '')}")
    if field is None:
        return reason
    return Message(reason.text, reason.args | {"field": f"{field.label(current_language())} ({field.key})"})
