"""Approvals: who may decide what was asked, as far as a name can tell. Nothing is routed: one question, one answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from crmcli.domain.assignment.model import Owner
from crmcli.domain.records import Record
from crmcli.domain.values.text import fold
from crmcli.domain.words import word
from crmcli.i18n import Message, msg

Decision = Literal["approved", "refused"]


def deciders(approver: str, owners: Sequence[Owner]) -> list[str]:
    """Return who may decide for an approver: he himself, his deputy, his manager, each once.

    >>> deciders("张伟", [Owner("张伟", manager="王芳", deputy="李娜")])
    ['张伟', '李娜', '王芳']
    """
    named = next((owner for owner in owners if fold(owner.name) == fold(approver)), Owner(approver))
    return list(dict.fromkeys(name for name in (approver, named.deputy, named.manager) if name))


def why_not_decided(approval: Record, who: str, owners: Sequence[Owner]) -> Message | None:
    """Return why `who` cannot decide: it is decided, or it is for others to decide; None where he can."""
    if approval["decision"]:
        decision = word(approval["decision"])
        return msg("it was {decision} at {at} by {by}", decision=decision, at=approval["decided_at"],
                   by=approval["decided_by"])  # fmt: skip
    allowed = deciders(approval["approver"] or "", owners)
    if not approval["approver"] or fold(who) in {fold(name) for name in allowed}:
        return None
    return msg("{who} may not decide it, only: {allowed}", who=who, allowed=allowed)


def decided(decision: Decision, who: str, at: str, note: str) -> Record:
    """Return the columns of a decided approval."""
    return {"decision": decision, "decided_at": at, "decided_by": who, "note": note or None}
