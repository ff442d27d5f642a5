"""What finds an existing record: the exact keys of each kind.

Source: definitions.md, "What finds an existing record".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256
from itertools import chain, compress
from typing import Any

from crmcli.domain.records import Record
from crmcli.domain.values.phone import is_mobile
from crmcli.domain.values.text import fold, fold_all

Key = tuple[str, str]


def external_key(system: str, external_id: str) -> str:
    """Return the text under which a system's id of a record is kept."""
    return f"{system.replace(':', '_')}:{external_id}"


def external_id(key: str) -> str:
    """Return the id as its system wrote it."""
    return key.split(":", 1)[1]


def _numbers(external_ids: Sequence[str]) -> list[Key]:
    return [("external", key) for key in external_ids]


def _numbered(phones: Sequence[str]) -> list[Key]:
    return [("mobile" if is_mobile(phone) else "landline", phone) for phone in phones]


def _called(name: str | None) -> list[Key]:
    """Return the key of a name; a masked one (王**) is its own text and no other name's."""
    folded = (name if "*" in name else fold(name)) if name else ""
    return [("name", folded)] if folded else []


def _external(record: Record) -> list[Key]:
    return _numbers(record["external_ids"])


def _phones(record: Record) -> list[Key]:
    return _numbered(record["phones"])


def _name(record: Record, key: str = "name") -> list[Key]:
    return _called(record[key])


def _customer(record: Record) -> list[Key]:
    credit = [("credit", record["credit_code"])] if record["credit_code"] else []
    return _external(record) + credit + _name(record) + _phones(record)


def _contact(record: Record) -> list[Key]:
    named = [(kind, within(record["customer_id"], value)) for kind, value in _name(record)]
    wechat = [("wechat", record["wechat"])] if record["wechat"] else []
    return _external(record) + named + _phones(record) + wechat


def _lead(record: Record) -> list[Key]:
    named = [(kind, within(home_of_lead(record["company"]), value)) for kind, value in _name(record)]
    return _external(record) + named + _phones(record)


def within(home: int | str | None, folded_name: str) -> str:
    """Return the key of what is called so within its customer or company only."""
    return f"{home or ''}|{folded_name}"


def home_of_lead(company: str | None) -> str:
    """Return within what a lead's name is its own: its folded company."""
    return fold(company) if company else ""


_BY_COLUMN: dict[str, Callable[[Any], list[Key]]] = {
    "external_ids": _numbers,
    "credit_code": lambda code: [("credit", code)],
    "name": _called,
    "phones": _numbered,
    "wechat": lambda number: [("wechat", number)],
}
_KIND_OF_TEXT = {"credit_code": "credit", "wechat": "wechat"}
_KEY_COLUMNS = {
    "customer": ("external_ids", "credit_code", "name", "phones"),
    "contact": ("external_ids", "name", "phones", "wechat"),
    "lead": ("external_ids", "name", "phones"),
    "opportunity": ("external_ids", "name"),
}


# what else of a record its keys rest on
_WITHIN = {"contact": ("customer_id",), "lead": ("company",), "opportunity": ("customer_id",)}


def lives_within(entity: str) -> Sequence[str]:
    """Return the columns that say within what a record's name is its own."""
    return _WITHIN.get(entity, ())


def rests_on(entity: str, columns: Iterable[str]) -> bool:
    """Return whether a record's keys may change where these columns do.

    >>> rests_on("opportunity", ["owner", "grade"]), rests_on("opportunity", ["name"]), rests_on("event", ["at"])
    (False, True, True)
    """
    return entity not in _KEY_COLUMNS or not {*_KEY_COLUMNS[entity], *lives_within(entity)}.isdisjoint(columns)


def keys_of_column(entity: str, column: str, value: Any) -> list[Key]:
    """Return the keys that one filled column of a customer, contact, lead or deal adds; a name without its home.

    >>> keys_of_column("contact", "name", "张 三"), keys_of_column("customer", "level", "A")
    ([('name', '张三')], [])
    """
    return _BY_COLUMN[column](value) if column in _KEY_COLUMNS[entity] else []


def keys_by_kind(entity: str, column: str, values: Sequence[Any]) -> dict[str, tuple[Sequence[str], Sequence[int]]]:
    """Return kind of key -> (the keys, the place of the value that each is of): `keys_of_column` for many values.

    A value is None where nothing is filled in.

    >>> keys_by_kind("contact", "name", ["张 三", None]), keys_by_kind("customer", "wechat", ["A"])
    ({'name': (['张三'], [0])}, {})
    """
    if column not in _KEY_COLUMNS[entity]:
        return {}
    places = [place for place, value in enumerate(values) if value]
    filled = [values[place] for place in places]
    if column == "name":
        return {"name": _without_blank(_names_folded(filled), places)}
    if column in _KIND_OF_TEXT:
        return {_KIND_OF_TEXT[column]: (filled, places)}
    flat = list(chain.from_iterable(filled))
    if len(flat) > len(filled):
        places = [place for place, keys in zip(places, filled, strict=True) for _ in keys]
    if column == "external_ids":
        return {"external": (flat, places)}
    mobile = list(map(is_mobile, flat))
    if all(mobile):
        return {"mobile": (flat, places)}
    landline = [not one for one in mobile]
    return {
        kind: (list(compress(flat, chosen)), list(compress(places, chosen)))
        for kind, chosen in (("mobile", mobile), ("landline", landline))
    }


