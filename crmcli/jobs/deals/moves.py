"""What a person does to an opportunity: move it, win it, lose it, void it, reopen it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from crmcli.domain.pipeline import (
    Pipeline,
    StagePlace,
    check_move,
    pipeline_of,
    place_among,
    skipped_between,
    steps_back,
)
from crmcli.domain.records import Record, record_number
from crmcli.domain.stage_history import ENDS, effective, in_order
from crmcli.domain.stage_names import in_todays_names
from crmcli.i18n import msg
from crmcli.jobs.deals.gates import MoveRefused, Passing, ReasonNeeded, pass_gate
from crmcli.jobs.deals.pipeline import known_pipeline, put_in_pipeline
from crmcli.jobs.deals.stage_entry import enter_stage, shown_tasks, tasks_left
from crmcli.jobs.deals.stages import refresh_state, renamings, stage_event, stage_events_of, with_state
from crmcli.jobs.owners.left_owner import give_back_from_leaver
from crmcli.jobs.records.listing import show_records
from crmcli.jobs.records.refs import find_record
from crmcli.jobs.vocabulary import loss_reasons, pipelines
from crmcli.jobs.workspace import Workspace
from crmcli.store.journal import Run, open_run
from crmcli.store.records import fetch

_DAY = len("2026-03-05")
_CLOSE_HINT = msg("use opp win, opp lose or opp void to close it")
_NO_FORCE = Passing()


@dataclass(frozen=True, slots=True)
class _Moving:
    """A deal on its way: as it is now, as it is at `at` (when the move happened), its stage events, its pipeline."""

    workspace: Workspace
    run: Run
    now: Record
    then: Record
    at: str
    events: list[Record]
    pipeline: Pipeline

    @property
    def number(self) -> str:
        return record_number("opportunity", self.now["id"])

    def enter(self, place: StagePlace, extra: dict[str, Any] | None = None, **more: object) -> Record:
        """Return the event of entering a stage or end, left from where the deal was at the time.

        It notes the stages that were skipped, and whether it is a step back.
        """
        left = self.then["stage"] if self.then["status"] == "open" else None
        noted: dict[str, Any] = dict(extra or {})
        if left and (skipped := skipped_between(self.pipeline, left, place.name)):
            noted["skipped"] = list(skipped)
        if left and steps_back(self.pipeline, left, place.name):
            noted["back"] = True
        more |= {"from_value": self.then["stage"], "by": self.workspace.actor, "extra": noted}
        return stage_event(self.now["id"], place, self.at, self.run.started, **more)

    def close(self, kind: str, passing: Passing = _NO_FORCE, **more: object) -> Record:
        """Return the event of an end: won (where its gate is open or forced), lost or void."""
        self.refuse_closed()
        self.refuse_later_events()
        place = self.pipeline.place(getattr(self.pipeline, kind))
        extra = pass_gate(self.workspace.db, self.now, self.pipeline, place, passing)
        return self.enter(place, extra, **more)

    def refuse_closed(self) -> None:
        closed = next((state for state in (self.now, self.then) if state["status"] != "open"), None)
        if closed:
            reason = msg("it is closed ({stage}): reopen it first", stage=closed["stage"])
            raise MoveRefused(self.number, [reason], msg("crmcli opp reopen {deal}", deal=self.number))

    def refuse_later_events(self) -> None:
        """Refuse an end or a reopening that something known to have happened later would contradict."""
        later = [event for event in self.events if not event["inferred"] and event["at"] and event["at"] > self.at]
        if later:
            first = min(later, key=lambda event: str(event["at"]))
            words = msg("it enters {stage} after that, at {at}", stage=first["value"], at=first["at"])
            raise MoveRefused(self.number, [words], msg("give a later time with --at"))


def move_deal(
    workspace: Workspace,
    ref: str,
    stage: str,
    *,
    passing: Passing = _NO_FORCE,
    pipeline: str = "",
    at: str | None = None,
    dry_run: bool = False,
) -> dict[str, Any]:
    """Return the deal after it entered `stage`, of another `pipeline` where one is named, with the `tasks` this made.

    Every move tells the tasks of stages that are `left` open where it closes the deal.

    Raises:
        MoveRefused: its gate is closed, the stage is unknown or an end, or the deal is closed.
        UnknownPipeline: there is no such pipeline.
    """
    target = known_pipeline(workspace, pipeline) if pipeline else None

    def event(deal: _Moving) -> Record:
        where = target or _pipeline_to(deal, stage)
        place = where.place(stage)
        if place.kind in ENDS:
            raise MoveRefused(deal.number, [msg("{stage} is an end", stage=place.name)], _CLOSE_HINT)
        if place.kind != "unknown":
            deal.refuse_closed()
        changes = where.key != deal.pipeline.key
        _refuse_move(deal, where, None if changes else deal.then["stage"], stage)
        extra = pass_gate(workspace.db, deal.now, where, place, passing)
        if changes:
            put_in_pipeline(deal.run, deal.now, where.key, workspace.actor)
            return deal.enter(place, {**extra, "pipeline": where.key}, note=passing.because or None)
        return deal.enter(place, extra, note=passing.because or None)

    return _change(workspace, ref, event, at, dry_run=dry_run)


def _pipeline_to(deal: _Moving, stage: str) -> Pipeline:
    """Return the pipeline in which a stage is looked up: the deal's own; any where it has neither one nor a stage."""
    if deal.now["pipeline"] or deal.then["stage"]:
        return deal.pipeline
    return place_among(pipelines(deal.workspace), stage)[0]


