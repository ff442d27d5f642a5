"""Headers -> fields: which column of a sheet holds what, how sure that is, and why."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from crmcli.domain.fields import COMPOSED, bare_headers, catalogue, normalise_header
from crmcli.domain.records import KINDS
from crmcli.domain.rejection import ADDED
from crmcli.domain.values.money import header_currency, header_unit
from crmcli.errors import CrmError
from crmcli.i18n import Message, msg
from crmcli.importers.content import content_of, field_of
from crmcli.importers.identification import no_identity, tie
from crmcli.importers.kinds import main_kind
from crmcli.importers.meaning import EXTRA, SheetWords, known_form, meaning_of, without_rivals
from crmcli.importers.presets import Preset, Recognised, code_key, recognise

LEFT_OUT = "left out"
# where a deal's stages stand, one a column, with the times at which it entered them
STAGE_DATES = "opportunity.stage_dates"
UNKNOWN = msg("no field is called so: kept as an extra column")
RIVAL = msg("another column holds this field already: kept as an extra column")
# keys that several columns may fill: lists are united, texts put under each other
_UNITED = frozenset({"phones", "emails", "tags", "provinces", "note", "text", "stage_dates"})


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """What one column means: a field path, or "" for the record's extra columns; confidence 0-1 and why.

    `unit` and `currency` are what the header says of its amounts, None where it says nothing. `group` is the tag
    group or the stage that the header names; `values` takes the codes of its cells to texts.
    """

    index: int
    header: str
    path: str
    type: str
    confidence: float
    why: Message
    unit: Decimal | None = None
    currency: str | None = None
    group: str = ""
    values: Mapping[str, str] | None = None

    def meant(self, text: str) -> str:
        """Return the text that a code stands for, "" where it says nothing; what is no code stays as written."""
        return self.values.get(code_key(text), text) if self.values else text


@dataclass(frozen=True, slots=True)
class SheetMapping:
    """How a sheet is understood.

    `why` says by what the preset was known. `refusal` says why no record of it could be identified, else None;
    `tied` that two columns might name it.
    """

    kind: str | None
    preset: Preset | None
    columns: list[ColumnMap]
    refusal: Message | None = None
    tied: bool = False
    why: Message | None = None

    def paths(self) -> set[str]:
        """Return the field paths that some column holds."""
        return {column.path for column in self.columns if column.path}

    def header_of(self, path: str) -> str:
        """Return the header of the first column that holds a field, "" where none does."""
        return next((column.header for column in self.columns if column.path == path), "")


class UnknownField(CrmError):
    """`--map` or a preset names a field that the catalogue lacks."""

    code = "mapping.unknown_field"

    def __init__(self, header: str, path: str) -> None:
        super().__init__(
            msg("column {header}: there is no field {path}", header=header, path=path),
            hint=msg("`crmcli fields` lists them all"),
        )


class UnknownPreset(CrmError):
    """`--preset` names none that is known."""

    code = "mapping.unknown_preset"

    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__(
            msg("there is no preset {name}", name=name),
            hint=msg("the presets are {names}", names=", ".join(sorted(known))),
        )


@dataclass(frozen=True, slots=True)
class MappingChoices:
    """What the user said on the command line and in crm.toml."""

    kind: str = ""
    preset: str = ""
    map: Mapping[str, str] = field(default_factory=dict)
    presets: Sequence[Preset] = ()


def map_sheet(
    headers: Sequence[str], choices: MappingChoices, sheet: str = "", samples: Sequence[Sequence[str]] = ()
) -> SheetMapping:
    """Return how the columns with these headers (as written) are understood.

    `sheet` is what the sheet is called, `samples` are the first distinct texts of each column: a column whose header
    says nothing is known by what it holds.

    Raises:
        UnknownField: a field named by the user does not exist.
        UnknownPreset: nor does the preset.
    """
    words = [known_form(header) for header in headers]
    preset, why = _preset(headers, words, choices, sheet)
    given = _given(headers, words, choices.map)
    kind = choices.kind or (preset.kind if preset else "") or _kind(headers, words, given, preset)
    known = _Known(SheetWords(kind or "", frozenset(words)), preset, given)
    columns = [_column(index, header, words[index], known) for index, header in enumerate(headers)]
    if samples:
        columns, kind = _by_content(columns, samples, known)
    tied = tie(kind, [(c.path, c.confidence, c.header) for c in columns])
    kept = without_rivals([(c.path, c.confidence, c.header) for c in columns], _UNITED)
    columns = [c if keeps else _extra(c.index, c.header, RIVAL) for c, keeps in zip(columns, kept, strict=True)]
    refusal = no_identity(kind, {column.path for column in columns}, headers)
    if preset and not preset.records and not (given or choices.kind):
        refusal = msg("{title}: this holds no customers, contacts or deals", title=preset.title)
    return SheetMapping(kind, preset, columns, tied or refusal, tied is not None, why)


def _preset(
    headers: Sequence[str], words: Sequence[str], choices: MappingChoices, sheet: str
) -> tuple[Preset | None, Message | None]:
    if choices.preset:
        by_name = {preset.name: preset for preset in reversed(choices.presets)}
        if choices.preset not in by_name:
            raise UnknownPreset(choices.preset, by_name)
        return by_name[choices.preset], msg("named by --preset")
    found = recognise(frozenset(map(normalise_header, headers)) | frozenset(words), choices.presets, sheet)
    return (found.preset, _why(found, headers, words)) if found else (None, None)


def _why(found: Recognised, headers: Sequence[str], words: Sequence[str]) -> Message:
    """Return by which headers, as the file writes them, a preset was known, and which others would fit."""
    pairs = zip(headers, words, strict=True)
    shown = [header for header, word in pairs if {normalise_header(header), word} & found.headers]
    names = [preset.name for preset in found.others]
    if names:
        return msg("known by the headers {headers} (the presets {names} ask for fewer)", headers=shown, names=names)
    return msg("known by the headers {headers}", headers=shown)


def _given(headers: Sequence[str], words: Sequence[str], wanted: Mapping[str, str]) -> dict[int, str]:
    """Return column -> the field that the user named for it.

    A header that stands several times is told apart as `HEADER#2`; the others of its name become extra columns.
    A column without a header is `#3`, by its place in the sheet.
    """
    paths = {normalise_header(header): path for header, path in wanted.items()}
    given: dict[int, str] = {}
    seen: Counter[str] = Counter()
    for index, header in enumerate(headers):
        full = normalise_header(header)
        seen[full] += 1
        numbered = f"{full}#{seen[full] if full else index + 1}"
        path = next((paths[name] for name in (numbered, full, words[index]) if name in paths), None)
        if path is not None:
            given[index] = path
        elif any(name.rpartition("#")[0] == full for name in paths if full and "#" in name):
            given[index] = EXTRA
    return given


def answered(headers: Sequence[str], wanted: Iterable[str]) -> set[str]:
    """Return those headers named by `--map` that stand among a sheet's headers."""
    names = list(wanted)
    return {
        name
        for name in names
        if any(path for path in _given(headers, [known_form(h) for h in headers], {name: "_"}).values())
    }


