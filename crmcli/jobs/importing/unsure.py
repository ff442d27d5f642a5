"""Columns whose meaning is a guess, or a choice between equals: what a person may be asked before an import."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

from crmcli.config import Settings
from crmcli.domain.fields import COMPOSED, catalogue, headers_to_paths, normalise_header
from crmcli.errors import CrmError
from crmcli.i18n import Message, msg
from crmcli.importers.content import BY_CONTENT
from crmcli.importers.mapping import RIVAL, UNKNOWN, ColumnMap, SheetMapping
from crmcli.importers.meaning import SheetWords, known_form, meaning_of
from crmcli.importers.sheet import SAMPLE_TEXTS, Sheet
from crmcli.jobs.importing.find_files import find_files
from crmcli.jobs.importing.plan import PlannedSheet, ReadChoices, plan_file, presets_of


@dataclass(frozen=True, slots=True)
class Question:
    """A column that a person may be asked about; `sheets` are those in which it stands, all of one `kind`.

    `name` is what `--map` calls it, `path` the field that it is taken for, "" for an extra column, `why` the reason,
    `sample` its first distinct texts. `beside` (name -> field) are the columns of the same header: as soon as `--map`
    names one of them, it has to name them all.
    """

    name: str
    kind: str
    path: str
    why: Message
    sample: Sequence[str]
    sheets: Sequence[Sheet]
    beside: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Alike:
    """The columns of one header in one sheet, and the indexes of those that are unsure."""

    planned: PlannedSheet
    columns: list[ColumnMap] = field(default_factory=list)
    unsure: list[int] = field(default_factory=list)

    def meaning(self) -> tuple[str | None, list[tuple[str, bool]]]:
        """Return what `--map` would change: the same in all sheets, or one answer does not fit them all."""
        return self.planned.mapping.kind, [(c.path, c.index in self.unsure) for c in self.columns]


def unsure_columns(settings: Settings, paths: Sequence[str], choices: ReadChoices) -> list[Question]:
    """Return the columns that a person may be asked about, in the order of the files; of these the first rows are read.

    What cannot be read is passed over, for the import names it. So is a header that means different things in
    several sheets: one `--map` would hold for them all.

    Raises:
        CrmError: a path leads to no file.
    """
    limit = SAMPLE_TEXTS if choices.limit is None else min(choices.limit, SAMPLE_TEXTS)
    first_rows, presets = replace(choices, limit=limit), presets_of(settings)
    by_header: dict[str, list[_Alike]] = {}
    for path, _named in find_files(paths):
        try:
            planned = plan_file(path, first_rows, presets, ZoneInfo(settings.workspace.timezone), refuse=False)
        except CrmError:
            continue
        for header, alike in _by_header(planned):
            by_header.setdefault(header, []).append(alike)
    return [question for header in by_header for question in _questions(header, by_header)]


def field_said(text: str, kind: str) -> str | None:
    """Return the field path that a person means by a field's key or a heading, None where nothing is called so."""
    path = next((path for path in (text, f"{kind}.{text}") if path in catalogue() or path in COMPOSED), None)
    word = known_form(text)
    known = meaning_of(word, SheetWords(kind, frozenset())) or ("", 0.0)
    return path or known[0] or next(iter(headers_to_paths().get(word, ())), None)


def _by_header(planned: Sequence[PlannedSheet]) -> Iterator[tuple[str, _Alike]]:
    """Yield each header, normalised, with its columns, sheet by sheet; a blank one is called by its place."""
    stops = all(one.left_out is not None for one in planned)
    for one in planned:
        found: dict[str, _Alike] = {}
        for column in one.mapping.columns if one.sheet.count else ():
            header = normalise_header(column.header) or f"#{column.index + 1}"
            alike = found.setdefault(header, _Alike(one))
            alike.columns.append(column)
            if _may_be_asked(one, stops=stops) and _is_unsure(column, one.mapping):
                alike.unsure.append(column.index)
        yield from found.items()


def _may_be_asked(planned: PlannedSheet, *, stops: bool) -> bool:
    """Whether answers can bring a sheet in: it comes in anyway, or the import stops for want of one."""
    preset = planned.mapping.preset
    records = preset is None or preset.records
    return planned.left_out is None or (planned.needs_attention and records and (stops or planned.mapping.tied))


def _is_unsure(column: ColumnMap, mapping: SheetMapping) -> bool:
    if column.path:
        return column.confidence <= BY_CONTENT
    if column.why == RIVAL:
        return _rival_of(column, mapping) is not None
    return column.why == UNKNOWN and mapping.refusal is not None and not mapping.tied


def _rival_of(column: ColumnMap, mapping: SheetMapping) -> ColumnMap | None:
    """Return the column that holds the field which another says just as well; None where that one says it better."""
    word = known_form(column.header)
    return next((other for other in mapping.columns if other.path and known_form(other.header) == word), None)


def _why(column: ColumnMap, mapping: SheetMapping) -> Message:
    rival = _rival_of(column, mapping) if column.why == RIVAL else None
    if rival is None:
        return column.why
    return msg("another column, {header}, holds {field} already", header=rival.header, field=rival.path)


def _questions(header: str, by_header: Mapping[str, Sequence[_Alike]]) -> Iterator[Question]:
    first, *others = by_header[header]
    if any(other.meaning() != first.meaning() for other in others):
        return
    planned, sheets = first.planned, [alike.planned.sheet for alike in (first, *others)]
    names = _names(header, first, by_header)
    beside = {names[c.index]: c.path for c in first.columns if c.index not in first.unsure}
    for column in first.columns:
        if column.index in first.unsure:
            kind, sample = planned.mapping.kind or "", planned.sheet.columns[column.index].sample
            why = _why(column, planned.mapping)
            yield Question(names[column.index], kind, column.path, why, sample, sheets, beside)


def _names(header: str, alike: _Alike, headers: Mapping[str, object]) -> dict[int, str]:
    """Return column -> what `--map` calls it alone: as it is written, or `HEADER#2` where that is not clear."""
    rivals = any(known_form(other) == header for other in headers if other != header)
    first = alike.columns[0]
    if first.header and (len(alike.columns) > 1 or rivals or "#" in header):
        return {column.index: f"{header}#{number}" for number, column in enumerate(alike.columns, start=1)}
    return {first.index: " ".join(first.header.split()) or header}
