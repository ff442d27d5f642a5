"""What stands under a written text goes where the text belongs, as a fresh import of the same files would put it."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from crmcli.domain.pipeline import StagePlace, place_among
from crmcli.domain.records import Record
from crmcli.domain.stage_history import ENDS
from crmcli.jobs.deals.stages import amend_events
from crmcli.jobs.vocabulary import loss_reasons, pipelines
from crmcli.jobs.words.finding import OWNED
from crmcli.jobs.workspace import Workspace
from crmcli.store.database import Database
from crmcli.store.journal import Run
from crmcli.store.records import chunks, fetch, fetch_where

_WAITING = ("closed_at", "loss_reason")
# what came as a row of its own and not as a deal's present stage
_TOLD = (
    "SELECT c.record_id FROM change c JOIN source_row r ON r.id = c.source_row"
    " JOIN source_sheet s ON s.id = r.source_sheet_id"
    " WHERE c.entity = 'event' AND c.op = 'create' AND s.kind = 'stage_history' AND c.record_id IN "
)


def place_stage(workspace: Workspace, run: Run, text: str, name: str) -> int:
    """Return how many deals are placed anew: what led to a text that no pipeline knew leads to a stage or an end."""
    known = pipelines(workspace)
    entered = fetch_where(run.db, "event", "field = 'stage' AND kind = 'unknown' AND value = ?", (text,))
    left = fetch_where(run.db, "event", "field = 'stage' AND from_value = ?", (text,))
    told = _told(run.db, [event["id"] for event in entered])
    deals = fetch(run.db, "opportunity", {event["opportunity_id"] for event in entered})
    places = {event["id"]: place_among(known, name, deals[event["opportunity_id"]]["pipeline"])[1] for event in entered}
    changes = {
        event["id"]: _placed(workspace, event, places[event["id"]], from_history=event["id"] in told)
        for event in entered
    }
    for event in left:
        changes.setdefault(event["id"], {})["from_value"] = name
    for event in entered:
        deal = deals[event["opportunity_id"]]
        noted = {"stage_text": text} if deal["stage"] == text else {}
        noted |= (
            _of_an_end(workspace, deal, event["extra"])
            if places[event["id"]].kind in ENDS and event["id"] not in told
            else {}
        )
        deals[deal["id"]] = run.update("opportunity", deal, noted)
    amend_events(run, [*entered, *(event for event in left if event not in entered)], changes)
    return len(deals)


def _told(db: Database, events: Collection[int]) -> set[int]:
    found: set[int] = set()
    for part in chunks(sorted(events)):
        found.update(db.values(f"{_TOLD}({','.join('?' * len(part))})", part))
    return found


def _placed(workspace: Workspace, event: Record, place: StagePlace, *, from_history: bool) -> Record:
    waiting = {key: event["extra"].get(key) for key in _WAITING}
    extra = {key: value for key, value in event["extra"].items() if key not in _WAITING}
    changes: Record = {
        "value": place.name,
        "kind": place.kind,
        "rank": place.rank if place.kind in ("open", "won") else None,
        "probability": place.probability,
        "extra": extra | {"stage_text": event["value"]} if from_history else extra,
    }
    if place.kind in ENDS and not from_history:
        closed, reason = waiting["closed_at"], waiting["loss_reason"]
        changes["at"] = closed or (None if event["inferred"] else event["at"])
        changes["reason"] = reason and (loss_reasons(workspace).match(reason) or reason)
    return changes


def _of_an_end(workspace: Workspace, deal: Record, waiting: Record) -> Record:
    """Return what of a deal was read otherwise while its stage was unknown: a closing day as the expected one."""
    day, reason = waiting.get("closed_at"), waiting.get("loss_reason")
    changes: Record = {}
    if day and deal["expected_close"] == day:
        changes["expected_close"] = None
        changes["said"] = {
            system: {key: value for key, value in said.items() if (key, value) != ("expected_close", day)}
            for system, said in deal["said"].items()
        }
    if reason and deal["loss_note"] == reason and loss_reasons(workspace).match(reason) in (None, reason):
        changes["loss_note"] = None
    return changes


def place_reason(_workspace: Workspace, run: Run, text: str, reason: str) -> int:
    """Return how many deals get a reason of the list for the text that stood there; the text becomes their note."""
    events = fetch_where(run.db, "event", "field = 'stage' AND kind = 'lost' AND reason = ?", (text,))
    told = _told(run.db, [event["id"] for event in events])
    wanted = {event["opportunity_id"] for event in events if event["id"] not in told}
    for deal in fetch(run.db, "opportunity", wanted).values():
        if deal["loss_note"] is None:
            run.update("opportunity", deal, {"loss_note": text})
    amend_events(run, events, {event["id"]: {"reason": reason} for event in events})
    return len({event["opportunity_id"] for event in events})


def place_owner(_workspace: Workspace, run: Run, text: str, owner: str) -> int:
    """Return how many records belong to a known owner now, and not to the text that stood there."""
    number = 0
    for entity in OWNED:
        for record in fetch_where(run.db, entity, "owner = ?", (text,)):
            run.update(entity, record, {"owner": owner})
            number += 1
    for deal in fetch_where(run.db, "opportunity", "said LIKE '%' || ? || '%'", (text,)):
        said = {
            system: {key: owner if (key, value) == ("owner", text) else value for key, value in words.items()}
            for system, words in deal["said"].items()
        }
        run.update("opportunity", deal, {"said": said})
    _rename(run, "event", ("value", "from_value"), text, owner, "field = 'owner' AND ")
    for entity in ("event", "activity"):
        _rename(run, entity, ("by",), text, owner)
    _rename(run, "alternate", ("value",), text, owner, "field IN ('owner', 'by') AND ")
    return number


def _rename(run: Run, entity: str, columns: Iterable[str], text: str, name: str, where: str = "") -> None:
    for column in columns:
        for record in fetch_where(run.db, entity, f'{where}"{column}" = ?', (text,)):
            run.update(entity, record, {column: name})
