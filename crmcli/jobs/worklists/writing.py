"""One workbook a salesperson: what to do today, then all of their open deals, to be filled in and taken back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crmcli.domain.pipeline import Pipeline, pipeline_of
from crmcli.domain.records import Record, record_number
from crmcli.domain.values.text import fold
from crmcli.errors import CrmError, ExitCode
from crmcli.i18n import msg
from crmcli.jobs.reminders.collect import UnknownOwner
from crmcli.jobs.vocabulary import loss_reasons, owner_names, pipelines
from crmcli.jobs.worklists.base import DAYS, RowBase, base_of, plain, shown_amount
from crmcli.jobs.worklists.today import Due, OwnDeals, own_deals
from crmcli.jobs.workspace import Workspace
from crmcli.reports.decisions import WORKLIST_HEADER
from crmcli.reports.files import make_folder
from crmcli.reports.worklist_words import SHOWN
from crmcli.store.records import fetch_columns

if TYPE_CHECKING:
    from crmcli.reports.excel.worklist import WorkRow

REASONS = "loss reasons"
_UNSAFE = re.compile(r'[\x00-\x1f<>:"/\\|?*\s]+')
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")
_LONGEST_NAME = 60  # a name of Chinese characters takes three bytes each, and a file's name has 255


@dataclass(frozen=True, slots=True)
class Written:
    """A workbook that was written. `owner` is None for a workbook of closed deals; `rows` are deals, `due` of today."""

    owner: str | None
    path: Path
    rows: int
    due: int = 0


class NotAFolder(CrmError):
    """Everybody's worklists are to go into a file."""

    code = "worklist.folder"
    exit_code = ExitCode.USAGE

    def __init__(self, path: Path) -> None:
        hint = msg("name a folder, or one person with --owner")
        super().__init__(msg("everybody's worklists go into a folder, one file each"), where=str(path), hint=hint)


def write_worklists(workspace: Workspace, folder: Path) -> list[Written]:
    """Return the worklists that were written into a folder, one a person who has open deals, by name.

    Raises:
        NotAFolder: the path is a file's, or looks like one's.
        FileNotWritten: a file cannot be written.
    """
    if folder.is_file() or (folder.suffix.casefold() == ".xlsx" and not folder.exists()):
        raise NotAFolder(folder)
    make_folder(folder)
    writer, taken = _Writer(workspace), set[str]()
    return [writer.write(folder / f"{file_name(own.owner, taken)}.xlsx", own) for own in own_deals(workspace)]


def write_worklist(workspace: Workspace, owner: str, path: Path) -> Written:
    """Return the worklist of one person that was written.

    Raises:
        UnknownOwner: nobody has that name.
        FileNotWritten: the file cannot be written.
    """
    everybody = own_deals(workspace)
    own = next((one for one in everybody if fold(one.owner) == fold(owner)), None)
    if own is None:
        name = owner_names(workspace).get(fold(owner))
        if name is None:
            raise UnknownOwner(owner)
        own = OwnDeals(name, [], {})
    return _Writer(workspace).write(path, own)


def file_name(owner: str, taken: set[str]) -> str:
    """Return a name for a person's file that every system takes and that is not in `taken`, where it is put.

    >>> taken = set()
    >>> [file_name(name, taken) for name in ("张三", "../a/b", "CON", "张三")]
    ['张三', '_a_b', '_CON', '张三_2']
    """
    name = _UNSAFE.sub("_", owner).strip(". ")[:_LONGEST_NAME].rstrip(". ") or "_"
    if _RESERVED.fullmatch(name):
        name = f"_{name}"
    number, unique = 1, name
    while unique.casefold() in taken:
        number += 1
        unique = f"{name}_{number}"
    taken.add(unique.casefold())
    return unique


