"""Whether the files that belong to records are still what they were, and where missing ones went."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any

from crmcli.domain.attachments import STATES, Print, State, print_of
from crmcli.domain.records import Record
from crmcli.errors import CrmError, ExitCode
from crmcli.i18n import msg
from crmcli.jobs.office.attachments import attachments_of, state_of
from crmcli.jobs.office.file_prints import NotAttachable, check_file, kept_path, print_file
from crmcli.jobs.records.listing import show_records
from crmcli.jobs.workspace import Workspace
from crmcli.store.journal import open_run
from crmcli.store.records import fetch


class NoFolder(CrmError):
    """The folder to search is none."""

    code = "attach.folder"
    exit_code = ExitCode.USAGE

    def __init__(self, folder: Path) -> None:
        super().__init__(msg("there is no such folder"), where=str(folder))


def verify_attachments(workspace: Workspace, ref: str = "") -> dict[str, Any]:
    """Return how many files are ok, changed, missing and unreadable, and `items`: each file with its `state`.

    Raises:
        CrmError: the reference finds nothing or several.
    """
    home = workspace.db.path.parent
    records = attachments_of(workspace, ref)
    states = [state_of(home, one) for one in records]
    shown = show_records(workspace.db, "attachment", records)
    items = [one | {"state": state} for one, state in zip(shown, states, strict=True)]
    return {"checked": len(items)} | _counted(states) | {"items": items}


def _counted(states: Sequence[State]) -> dict[str, int]:
    return {state: states.count(state) for state in STATES}


def find_attachments(workspace: Workspace, folder: Path, *, dry_run: bool = False) -> dict[str, Any]:
    """Return `run` and `items`: each missing file with its `found` path, None where the folder does not hold it.

    A file is found by what is in it, whatever it is called now; of several that are equal the one of the same name,
    else the first. What is found is where the record says it is from then on.

    Raises:
        NoFolder: the folder is none.
    """
    if not folder.is_dir():
        raise NoFolder(folder)
    home = workspace.db.path.parent
    missing = [one for one in attachments_of(workspace) if state_of(home, one) == "missing"]
    places = _places(folder, home, {print_of(one) for one in missing}) if missing else {}
    found = {one["id"]: _chosen(one, places.get(print_of(one), [])) for one in missing}
    with open_run(workspace.db, workspace.start("attach", dry_run=dry_run)) as run:
        present = fetch(run.db, "attachment", found)
        for number, record in present.items():
            if found[number]:
                run.update("attachment", record, {"path": found[number]})
        shown = show_records(run.db, "attachment", [one for one in missing if one["id"] in present])
        items = [item | {"found": found[int(item["id"][1:])]} for item in shown]
        return {"run": run.shown_id, "items": items}


def _places(folder: Path, home: Path, wanted: Collection[Print]) -> dict[Print, list[str]]:
    """Return what is wanted -> the kept paths of the files in a folder that are it, by path; others are not read."""
    sizes = {one.size for one in wanted}
    places: dict[Print, list[str]] = {}
    for file in _files(folder):
        try:
            check_file(file)
            if file.stat().st_size in sizes and (found := print_file(file)) in wanted:
                places.setdefault(found, []).append(kept_path(file, home))
        except (NotAttachable, OSError):
            continue
    return {one: sorted(paths) for one, paths in places.items()}


def _files(folder: Path) -> Iterator[Path]:
    """Yield the files of a folder and all in it, no links followed."""
    for parent, _folders, names in os.walk(folder):
        yield from (Path(parent, name) for name in names)


def _chosen(attachment: Record, places: Sequence[str]) -> str | None:
    name = Path(attachment["path"]).name
    return next((place for place in places if Path(place).name == name), places[0] if places else None)
