"""What people type into records: add and set."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from crmcli.config.findings import unknown
from crmcli.domain.fields import catalogue
from crmcli.domain.grading import GRADES
from crmcli.domain.identity import external_id, external_key
from crmcli.domain.intake import AREA, column_of, columns_from, region_columns
from crmcli.domain.leads import DECIDED, lead_status
from crmcli.domain.pipeline import check_move, pipeline_of
from crmcli.domain.problem import Problem
from crmcli.domain.records import ENTITIES, Record, record_number
from crmcli.domain.values.text import fold
from crmcli.errors import CrmError, ExitCode
from crmcli.i18n import Message, enumerated, msg
from crmcli.importers.extract import parse_text
from crmcli.jobs.deals.first_stage import enter_first_stage, with_currency
from crmcli.jobs.deals.gates import in_words, lack_of
from crmcli.jobs.deals.owner import stood_in_for
from crmcli.jobs.deals.pipeline import follow_pipeline, known_pipeline, pipeline_of_new, why_not_in
from crmcli.jobs.deals.stage_entry import enter_stage
from crmcli.jobs.deals.stages import stage_event
from crmcli.jobs.owners.holding import hold
from crmcli.jobs.records.listing import show_records
from crmcli.jobs.records.needed_fields import why_incomplete
from crmcli.jobs.records.refs import find_record
from crmcli.jobs.records.typed_targets import TARGET, overruled, typed_target
from crmcli.jobs.vocabulary import customer_levels, pipelines
from crmcli.jobs.workspace import Workspace
from crmcli.store.database import Database
from crmcli.store.journal import Run, open_run
from crmcli.store.records import fetch, fetch_where, find_by_keys

_OWN_SYSTEM = "default"
_BY_COMMAND = {"stage", "status", "closed_at", "loss_reason", "stage_text"}
_LEAD_BY_COMMAND = {"reason", "decided_at", "decided_by"}
_REGION = ("region", *AREA)
# what is chosen from a list when it is typed; files keep what they say
_CHOSEN: dict[str, Callable[[Workspace], Sequence[str]]] = {
    "opportunity.grade": lambda _: GRADES,
    "customer.level": customer_levels,
}
# what a change of is kept as an event, so that reports know it at any time
_MOVING = ("amount_fen", "owner", "expected_close", "grade", "pipeline")
_LEAD_HINT = msg("a lead is decided on by lead qualify, disqualify or reopen")


class BadValue(CrmError):
    """A FIELD=VALUE cannot be taken."""

    code = "usage.value"
    exit_code = ExitCode.USAGE

    def __init__(self, text: str, reason: Message) -> None:
        super().__init__(reason, where=text, hint=msg("`crmcli fields` lists the fields and their types"))


def add_record(workspace: Workspace, entity: str, values: Sequence[str], *, dry_run: bool = False) -> dict[str, Any]:
    """Return the new record as lists show it, with its `run` and `notes` of what is left to do.

    An opportunity enters the `stage` that is given, else the first of its pipeline; none where `stage` is empty.

    Raises:
        BadValue: an unknown field, a value that cannot be read, no name, or a stage whose gate is closed.
    """
    given = _given(entity, values)
    stage = given.pop("stage", None) if entity == "opportunity" else None
    columns = _columns(workspace, entity, given)
    if incomplete := why_incomplete(entity, columns):
        raise BadValue(*incomplete)
    if "created_at" in ENTITIES[entity].columns:
        columns.setdefault("created_at", workspace.now())
    with open_run(workspace.db, workspace.start("add", dry_run=dry_run)) as run:
        made = ENTITIES[entity].blank() | columns
        if entity == "opportunity":
            made |= {"status": "open", "pipeline": made["pipeline"] or _chosen(workspace, made)}
            made = with_currency(workspace, made)
        number = run.insert(entity, [made])[0]
        note = overruled(workspace, made) if entity == TARGET else None
        note = _begin(workspace, run, number, stage) if entity == "opportunity" else note
        return _shown(run, entity, number) | {"notes": [str(note)] if note else []}


def set_fields(
    workspace: Workspace, entity: str, ref: str, values: Sequence[str], *, dry_run: bool = False
) -> dict[str, Any]:
    """Return the changed record as lists show it, with its `run`; an empty value empties a field.

    Raises:
        BadValue: an unknown field, or a value that cannot be read.
        CrmError: the reference finds nothing or several.
    """
    kind, number = find_record(workspace.db, ref, (entity,))
    columns = _columns(workspace, entity, _given(entity, values), number)
    with open_run(workspace.db, workspace.start("set", dry_run=dry_run)) as run:
        present = fetch(workspace.db, kind, [number])[number]
        write_fields(run, kind, present, columns, workspace.actor)
        if "pipeline" in columns:
            after = fetch(workspace.db, kind, [number])[number]
            follow_pipeline(run, pipelines(workspace), present, after, workspace.actor)
        return _shown(run, kind, number)


def write_fields(run: Run, entity: str, present: Record, columns: Record, by: str) -> None:
    """Write what a person set; a deal's amount, owner and expected close are kept as events too."""
    if "external_ids" in columns:
        others = [key for key in present["external_ids"] if not key.startswith(external_key(_OWN_SYSTEM, ""))]
        columns = columns | {"external_ids": [*columns["external_ids"], *others]}
    if entity == "customer" and "owner" in columns:
        words = msg("set by {by}", by=by)
        owner, pool = columns["owner"], None if columns["owner"] else present["pool"]
        present = hold(run, present, owner, pool, by=by, kind="set", reason=words)
    if entity == "opportunity" and "owner" in columns:
        columns = columns | stood_in_for(present, None)
    run.update(entity, present, columns)
    if entity == "opportunity":
        moved = [key for key in _MOVING if key in columns and columns[key] != present[key]]
        run.insert("event", [_moved(run, present, key, columns[key], by) for key in moved])


