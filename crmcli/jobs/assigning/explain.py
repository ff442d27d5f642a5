"""Why an opportunity has the owner it has."""

from __future__ import annotations

from typing import Any

from crmcli.domain.assignment.model import FALLBACK, STICKY, TIMEOUT
from crmcli.domain.records import Record, record_number
from crmcli.domain.words import labelled, rule_name
from crmcli.i18n import Message, msg
from crmcli.jobs.assigning.assign import decide
from crmcli.jobs.deals.stages import present_deals
from crmcli.jobs.records.refs import find_record
from crmcli.jobs.workspace import Workspace
from crmcli.store.records import fetch, fetch_where

_BY = {"import": msg("from an imported file"), "person": msg("by a person")}


def explain_assignment(workspace: Workspace, ref: str) -> dict[str, Any]:
    """Return the present owner, the last decision by rule and who was passed over, and all of it as `sentences`.

    Keys: opportunity, owner, pool, rule, reason, skipped ({owner, why}), passed ({rule, why}), sentences, and
    decided_at where a rule decided. An open deal that no rule decided yet is told what they would decide now.

    Raises:
        CrmError: the reference finds nothing or several; a rule names nobody.
    """
    number = find_record(workspace.db, ref, ("opportunity",))[1]
    stored = fetch(workspace.db, "opportunity", [number])[number]
    deal = present_deals(workspace.db, [stored], workspace.now())[0]
    head = {"opportunity": record_number("opportunity", number), "owner": deal["owner"], "pool": deal["pool"]}
    decided = fetch_where(workspace.db, "assignment", "opportunity_id = ?", (number,))
    if decided:
        since = _given_since(workspace, deal, decided[-1]["decided_at"])
        return head | _decided(deal, decided[-1], since)
    if deal["owner"] and (handed := _given_since(workspace, deal, "")):
        return head | _told(handed, [handed])
    if deal["owner"]:
        by = _BY.get(deal["owner_by"] or "", msg("by somebody"))
        return head | _told(by, [msg("{owner} was set {by}, not by a rule", owner=deal["owner"], by=by)])
    if deal["status"] != "open":
        closed = msg("it is closed and has no owner; rules look at open opportunities only")
        return head | _told(closed, [closed])
    return head | _would_be(workspace, number)


def _told(reason: Message, sentences: list[Message]) -> dict[str, Any]:
    nobody: list[dict[str, str]] = []
    told = {"rule": None, "reason": str(reason), "skipped": nobody, "passed": nobody}
    return told | {"sentences": [str(sentence) for sentence in sentences]}


def _given_since(workspace: Workspace, deal: Record, since: str) -> Message | None:
    """Return who gave a deal to its owner after an instant and why, as a handover does; None where nobody said."""
    events = fetch_where(workspace.db, "event", "field = 'owner' AND opportunity_id = ?", (deal["id"],))
    last = max(events, key=lambda event: (event["at"] or "", event["id"]), default=None)
    if last is None or not last["reason"] or last["value"] != deal["owner"] or (last["at"] or "") <= since:
        return None
    by = rule_name((last["by"] or "?").removeprefix("rule:"))
    return msg("{owner}: {reason} (by {by}, {at})", owner=last["value"], reason=last["reason"], by=by, at=last["at"])


def _decided(deal: Record, last: Record, since: Message | None) -> dict[str, Any]:
    whys = [(skip, str(_message(skip["why"]))) for skip in last["skipped"]]
    told = {
        "rule": last["rule"],
        "reason": str(_message(last["reason"])),
        "decided_at": last["decided_at"],
        "skipped": [{"owner": skip["owner"], "why": why} for skip, why in whys if "owner" in skip],
        "passed": [{"rule": skip["rule"], "why": why} for skip, why in whys if "rule" in skip],
    }
    lines = _sentences(told, last["owner"] or last["pool"])
    if deal["owner"] != last["owner"]:
        lines[:0] = [str(since)] if since else []
        lines.insert(0, str(msg("the owner was changed since: it is {owner} now", owner=deal["owner"] or "-")))
    return told | {"sentences": lines}


def _would_be(workspace: Workspace, number: int) -> dict[str, Any]:
    outcome, _unknown = decide(workspace)
    found = next(decision for decision in outcome.decisions if decision.opportunity == number)
    told = {
        "rule": found.rule,
        "reason": str(found.reason),
        "skipped": [{"owner": skip.name, "why": str(skip.why)} for skip in found.skipped],
        "passed": [{"rule": skip.name, "why": str(labelled(skip.why))} for skip in found.passed],
    }
    whom = found.owner or found.pool
    first = msg("not assigned yet; `crmcli assign run` would give it to {owner}", owner=whom)
    return told | {"sentences": [str(first), *_sentences(told, whom)]}


def _sentences(told: dict[str, Any], whom: str | None) -> list[str]:
    given = {"owner": whom, "reason": told["reason"]}
    if told["rule"] in (STICKY, FALLBACK, TIMEOUT):
        lines = [msg("{owner} ({rule}): {reason}", rule=rule_name(told["rule"]), **given)]
    else:
        lines = [msg("{owner}: {reason}", **given)]
    lines += [msg("rule passed over: {rule}: {why}", **skip) for skip in told["passed"]]
    lines += [msg("owner passed over: {owner}: {why}", **skip) for skip in told["skipped"]]
    return [str(line) for line in lines]


def _message(stored: Any) -> Message:
    """Return a stored message, to be put into words in today's language."""
    args = {key: _message(value) if isinstance(value, dict) else value for key, value in stored["args"].items()}
    return labelled(Message(stored["text"], args))
