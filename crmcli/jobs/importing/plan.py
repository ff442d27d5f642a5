"""Before anything is written: which sheets the files hold, what they mean, in which order they go in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from zoneinfo import ZoneInfo

from crmcli.config import Settings
from crmcli.domain.fields import known_headers, normalise_header
from crmcli.domain.records import KINDS
from crmcli.domain.rejection import DATES, KIND, MAP, SOURCE
from crmcli.errors import CrmError
from crmcli.i18n import Message, msg
from crmcli.importers.content import BY_CONTENT
from crmcli.importers.identification import identifying_headers
from crmcli.importers.mapping import MappingChoices, SheetMapping, answered, map_sheet
from crmcli.importers.order import row_order
from crmcli.importers.parsing import ColumnParser, ParsedColumn, TakenApart, column_parsers, parse_block
from crmcli.importers.presets import Preset, preset_from, preset_words, shipped_presets
from crmcli.importers.readers.isolated import read_file
from crmcli.importers.readers.options import ReadOptions
from crmcli.importers.readers.sheet_choice import EXPECTED, is_part
from crmcli.importers.sheet import Block, Sheet
from crmcli.jobs.importing.find_files import find_files

# definitions.md: the order in which sheets are written, whatever the order given
ORDER = KINDS
_DEFAULT_SYSTEM = "default"
NO_ROWS = msg("the table has a header and no rows")


@dataclass(frozen=True, slots=True)
class ReadChoices:
    """What the user said about reading: everything that `inspect` and `import` share."""

    kind: str = ""
    preset: str = ""
    sheet: str = ""
    header_row: int | None = None
    encoding: str = ""
    map: Mapping[str, str] = field(default_factory=dict)
    limit: int | None = None
    source: str = ""
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class PlannedSheet:
    """A sheet, understood. `system` is the source its ids belong to; `left_out` why it is not imported, else None.

    `named` holds what a person said its columns mean: header -> field.
    """

    sheet: Sheet
    mapping: SheetMapping
    parsers: list[ColumnParser]
    system: str = _DEFAULT_SYSTEM
    named: Mapping[str, str] = field(default_factory=dict)
    left_out: Message | None = None
    taken_apart: TakenApart = field(default_factory=TakenApart)

    def blocks(self) -> Iterator[tuple[Block, list[ParsedColumn], list[int]]]:
        """Yield the blocks, their rows in the order in which they are to go in, with their columns parsed.

        The indexes are those of the rows that might meet another row of the sheet.
        """
        for block, meeting in row_order(self.sheet, self.parsers, self.mapping.kind or "").blocks():
            columns = parse_block(block, self.parsers)
            self.taken_apart.look_at(columns)
            yield block, columns, meeting

    def notes(self) -> list[Message]:
        """Return what the reader and the parsers decided and a person should know; complete after `blocks`."""
        decided = [parser.note for parser in self.parsers if parser.note is not None]
        guessed = [
            msg("{header} is read as {field}: {why}", header=column.header or f"#{column.index + 1}", field=column.path,
                why=column.why)
            for column in self.mapping.columns if column.path and column.confidence <= BY_CONTENT
        ]  # fmt: skip
        return [*self.sheet.notes, *guessed, *decided, *self.taken_apart.notes()]

    @property
    def needs_attention(self) -> bool:
        """Return whether it is left out and somebody may expect it to be imported: it holds rows, but no records."""
        return self.left_out is not None and self.left_out == self.mapping.refusal

    @property
    def read(self) -> int:
        """Return how many rows were read, odd ones too."""
        return self.sheet.count + self.sheet.skipped_count + self.sheet.rejected_count

    @property
    def version_day(self) -> str:
        """Return the day (ISO) of the version of a series that the rows were held back from, "" for any others."""
        return next((text for c in self.sheet.columns if c.header == DATES for text in c.sample if text.strip()), "")

    def junk(self, columns: Sequence[ParsedColumn]) -> set[int]:
        """Return the rows of a block that the preset leaves out."""
        preset = self.mapping.preset
        if preset is None or not preset.skip:
            return set()
        found: set[int] = set()
        for column in columns:
            pattern = preset.skip.get(normalise_header(column.map.header))
            codes = {code for code, text in enumerate(column.texts) if pattern and pattern.search(text)}
            found.update(index for index, code in enumerate(column.codes) if code in codes)
        return found


@dataclass(slots=True)
class Plan:
    """All sheets in the order they go in, and the files that could not be read and were left out."""

    sheets: list[PlannedSheet] = field(default_factory=list)
    unread: list[tuple[Path, CrmError]] = field(default_factory=list)


class SheetNotUnderstood(CrmError):
    """The only filled sheet of a file has no column that identifies its records, or two that might."""

    code = "mapping.no_identity"

    def __init__(self, file: str, sheet: str, mapping: SheetMapping) -> None:
        header = next((column.header for column in mapping.columns if column.header), "#1")
        hint = msg('say what a column holds, for example: --map "{header}=customer.name"', header=header)
        reason = mapping.refusal or msg("the file holds no table")
        where = f"{file} [{sheet}]" if sheet else file
        super().__init__(reason, where=where, hint=None if mapping.tied else hint)


class NothingToImport(CrmError):
    """A file is readable and holds no row of a table."""

    code = "file.no_rows"

    def __init__(self, file: str, sheet: str, reason: Message) -> None:
        hint = msg("see `crmcli inspect` for what it holds; --sheet and --header-row say where the table is")
        super().__init__(reason, where=f"{file} [{sheet}]" if sheet else file, hint=hint)


class HeldBackFromSeries(CrmError):
    """The rows were held back from dated versions of a sheet: read as of today they would move deals wrongly."""

    code = "import.of_series"

    def __init__(self, file: str) -> None:
        hint = msg("bring them back with: crmcli series {file}", file=file)
        super().__init__(msg("these rows are of dated versions of a sheet"), where=file, hint=hint)


class HeaderNotFound(CrmError):
    """`--map` or `--on-match` names a header that no sheet has."""

    code = "mapping.unknown_header"

    def __init__(self, header: str, headers: Sequence[str]) -> None:
        super().__init__(
            msg("no column is called {header}", header=header),
            hint=msg("the columns are: {headers}", headers=", ".join(headers)),
        )


class SheetNotFound(CrmError):
    """`--sheet` names a sheet that no file has."""

    code = "sheet.unknown"

    def __init__(self, name: str, names: Sequence[str]) -> None:
        super().__init__(
            msg("no sheet is called {name}", name=name), hint=msg("the sheets are: {names}", names=", ".join(names))
        )


def make_plan(
    paths: Sequence[str],
    choices: ReadChoices,
    presets: Sequence[Preset],
    zone: ZoneInfo,
    *,
    keep_going: bool = False,
) -> Plan:
    """Return what the files hold.

    Raises:
        CrmError: a file named on the command line cannot be read or understood, unless `keep_going`. One found in a
            folder or by a pattern is left out and listed instead.
    """
    plan = Plan()
    for path, named in find_files(paths):
        try:
            plan.sheets += plan_file(path, choices, presets, zone)
        except CrmError as failure:
            if named and not keep_going:
                raise
            plan.unread.append((path, failure))
    for planned in plan.sheets:
        if planned.version_day:
            raise HeldBackFromSeries(planned.sheet.file)
    check_choices(plan.sheets, choices)
    plan.sheets.sort(key=_place)
    return plan


def _place(planned: PlannedSheet) -> tuple[int, str]:
    kind = planned.mapping.kind
    place = ORDER.index(kind) if kind in ORDER and planned.left_out is None else len(ORDER)
    return place, Path(planned.sheet.file).name


def check_choices(sheets: Sequence[PlannedSheet], choices: ReadChoices) -> None:
    """Check that what the user named is there.

    Raises:
        HeaderNotFound: a header of `--map` stands in no sheet.
        SheetNotFound: nor does the sheet in any file.
    """
    if choices.sheet and sheets and not any(is_part(choices.sheet, planned.sheet.name) for planned in sheets):
        raise SheetNotFound(choices.sheet, [planned.sheet.name for planned in sheets if planned.sheet.name])
    headers = [[column.header for column in planned.sheet.columns] for planned in sheets]
    found = {name for of_sheet in headers for name in answered(of_sheet, choices.map)}
    for name in choices.map:
        if name not in found and any(headers):
            raise HeaderNotFound(name, list(dict.fromkeys(header for own in headers for header in own if header)))


def plan_file(
    path: Path, choices: ReadChoices, presets: Sequence[Preset], zone: ZoneInfo, *, refuse: bool = True
) -> list[PlannedSheet]:
    """Return the sheets of one file, understood; `refuse=False` leaves a sheet out where it would be refused."""
    planned = [_plan_sheet(sheet, choices, presets, zone) for sheet in read_file(path, _options(choices, presets))]
    usable = [p for p in planned if p.left_out is None]
    refused = [p for p in planned if p.needs_attention]
    tied = [p for p in refused if p.mapping.tied]
    if refuse and refused and (not usable or tied):
        first = (tied or refused)[0]
        raise SheetNotUnderstood(first.sheet.file, first.sheet.name, first.mapping)
    if refuse and not usable:
        shown = next((p for p in planned if p.left_out not in EXPECTED), planned[0])
        raise NothingToImport(str(path), shown.sheet.name, shown.left_out or NO_ROWS)
    return planned


def _options(choices: ReadChoices, presets: Sequence[Preset]) -> ReadOptions:
    words = known_headers() | preset_words(presets)
    words |= {normalise_header(header.partition("#")[0]) for header in choices.map}
    return ReadOptions(
        encoding=choices.encoding or None,
        sheet=choices.sheet or None,
        header_row=choices.header_row,
        known_headers=frozenset(words),
        identifying_headers=identifying_headers(presets),
        limit=choices.limit,
        password=choices.password,
    )


def _plan_sheet(sheet: Sheet, choices: ReadChoices, presets: Sequence[Preset], zone: ZoneInfo) -> PlannedSheet:
    if sheet.left_out is not None:
        return PlannedSheet(sheet, SheetMapping(None, None, []), [], left_out=sheet.left_out)
    choices = _as_rejected(sheet, choices)
    headers = [column.header for column in sheet.columns]
    called = sheet.name or Path(sheet.file).stem
    said = MappingChoices(choices.kind, choices.preset, choices.map, presets)
    mapping = map_sheet(headers, said, called, [column.sample for column in sheet.columns])
    system = choices.source or (mapping.preset.system if mapping.preset else "") or _DEFAULT_SYSTEM
    named = {header: path for header, path in choices.map.items() if answered(headers, [header])}
    parsers = column_parsers(sheet, mapping, zone)
    empty = NO_ROWS if not sheet.count and not sheet.rejected_count else None
    return PlannedSheet(sheet, mapping, parsers, system, named, empty or mapping.refusal)


def _as_rejected(sheet: Sheet, choices: ReadChoices) -> ReadChoices:
    """Return the choices with those that a rejects workbook brings along for its rows."""
    brought = {
        column.header: next((text for text in column.sample if text.strip()), "")
        for column in sheet.columns
        if column.header in (SOURCE, KIND, MAP)
    }
    if not brought:
        return choices
    pairs = [line.rpartition("=") for line in brought.get(MAP, "").splitlines() if "=" in line]
    return replace(
        choices,
        source=choices.source or brought.get(SOURCE, ""),
        kind=choices.kind or brought.get(KIND, ""),
        map={**{header: path for header, _, path in pairs}, **choices.map},
    )


def presets_of(settings: Settings) -> list[Preset]:
    """Return the company's own presets, then the shipped ones."""
    own = [preset_from(table.model_dump(exclude_defaults=True)) for table in settings.preset]
    return own + list(shipped_presets())