def _kind(headers: Sequence[str], words: Sequence[str], given: Mapping[int, str], preset: Preset | None) -> str | None:
    """Return the sheet's main kind: what a person or a preset says of a column counts before what it is called."""
    by_preset = [preset.path_of(header, words[i]) if preset else None for i, header in enumerate(headers)]
    said = {i: path for i, path in enumerate(by_preset) if path is not None} | dict(given)
    own = [words[i] for i, header in enumerate(headers) if i not in said and not header.startswith(ADDED)]
    paths = {path for path in said.values() if "." in path}
    finest = next((kind for kind in reversed(KINDS) if any(path.split(".")[0] == kind for path in paths)), None)
    return main_kind(own, paths) or finest


@dataclass(frozen=True, slots=True)
class _Known:
    sheet: SheetWords
    preset: Preset | None
    given: Mapping[int, str]


def _column(index: int, header: str, word: str, known: _Known) -> ColumnMap:
    preset, kind = known.preset, known.sheet.kind
    if header.startswith(ADDED):
        return ColumnMap(index, header, EXTRA, LEFT_OUT, 1.0, msg("added by the rejects workbook"))
    if index in known.given:
        named = _made(index, header, _full_path(header, known.given[index], kind), 1.0, msg("named by --map"))
        return _coded(named, word, preset)
    if preset and (column := _by_preset(index, header, word, preset, kind)):
        return column
    found = meaning_of(word, known.sheet)
    if found is None:
        return _extra(index, header, UNKNOWN)
    path, confidence = found
    if path == EXTRA:
        return _extra(index, header, msg("a known heading that this kind of sheet has no field for: kept as extra"))
    bare = word in bare_headers()
    why = msg("a heading of the sheet's main kind") if bare else msg("a known heading")
    return _coded(_made(index, header, path, confidence, why), word, preset)


