"""The pairs that wait for a person, as a workbook."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from hashlib import sha256
from pathlib import Path

from crmcli.domain.records import Record, record_number
from crmcli.domain.values.money import fen_to_text
from crmcli.domain.values.phone import display_phone
from crmcli.i18n import Message, msg
from crmcli.jobs.dedupe.pairs import pairs_to_review, reason_in_words
from crmcli.jobs.workspace import Workspace
from crmcli.reports.duplicates import ReviewField, ReviewPair, write_review
from crmcli.store.database import Database
from crmcli.store.records import chunks, fetch, fetch_where


def review_workbook(workspace: Workspace, path: Path) -> int:
    """Return how many pairs the workbook holds, best score first, those called unsure before last.

    Raises:
        FileNotWritten: the file cannot be written.
    """
    pairs = pairs_to_review(workspace.db)
    sides = _Sides(workspace.db, {number for pair in pairs for number in (pair["a_id"], pair["b_id"])})
    write_review(path, [_row(pair, sides) for pair in pairs])
    return len(pairs)


def pair_key(pair: Record, a: Record, b: Record) -> str:
    """Return the hidden cell of a pair: its number and a fingerprint of both records."""
    text = json.dumps([a, b], ensure_ascii=False, sort_keys=True)
    return f"{record_number('pair', pair['id'])}:{sha256(text.encode()).hexdigest()[:16]}"


def _row(pair: Record, sides: _Sides) -> ReviewPair:
    a, b = (sides.customers[pair[key]] for key in ("a_id", "b_id"))
    reasons = [f"{reason['weight']:+.1f} {reason_in_words(reason)}" for reason in pair["reasons"] if reason["weight"]]
    return ReviewPair(pair_key(pair, a, b), pair["score"] or 0.0, reasons, sides.fields(a, b), pair["decision"] or "")


class _Sides:
    """What the workbook says of each customer: its columns, its contacts and its open deals."""

    def __init__(self, db: Database, ids: Iterable[int]) -> None:
        wanted = sorted(ids)
        self.customers = fetch(db, "customer", wanted)
        self.contacts: dict[int, list[Record]] = {}
        self.deals: dict[int, list[Record]] = {}
        for part in chunks(wanted):
            within = f"customer_id IN ({','.join('?' * len(part))})"
            for contact in fetch_where(db, "contact", f"merged_into IS NULL AND {within}", part):
                self.contacts.setdefault(contact["customer_id"], []).append(contact)
            for deal in fetch_where(db, "opportunity", f"status = 'open' AND {within}", part):
                self.deals.setdefault(deal["customer_id"], []).append(deal)

    def fields(self, a: Record, b: Record) -> list[ReviewField]:
        """Return what stands side by side, in the order of the columns."""
        said: list[tuple[Message, int, Callable[[Record], str | None]]] = [
            (msg("number"), 7, lambda one: record_number("customer", one["id"])),
            (msg("name"), 30, lambda one: one["name"]),
            (msg("province and city"), 11, lambda one: _joined((one["province"], one["city"]))),
            (msg("address"), 26, lambda one: one["address"]),
            (msg("phones"), 15, lambda one: "\n".join(map(display_phone, one["phones"]))),
            (msg("contacts"), 22, self._contacts),
            (msg("owner"), 9, lambda one: one["owner"]),
            (msg("open deals"), 28, self._deals),
            (msg("credit code"), 21, lambda one: one["credit_code"]),
        ]
        return [ReviewField(title, say(a) or "", say(b) or "", width) for title, width, say in said]

    def _contacts(self, customer: Record) -> str:
        people = self.contacts.get(customer["id"], [])
        return "\n".join(_joined((person["name"], *map(display_phone, person["phones"]))) for person in people)

    def _deals(self, customer: Record) -> str:
        return "\n".join(_deal(deal) for deal in self.deals.get(customer["id"], []))


def _deal(deal: Record) -> str:
    amount = "" if deal["amount_fen"] is None else fen_to_text(deal["amount_fen"])
    return _joined((deal["name"], deal["stage"], amount))


def _joined(parts: Iterable[str | None]) -> str:
    return " ".join(part for part in parts if part)
