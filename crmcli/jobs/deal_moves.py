"""What a person does to an opportunity: move it, win it, lose it, void it, reopen it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from crmcli.domain.fields import catalogue
from crmcli.domain.pipeline import Pipeline, StagePlace, check_move, place_among
from crmcli.domain.records import Record, record_number
from crmcli.domain.stage_history import ENDS, effective, in_order
from crmcli.errors import CrmError
from crmcli.i18n import Message, current_language, enumerated, msg
from crmcli.jobs.listing import show_records
from crmcli.jobs.refs import find_record
from crmcli.jobs.stages import record_events, refresh_state, stage_event, with_state
from crmcli.jobs.vocabulary import loss_reasons, pipelines
from crmcli.jobs.workspace import Workspace
from crmcli.store.journal import Run, open_run
from crmcli.store.records import fetch, fetch_where

_DAY = len("2026-03-05")
_CLOSE_HINT = msg("use opp win, opp lose or opp void to close it")


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
class _Moving:
    """A deal on its way: as it is now, as it is at `at` (when the move happened), and its stage events."""

    workspace: Workspace
    run: Run
    now: Record
    then: Record
    at: str
    events: list[Record]

    @property
    def number(self) -> str:
        return record_number("opportunity", self.now["id"])

    def enter(self, place: StagePlace, **more: object) -> Record:
        """Return the event of entering a stage or end, left from where the deal was at the time."""
        more |= {"from_value": self.then["stage"], "by": self.workspace.actor}
        return stage_event(self.now["id"], place, self.at, self.run.started, **more)

    def close(self, kind: str, **more: object) -> Record:
        """Return the event of an end: won, lost or void."""
        self.refuse_closed()
        self.refuse_later_events()
        pipeline = place_among(pipelines(self.workspace), self.then["stage"] or "")[0]
        return self.enter(pipeline.place(getattr(pipeline, kind)), **more)

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
    force: bool = False,
    because: str = "",
    at: str | None = None,
    dry_run: bool = False,
) -> dict[str, Any]:
    """Return the deal after it entered `stage`; `force` passes a closed gate, `because` is kept as the event's note.

    Raises:
        MoveRefused: required fields are missing, the stage is unknown or an end, or the deal is closed.
    """

    def event(deal: _Moving) -> Record:
        pipeline, place = place_among(pipelines(workspace), stage)
        if place.kind in ENDS:
            raise MoveRefused(deal.number, [msg("{stage} is an end", stage=place.name)], _CLOSE_HINT)
        if place.kind != "unknown":
            deal.refuse_closed()
        _check_gate(deal, pipeline, deal.then["stage"], stage, force=force)
        return deal.enter(place, note=because or None)

    return _change(workspace, ref, event, at, dry_run=dry_run)


def _check_gate(deal: _Moving, pipeline: Pipeline, start: str | None, stage: str, *, force: bool = False) -> None:
    fields = show_records(deal.workspace.db, "opportunity", [deal.now])[0]
    refused = check_move(pipeline, start, stage, fields)
    missing = [f"{reason.args['field']}=..." for reason in refused if "field" in reason.args]
    is_gate = len(missing) == len(refused)
    if refused and not (is_gate and force):
        command = " ".join(["crmcli opp set", deal.number, *missing])
        hint = msg("fill in what is missing with `{command}`, or use --force --because WHY", command=command)
        raise MoveRefused(deal.number, [_labelled(reason) for reason in refused], hint if is_gate else None)


def win_deal(workspace: Workspace, ref: str, *, at: str | None = None, dry_run: bool = False) -> dict[str, Any]:
    """Return the deal after it was won.

    Raises:
        MoveRefused: it is closed, or something is known to have happened to it after `at`.
    """
    return _change(workspace, ref, lambda deal: deal.close("won"), at, dry_run=dry_run)


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
        return deal.enter(place)

    return _change(workspace, ref, event, at, dry_run=dry_run)


def _way_back(deal: _Moving, stage: str) -> StagePlace:
    processes = pipelines(deal.workspace)
    if stage:
        return place_among(processes, stage)[1]
    held = [event["value"] for event in in_order(deal.events) if event["kind"] == "open"]
    places = [place_among(processes, name)[1] for name in reversed(held)]
    first = processes[0].place(processes[0].stages[0].name)
    return next((place for place in places if place.kind == "open"), first)


def _change(
    workspace: Workspace, ref: str, make: Callable[[_Moving], Record], at: str | None, *, dry_run: bool
) -> dict[str, Any]:
    number = find_record(workspace.db, ref, ("opportunity",))[1]
    with open_run(workspace.db, workspace.start("move", dry_run=dry_run)) as run:
        deal = _moving(workspace, run, number, at)
        after = _record(deal, make(deal))
        return show_records(workspace.db, "opportunity", [after])[0] | {"run": run.shown_id}


def _record(deal: _Moving, event: Record) -> Record:
    record_events(deal.run, [event])
    after = fetch(deal.run.db, "opportunity", [deal.now["id"]])[deal.now["id"]]
    return deal.run.update("opportunity", after, _loss_note(deal, event)) if event["kind"] == "lost" else after


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
    pipeline, place = place_among(pipelines(workspace), stage)
    if place.rank is not None or place.kind == "unknown":
        _check_gate(deal, pipeline, deal.then["stage"] if deal.then["status"] == "open" else None, stage)
    more = {"reason": _known_reason(workspace, deal.number, reason)} if place.kind == "lost" else {}
    _record(deal, deal.enter(place, **more))


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
    events = fetch_where(workspace.db, "event", "field = 'stage' AND opportunity_id = ?", (number,))
    now = with_state(stored, events, run.started)
    return _Moving(workspace, run, now, with_state(stored, events, when), when, events)


def _loss_note(deal: _Moving, event: Record) -> Record:
    """Return the deal's loss note: this loss's; one of a loss before it is not carried over."""
    lost_before = any(known["kind"] == "lost" for known in deal.events)
    return {"loss_note": event["note"]} if event["note"] or lost_before else {}


def _labelled(reason: Message) -> Message:
    field = catalogue().get(f"opportunity.{reason.args.get('field', '')}")
    if field is None:
        return reason
    return Message(reason.text, reason.args | {"field": f"{field.label(current_language())} ({field.key})"})
