"""The kinds of record: their columns, how each is kept, and the prefix of their numbers.

A stored record is a mapping from column to value: text, whole number, list (united, order kept) or dict.
None means unknown. Money is in fen, days are `YYYY-MM-DD`, instants ISO 8601 with the workspace's offset.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Entity:
    """One kind of record. `columns` maps a column to "text", "int", "real", "list" or "dict"."""

    name: str
    prefix: str
    columns: dict[str, str]
    parents: tuple[str, ...] = ()

    def blank(self) -> Record:
        """Return a record of this kind with nothing known."""
        plain, lists, dicts = _blank(self.name)
        record = plain.copy()
        for key in lists:
            record[key] = []
        for key in dicts:
            record[key] = {}
        return record


@cache
def _blank(entity: str) -> tuple[Record, tuple[str, ...], tuple[str, ...]]:
    """Return a kind's columns, all None, and which of them are lists and dicts."""
    columns = ENTITIES[entity].columns
    lists, dicts = (tuple(key for key, kind in columns.items() if kind == own) for own in ("list", "dict"))
    return dict.fromkeys(columns), lists, dicts


def _columns(text: str = "", *, ints: str = "", reals: str = "", lists: str = "", dicts: str = "") -> dict[str, str]:
    kinds = {"text": text, "int": ints, "real": reals, "list": lists, "dict": dicts}
    return {key: kind for kind, keys in kinds.items() for key in keys.split()}


_ALL = (
    Entity(
        "owner",
        "W",
        _columns(
            "name team manager region",
            ints="active",
            reals="weight",
            lists="external_ids provinces",
            dicts="extra",
        ),
    ),
    Entity(
        "product",
        "D",
        _columns("name category currency note", ints="price_fen active", lists="external_ids", dicts="extra"),
    ),
    Entity(
        "customer",
        "C",
        _columns(
            "name short_name credit_code wechat industry size level source province city district address owner"
            " pool locked_until lifecycle parent created_at note",
            ints="merged_into",
            lists="external_ids phones emails tags",
            dicts="extra",
        ),
    ),
    Entity(
        "contact",
        "P",
        _columns(
            "name title role wechat owner created_at note",
            ints="customer_id merged_into",
            lists="external_ids phones emails tags",
            dicts="extra",
        ),
        ("customer",),
    ),
    Entity(
        "opportunity",
        "O",
        _columns(
            "name product currency stage status probability_source grade owner owner_by pool source"
            " expected_close created_at closed_at loss_reason loss_note competitor stage_text next_action"
            " next_at demand intent pipeline conclusion note",
            ints="customer_id amount_fen budget_fen",
            reals="probability",
            lists="external_ids tags checklist",
            dicts="extra said members",
        ),
        ("customer",),
    ),
    Entity(
        "lead",
        "L",
        _columns(
            "name company wechat source status reason decided_at decided_by owner created_at note",
            ints="customer_id contact_id opportunity_id",
            lists="external_ids phones emails tags",
            dicts="extra",
        ),
        ("customer", "contact", "opportunity"),
    ),
    Entity(
        "event",
        "E",
        _columns(
            "field at not_before not_after value kind from_value by reason note system origin recorded",
            ints="opportunity_id rank inferred",
            reals="probability",
            dicts="extra",
        ),
        ("opportunity",),
    ),
    # what the versions of one sheet said of a deal: day -> what stood there (domain/series.py)
    Entity("sighting", "B", _columns("system", ints="opportunity_id", dicts="seen"), ("opportunity",)),
    Entity(
        "activity",
        "A",
        _columns(
            "type at by text next_action next_at origin",
            ints="customer_id contact_id opportunity_id lead_id",
            dicts="extra",
        ),
        ("customer", "contact", "opportunity", "lead"),
    ),
    # what was signed; `fingerprint` is of all that its row said where that has no number (domain/identity.py)
    Entity(
        "contract",
        "J",
        _columns(
            "name type currency signed_on starts_on ends_on status owner created_at note fingerprint",
            ints="customer_id opportunity_id amount_fen",
            lists="external_ids",
            dicts="extra",
        ),
        ("customer", "opportunity"),
    ),
    # what is due by a day, what was received on one, or both: a plan, a receipt, a plan with what came in for it
    Entity(
        "payment",
        "I",
        _columns(
            "installment due_on received_on currency method owner created_at note fingerprint",
            ints="customer_id opportunity_id contract_id due_amount_fen received_amount_fen",
            lists="external_ids",
            dicts="extra",
        ),
        ("customer", "opportunity", "contract"),
    ),
    Entity("alternate", "V", _columns("entity field value system", ints="entity_id source_row")),
    Entity(
        "pair",
        "X",
        _columns("tier decision decided_by decided_at note", ints="a_id b_id", reals="score", lists="reasons"),
    ),
    Entity("relation", "N", _columns("kind note", ints="a_id b_id")),
    Entity("alias", "S", _columns("short full")),
    Entity("synonym", "Y", _columns("kind written meaning")),
    Entity(
        "assignment",
        "G",
        _columns("owner pool rule decided_at", ints="opportunity_id", lists="skipped", dicts="reason"),
        ("opportunity",),
    ),
    # weights and frequencies that were fitted to the customers, the last one in use (matching/model_text.py)
    Entity("model", "M", _columns("version base", dicts="levels matches frequencies")),
    Entity("cursor", "U", _columns("name", dicts="state")),
    # what an owner, a team or (neither) everybody is to win in a period (domain/target_period.py)
    Entity("target", "TG", _columns("owner team period currency note", ints="amount_fen count", dicts="extra")),
    # what somebody is to do until a day; `origin` is a stage that asked for it ("stage:..."), a person or a handover
    Entity(
        "task",
        "T",
        _columns(
            "title owner due done_at done_by result origin created_at created_by note",
            ints="customer_id contact_id opportunity_id",
        ),
        ("customer", "contact", "opportunity"),
    ),
    # what somebody asked to be allowed; `decision` is approved or refused, None while it waits
    Entity(
        "approval",
        "Q",
        _columns(
            "subject for_stage approver asked_at asked_by decision decided_at decided_by note", ints="opportunity_id"
        ),
        ("opportunity",),
    ),
    # a file that belongs to a record: where it is and what it was, never its bytes
    Entity(
        "attachment",
        "F",
        _columns("path sha256 kind added_at added_by note", ints="size customer_id opportunity_id"),
        ("customer", "opportunity"),
    ),
    # who had a customer from when on, and why: an owner, or a pool where `owner` is None
    Entity(
        "holding",
        "H",
        _columns("owner pool from_owner from_pool at by kind", ints="customer_id", dicts="reason"),
        ("customer",),
    ),
    # what a manager decided on a collision of salespeople; `subject` names the collision for ever
    Entity(
        "verdict",
        "K",
        _columns("kind subject owner decided_at decided_by note", lists="records", dicts="evidence"),
    ),
    # a day's figures as they were that night, to check the rebuilt past against
    Entity("snapshot", "Z", _columns("day taken_at", dicts="figures")),
)

