"""What other assignment rules would have done with the deals of a period; nothing is written."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from crmcli.config import load_settings
from crmcli.config.parts import assignment_rules, owners, switches
from crmcli.domain.assignment.model import Cursor, Deal, Decision, deal_fields
from crmcli.domain.assignment.replay import DAY_END, PastDeal, Span, replay
from crmcli.domain.changes import with_values
from crmcli.domain.records import Record
from crmcli.domain.values.text import fold
from crmcli.jobs.owners.staff import Staff
from crmcli.jobs.workspace import Workspace
from crmcli.store.changes import changes_of_records
from crmcli.store.database import Database
from crmcli.store.records import fetch, fetch_columns, fetch_where

_FOREVER = "9999"
_DAY = len("2026-03-05")
_RUN_HOUR = "T09:00:00"  # when rules run on each day of a period in which they never ran


@dataclass(frozen=True, slots=True)
class Past:
    """How a deal came to its first owner: `at` which instant, `got` whom (None: nobody), by rule, person or import."""

    id: int
    at: str
    got: str | None
    by: str


@dataclass(frozen=True, slots=True)
class Replayed:
    """A deal of the period, and what the other rules would have decided, when; `moves` (when, what) because of time."""

    past: Past
    at: str
    decision: Decision
    moves: tuple[tuple[str, Decision], ...] = ()

    @property
    def changed(self) -> bool:
        """Return whether somebody else would have got it."""
        return fold(self.past.got or "") != fold(self.decision.owner or "")


@dataclass(frozen=True, slots=True)
class Backtest:
    """A period with other rules: every deal, and owner -> (got in reality, would have got); None: nobody."""

    deals: tuple[Replayed, ...]
    by_owner: dict[str | None, tuple[int, int]]
    undated: int

    @property
    def changed(self) -> int:
        """Return how many deals would have gone to somebody else."""
        return sum(deal.changed for deal in self.deals)

    @property
    def moves(self) -> int:
        """Return how often a deal would have moved on because nobody contacted it in time."""
        return sum(len(deal.moves) for deal in self.deals)


def backtest_rules(workspace: Workspace, rules: Path, first: date, until: date) -> Backtest:
    """Return what the rules of another crm.toml would have done with the deals of [first, until).

    A deal belongs to the day of its first decision or owner, else of its creation; whoever gave it, people too. Those
    that waited for an owner when the period began are among them. A deal is decided as it was then, with who was there
    that day and what everybody had by then under the other rules. Moves because nobody contacted a deal in time are
    replayed by the follow-ups that there were.

    Raises:
        ConfigError: the file cannot be used, or a rule names nobody.
    """
    stored = fetch_where(workspace.db, "owner")
    settings = load_settings(rules, stored)
    staff = Staff(owners(settings, stored))
    start, end = first.isoformat(), until.isoformat()
    stories = _stories(workspace.db)
    told = {number: _past(story, start, end) for number, story in stories.items()}
    pasts = {number: past for number, past in told.items() if past and start <= past.at < end}
    decided = replay(
        _past_deals(workspace.db, pasts, stories),
        held=_held(workspace.db, stories, pasts, staff),
        given=_given(workspace.db, start, staff),
        instants=_instants(workspace.db, pasts.values(), first, until),
        rules=assignment_rules(settings),
        owners=staff.owners,
        switches=switches(settings),
        cursor=_cursor_at(workspace.db, start),
    )
    deals = tuple(
        Replayed(replace(past, got=past.got and staff.named(past.got)), fate.at, fate.decision, fate.moves)
        for fate in decided
        if (past := pasts[fate.decision.opportunity])
    )
    return Backtest(deals, _by_owner(deals), sum(past is None for past in told.values()))


def _by_owner(deals: Iterable[Replayed]) -> dict[str | None, tuple[int, int]]:
    got = Counter(deal.past.got for deal in deals)
    would = Counter(deal.decision.owner for deal in deals)
    names = sorted({*got, *would}, key=lambda name: (name is None, name or ""))
    return {name: (got[name], would[name]) for name in names}


def _stories(db: Database) -> dict[int, Record]:
    """Return deal -> its record's columns with the changes of its owner (`moves`) and its first decision (`first`)."""
    columns = ("customer_id", "created_at", "owner", "owner_by", "status", "closed_at")
    stories = {deal["id"]: deal | {"moves": [], "first": None} for deal in fetch_columns(db, "opportunity", columns)}
    moves = "SELECT opportunity_id, at, from_value, value, by FROM event WHERE field = 'owner' AND at IS NOT NULL"
    for move in db.rows(f"{moves} ORDER BY at, id"):
        stories[move["opportunity_id"]]["moves"].append(move)
    for row in db.rows("SELECT opportunity_id, min(decided_at) AS at FROM assignment GROUP BY 1"):
        stories[row["opportunity_id"]]["first"] = row["at"]
    return stories


def _past(story: Record, start: str, end: str) -> Past | None:
    """Return how a deal came to its first owner before `end`; None where no day is known.

    One that waited for an owner when the period began comes in at its `start`.
    """
    moves = story["moves"]
    had = moves[0]["from_value"] if moves else story["owner"]
    if had:
        by = (story["owner_by"] or "import") if not moves else "import"
        return Past(story["id"], story["created_at"], had, by) if story["created_at"] else None
    taken = next((move for move in moves if move["value"]), None)
    times = [at for at in (story["first"], taken and taken["at"]) if at]
    at = min(times) if times else story["created_at"]
    if not at:
        return None
    waited = at < start and (not taken or taken["at"] >= start) and _closed(story) > start
    by = "rule" if story["first"] and (not taken or str(taken["by"]).startswith("rule:")) else "person"
    return Past(story["id"], start if waited else at, (taken and taken["at"] < end and taken["value"]) or None, by)


