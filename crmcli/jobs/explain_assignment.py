"""Why an opportunity has the owner it has."""

from __future__ import annotations

from typing import Any

from crmcli.domain.records import record_number
from crmcli.i18n import Message, msg
from crmcli.jobs.assign_opportunities import decide
from crmcli.jobs.refs import find_record
from crmcli.jobs.workspace import Workspace
from crmcli.store.records import fetch, fetch_where


def explain_assignment(workspace: Workspace, ref: str) -> dict[str, Any]:
    """Return the present owner, the last decision by rule, who was passed over, and all of it as `sentences`.

    A deal that no rule decided yet is told what the rules would decide now.

    Raises:
        CrmError: the reference finds nothing or several; a rule names nobody.
    """
    number = find_record(workspace.db, ref, ("opportunity",))[1]
    deal = fetch(workspace.db, "opportunity", [number])[number]
    told: dict[str, Any] = {"opportunity": record_number("opportunity", number), "owner": deal["owner"]}
    decided = fetch_where(workspace.db, "assignment", "opportunity_id = ?", (number,))
    if decided:
        last = decided[-1]
        told |= {"rule": last["rule"], "pool": last["pool"], "decided_at": last["decided_at"]}
        told["reason"] = str(_message(last["reason"]))
        told["skipped"] = [{"owner": skip["owner"], "why": str(_message(skip["why"]))} for skip in last["skipped"]]
        return told | {"sentences": _sentences(told, current=deal["owner"] == last["owner"])}
    if deal["owner"]:
        by = {"import": msg("from an imported file"), "person": msg("by a person")}.get(
            deal["owner_by"] or "", msg("?")
        )
        told |= {"rule": None, "reason": str(by), "skipped": []}
        return told | {"sentences": [str(msg("{owner} was set {by}, not by a rule", owner=deal["owner"], by=by))]}
    return told | _would_be(workspace, number)


def _would_be(workspace: Workspace, number: int) -> dict[str, Any]:
    cursor = fetch_where(workspace.db, "cursor")
    outcome, _unknown = decide(workspace, cursor[0]["state"] if cursor else {}, reassign=False)
    found = next((decision for decision in outcome.decisions if decision.opportunity == number), None)
    if found is None:
        sentences = [str(msg("it is closed and has no owner; rules look at open opportunities only"))]
        return {"rule": None, "reason": sentences[0], "skipped": [], "sentences": sentences}
    skipped = [{"owner": skip.name, "why": str(skip.why)} for skip in found.skipped]
    told = {"rule": found.rule, "pool": found.pool, "reason": str(found.reason), "skipped": skipped}
    whom = found.owner or found.pool
    first = msg("not assigned yet; `crmcli assign run` would give it to {owner}", owner=whom)
    return told | {"sentences": [str(first), *_sentences(told | {"owner": whom}, current=True)]}


def _sentences(told: dict[str, Any], *, current: bool) -> list[str]:
    whom = told["owner"] or told.get("pool")
    lines = [str(msg("{owner} by rule {rule}: {reason}", owner=whom, rule=told["rule"], reason=told["reason"]))]
    if not current:
        lines.append(str(msg("the owner was changed since")))
    lines += [str(msg("passed over: {owner}: {why}", **skip)) for skip in told["skipped"]]
    return lines


def _message(stored: Any) -> Message:
    """Return a stored message, to be put into words in today's language."""
    args = {key: _message(value) if isinstance(value, dict) else value for key, value in stored["args"].items()}
    return Message(stored["text"], args)
