"""A lead becomes a customer, a contact and an opportunity; nothing that it holds is typed twice."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from crmcli.domain.leads import QUALIFIED, LeadParts, is_open, parts_of
from crmcli.domain.records import Record, record_number
from crmcli.domain.values.phone import is_mobile
from crmcli.domain.values.text import fold
from crmcli.errors import CrmError
from crmcli.i18n import Message, msg
from crmcli.jobs.deals.first_stage import enter_first_stage, with_currency
from crmcli.jobs.deals.pipeline import pipeline_of_new
from crmcli.jobs.leads.decided import LeadDecided
from crmcli.jobs.leads.extra_columns import columns_of_extra
from crmcli.jobs.leads.joining import Joined, join, look_for, make
from crmcli.jobs.owners.holding import hold
from crmcli.jobs.records.editing import typed_columns
from crmcli.jobs.records.listing import show_records
from crmcli.jobs.records.lookup import EXACT, look_up
from crmcli.jobs.records.pairs import store_near_pairs
from crmcli.jobs.records.refs import find_record
from crmcli.jobs.vocabulary import owner_names, pipelines
from crmcli.jobs.workspace import Workspace
from crmcli.store.journal import Run, open_run
from crmcli.store.records import fetch, fetch_where, find_by_keys

_ALIKE = 75.0  # 0-100: below that a name is only somewhat alike
_DAY = len("2026-03-05")


class LeadUnclear(CrmError):
    """A lead from which no single customer follows."""

    code = "lead.unclear"

    def __init__(self, lead: str, reason: Message) -> None:
        super().__init__(reason, where=lead, hint=msg("crmcli lead qualify {lead} --customer C12", lead=lead))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody says beside the lead, as typed: "" where nothing. `customer` is a reference to one that is there.

    `opportunity` is a name, or the number of one that is there.
    """

    customer: str = ""
    opportunity: str = ""
    amount: str = ""
    owner: str = ""
    has_opportunity: bool = True


@dataclass(slots=True)
class _Qualifying:
    """A lead on its way: the run, what the lead holds, and what should be told."""

    workspace: Workspace
    run: Run
    lead: Record
    wanted: Wanted
    parts: LeadParts
    owner: str | None
    near: set[tuple[int, int]] = field(default_factory=set)
    alike: list[dict[str, Any]] = field(default_factory=list)
    notes: list[Message] = field(default_factory=list)

    @property
    def number(self) -> str:
        return record_number("lead", self.lead["id"])


def qualify_lead(workspace: Workspace, ref: str, wanted: Wanted, *, dry_run: bool = False) -> dict[str, Any]:
    """Return `run`, the `lead`, its `customer`, `contact` and `opportunity` (None where there is none).

    Beside them how many `follow_ups` moved along, the customers that are called or reached `alike`, and `notes`.

    Raises:
        LeadDecided: it is qualified or disqualified already.
        LeadUnclear: it names neither a company nor a person, or its keys mean several customers.
        CrmError: a reference finds nothing or several, a value cannot be read.
    """
    number = find_record(workspace.db, ref, ("lead",))[1]
    lead = fetch(workspace.db, "lead", [number])[number]
    if not is_open(lead):
        raise LeadDecided(lead)
    with open_run(workspace.db, workspace.start("qualify", dry_run=dry_run)) as run:
        going = _start(workspace, run, lead, wanted)
        customer = _customer(going)
        contact = _contact(going, customer)
        deal = _opportunity(going, customer) if wanted.has_opportunity else None
        moved = _move_follow_ups(going, customer, contact, deal)
        after = _decide(going, customer, contact, deal)
        store_near_pairs(run, going.near)
        run.counts.update({"follow_ups": moved})
        return {
            "run": run.shown_id,
            "lead": show_records(run.db, "lead", [after])[0],
            "customer": customer.shown(),
            "contact": contact.shown() if contact else None,
            "opportunity": deal.shown() if deal else None,
            "follow_ups": moved,
            "alike": going.alike,
            "notes": [str(note) for note in going.notes],
        }