def _moved(run: Run, present: Record, key: str, value: Any, by: str) -> Record:
    was, now = (None if one is None else str(one) for one in (present[key], value))
    event = {"opportunity_id": present["id"], "field": key, "at": run.started, "recorded": run.started, "by": by}
    return ENTITIES["event"].blank() | event | {"from_value": was, "value": now, "inferred": 0}


def typed_columns(workspace: Workspace, entity: str, key: str, text: str, number: int) -> Record:
    """Return the columns that a text typed for one field of a record fills.

    Raises:
        BadValue: there is no such field, or the value cannot be read.
        CrmError: another record that it names is not found, or not the only one.
    """
    return _columns(workspace, entity, _given(entity, [f"{key}={text}"]), number)


def _shown(run: Run, entity: str, number: int) -> dict[str, Any]:
    return show_records(run.db, entity, list(fetch(run.db, entity, [number]).values()))[0] | {"run": run.shown_id}


def _chosen(workspace: Workspace, deal: Record) -> str | None:
    """Return the pipeline of a new deal that names none."""
    customer = fetch(workspace.db, "customer", [deal["customer_id"]] if deal["customer_id"] else [])
    return pipeline_of_new(pipelines(workspace), deal, customer.get(deal["customer_id"]))


def _begin(workspace: Workspace, run: Run, number: int, stage: str | None) -> Message | None:
    """Bring a new deal into the stage that was typed, else into the first; return why it could not enter that."""
    if stage is None:
        return enter_first_stage(workspace, run, fetch(run.db, "opportunity", [number])[number])
    if stage:
        _enter(workspace, run, number, stage)
    return None


def _enter(workspace: Workspace, run: Run, number: int, stage: str) -> None:
    known, deal = pipelines(workspace), fetch(run.db, "opportunity", [number])[number]
    pipeline = pipeline_of(known, deal | {"stage": stage})
    place = pipeline.place(stage)
    refused = check_move(pipeline, None, stage) or in_words(lack_of(run.db, deal, pipeline, place), place)
    if place.kind in ("won", "lost", "void"):
        refused = [msg("use opp win, opp lose or opp void to close it")]
    if refused:
        raise BadValue(f"stage={stage}", msg("not entered: {reasons}", reasons=enumerated(refused)))
    enter_stage(workspace, run, stage_event(number, place, run.started, run.started, by=workspace.actor), pipeline)


def _given(entity: str, values: Sequence[str]) -> dict[str, str]:
    """Return field key -> text of FIELD=VALUE arguments."""
    given = {}
    for text in values:
        key, equals, value = (part.strip() for part in text.partition("="))
        field = catalogue().get(f"{entity}.{key}")
        if not equals:
            raise BadValue(text, msg("write it as FIELD=VALUE, such as name={text}", text=text))
        if field is None or field.type == "id":
            raise BadValue(text, msg("there is no field {key}", key=key))
        given[key] = value
    return given


