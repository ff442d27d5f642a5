"""Files in, one run out: the whole import."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from crmcli.config.parts import owning_sources
from crmcli.domain.fields import normalise_header
from crmcli.domain.intake import stored_as
from crmcli.domain.rejection import Rejection
from crmcli.domain.settle import Mode, Modes, modes_of_sheet
from crmcli.errors import CrmError
from crmcli.i18n import Message, msg
from crmcli.jobs.conflicts.writing import write_conflict_sheet
from crmcli.jobs.importing.context import ImportContext, SheetPlace, SheetTally
from crmcli.jobs.importing.message_reading import message_rules
from crmcli.jobs.importing.messages import write_messages
from crmcli.jobs.importing.plan import HeaderNotFound, Plan, PlannedSheet, ReadChoices, make_plan, presets_of
from crmcli.jobs.importing.sheets import write_sheet
from crmcli.jobs.records.pairs import store_near_pairs
from crmcli.jobs.vocabulary import loss_reasons, pipelines
from crmcli.jobs.words.finding import write_word_sheet
from crmcli.jobs.workspace import Workspace
from crmcli.reports.rejects import write_rejects
from crmcli.store.journal import Run, open_run
from crmcli.store.provenance import add_file, add_sheet, finish_sheet


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What `import` can be told, every default visible; `apart` gives a header or field a mode of its own."""

    read: ReadChoices = field(default_factory=ReadChoices)
    on_match: Mode = Mode.FILL
    blank_clears: bool = False
    keep_going: bool = False
    rejects: Path | None = None
    dry_run: bool = False
    apart: Mapping[str, Mode] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SheetResult:
    """What became of one sheet. `tally` is empty where the sheet was left out, and `left_out` says why."""

    planned: PlannedSheet
    tally: SheetTally
    left_out: Message | None = None

    @property
    def balanced(self) -> bool:
        """Return whether every row read is counted exactly once."""
        return self.left_out is not None or self.planned.read == sum(self.tally.counts.values())


@dataclass(slots=True)
class ImportResult:
    """What an import did: per sheet in the order written, rejects, and files that were left out unread.

    `conflicts` is the workbook of values on which the sources and the records differ, `words` that of stages, loss
    reasons and owners that nobody knows; None without any.
    """

    run: str | None
    dry_run: bool
    sheets: list[SheetResult] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    rejects: Path | None = None
    conflicts: Path | None = None
    words: Path | None = None
    unread: list[tuple[Path, CrmError]] = field(default_factory=list)

    @property
    def needs_attention(self) -> bool:
        """Return whether a row was rejected or held for review, a cell listed, a file or filled sheet left out."""
        listed = any(sheet.tally.listed for sheet in self.sheets)
        unmapped = any(sheet.planned.needs_attention for sheet in self.sheets)
        return bool(self.rejections or self.unread or listed or unmapped)


class NotBalanced(CrmError):
    """Rows went missing between the file and the database: a fault of ours, so nothing is written."""

    code = "import.not_balanced"

    def __init__(self, file: str, sheet: str, read: int, counted: int) -> None:
        super().__init__(
            msg("{read} rows were read and {counted} counted; nothing was imported", read=read, counted=counted),
            where=f"{file} [{sheet}]",
            hint=msg("this is a fault of crmcli: please report it with the file"),
        )


def import_files(
    workspace: Workspace,
    paths: Sequence[str],
    options: ImportOptions,
    progress: Callable[[str], None] = lambda _: None,
) -> ImportResult:
    """Return what became of every sheet of the files; everything is written in one run, or nothing is.

    `progress` is told what is being done, for a bar.

    Raises:
        CrmError: a named file cannot be read or understood, or the database cannot be written.
    """
    presets = presets_of(workspace.settings)
    progress(str(msg("reading")))
    plan = make_plan(paths, options.read, presets, workspace.zone, keep_going=options.keep_going)
    _check_named(plan, options.apart)
    with open_run(workspace.db, workspace.start("import", dry_run=options.dry_run)) as run:
        context = import_context(workspace, run, options)
        result = ImportResult(run.shown_id, options.dry_run, unread=plan.unread)
        files: dict[str, int] = {}
        first = run.next_numbers()
        for planned in plan.sheets:
            progress(f"{Path(planned.sheet.file).name} {planned.sheet.name}")
            import_sheet(context, workspace, planned, options, files, result)
        store_near_pairs(run, context.near)
        result.rejects = _rejects_path(workspace, run, plan, options) if result.rejections else None
        run.counts.update(_totals(result))
        if result.rejects is not None:
            write_rejects(result.rejects, result.rejections)
        result.conflicts = write_conflict_sheet(workspace, run, first)
        result.words = write_word_sheet(workspace, run, first)
    return result


