"""Which versions of one sheet the files are: their sheets of opportunities, the day of each, in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path

from crmcli.domain.version_dates import SeveralDaysError, WrittenDay, day_in, with_years
from crmcli.errors import CrmError
from crmcli.i18n import Message, msg
from crmcli.importers.extract import drafts
from crmcli.importers.parsing import TakenApart
from crmcli.importers.tables.odd_rows import TITLE
from crmcli.jobs.importing.find_files import find_files
from crmcli.jobs.importing.plan import PlannedSheet, ReadChoices, check_choices, plan_file, presets_of
from crmcli.jobs.importing.sightings import shared_key
from crmcli.jobs.workspace import Workspace

NOT_A_VERSION = msg("it holds no opportunities: import it with `crmcli import`")


class DatesFrom(StrEnum):
    """Where the day of a version stands."""

    AUTO = "auto"  # the file's name, else the sheet's, else a title above the table
    NAME = "name"
    TITLE = "title"
    MODIFIED = "modified"


@dataclass(frozen=True, slots=True)
class DateChoices:
    """What the user said about the versions' days: `days` names files (ISO days), `year` is the first version's."""

    source: DatesFrom = DatesFrom.AUTO
    year: int | None = None
    days: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Version:
    """One sheet as it was on a day (ISO). `crowded` are the keys that several of its rows share (see `shared_key`)."""

    day: str
    planned: PlannedSheet
    crowded: frozenset[str]


@dataclass(slots=True)
class Versions:
    """The versions in order of their days, the sheets that are none, the files that cannot be read, what to tell."""

    versions: list[Version] = field(default_factory=list)
    others: list[PlannedSheet] = field(default_factory=list)
    unread: list[tuple[Path, CrmError]] = field(default_factory=list)
    notes: list[Message] = field(default_factory=list)


class NoDay(CrmError):
    """Nothing says which day a version is of."""

    code = "series.no_date"

    def __init__(self, file: str, reason: Message) -> None:
        hint = msg('say it: --dates "{file}=2026-03-01"', file=Path(file).name)
        super().__init__(reason, where=file, hint=hint)


class NoYear(CrmError):
    """The names of the files give days without a year, and nothing in them tells it."""

    code = "series.no_year"

    def __init__(self, files: Sequence[str]) -> None:
        super().__init__(
            msg("the day of this version has no year, and no other version tells it"),
            where=files[0],
            hint=msg("say the year of the first version, for example --year 2026"),
        )


class SameDay(CrmError):
    """Two files are versions of one day."""

    code = "series.same_date"

    def __init__(self, files: Sequence[str], day: str) -> None:
        super().__init__(
            msg("two versions are of {day}: {files}", day=day, files=", ".join(Path(file).name for file in files)),
            where=files[-1],
            hint=msg('leave one out, or say its day: --dates "{file}=2026-03-01"', file=Path(files[-1]).name),
        )


class NoVersions(CrmError):
    """None of the files holds opportunities."""

    code = "series.no_opportunities"

    def __init__(self, file: str) -> None:
        hint = msg("see `crmcli inspect`; --kind opportunity and --map say what a sheet holds")
        super().__init__(msg("no sheet of opportunities was found"), where=file, hint=hint)


class NotOfTheSeries(CrmError):
    """`--dates` names a file that is not there."""

    code = "series.unknown_file"

    def __init__(self, name: str) -> None:
        super().__init__(msg("--dates names {name}, which is not among the files", name=name))


def find_versions(workspace: Workspace, paths: Sequence[str], read: ReadChoices, dates: DateChoices) -> Versions:
    """Return the versions that the files hold.

    Raises:
        CrmError: a named file cannot be read, a version has no day or no year, two files are of one day.
    """
    found = Versions()
    sheets = _sheets(workspace, paths, read, found)
    if not sheets:
        raise NoVersions(paths[0])
    named = {Path(sheet.sheet.file).name for sheet in sheets}
    unknown = [name for name in dates.days if Path(name).name not in named]
    if unknown:
        raise NotOfTheSeries(unknown[0])
    looks = [_look(sheet, workspace.now()) for sheet in sheets]
    days = _days(sheets, looks, workspace, dates, found)
    system = _system(sheets, read)
    found.versions = [
        Version(day, replace(sheet, system=system), look.crowded)
        for day, sheet, look in zip(days, sheets, looks, strict=True)
    ]
    found.versions.sort(key=lambda version: (version.day, version.planned.sheet.file, version.planned.sheet.name))
    _refuse_same_days(found.versions)
    late = [version for version in found.versions if version.day > workspace.now()[:10]]
    found.notes += [
        msg("{file}: {day} has not come yet", file=Path(version.planned.sheet.file).name, day=version.day)
        for version in late
    ]
    return found


def _sheets(workspace: Workspace, paths: Sequence[str], read: ReadChoices, found: Versions) -> list[PlannedSheet]:
    presets = presets_of(workspace.settings)
    sheets: list[PlannedSheet] = []
    for path, named in find_files(paths):
        try:
            planned = plan_file(path, read, presets, workspace.zone)
            if any(sheet.mapping.kind == "stage_history" for sheet in planned):
                planned = plan_file(path, replace(read, kind="opportunity"), presets, workspace.zone)
        except CrmError as failure:
            if named:
                raise
            found.unread.append((path, failure))
            continue
        usable = [sheet for sheet in planned if sheet.left_out is None and sheet.mapping.kind == "opportunity"]
        found.others += [sheet for sheet in planned if sheet not in usable]
        sheets += usable
    check_choices(sheets, read)
    return sheets


def _system(sheets: Sequence[PlannedSheet], read: ReadChoices) -> str:
    systems = sorted({sheet.system for sheet in sheets})
    return systems[0] if len(systems) == 1 else read.source or "default"


def _refuse_same_days(versions: Sequence[Version]) -> None:
    files: dict[str, list[str]] = {}
    for version in versions:
        of_day = files.setdefault(version.day, [])
        if version.planned.sheet.file not in of_day:
            of_day.append(version.planned.sheet.file)
    for day, of_day in files.items():
        if len(of_day) > 1:
            raise SameDay(of_day, day)


@dataclass(frozen=True, slots=True)
class _Look:
    """What a first look at a sheet's rows finds: shared keys, the latest day that it holds, its titles."""

    crowded: frozenset[str]
    latest: str | None
    titles: tuple[str, ...]