class _Writer:
    """Writes the worklists of one moment; what all of them need is looked up once."""

    def __init__(self, workspace: Workspace) -> None:
        self._now = workspace.now()
        self._pipelines = pipelines(workspace)
        self._currency = workspace.settings.workspace.currency
        self._customers = customer_names(workspace)
        self._lists = stage_lists(self._pipelines) | {REASONS: loss_reasons(workspace).reasons}

    def write(self, path: Path, own: OwnDeals) -> Written:
        from crmcli.reports.excel.worklist import WorkBook, write_work

        every = sorted(own.deals, key=lambda deal: (deal["expected_close"] or "9999", deal["id"]))
        today = [self._row(own, deal) for deal in own.today]
        rows = [self._row(own, deal) for deal in every]
        sheets = {str(msg("To do today")): today, str(msg("All open deals")): rows}
        write_work(path, WorkBook(WORKLIST_HEADER, sheets, self._lists, _terms()))
        return Written(own.owner, path, len(rows), len(today))

    def _row(self, own: OwnDeals, deal: Record) -> WorkRow:
        due = own.due.get(deal["id"]) or Due(0, "owner")
        pipeline = pipeline_of(self._pipelines, deal)
        cells = deal | {"customer": self._customers.get(deal["customer_id"]), "why": "\n".join(due.reasons)}
        choices = {"stage": _list_name(pipeline), "loss_reason": REASONS}
        return work_row(
            WORKLIST_HEADER, cells, own.owner, self._now, choices=choices, level=due.level, home=self._currency
        )


def work_row(
    kind: str,
    cells: Record,
    person: str,
    now: str,
    *,
    choices: Mapping[str, str],
    home: str,
    level: str = "",
    closed: Iterable[str] = (),
) -> WorkRow:
    """Return a deal's row: its stored columns and what else its cells say, with the hidden base of what comes back."""
    from crmcli.reports.excel.worklist import WorkRow

    cells = cells | {"number": record_number("opportunity", cells["id"])}
    base = RowBase(cells["id"], person, now, base_of(cells, SHOWN[kind]))
    shown = {column: _cell(column, cells.get(column)) for column in SHOWN[kind]}
    currency = cells["currency"] or home
    foreign = currency if currency != home and re.fullmatch("[A-Z]{3}", currency) else ""
    return WorkRow(shown, base.text(), choices, frozenset(closed), level, foreign)


def _cell(column: str, value: Any) -> Any:
    if column in DAYS:
        return date.fromisoformat(value[:10]) if value else None
    if column == "amount_fen":
        return shown_amount(value)
    return None if value is None else plain(str(value))


def customer_names(workspace: Workspace) -> dict[int, str]:
    """Return customer -> name."""
    return {row["id"]: row["name"] or "" for row in fetch_columns(workspace.db, "customer", ("name",))}


def stage_lists(known: Iterable[Pipeline]) -> dict[str, tuple[str, ...]]:
    """Return the lists of stages and ends to choose from, by name."""
    return {_list_name(pipeline): pipeline.names for pipeline in known}


def _list_name(pipeline: Pipeline) -> str:
    return f"stages {pipeline.key}"


def _terms() -> list[tuple[str, str]]:
    told = (
        (msg("Yellow cells"), msg("Fill these in. Grey cells only tell; what is written there is not taken back.")),
        (msg("Stage"), msg("Choose where the deal is now. A lost one needs a loss reason in the same row.")),
        (msg("Follow-up"), msg("What was said or done; it becomes a follow-up by you. Leave it empty for nothing.")),
        (msg("Next step"), msg("What is to be done next, and on which day (2026-03-05).")),
        (msg("Rows"), msg("Sort and filter as you like; a row that is deleted changes nothing, one that is added is "
                          "listed and not guessed at. Leave headings and hidden columns as they are.")),
        (msg("Back"), msg("Taken back with `crmcli apply FILE`: only cells that you changed count. What somebody else "
                          "changed meanwhile is not overwritten: both go to a sheet of conflicts.")),
    )  # fmt: skip
    return [(str(term), str(sentence)) for term, sentence in told]
