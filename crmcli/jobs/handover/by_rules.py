"""Who gets what somebody leaves behind, by the rules of assignment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from crmcli.config import Settings, load_settings
from crmcli.config.parts import assignment_rules, owners, switches
from crmcli.domain.assignment.engine import assign
from crmcli.domain.assignment.model import STICKY, Cursor, Deal, Decision, Outcome, deal_fields
from crmcli.domain.handover import Heir, Place
from crmcli.domain.records import Record
from crmcli.domain.values.text import fold
from crmcli.i18n import msg
from crmcli.jobs.assigning.assign import kept_turns
from crmcli.jobs.deals.stages import open_columns
from crmcli.jobs.handover.estate import Estate
from crmcli.jobs.owners.staff import OPEN, Staff, customer_owners, present_loads, stand_ins
from crmcli.jobs.workspace import Workspace
from crmcli.store.records import fetch_where


@dataclass(frozen=True, slots=True)
class Ruled:
    """Unit -> who gets it, the decisions on deals, and where the rounds stand after them."""

    heirs: dict[Place, Heir]
    decisions: tuple[Decision, ...]
    cursor: Cursor


def heirs_by_rules(workspace: Workspace, estate: Estate, leaver: str) -> Ruled:
    """Return who gets what by the rules, with the leaver gone; a customer goes where the first of its deals goes.

    It goes to who has room for all of its open deals together, else to the fallback. Customers without an open deal,
    and leads, are no load: limits of open deals do not keep anybody from them.

    Raises:
        ConfigError: a rule or the fallback names nobody.
    """
    office = _Office.of(workspace, leaver)
    present = office.owners_of_customers(estate)
    together = _together(estate)
    deals = [_deal(estate, own, present, leaver) for own in together.values()]
    outcome = office.decide(deals, office.cursor())
    heirs: dict[Place, Heir] = {}
    decisions = []
    for decision in outcome.decisions:
        place = estate.unit_of("opportunity", estate.records["opportunity"][decision.opportunity])
        heirs[place] = _heir(decision)
        decisions += [decision, *(_along(decision, deal["id"]) for deal in together[place][1:])]
    rest = dict(enumerate((unit.place for unit in estate.units() if unit.place not in heirs), 1))
    asked = [_stand_in(estate, number, place, present, leaver) for number, place in rest.items()]
    others = office.decide(asked, outcome.cursor, limited=False)
    heirs |= {rest[decision.opportunity]: _heir(decision) for decision in others.decisions}
    return Ruled(heirs, tuple(decisions), others.cursor)


@dataclass(frozen=True, slots=True)
class _Office:
    """The rules and everybody who sells, the leaver gone."""

    workspace: Workspace
    settings: Settings
    staff: Staff
    opened: list[Record]

    @classmethod
    def of(cls, workspace: Workspace, leaver: str) -> _Office:
        stored = fetch_where(workspace.db, "owner")
        settings = load_settings(workspace.config_path, stored)
        people = owners(settings, stored)
        staying = [replace(one, active=one.active and fold(one.name) != fold(leaver)) for one in people]
        return cls(workspace, settings, Staff(staying), open_columns(workspace.db, workspace.now(), OPEN))

    def owners_of_customers(self, estate: Estate) -> dict[int, str]:
        """Return customer -> the owner that it has, apart from the deals that are handed over."""
        others = [deal for deal in self.opened if deal["id"] not in estate.records["opportunity"]]
        held = {number: customer["owner"] for number, customer in estate.customers_of.items()}
        return customer_owners(others, held, self.staff, stand_ins(self.workspace.db))

    def cursor(self) -> Cursor:
        kept = kept_turns(self.workspace.db)
        state: Cursor = kept["state"] if kept else {}
        return state

    def decide(self, deals: Sequence[Deal], cursor: Cursor, *, limited: bool = True) -> Outcome:
        today = self.workspace.now()[: len("2026-03-05")]
        crew = self.staff.owners
        if not limited:
            crew = tuple(replace(one, max_open=None, max_per_day=None, max_per_month=None) for one in crew)
        return assign(
            deals,
            rules=assignment_rules(self.settings),
            owners=crew,
            switches=replace(switches(self.settings), reassign=True, sticky=True),
            loads=present_loads(self.workspace.db, self.opened, today, self.staff),
            cursor=cursor,
            today=date.fromisoformat(today),
        )


def _together(estate: Estate) -> dict[Place, list[Record]]:
    """Return unit -> its open deals, the oldest first; a closed one follows its customer."""
    found: dict[Place, list[Record]] = {}
    for deal in estate.records["opportunity"].values():
        if deal["status"] == "open":
            found.setdefault(estate.unit_of("opportunity", deal), []).append(deal)
    for own in found.values():
        own.sort(key=lambda deal: (deal["created_at"] is None, deal["created_at"] or "", deal["id"]))
    return found


def _along(first: Decision, number: int) -> Decision:
    """Return the decision on another deal of a unit: it goes along with the first one."""
    why = msg("goes along with its customer")
    return Decision(number, first.owner, first.pool, STICKY, why, deputy_for=first.deputy_for, was=first.was)


def _heir(decision: Decision) -> Heir:
    return Heir(decision.owner, decision.pool, decision.reason, f"rule:{decision.rule}")


def _deal(estate: Estate, own: Sequence[Record], present: Mapping[int, str], leaver: str) -> Deal:
    """Return the first of a unit's open deals as rules see it, with how many go along."""
    deal = own[0]
    return Deal(
        id=deal["id"],
        fields=deal_fields(deal, estate.customers_of.get(deal["customer_id"])),
        customer=deal["customer_id"],
        customer_owner=present.get(deal["customer_id"]),
        owner=leaver,
        created_at=deal["created_at"],
        had_owner=True,
        together=len(own),
    )


def _stand_in(estate: Estate, number: int, place: Place, present: Mapping[int, str], leaver: str) -> Deal:
    """Return what stands for a customer, a lead or a task that has no open deal, for the rules are about deals."""
    kind, own = place
    customer = estate.customers_of.get(own) if kind == "customer" else None
    record = customer or estate.records[kind][own]
    return Deal(
        id=number,
        fields=deal_fields({}, _seat(kind, record)),
        customer=own if customer else None,
        customer_owner=present.get(own) if customer else None,
        owner=leaver,
        created_at=record.get("created_at"),
        had_owner=True,
    )


def _seat(kind: str, record: Record) -> Record:
    """Return what of a record says who and where the customer is."""
    if kind == "lead":
        keys = ("source", "phones", "tags")
        return {"name": record["company"] or record["name"]} | {key: record[key] for key in keys}
    return record if kind == "customer" else {}
