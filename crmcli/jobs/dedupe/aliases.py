"""The alias table: the short name that people write and the full name that it means."""

from __future__ import annotations

from crmcli.domain.identity import keys_of
from crmcli.domain.records import ENTITIES, Record
from crmcli.domain.values.text import clean
from crmcli.jobs.workspace import Workspace
from crmcli.store.journal import open_run
from crmcli.store.records import fetch, fetch_where, find_by_keys


def list_aliases(workspace: Workspace) -> list[dict[str, str]]:
    """Return the aliases as short and full, in the order they were made."""
    return [{"short": alias["short"], "full": alias["full"]} for alias in fetch_where(workspace.db, "alias")]


def set_alias(workspace: Workspace, short: str, full: str, *, dry_run: bool = False) -> str | None:
    """Return the run that made `short` mean `full`; a short name that was there already means the new one.

    Raises:
        CrmError: the database cannot be written.
    """
    record: Record = ENTITIES["alias"].blank() | {"short": clean(short), "full": clean(full)}
    with open_run(workspace.db, workspace.start("alias", dry_run=dry_run)) as run:
        known = [number for ids in find_by_keys(run.db, "alias", keys_of("alias", record)).values() for number in ids]
        if known:
            run.update("alias", fetch(run.db, "alias", known)[known[0]], record)
        else:
            run.insert("alias", [record])
        return run.shown_id
