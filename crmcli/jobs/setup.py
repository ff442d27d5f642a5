"""Making a workspace and checking its settings."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from crmcli.config import ConfigFinding, check_config, template
from crmcli.domain.records import Record
from crmcli.errors import CrmError
from crmcli.i18n import msg
from crmcli.store.database import create_database, open_database
from crmcli.store.errors import not_writable
from crmcli.store.records import fetch_where


@dataclass(frozen=True, slots=True)
class MadeWorkspace:
    """The files of a new workspace."""

    db: Path
    config: Path


class AlreadyThere(CrmError):
    """A workspace would overwrite one that exists."""

    code = "init.exists"

    def __init__(self, path: Path) -> None:
        super().__init__(
            msg("there is a workspace here already"),
            where=str(path),
            hint=msg("use it as it is, or give another folder"),
        )


def make_workspace(folder: Path, language: str, settings: str | None = None) -> MadeWorkspace:
    """Return the new workspace in `folder`; `settings` is a crm.toml to write in place of the template.

    Raises:
        UnknownTemplate: there is no template of that name.
        AlreadyThere: there is a workspace, or one of its files.
        CrmError: the folder cannot be written; then no file of a workspace is left in it.
    """
    text = settings or template(language)
    made = MadeWorkspace(folder / "crm.db", folder / "crm.toml")
    for path in (made.db, made.config):
        if path.exists():
            raise AlreadyThere(path)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write(made.config, text)
    except OSError as error:
        raise not_writable(folder, error.strerror or str(error)) from error
    try:
        create_database(made.db)
    except CrmError:
        made.config.unlink()
        raise
    return made


def _write(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)


def check_settings(config: Path, db: Path) -> list[ConfigFinding]:
    """Return what is wrong with crm.toml; the owners that were imported count as known.

    Raises:
        CrmError: there is no such file.
    """
    owners: list[Record] = []
    if db.is_file():
        with open_database(db) as open_db:
            owners = fetch_where(open_db, "owner")
    return check_config(config, owners)
