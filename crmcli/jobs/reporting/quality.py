"""The database -> how good what it holds is: doctor's rules, fill rates, sums, snapshots."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from functools import partial

from crmcli.domain.fields import fields_of
from crmcli.domain.intake import column_of
from crmcli.domain.metrics.quality import Broken, Counted, Filled, Quality, StatusSum
from crmcli.domain.records import ENTITIES, parse_number, record_number
from crmcli.i18n import current_language
from crmcli.jobs.safety.doctor import examine_data
from crmcli.jobs.safety.snapshot_check import check_snapshots
from crmcli.jobs.workspace import Workspace
from crmcli.store.records import chunks

_KINDS = ("customer", "contact", "lead", "opportunity", "activity", "contract", "payment")
_SUMS = (
    "SELECT status, coalesce(currency, '') AS currency, count(*) AS n, coalesce(sum(amount_fen), 0) AS amount_fen,"
    " sum(amount_fen IS NULL) AS without_amount FROM opportunity GROUP BY 1, 2 ORDER BY 1, 2"
)
_SUMMED = (
    "SELECT id, status, coalesce(currency, '') AS currency, amount_fen FROM opportunity"
    " ORDER BY status, 3, amount_fen IS NOT NULL, id"
)


def load_quality(workspace: Workspace) -> Quality:
    """Return all that is known of the data's quality."""
    broken = tuple(Broken(one.code, one.message, one.all_records) for one in examine_data(workspace))
    summed = _summed(workspace)
    sums = tuple(StatusSum(**row, records=summed[row["status"], row["currency"]]) for row in workspace.db.rows(_SUMS))
    filled = tuple(one for entity in _KINDS for one in _filled(workspace, entity))
    return Quality(broken, filled, sums, check_snapshots(workspace), partial(_owners, workspace))


def _owners(workspace: Workspace, numbers: Sequence[str]) -> dict[str, str | None]:
    """Return the owner of each record that has one, by its number; of a follow-up who wrote it."""
    wanted: dict[str, set[int]] = {}
    for entity, number in filter(None, map(parse_number, numbers)):
        wanted.setdefault(entity, set()).add(number)
    found: dict[str, str | None] = {}
    for entity, ids in wanted.items():
        column = next((name for name in ("owner", "by") if name in ENTITIES[entity].columns), None)
        for part in chunks(sorted(ids)) if column else ():
            marks = ",".join("?" * len(part))
            sql = f'SELECT id, "{column}" AS name FROM {entity} WHERE id IN ({marks})'  # noqa: S608 (our own tables)
            found |= {record_number(entity, row["id"]): row["name"] for row in workspace.db.rows(sql, tuple(part))}
    return found


def _summed(workspace: Workspace) -> dict[tuple[str, str], list[Counted]]:
    """Return (status, currency) -> its opportunities, those without an amount first."""
    found: dict[tuple[str, str], list[Counted]] = {}
    for row in workspace.db.rows(_SUMMED):
        found.setdefault((row["status"], row["currency"]), []).append(
            Counted(record_number("opportunity", row["id"]), row["amount_fen"])
        )
    return found


def _filled(workspace: Workspace, entity: str) -> Iterator[Filled]:
    known = ENTITIES[entity].columns
    columns = {}
    for field in fields_of(entity):
        column = next(
            (name for name in (column_of(field.key), f"{field.key}_id", f"{field.key}_ids") if name in known), ""
        )
        if column:
            columns[column] = field
    counts = ", ".join(f'count("{column}") AS "{column}"' for column in columns)
    living = "merged_into IS NULL" if "merged_into" in known else "1"
    sql = f"SELECT count(*) AS total, {counts} FROM {entity} WHERE {living}"  # noqa: S608 (our own tables)
    row = workspace.db.rows(sql)[0]
    if row["total"]:
        for column, field in columns.items():
            missing = array("q")
            if row[column] < row["total"]:
                without = f'SELECT id FROM {entity} WHERE {living} AND "{column}" IS NULL ORDER BY id'  # noqa: S608
                missing = array("q", (one["id"] for one in workspace.db.rows(without)))
            yield Filled(entity, field.key, field.label(current_language()), row[column], row["total"], missing)