def _look(planned: PlannedSheet, now: str) -> _Look:
    keys: Counter[str] = Counter()
    latest = ""
    titles: list[str] = []
    for block, columns, _meeting in replace(planned, taken_apart=TakenApart()).blocks():
        junk = planned.junk(columns)
        titles += [" ".join(row.cells) for row in block.skipped if row.code == TITLE]
        for draft in drafts(block, columns, planned.mapping):
            if draft.index in junk:
                continue
            keys.update(filter(None, [shared_key(draft.parts)]))
            began = draft.parts.get("opportunity", {}).get("created_at") or ""
            latest = max(latest, began if began <= now else "")
    return _Look(frozenset(key for key, number in keys.items() if number > 1), latest or None, tuple(titles))


def _days(
    sheets: Sequence[PlannedSheet], looks: Sequence[_Look], workspace: Workspace, dates: DateChoices, found: Versions
) -> list[str]:
    """Return the day of each sheet (ISO)."""
    tabs = Counter(sheet.sheet.file for sheet in sheets)
    written = [
        _written(sheet, look, dates, workspace, several=tabs[sheet.sheet.file] > 1)
        for sheet, look in zip(sheets, looks, strict=True)
    ]
    held = {place: look.latest for place, look in enumerate(looks) if look.latest}
    days = with_years(written, first_year=dates.year, held=held)
    missing = [sheet.sheet.file for sheet, day in zip(sheets, days, strict=True) if day is None]
    if missing:
        raise NoYear(missing)
    shown = [day.isoformat() for day in days if day is not None]
    if dates.year is None and any(day.year is None for day in written):
        words = msg("some versions name no year: read as {first} to {last}", first=min(shown), last=max(shown))
        found.notes.append(words)
    return shown


def _written(
    planned: PlannedSheet, look: _Look, dates: DateChoices, workspace: Workspace, *, several: bool
) -> WrittenDay:
    path = Path(planned.sheet.file)
    said = next((day for name, day in dates.days.items() if Path(name).name == path.name), None)
    if said is not None:
        return _of(date.fromisoformat(said))
    if planned.version_day:
        return _of(date.fromisoformat(planned.version_day))
    if dates.source is DatesFrom.MODIFIED:
        return _of(datetime.fromtimestamp(path.stat().st_mtime, workspace.zone).date())
    texts: list[str] = []
    if dates.source in (DatesFrom.AUTO, DatesFrom.NAME):
        texts += [planned.sheet.name, path.stem] if several else [path.stem, planned.sheet.name]
    if dates.source in (DatesFrom.AUTO, DatesFrom.TITLE):
        texts.append(" ".join(look.titles))
    for text in texts:
        try:
            day = day_in(text)
        except SeveralDaysError as days:
            raise NoDay(planned.sheet.file, msg("it names several days: {days}", days=str(days))) from None
        if day is not None:
            return day
    raise NoDay(planned.sheet.file, msg("nothing says which day this version is of"))


def _of(day: date) -> WrittenDay:
    return WrittenDay(day.month, day.day, day.year)
