"""TOML data -> settings, or every key that is unknown, missing or of the wrong type."""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from typing import Any, get_args

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from crmcli.config.findings import Finding, unknown
from crmcli.config.settings import CHOICE_TAGS, Settings
from crmcli.config.table import Table
from crmcli.config.toml_lines import Path as KeyPath
from crmcli.i18n import Message, msg

_QUOTED = re.compile(r"'[^']*'")
_UNKNOWN_KEY = "extra_forbidden"
# pydantic's kinds of mistakes -> our sentences
_SENTENCES = {
    "missing": msg("{key} is missing"),
    "literal_error": msg("{key} is one of {expected}, not {value}"),
    "greater_than_equal": msg("{key} is at least {ge}, not {value}"),
    "less_than_equal": msg("{key} is at most {le}, not {value}"),
    "too_short": msg("{key} needs at least {min_length} entries"),
    "too_long": msg("{key} has at most {max_length} entries"),
    "string_too_short": msg("{key} is empty"),
    "string_pattern_mismatch": msg("{value} is not how {key} is written"),
    "unknown_zone": msg("{value} is no time zone; one is Asia/Shanghai"),
    "bad_pattern": msg("{value} is no pattern: {reason}"),
    "no_group": msg("{value} needs one group in ( )"),
    "backwards": msg("{key}: the last day is before the first"),
    "backwards_hours": msg("{key}: the end is not after the start"),
}
# what a value of the wrong type should have been, by the first word of pydantic's kind
_TYPES = {
    "int": msg("a whole number"),
    "float": msg("a number"),
    "decimal": msg("a number"),
    "bool": msg("true or false"),
    "string": msg("a text in quotes"),
    "tuple": msg("a list in [ ]"),
    "date": msg("a day such as 2026-10-01"),
    "dict": msg("a table in {{ }}"),
    "model": msg("a table in {{ }}"),
}


def read_settings(data: Mapping[str, Any]) -> tuple[Settings | None, list[Finding]]:
    """Return the settings and the mistakes found; settings None where more is wrong than keys that are unknown."""
    try:
        return Settings.model_validate(data), []
    except ValidationError as failure:
        errors = _own_mistakes(failure.errors(include_url=False))
    findings = [Finding(_path(error), _sentence(error)) for error in errors]
    if any(error["type"] != _UNKNOWN_KEY for error in errors):
        return None, findings
    return Settings.model_validate(_without(data, [_path(error) for error in errors])), findings


def _own_mistakes(errors: list[ErrorDetails]) -> list[ErrorDetails]:
    """Return the errors without lists that count as too short only because of the mistakes in them."""
    places = [error["loc"] for error in errors]
    return [
        error
        for error in errors
        if error["type"] != "too_short"
        or not any(len(place) > len(error["loc"]) and place[: len(error["loc"])] == error["loc"] for place in places)
    ]


def _path(error: ErrorDetails) -> KeyPath:
    return tuple(part for part in error["loc"] if part not in CHOICE_TAGS)


def _without(data: Mapping[str, Any], paths: list[KeyPath]) -> Any:
    kept: Any = deepcopy(dict(data))
    for *parents, key in paths:
        table = kept
        for part in parents:
            table = table[part]
        del table[key]
    return kept


def _sentence(error: ErrorDetails) -> Message:
    path, kind = _path(error), error["type"]
    key = next((str(part) for part in reversed(path) if isinstance(part, str)), "")
    if kind == _UNKNOWN_KEY:
        return unknown(msg("key"), key, _keys_at(path[:-1]))
    values = {"key": key, "value": _shown(error["input"]), **error.get("ctx", {})}
    if "expected" in values:
        values["expected"] = _QUOTED.findall(values["expected"])
    if kind in _SENTENCES:
        return Message(_SENTENCES[kind].text, values)
    expected = _TYPES.get(kind.split("_", maxsplit=1)[0], msg("something else"))
    return msg("{key} is {expected}, not {value}", key=key, expected=expected, value=values["value"])


def _shown(value: Any) -> str:
    return repr(value) if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)


def _keys_at(path: KeyPath) -> list[str]:
    """Return the keys that the table at a path may have."""
    table: type[Table] = Settings
    for part in path:
        if isinstance(part, int):
            continue
        fields = {field.alias or name: field for name, field in table.model_fields.items()}
        if part in fields:
            table = _table_in(fields[part].annotation) or table
    return [field.alias or name for name, field in table.model_fields.items()]


def _table_in(annotation: Any) -> type[Table] | None:
    if isinstance(annotation, type) and issubclass(annotation, Table):
        return annotation
    found = (_table_in(part) for part in get_args(annotation))
    return next((table for table in found if table), None)
