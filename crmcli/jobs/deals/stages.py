"""The one write path for stages: every stage event and the state it leaves a deal in pass through here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from crmcli.domain.identity import keys_of
from crmcli.domain.pipeline import StagePlace
from crmcli.domain.records import ENTITIES, Record
from crmcli.domain.stage_history import ENDS, effective, stage_columns
from crmcli.domain.stage_names import Renaming, in_todays_names
from crmcli.store.database import Database
from crmcli.store.journal import Run
from crmcli.store.records import chunks, fetch, fetch_columns, fetch_where, find_by_keys

# what of a deal its stage events decide
STATE = ("stage", "status", "closed_at", "loss_reason")
# deals with an event that lay in the future when it was recorded and has come to pass
_DUE = "SELECT opportunity_id FROM event WHERE field = 'stage' AND at > recorded AND at <= ?"

# a stage's new name is a word said of a pipeline: its kind is this and the pipeline's key
_RENAMED = "renamed:"
_RENAMINGS = (
    "SELECT s.kind, s.written, s.meaning, min(run.started) AS since FROM synonym s"
    " JOIN change c ON c.entity = 'synonym' AND c.op = 'create' AND c.record_id = s.id JOIN run ON run.id = c.run_id"
    " WHERE s.kind LIKE 'renamed:%' GROUP BY s.id ORDER BY since, s.id"
)


def stage_event(opportunity_id: int, place: StagePlace, at: str | None, recorded: str, **more: object) -> Record:
    """Return a stage event: the stage's name, rank and probability as they are now: later settings don't rewrite it.

    `more` may give from_value, by, reason, note, system, inferred (1 where the time or step is not known for sure).
    """
    event = ENTITIES["event"].blank() | {
        "opportunity_id": opportunity_id,
        "field": "stage",
        "at": at,
        "value": place.name,
        "kind": place.kind,
        "rank": place.rank if place.kind in ("open", "won") else None,
        "probability": place.probability,
        "recorded": recorded,
        "inferred": 0,
    }
    return event | more


def recalculated_event(opportunity: Record, probability: float | None, run: Run) -> Record:
    """Return the event of a deal's stage having another probability (0-100) from now on than when it was entered."""
    return ENTITIES["event"].blank() | {
        "opportunity_id": opportunity["id"],
        "field": "probability",
        "at": run.started,
        "from_value": _percent(opportunity["probability"]),
        "value": _percent(probability),
        "probability": probability,
        "recorded": run.started,
        "inferred": 0,
    }


def _percent(probability: float | None) -> str | None:
    return None if probability is None else f"{probability:g}"


def renamings(db: Database) -> list[Renaming]:
    """Return the new names that stages were given, in the order in which they came to hold."""
    return [
        Renaming(row["kind"].removeprefix(_RENAMED), row["written"], row["meaning"], row["since"])
        for row in db.rows(_RENAMINGS)
    ]


def rename_stage(run: Run, pipeline: str, was: str, now: str) -> None:
    """Note that a stage of a pipeline is called otherwise from now on; what is recorded of it stays as it is."""
    run.insert("synonym", [ENTITIES["synonym"].blank() | {"kind": _RENAMED + pipeline, "written": was, "meaning": now}])


def stage_events_of(db: Database, opportunity_ids: Sequence[int]) -> dict[int, list[Record]]:
    """Return each deal's stage events with what its probability was recalculated to, by deal."""
    by_deal: dict[int, list[Record]] = {number: [] for number in opportunity_ids}
    for part in chunks(list(by_deal)):
        where = f"field IN ('stage', 'probability') AND opportunity_id IN ({','.join('?' * len(part))})"
        for event in fetch_where(db, "event", where, part):
            by_deal[event["opportunity_id"]].append(event)
    return by_deal


def with_state(opportunity: Record, events: Sequence[Record], now: str) -> Record:
    """Return a deal's record with the state that its events leave it in as of `now` (ISO).

    The stage's probability is copied at entry, with `probability_source` "stage"; one set by hand ("manual") stays.
    """
    stages = [event for event in events if event["field"] == "stage"]
    state = stage_columns(stages, now) or dict.fromkeys((*STATE, "probability")) | {"status": "open"}
    if state["status"] == opportunity["status"] == "lost" and not state["loss_reason"]:
        others = {event["reason"] for event in stages if event["kind"] == "lost" and not event["inferred"]}
        state["loss_reason"] = None if opportunity["loss_reason"] in others else opportunity["loss_reason"]
    if opportunity["probability_source"] == "manual":
        state.pop("probability", None)
    elif "probability" in state:
        state |= _recalculated(events, stages, now)
        state["probability_source"] = None if state["probability"] is None else "stage"
    return opportunity | state


