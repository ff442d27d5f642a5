"""Which record a row means: exact keys only; what merely resembles is noted for review.

Source: definitions.md, "What finds an existing record".
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field

from crmcli.domain.identity import Key, keys_of
from crmcli.domain.records import Record
from crmcli.domain.values.person import looks_like_person
from crmcli.jobs.importing.batch import Batch

# what events and the source's own words decide does not tell two records apart
_NOT_COMPARED = {"extra", "said", "status", "stage", "owner_by", "probability_source"}


@dataclass(slots=True)
class Verdict:
    """What a row's keys found: `ids` the records it means (one, none, or a contradiction), `near` look-alikes.

    `sure` tells that a number found it, or that the record says all that the row says.
    """

    ids: list[int] = field(default_factory=list)
    near: list[int] = field(default_factory=list)
    sure: bool = True


def identify(batch: Batch, record: Record, taken: Collection[int] = (), keys: Sequence[Key] | None = None) -> Verdict:
    """Return what a row's record finds among the loaded and the new ones; `taken` are spoken for by other rows.

    `keys` are the record's where they are known already.
    """
    keys = keys_of(batch.entity, record) if keys is None else keys
    if batch.finds_none(keys):
        return Verdict()
    verdict = _RULES.get(batch.entity, _by_any_key)(batch, record, keys, taken)
    if len(verdict.ids) > 1:
        verdict.ids = _one(n for n in verdict.ids if _says_the_same(batch, n, record)) or verdict.ids
    return verdict


def _hits(batch: Batch, keys: Sequence[Key], *kinds: str) -> list[int]:
    return list(dict.fromkeys(number for key in keys if key[0] in kinds for number in batch.find(key)))


def _by_any_key(batch: Batch, _record: Record, keys: Sequence[Key], _taken: Collection[int]) -> Verdict:
    return Verdict(_hits(batch, keys, "external") or _hits(batch, keys, "name", "event"))


def _customer(batch: Batch, record: Record, keys: Sequence[Key], _taken: Collection[int]) -> Verdict:
    """Return the customer by number or credit code, which its name must not contradict; else by name."""
    sure = _hits(batch, keys, "external", "credit")
    named = _hits(batch, keys, "name")
    if sure:
        ids = sure if set(sure) & set(named) else [*sure, *named]
    else:
        ids = [number for number in named if not _contradicts(batch.present[number], record)]
    near = [*named, *_hits(batch, keys, "mobile", "landline")]
    return Verdict(list(dict.fromkeys(ids)), [number for number in dict.fromkeys(near) if number not in ids])


def _contradicts(present: Record, record: Record) -> bool:
    """Return whether two records of one name are different by their ids: another number in the same system."""
    codes = {present["credit_code"], record["credit_code"]} - {None}
    return len(codes) > 1 or _other_number(present, record)


def _other_number(present: Record, record: Record) -> bool:
    systems = {key.split(":", 1)[0] for key in record["external_ids"]}
    theirs = {key for key in present["external_ids"] if key.split(":", 1)[0] in systems}
    return bool(theirs) and not theirs & set(record["external_ids"])


def _contact(batch: Batch, record: Record, keys: Sequence[Key], _taken: Collection[int]) -> Verdict:
    sure = _hits(batch, keys, "external", "wechat")
    home = record["customer_id"]
    mobile = _hits(batch, keys, "mobile")
    within = [n for n in mobile if home is None or batch.present[n]["customer_id"] == home]
    named = [n for n in _hits(batch, keys, "name") if home or _is_person(batch, n, record)]
    found = [n for n in [*sure, *within, *named] if not _other_number(batch.present[n], record)]
    homeless = [n for n in mobile if batch.present[n]["customer_id"] is None]
    return Verdict(list(dict.fromkeys(found or homeless)))


def _is_person(batch: Batch, number: int, record: Record) -> bool:
    """Return whether a name alone, of no customer, means a contact: a nickname is anybody's."""
    if _other_phones(batch.present[number], record):
        return False
    return looks_like_person(record["name"]) or _says_the_same(batch, number, record)


def _lead(batch: Batch, record: Record, keys: Sequence[Key], _taken: Collection[int]) -> Verdict:
    named = _hits(batch, keys, "name")
    if not record["company"]:
        named = [n for n in named if not _other_phones(batch.present[n], record)]
    found = [*_hits(batch, keys, "external", "mobile"), *named]
    return Verdict([n for n in dict.fromkeys(found) if not _other_number(batch.present[n], record)])


def _other_phones(present: Record, record: Record) -> bool:
    mine, theirs = set(record["phones"]), set(present["phones"])
    return bool(mine) and bool(theirs) and not mine & theirs


def _opportunity(batch: Batch, record: Record, keys: Sequence[Key], taken: Collection[int]) -> Verdict:
    by_number = _hits(batch, keys, "external")
    if by_number:
        return Verdict(by_number)
    named = [n for n in _hits(batch, keys, "name") if not _other_number(batch.present[n], record)]
    alike = [n for n in named if _says_the_same(batch, n, record)]
    same = _one(n for n in alike if n not in taken) or _one(alike)
    if same or not named:
        return Verdict(same)
    return Verdict([n for n in named if n not in taken], sure=False)


def _one(numbers: Iterable[int]) -> list[int]:
    return list(numbers)[:1]


def _says_the_same(batch: Batch, number: int, record: Record) -> bool:
    """Return whether a record holds all that a row says already."""
    said = record.get("said") or {}
    present = batch.present[number]
    if any(present["said"].get(system) != values for system, values in said.items()):
        return False
    moving = {key for values in said.values() for key in values}
    filled = {key: value for key, value in record.items() if value not in (None, [], {})}
    return all(batch.holds(number, key, value) for key, value in filled.items() if key not in _NOT_COMPARED | moving)


_RULES: dict[str, Callable[[Batch, Record, Sequence[Key], Collection[int]], Verdict]] = {
    "customer": _customer,
    "contact": _contact,
    "lead": _lead,
    "opportunity": _opportunity,
}
