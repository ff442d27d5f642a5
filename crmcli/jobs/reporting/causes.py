"""Why deals are known otherwise than before: what was recorded since, and what is dated in between."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from crmcli.domain.fields import catalogue
from crmcli.domain.metrics.population import MOVED
from crmcli.domain.records import record_number
from crmcli.domain.runs import BACK, MERGES
from crmcli.domain.words import word
from crmcli.i18n import Message, current_language, msg
from crmcli.jobs.workspace import Workspace
from crmcli.reports.difference import Why
from crmcli.reports.made_of import MadeOf
from crmcli.store.past import as_known_at
from crmcli.store.recorded import Recorded, dated_between, recorded_in, recorded_of

_DECIDED = ("stage", "status", "closed_at", "loss_reason", "probability", "probability_source", "owner_by", "said")
"""Columns that follow from stage events or that the program notes for itself."""
_OWN = ("fingerprint", "extra", "said")
"""Columns of other records that tell readers nothing."""
_ORDER = ("merged", "late", "fields")
_PARTS = {
    "leads": ("lead", ""), "payments": ("payment", ""), "activities": ("activity", ""), "tasks": ("task", ""),
    "stays": ("holding", "customer"), "givings": ("assignment", "opportunity"),
}  # fmt: skip
"""Part of the population -> the kind of its records, and what they are listed as where not by numbers of their own."""


@dataclass(slots=True)
class Causes:
    """The main cause of each deal's change, and (cause, record's number) -> what was recorded.

    `by_part` has the causes of records that are no deals: part of the population -> their numbers -> main cause.
    """

    by_deal: dict[int, str] = field(default_factory=dict)
    said: dict[tuple[str, str], list[Why]] = field(default_factory=dict)
    by_part: dict[str, dict[int, str]] = field(default_factory=dict)

    def of(self, *causes: str) -> set[int]:
        """Return the deals that have one of the causes."""
        return {deal for deal, cause in self.by_deal.items() if cause in causes}

    def of_parts(self, *causes: str) -> dict[str, set[int]]:
        """Return the records that have one of the causes, by part of the population."""
        return {part: {number for number, cause in by_number.items() if cause in causes}
                for part, by_number in self.by_part.items()}  # fmt: skip


def causes_between(workspace: Workspace, one: MadeOf, other: MadeOf, needs: Collection[str] = ()) -> Causes:
    """Return why deals are known otherwise at the second output's time than at the first's, both as of the first's.

    The records of the parts of the population that a report `needs` are looked at too.
    """
    early, late = sorted((_knew(one), _knew(other)))
    runs = [row["id"] for row in workspace.db.rows("SELECT id, started FROM run")
            if early < datetime.fromisoformat(row["started"]) <= late]  # fmt: skip
    as_of = _text(workspace, one.as_of)
    by_deal: dict[int, list[tuple[str, Recorded]]] = {}
    for recorded in recorded_in(workspace.db, runs):
        cause = _cause(recorded, as_of)
        if cause:
            by_deal.setdefault(recorded.deal, []).append((cause, recorded))
    found = Causes()
    for deal, changes in by_deal.items():
        causes = {cause for cause, _recorded in changes}
        found.by_deal[deal] = main = next(cause for cause in _ORDER if cause in causes)
        found.said[main, f"O{deal}"] = [why for _cause_, recorded in changes for why in _whys(workspace, recorded)]
    for part in needs:
        if part in _PARTS:
            _of_part(workspace, part, runs, found)
    return found


def _of_part(workspace: Workspace, part: str, runs: Collection[int], found: Causes) -> None:
    """Note what was recorded of the records of a part; it is told whatever step shows it."""
    entity, about = _PARTS[part]
    causes: dict[int, set[str]] = {}
    for recorded in recorded_of(workspace.db, entity, runs, about):
        causes.setdefault(recorded.deal, set()).add(_cause(recorded, "") or "fields")
        number = record_number(about or entity, recorded.deal)
        for cause in _ORDER:
            found.said.setdefault((cause, number), []).extend(_whys(workspace, recorded))
    found.by_part[part] = {
        number: next(cause for cause in _ORDER if cause in own) for number, own in causes.items()
    }  # fmt: skip


def passed_between(workspace: Workspace, one: MadeOf, other: MadeOf) -> Causes:
    """Return what is dated between both outputs' as-of times, as the second knows it."""
    early, late = sorted((one.as_of, other.as_of))
    found = Causes()
    with as_known_at(workspace.db, _knew(other)):
        dated = dated_between(workspace.db, _text(workspace, early), _text(workspace, late))
    by_deal: dict[int, list[Recorded]] = {}
    for recorded in dated:
        by_deal.setdefault(recorded.deal, []).append(recorded)
    for deal, events in by_deal.items():
        only_values = all(recorded.fields[0][0] in MOVED for recorded in events)
        found.by_deal[deal] = cause = "fields" if only_values else "time"
        found.said[cause, f"O{deal}"] = [why for recorded in events for why in _whys(workspace, recorded)]
    return found


def _cause(recorded: Recorded, as_of: str) -> str | None:
    if recorded.kind in BACK | MERGES:
        return "merged"
    if recorded.entity == "event":
        return "late" if recorded.at is None or recorded.at <= as_of else None
    if recorded.op != "update":
        return "late"
    return "fields" if any(name not in _DECIDED for name, _before, _after in recorded.fields) else None


def _whys(workspace: Workspace, recorded: Recorded) -> Iterable[Why]:
    when = recorded.started and _text(workspace, datetime.fromisoformat(recorded.started))
    run = f"R{recorded.run}" if recorded.run else None
    hidden = _DECIDED if recorded.entity == "opportunity" else _OWN
    shown = [change for change in recorded.fields if change[0] not in hidden]
    for name, before, after in shown:
        yield Why(str(_told(recorded, name, _value(name, before), _value(name, after))), when, run)
    if not shown:
        whole = msg("{record} removed") if recorded.op == "remove" else msg("{record} added")
        yield Why(str(Message(whole.text, {"record": word(recorded.entity)})), when, run)


def _told(recorded: Recorded, name: str, before: str, after: str) -> Message:
    """Return what happened to a field in words: an event's date with it, another record's field as such."""
    key = name.removesuffix("_fen").removesuffix("_id")
    owner = "opportunity" if recorded.entity == "event" else recorded.entity
    field = catalogue().get(f"{owner}.{key}")
    label = field.label(current_language()) if field else key
    if owner != "opportunity":
        label = f"{word(owner)} {label}"
    if recorded.entity != "event":
        return msg("{field}: {before} → {after}", field=label, before=before, after=after)
    if recorded.op == "remove":
        return msg("taken back: {field} {before} → {after} on {at}", field=label, before=before, after=after,
                   at=recorded.at or "—")  # fmt: skip
    return msg("{field}: {before} → {after} on {at}", field=label, before=before, after=after, at=recorded.at or "—")


def _value(name: str, value: Any) -> str:
    if value in (None, ""):
        return "—"
    if name == "customer_id":
        return f"C{value}"
    return f"{int(value) / 100:,.2f}" if name.endswith("_fen") else str(value)


def _knew(made: MadeOf) -> datetime:
    return made.knew_until or made.as_of


def _text(workspace: Workspace, moment: datetime) -> str:
    return moment.astimezone(workspace.zone).isoformat(timespec="seconds")
