"""Somebody leaves: customers, contacts, leads, open deals and tasks go to others; nothing else about them changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from crmcli.config.parts import owners
from crmcli.domain.assignment.model import Decision
from crmcli.domain.handover import Heir, Item, Place, open_fen, share_out
from crmcli.domain.records import Record
from crmcli.domain.values.text import fold
from crmcli.errors import CrmError, ExitCode
from crmcli.i18n import Message, msg
from crmcli.jobs.assigning.assign import decision_record, keep_turns
from crmcli.jobs.deals.owner import Giving, give_deals
from crmcli.jobs.deals.stages import open_columns
from crmcli.jobs.handover.by_rules import heirs_by_rules
from crmcli.jobs.handover.estate import OWNED, Estate, estate_of
from crmcli.jobs.handover.items import items_of
from crmcli.jobs.owners.holding import Handing, hold_all
from crmcli.jobs.owners.staff import Staff
from crmcli.jobs.workspace import Workspace
from crmcli.store.journal import Run, open_run
from crmcli.store.records import fetch, fetch_where

RULES = "rules"
_REASON = "交接"  # what the history of a deal says of why its owner changed


class NoHeir(CrmError):
    """Nobody can take over who was named."""

    code = "handover.to"
    exit_code = ExitCode.USAGE

    def __init__(self, name: str, reason: Message) -> None:
        super().__init__(reason, where=name, hint=msg("crmcli owner list; or --to rules"))


class UnknownLeaver(CrmError):
    """Nobody of that name sells or has anything."""

    code = "handover.from"

    def __init__(self, name: str) -> None:
        super().__init__(msg("{name} is no owner and has nothing", name=name), hint=msg("crmcli owner list"))


class HandoverUnbalanced(CrmError):
    """What was handed over is not what was there before: nothing is written."""

    code = "handover.unbalanced"

    def __init__(self, kind: str) -> None:
        words = msg("{kind}: what is there after is not what was there before", kind=kind)
        super().__init__(words, hint=msg("This is a fault of crmcli or of a damaged database: run crmcli doctor"))


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What went to whom. `fen` are the amounts of the open deals by currency; `notes` what is left to do."""

    run: str | None
    leaver: str
    to: tuple[str, ...]
    items: tuple[Item, ...]
    notes: tuple[Message, ...]
    fen: Mapping[str, int] = field(default_factory=dict)

    def count(self, kind: str) -> int:
        """Return how many records of a kind were handed over."""
        return sum(item.kind == kind for item in self.items)

    @property
    def unplaced(self) -> tuple[Item, ...]:
        """Return the records that nobody has now: in a pool, or nowhere."""
        return tuple(item for item in self.items if item.heir.owner is None and item.kind != "plan")


def hand_over(
    workspace: Workspace,
    leaver: str,
    to: Sequence[str],
    *,
    closed: bool = False,
    keep_active: bool = False,
    dry_run: bool = False,
) -> HandedOver:
    """Return what of somebody's went to whom; `to` are names, among whom customers are shared evenly, or ("rules",).

    Closed deals and leads keep their owner unless `closed`. Stage, amount and follow-ups are not touched.

    Raises:
        UnknownLeaver: nobody of that name sells or has anything.
        NoHeir: a receiver is unknown, has left, or is the leaver.
        ConfigError: a rule names nobody.
    """
    staff = Staff(owners(workspace.settings, fetch_where(workspace.db, "owner")))
    name = staff.named(leaver)
    heirs_named = () if tuple(to) == (RULES,) else tuple(dict.fromkeys(_heir_named(staff, name, one) for one in to))
    with open_run(workspace.db, workspace.start("handover", dry_run=dry_run)) as run:
        estate = estate_of(workspace, leaver, closed=closed)
        if not staff.knows(leaver) and not estate.names:
            raise UnknownLeaver(leaver)
        name = name if staff.knows(leaver) else estate.names[0]
        heirs, decisions = _heirs(workspace, run, estate, name, heirs_named)
        items = items_of(estate, heirs, workspace.settings.workspace.currency)
        _write(workspace, run, estate, heirs, decisions, name)
        notes = (*_overfull(workspace, staff, items), *_retire(workspace, run, staff, name, keep_active=keep_active))
        _check(run, estate, items)
        home = workspace.settings.workspace.currency
        fen = {home: 0} | open_fen(items, home)
        done = HandedOver(run.shown_id, name, heirs_named or (RULES,), items, notes, fen)
        run.counts.update({"customers": done.count("customer"), "unassigned": len(done.unplaced)})
    return done


def _heir_named(staff: Staff, leaver: str, text: str) -> str:
    if fold(text) == fold(leaver):
        raise NoHeir(text, msg("nobody hands over to themselves"))
    if staff.owners and not staff.knows(text):
        raise NoHeir(text, msg("nobody of that name is in crm.toml or the owner table"))
    if staff.knows(text) and not staff.is_active(text):
        raise NoHeir(text, msg("{name} left the company", name=text))
    return staff.named(text)


