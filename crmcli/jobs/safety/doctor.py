"""Is the workspace sound, and how good is what it holds?"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from crmcli.config.parts import owners
from crmcli.domain.fields import catalogue
from crmcli.domain.gates import lacking
from crmcli.domain.pipeline import pipeline_of
from crmcli.domain.records import ENTITIES, record_number
from crmcli.domain.values.text import fold
from crmcli.domain.words import word
from crmcli.i18n import Message, coded, current_language, enumerated, msg
from crmcli.jobs.deals.gates import approvals, approved_in
from crmcli.jobs.deals.stages import open_deals
from crmcli.jobs.records.listing import show_records
from crmcli.jobs.safety.snapshot_check import check_snapshots
from crmcli.jobs.vocabulary import loss_reasons, pipelines
from crmcli.jobs.workspace import Workspace
from crmcli.store.copies import integrity
from crmcli.store.records import fetch_columns, fetch_where
from crmcli.store.search_keys import keys_out_of_step

Severity = Literal["error", "warning", "info"]
_SHOWN = 5
_FILL = {
    "customer": ("industry", "level", "province", "owner", "phones"),
    "opportunity": ("customer_id", "amount_fen", "owner", "expected_close", "product", "created_at"),
}
# code -> sentence, condition on opportunities
_DEALS: dict[str, tuple[Message, str]] = {
    "deal.no_customer": (msg("{number} opportunities have no customer"), "customer_id IS NULL"),
    "deal.no_amount": (
        msg("{number} open opportunities have no amount"),
        "amount_fen IS NULL AND status = 'open'",
    ),
    "deal.amount_zero": (msg("{number} opportunities have the amount 0"), "amount_fen = 0"),
    "deal.no_stage": (msg("{number} open opportunities have no stage"), "stage IS NULL AND status = 'open'"),
    "deal.no_event": (
        msg("{number} opportunities are in a stage that no event led to"),
        "stage IS NOT NULL AND id NOT IN (SELECT opportunity_id FROM event WHERE field = 'stage')",
    ),
    "deal.unknown_stage": (
        msg("{number} opportunities were in a stage that no pipeline knows"),
        "id IN (SELECT opportunity_id FROM event WHERE field = 'stage' AND kind = 'unknown')",
    ),
    "deal.no_reason": (
        msg("{number} lost opportunities have no reason"),
        "status = 'lost' AND loss_reason IS NULL",
    ),
    "deal.closed_no_date": (
        msg("{number} closed opportunities have no closing date"),
        "status <> 'open' AND closed_at IS NULL",
    ),
    "deal.backwards": (
        msg("{number} opportunities were closed before they were created"),
        "substr(closed_at, 1, 10) < substr(created_at, 1, 10)",
    ),
    "deal.closed_in_the_future": (
        msg("{number} opportunities were closed in the future"),
        "status <> 'open' AND substr(closed_at, 1, 10) > :today",
    ),
    "deal.expected_before_created": (
        msg("{number} open opportunities are expected to close before they were created"),
        "status = 'open' AND substr(expected_close, 1, 10) < substr(created_at, 1, 10)",
    ),
    "deal.from_the_future": (
        msg("{number} opportunities were created in the future"),
        "substr(created_at, 1, 10) > :today",
    ),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `records` are some of those it is about, `all_records` all of them."""

    code: str
    severity: Severity
    message: Message
    all_records: tuple[str, ...] = ()

    @property
    def records(self) -> tuple[str, ...]:
        """Return the first few records that it is about."""
        return self.all_records[:_SHOWN]


def examine(workspace: Workspace) -> list[Finding]:
    """Return what was found, the gravest first; of a damaged file only what is damaged."""
    found = list(_file(workspace))
    if not any(finding.severity == "error" for finding in found):
        found += [finding for check in _CHECKS for finding in check(workspace)]
    order = {"error": 0, "warning": 1, "info": 2}
    return sorted(found, key=lambda finding: order[finding.severity])


