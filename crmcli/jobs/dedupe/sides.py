"""What is said of customers that a person compares: their fields in words, their contacts, deals and follow-ups."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from crmcli.domain.fields import catalogue
from crmcli.domain.records import Record, record_number
from crmcli.domain.values.money import fen_to_text
from crmcli.domain.values.phone import display_phone
from crmcli.i18n import current_language, msg
from crmcli.store.database import Database
from crmcli.store.records import chunks, fetch, fetch_where

# fields of which one value stays, which a person may choose, in the order in which they are shown
CHOSEN = ("name", "short_name", "credit_code", "province", "city", "district", "address", "owner", "industry",
          "level", "source", "wechat", "note")  # fmt: skip
# fields whose values are united
UNITED = ("phones", "emails", "tags")
_SHOWN_DEALS = 4


@dataclass(slots=True)
class Sides:
    """Customers by number, with the contacts, deals and follow-ups of each."""

    customers: dict[int, Record]
    contacts: dict[int, list[Record]] = field(default_factory=dict)
    deals: dict[int, list[Record]] = field(default_factory=dict)
    activities: dict[int, tuple[int, str]] = field(default_factory=dict)

    def told(self, number: int) -> dict[str, str]:
        """Return what is said of a customer by key: `number`, the fields, `contacts`, `deals`, `activities`."""
        return said_of(self.customers[number]) | {
            "number": record_number("customer", number),
            "contacts": "\n".join(map(_person, self.contacts.get(number, []))),
            "deals": self._deals(number),
            "activities": self._activities(number),
        }

    def _deals(self, number: int) -> str:
        deals = sorted(self.deals.get(number, []), key=_open_and_large_first)
        lines = [_deal(deal) for deal in deals[:_SHOWN_DEALS]]
        more = [str(msg("and {count} more", count=len(deals) - _SHOWN_DEALS))] if len(deals) > _SHOWN_DEALS else []
        return "\n".join([*lines, *more])

    def _activities(self, number: int) -> str:
        count, last = self.activities.get(number, (0, ""))
        return str(msg("{count} follow-ups, last {day}", count=count, day=last[:10] or "—")) if count else ""


def load_sides(db: Database, numbers: Iterable[int]) -> Sides:
    """Return what there is about customers."""
    wanted = sorted(set(numbers))
    sides = Sides(fetch(db, "customer", wanted))
    for part in chunks(wanted):
        within = f"customer_id IN ({','.join('?' * len(part))})"
        for contact in fetch_where(db, "contact", f"merged_into IS NULL AND {within}", part):
            sides.contacts.setdefault(contact["customer_id"], []).append(contact)
        for deal in fetch_where(db, "opportunity", f"status IN ('open', 'won') AND {within}", part):
            sides.deals.setdefault(deal["customer_id"], []).append(deal)
        sql = f"SELECT customer_id, count(*) AS n, max(at) AS last FROM activity WHERE {within} GROUP BY customer_id"  # noqa: S608 (question marks alone are put in)
        for row in db.rows(sql, part):
            sides.activities[row["customer_id"]] = row["n"], row["last"] or ""
    return sides


def said_of(values: Mapping[str, object]) -> dict[str, str]:
    """Return the fields of a customer, or of what is to become of several, in words; "" for what is not known."""
    shown = {}
    for key in (*CHOSEN, *UNITED):
        value = values.get(key)
        listed = [str(one) for one in (value if isinstance(value, list) else [value]) if one]
        shown[key] = "\n".join(map(display_phone, listed) if key == "phones" else listed)
    return shown


def heading(key: str) -> str:
    """Return what a field is called in the current language."""
    words = {
        "number": msg("number"),
        "contacts": msg("contacts"),
        "deals": msg("open and won deals"),
        "activities": msg("follow-ups"),
    }
    return str(words[key]) if key in words else catalogue()[f"customer.{key}"].label(current_language())


def _open_and_large_first(deal: Record) -> tuple[bool, int]:
    return deal["status"] != "open", -(deal["amount_fen"] or 0)


def _person(contact: Record) -> str:
    return _joined((contact["name"], *map(display_phone, contact["phones"])))


def _deal(deal: Record) -> str:
    amount = "" if deal["amount_fen"] is None else fen_to_text(deal["amount_fen"])
    return _joined((deal["name"], deal["stage"], amount))


def _joined(parts: Iterable[str | None]) -> str:
    return " ".join(part for part in parts if part)
