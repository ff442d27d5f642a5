"""What watches a simulated company: a model of its own of raw rows, of the settings as written, and of a calendar."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Any

import chinese_calendar
import pytest

PROVINCES = {
    city: province
    for province, cities in {
        "上海": "上海",
        "江苏": "苏州",
        "浙江": "杭州",
        "广东": "广州 深圳",
        "北京": "北京",
        "四川": "成都",
    }.items()
    for city in cities.split()
}
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_TABLES = ("run", "change", "opportunity", "customer", "event", "holding", "assignment", "cursor", "task")
_LAST_CONTACT = """
SELECT max(a.at) FROM activity a WHERE a.customer_id = :c OR a.opportunity_id IN
(SELECT id FROM opportunity WHERE customer_id = :c) OR a.contact_id IN (SELECT id FROM contact WHERE customer_id = :c)
"""
_DISAGREE = """
SELECT o.id FROM opportunity o WHERE o.stage IS NOT (
    SELECT value FROM event e WHERE e.opportunity_id = o.id AND field = 'stage' ORDER BY at DESC, id DESC LIMIT 1)
OR (o.status = 'won') <> (o.stage = '赢单') OR (o.status = 'lost') <> (o.stage = '输单')
OR (o.status = 'void') <> (o.stage = '无效') OR (o.status = 'open') <> (o.closed_at IS NULL)
OR (o.status = 'lost') <> (o.loss_reason IS NOT NULL)
"""


class Turns:
    """The turns of a rule since its members or weights changed: what each of the candidates had, and was due."""

    def __init__(self, weights: dict[str, int], most: float) -> None:
        self.weights, self.most, self.number = weights, most, 0
        self.had, self.due = Counter[str](), defaultdict[str, Fraction](Fraction)
        self.always: set[str] = set()

    def take(self, chosen: str, candidates: dict[str, int]) -> None:
        self.always = self.always & candidates.keys() if self.number else set(candidates)
        self.number += 1
        self.had[chosen] += 1
        for name, weight in candidates.items():
            self.due[name] += Fraction(weight, sum(candidates.values()))

    def astray(self) -> list[str]:
        away = {name: self.had[name] - self.due[name] for name in sorted(self.always)}
        return [f"{name}: {float(off):+.2f} turns" for name, off in away.items() if abs(off) >= self.most]


class Watch:
    """An eye that notes all that is wrong, in `wrong`."""

    def begins(self, company: Any) -> None:
        self.company, self.db = company, company.db
        self.wrong: list[str] = []
        self.stages: dict[int, list[str]] = {}
        self.given, self.given_month = Counter[tuple[date, str]](), Counter[tuple[str, str]]()
        self.decided: dict[int, list[tuple[str, str | None]]] = {}
        self.turns: dict[str, Turns] = {}
        self.unseen: dict[str, dict[str, int]] = {}  # rounds in which turns were had that nobody watched
        self.seen_turns = Counter[str]()
        self.rehearsed: list[Any] | None = None

    def note(self, *what: object) -> None:
        self.wrong.append(" ".join(map(str, (self.company.day, *what))))

    def _rows(self, sql: str, *values: object) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.db.rows(sql, values)
        return rows

    def before(self) -> None:
        self.deals = {row["id"]: row for row in self._rows("SELECT * FROM opportunity")}
        self.customers = {row["id"]: row for row in self._rows("SELECT id, owner, pool FROM customer")}
        self.events = self._stage_events()
        self.last = self.db.value("SELECT max(id) FROM assignment") or 0
        self.tables = self._tables() if self.company.scale.leads < 1000 else []
        self.open: Counter[str | None] = Counter(row["owner"] for row in self.deals.values() if row["status"] == "open")
        self.people = {one.name: one for one in self.company.sellers}

    def _tables(self) -> list[Any]:
        return [self._rows(f"SELECT * FROM {table} ORDER BY id") for table in _TABLES]  # noqa: S608 (our own tables)

    def _stage_events(self) -> list[dict[str, Any]]:
        return self._rows("SELECT * FROM event WHERE field = 'stage' ORDER BY id")

    def after(self, kind: str, result: Any) -> None:
        decisions = [(one.opportunity, one.owner, one.pool, one.rule) for one in getattr(result, "decisions", ())]
        if kind == "rehearsal":
            self.rehearsed = decisions
            if self.tables and self.tables != self._tables():
                self.note("a rehearsal wrote")
            return
        fallen = {int(one.customer[1:]) for one in result.fallen} if kind == "pool" else set()
        closes = kind == "pool" and self.company.rules["pool"][0]["open_deals"] == "close"
        self._stages_stay(kind, fallen if closes else set())
        if kind == "assign":
            if self.rehearsed is not None and self.rehearsed != decisions:
                self.note("the rehearsal said otherwise")
            self.rehearsed = None
        if kind == "pool":
            self._falls(fallen)
        else:
            self._transfers(kind)

    def _stages_stay(self, kind: str, closing: set[int]) -> None:
        """Check that a transfer left stages, amounts and all else alone; a pool may close the deals of who fell in."""
        now = self._stage_events()
        fresh = now[len(self.events) :]
        if now[: len(self.events)] != self.events:
            self.note(kind, "changed stage events")
        for event in fresh:
            deal = self.deals[event["opportunity_id"]]
            if event["value"] != "无效" or deal["customer_id"] not in closing or deal["status"] != "open":
                self.note(kind, "made a stage event", event)
            self.stages[deal["id"]].append("无效")
        closed = {event["opportunity_id"] for event in fresh}
        free = {"owner", "owner_by", "pool", "extra"}
        for row in self._rows("SELECT * FROM opportunity"):
            was = self.deals[row["id"]]
            changed = {key for key in row if row[key] != was[key]}
            if row["id"] not in closed and changed - free:
                self.note(kind, "changed", row["id"], changed - free)

    def _falls(self, fallen: set[int]) -> None:
        choice = self.company.rules["pool"][0]["open_deals"]
        limit = self.company.rules["pool"][0]["recycle"]["no_follow_up_days"]
        for row in self._rows("SELECT id, owner, pool FROM customer"):
            was = self.customers[row["id"]]
            if (row != was) != (row["id"] in fallen) or (row != was and (row["owner"] or not row["pool"])):
                self.note("pool: customer", was, row)
        for number in fallen:
            said = self.db.value(_LAST_CONTACT, {"c": number}) or ""
            held = self.db.value("SELECT max(at) FROM holding WHERE customer_id = ? AND owner IS NOT NULL", (number,))
            if (self.company.day - date.fromisoformat(max(said, held)[:10])).days <= limit:
                self.note("pool: too early", number, said, held)
        for row in self._rows("SELECT id, customer_id, status, owner, pool FROM opportunity"):
            was = self.deals[row["id"]]
            moves = choice == "move" and was["customer_id"] in fallen and was["status"] == "open"
            wanted = (None, "公海") if moves else (was["owner"], was["pool"])
            if (row["owner"], row["pool"] if not moves else row["pool"] and "公海") != wanted:
                self.note("pool: deal", was, row)

    def _transfers(self, kind: str) -> None:
        """Check what rules gave: to whom was there, with room, in turn."""
        made = self._rows("SELECT * FROM assignment WHERE id > ? ORDER BY id", self.last)
        for row in made:
            number, who, was = row["opportunity_id"], row["owner"], self.deals[row["opportunity_id"]]["owner"]
            self.open[was] -= 1
            for skip in row_skips(row):
                self._check_skip(kind, skip)
            if who and who != was:
                self._gets(kind, who, row)
            self.open[who] += 1
            if row["rule"] != "timeout":
                self.decided[number] = []
            self.decided.setdefault(number, []).append((row["rule"], who))
        if kind == "handover":
            self.unseen = {name: turns.weights for name, turns in self.turns.items()}
            self.end_turns()
        told = {row["id"]: row for row in self._rows("SELECT id, owner, pool FROM opportunity")}
        rows = {row["opportunity_id"] for row in made}
        strange = [n for n, row in told.items() if row["owner"] != self.deals[n]["owner"] and n not in rows]
        if strange and kind == "assign":
            self.note("given without a decision", strange)

    def _gets(self, kind: str, who: str, row: dict[str, Any]) -> None:
        day, seller = self.company.day, self.people[who]
        if not self.is_there(seller):
            self.note(kind, who, "is not there", row["opportunity_id"], row["rule"])
        if full := self.full(seller):
            self.note(kind, who, "is full", full, row["opportunity_id"], row["rule"])
        self._turn(kind, who, row)
        self.given[day, who] += 1
        self.given_month[day.isoformat()[:7], who] += 1

    def _check_skip(self, kind: str, skip: dict[str, Any]) -> None:
        """Check that who was passed over as full, or as away, was."""
        name, why = skip.get("owner"), skip["why"]["text"]
        seller = self.people.get(name or "")
        if seller is None:
            return
        if why.startswith("full") and not self.full(seller):
            self.note(kind, name, "was not full", skip["why"]["args"])
        if ("leave" in why or "rest day" in why) and self.is_there(seller):
            self.note(kind, name, "was there", skip["why"])

    def _turn(self, kind: str, who: str, row: dict[str, Any]) -> None:
        rule = self._rule_of(row)
        if rule is None or kind != "assign":
            return
        candidates = self.candidates(rule, row["opportunity_id"], row["rule"] == "timeout")
        if who not in candidates:
            self.note(kind, who, "is no candidate of", rule["name"], candidates)
        if rule.get("strategy") != "least_load" and rule.get("on_full") in (None, "next_member"):
            weights, name = self._weights(rule), rule["name"]
            if name in self.turns and self.turns[name].weights != weights:
                self._end(name)
            # where a round goes on after turns that nobody watched, what was owed then may be had now
            most = 2.0 if self.unseen.get(name) == weights else 1.0
            shares = {one: weights[one] for one in candidates}
            self.turns.setdefault(name, Turns(weights, most)).take(who, shares)

    def _weights(self, rule: dict[str, Any]) -> dict[str, int]:
        weighted, to = rule.get("strategy") == "weighted", rule["to"]
        members = [
            one for one in self.company.sellers if one.active and (to == "*" or one.team in to["team"]) and one.weight
        ]
        return {one.name: one.weight if weighted else 1 for one in members}

    def _rule_of(self, row: dict[str, Any]) -> dict[str, Any] | None:
        said = as_json(row["reason"])
        said = said["args"]["reason"] if row["rule"] == "timeout" and "reason" in said["args"] else said
        name = said["args"].get("rule") if isinstance(said, dict) else None
        return next((rule for rule in self.company.rules["assign"]["rule"] if rule["name"] == name), None)

    def candidates(self, rule: dict[str, Any], number: int, late: bool) -> list[str]:
        deal = self.deals[number]
        place = self.province(deal["customer_id"])
        had = {who for _, who in self.decided.get(number, ())} if late else set()
        found = []
        for one in self.company.sellers:
            to = rule["to"]
            teams = to["team"] if isinstance(to, dict) else [one.team]
            outside = one.provinces and place and place not in one.provinces
            full = rule.get("on_full", "next_member") == "next_member" and self.full(one)
            if one.team in teams and self.is_there(one) and one.weight and not outside and not full:
                found.append(one.name)
        return [name for name in found if name not in had]

    def province(self, customer: int) -> str:
        name = self.db.value("SELECT name FROM customer WHERE id = ?", (customer,))
        return next((place for city, place in PROVINCES.items() if name.startswith(city)), "")

    def is_there(self, seller: Any) -> bool:
        day = self.company.day
        if not seller.active or any(first <= day <= last for first, last in seller.leave):
            return False
        rest, holiday = chinese_calendar.get_holiday_detail(day)
        if seller.work_days:
            return WEEK[day.weekday()] in seller.work_days and not (rest and holiday)
        return not rest

    def full(self, seller: Any) -> list[str]:
        day = self.company.day
        held = {
            "max_open": self.open[seller.name],
            "max_per_day": self.given[day, seller.name],
            "max_per_month": self.given_month[day.isoformat()[:7], seller.name],
        }
        return [f"{key} {held[key]}" for key, most in seller.limits.items() if held[key] >= most]

    def end_turns(self) -> None:
        for name in [*self.turns]:
            self._end(name)

    def _end(self, name: str) -> None:
        turns = self.turns.pop(name)
        self.seen_turns[name] += turns.number
        self.wrong += [f"{self.company.day} {name} {who} of {turns.number}" for who in turns.astray()]

    def moved(self, deal: int, stage: str) -> None:
        self.stages.setdefault(deal, ["初步接触"]).append(stage)

    def ends_day(self) -> None:
        self._who_has_what()
        told: dict[int, list[str]] = {}
        for event in self._stage_events():
            told.setdefault(event["opportunity_id"], []).append(event["value"])
        for number in told.keys() - self.stages.keys():
            self.stages[number] = ["初步接触"]
        if told != self.stages:
            self.note("stages", [(n, told.get(n), own) for n, own in self.stages.items() if told.get(n) != own])
        self.wrong += [f"{self.company.day} stage and status of {row}" for row in self._rows(_DISAGREE)]
        self._chains("holding", "customer", ("owner", "pool"), ("from_owner", "from_pool"))
        self._chains("event", "opportunity", ("value",), ("from_value",))

    def _who_has_what(self) -> None:
        pools = {pool["name"] for pool in self.company.rules["pool"]} | {"公海", "广东公海"}
        active = {one.name for one in self.company.sellers if one.active}
        for row in self._rows("SELECT id, owner, pool, owner_by FROM opportunity WHERE status = 'open'"):
            if row["owner"] not in active if row["owner"] else row["pool"] not in pools:
                self.note("nobody has", row)
            if row["owner"] and (row["pool"] or row["owner_by"] not in ("rule", "person")):
                self.note("not one owner", row)
        for row in self._rows("SELECT id, owner, pool FROM customer WHERE owner IS NOT NULL"):
            if row["pool"] or row["owner"] not in active:
                self.note("customer", row)

    def _chains(self, table: str, parent: str, now: Iterable[str], was: Iterable[str]) -> None:
        """Check that each change of hands starts where the one before ended, and the last one is what holds."""
        where = "WHERE field = 'owner'" if table == "event" else ""
        last: dict[int, tuple[Any, ...]] = {}
        for row in self._rows(f"SELECT * FROM {table} {where} ORDER BY id"):  # noqa: S608
            number, before = row[f"{parent}_id"], tuple(row[key] for key in was)
            if last.get(number, before) != before:
                self.note(table, "does not follow", row)
            last[number] = tuple(row[key] for key in now)
        names = "owner, pool" if table == "holding" else "owner"
        for row in self._rows(f"SELECT id, {names} FROM {parent}"):  # noqa: S608
            if last.get(row["id"], tuple(row.values())[1:]) != tuple(row.values())[1:]:
                self.note(table, "ends otherwise than", row)


def as_json(text: str | None) -> Any:
    return json.loads(text or "[]")


def row_skips(row: dict[str, Any]) -> list[dict[str, Any]]:
    skipped: list[dict[str, Any]] = as_json(row["skipped"])
    return [one for one in skipped if "owner" in one]


@pytest.fixture
def watch() -> Watch:
    """Return an eye that sees all."""
    return Watch()
