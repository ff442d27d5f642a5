"""What a new record cannot do without."""

from __future__ import annotations

from crmcli.domain.records import Record
from crmcli.i18n import Message, msg

# kind of record -> the columns of which it needs one, and what is said where it has none; others need a name
_NEEDED = {
    "contract": (("name", "external_ids"), msg("a new contract needs a name or a number")),
    "payment": (
        ("due_amount_fen", "received_amount_fen"),
        msg("a payment needs an amount: due_amount or received_amount"),
    ),
    "target": (("amount_fen", "count"), msg("a target needs an amount or a count")),
}


def why_incomplete(entity: str, record: Record) -> tuple[str, Message] | None:
    """Return a FIELD= that a record of a kind needs and why; None where it has what it needs."""
    columns, words = _NEEDED.get(entity, (("name",), msg("a new record needs a name")))
    if any(record.get(column) not in (None, "", []) for column in columns):
        return None
    return f"{columns[0].removesuffix('_fen')}=", words
