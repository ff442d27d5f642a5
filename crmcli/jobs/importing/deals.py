"""Rows about opportunities: which deal each means, what a weekly sheet moves, which events follow."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from crmcli.domain.identity import keys_of
from crmcli.domain.intake import column_of, in_key_order
from crmcli.domain.records import ENTITIES, Record
from crmcli.domain.settle import Mode
from crmcli.i18n import msg
from crmcli.jobs.deals.stages import record_events, with_state
from crmcli.jobs.importing.batch import Batch
from crmcli.jobs.importing.context import ImportContext, Row, SheetPlace
from crmcli.jobs.importing.deal_ends import fill_ends
from crmcli.jobs.importing.deal_owned import take_over, yields
from crmcli.jobs.importing.deal_pipelines import Customers, customers_asked, list_foreign, read_known, read_new
from crmcli.jobs.importing.deal_rows import COMPANIONS, DealRow, first_events, read_deal, strongest
from crmcli.jobs.importing.deal_stages import enter, keep_said, keep_stages
from crmcli.jobs.importing.identify import Verdict, identify
from crmcli.jobs.importing.untaken import hold_back, list_untaken

_FOLLOWING = ("currency", "stage_text")
Found = tuple[Row, DealRow]
Events = list[tuple[Record, int]]


def write_deals(context: ImportContext, place: SheetPlace, rows: Sequence[Row]) -> Batch:
    """Return the deals of a chunk after its rows are put in."""
    batch = Batch(context, "opportunity")
    wanted = wanted_deals(context, place, rows)
    batch.load(key for _, _, record in wanted for key in keys_of("opportunity", record))
    first, found = _find(context, place, batch, wanted)
    take_over(context, batch, found, place.system)
    later: Events = []
    for number, own in found.items():
        later += _put(context, place, batch, number, own)
    batch.flush()
    record_events(context.run, [event for event, _ in first], [source for _, source in first], refresh=False)
    later = _once(later)
    stages = {event["opportunity_id"] for event, _ in later if event["field"] == "stage"}
    before = {number: batch.present[number]["stage"] for number in stages}
    record_events(context.run, [event for event, _ in later], [source for _, source in later])
    keep_stages(context, place, batch, {number: found[number] for number in stages}, before)
    fill_ends(context, place, batch, found)
    batch.flush()
    return batch


def _once(events: Events) -> Events:
    by_key = {keys_of("event", event)[0]: (event, source) for event, source in reversed(events)}
    return list(reversed(by_key.values()))


def wanted_deals(context: ImportContext, place: SheetPlace, rows: Sequence[Row]) -> list[tuple[Row, DealRow, Record]]:
    """Return the rows that speak of a deal with it, also as a record for finding and making it."""
    own = [row for row in rows if row.draft.parts.get("opportunity") and not row.stopped]
    customers = customers_asked(context, own)
    return [_wanted(context, place, row, customers) for row in own]


def _wanted(context: ImportContext, place: SheetPlace, row: Row, customers: Customers) -> tuple[Row, DealRow, Record]:
    deal, record = read_new(context, place, row, customers)
    deal.columns["extra"] = record["extra"] = {**deal.columns.get("extra", {}), **row.draft.extra}
    if not row.ids.get("customer"):
        words = msg("this opportunity names no customer; it is kept without one")
        row.list(place.mapping.header_of("customer.name"), "", "opportunity.no_customer", words)
    for written in (deal.place, deal.end):
        if written and written.kind == "unknown":
            words = msg("{stage} is a stage of no pipeline: kept under its own name", stage=written.name)
            row.list(place.mapping.header_of("opportunity.stage"), written.name, "stage.unknown", words)
    return row, deal, record


def _find(
    context: ImportContext, place: SheetPlace, batch: Batch, wanted: Sequence[tuple[Row, DealRow, Record]]
) -> tuple[Events, dict[int, list[Found]]]:
    """Return the first events of deals that were made, and the rows of deals that are there, by deal.

    Rows that say just what some deal says take it before others may: that keeps deals of one name apart.
    """
    first: Events = []
    found: dict[int, list[Found]] = {}
    unsure = []
    for row, deal, record in wanted:
        verdict = identify(batch, record, context.taken_deals)
        if verdict.sure:
            first += _resolve(context, place, batch, (row, deal), record, verdict, found)
        else:
            unsure.append((row, deal, record))
    for row, deal, record in unsure:
        verdict = identify(batch, record, context.taken_deals)
        first += _resolve(context, place, batch, (row, deal), record, verdict, found)
    return first, found


def _resolve(
    context: ImportContext,
    place: SheetPlace,
    batch: Batch,
    pair: Found,
    record: Record,
    verdict: Verdict,
    found: dict[int, list[Found]],
) -> Events:
    """Give a row to the deal it means, which goes into `found`, or make one; returns a made deal's first events."""
    row, deal = pair
    if len(verdict.ids) > 1:
        hold_back(batch, row, verdict)
        return []
    if not verdict.ids:
        return _make(context, place, batch, row, deal, record)
    _take(context, row, verdict.ids[0])
    known = read_known(context, place, row, deal, batch.present[verdict.ids[0]])
    list_foreign(context, place, row, known, batch.present[verdict.ids[0]]["pipeline"])
    found.setdefault(verdict.ids[0], []).append((row, known))
    return []


