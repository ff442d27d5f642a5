"""When a sheet says later when and why a deal was closed: that fills the closing that is known already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from crmcli.domain.records import Record
from crmcli.domain.runs import HUMAN
from crmcli.domain.settle import Mode, wins_over
from crmcli.domain.stage_history import ENDS, effective
from crmcli.jobs.deals.stages import refresh_state
from crmcli.jobs.importing.batch import Batch
from crmcli.jobs.importing.context import ImportContext, Row, SheetPlace
from crmcli.jobs.importing.deal_rows import DealRow
from crmcli.jobs.importing.untaken import list_untaken
from crmcli.store.records import fetch, fetch_where

_COLUMN = {"at": "closed_at", "reason": "loss_reason"}


def fill_ends(
    context: ImportContext, place: SheetPlace, batch: Batch, found: Mapping[int, Sequence[tuple[Row, DealRow]]]
) -> None:
    """Bring the closing dates and reasons of rows into the closing events of their deals."""
    wanted = {n: [pair for pair in own if _says_more(batch.present[n], pair[1])] for n, own in found.items()}
    deals = fetch(context.run.db, "opportunity", [number for number, own in wanted.items() if own])
    touched = []
    for number, stored in deals.items():
        for row, deal in wanted[number]:
            event = _closing(context, number, deal) if deal.end and stored["stage"] == deal.end.name else None
            changes = _settled(context, place, batch, number, row, deal, event) if event else {}
            if event and changes:
                context.run.update("event", event, changes, row.source_row)
                row.touched("opportunity", made=False, main=place.kind == "opportunity")
                touched.append(number)
    refresh_state(context.run, touched)


def _says_more(present: Record, deal: DealRow) -> bool:
    if deal.end is None:
        return False
    return deal.closed_at not in (None, present["closed_at"]) or deal.reason not in (None, present["loss_reason"])


def _closing(context: ImportContext, number: int, deal: DealRow) -> Record | None:
    """Return the closing event that a row's date and reason belong to; None where some event says them already."""
    events = fetch_where(context.run.db, "event", "field = 'stage' AND opportunity_id = ?", (number,))
    own = [event for event in events if deal.end and event["value"] == deal.end.name]
    if any(deal.closed_at in (None, e["at"]) and deal.reason in (None, e["reason"]) for e in own):
        return None
    counted = effective(events)
    return counted[-1] if counted and counted[-1]["kind"] in ENDS else None


def _settled(
    context: ImportContext, place: SheetPlace, batch: Batch, number: int, row: Row, deal: DealRow, event: Record
) -> Record:
    """Return the changes to a closing event; what is not taken is kept as an alternate of the deal.

    A recorded closing keeps what it says; only a time that stands for "when the sheet was read" gives way.
    """
    changes: Record = {}
    for key, said in (("at", deal.closed_at), ("reason", deal.reason)):
        read_then = key == "at" and event["at"] == event["recorded"] and event["system"] == place.system
        now = None if read_then else event[key]
        if said is None or said == event[key]:
            continue
        loser: str | None = said
        mode = context.modes.of("opportunity", _COLUMN[key])
        fills = now is None and mode is not Mode.SKIP
        if fills or _outranks(context, event, place.system, mode, said, now):
            changes[key], loser = said, now
        if loser is not None:
            list_untaken(place, batch, row, batch.keep(number, [(_COLUMN[key], loser)], place.system, row.source_row))
    return changes


def _outranks(context: ImportContext, event: Record, system: str, mode: Mode, said: str, now: str | None) -> bool:
    """Return whether what a row says of a closing counts more than what is there; whoever decides on stages decides."""
    standing = context.ownership.standing("opportunity", "stage", system, [event["system"] or ""])
    if mode is Mode.FILL and not event["inferred"] and standing <= 0:
        return False
    return wins_over(said, now, mode, standing, lambda: _is_persons(context, event))


def _is_persons(context: ImportContext, event: Record) -> bool:
    kinds = context.run.db.values(
        "SELECT run.kind FROM change JOIN run ON run.id = change.run_id WHERE entity = 'event' AND record_id = ?",
        (event["id"],),
    )
    return any(kind in HUMAN for kind in kinds)
