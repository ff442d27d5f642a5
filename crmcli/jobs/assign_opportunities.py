"""Giving open opportunities their owners by rule, with a reason for each."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from crmcli.config import load_settings
from crmcli.config.parts import assignment_rules, owners, switches
from crmcli.domain.assignment.engine import assign
from crmcli.domain.assignment.model import Cursor, Deal, Decision, Loads, Outcome, deal_fields
from crmcli.domain.records import ENTITIES, Record
from crmcli.domain.values.text import fold
from crmcli.i18n import Message
from crmcli.jobs.workspace import Workspace
from crmcli.store.database import Database
from crmcli.store.journal import Run, open_run
from crmcli.store.records import fetch, fetch_where

_CURSOR = "assign"


@dataclass(frozen=True, slots=True)
class Assignment:
    """What a run of assignment did: its decisions, who got how many, and what should be known beside."""

    run: str | None
    decisions: tuple[Decision, ...]
    by_owner: dict[str, int]
    unknown_owners: tuple[str, ...]
    notes: tuple[Message, ...]

    @property
    def unassigned(self) -> int:
        """Return how many of the considered deals have no owner; one in a pool has none."""
        return sum(decision.owner is None for decision in self.decisions)


def assign_opportunities(workspace: Workspace, *, reassign: bool = False, dry_run: bool = False) -> Assignment:
    """Return who got which open deal; the round's cursor is part of the run, so undo brings it back.

    Raises:
        ConfigError: a rule or the fallback names nobody.
        CrmError: the database cannot be written.
    """
    with open_run(workspace.db, workspace.start("assign", dry_run=dry_run)) as run:
        cursor_record, cursor = _cursor(workspace.db)
        outcome, unknown = decide(workspace, cursor, reassign=reassign)
        _write(run, outcome)
        _write_cursor(run, cursor_record, outcome.cursor)
        result = Assignment(run.shown_id, outcome.decisions, outcome.by_owner, unknown, outcome.notes)
        run.counts.update({"considered": len(result.decisions), "unassigned": result.unassigned})
    return result


def decide(workspace: Workspace, cursor: Cursor, *, reassign: bool) -> tuple[Outcome, tuple[str, ...]]:
    """Return what the rules would decide now, and the owners of deals whom nobody knows.

    Raises:
        ConfigError: a rule or the fallback names nobody.
    """
    stored = fetch_where(workspace.db, "owner")
    settings = load_settings(workspace.config_path, stored)
    rules, ways = assignment_rules(settings), switches(settings)
    if reassign:
        ways = replace(ways, reassign=True)
    staff = owners(settings, stored)
    opened = fetch_where(workspace.db, "opportunity", "status = 'open'")
    deals = [deal for deal in _deals(workspace.db, opened) if ways.reassign or not deal.owner]
    loads = _loads(workspace.db, opened, workspace.now()[:10])
    today = date.fromisoformat(workspace.now()[:10])
    outcome = assign(deals, rules=rules, owners=staff, switches=ways, loads=loads, cursor=cursor, today=today)
    known = {fold(owner.name) for owner in staff}
    unknown = {deal["owner"] for deal in opened if deal["owner"] and fold(deal["owner"]) not in known}
    return outcome, tuple(sorted(unknown))


def _deals(db: Database, opened: list[Record]) -> list[Deal]:
    customers = fetch(db, "customer", {deal["customer_id"] for deal in opened if deal["customer_id"]})
    owned = set(db.values("SELECT DISTINCT opportunity_id FROM event WHERE field = 'owner'"))
    present = _present_owners(opened, customers)
    return [
        Deal(
            id=deal["id"],
            fields=deal_fields(deal, customers.get(deal["customer_id"])),
            customer=deal["customer_id"],
            customer_owner=present.get(deal["customer_id"]),
            owner=deal["owner"],
            created_at=deal["created_at"],
            had_owner=bool(deal["owner"]) or deal["id"] in owned,
        )
        for deal in opened
    ]


def _present_owners(opened: list[Record], customers: dict[int, Record]) -> dict[int, str]:
    """Return customer -> the owner it has: its own, else that of its newest open deal."""
    newest = sorted(opened, key=lambda deal: (deal["created_at"] or "", deal["id"]))
    by_deal = {deal["customer_id"]: deal["owner"] for deal in newest if deal["customer_id"] and deal["owner"]}
    return by_deal | {number: record["owner"] for number, record in customers.items() if record["owner"]}


def _loads(db: Database, opened: list[Record], today: str) -> Loads:
    given = db.rows(
        "SELECT owner, substr(decided_at, 1, 10) AS day FROM assignment WHERE owner IS NOT NULL AND decided_at >= ?",
        (f"{today[:7]}-01",),
    )
    return Loads(
        open=Counter(deal["owner"] for deal in opened if deal["owner"]),
        today=Counter(row["owner"] for row in given if row["day"] == today),
        this_month=Counter(row["owner"] for row in given if row["day"][:7] == today[:7]),
    )


def _cursor(db: Database) -> tuple[Record | None, Cursor]:
    records = fetch_where(db, "cursor", "name = ?", (_CURSOR,))
    return (records[0], records[0]["state"]) if records else (None, {})


def _write_cursor(run: Run, present: Record | None, state: Cursor) -> None:
    if present is not None:
        run.update("cursor", present, {"state": state})
    elif state:
        run.insert("cursor", [{"name": _CURSOR, "state": state}])


def _write(run: Run, outcome: Outcome) -> None:
    deals = fetch(run.db, "opportunity", [decision.opportunity for decision in outcome.decisions])
    changed = [d for d in outcome.decisions if _differs(deals[d.opportunity], d)]
    run.insert("assignment", [_assignment(run, decision) for decision in changed])
    moved = [d for d in changed if d.owner != deals[d.opportunity]["owner"]]
    run.insert("event", [_event(run, deals[d.opportunity], d) for d in moved])
    for decision in changed:
        owned = {"owner": decision.owner, "owner_by": "rule"} if decision.owner else {"owner": None, "owner_by": None}
        run.update("opportunity", deals[decision.opportunity], owned | {"pool": decision.pool})


def _differs(deal: Record, decision: Decision) -> bool:
    return bool((deal["owner"], deal["pool"]) != (decision.owner, decision.pool))


def _assignment(run: Run, decision: Decision) -> Record:
    skipped = [{"owner": skip.name, "why": _plain(skip.why)} for skip in (*decision.passed, *decision.skipped)]
    return ENTITIES["assignment"].blank() | {
        "opportunity_id": decision.opportunity,
        "owner": decision.owner,
        "pool": decision.pool,
        "rule": decision.rule,
        "reason": _plain(decision.reason),
        "decided_at": run.started,
        "skipped": skipped,
    }


def _plain(message: Message) -> dict[str, Any]:
    """Return a message as data, to be put into words in the reader's language."""
    return {"text": message.text, "args": {key: _argument(value) for key, value in message.args.items()}}


def _argument(value: Any) -> Any:
    return _plain(value) if isinstance(value, Message) else value if isinstance(value, int | float) else str(value)


def _event(run: Run, deal: Record, decision: Decision) -> Record:
    return ENTITIES["event"].blank() | {
        "opportunity_id": deal["id"],
        "field": "owner",
        "at": run.started,
        "recorded": run.started,
        "from_value": deal["owner"],
        "value": decision.owner,
        "by": f"rule:{decision.rule}",
        "inferred": 0,
    }
