"""What is to be done today about each open deal, and whose deal it is."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from crmcli.domain.records import Record
from crmcli.domain.reminders.model import ACTION, KEY_DATE, LEVELS, OVERDUE_CLOSE, TASK, Level, Reminder
from crmcli.domain.reminders.words import when
from crmcli.domain.values.text import fold
from crmcli.i18n import msg
from crmcli.jobs.deals.stages import open_columns
from crmcli.jobs.owners.staff import everybody
from crmcli.jobs.reminders.collect import collect_reminders
from crmcli.jobs.workspace import Workspace
from crmcli.store.records import fetch, fetch_columns

_COLUMNS = (
    *("name", "customer_id", "owner", "pool", "pipeline", "stage", "amount_fen", "currency", "expected_close"),
    *("next_action", "next_at", "note"),
)
_DATED = (ACTION, TASK, KEY_DATE, OVERDUE_CLOSE)


@dataclass(slots=True)
class Due:
    """Why a deal needs something today: the reasons in words, who hears of it at worst, its place among the others.

    `deputy` is who stands in (代管) for its owner, None where the owner is there.
    """

    place: int
    level: Level
    reasons: list[str] = field(default_factory=list)
    deputy: str | None = None


@dataclass(frozen=True, slots=True)
class OwnDeals:
    """One person's open deals, by number, and those of them that need something today."""

    owner: str
    deals: list[Record]
    due: dict[int, Due]

    @property
    def today(self) -> list[Record]:
        """Return the deals that need something, the gravest first."""
        return sorted((deal for deal in self.deals if deal["id"] in self.due), key=lambda d: self.due[d["id"]].place)


def own_deals(workspace: Workspace) -> list[OwnDeals]:
    """Return everybody's open deals by name, and what needs something of those whom they stand in for.

    Those without an owner, or with a pool's name as one, are in nobody's list.
    """
    due, staff = _due_of(workspace), everybody(workspace)
    by_owner: dict[str, OwnDeals] = {}

    def list_of(person: str) -> OwnDeals:
        return by_owner.setdefault(fold(person), OwnDeals(person, [], dict(due)))

    for deal in open_columns(workspace.db, workspace.now(), _COLUMNS):
        owner, own_due = staff.person(deal["owner"]), due.get(deal["id"])
        if owner:
            list_of(owner).deals.append(deal)
        if owner and own_due and own_due.deputy:
            deputys = list_of(own_due.deputy)
            deputys.deals.append(deal)
            words = str(msg("stands in (代管) for {owner}", owner=owner))
            deputys.due[deal["id"]] = replace(own_due, reasons=[words, *own_due.reasons])
    return sorted(by_owner.values(), key=lambda own: own.owner)


def _due_of(workspace: Workspace) -> dict[int, Due]:
    """Return deal -> why it needs something; a task about a deal is a reason where the deal's owner has it."""
    tasks = _deals_of_tasks(workspace)
    found: dict[int, Due] = {}
    for place, item in enumerate(collect_reminders(workspace).items):
        number = item.finding.id
        if item.finding.entity == "task":
            number, owner = tasks.get(number, (0, ""))
            if fold(owner) != fold(item.finding.owner or ""):
                continue
        elif item.finding.entity != "opportunity":
            continue
        due = found.setdefault(number, Due(place, item.level, deputy=item.deputy))
        due.level = max(due.level, item.level, key=LEVELS.index)
        due.reasons.append(_reason(item))
    return found


def _deals_of_tasks(workspace: Workspace) -> dict[int, tuple[int, str]]:
    """Return open task -> the deal that it is about, and who has the deal."""
    about = "done_at IS NULL AND due IS NOT NULL AND opportunity_id IS NOT NULL"
    tasks = fetch_columns(workspace.db, "task", ("opportunity_id",), about)
    deals = fetch(workspace.db, "opportunity", [task["opportunity_id"] for task in tasks])
    known = {number: deal["owner"] or "" for number, deal in deals.items()}
    return {t["id"]: (t["opportunity_id"], known[t["opportunity_id"]]) for t in tasks if t["opportunity_id"] in known}


def _reason(item: Reminder) -> str:
    found = item.finding
    if found.kind == TASK:
        return str(msg("task: {title} ({when})", title=found.name, when=when(item.days)))
    return str(msg("{why} ({when})", why=found.why, when=when(item.days)) if found.kind in _DATED else found.why)
