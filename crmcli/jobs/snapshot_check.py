"""Stored nights against the rebuilt past: what a snapshot kept, and what the journal says was known then."""

from __future__ import annotations

from datetime import datetime

from crmcli.domain.metrics.quality import Difference, Snapshots, differences
from crmcli.jobs.snapshots import figures_now
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
            found += differences(night["day"], night["figures"], figures_now(workspace))
    return Snapshots(tuple(night["day"] for night in nights), tuple(found))
