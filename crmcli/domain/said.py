"""What a row said in the few facts that a statement compares with the database: owner, stage, day, amount."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, NamedTuple

from crmcli.domain.intake import column_of
from crmcli.domain.records import ENTITIES, Record
from crmcli.domain.values.money import Amount, yuan_to_fen
from crmcli.domain.values.text import fold
from crmcli.i18n import Message

_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=str).encode
_MONTH = len("2026-06")


class Said(NamedTuple):
    """Facts of one row, or of one record; None is unknown. `day` is ISO, `amount_fen` is in `currency`."""

    owner: str | None = None
    stage: str | None = None
    day: str | None = None
    currency: str | None = None
    amount_fen: int | None = None

    @property
    def month(self) -> str | None:
        """Return `2026-06`."""
        return self.day[:_MONTH] if self.day else None


NOTHING = Said()


@dataclass(frozen=True, slots=True)
class Stopped:
    """Why a row did not come in: a code, the header of the cell to blame or "", and a sentence (None: see the code)."""

    code: str
    header: str = ""
    message: Message | None = None


# kind of record -> fact -> the fields that may state it, the first that a sheet has counts
_FIELDS: dict[str, dict[str, tuple[str, ...]]] = {
    "customer": {"owner": ("owner",), "day": ("created_at",)},
    "contact": {"owner": ("owner",), "day": ("created_at",)},
    "lead": {"owner": ("owner",), "day": ("created_at",)},
    "product": {"amount": ("price",)},
    "opportunity": {
        "owner": ("owner",),
        "stage": ("stage", "status"),
        "day": ("created_at", "expected_close", "closed_at"),
        "amount": ("amount",),
    },
    "contract": {"owner": ("owner",), "day": ("signed_on", "starts_on", "created_at"), "amount": ("amount",)},
    "payment": {
        "owner": ("owner",),
        "day": ("due_on", "received_on"),
        "amount": ("due_amount", "received_amount"),
    },
    "target": {"owner": ("owner",), "amount": ("amount",)},
    "stage_history": {"owner": ("by",), "stage": ("stage",), "day": ("at",)},
    "activity": {"owner": ("by",), "day": ("at",)},
}
# kind of row -> the table in which its records are, where that has another name
TABLES = {"stage_history": "event"}
# where an event keeps what a row calls otherwise
_COLUMNS = {"event": {"stage": "value"}}


def facts_of(kind: str, paths: Collection[str]) -> dict[str, str]:
    """Return the facts that a sheet of a kind states -> the field that states it: {"day": "created_at"}."""
    found: dict[str, str] = {}
    for fact, keys in _FIELDS.get(kind, {}).items():
        key = next((key for key in keys if f"{kind}.{key}" in paths), None)
        if key:
            found[fact] = key
    return found


def said_by(facts: dict[str, str], part: dict[str, Any], stage: str | None, home: str) -> Said:
    """Return what a row says; `stage` is the one that its words mean, `home` the workspace's currency."""
    get, fact = part.get, facts.get
    amount = get(fact("amount", ""))
    if not isinstance(amount, Amount):
        return Said(get(fact("owner", "")), stage if "stage" in facts else None, get(fact("day", "")))
    currency = amount.currency or get("currency") or home
    return Said(
        get(fact("owner", "")),
        stage if "stage" in facts else None,
        get(fact("day", "")),
        currency,
        yuan_to_fen(amount.value),
    )


def columns_of(entity: str, facts: dict[str, str]) -> dict[str, str]:
    """Return fact -> the column in which a record of a table keeps it, for the facts that it has columns for."""
    found = {fact: _column(entity, fact, key) for fact, key in facts.items()}
    return {fact: column for fact, column in found.items() if column in ENTITIES[entity].columns}


def _column(entity: str, fact: str, key: str) -> str:
    # what a deal's status says is in its stage
    return _COLUMNS.get(entity, {}).get("stage", "stage") if fact == "stage" else column_of(key)


def held_by(columns: dict[str, str], record: Record, home: str) -> Said:
    """Return the facts of a record as it is; `columns` are those of `columns_of`."""
    get, column = record.get, columns.get
    day = get(column("day", ""))
    if day is None and column("day") == "closed_at":
        day = get("expected_close")
    owner, stage, fen = get(column("owner", "")), get(column("stage", "")), get(column("amount", ""))
    return Said(owner, stage, day) if fen is None else Said(owner, stage, day, get("currency") or home, fen)


def agree(said: Said, held: Said) -> bool:
    """Return whether a record holds what a row said, as far as a statement looks: of days the month."""
    return not differing(said, held)


def differing(said: Said, held: Said) -> list[str]:
    """Return the facts in which a row and its record differ."""
    if said == held:
        return []
    found = []
    if said.owner != held.owner and fold(said.owner or "") != fold(held.owner or ""):
        found.append("owner")
    if said.stage != held.stage:
        found.append("stage")
    if said.month != held.month:
        found.append("day")
    if (said.amount_fen or 0, said.currency) != (held.amount_fen or 0, held.currency) and (
        said.amount_fen or held.amount_fen
    ):
        found.append("amount")
    return found


def encode(said: Said, stopped: Stopped | None = None) -> str:
    """Return the text that is kept beside a row's cells."""
    if stopped is None:
        return _ENCODE(said)
    message = [stopped.message.text, stopped.message.args] if stopped.message else []
    return _ENCODE([*said, stopped.code, stopped.header, *message])


def decode(text: str | None) -> tuple[Said, Stopped | None]:
    """Return what was kept beside a row's cells; nothing where nobody noted it.

    >>> decode(encode(Said("张伟"), Stopped("row.total")))[1]
    Stopped(code='row.total', header='', message=None)
    """
    if not text:
        return NOTHING, None
    values = json.loads(text)
    said, more = Said(*values[: len(NOTHING)]), values[len(NOTHING) :]
    if not more:
        return said, None
    code, header, *message = more
    return said, Stopped(code, header, Message(*message) if message else None)
