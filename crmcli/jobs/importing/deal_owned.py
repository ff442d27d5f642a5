"""Two systems side by side: what a source that does not decide says of a deal, and what gives way to one that does.

Source: definitions.md, "Two systems side by side".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

from crmcli.domain.records import Record
from crmcli.jobs.deals.stages import STATE, refresh_state
from crmcli.jobs.importing.batch import Batch
from crmcli.jobs.importing.context import ImportContext, Row, SheetPlace
from crmcli.jobs.importing.deal_rows import MOVING, DealRow
from crmcli.jobs.importing.untaken import list_untaken
from crmcli.store.database import Database
from crmcli.store.records import chunks, fetch, fetch_where

_FIELDS = (*MOVING, "stage")


def yields(context: ImportContext, deal: Record, key: str, system: str) -> bool:
    """Return whether another source decides on a moving field of a deal and has spoken of it."""
    deciding = context.ownership.deciding("opportunity", key)
    if not deciding or system in deciding:
        return False
    spoke = any(key in deal["said"].get(one, {}) for one in deciding)
    return spoke or (key == "stage" and _told_the_way(context.run.db, deal["id"], deciding))


def _told_the_way(db: Database, number: int, deciding: AbstractSet[str]) -> bool:
    """Return whether one of the sources told a deal's way: a stage history comes without a present stage."""
    systems = db.values("SELECT DISTINCT system FROM event WHERE opportunity_id = ? AND field = 'stage'", (number,))
    return bool(deciding & set(systems))


def take_over(
    context: ImportContext, batch: Batch, found: Mapping[int, Sequence[tuple[Row, DealRow]]], system: str
) -> None:
    """Take out what other sources' words made of deals of which the source that decides now speaks for the first time.

    Their values are kept as alternates: whichever source came first, the deal ends up the same.
    """
    for key in _FIELDS:
        if not context.ownership.decides("opportunity", key, system):
            continue
        first = {}
        for number, own in found.items():
            words = {_word(deal, key) for _, deal in own if key in deal.said}
            if words and key not in batch.present[number]["said"].get(system, {}):
                first[number] = (own[0][0].source_row, words)
        retire_events(context, batch, key, first)


def _word(deal: DealRow, key: str) -> str:
    return deal.stands.name if key == "stage" and deal.stands else str(deal.said[key])


def side_by_side(
    context: ImportContext, place: SheetPlace, wanted: Sequence[tuple[Row, Record]]
) -> list[tuple[Row, Record]]:
    """Return the stage changes of a chunk that enter their deals' history.

    Those of deals on whose stage another source decides are kept as alternates; where this source decides, what others
    told of these deals gives way.
    """
    if not context.ownership.deciding("opportunity", "stage"):
        return list(wanted)
    batch = Batch(context, "opportunity")
    batch.fetch({event["opportunity_id"] for _, event in wanted})
    entering = []
    for row, event in wanted:
        number = event["opportunity_id"]
        if not yields(context, batch.present[number], "stage", place.system):
            entering.append((row, event))
        elif event["value"] != batch.present[number]["stage"]:
            kept = batch.keep(number, [("stage", event["value"])], place.system, row.source_row)
            list_untaken(place, batch, row, kept)
            if kept:
                row.touched("stage_history", made=False, main=True)
    if context.ownership.decides("opportunity", "stage", place.system):
        speaking: dict[int, tuple[int | None, set[str]]] = {}
        for row, event in entering:
            speaking.setdefault(event["opportunity_id"], (row.source_row, set()))[1].add(event["value"])
        retire_events(context, batch, "stage", speaking)
    batch.flush()
    return entering


def retire_events(
    context: ImportContext, batch: Batch, key: str, speaking: Mapping[int, tuple[int | None, AbstractSet[str]]]
) -> None:
    """Take out of deals the events of sources that do not decide on a field; what they said is kept as alternates.

    `speaking` is deal -> the source row that speaks now and the values that it says.
    """
    deciding = context.ownership.deciding("opportunity", key)
    touched: set[int] = set()
    for part in chunks(sorted(speaking)):
        within = f"opportunity_id IN ({','.join('?' * len(part))})"
        events = fetch_where(context.run.db, "event", f"field = ? AND {within}", (key, *part))
        staying = {(e["opportunity_id"], e["value"]) for e in events if e["system"] is None or e["system"] in deciding}
        for event in (e for e in events if e["system"] is not None and e["system"] not in deciding):
            number = event["opportunity_id"]
            source_row, words = speaking[number]
            said = [event["from_value"], event["value"]]
            lost = [one for one in said if one and one not in words and (number, one) not in staying]
            batch.keep(number, [(key, one) for one in lost], event["system"], source_row)
            context.run.remove("event", event)
            touched.add(number)
    if key == "stage" and touched:
        refresh_state(context.run, touched)
        for number, now in fetch(context.run.db, "opportunity", touched & batch.present.keys()).items():
            batch.present[number] = batch.present[number] | {column: now[column] for column in (*STATE, "probability")}