def _heirs(
    workspace: Workspace, run: Run, estate: Estate, leaver: str, named: Sequence[str]
) -> tuple[dict[Place, Heir], tuple[Decision, ...]]:
    """Return unit -> who gets it, and the decisions of rules where they decided."""
    if not named:
        ruled = heirs_by_rules(workspace, estate, leaver)
        keep_turns(run, ruled.cursor)
        return ruled.heirs, ruled.decisions
    why = msg("handed over by {leaver}", leaver=leaver)
    given = share_out(estate.units(), named)
    return {place: Heir(owner, why=why) for place, owner in given.items()}, ()


def _write(
    workspace: Workspace,
    run: Run,
    estate: Estate,
    heirs: Mapping[Place, Heir],
    decisions: Iterable[Decision],
    leaver: str,
) -> None:
    def of(kind: str, record: Record) -> Heir:
        return heirs[estate.unit_of(kind, record)]

    told = msg("handed over by {leaver}", leaver=leaver)
    handings = []
    for customer in estate.records["customer"].values():
        heir = of("customer", customer)
        by = heir.by or workspace.actor
        handings.append(Handing(customer, heir.owner, heir.pool, by, "handover", heir.why or told))
    hold_all(run, handings)
    stored = fetch(run.db, "opportunity", estate.records["opportunity"])
    run.insert("assignment", [decision_record(run, decision) for decision in decisions])
    give_deals(run, [_giving(workspace, deal, of("opportunity", deal)) for deal in stored.values()])
    for kind in ("contact", "lead", "task"):
        for record in estate.records[kind].values():
            run.update(kind, record, {"owner": of(kind, record).owner})


def _giving(workspace: Workspace, deal: Record, heir: Heir) -> Giving:
    by = heir.by or workspace.actor
    return Giving(deal, heir.owner, heir.pool, by, "rule" if heir.by else "person", reason=_REASON)


def _overfull(workspace: Workspace, staff: Staff, items: Sequence[Item]) -> list[Message]:
    """Return who has more open deals now than `max_open` allows, of those who got some."""
    got = {staff.named(item.heir.owner) for item in items if item.kind == "opportunity" and item.heir.owner}
    held = Counter(
        staff.named(deal["owner"]) for deal in open_columns(workspace.db, workspace.now(), ["owner"]) if deal["owner"]
    )
    limits = {name: staff.called(name).max_open for name in sorted(got)}
    return [
        msg("{name} has {n} open opportunities now, more than max_open = {most}", name=name, n=held[name], most=most)
        for name, most in limits.items()
        if most is not None and held[name] > most
    ]


def _retire(workspace: Workspace, run: Run, staff: Staff, leaver: str, *, keep_active: bool) -> tuple[Message, ...]:
    """Return what crm.toml must say of the leaver after the owner record was marked."""
    if keep_active:
        return ()
    notes = []
    records = [one for one in fetch_where(run.db, "owner") if fold(one["name"] or "") == fold(leaver)]
    for record in records:
        run.update("owner", record, {"active": 0})
    written = next((one for one in workspace.settings.owner if fold(one.name) == fold(leaver)), None)
    if written and written.active and ("active" in written.model_fields_set or not records):
        notes.append(msg('write active = false under [[owner]] name = "{name}" in crm.toml', name=written.name))
    below = [one.name for one in staff.owners if fold(one.manager) == fold(leaver)]
    deputies = [one.name for one in staff.owners if fold(one.deputy) == fold(leaver)]
    if below:
        notes.append(msg("{name} is the manager of {people}: give them another", name=leaver, people=below))
    if deputies:
        notes.append(msg("{name} is the deputy of {people}: give them another", name=leaver, people=deputies))
    waiting = run.db.values("SELECT approver FROM approval WHERE decision IS NULL")
    asked = sum(fold(approver or "") == fold(leaver) for approver in waiting)
    if asked:
        notes.append(msg("{n} approvals wait for {name}: ask somebody else", n=asked, name=leaver))
    return tuple(notes)


def _check(run: Run, estate: Estate, items: Sequence[Item]) -> None:
    """Refuse what does not add up: each record once, with its new owner, and deals with their stage and amount."""
    for kind in OWNED:
        wanted = {item.id[1:]: item.heir.owner for item in items if item.kind == kind}
        after = fetch(run.db, kind, estate.records[kind])
        held = {str(number): record["owner"] for number, record in after.items()}
        if wanted != held or len(after) != len(estate.records[kind]):
            raise HandoverUnbalanced(kind)
        same = ("amount_fen", "currency") if kind == "opportunity" else ()
        if any(after[number][key] != record[key] for number, record in estate.records[kind].items() for key in same):
            raise HandoverUnbalanced(kind)
