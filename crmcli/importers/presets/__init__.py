"""Known exports, declared as data: a TOML file each beside this one, and a company's own from crm.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from crmcli.domain.fields import normalise_header


@dataclass(frozen=True, slots=True)
class Preset:
    """One known export.

    It is recognised when all of `headers` are there. `map` takes a header to a field path; `kind` is what the sheet
    is mainly about ("" lets the columns decide); `system` is the source its ids belong to; a row is skipped when
    a column of `skip` matches its pattern; columns that match `tag_groups` hold tags of the group named in it.
    """

    name: str
    title: str
    headers: frozenset[str]
    map: Mapping[str, str]
    kind: str = ""
    system: str = ""
    skip: Mapping[str, re.Pattern[str]] = field(default_factory=dict)
    tag_groups: re.Pattern[str] | None = None

    def path_of(self, header: str, form: str) -> str | None:
        """Return the field of a column by its header or the form that is looked up, None where it is left open."""
        return self.map.get(normalise_header(header)) or self.map.get(form)


def preset_from(data: Mapping[str, Any]) -> Preset:
    """Return the preset that a TOML table declares."""
    return Preset(
        name=data["name"],
        title=data.get("title", data["name"]),
        headers=frozenset(normalise_header(header) for header in data["headers"]),
        map={normalise_header(header): path for header, path in data["map"].items()},
        kind=data.get("kind", ""),
        system=data.get("system", data["name"]),
        skip={normalise_header(header): re.compile(text) for header, text in data.get("skip", {}).items()},
        tag_groups=re.compile(data["tag_groups"]) if "tag_groups" in data else None,
    )


@cache
def shipped_presets() -> tuple[Preset, ...]:
    """Return the presets that come with crmcli, by name."""
    folder = sorted(files(__package__).iterdir(), key=lambda file: file.name)
    return tuple(
        preset_from(tomllib.loads(file.read_text(encoding="utf-8"))) for file in folder if file.name.endswith(".toml")
    )


def recognise(headers: Iterable[str], presets: Iterable[Preset]) -> Preset | None:
    """Return the preset whose headers are all there; of several the one that asks for most, then by name."""
    present = {normalise_header(header) for header in headers}
    fitting = [preset for preset in presets if preset.headers <= present]
    return min(fitting, key=lambda preset: (-len(preset.headers), preset.name), default=None)
