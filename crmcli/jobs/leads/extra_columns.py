"""What the columns of a lead's sheet that no field of a lead takes say of customer, contact and opportunity."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from crmcli.domain.fields import catalogue, headers_to_paths, normalise_header
from crmcli.domain.intake import AREA, columns_from, region_columns
from crmcli.domain.problem import Problem
from crmcli.domain.records import Record
from crmcli.importers.extract import parse_text

_REGION = ("region", *AREA)
_TAKEN = {
    "customer": ("industry", "level", "size", "address", "credit_code", "short_name", *_REGION),
    "contact": ("title", "role"),
    "opportunity": ("amount", "product", "competitor", "expected_close", "demand", "budget", "intent"),
}


def columns_of_extra(extra: dict[str, str], zone: ZoneInfo) -> tuple[dict[str, Record], dict[str, str]]:
    """Return kind of record -> the columns that extra cells fill, and the cells that fill none."""
    parts: dict[str, dict[str, Any]] = {kind: {} for kind in _TAKEN}
    left: dict[str, str] = {}
    for header, text in extra.items():
        path = _path_of(header)
        kind, _, key = path.partition(".")
        value = _value(path, key, text, zone) if path and key not in parts[kind] else None
        if value is None:
            left[header] = text
        else:
            parts[kind][key] = value
    area = {key: parts["customer"].pop(key, "") for key in _REGION}
    columns = {kind: columns_from(kind, part, "default") for kind, part in parts.items()}
    if any(area.values()):
        columns["customer"] |= region_columns(**area)[0]
    return columns, left


def _path_of(header: str) -> str:
    paths = headers_to_paths().get(normalise_header(header), ())
    known = {f"{kind}.{key}" for kind, keys in _TAKEN.items() for key in keys}
    return next((path for path in paths if path in known), "")


def _value(path: str, key: str, text: str, zone: ZoneInfo) -> Any:
    """Return what a cell says, None where it cannot be read; a place stays a text until all of it is known."""
    kind = catalogue()[path].type
    value = text if key in _REGION else parse_text(kind, text, zone, key)
    return None if isinstance(value, Problem) else value