def _recalculated(events: Sequence[Record], stages: Sequence[Record], now: str) -> Record:
    """Return the probability that the last stage was given since it was entered, {} where it is as it was."""
    given = [event for event in events if event["field"] == "probability" and event["at"] <= now]
    if not given:
        return {}
    entered = max((e["at"] or "" for e in effective(stages, now) if e["kind"] not in ENDS), default="")
    last = max(given, key=lambda event: (event["at"], event["id"]))
    return {"probability": last["probability"]} if last["at"] >= entered else {}


def record_events(
    run: Run, events: Sequence[Record], source_rows: Sequence[int | None] | None = None, *, refresh: bool = True
) -> None:
    """Write stage events and bring the deals they belong to into the state they leave.

    `refresh=False` is for deals that were just made by `with_state`.
    """
    run.insert("event", events, source_rows)
    if refresh:
        refresh_state(run, {event["opportunity_id"] for event in events if event["field"] == "stage"})


def amend_events(run: Run, events: Iterable[Record], changes: Mapping[int, Record]) -> None:
    """Write what stage events should have said (event -> its columns) and bring their deals into the state they leave.

    An event that becomes one that is there already is taken out.
    """
    touched: set[int] = set()
    for event in events:
        touched.add(event["opportunity_id"])
        after = event | changes[event["id"]]
        keys = keys_of("event", after)
        others = {n for ids in find_by_keys(run.db, "event", keys).values() for n in ids} - {event["id"]}
        if others and keys != keys_of("event", event):
            run.remove("event", event)
        else:
            run.update("event", event, changes[event["id"]])
    refresh_state(run, touched)


def rewrite_events(
    run: Run,
    made: Sequence[tuple[Record, int | None]],
    changed: Sequence[tuple[Record, Record, int | None]],
    gone: Sequence[Record],
) -> None:
    """Bring deals' histories in line with better knowledge of them, and the deals into the state that this leaves.

    `made` are events with their source rows, `changed` (event, changes, source row), `gone` events that never were.
    """
    for event in gone:
        run.remove("event", event)
    for event, changes, source_row in changed:
        run.update("event", event, changes, source_row)
    record_events(run, [event for event, _ in made], [row for _, row in made], refresh=False)
    touched = [*gone, *(event for event, *_ in changed), *(event for event, _ in made)]
    refresh_state(run, {event["opportunity_id"] for event in touched if event["field"] == "stage"})


def refresh_state(run: Run, opportunity_ids: Iterable[int], reasons: Mapping[int, str | None] | None = None) -> None:
    """Bring deals into the state that their stage events leave them in, now or when the last was recorded.

    `reasons` are the deals' own loss reasons, of those that do not keep the present one: they hold where the last loss
    says none.
    """
    now, own = max(run.started, run.db.value("SELECT max(recorded) FROM event") or ""), reasons or {}
    for part in chunks(sorted(opportunity_ids)):
        deals = fetch(run.db, "opportunity", part)
        without = [deal | {"loss_reason": None} if number in own else deal for number, deal in deals.items()]
        for (number, deal), after in zip(deals.items(), _with_states(run.db, without, now), strict=True):
            reason = after["loss_reason"] or own.get(number)
            run.update("opportunity", deal, after | {"loss_reason": reason})


def present_deals(db: Database, deals: Iterable[Record], now: str) -> list[Record]:
    """Return deals as they are as of `now`: an event that was in the future when it was recorded may be due."""
    deals = list(deals)
    due = set(db.values(_DUE, (now,)))
    late = {deal["id"]: deal for deal in _with_states(db, [deal for deal in deals if deal["id"] in due], now)}
    return [late.get(deal["id"], deal) for deal in deals]


def open_deals(db: Database, now: str) -> list[Record]:
    """Return the deals that are open as of `now`, by number."""
    stored = fetch_where(db, "opportunity", f"status = 'open' OR id IN ({_DUE})", (now,))
    return [deal for deal in present_deals(db, stored, now) if deal["status"] == "open"]


def open_columns(db: Database, now: str, columns: Sequence[str]) -> list[Record]:
    """Return some columns of the deals that are open as of `now`, by number: of many, much faster than whole deals."""
    due = set(db.values(_DUE, (now,)))
    plain = [row for row in fetch_columns(db, "opportunity", columns, "status = 'open'") if row["id"] not in due]
    late = present_deals(db, fetch(db, "opportunity", due).values(), now)
    plain += [{key: deal[key] for key in ("id", *columns)} for deal in late if deal["status"] == "open"]
    return sorted(plain, key=lambda row: int(row["id"]))


def _with_states(db: Database, deals: Iterable[Record], now: str) -> list[Record]:
    found, names = [], renamings(db)
    for part in chunks(list(deals)):
        by_deal = stage_events_of(db, [deal["id"] for deal in part])
        told = [(deal, in_todays_names(by_deal[deal["id"]], deal["pipeline"], names)) for deal in part]
        found += [with_state(deal, events, now) for deal, events in told]
    return found