def _take(context: ImportContext, row: Row, number: int) -> None:
    row.ids["opportunity"] = number
    context.taken_deals.add(number)


def _make(context: ImportContext, place: SheetPlace, batch: Batch, row: Row, deal: DealRow, record: Record) -> Events:
    list_foreign(context, place, row, deal, record["pipeline"])
    events = first_events(deal, 0, place.system, context.run.started)
    number = batch.create(with_state(record, events, context.run.started), row.source_row)
    _take(context, row, number)
    row.touched("opportunity", made=True, main=place.kind == "opportunity")
    context.made_deals.add(number)
    context.said[number, place.system] = ({}, dict(deal.said))
    return [(event | {"opportunity_id": number}, row.source_row) for event in events]


def _put(context: ImportContext, place: SheetPlace, batch: Batch, number: int, own: Sequence[Found]) -> Events:
    """Put a chunk's rows about one deal into it; returns the events that follow."""
    system = place.system
    at_start = batch.present[number]["said"].get(system, {})
    untold = ({}, at_start) if number in context.made_deals else (at_start, {})
    before, now = context.said.setdefault((number, system), untold)
    says = dict(now)
    for key in {key for _, deal in own for key in deal.said}:
        earlier = [_said_before(context, system, key, now[key])] if key in now else []
        says[key] = strongest(key, [deal for _, deal in own] + earlier)
    left_alone = {key for key in says if context.modes.of("opportunity", key) is Mode.SKIP}
    spoke = frozenset() if number in context.made_deals else frozenset(before.keys() - left_alone)
    events: Events = []
    for row, deal in own:
        held = batch.present[number]
        changed = settle_deal(place, batch, number, row, deal, spoke)
        moves = _moves(context, place, batch, number, row, deal, says, before, spoke)
        changed |= follow_deal(context, place, batch, number, row, deal, held)
        events += moves
        if changed or moves:
            row.touched("opportunity", made=False, main=place.kind == "opportunity")
    taken = {key: value for key, value in says.items() if key not in left_alone}
    if taken or context.modes.general is not Mode.SKIP:
        now |= taken
        present = batch.present[number]
        own_words = {
            key: value for key, value in {**before, **now}.items() if key == "stage" or present[key] is not None
        }
        if batch.change(number, {"said": in_key_order({**present["said"], system: own_words})}, own[0][0].source_row):
            own[0][0].touched("opportunity", made=False, main=place.kind == "opportunity")
    return events