def _by_content(
    columns: Sequence[ColumnMap], samples: Sequence[Sequence[str]], known: _Known
) -> tuple[list[ColumnMap], str | None]:
    """Return the columns, those that no header explains taken for what they hold, and the sheet's kind.

    A sheet of no kind is one of customers where a column holds firms, else one of contacts.
    """
    open_ones = [c for c in columns if c.path == EXTRA and c.why == UNKNOWN and c.index not in known.given]
    found = {c.index: content for c in open_ones if (content := content_of(samples[c.index]))}
    firms = any(content.key == "name" for content in found.values())
    kind = known.sheet.kind or (("customer" if firms else "contact") if found else "")
    taken = {column.path for column in columns}
    result = list(columns)
    for index, content in found.items():
        if path := field_of(content, kind, taken):
            taken.add(path)
            result[index] = _made(index, columns[index].header, path, content.confidence, content.why)
    return result, kind or None


def _by_preset(index: int, header: str, word: str, preset: Preset, kind: str) -> ColumnMap | None:
    why = msg("preset {name}", name=preset.name)
    if preset.drop & {normalise_header(header), word}:
        return ColumnMap(index, header, EXTRA, LEFT_OUT, 1.0, msg("added by the tool that wrote the file"))
    path = preset.path_of(header, word)
    if path is not None:
        return _coded(_made(index, header, _full_path(header, path, kind), 1.0, why), word, preset)
    if group := _group(preset.tag_groups, header):
        return ColumnMap(index, header, f"{kind}.tags", "tag_group", 1.0, msg("a tag group"), group=group)
    if stage := _group(preset.stage_dates, header):
        why = msg("when the deal entered {stage}", stage=stage)
        return ColumnMap(index, header, STAGE_DATES, "stage_date", 1.0, why, group=stage)
    return None


def _group(pattern: re.Pattern[str] | None, header: str) -> str:
    """Return what the group of a pattern names in a header, "" where the header is none of its."""
    match = pattern.match(header.strip()) if pattern else None
    return next((group.strip() for group in match.groups() if group), "") if match else ""


def _coded(column: ColumnMap, word: str, preset: Preset | None) -> ColumnMap:
    values = preset.values_of(column.header, word, column.path) if preset else None
    return replace(column, values=values) if values else column


def _made(index: int, header: str, path: str, confidence: float, why: Message) -> ColumnMap:
    if path == EXTRA:
        return _extra(index, header, why)
    kind = COMPOSED.get(path) or catalogue()[path].type
    column = ColumnMap(index, header, path, kind, confidence, why)
    if kind != "amount":
        return column
    return replace(column, unit=header_unit(header)[1], currency=header_currency(header))


def _extra(index: int, header: str, why: Message) -> ColumnMap:
    return ColumnMap(index, header, EXTRA, "text", 0.0, why)


def _full_path(header: str, path: str, kind: str) -> str:
    if path in COMPOSED or path in catalogue() or path == EXTRA:
        return path
    if f"{kind}.{path}" in catalogue():
        return f"{kind}.{path}"
    raise UnknownField(header, path)
