"""The deals behind each figure of a report, as its records sheets list them."""

from __future__ import annotations

from collections.abc import Mapping

from crmcli.reports.model import Cell, Link, Records, Report, Table
from crmcli.reports.printed import TOTAL, Key, row_names

Deals = dict[str, tuple[Cell, ...]]


def deals_behind(report: Report, naming: Mapping[str, tuple[str, ...]]) -> dict[Key, Deals]:
    """Return figure -> number of each deal behind it, as far as it is listed -> its record.

    A figure without records of its own has those of its row; a total has those of all rows.
    """
    by_name = {records.name: records for records in report.section.records}
    found: dict[Key, Deals] = {}
    for table in report.tables:
        names = row_names(table, naming.get(table.name, ()))
        for column in table.columns:
            for at, name in enumerate(names):
                found[table.name, name, column.key] = _behind(table, at, column.key, by_name)
            own = [_behind(table, at, column.key, by_name) for at in range(len(names))]
            found[table.name, TOTAL, column.key] = {deal: cells for deals in own for deal, cells in deals.items()}
    return found


def _behind(table: Table, row: int, key: str, by_name: Mapping[str, Records]) -> Deals:
    links = [table.links[row, key]] if (row, key) in table.links else [
        link for (at, _key), link in table.links.items() if at == row
    ]  # fmt: skip
    return {deal: cells for link in links for deal, cells in _listed(link, by_name[link.records])}


def _listed(link: Link, records: Records) -> list[tuple[str, tuple[Cell, ...]]]:
    keys = [column.key for column in records.columns]
    if "opportunity" not in keys:
        return []
    at = keys.index("opportunity")
    return [(str(cells[at]), cells) for cells in records.rows[link.first : link.first + link.count]]
