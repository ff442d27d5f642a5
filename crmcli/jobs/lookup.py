"""Is this customer known already? Answered without giving away more than one must know before a create."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crmcli.domain.records import Record, parse_number, record_number
from crmcli.domain.values.text import fold
from crmcli.jobs.dedupe.candidates import batch_of
from crmcli.jobs.refs import find_numbers
from crmcli.jobs.workspace import Workspace
from crmcli.matching.find import find_duplicates
from crmcli.matching.names import take_apart
from crmcli.matching.normalise import fold as plain_name
from crmcli.store.database import Database
from crmcli.store.records import fetch, find_by_keys, survivors

_KEYS = (("external",), ("name",), ("mobile", "landline"))
# the number that the asked name has among the candidates; records count from 1
_ASKED = 0
_MOST = 500


@dataclass(frozen=True, slots=True)
class Known:
    """A customer that a text means or may mean; no phone, no address, no amount.

    `match` is "exact" or "similar", `score` 0-100 (100 for exact). `state` is the customer's own, None where nobody
    said. `last_activity` is the day of the last follow-up, None where there is none.
    """

    id: str
    name: str
    owner: str | None
    state: str | None
    open_deals: int
    won_deals: int
    last_activity: str | None
    match: str
    score: float


def look_up(workspace: Workspace, text: str) -> list[Known]:
    """Return the customers that a name, an id, a credit code or a phone means exactly, then those called alike."""
    db = workspace.db
    exact = _exact(db, text.strip())
    similar = _similar(db, text.strip(), exact)
    customers = fetch(db, "customer", [*exact, *similar])
    found = [(number, "exact", 100.0) for number in exact]
    found += [(number, "similar", score) for number, score in similar.items()]
    return [_known(db, customers[number], match, score) for number, match, score in found]


def _exact(db: Database, text: str) -> list[int]:
    """Return the customers under a key that the text is; the phone of a contact gives its customer."""
    number = parse_number(text.upper())
    found = list(fetch(db, "customer", [number[1]])) if number and number[0] == "customer" else []
    found += [n for kinds in _KEYS for n in find_numbers(db, "customer", text, kinds)]
    found += [n for ids in find_by_keys(db, "customer", [("credit", text.upper())]).values() for n in ids]
    people = fetch(db, "contact", find_numbers(db, "contact", text, ("mobile", "landline")))
    found += [person["customer_id"] for person in people.values() if person["customer_id"]]
    return sorted(set(survivors(db, "customer", found).values()))


def _similar(db: Database, text: str, exact: Sequence[int]) -> dict[int, float]:
    """Return customer -> score, best first, of those that the matcher would not call different by the name alone."""
    brand = fold(take_apart(plain_name(text)).brand)
    if not brand:
        return {}
    like = "%" + "".join(f"\\{char}" if char in "\\%_" else char for char in brand) + "%"
    sql = (
        "SELECT record_id FROM record_key WHERE entity = 'customer' AND kind = 'name'"
        " AND value LIKE ? ESCAPE '\\' ORDER BY record_id LIMIT ?"
    )
    named = db.values(sql, (like, _MOST))
    alive = survivors(db, "customer", named)
    asked = {"id": _ASKED, "name": text}
    candidates = [_name_only(asked), *(_name_only(one) for one in fetch(db, "customer", named).values())]
    found = find_duplicates(batch_of(candidates, ()))
    scores: dict[int, float] = {}
    for a, b, score in zip(found.pairs.a, found.pairs.b, found.pairs.score, strict=True):
        if int(a) == _ASKED and alive[int(b)] not in exact:
            scores.setdefault(alive[int(b)], score)
    return scores


def _name_only(record: Record) -> Record:
    blank = dict.fromkeys(("short_name", "credit_code", "address", "province", "city", "wechat"))
    return {**blank, "phones": [], "emails": [], "id": record["id"], "name": record["name"]}


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
        name=customer["name"] or "",
        owner=customer["owner"],
        state=customer["lifecycle"],
        open_deals=statuses.count("open"),
        won_deals=statuses.count("won"),
        last_activity=last[:10] if last else None,
        match=match,
        score=score,
    )
