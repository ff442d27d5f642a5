"""Known exports, declared as data: a TOML file each beside this one, and a company's own from crm.toml."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from crmcli.domain.fields import normalise_header

_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Preset:
    """One known export.

    It is recognised when all of `headers` are there and, where `any_of` lists versions, all of one of them; `sheet` is
    a pattern for the sheet's name (a text file's own name) where headers alone do not tell it apart. Without any
    headers it is taken only where a person names it.
    `map` takes a header to a field path, "" to the extra columns; `kind` is what the sheet is mainly about ("" lets
    the columns decide); `system` is the source its ids belong to; `constant` holds a field's value for all rows.
    `values` takes the codes of a column (by its header or field) to texts. Columns that match `tag_groups` hold tags
    of the group named in it, those that match `stage_dates` when a deal entered the stage named in it.
    A row is junk when a column of `skip` matches its pattern; columns in `drop` are the tool's own and kept nowhere;
    `records` is False for a sheet that holds no records at all. `note` is for people.
    """

    name: str
    title: str
    headers: frozenset[str]
    map: Mapping[str, str]
    kind: str = ""
    system: str = ""
    any_of: tuple[frozenset[str], ...] = (frozenset(),)
    sheet: re.Pattern[str] | None = None
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    constant: Mapping[str, str] = field(default_factory=dict)
    skip: Mapping[str, re.Pattern[str]] = field(default_factory=dict)
    drop: frozenset[str] = frozenset()
    tag_groups: re.Pattern[str] | None = None
    stage_dates: re.Pattern[str] | None = None
    records: bool = True
    note: str = ""

    def path_of(self, header: str, form: str) -> str | None:
        """Return the field of a column by its header or the form that is looked up, None where it is left open."""
        full = normalise_header(header)
        return self.map[full] if full in self.map else self.map.get(form)

    def values_of(self, header: str, form: str, path: str) -> Mapping[str, str] | None:
        """Return code -> text of a column, None where its cells are taken as they are."""
        names = (normalise_header(header), form, normalise_header(path))
        return next((self.values[name] for name in names if name in self.values), None)

    def deciding(self, present: frozenset[str], sheet: str) -> frozenset[str] | None:
        """Return the headers by which a sheet is this export, None where it is not."""
        if not (self.headers or any(self.any_of)) or (self.sheet and not self.sheet.search(sheet)):
            return None
        fitting = [version for version in self.any_of if self.headers | version <= present]
        return self.headers | max(fitting, key=len) if fitting else None


class Recognised(NamedTuple):
    """A preset, the normalised headers that decided, and the other presets that fit less well."""

    preset: Preset
    headers: frozenset[str]
    others: tuple[Preset, ...]


def preset_from(data: Mapping[str, Any]) -> Preset:
    """Return the preset that a TOML table declares."""
    patterns = {key: re.compile(data[key]) for key in ("sheet", "tag_groups", "stage_dates") if data.get(key)}
    versions = tuple(map(_normalised, data.get("any_of", ()))) or (frozenset(),)
    return Preset(
        name=data["name"],
        title=data.get("title", data["name"]),
        headers=_normalised(data.get("headers", ())),
        map={normalise_header(header): path for header, path in data.get("map", {}).items()},
        kind=data.get("kind", ""),
        system=data.get("system", data["name"]),
        any_of=versions,
        values={normalise_header(column): _codes(texts) for column, texts in data.get("values", {}).items()},
        constant=dict(data.get("constant", {})),
        skip={normalise_header(header): re.compile(text) for header, text in data.get("skip", {}).items()},
        drop=_normalised(data.get("drop", ())),
        records=data.get("records", True),
        note=data.get("note", ""),
        **patterns,
    )


def _normalised(headers: Iterable[str]) -> frozenset[str]:
    return frozenset(map(normalise_header, headers))


def _codes(texts: Mapping[str, str]) -> dict[str, str]:
    return {code_key(code): text for code, text in texts.items()}


@cache
def code_key(text: str) -> str:
    """Return the form in which codes are compared: width, case and white space do not matter.

    >>> code_key("A （重点客户）") == code_key("a(重点客户)")
    True
    """
    return _SPACE.sub("", unicodedata.normalize("NFKC", text)).casefold()


@cache
def shipped_presets() -> tuple[Preset, ...]:
    """Return the presets that come with crmcli, by file name."""
    folder = sorted(files(__package__).iterdir(), key=lambda file: file.name)
    return tuple(
        preset_from(tomllib.loads(file.read_text(encoding="utf-8"))) for file in folder if file.name.endswith(".toml")
    )


def preset_words(presets: Iterable[Preset]) -> frozenset[str]:
    """Return every normalised header that some preset knows, for finding the header row."""
    return frozenset().union(
        *({*preset.map, *preset.headers, *preset.drop}.union(*preset.any_of) for preset in presets)
    )


def recognise(present: frozenset[str], presets: Sequence[Preset], sheet: str = "") -> Recognised | None:
    """Return the preset that fits a sheet with these normalised headers.

    Of several the one is taken that asks for the most headers, then the one that names the sheet, then the one that
    maps the most columns, then the first.
    """
    fitting = [(found, preset) for preset in presets if (found := preset.deciding(present, sheet)) is not None]
    fitting.sort(key=lambda pair: (-len(pair[0]), pair[1].sheet is None, -len(present & pair[1].map.keys())))
    if not fitting:
        return None
    headers, best = fitting[0]
    return Recognised(best, headers, tuple(preset for _headers, preset in fitting[1:]))
