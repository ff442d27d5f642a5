"""What was closed, what the closed ones have in common, and what the data holds, by brute force."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from statistics import median

from .house import MIN_N, NONE, House, Told, known
from .house_seen import Row, SeenDeal, deals_seen, grouped, summed, yuan
from .seen import Asked


def closed(house: House, asked: Asked) -> list[SeenDeal]:
    """Return what was closed in the period, without one in the last complete week, and still is."""
    if not (asked.start or asked.end):
        monday = asked.at.date() - timedelta(days=asked.at.weekday())
        asked = replace(asked, start=monday - timedelta(days=7), end=monday)
    return [one for one in deals_seen(house, asked)
            if one.status != "open" and one.last and asked.covers(one.last.at)]  # fmt: skip


def reason(one: SeenDeal) -> str | None:
    """Return why it was lost."""
    return ((one.last.reason if one.last else None) or NONE) if one.status == "lost" else None


def deals(house: House, asked: Asked) -> dict[str, Row]:
    """Return the rows by opportunity."""
    return {
        one.deal.number: {"outcome": one.status.capitalize(), "reason": reason(one), "stage": one.stage_before,
                                 "competitor": one.deal.competitor, "days": one.days}
        for one in closed(house, asked)
    }  # fmt: skip


def common(house: House, asked: Asked, by: str) -> dict[str, Row]:
    """Return what closed ones have in common."""
    them = closed(house, asked)
    if by == "reason":
        them = [one for one in them if one.status == "lost"]
    if by == "competitor":
        them = [one for one in them if one.deal.competitor]
    rows = {}
    for name, own in grouped(them, lambda one: _label(one, by)).items():
        n = Counter(one.status for one in own)
        days = [one.days for one in own if one.days is not None]
        rows[name] = {"n": len(own), "won": n["won"], "lost": n["lost"], "void": n["void"],
                      "amount": yuan(summed(own)), "amount_usd": yuan(summed(own, "USD")),
                      "days": round(median(days), 1) if len(days) >= MIN_N else None}  # fmt: skip
    return rows


def _label(one: SeenDeal, by: str) -> str:
    if by == "reason":
        return reason(one) or NONE
    return one.stage_before if by == "stage" else one.label(by, one.owner_at_close)


def sums(house: House, asked: Asked) -> dict[tuple[str, str], Row]:
    """Return what is in the data by status and currency."""
    them = [(one, one.status, one.deal.currency) for one in deals_seen(house, asked)]
    rows = {}
    for status, currency in {(status, currency) for _, status, currency in them}:
        own = [one for one, *place in them if place == [status, currency]]
        rows[status, currency] = {"n": len(own), "amount": yuan(summed(own, currency)),
                                  "no_amount": sum(one.fen is None for one in own)}  # fmt: skip
    return rows


def filled(house: House, asked: Asked) -> dict[tuple[str, str], tuple[int, int]]:
    """Return of some fields how many records have them, of how many."""
    told: dict[str, Sequence[Told]] = {"customer": known(house.customers, asked), "lead": known(house.leads, asked),
            "opportunity": known(house.deals, asked), "activity": known(house.contacts, asked),
            "contract": known(house.contracts, asked), "payment": known(house.payments, asked)}  # fmt: skip
    fields = {
        "lead": {"source": "source", "owner": "owner", "created_at": "created"},
        "opportunity": {"product": "product", "source": "source", "amount": "amount", "competitor": "competitor"},
        "activity": {"next_at": "next_day", "opportunity": "deal"},
        "contract": {"owner": "owner"},
        "payment": {"due_on": "due_on", "due_amount": "due", "received_on": "received_on", "contract": "contract",
                    "received_amount": "received", "installment": "installment"},
    }  # fmt: skip
    return {(kind, key): (sum(getattr(one, name) is not None for one in told[kind]), len(told[kind]))
            for kind, of in fields.items() for key, name in of.items()}  # fmt: skip


def faults(house: House, asked: Asked) -> dict[str, int]:
    """Return how many opportunities break each rule about them, of those that any breaks."""
    them = deals_seen(house, asked)
    still = [one for one in them if one.status == "open"]
    found = {
        "deal.no_amount": sum(one.fen is None for one in still),
        "deal.amount_zero": sum(one.fen == 0 for one in them),
        "deal.no_stage": sum(not one.steps for one in still),
        "deal.no_reason": sum(one.status == "lost" and not (one.last and one.last.reason) for one in them),
        "deal.backwards": sum(
            one.closed_on is not None and one.closed_on.isoformat() < one.deal.created[:10] for one in them
        ),
        "deal.closed_in_the_future": sum(one.closed_on is not None and one.closed_on > asked.at.date() for one in them),
        "deal.from_the_future": sum(one.deal.created[:10] > asked.at.date().isoformat() for one in them),
    }
    return {rule: number for rule, number in found.items() if number}
