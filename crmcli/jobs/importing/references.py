"""Which deal a row about something that happened means: by number, else by customer and name."""

from __future__ import annotations

from collections.abc import Sequence

from crmcli.domain.identity import Key, external_key
from crmcli.domain.values.text import fold
from crmcli.i18n import Message, msg
from crmcli.jobs.importing.batch import Batch
from crmcli.jobs.importing.context import ImportContext, Reason, Row, SheetPlace
from crmcli.store.records import chunks, fetch_where

_NO_CUSTOMER = msg("no customer {name} is known: the link is made when the customers are there and this comes again")
_SEVERAL_CUSTOMERS = msg("several customers are called {name}")
_NO_CONTRACT = msg("no contract {name} is known: the link is made when the contracts are there and this comes again")
_SEVERAL_CONTRACTS = msg("several contracts are called {name}")


def find_deals(context: ImportContext, place: SheetPlace, rows: Sequence[Row], *, required: bool) -> None:
    """Note on each row the deal it names; where `required`, a row whose deal is unknown is rejected."""
    customers = _customers(context, place, rows)
    batch = Batch(context, "opportunity")
    keys = [_keys(place, row, customers[i]) for i, row in enumerate(rows)]
    batch.load(key for of_row in keys for key in of_row)
    lone = _lone_names(context, [_name(row) for row in rows if _is_lone(row)])
    for row, of_row in zip(rows, keys, strict=True):
        hits = next((found for key in of_row if (found := batch.find(key))), [])
        hits = hits or (lone.get(_name(row), []) if _is_lone(row) else [])
        if len(hits) == 1:
            row.ids["opportunity"] = hits[0]
        elif required and not row.stopped:
            _refuse(place, row, hits)
        elif row.draft.parts.get("opportunity"):
            _list(place, row)


def find_customers(context: ImportContext, place: SheetPlace, rows: Sequence[Row]) -> None:
    """Note on each row the customer it names; one that is unknown, or not the only one, is kept as text and listed."""
    for row, hits in zip(rows, _customers(context, place, rows), strict=True):
        part = row.draft.parts.get("customer", {})
        shown = part.get("name") or part.get("external_id") or ""
        if len(hits) == 1:
            row.ids["customer"] = hits[0]
        elif shown:
            key = "name" if part.get("name") else "external_id"
            words = _SEVERAL_CUSTOMERS if hits else _NO_CUSTOMER
            _keep(place, row, "customer", key, shown, Message(words.text, {"name": shown}))


def find_contracts(context: ImportContext, place: SheetPlace, rows: Sequence[Row]) -> None:
    """Note on each row the contract it names by number or name; one that is unknown is kept as text and listed."""
    batch = Batch(context, "contract")
    keys = [_contract_keys(place, row) for row in rows]
    batch.load(key for of_row in keys for key in of_row)
    for row, of_row in zip(rows, keys, strict=True):
        hits = next((found for key in of_row if (found := batch.find(key))), [])
        if len(hits) == 1:
            row.ids["contract"] = hits[0]
            home = batch.present[hits[0]]
            for other in ("customer", "opportunity"):
                if home[f"{other}_id"]:
                    row.ids.setdefault(other, home[f"{other}_id"])
        elif of_row:
            part = row.draft.parts["contract"]
            key = "external_id" if part.get("external_id") else "name"
            words = _SEVERAL_CONTRACTS if hits else _NO_CONTRACT
            _keep(place, row, "contract", key, part[key], Message(words.text, {"name": part[key]}))


def _contract_keys(place: SheetPlace, row: Row) -> list[Key]:
    part = row.draft.parts.get("contract", {})
    number, name = part.get("external_id"), part.get("name")
    own = [("external", external_key(place.system, number))] if number else []
    return own + ([("name", fold(name))] if name else [])


def _keep(place: SheetPlace, row: Row, kind: str, key: str, shown: str, message: Message) -> None:
    row.draft.extra[kind] = shown
    row.list(place.mapping.header_of(f"{kind}.{key}"), shown, f"reference.unknown_{kind}", message)


def _customers(context: ImportContext, place: SheetPlace, rows: Sequence[Row]) -> list[list[int]]:
    """Return the customers that each row names."""
    batch = Batch(context, "customer")
    keys: list[list[Key]] = []
    for row in rows:
        part = row.draft.parts.get("customer", {})
        number = part.get("external_id")
        own = [("external", external_key(place.system, number))] if number else []
        keys.append(own + ([("name", fold(part["name"]))] if part.get("name") else []))
    batch.load(key for of_row in keys for key in of_row)
    found = [next((hits for key in of_row if (hits := batch.find(key))), []) for of_row in keys]
    return [[row.ids["customer"]] if "customer" in row.ids else hits for row, hits in zip(rows, found, strict=True)]


def _keys(place: SheetPlace, row: Row, customers: Sequence[int]) -> list[Key]:
    part = row.draft.parts.get("opportunity", {})
    number, name = part.get("external_id"), part.get("name")
    own = [("external", external_key(place.system, number))] if number else []
    named: list[int | str] = list(customers) if customers or row.draft.parts.get("customer") else [""]
    return own + ([("name", f"{home}|{fold(name)}") for home in named] if name else [])


def _name(row: Row) -> str:
    return str(row.draft.parts.get("opportunity", {}).get("name") or "")


def _is_lone(row: Row) -> bool:
    """Return whether a row names a deal and no customer."""
    return bool(_name(row)) and not row.draft.parts.get("customer")


def _lone_names(context: ImportContext, names: Sequence[str]) -> dict[str, list[int]]:
    """Return name -> the deals called exactly so, whoever their customer is: for rows that name no customer."""
    found: dict[str, list[int]] = {}
    for part in chunks(sorted(set(names))):
        marks = ",".join("?" * len(part))
        for deal in fetch_where(context.run.db, "opportunity", f"name IN ({marks})", part):
            found.setdefault(deal["name"], []).append(deal["id"])
    return found


def _cell(place: SheetPlace, row: Row) -> tuple[str, str]:
    """Return (header, text) of the cell that names the deal."""
    part = row.draft.parts.get("opportunity", {})
    key = "external_id" if part.get("external_id") else "name"
    return place.mapping.header_of(f"opportunity.{key}"), part.get(key) or ""


def _refuse(place: SheetPlace, row: Row, hits: list[int]) -> None:
    header, shown = _cell(place, row)
    if hits:
        message = msg("several opportunities are called {name}", name=shown)
        hint = msg("fill in the opportunity's number, or its customer")
        row.stop("review", Reason("reference.ambiguous", message, hint, header, shown))
        return
    message = msg("no opportunity {name} is known", name=shown)
    hint = msg("import the opportunities first, or correct the number")
    row.stop("rejected", Reason("reference.unknown_opportunity", message, hint, header, shown))


def _list(place: SheetPlace, row: Row) -> None:
    header, shown = _cell(place, row)
    row.draft.extra["opportunity"] = shown
    row.list(header, shown, "reference.unknown_opportunity", msg("no opportunity {name} is known", name=shown))
