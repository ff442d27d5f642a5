"""The alias table: the short name that people write and the full name that it means."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from crmcli.domain.fields import normalise_header
from crmcli.domain.identity import keys_of
from crmcli.domain.records import ENTITIES, Record
from crmcli.domain.values.text import clean, fold
from crmcli.errors import CrmError
from crmcli.i18n import msg
from crmcli.jobs.workspace import Workspace
from crmcli.matching.names import take_apart
from crmcli.matching.normalise import fold as plain_name
from crmcli.store.database import Database
from crmcli.store.journal import Run, open_run
from crmcli.store.records import fetch, fetch_where, find_by_keys

SHORT_HEADERS = ("short", "short name", "alias", "简称", "别名", "短名")
FULL_HEADERS = ("full", "full name", "name", "全称", "公司全称", "客户名称")
_KIND = "alias"


@dataclass(frozen=True, slots=True)
class Alias:
    """A short name and what it means; `learned`: the run that took it from a confirmed merge, else ""."""

    short: str
    full: str
    learned: str


@dataclass(frozen=True, slots=True)
class AliasResult:
    """What became of aliases: how many are new, changed, or were there already; `skipped` rows say nothing."""

    run: str | None
    new: int
    changed: int
    same: int
    skipped: int


class NoAliases(CrmError):
    """A file has no columns of short and full names."""

    code = "alias.no_columns"

    def __init__(self, path: Path) -> None:
        super().__init__(
            msg("no sheet of this file has a column of short names and one of full names"),
            where=str(path),
            hint=msg("name the columns {short} and {full}", short="简称", full="全称"),
        )


class UnknownAlias(CrmError):
    """There is no such alias."""

    code = "alias.unknown"

    def __init__(self, short: str) -> None:
        super().__init__(msg("{short} is no alias", short=short), hint=msg("`crmcli dedupe alias` lists what is known"))


def list_aliases(workspace: Workspace) -> list[Alias]:
    """Return the aliases in the order they were made."""
    sql = (
        "SELECT c.record_id, max(c.run_id) AS run, run.kind FROM change c JOIN run ON run.id = c.run_id"
        " WHERE c.entity = 'alias' AND run.undoes IS NULL GROUP BY c.record_id"
    )
    made = {row["record_id"]: "" if row["kind"] == _KIND else f"R{row['run']}" for row in workspace.db.rows(sql)}
    return [Alias(one["short"], one["full"], made[one["id"]]) for one in fetch_where(workspace.db, "alias")]


def set_aliases(workspace: Workspace, pairs: Iterable[tuple[str, str]], *, dry_run: bool = False) -> AliasResult:
    """Return what became of pairs (short, full); a short name that was there already means the new full one.

    Raises:
        CrmError: the database cannot be written.
    """
    counts = dict.fromkeys(("new", "changed", "same", "skipped"), 0)
    with open_run(workspace.db, workspace.start(_KIND, dry_run=dry_run)) as run:
        for short, full in pairs:
            counts[_set(run, clean(short), clean(full))] += 1
        run.counts.update(counts)
        return AliasResult(run.shown_id, **counts)


def import_aliases(workspace: Workspace, path: Path, *, dry_run: bool = False) -> AliasResult:
    """Return what became of the aliases that stand in a spreadsheet or csv.

    Raises:
        NoAliases: no sheet has the two columns.
        CrmError: the file cannot be read, or the database not written.
    """
    return set_aliases(workspace, _read(path), dry_run=dry_run)


def export_aliases(workspace: Workspace, path: Path) -> int:
    """Return how many aliases were written, in the form that `import_aliases` reads.

    Raises:
        FileNotWritten: the file cannot be written.
    """
    from crmcli.reports.aliases import write_aliases

    found = list_aliases(workspace)
    write_aliases(path, [(alias.short, alias.full, alias.learned) for alias in found])
    return len(found)


def remove_alias(workspace: Workspace, short: str, *, dry_run: bool = False) -> str | None:
    """Return the run in which a short name stopped meaning anything.

    Raises:
        UnknownAlias: it meant nothing.
        CrmError: the database cannot be written.
    """
    known = _known(workspace.db, short)
    if not known:
        raise UnknownAlias(short)
    with open_run(workspace.db, workspace.start(_KIND, dry_run=dry_run)) as run:
        for alias in known:
            run.remove("alias", alias)
        return run.shown_id


def learn_alias(run: Run, names: Sequence[str]) -> None:
    """Keep that one of two names is short for the other, when a person said that the two are one customer.

    Of names that are both full, or both short, nothing is learned.
    """
    full = [name for name in names if take_apart(plain_name(name)).form]
    short = [name for name in names if name and name not in full]
    if len(full) == len(short) == 1 and full[0] not in [alias["full"] for alias in _known(run.db, short[0])]:
        run.insert("alias", [ENTITIES["alias"].blank() | {"short": clean(short[0]), "full": clean(full[0])}])


def meant_by(db: Database, short: str) -> list[str]:
    """Return the full names that a short one means."""
    return [alias["full"] for alias in _known(db, short)]


def _set(run: Run, short: str, full: str) -> str:
    if not fold(short) or not fold(full) or fold(short) == fold(full):
        return "skipped"
    known = _known(run.db, short)
    if not known:
        run.insert("alias", [ENTITIES["alias"].blank() | {"short": short, "full": full}])
        return "new"
    for other in known[1:]:
        run.remove("alias", other)
    after = run.update("alias", known[0], {"short": short, "full": full})
    return "same" if after == known[0] and len(known) == 1 else "changed"


def _known(db: Database, short: str) -> list[Record]:
    keys = keys_of("alias", ENTITIES["alias"].blank() | {"short": clean(short)})
    found = find_by_keys(db, "alias", keys)
    return list(fetch(db, "alias", [number for numbers in found.values() for number in numbers]).values())


def _read(path: Path) -> list[tuple[str, str]]:
    from crmcli.importers.readers.isolated import read_file
    from crmcli.importers.readers.options import ReadOptions

    for sheet in read_file(path, ReadOptions(known_headers=frozenset((*SHORT_HEADERS, *FULL_HEADERS)))):
        headers = [normalise_header(column.header) for column in sheet.columns]
        at = [_column(headers, wanted) for wanted in (SHORT_HEADERS, FULL_HEADERS)]
        if None not in at:
            cells = (block.cells(index) for block in sheet.blocks() for index in range(len(block.rows)))
            return [(row[at[0] or 0], row[at[1] or 0]) for row in cells]
    raise NoAliases(path)


def _column(headers: Sequence[str], wanted: Sequence[str]) -> int | None:
    return next((headers.index(header) for header in wanted if header in headers), None)