def _file(workspace: Workspace) -> Iterator[Finding]:
    for problem in integrity(workspace.db):
        yield Finding("db.damaged", "error", msg("the database is damaged: {detail}", detail=problem))
    mode = stat.S_IMODE(workspace.db.path.stat().st_mode)
    if os.name == "posix" and mode & 0o077:
        words = msg("others on this machine can read the database ({mode})", mode=f"{mode:o}")
        yield Finding("db.not_private", "warning", words)


def _journal(workspace: Workspace) -> Iterator[Finding]:
    half = workspace.db.values("SELECT id FROM run WHERE status = 'running'")
    if half:
        words = msg("{number} runs were never finished", number=len(half))
        yield Finding("journal.half_run", "error", words, tuple(f"R{number}" for number in half))
    for entity in ENTITIES:
        off = keys_out_of_step(workspace.db, entity)
        if off:
            words = msg("the search keys of {number} records are out of step", number=len(off))
            yield Finding("keys.out_of_step", "error", words, tuple(record_number(entity, n) for n in off))


def _deals(workspace: Workspace) -> Iterator[Finding]:
    values = {"today": workspace.now()[:10]}
    for code, (words, where) in _DEALS.items():
        sql = f"SELECT id FROM opportunity WHERE {where} ORDER BY id"  # noqa: S608 (literals above)
        yield from _about(code, words, [row["id"] for row in workspace.db.rows(sql, values)])


def _foreign_stages(workspace: Workspace) -> Iterator[Finding]:
    """Find open deals in a stage that only other pipelines than theirs have: it has no place in reports."""
    known = pipelines(workspace)
    found: dict[tuple[str, str], list[int]] = {}
    for deal in fetch_columns(workspace.db, "opportunity", ("pipeline", "stage"), "status = 'open' AND stage <> ''"):
        mine = pipeline_of(known, deal)
        if deal["stage"] not in mine.names and any(deal["stage"] in one.names for one in known):
            found.setdefault((mine.key, deal["stage"]), []).append(deal["id"])
    for (key, stage), numbers in sorted(found.items()):
        words = msg(
            "{number} open opportunities are in {stage}, which their pipeline {pipeline} does not have: move them, or "
            "say in its `renamed` what {stage} is there and run `crmcli config apply`", stage=stage, pipeline=key,
        )  # fmt: skip
        yield from _about("deal.foreign_stage", words, numbers)


def _reasons(workspace: Workspace) -> Iterator[Finding]:
    """Find losses whose reason the list does not have: texts of old sheets that wait for a synonym."""
    reasons = loss_reasons(workspace)
    lost = workspace.db.rows("SELECT id, loss_reason FROM opportunity WHERE loss_reason IS NOT NULL ORDER BY id")
    strange = [row["id"] for row in lost if reasons.match(row["loss_reason"]) is None]
    words = msg("{number} opportunities were lost for a reason that crm.toml does not list")
    yield from _about("deal.strange_reason", words, strange)


def _gates(workspace: Workspace) -> Iterator[Finding]:
    """Find deals that came by import and stand in a stage without what it asks for."""
    processes, approved = pipelines(workspace), approvals(workspace.db)
    deals = [deal for deal in open_deals(workspace.db, workspace.now()) if deal["stage"]]
    fields: dict[str, list[int]] = {}
    unticked: dict[str, list[int]] = {}
    unapproved: dict[str, list[int]] = {}
    for deal, shown in zip(deals, show_records(workspace.db, "opportunity", deals), strict=True):
        pipeline = pipeline_of(processes, deal)
        allowed = approved_in(pipeline, approved.get(deal["id"], []))
        lack = lacking(pipeline, pipeline.place(deal["stage"]), shown, deal["checklist"], allowed)
        stages = [stage for stage, _ in lack.approvals]
        for found, keys in ((fields, lack.fields), (unticked, lack.items), (unapproved, stages)):
            for key in keys:
                found.setdefault(key, []).append(deal["id"])
    for key, numbers in fields.items():
        label = catalogue()[f"opportunity.{key}"].label(current_language())
        field = coded(key, msg("{label}", label=label))
        words = msg("{number} open opportunities lack {field}, which their stage asks for", field=field)
        yield from _about("gate.missing", words, numbers)
    for item, numbers in unticked.items():
        words = msg("{number} open opportunities have no tick at {item}, which their stage asks for", item=item)
        yield from _about("gate.unticked", words, numbers)
    for stage, numbers in unapproved.items():
        words = msg("{number} open opportunities are in {stage} or beyond without its approval", stage=stage)
        yield from _about("gate.unapproved", words, numbers)


