"""Pairs of records that may be the same: stored once, with what is decided about them."""

from __future__ import annotations

from collections.abc import Iterable

from crmcli.domain.records import ENTITIES
from crmcli.store.journal import Run


def store_near_pairs(run: Run, pairs: Iterable[tuple[int, int]]) -> None:
    """Store customers that an import found alike (a phone in common, a name under another number) for review."""
    known = {(row["a_id"], row["b_id"]) for row in run.db.rows("SELECT a_id, b_id FROM pair")}
    fresh = sorted(pair for pair in set(pairs) if pair not in known)
    blank = ENTITIES["pair"].blank()
    run.insert("pair", [blank | {"a_id": a, "b_id": b, "tier": "review"} for a, b in fresh])
