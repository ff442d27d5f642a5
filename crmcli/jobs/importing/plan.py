"""Before anything is written: which files, which sheets, what they hold, in which order they go in."""

from __future__ import annotations

import glob
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from crmcli.config import Settings
from crmcli.domain.fields import known_headers, normalise_header
from crmcli.errors import CrmError
from crmcli.i18n import Message, msg
from crmcli.importers.extract import Draft, ParsedColumn, drafts, parse_sheet
from crmcli.importers.mapping import MappingChoices, SheetMapping, identifying_headers, map_sheet
from crmcli.importers.presets import Preset, preset_from, shipped_presets
from crmcli.importers.readers.isolated import read_file
from crmcli.importers.readers.options import ReadOptions
from crmcli.importers.sheet import Sheet

# definitions.md: the order in which sheets are written, whatever the order given
ORDER = ("owner", "product", "customer", "contact", "lead", "opportunity", "stage_history", "activity")


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
    password: str | None = None


@dataclass(frozen=True, slots=True)
class PlannedSheet:
    """A sheet, understood. `left_out` says why it is not imported, else None."""

    sheet: Sheet
    mapping: SheetMapping
    columns: list[ParsedColumn]
    left_out: Message | None = None

    def drafts(self) -> Iterator[Draft]:
        """Yield the sheet's rows as drafts."""
        return drafts(self.sheet, self.columns, self.mapping)

    def notes(self) -> list[Message]:
        """Return what the reader and the parsers decided and a person should know."""
        return [*self.sheet.notes, *self.mapping.notes, *(c.note for c in self.columns if c.note is not None)]

    @property
    def read(self) -> int:
        """Return how many rows were read, odd ones too."""
        return len(self.sheet.rows) + len(self.sheet.skipped) + len(self.sheet.rejected)

    def is_junk(self, index: int) -> bool:
        """Return whether the preset leaves this row out."""
        preset = self.mapping.preset
        if preset is None or not preset.skip:
            return False
        return any(
            (pattern := preset.skip.get(normalise_header(column.map.header))) is not None
            and pattern.search(column.texts[column.codes[index]])
            for column in self.columns
        )


@dataclass(slots=True)
class Plan:
    """All sheets in the order they go in, and the files found in a folder that could not be read."""

    sheets: list[PlannedSheet] = field(default_factory=list)
    unread: list[tuple[Path, CrmError]] = field(default_factory=list)


class NothingFound(CrmError):
    """A path or pattern on the command line matches no file."""

    code = "file.missing"

    def __init__(self, pattern: str) -> None:
        super().__init__(msg("there is no such file"), where=pattern, hint=msg("check the name and the folder"))


class SheetNotUnderstood(CrmError):
    """The only filled sheet of a file has no column that identifies its records."""

    code = "mapping.no_identity"

    def __init__(self, file: str, sheet: str, reason: Message) -> None:
        hint = msg('say what a column holds, for example: --map "{header}=customer.name"', header=msg("HEADER"))
        super().__init__(reason, where=f"{file} [{sheet}]" if sheet else file, hint=hint)


def make_plan(paths: Sequence[str], choices: ReadChoices, presets: Sequence[Preset], zone: ZoneInfo) -> Plan:
    """Return what the files hold.

    Raises:
        CrmError: a file named on the command line cannot be read or understood. One found in a folder or by a
            pattern is left out and listed instead.
    """
    plan = Plan()
    for path, named in find_files(paths):
        try:
            plan.sheets += plan_file(path, choices, presets, zone)
        except CrmError as failure:
            if named:
                raise
            plan.unread.append((path, failure))
    plan.sheets.sort(key=lambda planned: ORDER.index(planned.mapping.kind) if planned.mapping.kind in ORDER else 99)
    return plan


def plan_file(
    path: Path, choices: ReadChoices, presets: Sequence[Preset], zone: ZoneInfo, *, refuse: bool = True
) -> list[PlannedSheet]:
    """Return the sheets of one file, understood; `refuse=False` leaves a sheet out where it would be refused."""
    words = known_headers() | {word for preset in presets for word in preset.map}
    words |= {normalise_header(header) for header in choices.map}
    options = ReadOptions(
        encoding=choices.encoding or None,
        sheet=choices.sheet or None,
        header_row=choices.header_row,
        known_headers=frozenset(words),
        identifying_headers=identifying_headers(presets),
        limit=choices.limit,
        password=choices.password,
    )
    wanted = MappingChoices(choices.kind, choices.preset, choices.map, presets)
    planned = [_plan_sheet(sheet, wanted, zone) for sheet in read_file(path, options)]
    usable = [p for p in planned if p.left_out is None]
    refused = [p for p in planned if p.mapping.refusal is not None and p.sheet.left_out is None]
    if refuse and refused and not usable:
        first = refused[0]
        raise SheetNotUnderstood(first.sheet.file, first.sheet.name, first.mapping.refusal or msg(""))
    return planned


def _plan_sheet(sheet: Sheet, choices: MappingChoices, zone: ZoneInfo) -> PlannedSheet:
    if sheet.left_out is not None:
        return PlannedSheet(sheet, SheetMapping(None, None, []), [], sheet.left_out)
    mapping = map_sheet([column.header for column in sheet.columns], choices)
    if mapping.refusal is not None:
        return PlannedSheet(sheet, mapping, [], mapping.refusal)
    return PlannedSheet(sheet, mapping, parse_sheet(sheet, mapping, zone))


def find_files(paths: Sequence[str]) -> Iterator[tuple[Path, bool]]:
    """Yield (file, whether it was named itself) once each, folders and patterns in name order."""
    seen: set[Path] = set()
    for text in paths:
        path = Path(text)
        named = not (path.is_dir() or (not path.exists() and glob.has_magic(text)))
        found = [path] if named else _inside(path, text)
        if not found or (named and not path.exists()):
            raise NothingFound(text)
        for file in found:
            if file.resolve() not in seen:
                seen.add(file.resolve())
                yield file, named


def _inside(path: Path, pattern: str) -> list[Path]:
    names = path.iterdir() if path.is_dir() else (Path(name) for name in glob.glob(pattern, recursive=True))  # noqa: PTH207
    return sorted(file for file in names if file.is_file() and not _is_ours(file))


def _is_ours(file: Path) -> bool:
    """Return whether a file of a folder is no source: hidden, a lock of Excel's, or made by crmcli itself."""
    made = file.name.startswith(("rejects-R", "crm.db", "crm.toml"))
    return made or file.name.startswith((".", "~$")) or file.suffix in (".py", ".md", ".toml")


def presets_of(settings: Settings) -> list[Preset]:
    """Return the company's own presets, then the shipped ones."""
    own = [preset_from(table.model_dump(exclude_defaults=True)) for table in settings.preset]
    return own + list(shipped_presets())
