"""References that people type: a number, an external id, a phone, a name that is unambiguous."""

from __future__ import annotations

from crmcli.domain.problem import Problem
from crmcli.domain.records import parse_number, record_number
from crmcli.domain.values.phone import is_mobile, parse_phones
from crmcli.domain.values.text import fold
from crmcli.errors import CrmError
from crmcli.i18n import msg
from crmcli.store.database import Database
from crmcli.store.records import fetch, find_by_keys, survivors

REFERABLE = ("customer", "opportunity", "contact", "lead", "owner", "product", "contract", "payment", "target")
_LISTED = 10


class NotFound(CrmError):
    """A reference finds no record."""

    code = "ref.not_found"

    def __init__(self, text: str) -> None:
        super().__init__(
            msg("no record is called {text}", text=text),
            hint=msg("give its number (C12, O7), its own id, a phone, or its whole name"),
        )


class Ambiguous(CrmError):
    """A reference finds several records."""

    code = "ref.ambiguous"

    def __init__(self, text: str, candidates: list[str]) -> None:
        shown = [*candidates[:_LISTED], *(["..."] if len(candidates) > _LISTED else [])]
        super().__init__(
            msg("{text} may be any of: {candidates}", text=text, candidates=shown), hint=msg("give the number")
        )


def find_record(db: Database, text: str, entities: tuple[str, ...] = REFERABLE) -> tuple[str, int]:
    """Return (kind, id) of the one record that a reference means; a merged record gives its survivor.

    Raises:
        NotFound: nothing is called so.
        Ambiguous: several are; the message lists them.
    """
    text = text.strip()
    number = parse_number(text.upper())
    if number and number[0] in entities and (found := _survivor(db, *number)):
        return number[0], found
    for kinds in (("external",), ("mobile", "landline"), ("name",)):
        hits = [(entity, number) for entity in entities for number in find_numbers(db, entity, text, kinds)]
        if len(hits) > 1:
            raise Ambiguous(text, [_shown(db, *hit) for hit in hits[: _LISTED + 1]])
        if hits:
            return hits[0]
    raise NotFound(text)


def _survivor(db: Database, entity: str, record_id: int) -> int | None:
    return survivors(db, entity, [record_id])[record_id] if fetch(db, entity, [record_id]) else None


def find_numbers(db: Database, entity: str, text: str, kinds: tuple[str, ...]) -> list[int]:
    """Return the ids of the records that a text means by these kinds of key, merged ones as their survivors.

    `kinds`: ("external",), ("name",) or ("mobile", "landline").
    """
    if kinds == ("external",):
        sql = (
            "SELECT DISTINCT record_id FROM record_key WHERE entity = ? AND kind = 'external'"
            " AND substr(value, instr(value, ':') + 1) = ?"
        )
        found = db.values(sql, (entity, text))
    elif kinds == ("name",):
        sql = "SELECT DISTINCT record_id FROM record_key WHERE entity = ? AND kind = 'name' AND"
        within = entity in ("contact", "lead", "opportunity")
        name = "substr(value, instr(value, '|') + 1) = ?" if within else "value = ?"
        found = db.values(f"{sql} {name}", (entity, fold(text)))
    else:
        found = _by_phone(db, entity, text)
    return sorted(set(survivors(db, entity, found).values()))


def _by_phone(db: Database, entity: str, text: str) -> list[int]:
    phones = parse_phones(text)
    if isinstance(phones, Problem):
        return []
    keys = [("mobile" if is_mobile(phone) else "landline", phone) for phone in phones]
    return [number for numbers in find_by_keys(db, entity, keys).values() for number in numbers]


def _shown(db: Database, entity: str, record_id: int) -> str:
    record = fetch(db, entity, [record_id])[record_id]
    home = fetch(db, "customer", [record["customer_id"]]) if record.get("customer_id") else {}
    within = [f"({customer['name']})" for customer in home.values()]
    return " ".join([record_number(entity, record_id), record.get("name") or "", *within]).strip()
