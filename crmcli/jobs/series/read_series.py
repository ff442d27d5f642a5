"""Dated versions of one sheet in, one run out: the history that no CRM recorded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from crmcli.domain.records import record_number
from crmcli.domain.rejection import Rejection
from crmcli.domain.series import stands
from crmcli.errors import CrmError
from crmcli.i18n import Message, msg
from crmcli.jobs.conflicts.writing import in_words, label, write_conflict_sheet
from crmcli.jobs.import_files import ImportOptions, ImportResult, SheetResult, import_context, import_sheet
from crmcli.jobs.importing.context import ImportContext, Listed
from crmcli.jobs.importing.plan import PlannedSheet, ReadChoices
from crmcli.jobs.importing.sightings import Sightings
from crmcli.jobs.records.listing import show_records
from crmcli.jobs.records.pairs import store_near_pairs
from crmcli.jobs.series.following import Outcome
from crmcli.jobs.series.history import write_history
from crmcli.jobs.series.versions import DateChoices, find_versions
from crmcli.jobs.words.finding import write_word_sheet
from crmcli.jobs.workspace import Workspace
from crmcli.reports.rejects import write_rejects
from crmcli.store.journal import Numbers, Run, open_run
from crmcli.store.records import fetch, fetch_where

# a value that another version says differently is kept beside the one that counts: that is no news in a series
_KEPT_BESIDE = "value.not_taken"


@dataclass(frozen=True, slots=True)
class SeriesOptions:
    """What `series` can be told, every default visible."""

    read: ReadChoices = field(default_factory=ReadChoices)
    dates: DateChoices = field(default_factory=DateChoices)
    dry_run: bool = False
    rejects: Path | None = None


@dataclass(frozen=True, slots=True)
class ReadVersion:
    """One version and what became of its rows."""

    day: str
    result: SheetResult

    @property
    def listed(self) -> list[Listed]:
        """Return the cells and rows that somebody should look at."""
        return [one for one in self.result.tally.listed if one.code != _KEPT_BESIDE]


@dataclass(frozen=True, slots=True)
class Disappeared:
    """An opportunity that stood open in the last version that it is in, and is not in the newest."""

    opportunity: str
    external_id: str | None
    name: str | None
    customer: str | None
    stage: str | None
    last_seen: str


@dataclass(slots=True)
class SeriesResult:
    """What a series did. `rejections` are rows that no opportunity got, `remarks` what somebody should look at.

    `rejects`, `conflicts` and `words` are workbooks as an import's; None without any.
    """

    run: str | None
    dry_run: bool
    versions: list[ReadVersion]
    outcome: Outcome
    disappeared: list[Disappeared]
    rejections: list[Rejection]
    remarks: list[Message]
    notes: list[Message]
    others: list[PlannedSheet]
    unread: list[tuple[Path, CrmError]]
    rejects: Path | None = None
    conflicts: Path | None = None
    words: Path | None = None

    @property
    def listed(self) -> int:
        """Return how many rows, cells and opportunities somebody should look at."""
        cells = sum(len(version.listed) for version in self.versions)
        return cells + len(self.disappeared) + len(self.rejections) + len(self.remarks) + len(self.unread)


def read_series(
    workspace: Workspace,
    paths: Sequence[str],
    options: SeriesOptions,
    progress: Callable[[str], None] = lambda _: None,
) -> SeriesResult:
    """Return what the versions told; everything is written in one run, or nothing is.

    Raises:
        CrmError: a file cannot be read or understood, a version has no day, the database cannot be written.
    """
    progress(str(msg("reading")))
    found = find_versions(workspace, paths, options.read, options.dates)
    with open_run(workspace.db, workspace.start("series", dry_run=options.dry_run)) as run:
        first = run.next_numbers()
        read = ImportOptions(options.read)
        context = import_context(workspace, run, read)
        sightings = Sightings(workspace.zone, found.versions[0].planned.system)
        sightings.come_back = all(version.planned.version_day for version in found.versions)
        context.sightings = sightings
        imported = ImportResult(run.shown_id, options.dry_run)
        files: dict[str, int] = {}
        days = []
        for version in found.versions:
            progress(f"{Path(version.planned.sheet.file).name} ({version.day})")
            if version.day != sightings.day:
                context.taken_deals.clear()
            sightings.day, sightings.crowded = version.day, version.crowded
            held = len(imported.rejections)
            import_sheet(context, workspace, version.planned, read, files, imported)
            imported.rejections[held:] = [replace(one, day=version.day) for one in imported.rejections[held:]]
            days.append(version.day)
        store_near_pairs(run, context.near)
        outcome = write_history(context, sightings)
        versions = [ReadVersion(day, sheet) for day, sheet in zip(days, imported.sheets, strict=True)]
        run.counts.update(_counts(versions, outcome))
        result = SeriesResult(
            run=run.shown_id,
            dry_run=options.dry_run,
            versions=versions,
            outcome=outcome,
            disappeared=_disappeared(context, sightings.system),
            rejections=imported.rejections,
            remarks=_remarks(outcome),
            notes=found.notes,
            others=found.others,
            unread=found.unread,
        )
        _write_workbooks(workspace, run, options, first, result)
        return result


def _write_workbooks(
    workspace: Workspace, run: Run, options: SeriesOptions, first: Numbers, result: SeriesResult
) -> None:
    """Write what goes back to people: rows that were held back, values that differ, words that nobody knows."""
    if result.rejections and not (options.dry_run and options.rejects is None):
        result.rejects = options.rejects or workspace.db.path.parent / f"rejects-R{run.id}.xlsx"
        write_rejects(result.rejects, result.rejections)
    result.conflicts = write_conflict_sheet(workspace, run, first)
    result.words = write_word_sheet(workspace, run, first)


def _counts(versions: Sequence[ReadVersion], outcome: Outcome) -> dict[str, int]:
    counts: dict[str, int] = {"versions": len(versions)}
    for version in versions:
        for name, number in version.result.tally.counts.items():
            counts[name] = counts.get(name, 0) + number
    return counts | {"events": outcome.written.total()}


def _disappeared(context: ImportContext, system: str) -> list[Disappeared]:
    """Return the open opportunities that the newest version does not hold, by number."""
    db = context.run.db
    records = fetch_where(db, "sighting", "system = ?", (system,))
    newest = max((max(record["seen"]) for record in records), default="")
    gone = [r for r in records if max(r["seen"]) < newest and not stands(r["seen"])[1]]
    found = fetch(db, "opportunity", [record["opportunity_id"] for record in gone])
    deals = {number: deal for number, deal in found.items() if deal["status"] == "open"}
    seen = {record["opportunity_id"]: record["seen"] for record in gone}
    return [
        Disappeared(
            opportunity=shown["id"],
            external_id=shown["external_id"],
            name=shown["name"],
            customer=shown["customer"],
            stage=stands(seen[number])[0],
            last_seen=max(seen[number]),
        )
        for number, shown in zip(deals, show_records(db, "opportunity", list(deals.values())), strict=True)
    ]


def _remarks(outcome: Outcome) -> list[Message]:
    doubts = [
        msg(
            "{record}: closed on {closed}, says the version of {day}; the other versions contradict it",
            record=record_number("opportunity", number), closed=closed, day=day,
        )
        for number, day, closed in outcome.doubts
    ]  # fmt: skip
    not_taken = [
        msg(
            "{record}: {field} {value} is not taken: another value counts, this one is kept beside it",
            record=record_number("opportunity", number),
            field=label("opportunity", column),
            value=in_words(column, value),
        )
        for number, column, value in outcome.not_taken
    ]
    return doubts + not_taken
