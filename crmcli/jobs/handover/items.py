"""The records of a handover as the workbook lists them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace

from crmcli.domain.handover import Heir, Item, Place
from crmcli.domain.records import Record, record_number
from crmcli.jobs.handover.estate import OWNED, Estate

_DAY = len("2026-03-05")
_POOLED = ("customer", "opportunity")  # what can be in a pool; the rest has an owner or none
_NOBODY = Heir(None)


def items_of(estate: Estate, heirs: Mapping[Place, Heir], home: str) -> tuple[Item, ...]:
    """Return all records that go to others, kind by kind, by number; then the plans that go along with them.

    A customer's amount is that of its open deals in `home`, the workspace's currency; None where none of them is known.
    """
    plans = _next_plans(estate)
    deals, known = Counter[int](), dict[int, int]()
    for deal in estate.records["opportunity"].values():
        if deal["customer_id"] and deal["status"] == "open":
            deals[deal["customer_id"]] += 1
            if deal["amount_fen"] is not None and (deal["currency"] or home) == home:
                known[deal["customer_id"]] = known.get(deal["customer_id"], 0) + deal["amount_fen"]
    items: list[Item] = []
    for kind in OWNED:
        for number, record in estate.records[kind].items():
            item = _item(estate, kind, record, heirs[estate.unit_of(kind, record)], plans)
            if kind == "customer":
                fen = known.get(number) if deals[number] else 0
                item = replace(item, deals=deals[number], fen=fen, currency=None if fen is None else home)
            items.append(item)
    return (*items, *_plans(estate, heirs))


def _item(estate: Estate, kind: str, record: Record, heir: Heir, plans: Mapping[Place, tuple[str | None, str]]) -> Item:
    action, day = _next(kind, record) or plans.get((kind, record["id"])) or (None, None)
    home = estate.customers_of.get(record.get("customer_id") or 0)
    stage = {"opportunity": "stage", "lead": "status", "customer": "level"}.get(kind, "")
    return Item(
        kind=kind,
        id=record_number(kind, record["id"]),
        name=record.get("name") or record.get("title") or record.get("company") or "",
        heir=heir if kind in _POOLED else replace(heir, pool=None),
        customer=record["company"] if kind == "lead" else home["name"] if home else None,
        stage=record.get(stage),
        currency=record.get("currency"),
        fen=record.get("amount_fen"),
        last_contact=_last_contact(estate, kind, record),
        next_step=action,
        next_at=day and day[:_DAY],
        is_open=kind != "opportunity" or record["status"] == "open",
    )


def _last_contact(estate: Estate, kind: str, record: Record) -> str | None:
    """Return the day of the last follow-up: of a deal its own or its customer's, whichever is later."""
    places = [(kind, record["id"])] + ([("customer", record["customer_id"])] if kind == "opportunity" else [])
    return max((estate.last[place] for place in places if place in estate.last), default=None)


def _next(kind: str, record: Record) -> tuple[str | None, str | None] | None:
    if kind == "task":
        return None, record["due"]
    known = kind == "opportunity" and (record["next_action"] or record["next_at"])
    return (record["next_action"], record["next_at"]) if known else None


def _next_plans(estate: Estate) -> dict[Place, tuple[str | None, str]]:
    """Return place -> the next action that is planned for it, the earliest one."""
    found: dict[Place, tuple[str | None, str]] = {}
    for plan in sorted(estate.plans, key=lambda plan: (plan["next_at"], plan["id"]), reverse=True):
        for kind in ("customer", "opportunity", "contact", "lead"):
            if plan[f"{kind}_id"]:
                found[kind, plan[f"{kind}_id"]] = (plan["next_action"], plan["next_at"])
    return found


def _plans(estate: Estate, heirs: Mapping[Place, Heir]) -> Iterator[Item]:
    for plan in estate.plans:
        kind = next(k for k in ("opportunity", "contact", "lead", "customer") if plan[f"{k}_id"] in estate.records[k])
        record = estate.records[kind][plan[f"{kind}_id"]]
        home = estate.customers_of.get(plan["customer_id"] or 0)
        yield Item(
            kind="plan",
            id=record_number("activity", plan["id"]),
            name=plan["next_action"] or plan["text"] or "",
            heir=heirs.get(estate.unit_of(kind, record), _NOBODY),
            customer=home["name"] if home else record.get("company") or record.get("name"),
            last_contact=(plan["at"] or "")[:_DAY] or None,
            next_step=plan["next_action"],
            next_at=plan["next_at"][:_DAY],
        )