def _refuse_move(deal: _Moving, pipeline: Pipeline, start: str | None, stage: str) -> None:
    refused = check_move(pipeline, start, stage)
    if refused:
        others = [one for one in pipelines(deal.workspace) if one.place(stage).kind == "open" and one is not pipeline]
        unknown = pipeline.place(stage).kind == "unknown" and others
        hint = msg("in another pipeline: opp move {deal} {stage} --pipeline {key}", deal=deal.number, stage=stage,
                   key=others[0].key) if unknown else None  # fmt: skip
        raise MoveRefused(deal.number, refused, hint)


def win_deal(
    workspace: Workspace, ref: str, *, passing: Passing = _NO_FORCE, at: str | None = None, dry_run: bool = False
) -> dict[str, Any]:
    """Return the deal after it was won.

    Raises:
        MoveRefused: what its stages ask for is missing, it is closed, or something is known to have happened to it
            after `at`.
    """
    return _change(
        workspace, ref, lambda deal: deal.close("won", passing, note=passing.because or None), at, dry_run=dry_run
    )


def lose_deal(
    workspace: Workspace, ref: str, reason: str, *, note: str = "", at: str | None = None, dry_run: bool = False
) -> dict[str, Any]:
    """Return the deal after it was lost for a reason of the list; `note` becomes its loss note.

    Raises:
        ReasonNeeded: no reason, or none of the list.
        MoveRefused: it is closed, or something is known to have happened to it after `at`.
    """

    def event(deal: _Moving) -> Record:
        known = _known_reason(workspace, deal.number, reason)
        return deal.close("lost", reason=known, note=note or None)

    return _change(workspace, ref, event, at, dry_run=dry_run)


def _known_reason(workspace: Workspace, number: str, reason: str) -> str | None:
    reasons = loss_reasons(workspace)
    wrong = reasons.check(reason)
    if wrong is not None:
        raise ReasonNeeded(number, wrong)
    return reasons.match(reason) if reason else None


def void_deal(
    workspace: Workspace, ref: str, *, note: str = "", at: str | None = None, dry_run: bool = False
) -> dict[str, Any]:
    """Return the deal after it was declared void: a duplicate, a test, never real.

    Raises:
        MoveRefused: it is closed, or something is known to have happened to it after `at`.
    """
    return _change(workspace, ref, lambda deal: deal.close("void", note=note or None), at, dry_run=dry_run)


def reopen_deal(
    workspace: Workspace, ref: str, *, stage: str = "", at: str | None = None, dry_run: bool = False
) -> dict[str, Any]:
    """Return the deal, open again in `stage`, else in the open stage it was in before, else in the first one.

    Raises:
        MoveRefused: it is open, `stage` is no open stage, or something is known to have happened to it after `at`.
    """

    def event(deal: _Moving) -> Record:
        if deal.then["status"] == "open":
            raise MoveRefused(deal.number, [msg("it is open")])
        deal.refuse_later_events()
        place = _way_back(deal, stage)
        if place.kind != "open":
            raise MoveRefused(deal.number, [msg("{stage} is no open stage", stage=stage)])
        give_back_from_leaver(workspace, deal.run, deal.now)
        return deal.enter(place)

    return _change(workspace, ref, event, at, dry_run=dry_run)


