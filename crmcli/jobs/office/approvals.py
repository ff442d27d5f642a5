"""Approvals: asked for, approved or refused, listed. Who decides is told by name; a command line cannot prove it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crmcli.config.parts import owners
from crmcli.domain.approvals import Decision, decided, why_not_decided
from crmcli.domain.pipeline import Stage, pipeline_of
from crmcli.domain.records import ENTITIES, Record, record_number
from crmcli.domain.values.text import fold
from crmcli.errors import CrmError, ExitCode
from crmcli.i18n import Message, msg
from crmcli.jobs.deals.stage_entry import whom
from crmcli.jobs.records.listing import list_records, show_records
from crmcli.jobs.records.refs import find_record
from crmcli.jobs.vocabulary import pipelines
from crmcli.jobs.workspace import Workspace
from crmcli.store.database import Database
from crmcli.store.journal import Run, open_run
from crmcli.store.records import fetch, fetch_where


class NotAsked(CrmError):
    """An approval cannot be asked for."""

    code = "approval.request"

    def __init__(self, deal: str, why: Message, hint: Message | None = None) -> None:
        super().__init__(why, where=deal, hint=hint)


class NothingAsked(CrmError):
    """An approval neither says what it is about nor names a stage."""

    code = "approval.empty"
    exit_code = ExitCode.USAGE

    def __init__(self) -> None:
        super().__init__(msg("say what is to be approved"), hint=msg('crmcli approval request O7 "..."'))


class NotDecided(CrmError):
    """An approval cannot be decided: by this person, or once more."""

    code = "approval.decide"

    def __init__(self, approval: str, why: Message) -> None:
        super().__init__(why, where=approval, hint=msg("--as WHO says who decides; `crmcli approval list` has all"))


class WhyMissing(CrmError):
    """A refusal that does not say why."""

    code = "approval.because"
    exit_code = ExitCode.USAGE

    def __init__(self, approval: str) -> None:
        hint = msg('crmcli approval refuse {approval} --because "..."', approval=approval)
        super().__init__(msg("a refusal says why"), where=approval, hint=hint)


def list_approvals(
    workspace: Workspace,
    *,
    waiting: bool = False,
    filters: Sequence[str] = (),
    sort: str = "",
    limit: int | None = None,
) -> list[dict[str, Any]]:
    """Return the approvals by number unless sorted, only those that wait for a decision if asked.

    Raises:
        BadFilter: a filter or sort key is no field of approvals.
    """
    found = list_records(workspace, "approval", filters, sort)
    return [one for one in found if not waiting or one["decision"] is None][:limit]


def request_approval(
    workspace: Workspace, ref: str, subject: str, *, stage: str = "", approver: str = "", dry_run: bool = False
) -> dict[str, Any]:
    """Return the new question with its `run`. What it is about is `subject`, else the stage to enter.

    Who is asked: `approver` (a name, "owner" or "manager"), else whom the stage names, else the owner's manager.

    Raises:
        NothingAsked: neither a subject nor a stage.
        NotAsked: no such stage or one that asks for no approval, nobody to ask, or the same waits for a decision.
        CrmError: the reference finds nothing or several.
    """
    number = find_record(workspace.db, ref, ("opportunity",))[1]
    deal = fetch(workspace.db, "opportunity", [number])[number]
    place = _stage(workspace, deal, stage) if stage.strip() else None
    subject = subject.strip() or (place.name if place else "")
    if not subject:
        raise NothingAsked
    asked = whom(workspace, deal, approver.strip() or (place.approval if place else "") or "manager")
    if asked is None:
        why = msg("nobody is known to ask: it has no owner, or its owner no manager")
        raise NotAsked(record_number("opportunity", number), why, msg("--approver WHO names somebody"))
    _refuse_twice(workspace.db, deal, subject, place)
    question = {"subject": subject, "for_stage": place and place.name, "approver": asked, "opportunity_id": number}
    with open_run(workspace.db, workspace.start("approve", dry_run=dry_run)) as run:
        record = ENTITIES["approval"].blank() | question | {"asked_at": run.started, "asked_by": workspace.actor}
        return _shown(run, run.insert("approval", [record])[0])


def _stage(workspace: Workspace, deal: Record, text: str) -> Stage:
    pipeline = pipeline_of(pipelines(workspace), deal)
    stage = pipeline.stage(pipeline.place(text).name)
    if stage is None:
        why = msg(
            "there is no stage {stage}; known are {stages}", stage=text, stages=[one.name for one in pipeline.stages]
        )
        raise NotAsked(record_number("opportunity", deal["id"]), why)
    if not stage.approval:
        why = msg("{stage} asks for no approval", stage=stage.name)
        asking = [one.name for one in pipeline.stages if one.approval]
        hint = msg("these stages ask for one: {stages}", stages=asking) if asking else None
        raise NotAsked(record_number("opportunity", deal["id"]), why, hint)
    return stage


def _refuse_twice(db: Database, deal: Record, subject: str, place: Stage | None) -> None:
    waiting = fetch_where(db, "approval", "opportunity_id = ? AND decision IS NULL", (deal["id"],))
    for one in waiting:
        if one["for_stage"] == (place and place.name) and fold(one["subject"]) == fold(subject):
            number = record_number("approval", one["id"])
            why = msg("{approval} asks the same and waits for {approver}", approval=number, approver=one["approver"])
            raise NotAsked(record_number("opportunity", deal["id"]), why)


def decide_approval(
    workspace: Workspace, ref: str, decision: Decision, *, note: str = "", who: str = "", dry_run: bool = False
) -> dict[str, Any]:
    """Return the decided approval with its `run`; `who` decides, the actor where it is "".

    Raises:
        WhyMissing: a refusal without a note.
        NotDecided: it is decided already, or `who` is neither the approver nor his deputy or manager.
        CrmError: there is no such approval.
    """
    number = find_record(workspace.db, ref, ("approval",))[1]
    shown = record_number("approval", number)
    if decision == "refused" and not note.strip():
        raise WhyMissing(shown)
    known = owners(workspace.settings, fetch_where(workspace.db, "owner"))
    decider = next((one.name for one in known if fold(one.name) == fold(who)), who) or workspace.actor
    with open_run(workspace.db, workspace.start("approve", dry_run=dry_run)) as run:
        present = fetch(run.db, "approval", [number])[number]
        if (why := why_not_decided(present, decider, known)) is not None:
            raise NotDecided(shown, why)
        run.update("approval", present, decided(decision, decider, run.started, note.strip()))
        return _shown(run, number)


def _shown(run: Run, number: int) -> dict[str, Any]:
    records = list(fetch(run.db, "approval", [number]).values())
    return show_records(run.db, "approval", records)[0] | {"run": run.shown_id}
