"""Leads that are closed without a customer, and leads that are taken up again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crmcli.domain.leads import DECIDED, DISQUALIFIED, FOLLOWING, NEW, is_open, known_reason
from crmcli.domain.records import Record, record_number, references
from crmcli.domain.words import word
from crmcli.errors import CrmError, ExitCode
from crmcli.i18n import Message, msg
from crmcli.jobs.records.listing import show_records
from crmcli.jobs.records.refs import find_record
from crmcli.jobs.workspace import Workspace
from crmcli.store.changes import changes_of_record
from crmcli.store.database import Database
from crmcli.store.journal import open_run
from crmcli.store.records import fetch

_LINKS = ("customer_id", "contact_id", "opportunity_id")
_DECISION = ("reason", "decided_at", "decided_by", *_LINKS)


class LeadDecided(CrmError):
    """Somebody decided on a lead already."""

    code = "lead.decided"

    def __init__(self, lead: Record) -> None:
        number = record_number("lead", lead["id"])
        words = msg("it is closed already: {status}", status=word(lead["status"]))
        super().__init__(words, where=number, hint=msg("crmcli lead reopen {lead}", lead=number))


class LeadIsOpen(CrmError):
    """A lead that nobody decided on cannot be taken up again."""

    code = "lead.open"

    def __init__(self, number: str) -> None:
        super().__init__(msg("the lead is open"), where=number)


class LeadReasonNeeded(CrmError):
    """A lead is closed without a reason of the list."""

    code = "lead.reason"
    exit_code = ExitCode.FAILURE

    def __init__(self, number: str, reason: str, known: tuple[str, ...]) -> None:
        missing = msg("say why it comes to nothing: {reasons}", reasons=known)
        wrong = msg("{reason} is no reason of [lead] in crm.toml; they are {reasons}", reason=reason, reasons=known)
        hint = msg('crmcli lead disqualify {lead} --reason "..."', lead=number)
        super().__init__(wrong if reason.strip() else missing, where=number, hint=hint)


def disqualify_lead(workspace: Workspace, ref: str, reason: str, *, dry_run: bool = False) -> dict[str, Any]:
    """Return the lead after it was closed for a reason of the list, with its `run`; see `disqualify_leads`."""
    return disqualify_leads(workspace, [ref], reason, dry_run=dry_run)[0]


def disqualify_leads(
    workspace: Workspace, refs: Sequence[str], reason: str, *, dry_run: bool = False
) -> list[dict[str, Any]]:
    """Return leads after they were closed for one reason of the list, all of them in one run or none, with that `run`.

    Raises:
        LeadReasonNeeded: no reason, or none of the list.
        LeadDecided: one is qualified or disqualified already.
        CrmError: a reference finds nothing or several.
    """
    leads = _leads(workspace, refs)
    for lead in leads:
        if not is_open(lead):
            raise LeadDecided(lead)
    reasons = workspace.settings.lead.reasons
    known = known_reason(reason, reasons)
    if known is None:
        raise LeadReasonNeeded(" ".join(record_number("lead", lead["id"]) for lead in leads), reason, reasons)
    decision = {"status": DISQUALIFIED, "reason": known, "decided_at": workspace.now(), "decided_by": workspace.actor}
    return _write(workspace, "disqualify", [(lead, decision) for lead in leads], dry_run=dry_run)


def reopen_lead(workspace: Workspace, ref: str, *, dry_run: bool = False) -> dict[str, Any]:
    """Return the lead after it was taken up again, with its `run`; see `reopen_leads`."""
    return reopen_leads(workspace, [ref], dry_run=dry_run)[0]


def reopen_leads(workspace: Workspace, refs: Sequence[str], *, dry_run: bool = False) -> list[dict[str, Any]]:
    """Return leads with the status that they had before they were decided on, all in one run or none, with that `run`.

    `stays` are the numbers of what one became: that is there still, `undo` of the decision takes it back.

    Raises:
        LeadIsOpen: nobody decided on one of them.
        CrmError: a reference finds nothing or several.
    """
    leads = _leads(workspace, refs)
    for lead in leads:
        if is_open(lead):
            raise LeadIsOpen(record_number("lead", lead["id"]))
    before = dict.fromkeys(_DECISION)
    changing = [(lead, before | {"status": _status_before(workspace.db, lead)}) for lead in leads]
    written = _write(workspace, "set", changing, dry_run=dry_run)
    return [one | {"stays": _became(lead)} for one, lead in zip(written, leads, strict=True)]


def _became(lead: Record) -> list[str]:
    return [record_number(references("lead")[key], lead[key]) for key in _LINKS if lead[key]]


def _status_before(db: Database, lead: Record) -> str:
    """Return the last status of a lead in which nobody had decided on it; what its follow-ups tell where none was."""
    for change in reversed(changes_of_record(db, "lead", lead["id"])):
        before = change.before.get("status") if change.op == "update" else None
        if before and before not in DECIDED:
            return str(before)
    return FOLLOWING if db.value("SELECT 1 FROM activity WHERE lead_id = ?", (lead["id"],)) else NEW


def told_of(lead: dict[str, Any]) -> Message:
    """Return what people are told of a lead that was decided on, or taken up again: what it had become stays."""
    name, status = lead["name"] or lead["company"], word(lead["status"])
    if lead.get("stays"):
        return msg(
            "{lead} {name}: {status}; what it became stays: {records}",
            lead=lead["id"],
            name=name,
            status=status,
            records=lead["stays"],
        )
    return msg("{lead} {name}: {status}", lead=lead["id"], name=name, status=status)


def _leads(workspace: Workspace, refs: Sequence[str]) -> list[Record]:
    """Return the leads that are meant, each once, in the order in which they were named."""
    numbers = list(dict.fromkeys(find_record(workspace.db, ref, ("lead",))[1] for ref in refs))
    found = fetch(workspace.db, "lead", numbers)
    return [found[number] for number in numbers]


def _write(
    workspace: Workspace, kind: str, changing: Sequence[tuple[Record, Record]], *, dry_run: bool
) -> list[dict[str, Any]]:
    with open_run(workspace.db, workspace.start(kind, dry_run=dry_run)) as run:
        after = [run.update("lead", lead, changes) for lead, changes in changing]
        return [shown | {"run": run.shown_id} for shown in show_records(run.db, "lead", after)]
