"""Stored nights against the rebuilt past: what a snapshot kept, and what the journal says was known then."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from crmcli.domain.metrics.quality import Counted, Difference, Snapshots, differences
from crmcli.jobs.safety.snapshots import figures_now, records_now
from crmcli.jobs.workspace import Workspace
from crmcli.store.past import as_known_at, shows_the_past
from crmcli.store.records import fetch_where

NIGHTS = 7
"""The newest nights are compared: each is rebuilt from the journal, which costs time."""


def check_snapshots(workspace: Workspace) -> Snapshots:
    """Return the newest nights that were kept and where the rebuilt past differs from them.

    None are compared while the past itself is shown (`--known-at`).
    """
    if shows_the_past(workspace.db):
        return Snapshots()
    nights = sorted(fetch_where(workspace.db, "snapshot"), key=lambda night: night["day"])[-NIGHTS:]
    found: list[Difference] = []
    for night in nights:
        with as_known_at(workspace.db, datetime.fromisoformat(night["taken_at"])):
            differing = differences(night["day"], night["figures"], figures_now(workspace))
            found += [replace(one, records=_records(workspace, one)) for one in differing]
    return Snapshots(tuple(night["day"] for night in nights), tuple(found))


def _records(workspace: Workspace, one: Difference) -> tuple[Counted, ...]:
    """Return the records of a rebuilt figure: those with an amount where it is one, those without where it says so."""
    known = {"amount_fen": True, "without_amount": False}.get(one.counted)
    counted = records_now(workspace, one.figure, one.parts)
    return tuple(Counted(number, fen) for number, fen in counted if known is None or (fen is not None) is known)