def _columns(workspace: Workspace, entity: str, given: Mapping[str, str], number: int | None = None) -> Record:
    """Return the columns that texts fill or, where they are empty, empty; `number` is the record's, None if new."""
    if entity == "opportunity" and (key := next((key for key in given if key in _BY_COMMAND), None)):
        raise BadValue(f"{key}={given[key]}", msg("{key} changes by opp move, win, lose, void or reopen", key=key))
    if entity == "lead" and (key := next((key for key in given if key in _LEAD_BY_COMMAND), None)):
        raise BadValue(f"{key}={given[key]}", _LEAD_HINT)
    if given.get("name") == "":
        raise BadValue("name=", msg("a record needs a name"))
    areas = {key: text for key, text in given.items() if entity == "customer" and key in _REGION}
    filled = {key: text for key, text in given.items() if text and key not in areas}
    part = {key: _value(workspace, entity, key, text) for key, text in filled.items()}
    columns = columns_from(entity, part, _OWN_SYSTEM) | _emptied(entity, given) | _placed(areas)
    for parent in ENTITIES[entity].parents:
        if parent in filled:
            columns[f"{parent}_id"] = find_record(workspace.db, filled[parent], (parent,))[1]
    if entity == "payment" and number is None and columns.get("contract_id"):
        home = fetch(workspace.db, "contract", [columns["contract_id"]])[columns["contract_id"]]
        columns = {key: home[key] for key in ("customer_id", "opportunity_id")} | columns
    if "pipeline" in columns and number is not None:
        _refuse_pipeline(workspace, number, given["pipeline"], columns["pipeline"])
    if entity == TARGET:
        columns, wrong = typed_target(workspace.db, columns, given, number)
        if wrong:
            raise BadValue(*wrong)
    _refuse_taken(workspace.db, entity, columns.get("external_ids", []), number)
    return columns | consequences(entity, columns)


def _refuse_pipeline(workspace: Workspace, number: int, text: str, key: str | None) -> None:
    deal = fetch(workspace.db, "opportunity", [number])[number]
    if key and (why := why_not_in(pipelines(workspace), deal, key)):
        raise BadValue(f"pipeline={text}", why)


def _value(workspace: Workspace, entity: str, key: str, text: str) -> Any:
    field = catalogue()[f"{entity}.{key}"]
    if key in ENTITIES[entity].parents:
        return text
    value = parse_text(field.type, text, workspace.zone, key)
    if isinstance(value, Problem):
        raise BadValue(f"{key}={text}", value.message)
    if key == "pipeline":
        return known_pipeline(workspace, text).key
    if field.path in _CHOSEN:
        return _known_choice(key, value, _CHOSEN[field.path](workspace))
    if field.path == "lead.status":
        return _open_state(text)
    if field.type in ("person", "shares"):
        people = [*(owner.name for owner in workspace.settings.owner), *_names(workspace.db, "owner")]
        named = {_as_known(name, people): share for name, share in value.items()} if field.type == "shares" else {}
        return named or _as_known(value, people)
    return _as_known(value, _names(workspace.db, "product")) if field.type == "product" else value


def _known_choice(key: str, value: str, known: Sequence[str]) -> str:
    """Return a value as its list has it; where there is no list, as it was typed."""
    found = _as_known(value, known)
    if known and found not in known:
        raise BadValue(f"{key}={value}", unknown(msg("the value"), value, known))
    return found


def _open_state(text: str) -> str:
    state = lead_status(text)
    if state in DECIDED:
        raise BadValue(f"status={text}", _LEAD_HINT)
    return state


def _names(db: Database, entity: str) -> list[str]:
    return [record["name"] for record in fetch_where(db, entity) if record["name"]]


def _as_known(text: str, names: Iterable[str]) -> str:
    """Return a name as it is known, where it differs in width, case and spaces only; else as it was typed."""
    return next((name for name in names if fold(name) == fold(text)), text)


def _emptied(entity: str, given: Mapping[str, str]) -> Record:
    kinds = ENTITIES[entity].columns
    columns = [f"{key}_id" if key in ENTITIES[entity].parents else column_of(key) for key in given if not given[key]]
    return {column: [] if kinds[column] == "list" else None for column in columns if column in kinds}


def _placed(areas: Mapping[str, str]) -> Record:
    """Return province, city and district of what was typed for them, or for the area as a whole."""
    texts = {key: areas.get(key, "") for key in _REGION}
    cleared = AREA if areas.get("region") == "" else ()
    return dict.fromkeys(cleared) | region_columns(**texts)[0] if any(texts.values()) else dict.fromkeys(cleared)


def _refuse_taken(db: Database, entity: str, external_ids: Sequence[str], number: int | None) -> None:
    for (_kind, key), ids in find_by_keys(db, entity, [("external", one) for one in external_ids]).items():
        others = fetch(db, entity, [one for one in ids if one != number])
        taken = [one for one, record in others.items() if not record.get("merged_into")]
        if taken:
            words = msg("{record} has this id", record=record_number(entity, taken[0]))
            raise BadValue(f"external_id={external_id(key)}", words)


def consequences(entity: str, columns: Record) -> Record:
    """Return what a person's word about an opportunity entails: who said it, and that it is in no pool any more."""
    if entity != "opportunity":
        return {}
    said: Record = {}
    if "owner" in columns:
        said |= {"owner_by": "person", "pool": None} if columns["owner"] else {"owner_by": None}
    if "probability" in columns:
        said["probability_source"] = None if columns["probability"] is None else "manual"
    return said