def _start(workspace: Workspace, run: Run, lead: Record, wanted: Wanted) -> _Qualifying:
    parts = parts_of(lead)
    columns, left = columns_of_extra(lead["extra"], workspace.zone)
    contact = columns["contact"] | parts.contact if parts.contact else {}
    deal = columns["opportunity"] | parts.opportunity
    customer = columns["customer"] | parts.customer
    if wanted.has_opportunity:
        deal["extra"] = left
    else:
        customer |= {"extra": left} | ({"note": deal["note"]} if "note" in deal else {})
    owner = wanted.owner or lead["owner"]
    known = owner_names(workspace)
    name = known.get(fold(owner), owner) if owner else None
    return _Qualifying(workspace, run, lead, wanted, LeadParts(customer, contact, deal, parts.company), name)


def _customer(going: _Qualifying) -> Joined:
    number = _customer_meant(going)
    if number is None:
        made = make(going.run, "customer", going.parts.customer)
        _note_alike(going, made)
        return _hold(going, made)
    joined = join(going.run, "customer", number, {k: v for k, v in going.parts.customer.items() if k != "name"})
    going.near.discard((number, number))
    return _hold(going, joined)


def _customer_meant(going: _Qualifying) -> int | None:
    """Return the customer that a lead belongs to: the one said, else by the keys of imports; None: a new one."""
    db, parts = going.workspace.db, going.parts
    if going.wanted.customer:
        return find_record(db, going.wanted.customer, ("customer",))[1]
    if not parts.customer.get("name"):
        raise LeadUnclear(going.number, msg("it names neither a company nor a person"))
    homes = _homes_of_contact(going)
    if not parts.company:
        return next(iter(homes), None)
    verdict = look_for(going.workspace, going.run, "customer", parts.customer)
    if len(verdict.ids) > 1:
        names = [record_number("customer", number) for number in verdict.ids]
        raise LeadUnclear(going.number, msg("it may be of any of {customers}", customers=names))
    going.alike += [_told(db, number, None) for number in {*verdict.near, *homes} - {*verdict.ids}]
    return next(iter(verdict.ids), None)


def _homes_of_contact(going: _Qualifying) -> list[int]:
    """Return the customers of the contacts under the lead's mobiles."""
    keys = [("mobile", phone) for phone in going.lead["phones"] if is_mobile(phone)]
    found = [number for ids in find_by_keys(going.workspace.db, "contact", keys).values() for number in ids]
    contacts = fetch(going.workspace.db, "contact", found)
    return sorted({one["customer_id"] for one in contacts.values() if one["customer_id"]})


def _note_alike(going: _Qualifying, made: Joined) -> None:
    """Tell which customers are called like the new one, and note the pairs for review."""
    found = look_up(going.workspace, made.record["name"] or "").found
    told = {one["id"] for one in going.alike} | {record_number("customer", made.id)}
    going.alike += [
        {"id": known.id, "name": known.name, "owner": known.owner, "score": known.score}
        for known in found
        if known.kind == "customer" and known.id not in told and (known.score >= _ALIKE or known.match == EXACT)
    ]
    others = [int(str(one["id"])[1:]) for one in going.alike]
    going.near |= {(min(made.id, other), max(made.id, other)) for other in others}


def _told(db: Any, number: int, score: float | None) -> dict[str, Any]:
    customer = fetch(db, "customer", [number])[number]
    shown = {"id": record_number("customer", number), "name": customer["name"], "owner": customer["owner"]}
    return shown | {"score": score}


def _hold(going: _Qualifying, customer: Joined) -> Joined:
    """Give a customer that nobody has to the lead's owner; one that somebody else has stays theirs, and it is told."""
    present = customer.record
    who = going.owner
    if present["owner"]:
        if who and fold(present["owner"]) != fold(who):
            words = msg(
                "{customer} is {owner}'s", customer=record_number("customer", customer.id), owner=present["owner"]
            )
            going.notes.append(words)
        going.owner = who or present["owner"]
        return customer
    if present["pool"] and who:
        words = msg("{customer} is in {pool}: claim it there", customer=present["name"], pool=present["pool"])
        going.notes.append(words)
        return customer
    reason = msg("lead {lead} was qualified", lead=going.number)
    after = hold(going.run, present, who, present["pool"], by=going.workspace.actor, kind="qualify", reason=reason)
    return Joined("customer", after, customer.made)


