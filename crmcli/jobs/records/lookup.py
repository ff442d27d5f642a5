"""Is this customer or lead known already? Answered without giving away more than one must know before a create."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

from crmcli.domain.leads import NEW
from crmcli.domain.records import Record, parse_number, record_number
from crmcli.domain.values.text import fold
from crmcli.jobs.dedupe.aliases import meant_by
from crmcli.jobs.records.refs import find_numbers
from crmcli.jobs.workspace import Workspace
from crmcli.matching.short_names import characters_of, equally_good, rank_names
from crmcli.store.database import Database
from crmcli.store.records import fetch, find_by_keys, survivors

_KEYS = (("external",), ("name",), ("mobile", "landline"))
# names looked at closely, and shown
_MOST_RANKED = 400
_MOST_SHOWN = 20
_ENOUGH = 0.6  # of the characters of the text
EXACT, ALIAS, SIMILAR = "exact", "alias", "similar"


@dataclass(frozen=True, slots=True)
class Known:
    """A customer or lead that a text means or may mean; no phone, no address, no amount.

    `kind` is "customer" or "lead"; a lead has no deals of its own, its `state` is the status and "new" where none is.
    `match` is "exact", "alias" or "similar", `score` 0-100 (100 for the first two). `pool` is the public pool it is in,
    None where it is in none. `state` is the customer's own, None
    where nobody said. `last_activity` is the day of the last follow-up, None where there is none.
    """

    id: str
    kind: str
    name: str
    owner: str | None
    pool: str | None
    state: str | None
    open_deals: int
    won_deals: int
    last_activity: str | None
    match: str
    score: float


@dataclass(frozen=True, slots=True)
class LookedUp:
    """The customers that a text may mean, best first, then the leads; the first `equal` answer to it equally well."""

    found: list[Known]
    equal: int

    @property
    def exists(self) -> bool:
        """Return whether the text means a customer or a lead for sure."""
        return any(known.match != SIMILAR for known in self.found)

    @property
    def ambiguous(self) -> bool:
        """Return whether several customers answer to the text equally well."""
        return self.equal > 1


def look_up(workspace: Workspace, text: str) -> LookedUp:
    """Return the customers that a name, an id, a credit code, a phone or an alias means, then those called alike.

    Leads that the text means come after the customers that it means; one that became a customer is not told beside it.
    """
    db, text = workspace.db, text.strip()
    exact = _exact(db, text)
    by_alias = [number for number in _by_alias(db, text) if number not in exact]
    similar = _similar(db, text, {*exact, *by_alias})
    customers = fetch(db, "customer", [*exact, *by_alias, *similar])
    found = [(number, EXACT, 100.0) for number in exact]
    found += [(number, ALIAS, 100.0) for number in by_alias]
    found += [(number, SIMILAR, score) for number, score in similar.items()]
    sure = len(exact) or len(by_alias)
    told = [_known(db, customers[number], match, score) for number, match, score in found]
    leads = [_known_lead(db, lead) for lead in _leads(db, text).values() if lead["customer_id"] not in customers]
    equal = sure or len(leads) or equally_good(similar.values())
    return LookedUp(told + leads if sure else leads + told, equal)


def _leads(db: Database, text: str) -> dict[int, Record]:
    """Return the leads under a key that the text is, or of the company that it names."""
    number = parse_number(text.upper())
    found = [number[1]] if number and number[0] == "lead" else []
    found += [n for kinds in _KEYS for n in find_numbers(db, "lead", text, kinds)]
    found += db.values("SELECT id FROM lead WHERE company = ?", (text,)) if text else []
    return fetch(db, "lead", sorted(set(found)))


def _known_lead(db: Database, lead: Record) -> Known:
    last = db.value("SELECT max(at) FROM activity WHERE lead_id = ?", (lead["id"],))
    return Known(
        id=record_number("lead", lead["id"]),
        kind="lead",
        name=lead["company"] or lead["name"] or "",
        owner=lead["owner"],
        pool=None,
        state=lead["status"] or NEW,
        open_deals=0,
        won_deals=0,
        last_activity=last[:10] if last else None,
        match=EXACT,
        score=100.0,
    )


def _exact(db: Database, text: str) -> list[int]:
    """Return the customers under a key that the text is; the phone of a contact gives its customer."""
    number = parse_number(text.upper())
    found = list(fetch(db, "customer", [number[1]])) if number and number[0] == "customer" else []
    found += [n for kinds in _KEYS for n in find_numbers(db, "customer", text, kinds)]
    found += [n for ids in find_by_keys(db, "customer", [("credit", text.upper())]).values() for n in ids]
    people = fetch(db, "contact", find_numbers(db, "contact", text, ("mobile", "landline")))
    found += [person["customer_id"] for person in people.values() if person["customer_id"]]
    return sorted(set(survivors(db, "customer", found).values()))


def _by_alias(db: Database, text: str) -> list[int]:
    found = [number for name in meant_by(db, text) for number in find_numbers(db, "customer", name, ("name",))]
    return sorted(set(survivors(db, "customer", found).values()))


def _similar(db: Database, text: str, beside: Container[int]) -> dict[int, float]:
    """Return customer -> score, best first, of those whose name may be meant."""
    numbers = _candidates(db, text)
    alive = survivors(db, "customer", numbers)
    names = {number: customer["name"] or "" for number, customer in fetch(db, "customer", numbers).items()}
    scores: dict[int, float] = {}
    for like in rank_names(text, list(names.values())):
        number = alive[list(names)[like.position]]
        if number not in beside:
            scores.setdefault(number, like.score)
    return dict(list(scores.items())[:_MOST_SHOWN])


def _candidates(db: Database, text: str) -> list[int]:
    """Return the customers whose name has all characters of the text's brand, or enough of those of the text."""
    brand, all_of_it = (fold(characters) for characters in characters_of(text))
    if not brand:
        return []
    there = [" + ".join(["(instr(value, ?) > 0)"] * len(part)) for part in (brand, all_of_it)]
    sql = (
        f"SELECT record_id, {there[0]} AS first, {there[1]} AS whole FROM record_key"  # noqa: S608 (marks only)
        " WHERE entity = 'customer' AND kind = 'name' AND (first = ? OR whole >= ?)"
        " ORDER BY first DESC, whole DESC, length(value), record_id LIMIT ?"
    )
    enough = max(len(all_of_it) * _ENOUGH, min(len(all_of_it), 2))
    return db.values(sql, (*brand, *all_of_it, len(brand), enough, _MOST_RANKED))


def _known(db: Database, customer: Record, match: str, score: float) -> Known:
    number = customer["id"]
    statuses = db.values("SELECT status FROM opportunity WHERE customer_id = ?", (number,))
    last = db.value(
        "SELECT max(at) FROM activity WHERE customer_id = ?1"
        " OR opportunity_id IN (SELECT id FROM opportunity WHERE customer_id = ?1)"
        " OR contact_id IN (SELECT id FROM contact WHERE customer_id = ?1)",
        (number,),
    )
    return Known(
        id=record_number("customer", number),
        kind="customer",
        name=customer["name"] or "",
        owner=customer["owner"],
        pool=customer["pool"],
        state=customer["lifecycle"],
        open_deals=statuses.count("open"),
        won_deals=statuses.count("won"),
        last_activity=last[:10] if last else None,
        match=match,
        score=score,
    )