def _said_before(context: ImportContext, system: str, key: str, value: Any) -> DealRow:
    """Return what an earlier chunk of the run said of one field, as a row's deal."""
    if key == "stage":
        return read_deal({key: value}, system, context.pipelines, context.loss_reasons)
    return DealRow({}, {key: value}, None, None, None, None)


def settle_deal(place: SheetPlace, batch: Batch, number: int, row: Row, deal: DealRow, spoke: Collection[str]) -> bool:
    """Return whether a row changed a deal where its source has not spoken before (of `spoke` it has)."""
    left = {*_FOLLOWING, *(key for key in deal.said if key in spoke)}
    plain = {key: value for key, value in deal.columns.items() if key not in left and value not in (None, [], {})}
    home = batch.settle_customer(number, row.ids.get("customer"), place.system, row.source_row)
    merged = batch.merge(number, plain, place.system, row.source_row)
    list_untaken(place, batch, row, [*home.kept, *merged.kept])
    blanks = [column_of(path.split(".")[1]) for path in row.draft.blanks if path.startswith("opportunity.")]
    blanks = [column for column in blanks if column not in ("stage", "status", "closed_at")]
    cleared = batch.clear(number, blanks, place.system, row.source_row)
    return merged.changed or home.changed or cleared


def follow_deal(
    context: ImportContext, place: SheetPlace, batch: Batch, number: int, row: Row, deal: DealRow, held: Record
) -> bool:
    """Return whether what goes with another column changed: who wrote it, an amount's currency, a stage's text."""
    present = batch.present[number]
    changes: Record = {c: by for key, (c, by) in COMPANIONS.items() if present[key] and present[key] != held[key]}
    currency, amount = deal.columns.get("currency"), deal.columns.get("amount_fen")
    if currency and currency != present["currency"]:
        goes_with_it = amount in (None, present["amount_fen"])
        if present["currency"] is None or (goes_with_it and not yields(context, present, "amount_fen", place.system)):
            changes["currency"] = currency
        else:
            kept = batch.keep(number, [("currency", currency)], place.system, row.source_row)
            list_untaken(place, batch, row, kept)
    if present["stage_text"] is None and deal.stands and deal.stands.name == present["stage"]:
        changes["stage_text"] = deal.columns.get("stage_text")
    return batch.change(number, changes, row.source_row)


def _moves(
    context: ImportContext,
    place: SheetPlace,
    batch: Batch,
    number: int,
    row: Row,
    deal: DealRow,
    says: Record,
    before: Record,
    spoke: Collection[str],
) -> Events:
    """Apply what the same source says anew; returns the events of it."""
    events, system = [], place.system
    for key, value in deal.said.items():
        mode, present = context.modes.of("opportunity", key), batch.present[number]
        chosen, differs = says[key] == value, before.get(key) != value or mode is Mode.OVERWRITE
        if yields(context, present, key, system):
            keep_said(place, batch, number, row, deal, key)
            continue
        if key == "stage" and mode is not Mode.SKIP:
            events += enter(context, batch, number, row, deal, system, moves=chosen and differs, spoke=key in spoke)
        elif key in spoke and chosen and differs:
            events += _move(context, batch, number, key, value, row, system)
        if (key in spoke and not chosen) or (key == "stage" and mode is Mode.SKIP and differs):
            list_untaken(place, batch, row, batch.keep(number, [(key, value)], system, row.source_row))
    return [(event, row.source_row) for event in events]


def _move(
    context: ImportContext, batch: Batch, number: int, key: str, value: Any, row: Row, system: str
) -> list[Record]:
    present = batch.present[number]
    companion = dict([COMPANIONS[key]]) if key in COMPANIONS else {}
    if not batch.change(number, {key: value} | companion, row.source_row) or present[key] == value:
        return []
    started = context.run.started
    about = {"opportunity_id": number, "field": key, "at": started, "recorded": started, "system": system}
    values = {"from_value": _text(present[key]), "value": _text(value), "inferred": 0}
    return [ENTITIES["event"].blank() | about | values]


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
