"""A report asked for as its JSON document, and how its rows are compared."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any, TypeVar

from crmcli.domain.metrics.period import Period
from crmcli.jobs.reporting.write_report import Asking, make_report
from crmcli.reports.json import document

from .play import World
from .seen import Asked

Row = dict[str, Any]
T = TypeVar("T")


def chosen(some: Sequence[T], every: Sequence[T]) -> Sequence[T]:
    """Return some of the reports, for there is not the time for all of every seed; `make truth` takes it."""
    return every if os.environ.get("CRMCLI_TRUTH") == "every" else some


def tables(world: World, name: str, asked: Asked, **more: Any) -> dict[str, list[Row]]:
    """Return the rows of each table of a report; all its checks hold."""
    world.clock = asked.at
    by = (asked.by,) if asked.by else ()
    asking = Asking(period=Period(asked.start, asked.end), by=by, known_at=asked.known, pipeline=asked.pipeline, **more)
    found = document(make_report(world.workspace, name, asking))
    assert all(check["ok"] for check in found["checks"])
    return {
        table["name"]: [
            dict(zip([column["key"] for column in table["columns"]], row, strict=True)) for row in table["rows"]
        ]
        for table in found["tables"]
    }


def keyed(rows: list[Row], *keys: str) -> dict[tuple[Any, ...], Row]:
    """Return rows by what their columns hold; a column without a name is left out."""
    return {tuple(row[key] for key in keys if key): row for row in rows}


def compared(found: dict[tuple[Any, ...], Row], wanted: dict[Any, Row], where: str) -> list[str]:
    """Return in what the rows differ: rows that only one side has, and figures."""
    alone = [f"{where}: the row {key} is on one side only" for key in sorted(found.keys() ^ wanted.keys(), key=str)]
    both = sorted(found.keys() & wanted.keys(), key=str)
    return alone + [one for key in both for one in differences(found[key], wanted[key], where, *key)]


def differences(found: Row, wanted: Row, *where: object) -> list[str]:
    """Return what differs of the figures that are wanted; a currency that has no column has no amount."""
    return [f"{'/'.join(map(str, where))} {key}: {found.get(key)!r} is not {value!r}" for key, value in wanted.items()
            if not _same(found.get(key), value, 0.1001 if key.endswith(("_days", "_age")) else 1e-9)]  # fmt: skip


def _same(found: Any, wanted: Any, close: float) -> bool:
    if isinstance(found, float) and isinstance(wanted, float | int):
        return abs(found - wanted) < close
    return found == wanted or (found is None and wanted == "0.00")
