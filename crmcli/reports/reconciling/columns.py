"""The columns of a statement of imports."""

from __future__ import annotations

from crmcli.domain.statement import OUTCOMES
from crmcli.i18n import msg
from crmcli.reports.model import Column

ROWS, AMOUNTS, ALL_RECORDS, SOURCES = msg("Rows"), msg("Amounts"), msg("All records"), msg("Source files")
"""The sheets of the workbook on which tables stand."""
PLACE = (
    Column("run", msg("Import"), "text"),
    Column("file", msg("Source file"), "text"),
    Column("sheet", msg("Sheet"), "text"),
)
SHEET_COLUMNS = (
    *PLACE,
    Column("kind", msg("Kind"), "text"),
    Column("read", msg("Read"), "int"),
    *(Column(outcome, label, "int") for outcome, label in zip(OUTCOMES, (
        msg("New"), msg("Updated"), msg("Same"), msg("Skipped"), msg("Rejected"), msg("For review"),
    ), strict=True)),
    Column("rows", msg("Came in"), "int"),
    Column("records", msg("In the database now"), "int"),
    Column("only_counted", msg("Only counted"), "int"),
    Column("without_record", msg("No record of their own"), "int"),
    Column("balance", msg("Balance"), "int"),
    Column("differences", msg("Differences listed"), "int"),
)  # fmt: skip
AMOUNT_COLUMNS = (
    *PLACE,
    Column("kind", msg("Kind"), "text"),
    Column("field", msg("Column"), "text"),
    Column("currency", msg("Currency"), "text"),
    Column("source", msg("In the source"), "money"),
    Column("database", msg("In the database"), "money"),
    Column("difference", msg("Difference"), "money"),
    Column("explained", msg("Explained row by row"), "money"),
    Column("balance", msg("Balance"), "money"),
    *(Column(outcome, label, "money") for outcome, label in zip(OUTCOMES[3:], (
        msg("Beside it: skipped rows"), msg("Beside it: rejected rows"), msg("Beside it: rows for review"),
    ), strict=True)),
)  # fmt: skip
KIND_COLUMNS = (
    Column("kind", msg("Kind"), "text"),
    Column("listed", msg("Of the sheets, added up"), "int"),
    Column("shared", msg("In several sheets"), "int"),
    Column("beside", msg("Made beside them"), "int"),
    Column("other", msg("From elsewhere"), "int"),
    Column("present", msg("In the database"), "int"),
    Column("balance", msg("Balance"), "int"),
)
CUT_COLUMNS = (
    Column("source_rows", msg("Rows in the source"), "int"),
    Column("records", msg("In the database"), "int"),
    Column("rows_difference", msg("More or less"), "int", signed=True),
    Column("currency", msg("Currency"), "text"),
    Column("source", msg("Amount in the source"), "money"),
    Column("database", msg("Amount in the database"), "money"),
    Column("difference", msg("Difference of amounts"), "money"),
)
CUT_WORDS = {
    "owner": (msg("By owner"), msg("Owner")),
    "stage": (msg("By stage"), msg("Stage")),
    "month": (msg("By month"), msg("Month")),
}
SOURCE_COLUMNS = (
    *PLACE[:2],
    Column("sha256", msg("SHA-256 of the file"), "text"),
    Column("sheets", msg("Sheets"), "int"),
    Column("left_out", msg("Sheets left out"), "text"),
)
RUN_COLUMNS = (
    PLACE[0],
    Column("started", msg("When"), "text"),
    Column("actor", msg("Who"), "text"),
    Column("config_hash", msg("Config hash"), "text"),
    Column("state", msg("State"), "text"),
)
LIST_COLUMNS = (
    *PLACE,
    Column("row", msg("Row"), "int"),
    Column("what", msg("What differs"), "text"),
    Column("cell", msg("The cell says"), "text"),
    Column("source", msg("Read as"), "text"),
    Column("database", msg("The database says now"), "text"),
    Column("moves", msg("Difference"), "money"),
    Column("currency", msg("Currency"), "text"),
    Column("record", msg("Record"), "text"),
    Column("why", msg("Why"), "text"),
)
FACTS = {
    "row": msg("no record of its own"),
    "amount": msg("amount"),
    "owner": msg("owner"),
    "stage": msg("stage"),
    "month": msg("month"),
}
