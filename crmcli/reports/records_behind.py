"""The records behind each figure of a report, as its records sheets list them, and how they differ from others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from crmcli.i18n import Message, msg
from crmcli.reports.model import Cell, Column, ColumnType, Link, Records, Report, Table
from crmcli.reports.printed import TOTAL, Key, row_names
from crmcli.reports.wording import UNKNOWN

_IDENTITIES = ("record", "activity", "lead", "payment", "opportunity", "key", "customer")
"""Columns that say which record a row is, the first that a list has."""


@dataclass(frozen=True, slots=True)
class Listed:
    """The rows in which one record is listed behind a figure: several where it counts several times."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def of_type(self, kind: ColumnType) -> list[Cell]:
        """Return the cells of the columns of a type."""
        return [row[at] for row in self.rows for at, column in enumerate(self.columns) if column.type == kind]


Behind = dict[str, Listed]
"""Number of each record -> where it is listed."""


def records_behind(report: Report, naming: Mapping[str, tuple[str, ...]]) -> dict[Key, Behind]:
    """Return figure -> the records behind it, as far as they are listed.

    A figure without records of its own has those of its row; a total has those of all rows.
    """
    by_name = {records.name: records for records in report.section.records}
    found: dict[Key, Behind] = {}
    for table in report.tables:
        names = row_names(table, naming.get(table.name, ()))
        for column in table.columns:
            own = [_behind(table, at, column.key, by_name) for at in range(len(names))]
            found |= {(table.name, name, column.key): one for name, one in zip(names, own, strict=True)}
            found[table.name, TOTAL, column.key] = {record: listed for one in own for record, listed in one.items()}
    return found


def _behind(table: Table, row: int, key: str, by_name: Mapping[str, Records]) -> Behind:
    links = [table.links[row, key]] if (row, key) in table.links else [
        link for (at, _key), link in table.links.items() if at == row
    ]  # fmt: skip
    found: Behind = {}
    for link in links:
        found |= _listed(link, by_name[link.records])
    return found


def _listed(link: Link, records: Records) -> Behind:
    keys = [column.key for column in records.columns]
    identity = next((key for key in _IDENTITIES if key in keys), None)
    if identity is None:
        return {}
    first, shown = records.listed(link)
    at, rows = keys.index(identity), records.rows[first : first + shown]
    by_record: dict[str, list[tuple[Cell, ...]]] = {}
    for cells in rows:
        by_record.setdefault(str(cells[at]), []).append(cells)
    return {record: Listed(records.columns, tuple(own)) for record, own in by_record.items()}


def differing(old: Behind, new: Behind, kind: ColumnType) -> list[str]:
    """Return the records that make a figure of a type another: those that came, went or are worth more or less.

    Where none did, those of which anything is said otherwise.
    """
    everyone = list(dict.fromkeys((*old, *new)))
    changed = [one for one in everyone if old.get(one) != new.get(one)]
    if kind not in ("int", "money"):
        return changed
    weighty = [one for one in changed if _weight(old.get(one), kind) != _weight(new.get(one), kind)]
    return weighty or changed


def _weight(listed: Listed | None, kind: ColumnType) -> tuple[int, list[Cell]]:
    if listed is None:
        return 0, []
    return len(listed.rows), listed.of_type("money") if kind == "money" else []


def unlike(old: Listed | None, new: Listed | None) -> list[Message]:
    """Return what is said otherwise of a record than before."""
    if old is None or new is None:
        return [msg("now counted here") if old is None else msg("no longer counted here")]
    if len(old.rows) != 1 or len(new.rows) != 1:
        return [msg("counted here {old} times, now {new}", old=len(old.rows), new=len(new.rows))]
    before = {column.key: cell for column, cell in zip(old.columns, old.rows[0], strict=True)}
    return [
        msg("{field}: {before} → {after}", field=column.label, before=_said(before.get(column.key)), after=_said(cell))
        for column, cell in zip(new.columns, new.rows[0], strict=True) if cell != before.get(column.key)
    ]  # fmt: skip


def _said(cell: Cell) -> object:
    return UNKNOWN if cell is None else cell