def _people(workspace: Workspace) -> Iterator[Finding]:
    staff = owners(workspace.settings, fetch_where(workspace.db, "owner"))
    active = {fold(owner.name): owner.active for owner in staff}
    by_owner = workspace.db.rows(
        "SELECT owner, count(*) AS number, group_concat(id) AS ids FROM opportunity"
        " WHERE status = 'open' AND owner IS NOT NULL GROUP BY owner ORDER BY owner"
    )
    for row in by_owner:
        about = tuple(record_number("opportunity", number) for number in sorted(map(int, row.pop("ids").split(","))))
        if fold(row["owner"]) not in active:
            words = msg("{owner} has {number} open opportunities and is nobody's name in crm.toml or the owners", **row)
            yield Finding("owner.unknown", "warning", words, about)
        elif not active[fold(row["owner"])]:
            words = msg("{owner} has left and still has {number} open opportunities", **row)
            yield Finding("owner.left", "warning", words, about)


def _fill_rates(workspace: Workspace) -> Iterator[Finding]:
    for entity, columns in _FILL.items():
        living = "merged_into IS NULL" if "merged_into" in ENTITIES[entity].columns else "1"
        counts = ", ".join(f"count({column}) AS {column}" for column in columns)
        sql = f"SELECT count(*) AS total, {counts} FROM {entity} WHERE {living}"  # noqa: S608 (our own tables)
        filled = workspace.db.rows(sql)[0]
        total = filled.pop("total")
        if total:
            rates = enumerated(f"{_label(entity, key)} {100 * number // total} %" for key, number in filled.items())
            words = msg("{entity}: {total} records; filled: {rates}", entity=word(entity), total=total, rates=rates)
            yield Finding("fill", "info", words)


def _label(entity: str, column: str) -> str:
    key = column.removesuffix("_id").removesuffix("_fen")
    return catalogue()[f"{entity}.{key}"].label(current_language())


def _about(code: str, words: Message, numbers: list[int]) -> Iterator[Finding]:
    if numbers:
        about = tuple(record_number("opportunity", number) for number in numbers)
        yield Finding(code, "warning", Message(words.text, words.args | {"number": len(numbers)}), about)


def _snapshots(workspace: Workspace) -> Iterator[Finding]:
    """Find nights of which the rebuilt past differs from what was kept then."""
    checked = check_snapshots(workspace)
    for day in dict.fromkeys(difference.day for difference in checked.differences):
        number = sum(difference.day == day for difference in checked.differences)
        words = msg("the night of {day} as it was kept and as it is rebuilt differ in {number} figures: see `crmcli "
                    "report quality`", day=day, number=number)  # fmt: skip
        yield Finding("snapshot.differs", "warning", words)
    if checked.days and not checked.differences:
        words = msg("the last {number} nights as they were kept agree with the rebuilt past", number=len(checked.days))
        yield Finding("snapshot.agrees", "info", words)


_OF_DATA: tuple[Callable[[Workspace], Iterator[Finding]], ...] = (_deals, _foreign_stages, _reasons, _gates, _people)
_CHECKS = (_journal, *_OF_DATA, _snapshots, _fill_rates)


def examine_data(workspace: Workspace) -> list[Finding]:
    """Return what is wrong or missing in the data itself, rule by rule."""
    return [finding for check in _OF_DATA for finding in check(workspace)]


def as_document(finding: Finding) -> dict[str, Any]:
    """Return a finding as JSON gives it."""
    return {
        "code": finding.code,
        "severity": finding.severity,
        "message": str(finding.message),
        "records": list(finding.records),
    }
