"""Giving open opportunities their owners by rule, with a reason for each."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from crmcli.config import load_settings
from crmcli.config.parts import assignment_rules, owners, switches
from crmcli.domain.assignment.engine import assign
from crmcli.domain.assignment.model import Cursor, Deal, Decision, Loads, Outcome, Owner, deal_fields
from crmcli.domain.records import ENTITIES, Record
from crmcli.domain.values.text import fold
from crmcli.i18n import Message, msg
from crmcli.jobs.deal_owner import Giving, give_deals
from crmcli.jobs.stages import open_deals
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

    A deal that has an owner is decided anew only on `reassign`, and never where nobody knows that owner.

    Raises:
        ConfigError: a rule or the fallback names nobody.
        CrmError: the database cannot be written.
    """
    with open_run(workspace.db, workspace.start("assign", dry_run=dry_run)) as run:
        outcome, unknown = decide(workspace, reassign=reassign)
        _write(run, outcome)
        _write_cursor(run, outcome.cursor)
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
    staff = _Staff(owners(settings, stored))
    opened = open_deals(workspace.db, workspace.now())
    unknown = {deal["owner"] for deal in opened if deal["owner"] and not staff.knows(deal["owner"])}
    wanted = [deal for deal in opened if not deal["owner"] or (ways.reassign and deal["owner"] not in unknown)]
    decided = {deal["id"] for deal in wanted}
    outcome = assign(
        _deals(workspace.db, wanted, [deal for deal in opened if deal["id"] not in decided], staff),
        rules=assignment_rules(settings),
        owners=staff.owners,
        switches=ways,
        loads=_loads(workspace.db, opened, workspace.now()[:10], staff),
        cursor=(_cursor(workspace.db) or {"state": {}})["state"],
        today=date.fromisoformat(workspace.now()[:10]),
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


class _Staff:
    """Everybody who sells, found by name however it is written."""

    def __init__(self, people: tuple[Owner, ...]) -> None:
        self.owners = people
        self._by_name = {fold(owner.name): owner for owner in reversed(people)}

    def knows(self, name: str) -> bool:
        return fold(name) in self._by_name

    def is_active(self, name: str) -> bool:
        return self.knows(name) and self._by_name[fold(name)].active

    def named(self, name: str) -> str:
        """Return a name as the list of owners has it."""
        return self._by_name[fold(name)].name if self.knows(name) else name


def _deals(db: Database, wanted: list[Record], others: list[Record], staff: _Staff) -> list[Deal]:
    """Return the wanted deals as rules see them; `others` are the open deals whose owners are not in question."""
    customers = fetch(db, "customer", {deal["customer_id"] for deal in wanted if deal["customer_id"]})
    owned = set(db.values("SELECT DISTINCT opportunity_id FROM event WHERE field = 'owner'"))
    present = _present_owners(others, customers, staff)
    return [
        Deal(
            id=deal["id"],
            fields=deal_fields(deal, customers.get(deal["customer_id"])),
            customer=deal["customer_id"],
            customer_owner=present.get(deal["customer_id"]),
            owner=staff.named(deal["owner"]) if deal["owner"] else None,
            created_at=deal["created_at"],
            had_owner=bool(deal["owner"]) or deal["id"] in owned,
        )
        for deal in wanted
    ]


def _present_owners(others: list[Record], customers: dict[int, Record], staff: _Staff) -> dict[int, str]:
    """Return customer -> the owner it has: its own or its newest open deal's, one who is active before others."""
    oldest_first = sorted(others, key=lambda deal: (deal["created_at"] or "", deal["id"]))
    held = [(deal["customer_id"], deal["owner"]) for deal in oldest_first if deal["owner"]]
    held += [(number, record["owner"]) for number, record in customers.items() if record["owner"]]
    held.sort(key=lambda pair: staff.is_active(pair[1]))
    return dict(held)


def _loads(db: Database, opened: list[Record], today: str, staff: _Staff) -> Loads:
    given = db.rows(
        "SELECT owner, substr(decided_at, 1, 10) AS day FROM assignment WHERE owner IS NOT NULL AND decided_at >= ?",
        (f"{today[:7]}-01",),
    )
    return Loads(
        open=Counter(staff.named(deal["owner"]) for deal in opened if deal["owner"]),
        today=Counter(staff.named(row["owner"]) for row in given if row["day"] == today),
        this_month=Counter(staff.named(row["owner"]) for row in given if row["day"][:7] == today[:7]),
    )


def _cursor(db: Database) -> Record | None:
    return next(iter(fetch_where(db, "cursor", "name = ?", (_CURSOR,))), None)


def _write_cursor(run: Run, state: Cursor) -> None:
    present = _cursor(run.db)
    if present is not None:
        run.update("cursor", present, {"state": state})
    elif state:
        run.insert("cursor", [{"name": _CURSOR, "state": state}])


def _write(run: Run, outcome: Outcome) -> None:
    deals = fetch(run.db, "opportunity", [decision.opportunity for decision in outcome.decisions])
    givings = [(d, Giving(deals[d.opportunity], d.owner, d.pool, f"rule:{d.rule}")) for d in outcome.decisions]
    run.insert("assignment", [_assignment(run, decision) for decision, giving in givings if giving.changes])
    give_deals(run, [giving for _, giving in givings])


def _assignment(run: Run, decision: Decision) -> Record:
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
