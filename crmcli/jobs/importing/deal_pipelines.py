"""In which pipeline the stages of a deal's rows are looked up: the deal's own, or the one that a new deal takes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from crmcli.domain.identity import Key, keys_of
from crmcli.domain.pipeline import pipeline_named
from crmcli.domain.records import Record
from crmcli.i18n import msg
from crmcli.jobs.deals.pipeline import pipeline_of_new
from crmcli.jobs.importing.context import ImportContext, Row, SheetPlace
from crmcli.jobs.importing.deal_rows import DealRow, as_record, read_deal
from crmcli.store.records import fetch, fetch_columns

Customers = Mapping[int, Record]


def customers_asked(context: ImportContext, rows: Iterable[Row]) -> Customers:
    """Return the customers of rows, where pipelines ask new deals about them; else {}."""
    if all(pipeline.when is None for pipeline in context.pipelines):
        return {}
    return fetch(context.run.db, "customer", {row.ids["customer"] for row in rows if row.ids.get("customer")})


def read_new(context: ImportContext, place: SheetPlace, row: Row, customers: Customers) -> tuple[DealRow, Record]:
    """Return a row's deal, also as a record, as if it were new: in the pipeline that it names or that takes it."""
    deal, customer = _read(context, place, row, None), row.ids.get("customer")
    record = as_record(deal, customer, place.system)
    if len(context.pipelines) == 1 or record["pipeline"]:
        return deal, record
    own = pipeline_of_new(context.pipelines, record, customers.get(customer or 0))
    deal = _read(context, place, row, own)
    return deal, as_record(deal, customer, place.system) | {"pipeline": own}


def read_known(context: ImportContext, place: SheetPlace, row: Row, deal: DealRow, present: Record) -> DealRow:
    """Return a row's deal read again where it is one that is there, in a pipeline of its own."""
    if len(context.pipelines) == 1:
        return deal
    own = _read(context, place, row, present["pipeline"])
    own.columns["extra"] = {**own.columns.get("extra", {}), **row.draft.extra}
    return own


def _read(context: ImportContext, place: SheetPlace, row: Row, own: str | None) -> DealRow:
    part = {key: value for key, value in row.draft.parts["opportunity"].items() if value is not None}
    return read_deal(part, place.system, context.pipelines, context.loss_reasons, own)


def list_foreign(context: ImportContext, place: SheetPlace, row: Row, deal: DealRow, own: str | None) -> None:
    """List the stage of a row that only other pipelines than its deal's `own` have; it is kept as it is written."""
    if not own or deal.place is None or deal.place.kind != "open":
        return
    mine = pipeline_named(context.pipelines, own)
    if mine is None or deal.place.name in mine.names:
        return
    words = msg(
        "{stage} is a stage of another pipeline, not of {pipeline}: kept under its own name",
        stage=deal.place.name,
        pipeline=mine.key,
    )
    row.list(place.mapping.header_of("opportunity.stage"), deal.place.name, "stage.foreign", words)


def own_pipelines(context: ImportContext, rows: Iterable[Row]) -> dict[int, str | None]:
    """Return deal -> its pipeline's key, of the deals that rows are about; {} where there is but one pipeline."""
    numbers = sorted({row.ids["opportunity"] for row in rows if "opportunity" in row.ids})
    if len(context.pipelines) == 1 or not numbers:
        return {}
    where = f"id BETWEEN {numbers[0]} AND {numbers[-1]}"
    return {deal["id"]: deal["pipeline"] for deal in fetch_columns(context.run.db, "opportunity", ("pipeline",), where)}


def event_keys(context: ImportContext, event: Record) -> list[Key]:
    """Return the keys under which a stage event may be known: under the stage's name of now, and those of old."""
    old = [
        name
        for pipeline in context.pipelines
        for name in pipeline.renamed
        if pipeline.now_called(name) == event["value"]
    ]
    return [keys_of("event", event | {"value": value})[0] for value in (event["value"], *old)]