def _contact(going: _Qualifying, customer: Joined) -> Joined | None:
    columns = going.parts.contact
    if not columns:
        return None
    columns = columns | {"customer_id": customer.id}
    found = look_for(going.workspace, going.run, "contact", columns).ids
    at_home = [number for number in found if _home(going, number) in (None, customer.id)]
    if not at_home:
        return make(going.run, "contact", columns | {"owner": going.owner})
    if len(at_home) > 1:
        numbers = [record_number("contact", number) for number in at_home]
        going.notes.append(msg("{contacts} may be one person; it went to the first", contacts=numbers))
    return join(going.run, "contact", at_home[0], columns)


def _home(going: _Qualifying, contact: int) -> int | None:
    home: int | None = fetch(going.run.db, "contact", [contact])[contact]["customer_id"]
    return home


def _opportunity(going: _Qualifying, customer: Joined) -> Joined:
    said = going.wanted
    columns = dict(going.parts.opportunity) | {"customer_id": customer.id}
    if said.amount:
        columns |= typed_columns(going.workspace, "opportunity", "amount", said.amount, 0)
    named = said.opportunity or customer.record["name"]
    present = _open_deal(going, customer, named)
    if present is not None:
        return join(going.run, "opportunity", present, columns)
    owned = {"owner": going.owner, "owner_by": "person" if going.owner else None}
    columns |= {"name": named, "status": "open", "created_at": going.run.started} | owned
    columns["pipeline"] = pipeline_of_new(pipelines(going.workspace), columns, customer.record)
    made = make(going.run, "opportunity", with_currency(going.workspace, columns))
    if note := enter_first_stage(going.workspace, going.run, made.record):
        going.notes.append(note)
    return Joined("opportunity", fetch(going.run.db, "opportunity", [made.id])[made.id], made=True)


def _open_deal(going: _Qualifying, customer: Joined, named: str) -> int | None:
    """Return the open deal of the customer that is called so, or has that number."""
    db = going.run.db
    deals = fetch_where(db, "opportunity", "customer_id = ? AND status = 'open'", (customer.id,))
    for deal in deals:
        if fold(deal["name"] or "") == fold(named) or record_number("opportunity", deal["id"]) == named.upper():
            return int(deal["id"])
    return None


def _move_follow_ups(going: _Qualifying, customer: Joined, contact: Joined | None, deal: Joined | None) -> int:
    """Return how many follow-ups of the lead now belong to what it became; its last plan is the deal's next step."""
    links = {"customer_id": customer.id, "contact_id": contact and contact.id, "opportunity_id": deal and deal.id}
    noted = fetch_where(going.run.db, "activity", "lead_id = ?", (going.lead["id"],))
    for activity in noted:
        going.run.update("activity", activity, links)
    plans = [one for one in noted if one["next_at"] and one["next_at"][:_DAY] >= going.run.started[:_DAY]]
    if deal and plans and not deal.record["next_at"]:
        last = max(plans, key=lambda one: (one["at"] or "", one["id"]))
        present = fetch(going.run.db, "opportunity", [deal.id])[deal.id]
        going.run.update("opportunity", present, {key: last[key] for key in ("next_action", "next_at")})
    return len(noted)


def _decide(going: _Qualifying, customer: Joined, contact: Joined | None, deal: Joined | None) -> Record:
    changes: Record = {"status": QUALIFIED, "reason": None}
    changes |= {"decided_at": going.run.started, "decided_by": going.workspace.actor}
    changes |= {"customer_id": customer.id, "contact_id": contact and contact.id, "opportunity_id": deal and deal.id}
    return going.run.update("lead", going.lead, changes)
