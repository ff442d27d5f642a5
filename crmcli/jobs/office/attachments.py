"""Files that belong to records: added, listed, checked, forgotten. The files themselves are never touched."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from crmcli.domain.attachments import Print, State, compare, print_of
from crmcli.domain.records import ENTITIES, Record, record_number, references
from crmcli.errors import CrmError, ExitCode
from crmcli.i18n import msg
from crmcli.jobs.office.file_prints import NotAttachable, check_file, kept_path, print_file, stored_file
from crmcli.jobs.records.listing import show_records
from crmcli.jobs.records.refs import find_record
from crmcli.jobs.workspace import Workspace
from crmcli.store.journal import Run, open_run
from crmcli.store.records import fetch, fetch_where

_ABOUT = ("opportunity", "customer")


class NoFiles(CrmError):
    """No file was named."""

    code = "attach.no_files"
    exit_code = ExitCode.USAGE

    def __init__(self) -> None:
        super().__init__(msg("no file was named"), hint=msg("crmcli attach O7 contract.pdf"))


def attach_files(
    workspace: Workspace, ref: str, files: Sequence[Path], *, kind: str = "", note: str = "", dry_run: bool = False
) -> dict[str, Any]:
    """Return `run`, what the files are `about`, and `items`: each file as lists show it, with its `outcome`.

    The outcome is "new"; for a path that the record has already, "updated" (what the file is now is kept, the journal
    tells what it was) or "same".

    Raises:
        NotAttachable: a file is not there, is a folder or a link, or cannot be read; then none is added.
        CrmError: the reference finds nothing or several.
    """
    if not files:
        raise NoFiles
    entity, number = find_record(workspace.db, ref, _ABOUT)
    about = fetch(workspace.db, entity, [number])[number]
    links = {column: about[column] for column in references(entity)} | {f"{entity}_id": number}
    home = workspace.db.path.parent
    for file in files:
        check_file(file)
    found = {kept_path(file, home): print_file(file) for file in files}
    said = {key: value for key, value in (("kind", kind), ("note", note)) if value}
    with open_run(workspace.db, workspace.start("attach", dry_run=dry_run)) as run:
        own = fetch_where(run.db, "attachment", f"{entity}_id = ?", (number,))
        known = {one["path"]: one for one in own if one["opportunity_id"] == links.get("opportunity_id")}
        items = [_add(run, workspace.actor, path, one, known.get(path), links | said) for path, one in found.items()]
        return {"run": run.shown_id, "about": record_number(entity, number), "items": items}


def _add(run: Run, by: str, path: str, found: Print, known: Record | None, said: Record) -> dict[str, Any]:
    columns = {"path": path, "sha256": found.sha256, "size": found.size, **said}
    stamp = {"added_at": run.started, "added_by": by}
    if known is None:
        number = run.insert("attachment", [ENTITIES["attachment"].blank() | columns | stamp])[0]
        outcome = "new"
    else:
        number, changes = known["id"], {key: value for key, value in columns.items() if known[key] != value}
        run.update("attachment", known, changes | stamp if changes else {})
        outcome = "updated" if changes else "same"
    return _shown(run, [number])[0] | {"outcome": outcome}


def _shown(run: Run, numbers: Sequence[int]) -> list[dict[str, Any]]:
    return show_records(run.db, "attachment", list(fetch(run.db, "attachment", numbers).values()))


def list_attachments(workspace: Workspace, ref: str = "") -> list[dict[str, Any]]:
    """Return the files of a record, of a customer those of its opportunities too; all there are where `ref` is "".

    Raises:
        CrmError: the reference finds nothing or several.
    """
    return show_records(workspace.db, "attachment", attachments_of(workspace, ref))


def attachments_of(workspace: Workspace, ref: str = "") -> list[Record]:
    """Return the stored files of a record, of a customer those of its opportunities too; all where `ref` is "".

    Raises:
        CrmError: the reference finds nothing or several.
    """
    if not ref:
        return fetch_where(workspace.db, "attachment")
    entity, number = find_record(workspace.db, ref, _ABOUT)
    return fetch_where(workspace.db, "attachment", f"{entity}_id = ?", (number,))


def state_of(home: Path, attachment: Record) -> State:
    """Return how the file of an attachment stands: the same, changed, no longer there, or not to be read.

    A file of another size is not read.
    """
    file = stored_file(home, attachment["path"])
    try:
        check_file(file)
        size = file.stat().st_size
        found = print_file(file) if size == print_of(attachment).size else Print(size, "")
    except NotAttachable as error:
        return "unreadable" if error.is_there else "missing"
    return compare(attachment, found)


def remove_attachment(workspace: Workspace, ref: str, *, dry_run: bool = False) -> dict[str, Any]:
    """Return the attachment that was taken out of the records, with its `run`; its file stays where it is.

    Raises:
        CrmError: there is no such attachment.
    """
    number = find_record(workspace.db, ref, ("attachment",))[1]
    with open_run(workspace.db, workspace.start("attach", dry_run=dry_run)) as run:
        present = fetch(run.db, "attachment", [number])[number]
        shown = _shown(run, [number])[0]
        run.remove("attachment", present)
        return shown | {"run": run.shown_id}
