"""A company's own sheet, declared in crm.toml."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from crmcli.config.table import GroupPattern, Name, Pattern, Switch, Table, Texts


class PresetTable(Table):
    """A company's own sheet, with the keys of the shipped presets.

    It is known by `headers` (all must be there, and of `any_of`, a list for each version, one whole list) and by
    `sheet`, and read through `map` (header -> field path, "" keeps the column as extra).
    """

    name: Name
    title: str = ""
    kind: str = ""
    system: str = ""
    headers: Annotated[Texts, Field(min_length=1)]
    any_of: tuple[Texts, ...] = ()
    sheet: Pattern = ""
    map: dict[str, str]
    values: dict[str, dict[str, str]] = Field(default_factory=dict)
    constant: dict[str, str] = Field(default_factory=dict)
    skip: dict[str, Pattern] = Field(default_factory=dict)
    drop: Texts = ()
    tag_groups: GroupPattern = ""
    stage_dates: GroupPattern = ""
    records: Switch = True
    note: str = ""