# every kind of record by name, parents before children
ENTITIES: dict[str, Entity] = {entity.name: entity for entity in _ALL}
# what people count and list, and what imports make; messages make follow-ups
KINDS = (
    "owner", "product", "customer", "contact", "lead", "opportunity", "contract", "payment", "target", "stage_history",
    "activity", "message",
)  # fmt: skip

_PREFIXES = {entity.prefix: entity.name for entity in _ALL}
_NUMBER = re.compile(r"([A-Z]{1,2})([1-9][0-9]{0,17})")  # SQLite numbers go up to 2**63


def record_number(entity: str, record_id: int) -> str:
    """Return the number that people see: `C12`."""
    return f"{ENTITIES[entity].prefix}{record_id}"


def parse_number(text: str) -> tuple[str, int] | None:
    """Return (entity, id) of a number such as `O7`, or None.

    >>> parse_number("O7"), parse_number("O07")
    (('opportunity', 7), None)
    """
    match = _NUMBER.fullmatch(text)
    entity = _PREFIXES.get(match[1]) if match else None
    return (entity, int(match[2])) if match and entity else None


def references(entity: str) -> dict[str, str]:
    """Return reference column -> kind it points at: {"customer_id": "customer"}."""
    return {f"{parent}_id": parent for parent in ENTITIES[entity].parents}


def children(entity: str) -> dict[str, str]:
    """Return the kinds that point at this one -> their reference column."""
    return {e.name: f"{entity}_id" for e in _ALL if entity in e.parents}
