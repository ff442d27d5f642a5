"""Giving open opportunities their owners by rule, with a reason for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from crmcli.config import load_settings
from crmcli.config.parts import assignment_rules, owners, switches
from crmcli.domain.assignment.engine import assign
from crmcli.domain.assignment.model import Cursor, Deal, Decision, Late, Outcome, deal_fields
from crmcli.domain.records import ENTITIES, Record
from crmcli.i18n import Message, msg
from crmcli.jobs.assigning.first_contact import late_deals
from crmcli.jobs.deals.owner import STANDS_IN, Giving, give_deals
from crmcli.jobs.deals.stages import open_columns
from crmcli.jobs.owners.staff import OPEN, Staff, customer_owners, present_loads, stand_ins
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

    A deal that has an owner is decided anew only on `reassign`, and never where nobody knows that owner; or where a
    rule gave it and nobody contacted it in time.

    Raises:
        ConfigError: a rule or the fallback names nobody.
        CrmError: the database cannot be written.
    """
    with open_run(workspace.db, workspace.start("assign", dry_run=dry_run)) as run:
        outcome, unknown = decide(workspace, reassign=reassign)
        _write(run, outcome)
        keep_turns(run, outcome.cursor)
        result = Assignment(run.shown_id, outcome.decisions, outcome.by_owner, unknown, outcome.notes)
        run.counts.update({"considered": len(result.decisions), "unassigned": result.unassigned})
    return result


def decide(workspace: Workspace, *, reassign: bool = False) -> tuple[Outcome, tuple[str, ...]]:
    """Return what the rules decide now, and the owners of open deals whom nobody knows.

    Raises:
        ConfigError: a rule or the fallback names nobody.
    """
    stored = fetch_where(workspace.db, "owner")
    settings = load_settings(workspace.config_path, stored)
    ways = switches(settings)
    ways = replace(ways, reassign=ways.reassign or reassign)
    staff, now = Staff(owners(settings, stored), (pool.name for pool in settings.pools)), workspace.now()
    opened = [deal | {"owner": staff.person(deal["owner"])} for deal in open_columns(workspace.db, now, OPEN)]
    unknown = {name for name in {deal["owner"] for deal in opened if deal["owner"]} if not staff.knows(name)}
    late = late_deals(workspace.db, opened, staff, ways, now, workspace.zone)
    wanted = {
        deal["id"]
        for deal in opened
        if not deal["owner"] or deal["id"] in late or (ways.reassign and deal["owner"] not in unknown)
    }
    outcome = assign(
        _deals(workspace.db, wanted, [deal for deal in opened if deal["id"] not in wanted], staff, late),
        rules=assignment_rules(settings),
        owners=staff.owners,
        switches=ways,
        loads=present_loads(workspace.db, opened, now[:10], staff),
        cursor=(kept_turns(workspace.db) or {"state": {}})["state"],
        today=date.fromisoformat(now[:10]),
    )
    if not settings.assign.rule:
        outcome = replace(outcome, notes=(*outcome.notes, _no_rules(ways.fallback)))
    return outcome, tuple(sorted(unknown))


def _no_rules(fallback: str) -> Message:
    return msg(
        "crm.toml has no assignment rules yet (write them as [[assign.rule]]): what does not stay with its customer's"
        " owner goes to {fallback}",
        fallback=fallback,
    )


def _deals(db: Database, wanted: set[int], others: list[Record], staff: Staff, late: Mapping[int, Late]) -> list[Deal]:
    """Return the wanted deals as rules see them; `others` are the open deals whose owners are not in question."""
    deals = fetch(db, "opportunity", wanted)
    customers = fetch(db, "customer", {deal["customer_id"] for deal in deals.values() if deal["customer_id"]})
    owned = set(db.values("SELECT DISTINCT opportunity_id FROM event WHERE field = 'owner'"))
    held = {number: staff.person(customer["owner"]) for number, customer in customers.items()}
    about = [deal for deal in others if deal["customer_id"] in customers]
    present = customer_owners(about, held, staff, stand_ins(db))
    return [
        Deal(
            id=deal["id"],
            fields=deal_fields(deal, customers.get(deal["customer_id"])),
            customer=deal["customer_id"],
            customer_owner=present.get(deal["customer_id"]),
            owner=staff.person(deal["owner"]),
            created_at=deal["created_at"],
            had_owner=bool(deal["owner"]) or deal["id"] in owned,
            late=late.get(deal["id"]),
        )
        for deal in deals.values()
    ]


def kept_turns(db: Database) -> Record | None:
    """Return the cursor record of the rounds, its `state` by rule; None before the first one."""
    return next(iter(fetch_where(db, "cursor", "name = ?", (_CURSOR,))), None)


def keep_turns(run: Run, state: Cursor) -> None:
    """Write where the rounds stand, as part of the run."""
    present = kept_turns(run.db)
    if present is not None:
        run.update("cursor", present, {"state": state})
    elif state:
        run.insert("cursor", [{"name": _CURSOR, "state": state}])


def _write(run: Run, outcome: Outcome) -> None:
    deals = fetch(run.db, "opportunity", [decision.opportunity for decision in outcome.decisions])
    givings = [(decision, _giving(decision, deals[decision.opportunity])) for decision in outcome.decisions]
    run.insert("assignment", [decision_record(run, decision) for decision, giving in givings if giving.changes])
    give_deals(run, [giving for _, giving in givings])


def _giving(decision: Decision, deal: Record) -> Giving:
    by, stood_in = f"rule:{decision.rule}", decision.deputy_for
    reason = f"{STANDS_IN} {stood_in}" if stood_in else None
    return Giving(deal, decision.owner, decision.pool, by, reason=reason, deputy_for=stood_in)


def decision_record(run: Run, decision: Decision) -> Record:
    """Return what is kept of a decision of the rules."""
    skipped = [{"rule": skip.name, "why": _plain(skip.why)} for skip in decision.passed]
    skipped += [{"owner": skip.name, "why": _plain(skip.why)} for skip in decision.skipped]
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
    if isinstance(value, Message):
        return _plain(value)
    if isinstance(value, list | tuple):
        return [_argument(item) for item in value]
    return value if isinstance(value, int | float) else str(value)
