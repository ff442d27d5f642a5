"""A sheet's rows as records to compare: columns of a database's fields, and others that tell records apart."""

from __future__ import annotations

from crmcli.jobs.dedupe import other_columns
from crmcli.jobs.dedupe.cells import Cells
from crmcli.jobs.importing.plan import PlannedSheet
from crmcli.matching.normalise import is_chinese
from crmcli.matching.person_names import parted
from crmcli.matching.records import MatchBatch

# what a name is written in, in the order in which it is read
_NAMES = ("first_name", "name")


def records_of(planned: PlannedSheet, cells: Cells, ids: list[str]) -> MatchBatch:
    """Return a sheet's rows, whose ids are `ids`, as records to compare."""
    sheet = planned.sheet
    kind = kind_of(cells, planned)
    people = _people(cells) if kind == "contact" else None
    return MatchBatch(
        ids=ids,
        names=(people[0] if people else _names(cells, kind) or other_columns.names(sheet)) or [""] * sheet.count,
        credit_codes=cells.texts("customer.credit_code"),
        phones=cells.texts("customer.phones", "contact.phones", "lead.phones"),
        emails=cells.texts("customer.emails", "contact.emails", "lead.emails"),
        addresses=cells.texts("customer.address") or other_columns.streets(sheet),
        provinces=cells.texts("customer.province"),
        cities=cells.texts("customer.city"),
        contacts=cells.texts("contact.name") if kind == "customer" else None,
        wechat=cells.texts("customer.wechat", "contact.wechat", "lead.wechat"),
        given_names=people[1] if people else None,
        surnames=people[2] if people else None,
        births=other_columns.births(sheet),
        postcodes=other_columns.postcodes(sheet),
    )


def kind_of(cells: Cells, planned: PlannedSheet) -> str:
    """Return whose names are compared: the customers' where the sheet has them, else the contacts'."""
    for kind in ("customer", "contact"):
        if any(cells.has(f"{kind}.{key}") for key in _NAMES):
            return kind
    return planned.mapping.kind or ""


def _names(cells: Cells, kind: str) -> list[str] | None:
    found = [names for key in _NAMES if (names := cells.texts(f"{kind}.{key}"))]
    return [" ".join(filter(None, row)) for row in zip(*found, strict=True)] or cells.texts("lead.company")


def _people(cells: Cells) -> tuple[list[str], list[str], list[str]]:
    """Return the Chinese names of people, which are compared whole, and given names and surnames of the others."""
    last = cells.texts("contact.name") or []
    first = cells.texts("contact.first_name") or [""] * len(last)
    rows = list(zip(first, last or [""] * len(first), strict=True))
    chinese = [is_chinese(given + surname) for given, surname in rows]
    apart = [(given, surname) if given else parted(surname) for given, surname in rows]
    return (
        [surname + given if whole else "" for (given, surname), whole in zip(rows, chinese, strict=True)],
        ["" if whole else given for (given, _), whole in zip(apart, chinese, strict=True)],
        ["" if whole else surname for (_, surname), whole in zip(apart, chinese, strict=True)],
    )
