"""What the figures of a statement of imports mean (口径)."""

from __future__ import annotations

from crmcli.domain.statement import Statement
from crmcli.i18n import msg
from crmcli.reports.model import Definition

_TERMS = (
    Definition(msg("In the source"), msg(
        "What the cells of the rows that came in (new, updated, same) were read as when the file was imported: 3.5万 "
        "is 35000, a stage's synonym is its stage. Skipped, rejected and held-back rows stand beside it: they are not "
        "in the database, and a total row would count everything twice.")),
    Definition(msg("In the database"), msg(
        "What the records of those rows hold now, whoever changed them since. A record that several rows of a sheet "
        "mean is counted once, with the first of them; one that was merged counts where it lives on.")),
    Definition(msg("Differences listed"), msg(
        "Every row whose record is not there, or says now another amount, owner, stage or month, with the reason as "
        "the journal has it. Source + differences = database; if that did not hold there would be no statement.")),
    Definition(msg("No record of their own"), msg(
        "Rows that came in and are not counted in the database: the same record as another row, merged into one that "
        "another row brought, or taken back since; of dated versions of one sheet (`series`) all rows but those of the "
        "version that speaks of a record last. Each is listed.")),
    Definition(msg("Only counted"), msg(
        "Rows that said nothing new when they were read (the same file or a later version of it once more) are not "
        "kept one by one. They stand on both sides as they were read. Where an earlier import read the very same "
        "file, its rows are followed instead.")),
    Definition(msg("All records"), msg(
        "The records that the sheets' rows brought, added up; less those that stand in several sheets; with those "
        "that the same imports made for other rows (the customer that a deal's row names); with those that people or "
        "other imports made: together all that the database holds.")),
    Definition(msg("Left out of the statement"), msg(
        "Imports that were taken back (name one to state it), sheets that were left out at import, files that could "
        "not be read.")),
)  # fmt: skip
_MONTHS = Definition(msg("By month"), msg(
    "The month of creation where the sheet has such a column, for it does not move while people work; else the month "
    "of the expected close, else of the closing; of stage changes and follow-ups, when they happened. The column is "
    "named in the table."))  # fmt: skip
_CUTS = Definition(msg("By owner, stage, month"), msg(
    "For sheets that have such a column. An empty cell is 未填. Stages under the names of crm.toml; the list shows "
    "the cell as it was written."))  # fmt: skip


def definitions(statement: Statement) -> tuple[Definition, ...]:
    """Return the terms, those about breakdowns where there are any."""
    cut = any(sheet.cuts() for sheet in statement.sheets)
    return (*_TERMS, *((_CUTS, _MONTHS) if cut else ()))
