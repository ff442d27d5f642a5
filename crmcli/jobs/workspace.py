"""An open workspace: the database, its settings, the clock and who is acting."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from crmcli.config import Settings, config_hash
from crmcli.store.database import Database
from crmcli.store.journal import RunStart


@dataclass(frozen=True, slots=True)
class Workspace:
    """What every job is given. `clock` returns an aware datetime; `command` is the command line as typed.

    `config_path` is None where there is no crm.toml and the defaults hold. `part_of` names the larger run and the
    step of it that runs started here belong to.
    """

    db: Database
    settings: Settings
    clock: Callable[[], datetime]
    actor: str
    command: str
    config_path: Path | None = None
    part_of: str = ""

    @property
    def zone(self) -> ZoneInfo:
        """Return the workspace's time zone."""
        return ZoneInfo(self.settings.workspace.timezone)

    def now(self) -> str:
        """Return the present instant as ISO text in the workspace's time zone."""
        return self.clock().astimezone(self.zone).isoformat(timespec="seconds")

    def start(self, kind: str, *, dry_run: bool = False, undoes: int | None = None) -> RunStart:
        """Return what opens a run of this kind."""
        return RunStart(
            kind,
            self.command,
            self.actor,
            self.now,
            config_hash(self.settings),
            dry_run=dry_run,
            undoes=undoes,
            part_of=self.part_of,
        )
