"""What an import says of values it did not take and of rows it holds back."""

from __future__ import annotations

from collections.abc import Iterable

from crmcli.domain.intake import MONEY
from crmcli.domain.values.money import fen_to_text
from crmcli.i18n import msg
from crmcli.jobs.importing.batch import Batch
from crmcli.jobs.importing.context import Reason, Row, SheetPlace
from crmcli.jobs.importing.identify import Verdict

_KEYS = {column: key for key, column in MONEY.items()}


def list_untaken(place: SheetPlace, batch: Batch, row: Row, kept: Iterable[tuple[str, str]]) -> None:
    """List the values that were newly kept as alternates of a record: (column, value)."""
    for column, value in kept:
        key = _KEYS.get(column, column)
        kind = "stage_history" if batch.entity == "event" else batch.entity
        path = f"{kind}.{key}" if key != "customer" else "customer.name"
        shown = fen_to_text(int(value)) if column in _KEYS else value
        message = msg("{value} is not taken: another value counts, this one is kept beside it", value=shown)
        row.alternates += 1
        row.list(place.mapping.header_of(path), shown, "value.not_taken", message)


def hold_back(batch: Batch, row: Row, verdict: Verdict) -> None:
    """Send a row to the rejects workbook whose exact keys point at several records."""
    names = ", ".join(str(batch.present[number].get("name")) for number in verdict.ids)
    row.stop(
        "review",
        Reason(
            "row.two_records",
            msg("this row points at several records: {names}", names=names),
            msg("correct the number or name that is wrong, or merge the records first"),
        ),
    )