def _way_back(deal: _Moving, stage: str) -> StagePlace:
    if stage:
        return deal.pipeline.place(stage)
    held = [event["value"] for event in in_order(deal.events) if event["kind"] == "open"]
    places = [deal.pipeline.place(name) for name in reversed(held)]
    first = deal.pipeline.place(deal.pipeline.stages[0].name)
    return next((place for place in places if place.kind == "open"), first)


def _change(
    workspace: Workspace, ref: str, make: Callable[[_Moving], Record], at: str | None, *, dry_run: bool
) -> dict[str, Any]:
    number = find_record(workspace.db, ref, ("opportunity",))[1]
    with open_run(workspace.db, workspace.start("move", dry_run=dry_run)) as run:
        deal = _moving(workspace, run, number, at)
        after, tasks = _record(deal, make(deal))
        told = {"tasks": shown_tasks(tasks), "left": shown_tasks(tasks_left(run, after)), "run": run.shown_id}
        return show_records(workspace.db, "opportunity", [after])[0] | told


def _record(deal: _Moving, event: Record) -> tuple[Record, list[Record]]:
    """Return the deal after an event was written, and the tasks that came with it."""
    present = fetch(deal.run.db, "opportunity", [deal.now["id"]])[deal.now["id"]]
    tasks = enter_stage(deal.workspace, deal.run, event, pipeline_of(pipelines(deal.workspace), present))
    after = fetch(deal.run.db, "opportunity", [deal.now["id"]])[deal.now["id"]]
    noted = _loss_note(deal, event) if event["kind"] == "lost" else {}
    return (deal.run.update("opportunity", after, noted) if noted else after), tasks


def place_deal(workspace: Workspace, run: Run, number: int, stage: str, *, at: str = "", reason: str = "") -> None:
    """Bring a deal to a stage or an end inside a run, open or closed as it is: which of two words counts is decided.

    `at` is when it was closed, where that is known and nothing is known to have happened since; else it is now.

    Raises:
        MoveRefused: the stage is unknown, or its required fields are missing.
        ReasonNeeded: a loss without a reason of the list.
    """
    now = _moving(workspace, run, number, None)
    last = max((event["at"] for event in now.events if event["at"] and not event["inferred"]), default="")
    deal = _moving(workspace, run, number, at) if last < at <= run.started else now
    pipeline = _pipeline_to(deal, stage)
    place, extra = pipeline.place(stage), {}
    if place.rank is not None or place.kind == "unknown":
        _refuse_move(deal, pipeline, deal.then["stage"] if deal.then["status"] == "open" else None, stage)
        extra = pass_gate(workspace.db, deal.now, pipeline, place, _NO_FORCE)
    more = {"reason": _known_reason(workspace, deal.number, reason)} if place.kind == "lost" else {}
    _record(deal, deal.enter(place, extra, **more))


def amend_closing(workspace: Workspace, run: Run, number: int, column: str, value: str) -> None:
    """Give a closed deal's closing another day (column `closed_at`) or a lost one's another reason (`loss_reason`).

    Raises:
        MoveRefused: the deal is not closed, or not lost.
        ReasonNeeded: the reason is none of the list.
    """
    deal = _moving(workspace, run, number, None)
    counted = effective(deal.events, run.started)
    kinds = ENDS if column == "closed_at" else ("lost",)
    if not counted or counted[-1]["kind"] not in kinds:
        raise MoveRefused(deal.number, [msg("it is not closed so")])
    known = _known_reason(workspace, deal.number, value) if column == "loss_reason" else value
    run.update("event", counted[-1], {"at" if column == "closed_at" else "reason": known})
    refresh_state(run, [number])


def _moving(workspace: Workspace, run: Run, number: int, at: str | None) -> _Moving:
    today = run.started[:_DAY]
    when = run.started if at in (None, today) else str(at)
    stored = fetch(workspace.db, "opportunity", [number])[number]
    told = stage_events_of(workspace.db, [number])[number]
    told = in_todays_names(told, stored["pipeline"], renamings(workspace.db))
    now, then = (with_state(stored, told, moment) for moment in (run.started, when))
    events = [event for event in told if event["field"] == "stage"]
    return _Moving(workspace, run, now, then, when, events, pipeline_of(pipelines(workspace), then))


def _loss_note(deal: _Moving, event: Record) -> Record:
    """Return the deal's loss note: this loss's; one of a loss before it is not carried over."""
    lost_before = any(known["kind"] == "lost" for known in deal.events)
    return {"loss_note": event["note"]} if event["note"] or lost_before else {}