def _names_folded(names: Sequence[str]) -> Sequence[str]:
    folded = fold_all(names)
    if "*" not in "".join(names):
        return folded
    return [name if "*" in name else key for name, key in zip(names, folded, strict=True)]


def _without_blank(keys: Sequence[str], places: Sequence[int]) -> tuple[Sequence[str], Sequence[int]]:
    if "" not in keys:
        return keys, places
    kept = [place for place, key in zip(places, keys, strict=True) if key]
    return [key for key in keys if key], kept


def _opportunity(record: Record) -> list[Key]:
    """Return a deal's keys: within its customer by name; one that has neither number nor name is its customer's."""
    within, named = record["customer_id"] or "", _name(record)
    nameless = [("name", f"{within}|")] if within and not named and not record["external_ids"] else []
    return _external(record) + nameless + [("name", f"{within}|{value}") for _, value in named]


def _event(record: Record) -> list[Key]:
    parts = (record["opportunity_id"], record["field"], record["at"] or "", record["value"] or "")
    return [("event", "|".join(str(part) for part in parts))]


def _activity(record: Record) -> list[Key]:
    where = record["opportunity_id"] and f"O{record['opportunity_id']}"
    where = where or (record["contact_id"] and f"P{record['contact_id']}")
    where = where or (record["lead_id"] and f"L{record['lead_id']}") or f"C{record['customer_id'] or ''}"
    text = sha256((record["text"] or "").encode()).hexdigest()[:16]
    return [("event", f"{where}|{record['at'] or ''}|{record['by'] or ''}|{text}")]


def _named(record: Record) -> list[Key]:
    return _external(record) + _name(record)


def _contract(record: Record) -> list[Key]:
    """Return a contract's keys; its name is what payments call it by, and tells no two contracts apart."""
    return _signed(record) + _name(record)


def _signed(record: Record) -> list[Key]:
    """Return what tells contracts and payments apart: the number, else all that a row said."""
    return _external(record) + ([("event", record["fingerprint"])] if record["fingerprint"] else [])


def _target(record: Record) -> list[Key]:
    """Return a target's key: whose it is, and the period."""
    whose = fold(record["owner"] or "") or f"\x1f{fold(record['team'] or '')}"
    return [("event", f"{record['period']}\x1f{whose}")] if record["period"] else []


def fingerprint(said: Mapping[str, Any]) -> str:
    """Return the print of all that a row says of a contract or payment without a number."""
    text = "\x1f".join(f"{path}={value}" for path, value in sorted(said.items()))
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def plan_keys(record: Record) -> list[Key]:
    """Return what finds a plan without a number again when its row says more by now: what was received for it."""
    if record["external_ids"] or record["due_amount_fen"] is None:
        return []
    whose = [record[f"{kind}_id"] or record["extra"].get(kind, "") for kind in ("contract", "customer", "opportunity")]
    parts = [*whose, *(record[key] or "" for key in ("installment", "due_on", "due_amount_fen"))]
    return [("event", "|".join(["plan", *map(str, parts)]))]


def _payment(record: Record) -> list[Key]:
    return _signed(record) + plan_keys(record)


def _alias(record: Record) -> list[Key]:
    return _name(record, "short")


def _synonym(record: Record) -> list[Key]:
    return [("name", f"{record['kind']}|{fold(record['written'])}")] if record["written"] else []


_KEYS: dict[str, Callable[[Record], list[Key]]] = {
    "customer": _customer,
    "contact": _contact,
    "lead": _lead,
    "opportunity": _opportunity,
    "event": _event,
    "activity": _activity,
    "owner": _named,
    "product": _named,
    "contract": _contract,
    "payment": _payment,
    "target": _target,
    "alias": _alias,
    "synonym": _synonym,
}


def keys_of(entity: str, record: Record) -> list[Key]:
    """Return the (kind, value) keys under which a record is found.

    A kind that nothing looks up has none. A merged record keeps its keys: what finds it means its survivor. The kinds
    of key: external, credit, name, mobile, landline, wechat, event.
    """
    if entity not in _KEYS:
        return []
    keys = _KEYS[entity](record)
    return keys if len(set(keys)) == len(keys) else list(dict.fromkeys(keys))
