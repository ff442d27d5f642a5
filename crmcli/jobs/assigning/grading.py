"""Grading open opportunities by points, with a reason for each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from crmcli.config.parts import grade_scale
from crmcli.domain.assignment.model import deal_fields
from crmcli.domain.grading import Graded, GradeScale, graded, missed
from crmcli.domain.intake import AREA, column_of
from crmcli.domain.records import ENTITIES, Record, record_number
from crmcli.domain.words import labelled
from crmcli.i18n import Message, msg
from crmcli.jobs.deals.stages import open_columns, present_deals
from crmcli.jobs.records.refs import find_record
from crmcli.jobs.workspace import Workspace
from crmcli.store.database import Database
from crmcli.store.journal import Run, open_run
from crmcli.store.records import chunks, fetch, fetch_columns, fetch_where

BY_RULE = "rule:grade"
# what tells where a customer is when its province is not known
_PLACES = ("name", "address", "phones", *AREA)
_BATCH = 5000


@dataclass(frozen=True, slots=True)
class GradedDeal:
    """A deal, the grade it has now and the one it had; `kept` where another than a rule gave it, so that it stays."""

    opportunity: int
    grade: str | None
    was: str | None
    by_points: Graded
    kept: bool = False

    @property
    def changes(self) -> bool:
        """Return whether it has another grade than before."""
        return self.grade != self.was


@dataclass(frozen=True, slots=True)
class Grading:
    """What a run of grading did: every deal looked at, and how many have which grade now."""

    run: str | None
    deals: tuple[GradedDeal, ...]
    by_grade: dict[str, int]
    notes: tuple[Message, ...]

    @property
    def changed(self) -> int:
        """Return how many deals have another grade than before."""
        return sum(deal.changes for deal in self.deals)


def grade_opportunities(workspace: Workspace, *, regrade: bool = False, dry_run: bool = False) -> Grading:
    """Return the grades of the open deals; one that a person or a file gave stays, unless `regrade`.

    Raises:
        CrmError: the database cannot be written.
    """
    scale = grade_scale(workspace.settings)
    with open_run(workspace.db, workspace.start("grade", dry_run=dry_run)) as run:
        deals = tuple(_graded(workspace, scale, regrade=regrade)) if scale.rules else ()
        _write(run, [deal for deal in deals if deal.changes])
        run.counts.update({"considered": len(deals), "changed": sum(deal.changes for deal in deals)})
        by_grade = dict(sorted(Counter(deal.grade for deal in deals if deal.grade).items()))
        return Grading(run.shown_id, deals, by_grade, () if scale.rules else (_no_rules(),))


def _no_rules() -> Message:
    return msg("crm.toml has no grade rules yet (write them as [[grade.rule]]): nothing was graded")


def _graded(workspace: Workspace, scale: GradeScale, *, regrade: bool) -> Iterator[GradedDeal]:
    keys = {either[0].key for rule in scale.rules for either in rule.when.tests}
    columns = {column_of(key) for key in keys} - {"customer"}
    own = [column for column in ENTITIES["opportunity"].columns if column in columns]
    wanted = dict.fromkeys(("grade", "customer_id", *own))
    customers = _customers(workspace.db, keys, columns)
    set_by_rule = _set_by_rule(workspace.db)
    for deal in open_columns(workspace.db, workspace.now(), list(wanted)):
        fields = {key: value for key, value in deal.items() if key in columns}
        points = graded(deal_fields(fields, customers.get(deal["customer_id"])), scale)
        is_free = regrade or not deal["grade"] or set_by_rule.get(deal["id"]) == deal["grade"]
        yield GradedDeal(
            deal["id"], points.grade if is_free else deal["grade"], deal["grade"], points, kept=not is_free
        )


def _customers(db: Database, keys: set[str], columns: set[str]) -> dict[int, Record]:
    """Return what rules ask of customers, of those that have deals."""
    own = [column for column in ENTITIES["customer"].columns if column in columns]
    own += ["name"] if keys & {"customer", "name"} else []
    own += _PLACES if keys & {*AREA} else []
    if not own:
        return {}
    where = "id IN (SELECT customer_id FROM opportunity WHERE customer_id IS NOT NULL)"
    return {row["id"]: row for row in fetch_columns(db, "customer", list(dict.fromkeys(own)), where)}


def _set_by_rule(db: Database) -> dict[int, str | None]:
    """Return deal -> the grade that a rule gave it, where nobody else gave it one since."""
    rows = db.rows("SELECT opportunity_id, value, by FROM event WHERE field = 'grade' ORDER BY id")
    last = {row["opportunity_id"]: row for row in rows}
    return {number: row["value"] for number, row in last.items() if row["by"] == BY_RULE}


def _write(run: Run, deals: list[GradedDeal]) -> None:
    for part in chunks(deals, _BATCH):
        stored = fetch(run.db, "opportunity", [deal.opportunity for deal in part])
        run.insert("event", [_event(run, deal) for deal in part])
        run.update_all("opportunity", [(stored[deal.opportunity], {"grade": deal.grade}) for deal in part])


def _event(run: Run, deal: GradedDeal) -> Record:
    return ENTITIES["event"].blank() | {
        "opportunity_id": deal.opportunity,
        "field": "grade",
        "at": run.started,
        "recorded": run.started,
        "from_value": deal.was,
        "value": deal.grade,
        "by": BY_RULE,
        "reason": deal.by_points.reason,
        "inferred": 0,
    }


def explain_grade(workspace: Workspace, ref: str) -> dict[str, Any]:
    """Return a deal's grade and why: opportunity, grade, points, by_points, reasons, missed, history, sentences.

    `by_points` is the grade that the rules give, null where there are none; it differs from `grade` where another
    than a rule gave that, or where something changed since. `history` has at, from, value, by and reason.

    Raises:
        CrmError: the reference finds nothing or several.
    """
    number = find_record(workspace.db, ref, ("opportunity",))[1]
    deal = present_deals(workspace.db, fetch(workspace.db, "opportunity", [number]).values(), workspace.now())[0]
    customer = fetch(workspace.db, "customer", [deal["customer_id"] or 0]).get(deal["customer_id"])
    scale = grade_scale(workspace.settings)
    fields = deal_fields(deal, customer)
    points = graded(fields, scale)
    events = fetch_where(workspace.db, "event", "field = 'grade' AND opportunity_id = ?", (number,))
    told = {
        "opportunity": record_number("opportunity", number),
        "grade": deal["grade"],
        "points": points.points,
        "by_points": points.grade if scale.rules else None,
        "reasons": [{"rule": rule.name, "points": rule.points} for rule in points.given],
        "missed": [
            {"rule": rule.name, "points": rule.points, "why": str(labelled(why))} for rule, why in missed(fields, scale)
        ],
        "history": [
            {"from": event["from_value"]} | {key: event[key] for key in ("at", "value", "by", "reason")}
            for event in events
        ],
    }
    return told | {"sentences": [str(sentence) for sentence in _sentences(told, scale)]}


def _sentences(told: dict[str, Any], scale: GradeScale) -> Iterator[Message]:
    if not scale.rules:
        yield _no_rules()
    else:
        head = msg("{opportunity}: grade {grade}", opportunity=told["opportunity"], grade=told["grade"] or "-")
        yield head
        yield msg(
            "{points} points make it {grade} (A from {a}, B from {b})",
            points=told["points"], grade=told["by_points"], a=scale.a, b=scale.b,
        )  # fmt: skip
    for given in told["reasons"]:
        yield msg("{points} points: {rule}", points=f"{given['points']:+}", rule=given["rule"])
    for other in told["missed"]:
        yield msg("no points: {rule}: {why}", rule=other["rule"], why=other["why"])
    for event in told["history"]:
        yield msg(
            "{at}: {was} to {grade} by {by} ({reason})",
            at=event["at"], was=event["from"] or "-", grade=event["value"] or "-", by=event["by"] or "-",
            reason=event["reason"] or "-",
        )  # fmt: skip