def _check_named(plan: Plan, named: Iterable[str]) -> None:
    """Refuse a mode for a column that is neither a field nor a header of some sheet: it would do nothing."""
    headers = [column.header for planned in plan.sheets for column in planned.sheet.columns if column.header]
    known = {normalise_header(header) for header in headers}
    for name in named:
        if normalise_header(name) not in known and not stored_as(name):
            raise HeaderNotFound(name, list(dict.fromkeys(headers)))


def import_context(workspace: Workspace, run: Run, options: ImportOptions) -> ImportContext:
    """Return what the rows of a run share."""
    settings = workspace.settings
    return ImportContext(
        run,
        Modes(options.on_match),
        pipelines(workspace),
        loss_reasons(workspace),
        settings.workspace.currency,
        owning_sources(settings),
    )


def import_sheet(
    context: ImportContext,
    workspace: Workspace,
    planned: PlannedSheet,
    options: ImportOptions,
    files: dict[str, int],
    result: ImportResult,
) -> None:
    """Put one sheet into the run; what became of it goes into `result`. `files` holds those that are known by now."""
    sheet, mapping = planned.sheet, planned.mapping
    if sheet.file not in files:
        files[sheet.file] = add_file(context.run, sheet.file, sheet.sha256, sheet.container, sheet.encoding)
    if planned.left_out is not None:
        result.sheets.append(SheetResult(planned, SheetTally(), planned.left_out))
        _note_left_out(context.run, files[sheet.file], planned, planned.left_out)
        return
    columns = [(column.header, column.path) for column in mapping.columns]
    context.modes = modes_of_sheet(options.on_match, options.apart, columns)
    pools = [pool.name for pool in workspace.settings.pools]
    context.refresh_names([owner.name for owner in workspace.settings.owner], pools)
    headers = tuple(column.header for column in sheet.columns)
    preset = mapping.preset.name if mapping.preset else None
    kind, system = mapping.kind or "", planned.system
    number = add_sheet(
        context.run, files[sheet.file], sheet.name, kind, preset, system, header_row=sheet.header_row, headers=headers
    )
    named = tuple(planned.named.items())
    place = SheetPlace(number, kind, system, sheet.file, sheet.name, headers, mapping, named)
    if kind == "message":
        rules = message_rules(workspace.settings, workspace.zone)
        tally, rejections = write_messages(context, planned, place, rules)
    else:
        tally, rejections = write_sheet(context, planned, place, blanks=options.blank_clears)
    outcome = SheetResult(planned, tally)
    if not outcome.balanced:
        raise NotBalanced(sheet.file, sheet.name, planned.read, sum(tally.counts.values()))
    report = {"counts": dict(tally.counts), "read": planned.read, "sums": tally.sums_as_text()}
    report |= {"positions": [column.position for column in sheet.columns], "fields": dict(columns)}
    finish_sheet(context.run, number, report | tally.witness)
    result.sheets.append(outcome)
    result.rejections += rejections


def _note_left_out(run: Run, file: int, planned: PlannedSheet, why: Message) -> None:
    """Keep that a sheet was left out: a statement of the import names it."""
    number = add_sheet(
        run, file, planned.sheet.name, "", None, planned.system, header_row=planned.sheet.header_row, headers=[]
    )
    finish_sheet(run, number, {"left_out": [why.text, {key: str(value) for key, value in why.args.items()}]})


def _totals(result: ImportResult) -> dict[str, int]:
    totals: dict[str, int] = {}
    for sheet in result.sheets:
        for name, number in sheet.tally.counts.items():
            totals[name] = totals.get(name, 0) + number
    return totals


def _rejects_path(workspace: Workspace, run: Run, plan: Plan, options: ImportOptions) -> Path | None:
    if options.rejects is not None:
        return options.rejects
    if options.dry_run or not plan.sheets:
        return None
    return workspace.db.path.parent / f"rejects-R{run.id}.xlsx"
