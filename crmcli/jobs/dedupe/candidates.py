"""The customers of a database as the matcher takes them, and what people said about them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from crmcli.domain.identity import keys_of
from crmcli.domain.records import ENTITIES, Record
from crmcli.domain.values.phone import is_mobile
from crmcli.jobs.dedupe.links import Link, standing_links
from crmcli.jobs.dedupe.model import current_model
from crmcli.jobs.dedupe.originals import load_originals
from crmcli.matching.find import IdPair
from crmcli.matching.model import Model
from crmcli.matching.records import MatchBatch
from crmcli.store.database import Database
from crmcli.store.records import fetch_columns, fetch_where

# decisions after which a machine never merges
_APART = ("different", "related", "unsure")
# what is compared
_CUSTOMER = ("name", "short_name", "credit_code", "phones", "emails", "address", "province", "city", "wechat")
_CONTACT = ("customer_id", "name", "phones", "emails", "wechat")
_OF_CUSTOMERS = "customer_id IS NOT NULL"


@dataclass(frozen=True, slots=True)
class Candidates:
    """All customers, merged ones too, as they are without what merges gathered: what is one is found from scratch.

    `survivor` maps every customer to the one it lives on in, `links` are the merges that made it so, latest first.
    `forbidden` and `forced` are people's decisions, merges and aliases as pairs of ids. `joined` are the pairs (smaller
    id first) that an alias joins, with its short and full name; credit codes that differ outweigh it. `model` is what
    they are compared with.
    """

    batch: MatchBatch
    survivor: dict[int, int]
    forbidden: list[IdPair]
    forced: list[IdPair]
    joined: dict[tuple[int, int], tuple[str, str]]
    model: Model
    links: list[Link]

    @property
    def unmerged(self) -> list[int]:
        """Return the customers that were not merged into another."""
        return [number for number, alive in self.survivor.items() if number == alive]

    def among(self, number: int) -> list[int]:
        """Return a customer and all that were merged into it."""
        return [one for one, alive in self.survivor.items() if alive == number]


def load_candidates(db: Database) -> Candidates:
    """Return what the matcher is given."""
    customers = fetch_columns(db, "customer", (*_CUSTOMER, "merged_into"))
    merged = {c["id"]: c["merged_into"] for c in customers if c["merged_into"]}
    survivor = {c["id"]: _last(c["id"], merged) for c in customers}
    originals = load_originals(db)
    customers = [originals.customer(customer) for customer in customers]
    contacts = [originals.contact(contact) for contact in fetch_columns(db, "contact", _CONTACT, _OF_CUSTOMERS)]
    links = standing_links(merged, survivor, originals.customers)
    decided = fetch_where(db, "pair", "decision IS NOT NULL")
    forced = [pair_ids(p["a_id"], p["b_id"]) for p in decided if p["decision"] == "same"]
    forced += [pair_ids(link.loser, link.survivor) for link in links if link.firm]
    joined = _aliases(db, {c["id"]: c["credit_code"] for c in customers})
    return Candidates(
        batch=batch_of(customers, contacts),
        survivor=survivor,
        forbidden=[pair_ids(p["a_id"], p["b_id"]) for p in decided if p["decision"] in _APART],
        forced=forced + [pair_ids(*pair) for pair in joined],
        joined=joined,
        model=current_model(db),
        links=links,
    )


def batch_of(customers: Iterable[Record], contacts: Iterable[Record]) -> MatchBatch:
    """Return customers with the mobiles, mail, WeChat and first name of their contacts; ids are the numbers."""
    people: dict[int, list[Record]] = {}
    for contact in contacts:
        people.setdefault(contact["customer_id"], []).append(contact)
    rows = [(customer, people.get(customer["id"], [])) for customer in customers]
    return MatchBatch(
        ids=[str(customer["id"]) for customer, _ in rows],
        names=[customer["name"] or customer["short_name"] or "" for customer, _ in rows],
        credit_codes=[customer["credit_code"] or "" for customer, _ in rows],
        phones=[";".join(_phones(customer, own)) for customer, own in rows],
        emails=[_first(customer["emails"], *(c["emails"] for c in own)) for customer, own in rows],
        addresses=[customer["address"] or "" for customer, _ in rows],
        provinces=[customer["province"] or "" for customer, _ in rows],
        cities=[customer["city"] or "" for customer, _ in rows],
        contacts=[next((c["name"] for c in own if c["name"]), "") for _, own in rows],
        wechat=[customer["wechat"] or next((c["wechat"] for c in own if c["wechat"]), "") for customer, own in rows],
    )


def pair_ids(a: int, b: int) -> IdPair:
    """Return two customers' numbers as the matcher's ids."""
    return str(a), str(b)


def _phones(customer: Record, own: list[Record]) -> list[str]:
    mobiles = [phone for contact in own for phone in contact["phones"] if is_mobile(phone)]
    return list(dict.fromkeys([*customer["phones"], *mobiles]))


def _first(*lists: list[str]) -> str:
    return next((values[0] for values in lists if values), "")


def _last(number: int, merged: dict[int, int]) -> int:
    while number in merged:
        number = merged[number]
    return number


def _aliases(db: Database, codes: Mapping[int, str | None]) -> dict[tuple[int, int], tuple[str, str]]:
    """Return the customers that are called by the short and the full name of an alias -> these two names."""
    found: dict[tuple[int, int], tuple[str, str]] = {}
    for alias in fetch_where(db, "alias"):
        short, full = (_called(db, alias[key]) for key in ("short", "full"))
        pairs = [(min(a, b), max(a, b)) for a in short for b in full if a != b]
        apart = [pair for pair in pairs if len({codes[number] for number in pair} - {None}) > 1]
        found |= dict.fromkeys((pair for pair in pairs if pair not in apart), (alias["short"], alias["full"]))
    return found


def _called(db: Database, name: str) -> list[int]:
    """Return all customers of a name, merged ones too."""
    keys = [key for key in keys_of("customer", ENTITIES["customer"].blank() | {"name": name}) if key[0] == "name"]
    sql = "SELECT record_id FROM record_key WHERE entity = 'customer' AND kind = ? AND value = ? ORDER BY record_id"
    return [number for key in keys for number in db.values(sql, key)]