def _past_deals(db: Database, pasts: Mapping[int, Past], stories: Mapping[int, Record]) -> list[PastDeal]:
    """Return the deals as rules would have seen them then: without an owner, the fields as they were."""
    started = {row["id"]: row["started"] for row in db.rows("SELECT id, started FROM run")}
    numbers = {story["customer_id"] for number in pasts if (story := stories[number])["customer_id"]}
    deals, customers = fetch(db, "opportunity", pasts), fetch(db, "customer", numbers)
    changes = {"opportunity": changes_of_records(db, "opportunity", pasts)}
    changes["customer"] = changes_of_records(db, "customer", numbers)

    def as_of(entity: str, record: Record, at: str) -> Record:
        for change in reversed(changes[entity].get(record["id"], [])):
            if change.op == "update" and started[change.run_id] >= at:
                record = with_values(record, change.before)
        return record

    about_deals, about_customers = _contacts(db, min((past.at for past in pasts.values()), default=""))
    found = []
    for number, past in pasts.items():
        deal = as_of("opportunity", deals[number], past.at)
        customer = customers.get(stories[number]["customer_id"] or 0)
        fields = deal_fields(deal | {"owner": None}, customer and as_of("customer", customer, past.at))
        made = Deal(number, fields, stories[number]["customer_id"], created_at=deal["created_at"])
        contacts = (*about_deals.get(number, ()), *about_customers.get(stories[number]["customer_id"] or 0, ()))
        found.append(PastDeal(made, past.at, _closed(stories[number]), contacts))
    return found


def _contacts(db: Database, start: str) -> tuple[Mapping[int, list[str]], Mapping[int, list[str]]]:
    """Return deal -> when there were follow-ups with it since `start`, and customer -> those that name no deal."""
    deals, customers = defaultdict[int, list[str]](list), defaultdict[int, list[str]](list)
    for row in db.rows("SELECT opportunity_id, customer_id, at FROM activity WHERE at >= ?", (start[:_DAY],)):
        if row["opportunity_id"]:
            deals[row["opportunity_id"]].append(row["at"])
        elif row["customer_id"]:
            customers[row["customer_id"]].append(row["at"])
    return deals, customers


def _closed(story: Record) -> str:
    return (story["closed_at"] or "") if story["status"] != "open" else _FOREVER


def _held(db: Database, stories: Mapping[int, Record], pasts: Mapping[int, Past], staff: Staff) -> list[Span]:
    """Return who had the deals that are not replayed, and who had which customer, over time."""
    spans = []
    for number, story in stories.items():
        if number in pasts:
            continue
        moves = [(move["at"], move["value"]) for move in story["moves"]]
        had = story["moves"][0]["from_value"] if moves else story["owner"]
        about = {"customer": story["customer_id"], "created_at": story["created_at"] or ""}
        spans += _spans(number, [("", had), *moves], _closed(story), staff, about)
    holdings = defaultdict[int, list[Record]](list)
    for row in db.rows("SELECT customer_id, at, owner, from_owner FROM holding ORDER BY at, id"):
        holdings[row["customer_id"]].append(row)
    for customer in fetch_columns(db, "customer", ("owner",)):
        moves = [(row["at"], row["owner"]) for row in holdings[customer["id"]]]
        had = holdings[customer["id"]][0]["from_owner"] if moves else customer["owner"]
        spans += _spans(0, [("", had), *moves], _FOREVER, staff, {"customer": customer["id"]})
    return spans


def _spans(
    number: int, moves: list[tuple[str, str | None]], closed: str, staff: Staff, about: dict[str, Any]
) -> list[Span]:
    ends = [at for at, _ in moves[1:]] + [closed]
    found = zip(moves, ends, strict=True)
    return [Span(number, staff.named(owner), at, min(end, closed), **about) for (at, owner), end in found if owner]


def _given(db: Database, start: str, staff: Staff) -> Counter[tuple[str, str]]:
    """Return (owner, day) -> deals that rules gave earlier in the month in which the period begins."""
    sql = "SELECT owner, substr(decided_at, 1, 10) AS day FROM assignment WHERE owner IS NOT NULL"
    rows = db.rows(f"{sql} AND decided_at >= ? AND decided_at < ?", (f"{start[:7]}-01", start))
    return Counter((staff.named(row["owner"]), row["day"]) for row in rows)


def _instants(db: Database, pasts: Iterable[Past], first: date, until: date) -> list[str]:
    """Return when rules ran in the period, else 9:00 of each day; and the end of it where a deal came after that."""
    sql = "SELECT started FROM run WHERE kind = 'assign' AND status = 'done' AND started >= ? AND started < ?"
    ran = sorted({*db.values(sql, (first.isoformat(), until.isoformat()))})
    days = ((first + timedelta(days=n)).isoformat() for n in range((until - first).days))
    instants = ran or [f"{day}{_RUN_HOUR}" for day in days]
    last = max((past.at for past in pasts), default="")
    return instants if instants and last <= instants[-1] else [*instants, f"{last[:10]}{DAY_END}"]


def _cursor_at(db: Database, start: str) -> Cursor:
    """Return the turns that were owed when a period began."""
    states = fetch_where(db, "cursor", "name = 'assign'")
    if not states:
        return {}
    state = states[0]
    started = {row["id"]: row["started"] for row in db.rows("SELECT id, started FROM run")}
    for change in reversed(changes_of_records(db, "cursor", [state["id"]])[state["id"]]):
        if started[change.run_id] >= start:
            state = with_values(state, change.before) if change.op == "update" else {"state": {}}
    return {rule: turns for rule, turns in state["state"].items() if turns}
