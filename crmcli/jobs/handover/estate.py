"""All that somebody has: read set-wise, whatever the number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from crmcli.domain.handover import Place, Unit
from crmcli.domain.leads import is_open
from crmcli.domain.records import Record
from crmcli.domain.values.text import fold
from crmcli.jobs.deals.stages import present_deals
from crmcli.jobs.workspace import Workspace
from crmcli.store.clocks import ABOUT
from crmcli.store.database import Database
from crmcli.store.records import fetch, fetch_where

OWNED = ("customer", "opportunity", "contact", "lead", "task")
# the last time that somebody was in touch, and the plans that are open, by what they are about
_LAST = "SELECT {column} AS id, max(at) AS at FROM activity WHERE {column} IS NOT NULL AND at <= ? GROUP BY 1"


_LAST_OF_CUSTOMER = f"""
SELECT about.customer AS id, max(a.at) AS at FROM ({ABOUT}) about JOIN activity a ON a.id = about.id
WHERE about.customer IS NOT NULL AND a.at <= ? GROUP BY 1
"""  # noqa: S608 (our own texts)


@dataclass(frozen=True, slots=True)
class Estate:
    """What somebody has, by kind and number. `closed` tells that closed deals and leads go along.

    `customers_of` are all customers that any of it belongs to, the leaver's own or not; `last` is when somebody was
    last in touch, by place; `plans` are follow-ups whose next action is still ahead.
    """

    names: tuple[str, ...]
    records: dict[str, dict[int, Record]]
    customers_of: dict[int, Record]
    last: dict[Place, str] = field(default_factory=dict)
    plans: tuple[Record, ...] = ()

    def unit_of(self, kind: str, record: Record) -> Place:
        """Return the unit that a record goes with: its customer, else its deal, lead or itself."""
        if kind == "customer":
            return kind, record["id"]
        if record.get("customer_id") and kind != "lead":
            return "customer", record["customer_id"]
        if kind == "task" and record["opportunity_id"]:
            return "opportunity", record["opportunity_id"]
        return kind, record["id"]

    def units(self) -> list[Unit]:
        """Return what goes to one person together, each with the sum of its open deals."""
        sums: dict[Place, int] = {}
        for kind in OWNED:
            for record in self.records[kind].values():
                place = self.unit_of(kind, record)
                is_open_deal = kind == "opportunity" and record["status"] == "open"
                sums[place] = sums.get(place, 0) + ((record["amount_fen"] or 0) if is_open_deal else 0)
        return [Unit(place, fen, self._is_guest(place)) for place, fen in sums.items()]

    def _is_guest(self, place: Place) -> bool:
        return place[0] == "customer" and place[1] not in self.records["customer"]


def estate_of(workspace: Workspace, who: str, *, closed: bool = False) -> Estate:
    """Return what somebody has: customers, contacts, open deals, open leads and open tasks; closed ones on `closed`."""
    db, now = workspace.db, workspace.now()
    records = {kind: _owned(db, kind, who) for kind in OWNED}
    deals = {deal["id"]: deal for deal in present_deals(db, records["opportunity"].values(), now)}
    if not closed:
        deals = {number: deal for number, deal in deals.items() if deal["status"] == "open"}
        records["lead"] = {number: lead for number, lead in records["lead"].items() if is_open(lead)}
    records["opportunity"] = deals
    records["task"] = {number: task for number, task in records["task"].items() if not task["done_at"]}
    homes = {int(record.get("customer_id") or 0) for kind in OWNED for record in records[kind].values()}
    customers = records["customer"] | fetch(db, "customer", homes - records["customer"].keys())
    names = sorted({str(record["owner"]) for own in records.values() for record in own.values()})
    return Estate(tuple(names), records, customers, _last(db, now), _plans(db, records, now))


def _owned(db: Database, kind: str, who: str) -> dict[int, Record]:
    written = db.values(f"SELECT DISTINCT owner FROM {kind} WHERE owner IS NOT NULL")  # noqa: S608 (our own names)
    names = [name for name in written if fold(name) == fold(who)]
    where = f"owner IN ({','.join('?' * len(names))})"
    alive = " AND merged_into IS NULL" if kind in ("customer", "contact") else ""
    return {record["id"]: record for record in fetch_where(db, kind, where + alive, names)}


def _last(db: Database, now: str) -> dict[Place, str]:
    """Return place -> the day of its last follow-up; of a customer, also with its contacts and about its deals."""
    found: dict[Place, str] = {}
    queries = {kind: _LAST.format(column=f"{kind}_id") for kind in ("opportunity", "contact", "lead")}
    for kind, query in (*queries.items(), ("customer", _LAST_OF_CUSTOMER)):
        for row in db.rows(query, (now,)):
            found[kind, row["id"]] = row["at"][: len("2026-03-05")]
    return found


def _plans(db: Database, records: dict[str, dict[int, Record]], now: str) -> tuple[Record, ...]:
    """Return the follow-ups about any of it whose next action is today's or later."""
    today = now[: len("2026-03-05")]
    ahead = fetch_where(db, "activity", "next_at >= ?", (today,))
    return tuple(one for one in ahead if _about(one, records))


def _about(activity: Record, records: dict[str, dict[int, Record]]) -> bool:
    kinds: Iterable[str] = ("customer", "opportunity", "contact", "lead")
    return any(activity[f"{kind}_id"] in records[kind] for kind in kinds)
